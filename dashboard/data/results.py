"""Where services get results from: the snapshots of the store, each read and parsed once."""

from __future__ import annotations

import contextvars
import json
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection

from analysis.publication import snapshots
from analysis.quality.sensitivity.tables import method_changes
from analysis.scoring.results import Results
from survey.core import limits
from survey.core.errors import Refused
from survey.files.shelf import Shelf
from survey.store import Store, change_mark, settled
from survey.store.change_mark import Mark

#: what is marked while results are computed by whoever stored something
_RENEWING = "renewing"


class Source(Protocol):
    """What the services need to know about results."""

    def years(self) -> tuple[int, ...]:
        """Years that have results, ascending."""

    def results(self, year: int) -> Results:
        """The current snapshot of a year in ``years()``."""

    def method_changes(self, year: int) -> frozenset[str]:
        """Codes of the communities whose star the answer scale or weights alone would change."""

    def snapshot(self, year: int) -> str:
        """Changes whenever what ``results`` gives changes: what caches are keyed by."""

    def renewing(self) -> AbstractContextManager[None]:
        """While results are computed in the block, whoever reads goes on with those that were there before."""

    def as_of(self, changes: int) -> int:
        """The ``changes`` of the store that the results rest on which whoever asks is given; those now where they are current."""

    def decided(self) -> Hashable:
        """Another value whenever anything is stored but answers that came in."""


def year_or_latest(source: Source, asked: int | None, bad: str = "", stored: int | None = None) -> int | None:
    """The year to show: asked for, else remembered, else the latest; None in an empty store.

    Raises Refused, naming the years there are, if a year was asked for that has no results.
    """
    years = source.years()
    if not years:
        return None
    if bad or (asked is not None and asked not in years):
        raise Refused("dash_errors.unknown_year", year=bad or asked, years=list(map(str, years)))
    if asked is not None:
        return asked
    return stored if stored in years else years[-1]


# ── Results of a real store, parsed once per snapshot


