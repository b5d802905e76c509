"""Commands of the telephone records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from survey.commands.console import Session
from survey.commands.finding_options import DecisionsFile, FindingsFile, given_for, listing
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.input import read_input
from survey.form.dispositions import Outcomes, class_label
from survey.intake.calls import CallOptions, commit_calls, inspect_calls, refusal
from survey.store.intake import calls as stored

_COUNTS = ("rows", "stored", "duplicates", "refused_rows", "refused_cells", "not_called", "left_out")


def calls_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="calls.argument.file")],
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cli.option.year")
    ] = None,
    questionnaire: Annotated[str, typer.Option("--questionnaire", metavar="N", help="calls.option.questionnaire")] = "",
    community: Annotated[str | None, typer.Option("--community", metavar="C", help="cli.option.community")] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="S", help="calls.option.sheet")] = None,
    delimiter: Annotated[str | None, typer.Option("--delimiter", metavar="D", help="cli.option.delimiter")] = None,
    decisions: DecisionsFile = None,
    findings_out: FindingsFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
    accept_partial: Annotated[bool, typer.Option("--accept-partial", help="cli.option.accept_partial")] = False,
) -> None:
    """Bring a file of call records into the store."""
    session: Session = context.obj
    data = read_input(file)
    with listing(session, file, findings_out) as found, session.store() as store:
        options = CallOptions(year, questionnaire, community, sheet, delimiter, given_for(session, decisions, file))
        with session.progress(1) as steps, steps.following(file.name, len(data)):
            inspection = inspect_calls(store, file.name, data, options)
        found[:] = inspection.findings
        error = refusal(inspection, accept_partial=accept_partial)
        if error is not None:
            raise error
        session.show_findings(inspection.findings)
        receipt = None if dry_run else commit_calls(store, inspection, accept_partial=accept_partial)
        counts = {**inspection.counts, "stored": receipt.stored if receipt else 0}
        session.tell(
            "calls.would_store" if dry_run else "calls.stored",
            n=counts["storable"],
            refused=counts["refused_rows"],
            duplicates=counts["duplicates"],
        )
        if receipt:
            session.bring_up_to_date(store, {int(y) for y in inspection.frame["year"]})
    session.emit(
        [
            {
                "file": file.name,
                "sheet": inspection.sheet,
                "batch": receipt.batch if receipt else None,
                **{name: counts[name] for name in _COUNTS},
            }
        ]
    )
    if counts["refused_rows"] or counts["refused_cells"]:
        raise typer.Exit(4)


def calls_list(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")] = None,
) -> None:
    """Show what the people called came to, by community and outcome."""
    session: Session = context.obj
    table = Outcomes()
    with session.store() as store, store.read() as conn:
        wanted = stored.years_with_calls(conn) if year is None else [year]
        found = [stored.outcomes(conn, one, table).assign(year=one) for one in wanted]
    rows: list[dict[str, Any]] = [
        {
            **{str(k): v for k, v in row.items()},
            "label": table.by_code[row["outcome"]].label(session.lang) if row["outcome"] in table.by_code else "",
            "class": class_label(row["aapor"], session.lang) if row["aapor"] else "",
        }
        for frame in found
        for row in frame.to_dict("records")
    ]
    columns = ["year", "questionnaire", "community_code", "community", "outcome", "label", "aapor", "class", "n"]
    session.emit(pd.DataFrame(rows, columns=columns), shown=["year", "community", "outcome", "label", "class", "n"])
