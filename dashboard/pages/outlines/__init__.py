"""The map of the communities: a GeoJSON file brought, looked over, kept in place of the one before, or taken away."""

from __future__ import annotations

from typing import Any

from dashboard.parts.context import Context
from dashboard.parts.page import Page, Post, later


def _upload(context: Context) -> Any:
    from dashboard.pages.outlines.actions import upload

    return upload(context)


PAGE = Page(
    "outlines",
    later(__name__, "page", "page"),
    needs="edit_register",
    paths=("/basics/map",),
    kept=False,
    one_process=True,
    without_year=True,
    ahead=True,
    help="first-year#社区地图",
    register=later(__name__, "actions", "register"),
    posts=(Post("/basics/map/upload", _upload, needs="edit_register"),),
)
