"""Commands of the register of communities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from survey.commands.console import session_of
from survey.commands.finding_options import DecisionsFile, FindingsFile, given_for, listing
from survey.commands.voice import user
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.core.errors import WrongUsage
from survey.core.plain_table import PlainTable
from survey.fieldwork.community_map import inspect_map, keep_map, kept_map, remove_map
from survey.fieldwork.geojson import corners
from survey.fieldwork.register_workbook.english_names import BESIDE
from survey.fieldwork.register_workbook.written_register import register_template, stored_register
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


def communities_map(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="cli.argument.map")] = None,
    by: Annotated[str, typer.Option("--by", metavar="PROPERTY", help="cli.option.map_by")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="cli.option.map_remove")] = False,
) -> None:
    """Keep the outlines of the communities for the map, show what is kept, or take it away."""
    session = session_of(context)
    if (remove and file) or ((by or dry_run) and not file):
        raise WrongUsage("cli.map_usage")
    with session.store() as store:
        if remove:
            session.tell("cli.map_removed" if remove_map(store, who=user()) else "cli.map_none")
            return
        if file is None:
            with store.read() as conn:
                found = kept_map(conn)
        else:
            found, findings = inspect_map(store, file.name, read_input(file, limits.MAP_BYTES), by)
            session.show_findings(findings)
            if not dry_run:
                keep_map(store, found, who=user())
        if found is None:
            session.tell("cli.map_none")
            return
        with store.read() as conn:
            known = register.communities(conn)
    session.emit(
        [
            {
                "community_code": one.code,
                "community": one.name,
                "areas": len(found.outlines[one.code]),
                "corners": corners(found.outlines[one.code]),
            }
            for one in known
            if one.code in found.outlines
        ],
        file=found.file,
        by=found.by,
        at=found.at,
    )


def communities_export(
    context: typer.Context, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")]
) -> None:
    """Write the stored register as a workbook that ``communities add`` takes back."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    with session.store() as store, store.read() as conn:
        data = stored_register(conn, session.lang)
    write_file(out, data, private=True)  # names as they were typed, for they are imported again
    session.tell("cli.written", path=str(out))


def communities_template(
    context: typer.Context, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")]
) -> None:
    """Write an empty register to fill in."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    write_file(out, register_template(session.lang))
    session.tell("cli.written", path=str(out))
