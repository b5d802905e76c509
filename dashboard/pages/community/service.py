"""One community: why it stands where it does, and what would lift it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

import pandas as pd

from analysis.awards import year as awards_year
from analysis.awards.verdicts import VERDICT_COLUMNS, Verdict, verdict_columns
from analysis.exports.files import file_name, safe_name
from analysis.exports.workbook import community_workbook
from analysis.improvement.lost_points import lines_of, loss_frame, lowest_items
from analysis.improvement.next_star import Lift, lifts
from analysis.tables.trends import trend_frame
from dashboard.data.decided import decided, decided_years
from dashboard.data.files import XLSX, File, table
from dashboard.data.history import Moment, history
from dashboard.data.results import Source
from dashboard.data.same_type import type_averages, type_row
from dashboard.data.year import Row, Year, read_year, require_whole, state_of
from dashboard.figures.code_words import code_words
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer
from survey.core import limits
from survey.core.columns import NUMBER, TEXT, Column, columns
from survey.core.columns import WHOLE as COUNT
from survey.core.lang import say
from survey.store import Store

#: a community's totals over the years, and what was decided in each, as a table to take away
TREND = (
    columns(
        Column("community", TEXT),
        Column("year", COUNT),
        Column("total", NUMBER),
        Column("total_low", NUMBER),
        Column("total_high", NUMBER),
        Column("star", COUNT),
    )
    + VERDICT_COLUMNS
)
LOWEST_ITEMS = 5
MOST_LOSSES = 5
#: shares of n respondents are kept to about 16 digits
WHOLE = 1e-6


@dataclass(frozen=True)
class Part:
    """One dimension of one community beside the mean of its sub-district and that of its type (``…_alike``); None where
    unknown or suppressed."""

    dimension: Mapping[str, Any]
    objective: float | None
    subjective: float | None
    objective_mean: float | None
    subjective_mean: float | None
    objective_alike: float | None = None
    subjective_alike: float | None = None

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
    way: Lift | None
    kind: Row | None
    decided: Mapping[int, Verdict]

    @property
    def verdict(self) -> Verdict | None:
        """What was decided of the community in the year shown."""
        return self.decided.get(int(self.row["year"]))

    @property
    def shown(self) -> tuple[Loss, ...]:
        """The losses that the page lists."""
        return self.losses[:MOST_LOSSES]

    @property
    def neighbours(self) -> tuple[str | None, str | None]:
        """Codes before and after this one in the register."""
        codes = [code for code, _ in self.names]
        at = codes.index(self.row["community_code"])
        return (codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None)


def community(viewer: Viewer, source: Source, year: int, code: str, store: Store | None = None) -> Community:
    """One community in one year; raises Refused for an unknown year or community, or one out of scope."""
    found = read_year(viewer, source, year)
    row = found.community(code)
    street = found.of_street(row["sub_district"] or "")
    flows = found.results.rows("flow", code)
    lost, way = losses(found, code)
    kind = type_row(found, code)
    alike = type_averages(found, code)
    return Community(
        year=found,
        row=row,
        state=state_of(row, int(found.meta["min_responses"])),
        before=_before(viewer, source, year, code),
        names=tuple((r["community_code"], r["community"]) for r in found.rows),
        parts=tuple(_part(d, row, street, alike) for d in found.meta["dimensions"]),
        losses=lost,
        missing_indicators=sum(i["state"] == "missing" for i in found.results.rows("indicators", code)),
        lowest=tuple(lowest_items(found.results, code, LOWEST_ITEMS)),
        history=history(viewer, source, code),
        earlier=earlier(viewer, source, found, code),
        since=since_start(source, year, code),
        flow=flows[0] if flows else None,
        way=way,
        kind=kind,
        decided=decided_years(viewer, source, store, code),
    )


def _before(viewer: Viewer, source: Source, year: int, code: str) -> Row | None:
    if year - 1 not in source.years():
        return None
    rows = read_year(viewer, source, year - 1).rows
    return next((r for r in rows if r["community_code"] == code), None)


def _few(row: Row) -> bool:
    """Whether too few answered for anything but totals; nor may an average over few communities give it away."""
    return (row["n"] or 0) < limits.TOTALS_BELOW


def _part(dimension: Mapping[str, Any], row: Row, street: Sequence[Row], alike: Mapping[str, float]) -> Part:
    code = dimension["code"]

    def average(column: str) -> float | None:
        shown = street if column.startswith("objective") else [r for r in street if not _few(r)]
        values = [float(r[column]) for r in shown if r.get(column) is not None]
        return mean(values) if values else None

    small = _few(row)
    return Part(
        dimension,
        row.get(f"objective_{code}"),
        None if small else row.get(f"subjective_{code}"),
        average(f"objective_{code}"),
        average(f"subjective_{code}"),
        alike.get(f"objective_{code}"),
        alike.get(f"subjective_{code}"),
    )


def losses(year: Year, code: str) -> tuple[tuple[Loss, ...], Lift | None]:
    """Indicators and items by the points they cost, most first, and the way to the next star."""
    dimensions = {d["code"]: d for d in year.meta["dimensions"]}
    frame = loss_frame(year.results)
    rows = lines_of(frame[frame["community_code"] == code])
    found = tuple(Loss(r["kind"], r, dimensions.get(r["dimension"]), float(r["points_lost"])) for r in rows)
    return found, lifts(year.results, frame).get(code)


def weighted(items: Sequence[Row]) -> bool:
    """Whether weights stand behind the shares shown: without any, each is a whole number of its respondents."""
    people = [float(piece["share"]) * float(item["n"]) for item in items for piece in item["distribution"]]
    return any(abs(n - round(n)) > WHOLE for n in people)


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


def enough(found: Sequence[Loss], shown: int, way: Lift) -> tuple[str, int]:
    """What reaches the next star, of losses of which the first are ``shown``: any of those (``one``), the first alone
    (``first``), any of the first k (``any``), the first k together (``some``), k of all (``many``), or not even all.
    """
    singles = len(way.singles)
    if singles:
        return ("one" if singles >= shown else "first" if singles == 1 else "any"), singles
    if way.fewest is None:
        return "none", len(found)
    return ("some" if len(way.fewest) <= shown else "many"), len(way.fewest)


def next_award(viewer: Viewer, source: Source, store: Store, year: int, code: str, star: int) -> int | None:
    """Fen that being named with this star would pay a community; None where the scheme leaves it to be set."""
    require_whole(viewer, source, year)
    return awards_year.would_pay(store, year, {code: star})[code].amount


def breakdown(viewer: Viewer, source: Source, store: Store | None, year: int, code: str, lang: str) -> File:
    """One community's breakdown workbook."""
    found = read_year(viewer, source, year)
    found.community(code)
    said = decided(viewer, store, year).get(code)
    book = community_workbook(found.results, code, lang, found.method_changes, said)
    return file_name(found.results, code), book, XLSX


def trend(
    viewer: Viewer, source: Source, store: Store | None, year: int, code: str, lang: str, kind: str = "csv"
) -> File:
    """A community's totals over the years, and what was decided of it in each."""
    data = community(viewer, source, year, code)
    said = decided_years(viewer, source, store, code)
    rows = [
        {
            **{"community": data.row["community"], "year": m.year, "total": m.total},
            **{"total_low": m.low, "total_high": m.high, "star": m.star},
            **verdict_columns(said.get(m.year)),
        }
        for m in data.history
    ]
    name = f"{data.row['community']} {say(lang, 'page_community.history')}"
    shown = Shown(
        lang,
        name,
        TREND,
        ("due", "paid"),
        code_words(TREND, lang),
        sample=bool(data.year.meta.get("sample")),
        source=data.year.results,
    )
    return table(safe_name(name.replace(" ", "_")), pd.DataFrame(rows, columns=list(TREND.names)), kind, shown)
