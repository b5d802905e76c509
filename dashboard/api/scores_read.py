"""Results of a year as rows: what the pages show of them, for the same viewer, held back where it is held back there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.improvement.lost_points import reason
from analysis.sample.small_groups import parts
from analysis.scoring.results import FLOW_COLUMNS, FRAMES, INDICATOR_COLUMNS, ITEM_COLUMNS
from analysis.statistics.notes import note_text
from dashboard.api.declared import Asked, Table, gives
from dashboard.data.year import Row, Year, read_year, require_whole
from survey.core import limits
from survey.core.columns import CODE, DATE, FLAG, NUMBER, TEXT, WHOLE, Column, Columns, columns

_COMMUNITY = Column("community", TEXT)
_NOTES = (Column("note", CODE), Column("note_text", TEXT))
#: of an indicator what the year's calculation made of it; who entered it, and where it stood, tells the way back
_ENTERED = (
    "batch",
    "file",
    "sheet",
    "row",
    "entered_by",
    "entered_at",
    "change_reason",
    "reviewed_by",
    "review_reason",
)
YEARS = columns(
    Column("year", WHOLE),
    Column("scheme", CODE),
    Column("scheme_version", WHOLE),
    Column("data_version", WHOLE),
    Column("computed_at", DATE),
    Column("communities", WHOLE),
    Column("with_total", WHOLE),
    Column("provisional", FLAG),
    Column("closed", FLAG),
    Column("sample", FLAG),
    Column("illustrative", FLAG),
)
SCORES = FRAMES["scores"]
DIMENSIONS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("dimension", CODE),
    Column("name", TEXT),
    Column("objective", NUMBER),
    Column("objective_points", NUMBER),
    Column("subjective", NUMBER),
    Column("subjective_se", NUMBER),
    Column("subjective_points", NUMBER),
    *_NOTES,
)
ITEMS = ITEM_COLUMNS.after("community_code", _COMMUNITY) + columns(*_NOTES)
INDICATORS = Columns(tuple(c for c in INDICATOR_COLUMNS if c.name not in _ENTERED)).after(
    "community_code", _COMMUNITY
) + columns(Column("reason_text", TEXT, label="columns.reason"))
STREETS = FRAMES["streets"] + columns(Column("note_text", TEXT))
FLOW = FLOW_COLUMNS.after("community_code", _COMMUNITY)
_META = ("scheme", "scheme_version", "data_version", "computed_at", "sample", "illustrative")


@gives(YEARS)
def years(asked: Asked) -> Table:
    """Every year that has results, with what they rest on."""
    found = [read_year(asked.viewer, asked.source, year) for year in asked.source.years()]
    rows = [
        {
            **meta_of(one),
            "communities": len(one.rows),
            "with_total": sum(row["total"] is not None for row in one.rows),
        }
        for one in found
    ]
    return Table(rows)


@gives(SCORES)
def scores(asked: Asked) -> Table:
    """What ``score`` says: totals with their intervals, stars, ranks, changes, what was decided."""
    _, rows = _rows(asked)
    return Table([{**row, "note_text": _words(row, asked.lang)} for row in rows])


@gives(DIMENSIONS)
def dimensions(asked: Asked) -> Table:
    """Both parts of every dimension, of every community."""
    year, rows = _rows(asked)
    found = [_dimension(row, one, asked.lang) for row in rows for one in year.meta["dimensions"]]
    return Table([row for row in found if asked.fits(row, dimension="dimension")])


def _dimension(row: Row, dimension: Mapping[str, Any], lang: str) -> dict[str, Any]:
    code, few = dimension["code"], (row["n"] or 0) < limits.TOTALS_BELOW
    return {
        "community_code": row["community_code"],
        "community": row["community"],
        "dimension": code,
        "name": dimension[f"name_{lang}"] or dimension["name_zh"],
        "objective": row.get(f"objective_{code}"),
        "objective_points": dimension["objective_points"],
        "subjective": None if few else row.get(f"subjective_{code}"),
        "subjective_se": None if few else row.get(f"subjective_{code}_se"),
        "subjective_points": dimension["subjective_points"],
        "note": row.get("note"),
        "note_text": _words(row, lang),
    }


@gives(ITEMS)
def items(asked: Asked) -> Table:
    """Questions that count, with intervals and distributions; the notes are the community's."""
    return _of_frame(asked, "items", item="item", dimension="dimension")


@gives(INDICATORS)
def indicators(asked: Asked) -> Table:
    """Indicator values and the points that the rule made of them, with the reason in words."""
    found = _of_frame(asked, "indicators", indicator="indicator", dimension="dimension")
    rows = [{**row, "reason_text": reason({**row, "kind": "objective"}, asked.lang)} for row in found.rows]
    return Table(rows)


@gives(FLOW)
def flow(asked: Asked) -> Table:
    """What became of what was received."""
    found = _of_frame(asked, "flow")
    return Table([{**row, "modes": dict(parts(row["modes"] or {}))} for row in found.rows])


@gives(STREETS)
def streets(asked: Asked) -> Table:
    """The sums of every sub-district; for who sees all of it."""
    require_whole(asked.viewer, asked.source, asked.year)
    year = read_year(asked.viewer, asked.source, asked.year)
    found = [row for name in year.streets if (row := year.street_row(name)) is not None]
    rows = [{**row, "note_text": _words(row, asked.lang)} for row in found]
    return Table([row for row in rows if asked.fits(row, street="sub_district")])


def meta_of(year: Year) -> dict[str, Any]:
    """What results rest on."""
    told = {name: year.meta.get(name) for name in _META}
    closed = bool(year.results.extra.get("cycle", {}).get("closed"))
    return {"year": int(year.meta["year"]), **told, "provisional": year.provisional, "closed": closed}


def _rows(asked: Asked) -> tuple[Year, Sequence[Row]]:
    """The year, and the score rows of the community or the street that was asked for."""
    year = read_year(asked.viewer, asked.source, asked.year)
    if code := asked.text("community"):
        return year, (year.community(code),)
    if "street" in asked.given:
        return year, year.of_street(year.street(asked.text("street")))
    return year, year.rows


def _of_frame(asked: Asked, frame: str, **filters: str) -> Table:
    year, rows = _rows(asked)
    places = {row["community_code"]: row for row in rows}
    found = [
        {
            **row,
            "community": places[row["community_code"]]["community"],
            "note": places[row["community_code"]].get("note"),
            "note_text": _words(places[row["community_code"]], asked.lang),
        }
        for row in year.results.rows(frame)
        if row["community_code"] in places and asked.fits(row, **filters)
    ]
    return Table(found)


def _words(row: Row, lang: str) -> str | None:
    return note_text(row["note"], lang) if row.get("note") else None
