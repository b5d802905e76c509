"""Entry and review of indicator values."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.parts.page import MORE, Page, Select, later
from dashboard.parts.sent_forms import SentForm

#: why a value is approved, or sent back
REVIEW = Form("review", ("entry-review-reason",), "review", of="at")

_NAMES = [
    "value",
    "standards",
    "self_score",
    "assessor",
    "assessor_score",
    "method",
    "date",
    "evidence",
    "note",
    "reason",
]
_FIELDS = tuple(f"entry-field/{name}" for name in _NAMES)
SENT = (
    SentForm(
        ("entry-save",),
        _FIELDS,
        {
            "indicator_entry.bad": _FIELDS,
            "indicator_entry.empty": _FIELDS,
            "indicator_entry.reason_needed": "entry-field/reason",
        },
        {f"entry-field/{name}": f"page_entry.{name}" for name in _NAMES if name in ("evidence", "note", "reason")},
    ),
    SentForm(("entry-judge",), REVIEW.fields, {"indicator_review.need_reason": REVIEW.fields}, {}),
)
PAGE = Page(
    "entry",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/indicators",),
    label="page_shell.entry",
    menu=MORE,
    kept=False,
    until_stored=True,
    ahead=True,
    help="indicators",
    register=later(__name__, "actions", "register"),
    sent=SENT,
    forms=(REVIEW,),
    selects=tuple(Select(f"entry-{name}", name) for name in ("community", "dimension", "office", "state")),
)
