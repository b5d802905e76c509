"""已存视图: the views that a reader saved or was given, what each shows as the data are now, and their names."""

from __future__ import annotations

from dashboard.parts.page import MORE, Page, later

PAGE = Page(
    "views",
    later(__name__, "page", "page"),
    needs="keep_views",
    paths=("/views",),
    label="page_views.title",
    menu=MORE,
    kept=False,
    register=later(__name__, "actions", "register"),
)
