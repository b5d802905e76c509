"""Results of a real store, parsed once per snapshot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from analysis import publishing
from analysis.results import Results
from survey.store import Store

#: parsed years kept in memory
KEPT = 16


class StoreSource:
    """Reads ``analysis.publishing``; a year is parsed again only when its data or scheme have moved on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[int, tuple[str, Results]] = {}
        self._locks: dict[int, threading.Lock] = {}
        self._guard = threading.Lock()
        self._renewing = 0

    def years(self) -> tuple[int, ...]:
        """Years that have responses or indicator values."""
        with self._store.read() as conn:
            return tuple(publishing.data_years(conn))

    def snapshot(self, year: int) -> str:
        """What the results that ``results`` gives now rest on."""
        return self._serve(year)[0]

    def results(self, year: int) -> Results:
        """The current results of the year.

        While one reader brings a year up to date, the others go on with what was there before; only who has
        nothing to go on with waits.
        """
        return self._serve(year)[1]

    def _serve(self, year: int) -> tuple[str, Results]:
        mark = self._mark(year)
        kept = self._kept.get(year)
        if kept is not None and kept[0] == mark:
            return kept
        if self._renewing:  # whoever stores is computing them: nobody else does, nobody waits
            before = kept or self._last(year, mark)
            if before is not None:
                return before
        lock = self._lock(year)
        if not lock.acquire(blocking=kept is None):
            assert kept is not None
            return kept
        try:
            kept = self._kept.get(year)
            if kept is None or kept[0] != mark:
                kept = (mark, publishing.results(self._store, year))
                self._keep(year, kept)
            return kept
        finally:
            lock.release()

    def _mark(self, year: int) -> str:
        with self._store.read() as conn:
            return json.dumps(publishing.mark(conn, year), sort_keys=True)

    def _last(self, year: int, mark: str) -> tuple[str, Results] | None:
        found = publishing.last(self._store, year)
        return None if found is None else (f"before {mark}", found)

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """While results are computed in the block, whoever reads goes on with those that were there before."""
        with self._guard:
            self._renewing += 1
        try:
            yield
        finally:
            with self._guard:
                self._renewing -= 1

    def _lock(self, year: int) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(year, threading.Lock())

    def _keep(self, year: int, kept: tuple[str, Results]) -> None:
        with self._guard:
            if len(self._kept) >= KEPT and year not in self._kept:
                self._kept.pop(next(iter(self._kept)))
            self._kept[year] = kept
