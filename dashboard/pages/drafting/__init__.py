"""A questionnaire out of an answer file: what each column seems to ask, beside its source, to correct and adopt."""

from __future__ import annotations

from typing import Any

from dashboard.data.files import XLSX, File
from dashboard.parts.context import Context
from dashboard.parts.page import Download, Page, Post, later


def _workbook(context: Context, token: str) -> File:
    from dashboard.pages.drafting.service import workbook

    name, data = workbook(context.viewer, context.store, context.uploads, token, context.lang)
    return name, data, XLSX


def _upload(context: Context) -> Any:
    from dashboard.pages.drafting.actions import upload

    return upload(context)


PAGE = Page(
    "drafting",
    later(__name__, "page", "page"),
    needs="edit_questionnaire",
    paths=("/questionnaire/draft",),
    kept=False,
    one_process=True,
    without_year=True,
    ahead=True,
    help="questionnaire#由答卷起草",
    register=later(__name__, "actions", "register"),
    downloads=(Download("/download/draft/<token>", _workbook, needs="edit_questionnaire"),),
    posts=(Post("/questionnaire/draft/upload", _upload, needs="edit_questionnaire"),),
)
