"""Commands of the 1000-point scheme: check, add, show, write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.exports.flat_files import write_table
from analysis.publication import scheme_versions as versions
from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_names, left_out
from analysis.scheme import default_scheme
from analysis.scheme.difference import differences
from analysis.scheme.serial import from_dict
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from analysis.tables.scheme_comparison import against
from survey.commands.console import session_of
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.core.plain_table import PlainTable
from survey.decisions.finding_rows import TABLE_COLUMNS, finding_rows
from survey.files.input import read_input
from survey.store.year import schemes


def scheme_check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.scheme_file")]
) -> None:
    """Check a scheme workbook and list all problems."""
    session = session_of(context)
    read, findings = read_scheme(file.name, read_input(file, limits.SMALL_UPLOAD_BYTES))
    session.emit(
        PlainTable.of_rows(finding_rows(file.name, findings, session.lang), TABLE_COLUMNS),
        shown=["where", "level", "message"],
        file=file.name,
    )
    if read is None:
        raise Refused("cli.scheme_refused", file=file.name, n=sum(f.level == "refuse" for f in findings))
    session.tell("cli.scheme_good", file=file.name, n=len(read.scored_indicators), points=f"{read.full_marks:g}")


def scheme_add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.scheme_file")],
    author: Annotated[str, typer.Option("--author", metavar="A", help="scheme.option.author")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="scheme.option.reason")] = "",
) -> None:
    """Add a scheme; a changed one becomes a new version."""
    session = session_of(context)
    data = read_input(file, limits.SMALL_UPLOAD_BYTES)
    read, findings = read_scheme(file.name, data)
    if read is None:
        raise Refused(
            "cli.scheme_refused", findings=findings, file=file.name, n=sum(f.level == "refuse" for f in findings)
        )
    session.show_findings(findings)
    with session.store() as store:
        with store.read() as conn:
            earlier = versions.newest(conn, read.code)
        stored = versions.put(store, read, data, file=file.name, author=author, reason=reason)
        with store.read() as conn:
            session.show_findings(versions.strangers(conn, read))
    if earlier is not None:
        changes = differences(from_dict(earlier.definition), read)
        same = stored.version == earlier.version
        session.tell(f"scheme_diff.{'kept' if same else 'against'}", version=earlier.version, n=len(changes))
        for change in () if same else changes:
            session.write_line(f"  {change.word(session.lang)}")
    session.emit(
        [
            {
                "code": stored.code,
                "version": stored.version,
                "first_year": stored.first_year,
                "indicators": len(read.scored_indicators),
                "points": read.full_marks,
                "after_fieldwork": ", ".join(str(line["year"]) for line in stored.after_fieldwork),
            }
        ]
    )


def scheme_versions(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="scheme.argument.versions")] = None,
) -> None:
    """List versions with author and reason."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        if code is not None:
            schemes.get(conn, code)
        rows = versions.version_rows(conn, session.lang, code)
    session.emit(
        pd.DataFrame(rows, columns=list(versions.VERSION_COLUMNS.names)),
        shown=["code", "version", "first_year", "added_at", "author", "reason", "after_fieldwork"],
    )


def scheme_diff(
    context: typer.Context,
    one: Annotated[str, typer.Argument(metavar="A", help="scheme.argument.version")],
    other: Annotated[str, typer.Argument(metavar="B", help="scheme.argument.version")],
) -> None:
    """Tell the differences between two versions."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        changes = versions.between(conn, one, other)
    if not changes:
        session.tell("scheme_diff.same")
    rows = [
        {
            "part": c.part,
            "code": c.code,
            "field": c.field,
            "before": (c.before or {}).get(session.lang),
            "after": (c.after or {}).get(session.lang),
            "locked": c.locked,
            "text": c.word(session.lang),
        }
        for c in changes
    ]
    columns = ["part", "code", "field", "before", "after", "locked", "text"]
    session.emit(pd.DataFrame(rows, columns=columns), shown=["text"], one=one, other=other)


def scheme_against(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="scheme.argument.other")],
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="scheme.option.year")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="scheme.option.out")] = None,
) -> None:
    """The year under another scheme, beside its own results."""
    session = session_of(context)
    with session.store() as store:
        with store.read() as conn:
            known = snapshots.data_years(conn)
        if not known:
            raise Refused("publishing.no_data")
        own, other, frame = against(store, known[-1] if year is None else year, name)
        if late := late_names(own):
            told = left_out(own.meta["year"], late)
            session.tell(told[0], **told[1])
    meta = {"year": own.meta["year"], "scheme": own.meta["scheme"], "other": other.meta["scheme"], "what_if": True}
    if out is not None:
        write_table(frame, out, {"lang": session.lang, **meta})
        session.tell("cli.written", path=str(out))
        return
    shown = ["community", "total", "total_other", "total_change", "star", "star_other", "rank", "rank_other"]
    session.emit(frame, shown=shown, **meta)


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
