"""The command ``import``: files of answers into the store."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from survey.coding.options import ImportOptions
from survey.commands import imports
from survey.commands.console import session_of
from survey.commands.finding_options import DecisionsFile, FindingsFile, read_given
from survey.commands.import_reports import annotated_places, require_free, write_annotated, write_findings
from survey.commands.mapping_draft import read_mapping, require_one_draft, write_draft
from survey.core.disk import require_ending
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR


class Mode(StrEnum):
    """How the answers were collected."""

    paper = "paper"
    web = "web"
    phone = "phone"


class SampleType(StrEnum):
    """How the respondents were chosen."""

    probability = "probability"
    quota = "quota"
    open = "open"


def _is_said(context: typer.Context, name: str) -> bool:
    """Whether an option was given, and does not stand at its default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def import_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="cli.argument.answers")],
    questionnaire: Annotated[str, typer.Option("--questionnaire", metavar="N", help="cli.option.questionnaire")],
    mode: Annotated[Mode | None, typer.Option("--mode", help="cli.option.mode")] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cli.option.year")
    ] = None,
    community: Annotated[str | None, typer.Option("--community", metavar="C", help="cli.option.community")] = None,
    sample_type: Annotated[
        SampleType, typer.Option("--sample-type", help="cli.option.sample_type")
    ] = SampleType.probability,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="S", help="cli.option.sheet")] = None,
    header_rows: Annotated[
        int | None, typer.Option("--header-rows", metavar="N", min=1, max=5, help="cli.option.header_rows")
    ] = None,
    delimiter: Annotated[str | None, typer.Option("--delimiter", metavar="D", help="cli.option.delimiter")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="cli.option.mapping")] = None,
    mapping_draft: Annotated[
        Path | None, typer.Option("--mapping-draft", metavar="OUT.xlsx|OUT.json", help="cli.option.mapping_draft")
    ] = None,
    decisions: DecisionsFile = None,
    add_communities: Annotated[bool, typer.Option("--add-communities", help="cli.option.add_communities")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
    accept_partial: Annotated[bool, typer.Option("--accept-partial", help="cli.option.accept_partial")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="cli.option.all_or_nothing")] = False,
    findings_out: FindingsFile = None,
    annotated: Annotated[
        Path | None, typer.Option("--annotated", metavar="OUT.xlsx", help="cli.option.annotated")
    ] = None,
) -> None:
    """Bring files of answers into the store, each in one transaction."""
    if findings_out is not None:
        require_ending(findings_out, ".csv", ".xlsx")
    require_one_draft(files, mapping_draft)
    session = session_of(context)
    places = annotated_places(files, annotated)
    require_free(files, findings_out)
    options = ImportOptions(
        questionnaire=questionnaire,
        mode=mode.value if mode else None,
        year=year,
        community=community,
        sample_type=sample_type.value,
        sample_said=_is_said(context, "sample_type"),
        sheet=sheet,
        header_rows=header_rows,
        delimiter=delimiter,
        add_communities=add_communities,
        decisions=read_given(session, decisions),
    )
    with session.store() as store:
        if mapping is not None:
            options = replace(options, mapping=read_mapping(store, questionnaire, mapping))
        if mapping_draft is not None:
            write_draft(session, store, files[0], options, mapping_draft)
        outcomes = imports.import_files(
            store,
            session,
            files,
            options,
            accept_partial=accept_partial,
            dry_run=dry_run,
            all_or_nothing=all_or_nothing,
        )
        session.bring_up_to_date(store, {year for o in outcomes for year in o.years})
    if findings_out is not None:
        write_findings(session, outcomes, findings_out)
    if places:
        write_annotated(session, outcomes, files, places)
    session.emit(
        imports.outcome_table(outcomes),
        questionnaire=questionnaire,
        findings=[o.as_json(session.lang) for o in outcomes] if session.as_json else None,
    )
    raise typer.Exit(max(o.status for o in outcomes))
