"""Who did what: the audit record with its filters, for who keeps the accounts and who audits."""

from __future__ import annotations

from dashboard.data.files import File, table
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, later
from survey.core.lang import say


def _file(context: Context) -> File:
    from dashboard.pages.audit.service import frame

    found = frame(context.viewer, context.store, context.address.filters)
    return table(say(context.lang, "page_audit.title"), found, "xlsx")


PAGE = Page(
    "audit",
    later(__name__, "page", "page"),
    needs="read_audit",
    paths=("/audit",),
    label="page_audit.title",
    menu=MORE,
    kept=False,
    without_year=True,
    selects=tuple(Select(f"audit-{name}", name) for name in ("who", "action", "state")),
    downloads=(Download("/download/audit", _file, needs="read_audit"),),
)
