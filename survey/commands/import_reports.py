"""What an import leaves for people to work with: the list of findings, and an annotated copy of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from survey.commands.console import Session
from survey.commands.imports import Outcome
from survey.core.disk import write_file
from survey.core.errors import WrongUsage
from survey.core.findings import Finding
from survey.core.plain_table import PlainTable, csv_text
from survey.decisions.finding_list import Concerned, list_workbook
from survey.decisions.finding_rows import TABLE_COLUMNS, finding_rows
from survey.files.input import read_input


def write_findings(session: Session, outcomes: Sequence[Outcome], out: Path) -> None:
    """Every finding of all files of a call."""
    write_list(session, [(o.file, o.findings) for o in outcomes], out)


def write_list(session: Session, parts: Sequence[tuple[str, Sequence[Finding]]], out: Path) -> None:
    """The findings of one or several files: a workbook with drop-downs where the name ends in .xlsx, else CSV."""
    if out.suffix.lower() == ".xlsx":
        data = list_workbook(parts, session.lang)
    else:
        rows = [row for file, findings in parts for row in finding_rows(file, findings, session.lang)]
        data = csv_text(PlainTable.of_rows(rows, TABLE_COLUMNS)).encode("utf-8")
    write_file(out, data, private=True)
    session.tell("cli.written", path=str(out))


def require_free(files: Sequence[Path], out: Path | None) -> None:
    """The list of findings never goes onto a file that is being imported; raises WrongUsage."""
    if out is not None and out.resolve() in {path.resolve() for path in files}:
        raise WrongUsage("annotated.list_on_file", path=str(out))


def annotated_places(files: Sequence[Path], out: Path | None) -> list[Path]:
    """Where the annotated copy of each file goes: ``OUT.xlsx`` for one, ``OUT_<its name>.xlsx`` for several.

    Raises WrongUsage for a name that does not end in .xlsx, and for one that is a file of the call.
    """
    if out is None:
        return []
    if out.suffix.lower() != ".xlsx":
        raise WrongUsage("annotated.ending", path=str(out))
    places = [out]
    if len(files) > 1:
        before: Counter[str] = Counter()
        places = []
        for path in files:
            before[path.stem] += 1
            number = f"_{before[path.stem]}" if before[path.stem] > 1 else ""
            places.append(out.with_name(f"{out.stem}_{path.stem}{number}{out.suffix}"))
    taken = {path.resolve() for path in files}
    for place in places:
        if place.resolve() in taken:
            raise WrongUsage("annotated.own_file", path=str(place))
    return places


def write_annotated(
    session: Session, outcomes: Sequence[Outcome], files: Sequence[Path], places: Sequence[Path]
) -> None:
    """The annotated copy of each file that is there; of one that was not even read the list says why."""
    from survey.decisions.annotated_copy import annotated_copy  # openpyxl: for who asks for the copy only

    for path, place in zip(files, places, strict=True):
        if not path.is_file():
            continue  # its own sentence has been said
        mine = [o for o in outcomes if o.path == path]
        outcome = mine[0]
        inspection = outcome.inspection
        coded = inspection.coded if inspection else None
        findings = tuple(f for o in mine for f in o.findings)
        if not findings and outcome.status == 3:
            findings = (Finding("annotated.refused", scope="file", params={"message": outcome.message}),)
        about = Concerned(coded.sheet, coded.first) if coded else None
        write_file(
            place, annotated_copy(outcome.file, read_input(path), findings, session.lang, about=about), private=True
        )
        session.tell("cli.written", path=str(place))
