"""What was found in an upload as files: the list of findings, and a line's own workbook with its cells coloured."""

from __future__ import annotations

import pandas as pd

from dashboard.data.uploads import Uploads
from dashboard.pages.imports.service import checks
from dashboard.web.access import Viewer, require
from survey.core.findings import Finding
from survey.decisions.finding_list import Concerned, finding_table
from survey.store import Store


def findings_frame(viewer: Viewer, store: Store, uploads: Uploads, token: str, lang: str) -> pd.DataFrame:
    """All findings of an upload as one table."""
    require(viewer, "import")
    upload = uploads.find(token, viewer.user)
    tables = [finding_table(c.file, c.findings, lang) for c in checks.check(viewer, store, uploads, upload)]
    return pd.concat(tables or [finding_table("", (), lang)], ignore_index=True)


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
