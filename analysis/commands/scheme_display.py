"""The command ``scheme show``: the scheme of a year, or all schemes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from analysis.scheme.serial import from_dict
from survey.commands.console import session_of
from survey.core.plain_table import PlainTable
from survey.store.year import schemes


def scheme_show(
    context: typer.Context,
    year: Annotated[int | None, typer.Argument(metavar="[YEAR]", help="cli.argument.year")] = None,
) -> None:
    """Show the scheme of a year, or all schemes."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        if year is None:
            known = [
                {
                    "code": s.code,
                    "version": s.version,
                    "first_year": s.first_year,
                    "name": from_dict(s.definition).names.get(session.lang, s.code),
                }
                for s in schemes.listing(conn)
            ]
            session.emit(PlainTable.of_rows(known, ["code", "version", "first_year", "name"]))
            return
        chosen = from_dict(schemes.applicable(conn, year).definition)
    comma = session.say("awards.comma")
    for kind in chosen.dimensions:
        session.tell(
            "scheme.shown_type",
            name=kind.names.get(session.lang, kind.code),
            code=kind.code,
            objective=f"{kind.objective_points:g}",
            subjective=f"{kind.subjective_points:g}",
            lead=kind.lead_office or "—",
            offices=comma.join(kind.responsible_offices) or "—",
        )
    rows: list[dict[str, Any]] = [
        {
            "dimension": i.dimension,
            "code": i.code,
            "name": i.names.get(session.lang, i.code),
            "points": i.points,
            "rule": i.rule,
            "parameters": i.parameters,
            "unit": i.unit,
            "methods": i.methods,
            "office": i.office,
        }
        for i in chosen.scored_indicators
    ]
    session.emit(
        rows,
        shown=["dimension", "code", "name", "points", "rule", "parameters"],
        scheme=chosen.code,
        year=year,
        illustrative=chosen.illustrative,
    )
