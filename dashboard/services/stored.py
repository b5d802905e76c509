"""Results of a real store, parsed once per snapshot."""

from __future__ import annotations

import json
import threading

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
        self._lock = threading.Lock()

    def years(self) -> tuple[int, ...]:
        """Years that have responses or indicator values."""
        with self._store.read() as conn:
            return tuple(publishing.data_years(conn))

    def snapshot(self, year: int) -> str:
        """What the results of the year rest on."""
        with self._store.read() as conn:
            return json.dumps(publishing.stamp(conn, year), sort_keys=True)

    def results(self, year: int) -> Results:
        """The current results of the year."""
        mark = self.snapshot(year)
        with self._lock:
            kept = self._kept.get(year)
            if kept is None or kept[0] != mark:
                kept = (mark, publishing.results(self._store, year))
                if len(self._kept) >= KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[year] = kept
        return kept[1]
