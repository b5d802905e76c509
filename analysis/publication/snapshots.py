"""Snapshots: a year's results computed from the store, kept, and read by every page, export and command.

A snapshot belongs to a data version of its year (and of the year before, for the change) and to a scheme
version; it is computed again only when one of these has moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy.engine import Connection

from analysis.cycle.decided_results import overlay, with_reviews
from analysis.cycle.stored_steps import closing, published_results, read_log, read_steps, reviewed_values
from analysis.cycle.versions import kept_marks, read_back, read_kept, read_scores
from analysis.keeping.packed import pack, unpack
from analysis.publication.fixed_versions import Fixed, lay_together, read_fixed, without_late
from analysis.scheme.serial import from_dict
from analysis.scoring.results import Results
from analysis.statistics.notes import REMOVED, join_notes
from survey.core import limits, progress
from survey.core.errors import Refused
from survey.store import Store, settled
from survey.store.intake import responses
from survey.store.upkeep import removals
from survey.store.year import cycle, disbursements, register, reviews, schemes, years
from survey.store.year import results as stored_results

#: grows when results of the same data have more or other numbers, so that open years are computed again
METHOD = 10
#: in the stamp of what a reader sees of a year that others see with what came since: computed, never kept
_SETTLED = "settled"
#: in a result whose responses are not in the store: how many there were (``keep``)
ELSEWHERE = "responses_elsewhere"
#: in the stamp of a year after an open one that is published: the last publication, which says what the change is against
_PREVIOUS = "previous_published"

#: the results of a year, given those of the year before and the marks of what they are computed from
Score = Callable[[Results | None, Mapping[str, Any]], Results]


def held_back(conn: Connection, year: int) -> bool:
    """Whether who asks sees the year, or the one before (for the change), otherwise than it is (``survey.store.settled``)."""
    held = settled.held(conn)
    return held is not None and (held.of(year) or held.of(year - 1))


def data_years(conn: Connection) -> list[int]:
    """Years that have responses or indicator values, ascending."""
    return list(years.with_data(conn))


def require_year(conn: Connection, year: int) -> None:
    """Raise Refused for a year that has no data, naming those that have."""
    known = data_years(conn)
    if year not in known:
        raise Refused("publishing.unknown_year", year=year, known=list(map(str, known)) or "—")


def results(store: Store, year: int, scheme: str | None = None) -> Results:
    """The current results of a year; computed and kept if there are none or the data have moved on.

    ``scheme`` names another scheme as a what-if.  Raises Refused for a year without data or scheme.
    """
    with store.read() as conn:
        final = None if scheme else closing(conn, year)
        if final is not None:  # what the year was closed with, whatever schemes came since
            return _with_removed(conn, year, final, read_back(stored_results.get(conn, final)))
    number, computed = _computed(store, year, scheme)
    with store.read() as conn:
        if scheme is not None and scheme != schemes.applicable(conn, year).code:
            return with_reviews(computed, reviewed_values(conn, year, from_dict(schemes.get(conn, scheme).definition)))
        log = read_log(conn, year)
        fixed = None if log.closed else read_fixed(conn, log, computed, number)
    return overlay(_laid(store, fixed) if fixed else computed, log)


def calculated(store: Store, year: int, scheme: str | None = None) -> Results:
    """What the street would calculate now, without what was published and decided; kept as ``results`` says."""
    return _computed(store, year, scheme)[1]


def keep_current(store: Store, year: int) -> None:
    """``calculated`` for whoever only needs it kept: what is kept and up to date is not read again."""
    with store.read() as conn:
        wanted = stamp(conn, year)
        found = stored_results.current_snapshot(conn, year, wanted["scheme"])
        stands = found is not None and _stands(conn, year, kept_marks(conn, found), wanted)
        frozen = years.state(conn, year) == "closed"
    if not (stands or frozen):
        _publish(store, year, None, keep=True)


def _stands(conn: Connection, year: int, marks: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return _is_current(marks, wanted) or _elsewhere(conn, year, marks)


def _is_current(marks: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a snapshot with these marks is what would be computed now."""
    told = {**limits.FIRST, **marks}
    return all(told.get(key) == value for key, value in {_PREVIOUS: None, **wanted}.items())


def _elsewhere(conn: Connection, year: int, marks: Mapping[str, Any]) -> bool:
    """Whether a result rests on responses that the store does not hold: it can't be computed again here, and stands."""
    return bool(marks.get(ELSEWHERE)) and year not in responses.years(conn)


