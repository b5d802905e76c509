"""溯源: from a score by dimension and item to batches, rows and cells, and from a row back to what it changed."""

from __future__ import annotations

from dashboard.parts.page import Page, community_there, later

PAGE = Page(
    "trace",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/trace/<code>",),
    kept=False,
    there=community_there,
)
