"""The command that writes a year's results: breakdown workbooks, or a data set for other programs."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.awards.verdicts import verdicts
from analysis.commands.score import asked_years
from analysis.commands.shared import community_code
from analysis.exports.data_set.data_files import data_set, write_data_set
from analysis.exports.files import codes_of, export_year
from analysis.exports.verification import year_verification
from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_codes
from analysis.quality.sensitivity.tables import method_changes
from analysis.scoring.results import Results
from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core.errors import WrongUsage
from survey.files.input import read_input
from survey.store import Store, audit


class Format(StrEnum):
    """Kinds of export."""

    xlsx = "xlsx"
    zip = "zip"
    pdf = "pdf"
    docx = "docx"
    data = "data"


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="cli.option.export_out")],
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    community: Annotated[str | None, typer.Option("--community", metavar="C", help="cli.option.community")] = None,
    street: Annotated[str, typer.Option("--street", metavar="S", help="awards.option.street")] = "",
    kind: Annotated[Format | None, typer.Option("--format", help="cli.option.format")] = None,
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="verification.option")] = False,
    classes: Annotated[bool, typer.Option("--classes/--no-classes", help="verification.option_classes")] = True,
    templates: Annotated[
        Path | None, typer.Option("--templates", metavar="DIR", help="letters.option_templates")
    ] = None,
    licence: Annotated[Path | None, typer.Option("--licence", metavar="FILE", help="data_set.option_licence")] = None,
) -> None:
    """Write the score breakdown of one community or of all; for all, if asked for, with what R needs to check it."""
    session = session_of(context)
    if licence is not None and kind is not Format.data:
        raise WrongUsage("data_set.licence_only")
    if templates is not None and kind is not Format.docx:
        raise WrongUsage("letters.templates_only")
    if kind in (Format.data, Format.pdf, Format.docx) and verify:
        raise WrongUsage("data_set.no_verify")
    terms = read_input(licence) if licence is not None else None
    with session.store() as store:
        results = snapshots.results(store, asked_years(store, year)[-1])
        code = community_code(store, community) if community else None
        if kind is Format.data:
            _write_data_set(session, store, results, out, code, street, terms)
            return
        if kind is Format.pdf:
            _write_papers(session, store, results, out, code, street)
            return
        if kind is Format.docx:
            _write_letters(session, store, results, out, (code, street), templates)
            return
        said = verdicts(store, int(results.meta["year"]))
        changes = method_changes(store, results.meta["year"]) if results.scores["star"].notna().any() else frozenset()
        changes -= late_codes(results).keys()  # that was tried with data which the published star does not count
        check = None
        if verify and code is None and not street:
            check = year_verification(store, results, session.lang, getpass.getuser(), classes=classes)
        else:
            _record(store, results, {"file": out.name, "community": code})
    asked = kind.value if kind else None
    for path in export_year(
        results,
        session.lang,
        out,
        community=code,
        format=asked,
        verify=check.files if check else None,
        method_changes=changes,
        verdicts=said,
        street=street,
    ):
        session.tell("cli.written", path=str(path))
    if check is not None:
        session.tell("verification.risk", **vars(check.risk))


def _write_data_set(
    session: Session, store: Store, results: Results, out: Path, code: str | None, street: str, terms: bytes | None
) -> None:
    codes = [code] if code is not None else codes_of(results, street) if street else None
    files = data_set(results, session.lang, codes, terms)
    _record(store, results, {"file": out.name, "community": code, "format": Format.data.value})
    for path in write_data_set(results, out, files):
        session.tell("cli.written", path=str(path))


def _write_papers(session: Session, store: Store, results: Results, out: Path, code: str | None, street: str) -> None:
    from analysis.papers.paper_files import write_diagnoses
    from analysis.papers.year_sources import year_sources

    sources = year_sources(store, results)
    codes = [code] if code is not None else codes_of(results, street)
    _record(store, results, {"file": out.name, "community": code, "format": Format.pdf.value})
    for path in write_diagnoses(sources, session.lang, out, codes, one=code is not None):
        session.tell("cli.written", path=str(path))


def _write_letters(
    session: Session, store: Store, results: Results, out: Path, of: tuple[str | None, str], templates: Path | None
) -> None:
    from analysis.letters.facts import facts_of
    from analysis.letters.letter_files import own_templates, write_letters

    own = own_templates(templates, session.lang) if templates is not None else None
    code, street = of
    facts = facts_of(store, results, session.lang, street, code or "")
    _record(store, results, {"file": out.name, "community": code, "street": street, "format": Format.docx.value})
    for path in write_letters(facts, out, own):
        session.tell("cli.written", path=str(path))


def _record(store: Store, results: Results, detail: dict[str, str | None]) -> None:
    if not store.read_only:
        with store.write(aside=True) as conn:
            audit.record(conn, user(), "export", str(results.meta["year"]), detail)
