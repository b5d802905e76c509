"""The most recently shown pages, kept as plain JSON, and for whom: the same numbers need no second layout.

A page that was made without asking who looks is everybody's who has the same role and sees the same communities; one that
asked is that person's alone.
"""

from __future__ import annotations

import contextvars
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from dashboard.web.access import Viewer
from survey.store.audit import LOCAL

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The last ``most`` values by key; a key names everything its value depends on, so nothing is ever stale."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``key``, made if it is not there.

        Whoever asks while it is being made waits for that one, and is told of its failure too; a failure is not kept.
        """
        found, first = self._asked(key)
        if first:
            self._make(key, make, found)
        return found.result()

    def get_within(self, key: Hashable, make: Callable[[], Value], seconds: float) -> Value | None:
        """As ``get``, but None where it takes longer; the making goes on, and who asks next finds what it came to."""
        found, first = self._asked(key)
        if first:
            run = contextvars.copy_context().run
            threading.Thread(target=run, args=(self._make, key, make, found), daemon=True).start()
        try:
            return found.result(seconds)
        except TimeoutError:
            return None

    def _asked(self, key: Hashable) -> tuple[Future[Value], bool]:
        """What stands or will stand there, and whether the asker is the one to make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Future[Value] = Future()
                found.set_result(self._kept[key])
                return found, False
            if key in self._making:
                return self._making[key], False
            self._making[key] = Future()
            return self._making[key], True

    def _make(self, key: Hashable, make: Callable[[], Value], to: Future[Value]) -> None:
        try:
            made = make()
        except BaseException as error:  # whoever waits is told, whatever it was
            with self._lock:
                del self._making[key]
            to.set_exception(error)
            return
        with self._lock:
            self._kept[key] = made
            del self._making[key]
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        to.set_result(made)


class Watched(Viewer):
    """A viewer who notes whether anybody asked who it is: then what was made is for that person alone."""

    asked: list[bool]
    plain: Viewer

    @classmethod
    def of(cls, viewer: Viewer, asked: list[bool] | None = None) -> Watched:
        """The same viewer, watched; ``asked``: where it is noted."""
        made: Watched = object.__new__(cls)
        vars(made).update(vars(viewer), plain=viewer, asked=[] if asked is None else asked)
        return made

    def __getattribute__(self, name: str) -> Any:
        """``user`` is noted: whatever reads it, also to compare or to copy."""
        if name == "user":
            object.__getattribute__(self, "asked").append(True)
        return object.__getattribute__(self, name)

    def at(self, year: int | None = None) -> Viewer:
        """As the viewer's own, still watched."""
        found = self.plain.at(year)
        return self if found is self.plain else Watched.of(found, self.asked)


def standing(viewer: Viewer) -> Hashable:
    """What of a viewer decides what may be seen and done, all but who it is."""
    places = (viewer.communities, viewer.streets, viewer.districts, viewer.offices)
    return viewer.role, *places, viewer.user == LOCAL
