"""An empty store: three steps."""

from __future__ import annotations

from dashboard.parts.page import Page, later

PAGE = Page(
    "start",
    later(__name__, "page", "page"),
    needs="see",
    for_empty=True,
)
