"""Commands of the questionnaires."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import enumerated, say
from survey.core.plain_table import PlainTable
from survey.decisions.finding_rows import TABLE_COLUMNS, finding_rows
from survey.files.input import read_input
from survey.form.model import NUMBER, NUMBER_AND_MODE, Questionnaire
from survey.store.intake import questionnaires
from survey.store.intake.questionnaires import StoredForm


class EntryMode(StrEnum):
    """How the answers of an entry workbook are collected."""

    paper = "paper"
    phone = "phone"


def _read(file: Path, data: bytes) -> tuple[Questionnaire | None, list[Finding]]:
    """The questionnaire of a workbook, as ``read_questionnaire`` says."""
    from survey.form.workbook.reading import read_questionnaire  # pandas: who lists what is stored reads no workbook

    return read_questionnaire(file.name, data)


def questionnaire_check(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.xlsform")]
) -> None:
    """Check an XLSForm workbook and list all problems."""
    session = session_of(context)
    form, findings = _read(file, read_input(file))
    session.emit(
        PlainTable.of_rows(finding_rows(file.name, findings, session.lang), TABLE_COLUMNS),
        shown=["where", "level", "message"],
        file=file.name,
    )
    if form is None:
        raise Refused("cli.questionnaire_refused", file=file.name, n=sum(f.level == "refuse" for f in findings))
    session.tell("cli.questionnaire_good", file=file.name, n=len(form.questions), scored=len(form.scored))


def questionnaire_add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.xlsform")],
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="cli.option.questionnaire_name")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="cli.option.questionnaire_reason")] = "",
) -> None:
    """Add a questionnaire; a changed one becomes a new version."""
    session = session_of(context)
    data = read_input(file)
    form, findings = _read(file, data)
    if form is None:
        raise Refused(
            "cli.questionnaire_refused", findings=findings, file=file.name, n=sum(f.level == "refuse" for f in findings)
        )
    from survey.drafting.bank import reworded  # with the default questionnaire: for who adds one only

    with session.store() as store, store.write() as conn:
        called = name or form.form_id or file.stem
        earlier = questionnaires.newest(conn, called)
        session.show_findings([*findings, *reworded(form, _known(conn))])
        stored = questionnaires.put(conn, called, form, data, file=file.name, reason=reason)
    if earlier is not None:
        _tell_differences(session, earlier, stored)
    session.emit(
        [{"name": stored.name, "version": stored.version, "questions": len(form.questions), "scored": len(form.scored)}]
    )


def _tell_differences(session: Session, earlier: StoredForm, stored: StoredForm) -> None:
    """What the new version has otherwise than the one before it, question by question."""
    from survey.form.difference import differences  # numpy: for who adds one only

    changes = differences(earlier.form, stored.form)
    if stored.version == earlier.version:
        session.tell("form_diff.same", version=earlier.version)
        return
    session.tell("form_diff.against" if changes else "form_diff.layout", version=earlier.version, n=len(changes))
    for change in changes:
        session.write_line(f"  {change.word(session.lang)}")


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
                "respondent_key": NUMBER_AND_MODE if s.form.mode_in_key else NUMBER,
            }
            for s in questionnaires.listing(conn)
        ]
    session.emit(
        PlainTable.of_rows(
            rows, ["name", "version", "title", "questions", "scored", "year", "sampling", "respondent_key"]
        )
    )


def questionnaire_bank(
    context: typer.Context,
    out: Annotated[Path | None, typer.Argument(metavar="[OUT.xlsx]", help="cli.argument.out")] = None,
    take: Annotated[list[str] | None, typer.Option("--take", metavar="ITEM", help="cli.option.bank_take")] = None,
    title: Annotated[str, typer.Option("--title", metavar="T", help="cli.option.bank_title")] = "",
) -> None:
    """List the questions that are asked already, or write some of them as a questionnaire, exactly as they are."""
    from survey.drafting.bank import compose, items
    from survey.form.workbook.writing import write_questionnaire

    session = session_of(context)
    with session.store() as store, store.read() as conn:
        known = _known(conn)
    if out is None:
        rows = [
            {
                "item": item.key,
                "version": item.version,
                "dimension": item.question.dimension or None,
                "type": item.question.type,
                "label": item.question.label(session.lang),
                "choices": " / ".join(c.label(session.lang) for c in item.question.choices) or None,
            }
            for item in items(known)
        ]
        columns = ["item", "version", "dimension", "type", "label", "choices"]
        session.emit(PlainTable.of_rows(rows, columns), shown=["item", "dimension", "label"])
        return
    require_ending(out, ".xlsx")
    form = compose(known, take or [], title or out.stem)
    write_file(out, write_questionnaire(form))
    session.tell("bank.written", path=str(out), n=len(take or []))


def _known(conn: Connection) -> list[tuple[str, int, Questionnaire]]:
    return [(s.name, s.version, s.form) for s in questionnaires.listing(conn)]


def questionnaire_draft(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="DATA", help="cli.argument.answers")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
) -> None:
    """Draft a questionnaire out of a data file."""
    session = session_of(context)
    require_ending(out, ".xlsx")
    from survey.drafting.dimensions import DIMENSIONS
    from survey.drafting.guesses import with_guesses
    from survey.drafting.questionnaire import annotated, draft  # pandas: for who reads a data file only
    from survey.form.workbook.writing import write_questionnaire

    found = with_guesses(draft(file.name, read_input(file)), DIMENSIONS)
    write_file(out, write_questionnaire(annotated(found, session.lang)), private=True)  # choices are what persons wrote
    rows = [
        {
            "name": d.question.name,
            "type": d.question.type,
            "role": d.question.role or None,
            "label": d.question.label("zh"),
            "choices": " / ".join(c.label("zh") for c in d.question.choices) or None,
            "answered": d.n,
            "sure": say(session.lang, f"drafting.{d.sure}"),
            "check": d.question_of(session.lang) or None,
            "source": d.source,
        }
        for d in found.rows
    ]
    session.emit(PlainTable.of_rows(rows, list(rows[0])), shown=["name", "type", "label", "choices", "sure", "check"])
    for place, header, why in found.left_out:
        session.tell(why, place=place, header=header)
    session.tell("drafting.done", path=str(out), n=len(rows), open=sum(bool(d.check) for d in found.rows))


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
    from survey.form.workbook.template import entry_workbook  # xlsxwriter: for who writes one only

    write_file(out, entry_workbook(stored.form, session.lang, mode or ""))
    session.tell("cli.written", path=str(out))


def questionnaire_export(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.argument.questionnaire")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="cli.argument.questionnaire_out")],
    version: Annotated[int | None, typer.Option("--version", metavar="V", help="cli.option.form_version")] = None,
) -> None:
    """Write a questionnaire as XLSForm or as a form to print."""
    session = session_of(context)
    require_ending(out, ".xlsx", ".docx")
    with session.store() as store, store.read() as conn:
        form = questionnaires.get(conn, name, version).form
    if out.suffix.lower() == ".xlsx":
        from survey.form.workbook.writing import write_questionnaire  # xlsxwriter: for who writes one only

        write_file(out, write_questionnaire(form))
    else:
        from survey.form.printed.questionnaire_form import left_out, printed_form  # for who prints one only

        write_file(out, printed_form(form, session.lang))
        if names := left_out(form):
            session.tell("paper.left_out", names=enumerated(session.lang, names))
    session.tell("cli.written", path=str(out))


def questionnaire_mappings(
    context: typer.Context,
    forget: Annotated[str | None, typer.Option("--forget", metavar="ID", help="cli.option.mapping_forget")] = None,
) -> None:
    """Show what was confirmed for tables of one header, or forget one of them."""
    from survey.answers.mapping import to_json
    from survey.store.intake import mappings

    session = session_of(context)
    with session.store() as store:
        with store.read() as conn:
            kept = mappings.listing(conn)
        if forget is not None:
            mine = [m for m in kept if m.fingerprint == forget]
            if not mine:
                names = [*dict.fromkeys(m.questionnaire for m in kept)] or "–"
                raise Refused("mapping.not_kept", questionnaire=names, found=forget)
            with store.write() as conn:
                for one in mine:
                    mappings.forget(conn, one.questionnaire, one.fingerprint, who=user())
            kept = [m for m in kept if m.fingerprint != forget]
    rows = [
        {
            "mapping_id": m.fingerprint,
            "questionnaire": m.questionnaire,
            "file": m.file,
            "who": m.who or None,
            "at": m.saved_at.isoformat(timespec="seconds"),
            "mapping": " ".join(to_json(m.mapping).split()),
        }
        for m in kept
    ]
    columns = ["mapping_id", "questionnaire", "file", "who", "at", "mapping"]
    session.emit(PlainTable.of_rows(rows, columns), shown=columns[:-1])
