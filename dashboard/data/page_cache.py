"""The most recently shown pages, kept as plain JSON, and for whom: the same numbers need no second layout.

A page that was made without asking who looks is everybody's who has the same role and sees the same communities; one that
asked is that person's alone.
"""

from __future__ import annotations

import contextvars
import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from dashboard.web.access import Viewer
from survey.core import limits
from survey.store.audit import LOCAL

Value = TypeVar("Value")
#: so many at most wait for a new state of what they could be given as it was before
WAITING = 2


@dataclass(frozen=True)
class _Stood:
    """What stood last: the turn at which it was asked for, its key, and when it was last known to stand (monotonic)."""

    turn: int
    key: Hashable
    current: float


class Kept(Generic[Value]):
    """The last ``most`` values by key; a key names everything its value depends on, so nothing is ever stale."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, Future[Value]] = {}
        #: of what is made anew now and then: what stood last, and what was asked for last
        self._last: OrderedDict[Hashable, _Stood] = OrderedDict()
        self._count = itertools.count()
        self._newest: OrderedDict[Hashable, Future[Value]] = OrderedDict()
        self._renewals: SimpleQueue[Callable[[], None]] | None = None
        self._waiting = threading.Semaphore(WAITING)
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
            self._begin(key, make, found)
        try:
            return found.result(seconds)
        except TimeoutError:
            return None

    def get_or_before(
        self,
        key: Hashable,
        of: Hashable,
        make: Callable[[], Value],
        seconds: float,
        at_most: float | None = None,
        again: Callable[[], tuple[Hashable, Callable[[], Value]]] | None = None,
    ) -> Value | None:
        """As ``get``, for whoever may go on with what stood before: ``of`` names what the key is one state of.

        Where an earlier state of it is kept, who asks first waits for the new one, at most ``seconds``; everybody else is
        given the earlier one until it is there, whatever newer state they ask for.  New states are made one after the other
        by a thread of their own, and few wait for them at a time: each that waits is one fewer that answers.  The earlier one
        is given for ``limits.PAGE_BEFORE_SECONDS`` after it was last asked for as what stands.
        ``again``: the key of the state that stands by the time it is made, and how that is made: of states that followed each
        other meanwhile only the last is.
        Where there is no earlier one, None after ``at_most`` seconds; without that it is waited for.
        """
        with self._lock:
            turn, now, before = next(self._count), time.monotonic(), None
            if key in self._kept:  # what is there waits for nobody's place
                self._kept.move_to_end(key)
                self._put(self._last, of, _Stood(turn, key, now))
                return self._kept[key]
            last, newest = self._last.get(of), self._newest.get(of)
            if last is not None and now - last.current <= limits.PAGE_BEFORE_SECONDS:
                before = self._kept.get(last.key)
            if before is not None and newest is not None and not newest.done():
                return before
        found, first = self._asked(key)
        with self._lock:
            self._put(self._newest, of, found)
        made_of = [key]
        found.add_done_callback(lambda done: None if done.exception() else self._stood(of, turn, made_of[0]))
        wait = at_most if before is None else seconds
        if first and wait is None:
            self._make(key, make, found)
        elif first and before is None:
            self._begin(key, make, found)
        elif first:
            self._renew(lambda: self._make_last(key, make, found, again, made_of))
        if before is not None and not self._waiting.acquire(blocking=False):
            return before
        try:
            return found.result(wait)
        except TimeoutError:
            return before
        finally:
            if before is not None:
                self._waiting.release()

    def _renew(self, run: Callable[[], None]) -> None:
        """Have it made after those that were to be made anew before it."""
        with self._lock:
            queue = self._renewals
            if queue is None:
                queue = self._renewals = SimpleQueue()
                threading.Thread(target=_one_by_one, args=(queue,), daemon=True).start()
        context = contextvars.copy_context()
        queue.put(lambda: context.run(run))

    def _make_last(
        self,
        key: Hashable,
        make: Callable[[], Value],
        to: Future[Value],
        again: Callable[[], tuple[Hashable, Callable[[], Value]]] | None,
        made_of: list[Hashable],
    ) -> None:
        """Make the state that stands now in place of the one that was asked for; ``made_of`` is told which that is."""
        try:
            now, making = (key, make) if again is None else again()
        except BaseException as error:
            self._end(key, to, error)
            return
        if now == key:
            self._make(key, make, to)
            return
        made_of[0] = now
        try:
            made = self.get(now, making)
        except BaseException as error:
            self._end(key, to, error)
            return
        with self._lock:
            del self._making[key]
        to.set_result(made)

    def _end(self, key: Hashable, to: Future[Value], error: BaseException) -> None:
        """Tell whoever waits, whatever it was."""
        with self._lock:
            del self._making[key]
        to.set_exception(error)

    def _stood(self, of: Hashable, turn: int, key: Hashable) -> None:
        """It was made, and was asked for at this turn: what was asked for later stays the last, whenever it was done."""
        with self._lock:
            last = self._last.get(of)
            if last is None or last.turn <= turn:
                self._put(self._last, of, _Stood(turn, key, time.monotonic()))

    def _put(self, among: OrderedDict[Hashable, Any], of: Hashable, value: Any) -> None:
        """Keep it as the last of them; the lock is held."""
        among[of] = value
        among.move_to_end(of)
        while len(among) > self._most:
            among.popitem(last=False)

    def _begin(self, key: Hashable, make: Callable[[], Value], to: Future[Value]) -> None:
        """Make it beside whoever asked."""
        run = contextvars.copy_context().run
        threading.Thread(target=run, args=(self._make, key, make, to), daemon=True).start()

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
        except BaseException as error:
            self._end(key, to, error)
            return
        with self._lock:
            self._kept[key] = made
            del self._making[key]
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        to.set_result(made)


def _one_by_one(queue: SimpleQueue[Callable[[], None]]) -> None:
    while True:
        queue.get()()


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


def told_by_key(viewer: Viewer) -> Viewer:
    """The viewer unwatched: for what a page's key says as it is for this very person (``Page.rests_on``)."""
    return viewer.plain if isinstance(viewer, Watched) else viewer


def standing(viewer: Viewer) -> Hashable:
    """What of a viewer decides what may be seen and done, all but who it is."""
    places = (viewer.communities, viewer.streets, viewer.districts, viewer.offices)
    return viewer.role, *places, viewer.user == LOCAL