def keep(store: Store, year: int, scheme: str | None, score: Score, elsewhere: int = 0) -> None:
    """Keep the results of a year that was scored outside as ``results`` would have computed them.

    ``scheme`` as in ``results``; ``score``: the results, given those of the year before and what they are computed from;
    ``elsewhere``: its responses where the store has none of them, so that the result stands until it is kept anew.  Raises
    Refused for a year without data or scheme, or a closed one.
    """
    with store.read() as conn:
        require_year(conn, year)
        years.require_open(conn, [year])
        stored = schemes.get(conn, scheme) if scheme else schemes.applicable(conn, year)
        marks = {**stamp(conn, year, scheme), **({ELSEWHERE: elsewhere} if elsewhere else {})}
    text = pack(score(_before(store, year, scheme), marks))
    with store.write(aside=True) as conn:
        stored_results.save(conn, year, stored.id, marks["data_version"], text)


def published(store: Store, year: int) -> Results:
    """Of every published community its published version, of the others what would be calculated; nothing laid over it."""
    number, computed = _computed(store, year, None)
    with store.read() as conn:
        log = read_steps(conn, year)
        fixed = None if log.closed else read_fixed(conn, log, computed, number)
    return _laid(store, fixed) if fixed else computed


def _computed(store: Store, year: int, scheme: str | None) -> tuple[int | None, Results]:
    """The calculation of now and the snapshot that keeps it, if one does."""
    with store.read() as conn:
        frozen = years.state(conn, year) == "closed"
        kept: tuple[int | None, Results] | None = _kept(conn, year, scheme, frozen=frozen)
    if kept is None:
        number, text = _publish(store, year, scheme, keep=not frozen)
        kept = number, unpack(text)  # the same value, whether it was just computed or read back
    number, computed = kept
    return number, _final(computed) if frozen else computed


def _laid(store: Store, fixed: Fixed) -> Results:
    return lay_together(fixed, lambda: _before(store, int(fixed.newest.meta["year"])))


def _before(store: Store, year: int, scheme: str | None = None) -> Results | None:
    """The results of the year before, None where it has no data."""
    with store.read() as conn:
        there = year - 1 in data_years(conn)
    return results(store, year - 1, scheme) if there else None


def mark(conn: Connection, year: int) -> dict[str, Any]:
    """Changes whenever ``results`` of the year would: its calculation, a step of the cycle, a review of a value."""
    steps = {
        "cycle": cycle.last_id(conn),
        "reviews": reviews.last_id(conn),
        "one_person": cycle.one_person(conn),
        "state": years.state(conn, year),
        "removed": removals.last_id(conn),
        "paid": disbursements.last_id(conn),
    }
    return {**stamp(conn, year), **steps}


def last(store: Store, year: int) -> Results | None:
    """The newest snapshot of a year, whether the data have moved on or not; None before the first."""
    with store.read() as conn:
        final = closing(conn, year)
        if final is not None:
            return _with_removed(conn, year, final, read_back(stored_results.get(conn, final)))
        found = stored_results.current_snapshot(conn, year, schemes.applicable(conn, year).code)
        if found is None:
            return None
        computed, log = read_kept(conn, found), read_log(conn, year)
        fixed = None if log.closed else read_fixed(conn, log, computed, found.id)
        before = year - 1 in data_years(conn)
    laid = lay_together(fixed, lambda: last(store, year - 1) if before else None) if fixed else computed
    return overlay(laid, log)


def _moved(store: Store, year: int) -> bool:
    """Bring a year up to date; whether its results are others than before."""
    with store.read() as conn:
        found = stored_results.current_snapshot(conn, year, schemes.applicable(conn, year).code)
        fixed = years.state(conn, year) == "closed" or bool(published_results(read_steps(conn, year)))
        text = "" if found is None or fixed else stored_results.get(conn, found.id)
        before = read_scores(text) if text else None
        if before is not None and _stands(conn, year, before.meta, stamp(conn, year)):
            return False
    if before is not None:  # what is laid over both is the same: nothing but scores is read, of the old and of the new
        after = read_scores(_publish(store, year, None, keep=True, text=text)[1])
        return not after.scores.equals(before.scores)
    shown, now = last(store, year), results(store, year)
    return shown is None or not without_late(now.scores).equals(without_late(shown.scores))


def recompute(store: Store, changed: Iterable[int]) -> list[int]:
    """Bring the snapshots of these years up to date, and of the years after them (for the change).

    Returns the years whose results are others than before: neither those that were up to date nor those that are closed, nor
    those whose published versions do not count what came.
    """
    with store.read() as conn:
        known = set(data_years(conn))
    wanted, moved = sorted({y for c in changed for y in (c, c + 1)} & known), []
    for place, year in enumerate(wanted):
        progress.at("computing", place, len(wanted), "years")
        if _moved(store, year):
            moved.append(year)
    return moved


