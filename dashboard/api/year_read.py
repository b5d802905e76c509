"""What belongs to a year beside its results: register, scheme, the cycle and its decisions, tasks, and what was imported."""

from __future__ import annotations

from typing import Any

from analysis.awards.verdicts import VERDICT_COLUMNS, verdict_columns
from analysis.improvement.task_list import FRAME, task_frame
from analysis.publication import cycle_table
from analysis.publication.cycle_table import STEP_COLUMNS
from analysis.publication.scheme_versions import VERSION_COLUMNS, version_rows
from analysis.scheme.model import Scheme
from analysis.scoring.results import records
from dashboard.api.declared import Asked, Table, gives
from dashboard.data.decided import decided
from dashboard.data.definitions import seen_scheme
from dashboard.data.year import read_year
from dashboard.pages.imports.service import import_history
from dashboard.pages.tasks.service import year_tasks
from dashboard.web.access import Viewer, require
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.store import settings
from survey.store.year import register, schemes

REGISTER = columns(
    Column("code", CODE),
    Column("name", TEXT),
    Column("aliases", TEXT),
    Column("sub_district", TEXT),
    Column("district", TEXT),
    Column("adult_population", WHOLE),
    Column("type", TEXT),
    Column("feature", TEXT),
    Column("valid_from", DATE),
    Column("valid_to", DATE),
    Column("successor", TEXT),
)
INDICATORS = columns(
    Column("dimension", CODE),
    Column("code", CODE),
    Column("name", TEXT),
    Column("points", NUMBER),
    Column("rule", CODE),
    Column("parameters", TEXT),
    Column("unit", CODE),
    Column("methods", TEXT),
    Column("office", TEXT),
)
DECISIONS = (
    columns(Column("community_code", CODE), Column("community", TEXT), Column("year", WHOLE), Column("status", CODE))
    + VERDICT_COLUMNS
)
BATCHES = columns(
    Column("batch", WHOLE),
    Column("kind", CODE),
    Column("target", CODE),
    Column("file", TEXT),
    Column("sheet", TEXT),
    Column("state", CODE),
    Column("created_at", DATE),
    Column("who", TEXT),
    Column("sample_type", CODE),
    Column("rows", WHOLE),
    Column("stored", WHOLE),
    Column("duplicates", WHOLE),
    Column("refused_rows", WHOLE),
    Column("refused_cells", WHOLE),
)


@gives(REGISTER)
def communities(asked: Asked) -> Table:
    """The register as it is now, or of a year, of the communities in scope."""
    year = asked.given.get("year")
    require(asked.viewer, "see", year=year)
    here = asked.viewer.at(year)
    with asked.stored.read() as conn:
        known = [one for one in register.communities(conn, year) if here.sees(one.code)]
    rows = [
        {name: getattr(one, name) for name in REGISTER.names} | {"aliases": "|".join(one.aliases) or None}
        for one in known
    ]
    rows = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    return Table([row for row in rows if asked.fits(row, street="sub_district", community="code")], {"year": year})


@gives(VERSION_COLUMNS)
def scheme_list(asked: Asked) -> Table:
    """Every version of every scheme."""
    require(asked.viewer, "see")
    with asked.stored.read() as conn:
        return Table(version_rows(conn, asked.lang))


@gives(INDICATORS)
def scheme(asked: Asked) -> Table:
    """The indicators of a year's scheme; its dimensions and stars in ``meta``."""
    require(asked.viewer, "see")
    with asked.stored.read() as conn:
        stored = schemes.applicable(conn, asked.year)
        found = seen_scheme(asked.viewer, conn, stored.definition)
    rows = [
        {
            **{name: getattr(one, name) for name in INDICATORS.names if name not in ("name", "parameters", "methods")},
            "name": one.names.get(asked.lang, one.code),
            "parameters": str(one.parameters or "") or None,
            "methods": str(one.methods or "") or None,
        }
        for one in found.scored_indicators
    ]
    return Table(
        [row for row in rows if asked.fits(row, dimension="dimension")],
        {"scheme": stored.code, "scheme_version": stored.version, **_scheme(found, asked.lang)},
    )


