"""The documents in Chinese, readable without a network beside what they explain."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.data.results import Source
from dashboard.parts.context import Context
from dashboard.parts.manual import DOCUMENTS
from dashboard.parts.page import END, Download, Page, later


def _picture(context: Context, name: str) -> File:
    from dashboard.pages.help.service import picture

    return picture(context.viewer, name)


def _there(source: Source, document: str = "") -> bool:
    return not document or document in DOCUMENTS


PAGE = Page(
    "help",
    later(__name__, "page", "page"),
    needs="sign_in",
    paths=("/help", "/help/<document>"),
    label="page_help.title",
    menu=END,
    without_year=True,
    there=_there,
    downloads=(Download("/download/picture/<name>", _picture, needs="sign_in", unrecorded=True),),
)
