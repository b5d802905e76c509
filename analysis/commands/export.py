"""The command that writes a year's results: workbooks, papers to print and to edit, or a data set for other programs."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.awards.verdicts import verdicts
from analysis.commands.score import asked_years
from analysis.commands.shared import community_code
from analysis.exports.data_set.data_files import data_parts, fits_data, write_data_set
from analysis.exports.files import codes_of, export_year, fits, place_of
from analysis.exports.verification import year_verification
from analysis.publication import snapshots
from analysis.publication.fixed_versions import late_codes
from analysis.quality.sensitivity.tables import method_changes
from analysis.scoring.results import Results
from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core import progress
from survey.core.disk import try_place, write_file
from survey.core.errors import WrongUsage
from survey.core.progress import Stage
from survey.files.input import read_input
from survey.store import Store, audit


class Format(StrEnum):
    """Kinds of export."""

    xlsx = "xlsx"
    zip = "zip"
    pdf = "pdf"
    docx = "docx"
    data = "data"


class Paper(StrEnum):
    """The papers of ``--format pdf``."""

    diagnosis = "diagnosis"
    brief = "brief"
    notice = "notice"


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="cli.option.export_out")],
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    community: Annotated[str | None, typer.Option("--community", metavar="C", help="cli.option.community")] = None,
    street: Annotated[str, typer.Option("--street", metavar="S", help="awards.option.street")] = "",
    kind: Annotated[Format | None, typer.Option("--format", help="cli.option.format")] = None,
    paper: Annotated[Paper | None, typer.Option("--paper", help="papers.option_paper")] = None,
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="verification.option")] = False,
    classes: Annotated[bool, typer.Option("--classes/--no-classes", help="verification.option_classes")] = True,
    responses: Annotated[bool, typer.Option("--responses", help="single_files.option")] = False,
    templates: Annotated[
        Path | None, typer.Option("--templates", metavar="DIR", help="letters.option_templates")
    ] = None,
    licence: Annotated[Path | None, typer.Option("--licence", metavar="FILE", help="data_set.option_licence")] = None,
) -> None:
    """Write workbooks, papers or data of one community, of a street or of all; if asked for, with what R needs to check it."""
    session = session_of(context)
    if licence is not None and kind is not Format.data:
        raise WrongUsage("data_set.licence_only")
    if responses and kind is not Format.data:
        raise WrongUsage("single_files.data_only")
    if templates is not None and kind is not Format.docx:
        raise WrongUsage("letters.templates_only")
    if paper is not None and kind is not Format.pdf:
        raise WrongUsage("papers.pdf_only")
    if kind in (Format.data, Format.pdf, Format.docx) and verify:
        raise WrongUsage("data_set.no_verify")
    terms = read_input(licence) if licence is not None else None
    with session.store() as store:
        results = snapshots.results(store, asked_years(store, year)[-1])
        code = community_code(store, community) if community else None
        asked = _Asked(session, store, results, out, code, street)
        if kind is Format.data:
            asked.data_set(terms, responses=responses, classes=classes)
        elif kind is Format.pdf:
            asked.papers(paper)
        elif kind is Format.docx:
            asked.letters(templates)
        else:
            asked.workbooks(kind, verify=verify, classes=classes)


class _Asked:
    """What was asked for: of which results, where to; each way looks at the place before it writes a line in the record."""

    def __init__(
        self, session: Session, store: Store, results: Results, out: Path, code: str | None, street: str
    ) -> None:
        self.session, self.store, self.results, self.out = session, store, results, out
        self.code, self.street = code, street
        self.codes = [code] if code is not None else codes_of(results, street)

    def workbooks(self, kind: Format | None, *, verify: bool, classes: bool) -> None:
        """One community's workbook, a street's, or all of them with those of their streets."""
        from analysis.papers.street.all_books import street_books, street_workbook_of

        session, store, results = self.session, self.store, self.results
        place, ending = place_of(self.out, kind.value if kind else None)
        try_place(place, folder=not ending)
        whole = self.code is None
        if whole and ending == ".xlsx":
            if verify:
                raise WrongUsage("export.verify_alone")
            self._record(kind)
            made = street_workbook_of(store, results, self.street, session.lang)
            session.tell("cli.written", path=str(write_file(place, made)))
            return
        year = int(results.meta["year"])
        said = verdicts(store, year)
        changes = method_changes(store, year, results) if results.scores["star"].notna().any() else frozenset()
        changes -= late_codes(results).keys()  # that was tried with data which the published star does not count
        books = street_books(store, results, self.street, session.lang) if whole else []
        check = None
        if verify and whole and not self.street:
            check = year_verification(store, results, session.lang, getpass.getuser(), classes=classes)
        if check is None:
            self._record(kind)
        with following(session):
            written = export_year(
                results,
                session.lang,
                self.out,
                community=self.code,
                format=kind.value if kind else None,
                verify=check.files if check else None,
                method_changes=changes,
                verdicts=said,
                street=self.street,
                more=books,
            )
        self._tell(written)
        if check is not None:
            session.tell("verification.risk", **vars(check.risk))

    def papers(self, paper: Paper | None) -> None:
        """Diagnoses, notices, leaders' pages; one alone as a ``.pdf``."""
        from analysis.papers.paper_files import PAPERS, write_papers
        from analysis.papers.street.one_street import street_of, streets_in
        from analysis.papers.year_sources import year_sources

        whole = self.code is None
        names = [self.street] if self.street else streets_in(self.results)
        one = len(names) == 1 and paper in (None, Paper.brief) if whole else paper is not Paper.brief
        ending = fits(self.out, ".pdf", one=one, key="papers.ending")
        if paper is Paper.brief and not whole:
            raise WrongUsage("papers.brief_street")
        try_place(self.out, folder=not ending)
        sources = year_sources(self.store, self.results)
        streets = [street_of(self.store, sources, name) for name in names] if whole else []
        papers = PAPERS if paper is None else (paper.value,)
        if ending == ".pdf" and paper is None and whole:
            papers = ("brief",)
        self._record(Format.pdf, paper=papers[0] if len(papers) == 1 else None)
        with following(self.session):
            written = write_papers(
                sources, self.session.lang, self.out, self.codes, one=one, streets=streets, papers=papers
            )
        self._tell(written)

    def letters(self, templates: Path | None) -> None:
        """The papers of the cycle as Word documents."""
        from analysis.letters.facts import facts_of
        from analysis.letters.letter_files import own_templates, write_letters

        try_place(self.out, folder=not fits(self.out, "", one=False, key="letters.ending"))
        own = own_templates(templates, self.session.lang) if templates is not None else None
        facts = facts_of(self.store, self.results, self.session.lang, self.street, self.code or "")
        self._record(Format.docx)
        with following(self.session):
            written = write_letters(facts, self.out, own)
        self._tell(written)

    def data_set(self, terms: bytes | None, *, responses: bool, classes: bool) -> None:
        """The data set; with ``responses`` single responses in a folder of their own."""
        from analysis.archive.response_tables import response_tables

        codes = self.codes if self.code is not None or self.street else None
        try_place(self.out, folder=not fits_data(self.out))
        lang = self.session.lang
        parts = data_parts(self.results, lang, codes, terms)
        single = None
        if responses:
            single = response_tables(self.store, self.results, lang, self.codes, classes=classes)
        self._record(Format.data, responses=len(single.rows) if single is not None else None)
        with following(self.session):
            beside = single.files if single is not None else []
            written = write_data_set(self.results, self.out, parts, beside, lang, codes, terms)
        self._tell(written)
        if single is not None:
            self.session.tell("single_files.risk", rows=len(single.rows), alone=single.alone)

    def _tell(self, written: list[Path]) -> None:
        for path in written:
            self.session.tell("cli.written", path=str(path))

    def _record(self, kind: Format | None, **more: object) -> None:
        """What leaves is in the record before it is outside."""
        if self.store.read_only:
            return
        detail: dict[str, object] = {"file": self.out.name, "community": self.code, "street": self.street or None}
        detail |= {"format": kind.value if kind else None, **more}
        with self.store.write(aside=True) as conn:
            told = {key: value for key, value in detail.items() if value is not None}
            audit.record(conn, user(), "export", str(self.results.meta["year"]), told)


# ── How far the writing has come


#: fewer papers than this are written before anybody waits
_FEW = 20


@contextmanager
def following(session: Session) -> Iterator[None]:
    """Tell of papers as they are made in the block: a bar on a terminal, else a line each tenth of many."""
    last = Stage("writing")
    with session.progress() as steps:

        def tell(stage: Stage) -> None:
            nonlocal last
            first = not last.total
            if stage.name != "writing":
                return
            if first and stage.done:
                session.tell("papers.resumed", n=stage.done, total=stage.total)
            text = stage.word(session.lang)
            if steps.bar is not None:
                steps.bar.update(steps.task, description=text, total=stage.total, completed=stage.done)
            elif stage.total >= _FEW and (first or 10 * stage.done // stage.total > 10 * last.done // stage.total):
                session.write_line(f"  {text}")
            last = stage

        try:
            with progress.listening(tell):
                yield
        except KeyboardInterrupt:
            if last.done:
                session.tell("papers.interrupted", n=last.done, total=last.total)
            raise
