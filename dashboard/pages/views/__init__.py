"""已存视图: the views that a reader saved or was given, what each shows as the data are now, and their names."""

from __future__ import annotations

from dashboard.parts.page import MORE, Page, later
from dashboard.parts.sent_forms import SentForm

_NAMED = {"views.no_name": "view-name", "views.long_name": "view-name", "views.taken": "view-name"}
#: the form beside what is looked at, and the names of those that are kept
SENT = (SentForm(("view-save", "view-rename"), ("view-name",), _NAMED, {}),)
PAGE = Page(
    "views",
    later(__name__, "page", "page"),
    needs="keep_views",
    paths=("/views",),
    label="page_views.title",
    menu=MORE,
    kept=False,
    register=later(__name__, "actions", "register"),
    sent=SENT,
)
