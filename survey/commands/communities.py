"""Commands of the register of communities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from survey.commands.console import session_of
from survey.commands.finding_options import DecisionsFile, FindingsFile, given_for, listing
from survey.core.disk import require_ending, write_file
from survey.core.plain_table import PlainTable
from survey.fieldwork.english_names import BESIDE
from survey.fieldwork.register_file import register_template
from survey.files.input import read_input
from survey.intake.register import commit_register, inspect_register
from survey.store import names_en
from survey.store.year import facts, register

FromYear = Annotated[int | None, typer.Option("--year", metavar="Y", min=1900, max=2100, help="cli.option.from_year")]
OfYear = Annotated[int | None, typer.Option("--year", metavar="Y", min=1900, max=2100, help="cli.option.of_year")]


def communities_add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.register")],
    decisions: DecisionsFile = None,
    findings_out: FindingsFile = None,
    year: FromYear = None,
) -> None:
    """Add a register workbook; all of it or nothing."""
    session = session_of(context)
    with listing(session, file, findings_out) as found:
        data, given = read_input(file), given_for(session, decisions, file)
        with session.store() as store:
            with store.read() as conn:
                known = register.communities(conn)
            seen = inspect_register(file.name, data, given, year=year, known=known)
            found[:] = seen.findings
            receipt = commit_register(store, seen)
            session.show_findings(receipt.findings)
            session.bring_up_to_date(store, receipt.years)
    session.emit(
        [
            {
                "file": file.name,
                "batch": receipt.batch,
                "added": receipt.added,
                "changed": receipt.changed,
                "population_rows": receipt.population_rows,
            }
        ]
    )


def communities_list(context: typer.Context, year: OfYear = None) -> None:
    """Show the register as it is now, or of a year."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        rows, english = register.communities(conn, year), names_en.stored(conn)
    columns = ["code", "name", "aliases", *(column for column in facts.DATED if column != "name")]
    data = [
        {c: "|".join(r.aliases) if c == "aliases" else getattr(r, c) for c in columns}
        | {key: english.get(getattr(r, of), "") for key, of in BESIDE.items()}
        for r in rows
    ]
    columns += BESIDE
    session.emit(PlainTable.of_rows(data, columns), shown=["code", "name", "sub_district", "adult_population", "type"])


def communities_template(
    context: typer.Context, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")]
) -> None:
    """Write an empty register to fill in."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    write_file(out, register_template(session.lang))
    session.tell("cli.written", path=str(out))
