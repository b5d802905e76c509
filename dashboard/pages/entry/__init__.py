"""Entry and review of indicator values."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.parts.page import MORE, Page, Select, later

#: why a value is approved, or sent back
REVIEW = Form("review", ("entry-review-reason",), "review", of="at")
PAGE = Page(
    "entry",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/indicators",),
    label="page_shell.entry",
    menu=MORE,
    kept=False,
    ahead=True,
    help="indicators",
    register=later(__name__, "actions", "register"),
    forms=(REVIEW,),
    selects=tuple(Select(f"entry-{name}", name) for name in ("community", "dimension", "office", "state")),
)
