"""Commands of the way in: register, questionnaires, import, batches."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from survey.answers.mapping import from_json
from survey.coding.options import ImportOptions
from survey.commands import contacts, imports
from survey.commands.calls import calls
from survey.commands.console import Session, read_input
from survey.commands.finding_options import DecisionsFile, FindingsFile, given_for, listing, read_given
from survey.commands.import_reports import annotated_places, require_free, write_annotated, write_findings
from survey.commands.mapping_draft import require_one_draft, write_draft
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.fieldwork.register_file import register_template
from survey.form import read_questionnaire
from survey.form.workbook.template import entry_workbook
from survey.intake.register import commit_register, inspect_register
from survey.store import audit, settings
from survey.store.intake import batches, questionnaires
from survey.store.year import register


class Mode(StrEnum):
    """How the answers were collected."""

    paper = "paper"
    web = "web"
    phone = "phone"


class EntryMode(StrEnum):
    """How the answers of an entry workbook are collected."""

    paper = "paper"
    phone = "phone"


class SampleType(StrEnum):
    """How the respondents were chosen."""

    probability = "probability"
    quota = "quota"
    open = "open"


communities = typer.Typer(no_args_is_help=True, help="cli.help.communities")
questionnaire = typer.Typer(no_args_is_help=True, help="cli.help.questionnaire")


def add_commands(app: typer.Typer) -> None:
    """Hang this room's commands on the application."""
    app.add_typer(communities, name="communities")
    app.add_typer(questionnaire, name="questionnaire")
    app.add_typer(calls, name="calls")
    contacts.add_commands(app)
    app.command("import", help="cli.help.import")(import_files)
    app.command("batches", help="cli.help.batches")(list_batches)
    app.command("undo", help="cli.help.undo")(undo)
    app.command("redo", help="cli.help.redo")(redo)


def session_of(context: typer.Context) -> Session:
    """The run's session, made by the root command."""
    session: Session = context.obj
    return session


@communities.command("add", help="cli.help.communities_add")
def communities_add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.register")],
    decisions: DecisionsFile = None,
    findings_out: FindingsFile = None,
) -> None:
    """Add a register workbook; all of it or nothing."""
    session = session_of(context)
    with listing(session, file, findings_out) as found:
        seen = inspect_register(file.name, read_input(file), given_for(session, decisions, file))
        found[:] = seen.findings
        with session.store() as store:
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


@communities.command("list", help="cli.help.communities_list")
def communities_list(context: typer.Context) -> None:
    """Show the register."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        rows = register.communities(conn)
    columns = [
        "code",
        "name",
        "aliases",
        "sub_district",
        "district",
        "adult_population",
        "type",
        "feature",
        "valid_from",
        "valid_to",
        "successor",
    ]
    data = [{c: "|".join(r.aliases) if c == "aliases" else getattr(r, c) for c in columns} for r in rows]
    session.emit(
        pd.DataFrame(data, columns=columns), shown=["code", "name", "sub_district", "adult_population", "type"]
    )


@communities.command("template", help="cli.help.communities_template")
def communities_template(
    context: typer.Context, out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")]
) -> None:
    """Write an empty register to fill in."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    write_file(out, register_template(session.lang))
    session.tell("cli.written", path=str(out))


@questionnaire.command("check", help="cli.help.questionnaire_check")
def questionnaire_check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.xlsform")]
) -> None:
    """Check an XLSForm workbook and list all problems."""
    session = session_of(context)
    form, findings = read_questionnaire(file.name, read_input(file))
    session.emit(
        imports.finding_table(file.name, findings, session.lang), shown=["where", "level", "message"], file=file.name
    )
    if form is None:
        raise Refused("cli.questionnaire_refused", file=file.name, n=sum(f.level == "refuse" for f in findings))
    session.tell("cli.questionnaire_good", file=file.name, n=len(form.questions), scored=len(form.scored))


