"""The command ``scheme draft``: a scheme out of an office's own annex, to look through before it is adopted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.scheme.drafting.draft_workbook import write_draft
from analysis.scheme.drafting.proposal import ProposedRow, draft_scheme
from analysis.scheme.rules.words import marks
from survey.commands.console import session_of
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.core.plain_table import PlainTable
from survey.files.input import read_input
from survey.files.read import read_sheets

_COLUMNS = (
    *("dimension", "level_1", "level_2", "level_3", "points", "clause", "rule", "parameters", "unit"),
    *("reading", "check", "source"),
)


def scheme_draft(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="ANNEX", help="scheme.argument.annex")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
) -> None:
    """Draft a scheme out of an indicator annex."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    draft = draft_scheme(file.name, read_sheets(file.name, read_input(file, limits.SMALL_UPLOAD_BYTES)))
    write_file(out, write_draft(draft, session.lang))
    session.show_findings(draft.findings)
    session.emit(
        PlainTable.of_rows([_shown(row, session.lang) for row in draft.rows], _COLUMNS),
        shown=["dimension", "level_2", "points", "clause", "reading", "check"],
        file=file.name,
    )
    for asked in draft.passed:
        session.tell(f"scheme_draft.{asked.key}", **asked.params)
    for asked in (one for checks in draft.checks.values() for one in checks):
        session.tell(f"scheme_draft.{asked.key}", **asked.params)
    done = {"n": len(draft.rows), "points": marks(draft.points), "open": draft.open}
    session.tell("scheme_draft.done", path=str(out), **done)


def _shown(row: ProposedRow, lang: str) -> dict[str, str | float | None]:
    said = {"clause": row.line.texts["scoring"] or row.line.texts["text"], "reading": row.reading[lang]}
    said["check"] = row.check(lang)
    return {key: ({**row.cells, **said}).get(key) or None for key in _COLUMNS}