def stamp(conn: Connection, year: int, scheme: str | None = None) -> dict[str, Any]:
    """What a snapshot of the year must have been computed from to be up to date."""
    stored = schemes.get(conn, scheme) if scheme else schemes.applicable(conn, year)
    before = cycle.last_publication(conn, year - 1) if years.state(conn, year - 1) == "open" else None
    return {
        **({_PREVIOUS: before} if before else {}),
        **({_SETTLED: True} if held_back(conn, year) else {}),
        "scheme": stored.code,
        "scheme_version": stored.version,
        "data_version": years.data_version(conn, year),
        "previous_version": years.data_version(conn, year - 1),
        "method": METHOD,
        "small_groups": limits.small_groups(),
        "total_decimals": limits.TOTAL_DECIMALS,
    }


def recount(store: Store, year: int) -> tuple[Results, Results] | None:
    """The results that are kept of an open year, and the same computed anew; None where none are kept that are up to date."""
    from analysis.publication import inputs

    with store.read() as conn:
        kept = None if years.state(conn, year) == "closed" else _kept(conn, year, None, frozen=False)
        if kept is None or _elsewhere(conn, year, kept[1].meta):
            return None
        marks = stamp(conn, year)
        given = inputs.settled_inputs(conn, year, schemes.applicable(conn, year))
    return kept[1], unpack(pack(inputs.score_year(given, _before(store, year), marks)))


def renew(store: Store, year: int) -> None:
    """Compute the results of an open year anew and keep them in place of those that are kept, up to date or not."""
    with store.read() as conn:
        years.require_open(conn, [year])
    _publish(store, year, None, keep=True, text="")


def _kept(conn: Connection, year: int, scheme: str | None, *, frozen: bool) -> tuple[int, Results] | None:
    """The snapshot of the year with its number, if it is up to date; a closed year's stays, whatever moves around it."""
    wanted = stamp(conn, year, scheme)
    found = stored_results.current_snapshot(conn, year, wanted["scheme"])
    if found is None:
        return None
    marks = {} if frozen else kept_marks(conn, found)
    stands = frozen or _is_current(marks, wanted) or _elsewhere(conn, year, marks)
    return (found.id, read_kept(conn, found)) if stands else None


def _with_removed(conn: Connection, year: int, result_id: int, closed: Results) -> Results:
    """The results that a year was closed with, saying of which communities responses were removed for good since."""
    lines = removals.listing(conn, year)
    made = next(s.created_at for s in stored_results.versions(conn, year) if s.id == result_id) if lines else None
    codes = {c.id: c.code for c in register.communities(conn)} if lines else {}
    gone: Counter[str] = Counter()
    for line in lines:
        if made is not None and line.at > made and line.community_id is not None:
            gone[codes[line.community_id]] += line.responses
    told = [f"{REMOVED}:{gone[code]}" if gone[code] else "" for code in closed.scores["community_code"]]
    flagged = np.array([bool(note) for note in told], dtype=bool)
    if not flagged.any():
        return closed
    notes = join_notes(len(told), (flagged, told), start=closed.scores["note"])
    return replace(closed, scores=closed.scores.assign(note=notes))


def _final(computed: Results) -> Results:
    """The results of a closed year are no longer provisional."""
    return replace(
        computed, meta={**computed.meta, "provisional": False}, scores=computed.scores.assign(provisional=False)
    )


def _publish(
    store: Store, year: int, scheme: str | None, *, keep: bool, text: str | None = None
) -> tuple[int | None, str]:
    """Compute a year's results; the number that they are kept by, if they are, and their text.

    ``text``: the results before, those that are kept where None; of communities of which nothing moved since their own
    numbers are taken over, of an empty one nothing is.
    """
    # what computes a year takes longer to import than to read what is kept: it is, where nothing is kept
    from analysis.publication import inputs

    with store.read() as conn:
        require_year(conn, year)
        stored = schemes.get(conn, scheme) if scheme else schemes.applicable(conn, year)
        marks = stamp(conn, year, scheme)
        found = stored_results.current_snapshot(conn, year, stored.code) if text is None else None
        text = stored_results.get(conn, found.id) if found else text or ""
        given = inputs.gone_on_with(conn, year, stored, text, METHOD)
    text = given.text(_before(store, year, scheme), marks)
    number = None
    if keep and not store.read_only and _SETTLED not in marks:
        with store.note() as conn:  # it follows from what is stored: nothing else moved
            number = stored_results.save(conn, year, stored.id, marks["data_version"], text)
    return number, text