@questionnaire.command("add", help="cli.help.questionnaire_add")
def questionnaire_add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.xlsform")],
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="cli.option.questionnaire_name")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="cli.option.questionnaire_reason")] = "",
) -> None:
    """Add a questionnaire; a changed one becomes a new version."""
    session = session_of(context)
    data = read_input(file)
    form, findings = read_questionnaire(file.name, data)
    if form is None:
        raise Refused(
            "cli.questionnaire_refused", findings=findings, file=file.name, n=sum(f.level == "refuse" for f in findings)
        )
    session.show_findings(findings)
    with session.store() as store, store.write() as conn:
        called = name or form.form_id or file.stem
        if not reason.strip():
            questionnaires.require_unsettled(conn, called, form)
        stored = questionnaires.add(conn, called, form, data)
        detail = {"version": stored.version, "file": file.name, "reason": reason.strip()}
        audit.record(conn, "", "questionnaire add", stored.name, detail)
    session.emit(
        [{"name": stored.name, "version": stored.version, "questions": len(form.questions), "scored": len(form.scored)}]
    )


@questionnaire.command("list", help="cli.help.questionnaire_list")
def questionnaire_list(context: typer.Context) -> None:
    """Show the questionnaires in the store."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        rows = [
            {
                "name": s.name,
                "version": s.version,
                "title": s.form.title,
                "questions": len(s.form.questions),
                "scored": len(s.form.scored),
                "year": s.form.year,
                "sampling": s.form.sampling,
            }
            for s in questionnaires.listing(conn)
        ]
    session.emit(pd.DataFrame(rows, columns=["name", "version", "title", "questions", "scored", "year", "sampling"]))


@questionnaire.command("template", help="cli.help.questionnaire_template")
def questionnaire_template(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.argument.questionnaire")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
    mode: Annotated[EntryMode | None, typer.Option("--mode", help="cli.option.entry_mode")] = None,
) -> None:
    """Write an entry workbook with drop-downs."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        stored = questionnaires.get(conn, name)
    require_ending(out, ".xlsx")
    write_file(out, entry_workbook(stored.form, session.lang, mode or ""))
    session.tell("cli.written", path=str(out))


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
        Path | None, typer.Option("--mapping-draft", metavar="OUT.json", help="cli.option.mapping_draft")
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
        sheet=sheet,
        header_rows=header_rows,
        delimiter=delimiter,
        add_communities=add_communities,
        decisions=read_given(session, decisions),
        mapping=from_json(read_input(mapping), mapping.name) if mapping else None,
    )
    with session.store() as store:
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


def list_batches(
    context: typer.Context,
    batch: Annotated[int | None, typer.Argument(metavar="[BATCH]", help="cli.argument.batch_findings")] = None,
    entries: Annotated[bool, typer.Option("--entries", help="cli.option.entries")] = False,
) -> None:
    """Show what was imported, or everything that was found in one batch."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        if batch is not None:
            found = batches.get(conn, batch)
            table = imports.finding_table(found.file, batches.findings(conn, batch), session.lang)
            session.emit(table, shown=["where", "level", "message"], batch=batch)
            return
        rows: list[dict[str, Any]] = [
            {
                "batch": b.id,
                "kind": b.kind,
                "target": b.target,
                "file": b.file,
                "sheet": b.sheet,
                "state": b.state,
                "created_at": settings.local(conn, b.created_at),
                "who": b.who,
                "sample_type": b.sample_type,
                "rows": b.counts.get("rows"),
                "stored": b.counts.get("stored"),
                "duplicates": b.counts.get("duplicates"),
                "refused_rows": b.counts.get("refused_rows"),
                "refused_cells": b.counts.get("refused_cells"),
            }
            for b in batches.listing(conn, entries=entries)
        ]
    columns = [
        "batch",
        "kind",
        "target",
        "file",
        "sheet",
        "state",
        "created_at",
        "who",
        "sample_type",
        "rows",
        "stored",
        "duplicates",
        "refused_rows",
        "refused_cells",
    ]
    session.emit(
        pd.DataFrame(rows, columns=columns),
        shown=["batch", "kind", "file", "state", "created_at", "stored", "refused_rows"],
    )


def undo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Take one batch back; the record stays."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = batches.undo(conn, batch, "")
        session.tell("cli.undone", batch=batch)
        session.bring_up_to_date(store, changed)


def redo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Bring a batch that was taken back in again."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = batches.redo(conn, batch, "")
        session.tell("cli.redone", batch=batch)
        session.bring_up_to_date(store, changed)
