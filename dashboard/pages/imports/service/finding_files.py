"""What was found in an upload as files: the list of findings, and a line's own workbook with its cells coloured."""

from __future__ import annotations

import pandas as pd

from dashboard.data import files
from dashboard.data.uploads import Uploads
from dashboard.pages.imports.service import checks
from dashboard.web.access import Viewer, require
from survey.core.findings import Finding
from survey.core.lang import say
from survey.decisions.finding_list import SHEET_COLUMNS, Concerned, in_order, line, list_workbook
from survey.store import Store


def findings_file(viewer: Viewer, store: Store, uploads: Uploads, token: str, kind: str, lang: str) -> files.File:
    """All findings of an upload as the list that a person fills in: a workbook with drop-downs, or as CSV."""
    require(viewer, "import")
    upload = uploads.find(token, viewer.user)
    parts = [(c.file, c.findings) for c in checks.check(viewer, store, uploads, upload)]
    name = say(lang, "page_import.findings")
    if kind == "xlsx":
        return f"{name}.xlsx", list_workbook(parts, lang), files.XLSX
    rows = [line(file, finding, lang) for file, found in parts for finding in in_order(found)]
    frame = pd.DataFrame(rows, columns=list(SHEET_COLUMNS))
    return files.table(name, frame.rename(columns=lambda column: say(lang, f"annotated.column.{column}")), "csv")


def annotated(viewer: Viewer, store: Store, uploads: Uploads, token: str, number: int, lang: str) -> tuple[str, bytes]:
    """Name and bytes of the annotated copy of one line's file."""
    require(viewer, "import")
    upload = uploads.find(token, viewer.user)
    checked = checks.check_one(viewer, store, uploads, upload, number, checks.part_at(upload, number))
    findings = checked.findings
    if not findings and checked.refused is not None:
        findings = (Finding("annotated.refused", scope="file", params={"message": checked.refused.word(lang)}),)
    coded = checked.inspection.coded if checked.inspection else None
    about = Concerned(coded.sheet, coded.first) if coded else None
    data = uploads.data(upload, checks.part_at(upload, number).file)
    from survey.decisions.annotated_copy import annotated_copy  # openpyxl: for who asks for the copy only

    return checked.file, annotated_copy(checked.file, data, findings, lang, about=about)
