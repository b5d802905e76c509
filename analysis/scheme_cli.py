"""Commands of the 1000-point scheme: check, add, show, write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from analysis.scheme import default_scheme, read_scheme, write_scheme
from analysis.scheme.serial import from_dict, to_dict
from survey.cli import session_of
from survey.console import read_input
from survey.disk import require_ending, write_file
from survey.errors import Refused
from survey.importing import finding_table
from survey.store import audit, schemes

app = typer.Typer(no_args_is_help=True, help="cli.help.scheme")


@app.command("check", help="cli.help.scheme_check")
def scheme_check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.scheme_file")]
) -> None:
    """Check a scheme workbook and list all problems."""
    session = session_of(context)
    read, findings = read_scheme(file.name, read_input(file))
    session.emit(finding_table(file.name, findings, session.lang), shown=["where", "level", "message"],
                 file=file.name)  # fmt: skip
    if read is None:
        raise Refused("cli.scheme_refused", file=file.name, n=sum(f.level == "refuse" for f in findings))
    session.tell("cli.scheme_good", file=file.name, n=len(read.scored_indicators), points=f"{read.full_marks:g}")


@app.command("add", help="cli.help.scheme_add")
def scheme_add(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.scheme_file")]
) -> None:
    """Add a scheme; a changed one becomes a new version."""
    session = session_of(context)
    data = read_input(file)
    read, findings = read_scheme(file.name, data)
    if read is None:
        raise Refused("cli.scheme_refused", findings=findings, file=file.name,
                      n=sum(f.level == "refuse" for f in findings))  # fmt: skip
    session.show_findings(findings)
    with session.store() as store, store.write() as conn:
        stored = schemes.add(conn, read.code, read.first_year, to_dict(read), data)
        audit.record(conn, "", "scheme add", stored.code, {"version": stored.version, "file": file.name})
    session.emit([{"code": stored.code, "version": stored.version, "first_year": stored.first_year,
                   "indicators": len(read.scored_indicators), "points": read.full_marks}])  # fmt: skip


@app.command("show", help="cli.help.scheme_show")
def scheme_show(
    context: typer.Context,
    year: Annotated[int | None, typer.Argument(metavar="[YEAR]", help="cli.argument.year")] = None,
) -> None:
    """Show the scheme of a year, or all schemes."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        if year is None:
            known = [{"code": s.code, "version": s.version, "first_year": s.first_year,
                     "name": from_dict(s.definition).names.get(session.lang, s.code)}
                    for s in schemes.listing(conn)]  # fmt: skip
            session.emit(pd.DataFrame(known, columns=["code", "version", "first_year", "name"]))
            return
        chosen = from_dict(schemes.applicable(conn, year).definition)
    rows: list[dict[str, Any]] = [
        {"dimension": i.dimension, "code": i.code, "name": i.names.get(session.lang, i.code), "points": i.points,
         "rule": i.rule, "parameters": i.parameters, "unit": i.unit, "methods": i.methods, "office": i.office}
        for i in chosen.scored_indicators
    ]  # fmt: skip
    session.emit(pd.DataFrame(rows), shown=["dimension", "code", "name", "points", "rule", "parameters"],
                 scheme=chosen.code, year=year, illustrative=chosen.illustrative)  # fmt: skip


@app.command("template", help="cli.help.scheme_template")
def scheme_template(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
    code: Annotated[str | None, typer.Option("--scheme", metavar="CODE", help="scheme.option.code")] = None,
    annex: Annotated[bool, typer.Option("--annex", help="scheme.option.annex")] = False,
    sums: Annotated[bool, typer.Option("--sums", help="scheme.option.sums")] = False,
) -> None:
    """Write a scheme as a workbook to change: the default one, one of the store, or one without indicators."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    chosen = default_scheme()
    if code is not None:
        with session.store() as store, store.read() as conn:
            chosen = from_dict(schemes.get(conn, code).definition)
    write_file(out, write_scheme(chosen, session.lang, annex=annex, sums=sums or annex))
    session.tell("cli.written", path=str(out))