def _scheme(found: Scheme, lang: str) -> dict[str, Any]:
    kinds = [
        {
            "code": one.code,
            "name": one.names.get(lang, one.code),
            "objective_points": one.objective_points,
            "subjective_points": one.subjective_points,
            "lead_office": one.lead_office or None,
        }
        for one in found.dimensions
    ]
    return {
        "name": found.names.get(lang, found.code),
        "illustrative": found.illustrative,
        "dimensions": kinds,
        "stars": [{"star": s.star, "minimum": s.minimum} for s in found.stars],
    }


@gives(cycle_table.COLUMNS)
def status(asked: Asked) -> Table:
    """Where every community stands in the year's cycle."""
    here = _here(asked)
    frame = cycle_table.cycle_table(cycle_table.read_cycle(asked.stored, asked.year))
    rows = [row for row in records(frame) if here.sees(str(row["community_code"]))]
    return Table(_asked_for(rows, asked))


@gives(STEP_COLUMNS)
def steps(asked: Asked) -> Table:
    """The log of the year's cycle, oldest first: what is of the whole street, and of the communities in scope."""
    here = _here(asked)
    with asked.stored.read() as conn:
        frame = cycle_table.steps_table(conn, asked.year)
    rows = [row for row in records(frame) if not row["community_code"] or here.sees(str(row["community_code"]))]
    return Table(_asked_for(rows, asked))


@gives(DECISIONS)
def decisions(asked: Asked) -> Table:
    """What was decided, named and paid; money only for who sees the street's."""
    year = read_year(asked.viewer, asked.source, asked.year)
    said = decided(asked.viewer, asked.store, asked.year)
    rows = [
        {
            "community_code": row["community_code"],
            "community": row["community"],
            "sub_district": row["sub_district"],
            "year": asked.year,
            "status": said[row["community_code"]].status,
            **verdict_columns(said[row["community_code"]]),
        }
        for row in year.rows
        if row["community_code"] in said
    ]
    return Table([{k: v for k, v in row.items() if k != "sub_district"} for row in _asked_for(rows, asked)])


@gives(FRAME)
def tasks(asked: Asked) -> Table:
    """Every lost point with what its office entered and what came of it."""
    seen = read_year(asked.viewer, asked.source, asked.year)
    code = asked.text("community")
    streets = [""] if code else [asked.text("street")] if "street" in asked.given else list(seen.streets)
    found = []
    for street in streets:
        given = {"office": asked.text("office"), "code": code, "state": asked.text("state"), "street": street}
        found += year_tasks(asked.viewer, asked.source, asked.store, asked.year, **given).rows
    return Table(records(task_frame(found, asked.lang)))


@gives(BATCHES)
def batches(asked: Asked) -> Table:
    """What was imported of the communities in scope alone, the newest first."""
    found = import_history.listing(asked.viewer, asked.stored, most=2**31)
    with asked.stored.read() as conn:
        when = {one.id: settings.local(conn, one.created_at) for one in found}
    counted = ("rows", "stored", "duplicates", "refused_rows", "refused_cells")
    rows = [
        {
            **{name: getattr(one, name) for name in ("kind", "target", "file", "sheet", "state", "who", "sample_type")},
            "batch": one.id,
            "created_at": when[one.id],
            **{name: one.counts.get(name) for name in counted},
        }
        for one in found
    ]
    return Table([row for row in rows if asked.fits(row, kind="kind", state="state")])


def _here(asked: Asked) -> Viewer:
    """The viewer by the register of the year."""
    require(asked.viewer, "see", year=asked.year)
    return asked.viewer.at(asked.year)


def _asked_for(rows: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """The rows of a community or a street; raises Refused for a community that is none of the year's, or not in scope."""
    if asked.text("community") and not _here(asked).sees(asked.text("community")):
        raise Refused("dash_errors.unknown_community", community=asked.text("community"), year=asked.year)
    return [row for row in rows if asked.fits(row, community="community_code", street="sub_district")]
