"""How a sub-district stands: headline facts, targets, league table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.awards.verdicts import Verdict
from analysis.cycle.stages import NO_NUMBER
from analysis.exports.files import archive_of, safe_name, workbooks
from analysis.papers.street.all_books import street_books
from analysis.sample.small_groups import parts
from dashboard.data.decided import decided
from dashboard.data.files import ZIP, File
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year, state_of
from dashboard.figures.numbers import required
from dashboard.web.access import Viewer, may
from survey.core import limits
from survey.core.lang import say
from survey.fieldwork.community_map import kept_map
from survey.fieldwork.geojson import Area
from survey.store import Store


@dataclass(frozen=True)
class Target:
    """A goal such as "50 % at four stars or above": ``reached`` of ``communities``, ``wanted`` by the share.

    ``unknown``: communities of which nothing says yet whether they reach it; they are neither reached nor missed.
    """

    star: int
    share: float
    wanted: int
    reached: int
    communities: int
    unknown: int = 0

    @property
    def short(self) -> int:
        """How many are missing if none of the unknown reaches it."""
        return max(0, self.wanted - self.reached)

    @property
    def least_short(self) -> int:
        """How many are missing if all of the unknown reach it."""
        return max(0, self.short - self.unknown)


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows of one sub-district and year; ``archived``: it is decided, nothing more is to be done;
    ``whole``: the viewer sees every community of it: its targets are no others' to read; ``outlines``: of those communities, by
    code, with coordinates in ``degrees`` or in metres."""

    year: Year
    street: str
    aggregate: Row | None
    rows: tuple[Row, ...]
    states: Mapping[str, str]
    archived: bool
    targets: tuple[Target, ...]
    modes: Mapping[str, int]
    objective_reported: int
    enough_responses: int
    unknown_responses: int
    missing_responses: Mapping[str, int]
    near: Row | None
    weakest: Mapping[str, Any] | None
    rates: Mapping[str, Mapping[str, float | None]]
    scale: tuple[float, float]
    decided: Mapping[str, Verdict]
    whole: bool = True
    outlines: Mapping[str, tuple[Area, ...]] = field(default_factory=dict)
    degrees: bool = True

    @property
    def own(self) -> Row | None:
        """The one community of a viewer who sees no other of the sub-district."""
        return self.rows[0] if not self.whole and len(self.rows) == 1 else None


def overview(
    viewer: Viewer, source: Source, year: int, street: str = "", sort: str = "total", store: Store | None = None
) -> Overview:
    """The overview of one sub-district; raises Refused for an unknown year or sub-district."""
    found = read_year(viewer, source, year)
    street = found.street(street)
    rows = found.of_street(street)
    minimum = int(found.meta["min_responses"])
    states = {r["community_code"]: state_of(r, minimum) for r in rows}
    counted = [r for r in rows if r["n"] is not None]
    few = [r for r in counted if r["n"] < minimum]
    short = {r["community"]: minimum - int(r["n"]) for r in few if r["status"] not in NO_NUMBER}
    codes, done = set(states), found.archived(street)
    whole = len(rows) == sum((r["sub_district"] or "") == street for r in found.results.rows("scores"))
    outlines, degrees = _outlines(store, codes)
    modes: Counter[str] = Counter()
    for flow in found.results.rows("flow"):
        if flow["community_code"] in codes:
            modes.update({k: int(v) for k, v in parts(flow["modes"] or {}).items()})
    return Overview(
        year=found,
        street=street,
        aggregate=found.street_row(street),
        rows=ordered(rows, sort),
        states=states,
        archived=done,
        targets=targets(found, rows, states, archived=done) if whole else (),
        modes=modes,
        objective_reported=sum(r["objective"] is not None for r in rows),
        enough_responses=len(counted) - len(few),
        unknown_responses=len(rows) - len(counted),
        missing_responses={} if done else short,
        near=None if done else nearest_to_next(rows, states),
        weakest=weakest_dimension(found, rows),
        rates={r["community_code"]: dimension_rates(found, r) for r in rows},
        scale=scale(rows, found.thresholds),
        decided=decided(viewer, store, year),
        whole=whole,
        outlines=outlines,
        degrees=degrees,
    )


def _outlines(store: Store | None, codes: Collection[str]) -> tuple[Mapping[str, tuple[Area, ...]], bool]:
    """What the map that is kept has of these communities, and whether it is in degrees."""
    if store is None:
        return {}, True
    with store.read() as conn:
        found = kept_map(conn)
    if found is None:
        return {}, True
    return {code: areas for code, areas in found.outlines.items() if code in codes}, found.degrees


def ordered(rows: Sequence[Row], sort: str) -> tuple[Row, ...]:
    """League order: by total; a community without one stands where its two parts would put it."""
    if sort == "register":
        return tuple(rows)
    keys = {"objective": "objective", "subjective": "subjective", "change": "change_objective"}

    def value(row: Row) -> float:
        if sort in keys:
            return -1e9 if row[keys[sort]] is None else float(row[keys[sort]])
        if row["total"] is not None:
            return float(row["total"])
        return -1e9 if row["objective"] is None or row["subjective"] is None else row["objective"] + row["subjective"]

    return tuple(sorted(rows, key=lambda r: -value(r)))


