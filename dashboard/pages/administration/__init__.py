"""Administration: who may sign in, as what, for what."""

from __future__ import annotations

from dashboard.parts.page import MORE, Page, later
from dashboard.parts.sent_forms import SentForm

_NAME, _ROLE, _PLACES, _OFFICES = "account-name", "account-role", "account-scopes", "account-offices"
SENT = (
    SentForm(
        ("account-add", "account-change", "account-reset", "account-disable", "account-enable"),
        (_NAME, _ROLE, _PLACES, _OFFICES),
        {
            "page_administration.no_name": _NAME,
            "account.bad_name": _NAME,
            "account.taken": _NAME,
            "account.unknown": _NAME,
            "page_administration.no_role": _ROLE,
            "account.unknown_role": _ROLE,
            "account.first_admin": _ROLE,
            "account.last_admin": _ROLE,
            "account.unknown_scope": (_OFFICES, _PLACES),
        },
        {},
    ),
    SentForm(
        ("program-add", "program-revoke"),
        ("program-name", "program-role", "program-scopes", "program-days", "program-which"),
        {
            "page_administration.no_program": "program-name",
            "program.bad_name": "program-name",
            "program.taken": "program-name",
            "page_administration.no_program_role": "program-role",
            "account.unknown_role": "program-role",
            "account.unknown_scope": "program-scopes",
            "program.bad_days": "program-days",
            "page_administration.no_program_chosen": "program-which",
            "program.unknown": "program-which",
        },
        {},
    ),
)
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
    sent=SENT,
)
