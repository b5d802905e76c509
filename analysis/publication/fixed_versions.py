"""A published year: of each community the version that was published, laid together to the list of its street.

A community's own numbers are those of its version, whatever came in since; what belongs to the list (ranks, tiers, q of
changes, sub-districts, districts) is computed anew over the rows that stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.step_log import Log
from analysis.cycle.stored_steps import published_results, read_steps
from analysis.cycle.versions import changed, read_kept
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import FRAMES, PLACE_COLUMNS, Results
from analysis.statistics.notes import LATE, SEPARATOR, join_notes
from survey.store.year import cycle, schemes, years
from survey.store.year import results as stored_results
from survey.store.year.register import Community

#: what the register says and the published version does not fix
_REGISTER = ("sub_district", "community", "year", *PLACE_COLUMNS.names)
_VETOED = "vetoed"
#: so many communities are named in a sentence
_NAMED = 12


#: a sentence: its key and its parameters
Sentence = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Fixed:
    """What a year's results are laid together from.

    ``held``: community → snapshot of its published version; ``kept``: these snapshots; ``late``: communities whose newest
    numbers are others than the published ones.
    """

    newest: Results
    held: Mapping[str, int]
    kept: Mapping[int, Results]
    late: frozenset[str]
    scheme: Scheme
    communities: Sequence[Community]

    @property
    def last(self) -> Results:
        """The newest of the versions, which says the scheme."""
        return self.kept[max(self.kept)]

    @property
    def codes(self) -> list[str]:
        """The communities of the year, in register order."""
        return [str(code) for code in self.newest.scores["community_code"]]


def read_fixed(conn: Connection, log: Log, newest: Results, number: int | None) -> Fixed | None:
    """The published versions of a year's communities; None where nobody is published, or everybody as ``newest`` is.

    ``number``: the snapshot that ``newest`` is kept as, None if it is not.
    """
    held = published_results(log)
    if not held or {*held.values()} == {number}:
        return None
    known = {s.id: s for s in stored_results.versions(conn, log.year)}
    kept = {n: newest if n == number else read_kept(conn, known[n]) for n in sorted({*held.values()})}
    there = {n: frozenset(found.scores["community_code"]) for n, found in kept.items()}
    held = {code: n for code, n in held.items() if code in there[n]}
    late = changed(conn, newest, number, {code: known[n] for code, n in held.items()})
    scheme = from_dict(schemes.by_id(conn, known[max(kept)].scheme_id).definition)
    return Fixed(newest, held, kept, late, scheme, communities_in(conn, log.year))


def lay_together(fixed: Fixed, previous: Callable[[], Results | None]) -> Results:
    """The results as they are published, ``late`` communities with the note that says so; the unpublished from ``newest``.

    ``previous``: the results of the year before, for the change of the sub-districts.
    """
    whole = fixed.kept[next(iter(fixed.kept))] if len(fixed.kept) == 1 else None
    if whole is not None and _unchanged(fixed, whole):
        return replace(whole, scores=_noted(whole.scores, fixed.late))
    # what computes a year takes long to import: only who lays several versions together waits for it
    from analysis.scoring.change import add_q
    from analysis.scoring.rating import add_ranks, noted
    from analysis.scoring.score import areas

    scores = _scores(fixed)
    add_ranks(
        scores, (scores["total"].notna() & (scores["status"] != _VETOED) & ~noted(scores, "open_sample")).to_numpy()
    )
    add_q(scores)
    streets, districts = areas(fixed.scheme, scores, fixed.communities, previous())
    named = fixed.last if {*fixed.codes} == {*fixed.held} else fixed.newest
    extra = {key: _rows(fixed, key) for key in ("weights", "weight_classes") if key in named.extra}
    return Results(
        meta=named.meta,
        scores=_noted(scores, fixed.late),
        items=_frame(fixed, "items"),
        indicators=_frame(fixed, "indicators"),
        flow=_frame(fixed, "flow"),
        streets=streets,
        extra={**named.extra, "lineage": fixed.newest.extra.get("lineage", {}), **extra, "districts": districts},
    )


def _unchanged(fixed: Fixed, whole: Results) -> bool:
    """Whether one publication says everything: the same communities, called and placed as then, the same vetoes."""
    names = ["community_code", *_REGISTER]
    now, then = (found.scores.reindex(columns=names).astype(object) for found in (fixed.newest, whole))
    if len(fixed.held) != len(then) or not now.equals(then):
        return False
    return bool(((fixed.newest.scores["status"] == _VETOED) == (whole.scores["status"] == _VETOED)).all())


def _parts(fixed: Fixed) -> list[tuple[Results, frozenset[str]]]:
    """Every version with the communities that stand on it; the newest with those that nobody published."""
    free = frozenset(code for code in fixed.codes if code not in fixed.held)
    here = frozenset(fixed.codes)
    return [
        *((found, here & {c for c, n in fixed.held.items() if n == number}) for number, found in fixed.kept.items()),
        (fixed.newest, free),
    ]


def _frame(fixed: Fixed, name: str) -> pd.DataFrame:
    """The rows of every community from its version, in register order; the columns of the newest come first."""
    frames = [(getattr(found, name), codes) for found, codes in _parts(fixed)]
    pieces = [frame[frame["community_code"].isin(codes)] for frame, codes in frames]
    columns = dict.fromkeys(c for found in (fixed.newest, *fixed.kept.values()) for c in getattr(found, name).columns)
    laid = {c: [v for p in pieces for v in (p[c].tolist() if c in p else [None] * len(p))] for c in columns}
    place = {code: i for i, code in enumerate(fixed.codes)}
    order = np.argsort([place[str(code)] for code in laid["community_code"]], kind="stable")
    frame = pd.DataFrame({c: [values[i] for i in order] for c, values in laid.items()})
    return FRAMES[name].floats(frame) if name == "scores" else frame


def _rows(fixed: Fixed, key: str) -> list[dict[str, Any]]:
    """Rows of ``extra`` of every community from its version, in register order."""
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in fixed.codes}
    for version, codes in _parts(fixed):
        for row in version.extra.get(key, ()):
            if row["community_code"] in codes:
                found[row["community_code"]].append(row)
    return [row for rows in found.values() for row in rows]


def _scores(fixed: Fixed) -> pd.DataFrame:
    """Score rows of the versions, under the register and the vetoes of now."""
    from analysis.scoring.rating import status_of

    scores, newest = _frame(fixed, "scores"), fixed.newest.scores
    for name in _REGISTER:
        scores[name] = newest[name].to_numpy()
    then, vetoed = (f["status"].eq(_VETOED).to_numpy() for f in (scores, newest))
    said = status_of(scores["star"].to_numpy(dtype=np.float64), vetoed)
    scores["status"] = np.where(then == vetoed, scores["status"], said)
    notes = [SEPARATOR.join(c for c in str(note).split(SEPARATOR) if c != _VETOED) for note in scores["note"]]
    scores["note"] = np.where(then & ~vetoed, notes, scores["note"])
    return scores.assign(note=join_notes(len(scores), (vetoed & ~then, _VETOED), start=scores["note"]))


def without_late(scores: pd.DataFrame) -> pd.DataFrame:
    """The score rows without what data that they do not count say of them: the note, and the step that is due now."""
    notes = scores["note"].fillna("").map(lambda note: SEPARATOR.join(c for c in note.split(SEPARATOR) if c != LATE))
    return scores.assign(note=notes, stage="")


def _noted(scores: pd.DataFrame, late: frozenset[str]) -> pd.DataFrame:
    flagged = scores["community_code"].isin(late).to_numpy(dtype=bool)
    return scores.assign(note=join_notes(len(scores), (flagged, LATE), start=scores["note"]))


def late_codes(results: Results) -> dict[str, str]:
    """The communities (code → name) for which data came in that their published version does not count."""
    cells = (results.scores[name] for name in ("community_code", "community", "note"))
    return {str(code): str(name) for code, name, note in zip(*cells, strict=True) if LATE in note.split(SEPARATOR)}


def may_be_late(conn: Connection, year: int) -> bool:
    """Whether a year is published and open, so that data may be there which its published versions do not count."""
    return cycle.last_publication(conn, year) is not None and years.state(conn, year) == "open"


def late_names(results: Results) -> list[str]:
    """Their names."""
    return [*late_codes(results).values()]


def would_wait(conn: Connection, places: Iterable[tuple[int, str]]) -> list[Sentence]:
    """A sentence for each open year in which data of these (year, code or name of a community) would not count, because
    those communities are published: what ``not_counted`` says once they are stored."""
    wanted: dict[int, set[str]] = {}
    for year, place in places:
        wanted.setdefault(year, set()).add(place)
    found: list[Sentence] = []
    for year in sorted(wanted):
        if cycle.last_publication(conn, year) is None:
            continue
        log = read_steps(conn, year)
        told = published_results(log)
        names = [
            log.name(c) for c in log.codes if c in told and not log.closed_of(c) and {c, log.name(c)} & wanted[year]
        ]
        if names and not log.closed:
            found.append(("cycle.would_wait", {"year": year, "n": len(names), "communities": some(names)}))
    return found


def newest_data(conn: Connection, year: int) -> Sentence | None:
    """What to say beside numbers of the newest data while a published year shows older ones; None where both are the same."""
    told = not_counted(conn, [year])
    return ("cycle.newest_data", told[0][1]) if told else None


def left_out(year: int, names: Sequence[str]) -> Sentence:
    """What to say beside scores computed anew, in which the communities of these names are left out."""
    return "cycle.left_out", {"year": year, "n": len(names), "communities": some(names)}


def not_counted(conn: Connection, years: Iterable[int]) -> list[Sentence]:
    """A sentence for each of these years that is published and open, and in which data moved since: whose do not count."""
    found: list[Sentence] = []
    for year in sorted({*years}):
        if cycle.last_publication(conn, year) is None:
            continue
        log = read_steps(conn, year)
        moved = log.moved & published_results(log).keys()
        if moved:
            names = [log.name(code) for code in log.codes if code in moved]
            found.append(("cycle.not_counted", {"year": year, "n": len(names), "communities": some(names)}))
    return found


def all_published(conn: Connection, places: Iterable[tuple[int, str]]) -> frozenset[int]:
    """The open years in which every one of these (year, code of a community) is published: their data change nothing shown."""
    wanted: dict[int, set[str]] = {}
    for year, code in places:
        wanted.setdefault(year, set()).add(code)
    known = (year for year in wanted if may_be_late(conn, year))
    return frozenset(year for year in known if wanted[year] <= published_results(read_steps(conn, year)).keys())


def change_not_counted(conn: Connection, year: int, code: str) -> Sentence | None:
    """The sentence where a community is published, so that a change of its data does not count; None where it is not."""
    if cycle.last_publication(conn, year) is None:
        return None
    log = read_steps(conn, year)
    if log.closed or code not in published_results(log):
        return None
    return "cycle.change_not_counted", {"year": year, "community": log.name(code)}


def some(names: Sequence[str]) -> str:
    """The first of these names as one list; who says how many there are may leave out the others."""
    return "、".join(names[:_NAMED])