def targets(
    year: Year, rows: Sequence[Row], states: Mapping[str, str], *, archived: bool = False
) -> tuple[Target, ...]:
    """Every target of the scheme, lowest star first; a vetoed community does not reach one, one without a star may.

    An archived street counts the titles, any other the calculation.
    """
    out = []
    if archived:
        held, unknown = [title_of(r) for r in rows], 0
    else:
        held = [None if states[r["community_code"]] != "rated" else r["star"] for r in rows]
        unknown = sum(states[r["community_code"]] != "vetoed" and r["star"] is None for r in rows)
    for goal in sorted(year.meta["targets"], key=lambda t: int(t["star"])):
        star = int(goal["star"])
        reached = sum(one is not None and one >= star for one in held)
        wanted = required(float(goal["share"]), len(rows))
        out.append(Target(star, float(goal["share"]), wanted, reached, len(rows), unknown))
    return tuple(out)


def title_of(row: Row) -> float | None:
    """The star held at the end of a year: as decided, else the title that the community came with; none under a veto."""
    if row["status"] == "vetoed":
        return None
    found = row.get("title_before") if row["star_awarded"] is None else row["star_awarded"]
    return None if found is None else float(found)


def nearest_to_next(rows: Sequence[Row], states: Mapping[str, str]) -> Row | None:
    """The rated community that is closest below its next star, if its star is borderline or the gap is small."""
    close = [
        r
        for r in rows
        if states[r["community_code"]] == "rated" and r["star_next_gap"] is not None and 0 < r["star_next_gap"] <= 10
    ]
    return min(close, key=lambda r: float(r["star_next_gap"]), default=None)


def weakest_dimension(year: Year, rows: Sequence[Row]) -> Mapping[str, Any] | None:
    """The dimension in which the communities together lose most of the points there are."""
    lost: dict[str, float] = {}
    for dimension in year.meta["dimensions"]:
        code = dimension["code"]
        full = float(dimension["objective_points"]) + float(dimension["subjective_points"])
        sums = [_whole(r, code, dimension) for r in rows]
        lost[code] = sum(full - s for s in sums if s is not None)
    worst = max(lost, key=lambda c: lost[c], default=None)
    if worst is None or lost[worst] <= 0:
        return None
    return next(d for d in year.meta["dimensions"] if d["code"] == worst)


def _whole(row: Row, code: str, dimension: Mapping[str, Any]) -> float | None:
    """Points of both parts in one dimension; None if a part that carries points is unknown or may not be shown."""
    value = 0.0
    for part in ("objective", "subjective"):
        if not dimension[f"{part}_points"]:
            continue
        got = row.get(f"{part}_{code}")
        if got is None or (part == "subjective" and (row["n"] or 0) < limits.TOTALS_BELOW):
            return None
        value += float(got)
    return value


def dimension_rates(year: Year, row: Row) -> dict[str, float | None]:
    """Share of the points won, 0–1, by dimension."""
    rates: dict[str, float | None] = {}
    for dimension in year.meta["dimensions"]:
        full = float(dimension["objective_points"]) + float(dimension["subjective_points"])
        got = _whole(row, dimension["code"], dimension)
        rates[dimension["code"]] = None if got is None or not full else got / full
    return rates


def span(row: Row) -> tuple[float | None, float | None, float | None]:
    """Total with its interval; for a community that is not rated, where its two parts would put it."""
    if row["total"] is not None:
        return row["total"], row["total_low"], row["total_high"]
    if row["objective"] is None or row["subjective"] is None:
        return None, None, None
    base = row["objective"]
    low, high = row["subjective_low"], row["subjective_high"]
    whole = base + row["subjective"]
    return whole, None if low is None else base + low, None if high is None else base + high


def scale(rows: Sequence[Row], thresholds: Sequence[float]) -> tuple[float, float]:
    """Ends of the axis: all intervals and all star bands, with a margin, on multiples of ten."""
    seen = [v for r in rows for v in span(r) if v is not None]
    low = min([*seen, thresholds[0] - 30 if thresholds else 0])
    high = max([*seen, thresholds[-1] + 30 if thresholds else 1000])
    return (low - 8) // 10 * 10, -(-(high + 8) // 10) * 10


def year_archive(viewer: Viewer, source: Source, store: Store | None, year: int, street: str, lang: str) -> File:
    """The breakdown workbooks of all communities of one sub-district that the viewer sees; with that of the sub-district for who
    sees all of it."""
    found = read_year(viewer, source, year)
    street = found.street(street)
    said = decided(viewer, store, year)
    codes = [str(row["community_code"]) for row in found.of_street(street)]
    parts = workbooks(found.results, codes, lang, found.method_changes, said)
    if store is not None and may(viewer.at(year), "see_all"):
        parts += street_books(store, found.results, street, lang)
    data = archive_of(found.results, ((name, make()) for name, make in parts))
    sample = f"_{say(lang, 'dash_words.sample')}" if found.meta.get("sample") else ""
    return f"{safe_name(f'{year}_{street}{sample}')}.zip", data, ZIP
