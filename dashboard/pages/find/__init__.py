"""查找: what is typed in the header, or after Ctrl+K, leads to communities, questions, indicators, pages and documents."""

from __future__ import annotations

from dashboard.parts.page import Page, later

PAGE = Page(
    "find",
    later(__name__, "page", "page"),
    needs="sign_in",
    paths=("/find",),
    kept=False,
    without_year=True,
    register=later(__name__, "actions", "register"),
)
