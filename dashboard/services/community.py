"""One community: why it stands where it does, and what would lift it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from analysis.trends import trend_frame
from dashboard.access import Viewer
from dashboard.services.source import Source
from dashboard.services.street import SMALLEST_GROUP, Row, Year, area_from, broken, read_year, state_of

LOWEST_ITEMS = 5
MOST_LOSSES = 5


@dataclass(frozen=True)
class Part:
    """One dimension of one community beside the mean of its sub-district; None where unknown or suppressed."""

    dimension: Mapping[str, Any]
    objective: float | None
    subjective: float | None
    objective_mean: float | None
    subjective_mean: float | None

    @property
    def whole(self) -> float | None:
        """Both parts together, if every part that carries points is known."""
        parts = [(self.objective, "objective"), (self.subjective, "subjective")]
        needed = [value for value, name in parts if self.dimension[f"{name}_points"]]
        return None if any(v is None for v in needed) else sum(v for v in needed if v is not None)


@dataclass(frozen=True)
class Loss:
    """Points that an indicator or an item costs."""

    kind: str
    row: Row
    dimension: Mapping[str, Any] | None
    lost: float


@dataclass(frozen=True)
class Moment:
    """The total of one year; ``low`` and ``high`` None without an error.

    ``broken``: not comparable with the year before, so that no line leads here; ``area`` names those whose area came.
    """

    year: int
    total: float | None
    low: float | None
    high: float | None
    star: int | None
    broken: bool
    area: str = ""


@dataclass(frozen=True)
class Community:
    """Everything the community page shows."""

    year: Year
    row: Row
    state: str
    before: Row | None
    names: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    losses: tuple[Loss, ...]
    missing_indicators: int
    lowest: tuple[Row, ...]
    history: tuple[Moment, ...]
    earlier: tuple[tuple[str, tuple[Moment, ...]], ...]
    since: Row | None
    flow: Row | None
    sure: float | None

    @property
    def neighbours(self) -> tuple[str | None, str | None]:
        """Codes before and after this one in the register."""
        codes = [code for code, _ in self.names]
        at = codes.index(self.row["community_code"])
        return (codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None)


def community(viewer: Viewer, source: Source, year: int, code: str) -> Community:
    """One community in one year; raises Refused for an unknown year or community, or one out of scope."""
    found = read_year(viewer, source, year)
    row = found.community(code)
    street = found.of_street(row["sub_district"] or "")
    flows = found.results.rows("flow", code)
    return Community(
        year=found,
        row=row,
        state=state_of(row, int(found.meta["min_responses"])),
        before=_before(viewer, source, year, code),
        names=tuple((r["community_code"], r["community"]) for r in found.rows),
        parts=tuple(_part(d, row, street) for d in found.meta["dimensions"]),
        losses=losses(found, code)[:MOST_LOSSES],
        missing_indicators=sum(i["state"] == "missing" for i in found.results.rows("indicators", code)),
        lowest=lowest_items(found, code),
        history=history(viewer, source, code),
        earlier=earlier(viewer, source, found, code),
        since=since_start(source, year, code),
        flow=flows[0] if flows else None,
        sure=points_to_be_sure(row, found.thresholds),
    )


def _before(viewer: Viewer, source: Source, year: int, code: str) -> Row | None:
    if year - 1 not in source.years():
        return None
    rows = read_year(viewer, source, year - 1).rows
    return next((r for r in rows if r["community_code"] == code), None)


def _part(dimension: Mapping[str, Any], row: Row, street: Sequence[Row]) -> Part:
    code = dimension["code"]

    def average(column: str) -> float | None:
        values = [float(r[column]) for r in street if r.get(column) is not None]
        return mean(values) if values else None

    small = (row["n"] or 0) < SMALLEST_GROUP
    return Part(
        dimension,
        row.get(f"objective_{code}"),
        None if small else row.get(f"subjective_{code}"),
        average(f"objective_{code}"),
        average(f"subjective_{code}"),
    )


def losses(year: Year, code: str) -> tuple[Loss, ...]:
    """Indicators and items by the points they cost, most first."""
    dimensions = {d["code"]: d for d in year.meta["dimensions"]}
    found = [
        Loss(kind, row, dimensions.get(row["dimension"]), float(row["points_lost"]))
        for kind, frame in (("objective", "indicators"), ("subjective", "items"))
        for row in year.results.rows(frame, code)
        if row["points_lost"] is not None and row["points_lost"] > 0.005 and not _suppressed(kind, row)
    ]
    return tuple(sorted(found, key=lambda x: (-x.lost, x.kind, str(x.row.get("indicator") or x.row.get("item")))))


def _suppressed(kind: str, row: Row) -> bool:
    return kind == "subjective" and (row["n"] or 0) < SMALLEST_GROUP


def lowest_items(year: Year, code: str) -> tuple[Row, ...]:
    """The items with the lowest scores that have a distribution to show."""
    items = [
        r
        for r in year.results.rows("items", code)
        if r["score"] is not None and r["distribution"] and (r["n"] or 0) >= SMALLEST_GROUP
    ]
    return tuple(sorted(items, key=lambda r: (float(r["score"]), str(r["item"])))[:LOWEST_ITEMS])


def history(viewer: Viewer, source: Source, code: str) -> tuple[Moment, ...]:
    """The community's total in every year that knows it."""
    moments: list[Moment] = []
    scheme: tuple[Any, Any] | None = None
    last = 0
    for number in source.years():
        found = read_year(viewer, source, number)
        row = next((r for r in found.rows if r["community_code"] == code), None)
        if row is None:
            continue
        this = (found.meta["scheme"], found.meta["scheme_version"])
        other = scheme is not None and this != scheme and last != number - 1
        scheme, last = this, number
        star = None if row["star"] is None else int(row["star"])
        cut = bool(moments) and (other or broken(row))
        moments.append(Moment(number, row["total"], row["total_low"], row["total_high"], star, cut, area_from(row)))
    return tuple(moments)