class StoreSource:
    """Reads ``analysis.publication.snapshots``; a year is parsed again only when its data or scheme have moved on."""

    def __init__(self, store: Store, shelf: Shelf | None = None) -> None:
        self._store = store
        self._shelf = Shelf() if shelf is None else shelf
        self._kept: dict[tuple[int, bool], tuple[str, Results]] = {}
        #: of which year, and for whom, results are being computed beside those who go on with the ones before → since when
        self._beside: dict[tuple[int, bool], float] = {}
        #: whose computing beside them failed, and for what: who asks next computes them and is told why
        self._failed: dict[tuple[int, bool], str] = {}
        #: what else than answers was stored when they were kept; the changes of the store that all results given rested on
        self._decided: dict[tuple[int, bool], Mark] = {}
        self._as_of: tuple[int, Mark] | None = None
        self._methods: dict[tuple[int, bool], tuple[str, frozenset[str]]] = {}
        self._locks: dict[tuple[int, bool], threading.Lock] = {}
        self._guard = threading.Lock()
        self._renewing = 0
        self._read: dict[tuple[int, int | None, bool], Any] = {}

    def years(self) -> tuple[int, ...]:
        """Years that have responses or indicator values."""
        found: tuple[int, ...] = self._once(None, lambda conn: tuple(snapshots.data_years(conn)))
        return found

    def snapshot(self, year: int) -> str:
        """What the results that ``results`` gives now rest on."""
        return self._serve(year)[0]

    def results(self, year: int) -> Results:
        """The current results of the year.

        While one reader brings a year up to date, the others go on with what was there before; only who has
        nothing to go on with waits.
        """
        return self._serve(year)[1]

    def method_changes(self, year: int) -> frozenset[str]:
        """As it is kept with the store: computed once for the data and scheme of a year."""
        of, (mark, results) = (year, settled.is_reading()), self._serve(year)
        known = self._methods.get(of)
        if known is not None and known[0] == mark:
            return known[1]
        return self._method(of, mark, results)

    def _method(self, of: tuple[int, bool], mark: str, results: Results) -> frozenset[str]:
        found = method_changes(self._store, of[0], results)
        with self._guard:
            self._methods = {k: v for k, v in self._methods.items() if k in self._kept or k == of} | {of: (mark, found)}
        return found

    def as_of(self, changes: int) -> int:
        """The ``changes`` of the store that the results rest on which whoever asks is given; those now where they are current."""
        if not settled.goes_on():
            return changes
        decided = self.decided()
        with self._guard:
            if self._beside and self._as_of is not None and self._as_of[1] == decided:
                return self._as_of[0]
            self._as_of = (changes, decided)
        return changes

    def decided(self) -> Mark:
        """Another value whenever anything is stored but answers that came in."""
        found: Mark = self._once(0, change_mark.decided)
        return found

    def _serve(self, year: int) -> tuple[str, Results]:
        mark, of = self._mark(year), (year, settled.is_reading())
        kept = self._kept.get(of)
        if kept is not None and kept[0] == mark:
            return kept
        if kept is not None and self._left_to_others(of, kept[0], mark):
            return kept
        if self._renewing or self._shelf.is_marked(
            _RENEWING
        ):  # whoever stores is computing them: nobody else does, nobody waits
            before = kept or (None if settled.is_reading() else self._last(year, mark))
            if before is not None:
                return before
        lock = self._lock(of)
        if not lock.acquire(blocking=kept is None):
            assert kept is not None
            return kept
        try:
            kept = self._kept.get(of)
            if kept is None or kept[0] != mark:
                with self._shelf.turn(f"results {of}", wait=kept is None) as mine:
                    if not mine:  # another process computes them, and there is something to go on with
                        assert kept is not None
                        return kept
                    decided = self.decided()
                    kept = (mark, snapshots.results(self._store, year))
                self._keep(of, kept, decided)
            return kept
        finally:
            lock.release()

    def _left_to_others(self, of: tuple[int, bool], before: str, mark: str) -> bool:
        """Whether whoever asks goes on with the results before, while the new ones are computed beside: only answers came since,
        and not long ago."""
        if not settled.goes_on() or self._failed.get(of) == mark or not _only_answers_came(before, mark):
            return False
        if self._decided.get(of) != self.decided():
            return False
        with self._guard:
            since, now = self._beside.get(of), time.monotonic()
            if since is None:
                self._beside[of] = now
        if since is None:
            run = contextvars.copy_context().run
            threading.Thread(target=run, args=(self._compute_beside, of, mark), daemon=True).start()
        return since is None or now - since <= limits.RESULTS_BEFORE_SECONDS

    def _compute_beside(self, of: tuple[int, bool], mark: str) -> None:
        """Compute them, and what pages show with them, while others go on; what fails is left to who asks next."""
        try:
            with settled.going_on(False):
                self._method(of, *self._serve(of[0]))
        except Exception:  # whoever asks next meets it and is told
            with self._guard:
                self._failed[of] = mark
        finally:
            with self._guard:
                self._beside.pop(of, None)

    def _mark(self, year: int) -> str:
        found: str = self._once(year, lambda conn: json.dumps(snapshots.mark(conn, year), sort_keys=True))
        return found

    def _once(self, of: int | None, read: Callable[[Connection], Any]) -> Any:
        """What is read of a year, or of all, from the store as it is: once until something is stored."""
        changes = self._store.changes()
        key = (changes or 0, of, settled.is_reading())
        if changes is not None and key in self._read:
            return self._read[key]
        with self._store.read() as conn:
            found = read(conn)
        if changes is not None:
            with self._guard:
                self._read = {k: v for k, v in self._read.items() if k[0] == changes} | {key: found}
        return found

    def _last(self, year: int, mark: str) -> tuple[str, Results] | None:
        found = snapshots.last(self._store, year)
        return None if found is None else (f"before {mark}", found)

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """While results are computed in the block, whoever reads goes on with those that were there before."""
        with self._guard:
            self._renewing += 1
        try:
            with self._shelf.marked(_RENEWING):
                yield
        finally:
            with self._guard:
                self._renewing -= 1

    def _lock(self, of: tuple[int, bool]) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(of, threading.Lock())

    def _keep(self, of: tuple[int, bool], kept: tuple[str, Results], decided: Mark) -> None:
        """``of``: the year, and whether they are for who only reads; ``decided``: what else than answers was stored by then."""
        with self._guard:
            if len(self._kept) >= limits.KEPT_YEARS and of not in self._kept:
                self._kept.pop(next(iter(self._kept)))
            self._kept[of], self._decided[of] = kept, decided
            self._failed.pop(of, None)


#: in the mark of a year: what moves when answers come in
_ANSWERS = ("data_version", "previous_version", "settled")


def _only_answers_came(before: str, mark: str) -> bool:
    """Whether two marks of a year differ by nothing but answers; False for a mark that stands for no results of its own."""
    try:
        told = [json.loads(one) for one in (before, mark)]
    except ValueError:
        return False
    return all(isinstance(one, dict) for one in told) and _without(told[0]) == _without(told[1])


def _without(mark: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mark.items() if name not in _ANSWERS}
