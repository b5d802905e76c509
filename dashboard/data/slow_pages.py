"""How long pages take: the slowest since this server began, in all its processes and without anything that says for whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from survey.core import limits
from survey.files.shelf import Shelf

_NOTE = "slow pages"


@dataclass(frozen=True)
class Slow:
    """A page (its name, never its address), the year shown, how long it took (s), when it began."""

    page: str
    year: int | None
    seconds: float
    at: datetime


class SlowPages:
    """The slowest calls, each page and year once; several threads and processes may note at a time."""

    def __init__(self) -> None:
        self._shelf = Shelf()

    def share(self, shelf: Shelf) -> None:
        """Note them from now on where all processes of the server do."""
        self._shelf = shelf

    @contextmanager
    def timed(self, page: str, year: int | None) -> Iterator[None]:
        """Note how long the block takes, also where it fails."""
        began, at = time.monotonic(), datetime.now().astimezone()
        try:
            yield
        finally:
            self._note(Slow(page, year, time.monotonic() - began, at))

    def _note(self, call: Slow) -> None:
        place = f"{call.page} {call.year or ''}"
        with self._shelf.noted(_NOTE) as kept:
            known = kept.get(place)
            if known is None or call.seconds > known[2]:
                kept[place] = [call.page, call.year, call.seconds, call.at.isoformat()]
            for slow in sorted(kept, key=lambda at: -kept[at][2])[limits.SLOW_PAGES :]:
                del kept[slow]

    def slowest(self) -> tuple[Slow, ...]:
        """The longest first."""
        with self._shelf.noted(_NOTE) as kept:
            found = [Slow(page, year, seconds, datetime.fromisoformat(at)) for page, year, seconds, at in kept.values()]
        return tuple(sorted(found, key=lambda s: -s.seconds))


#: of this server
SLOW_PAGES = SlowPages()
