"""Administration: who may sign in, as what, for what."""

from __future__ import annotations

from dashboard.parts.page import MORE, Page, later

PAGE = Page(
    "administration",
    later(__name__, "page", "page"),
    needs="manage_accounts",
    paths=("/administration",),
    label="page_administration.title",
    menu=MORE,
    kept=False,
    without_year=True,
    register=later(__name__, "actions", "register"),
)
