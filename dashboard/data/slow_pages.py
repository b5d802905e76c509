"""How long pages take: the slowest since this server began, in its memory alone and without anything that says for whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from survey.core import limits


@dataclass(frozen=True)
class Slow:
    """A page (its name, never its address), the year shown, how long it took (s), when it began."""

    page: str
    year: int | None
    seconds: float
    at: datetime


class SlowPages:
    """The slowest calls, each page and year once; several threads may note at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, int | None], Slow] = {}

    @contextmanager
    def timed(self, page: str, year: int | None) -> Iterator[None]:
        """Note how long the block takes, also where it fails."""
        began, at = time.monotonic(), datetime.now().astimezone()
        try:
            yield
        finally:
            self._note(Slow(page, year, time.monotonic() - began, at))

    def _note(self, call: Slow) -> None:
        place = call.page, call.year
        with self._lock:
            known = self._kept.get(place)
            if known is None or call.seconds > known.seconds:
                self._kept[place] = call
            for slow in sorted(self._kept.values(), key=lambda s: -s.seconds)[limits.SLOW_PAGES :]:
                del self._kept[slow.page, slow.year]

    def slowest(self) -> tuple[Slow, ...]:
        """The longest first."""
        with self._lock:
            return tuple(sorted(self._kept.values(), key=lambda s: -s.seconds))


#: of this server
SLOW_PAGES = SlowPages()