def earlier(viewer: Viewer, source: Source, found: Year, code: str) -> tuple[tuple[str, tuple[Moment, ...]], ...]:
    """Name and totals of each community that went before this one, as far as the viewer sees them."""
    before = found.results.extra.get("lineage", {}).get(code, ())
    lines = [
        (str(p["name"]), tuple(m for m in history(viewer, source, p["code"]) if m.year < p["since"])) for p in before
    ]
    return tuple((name, moments) for name, moments in lines if moments)


def since_start(source: Source, year: int, code: str) -> Row | None:
    """What changed since the unbroken line of a community began; None in its first two years or without a number."""
    frame = trend_frame([source.results(y) for y in source.years() if y <= year])
    mine = frame[(frame["community_code"] == code) & (frame["year"] == year) & frame["since_subjective"].notna()]
    return {str(k): v for k, v in mine.iloc[0].items()} if len(mine) else None


def points_to_be_sure(row: Row, thresholds: Sequence[float]) -> float | None:
    """Points to gain so that the next star is reached with 95 % probability: gap + t(0.95, df) · se.

    None where there is no next star, no total or no standard error.
    """
    if row["total"] is None or row["subjective_se"] is None or row["subjective_df"] is None or row["star"] is None:
        return None
    star = int(row["star"])
    if star >= len(thresholds) or row["subjective_df"] <= 0:
        return None
    from scipy.stats import t

    exact = row["total_exact"] if row["total_exact"] is not None else row["total"]
    return float(thresholds[star] - exact + t.ppf(0.95, row["subjective_df"]) * row["subjective_se"])


def lift(found: Sequence[Loss], gap: float) -> tuple[str, int]:
    """What covers ``gap``: any single loss shown, the first alone, the first k together, or not even all."""
    if found and found[-1].lost >= gap:
        return "one", 1
    covered = 0.0
    for count, loss in enumerate(found, 1):
        covered += loss.lost
        if covered >= gap:
            return ("first" if count == 1 else "some"), count
    return "none", len(found)
