"""Awards and targets: what the year will cost, what was paid and by which rule."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later
from dashboard.parts.selects import STREETS


def _file(context: Context, name: str) -> File:
    from dashboard.pages.awards.service import file

    street = context.address.filters.get("street", "")
    return file(context.viewer, context.source, context.store, context.results_year, name, context.lang, street)


#: what is said of a payment, of an entry taken back, of a balance: field → its component
PAY = tuple(f"pay-{name}" for name in ("community", "payer", "kind", "amount", "voucher", "date", "note"))
BACK = tuple(f"pay-{name}" for name in ("number", "reason", "approver"))
FUND = tuple(f"fund-{name}" for name in ("payer", "amount", "document", "date"))
FORMS = (
    Form("pay", PAY, "enter_payment"),
    Form("pay-back", BACK, "enter_payment"),
    Form("fund", FUND, "enter_balance", of="street"),
)


PAGE = Page(
    "awards",
    later(__name__, "page", "page"),
    needs="see_all",
    paths=("/awards",),
    label="page_shell.awards",
    menu=MORE,
    kept=False,
    help="year#奖励与目标",
    selects=(STREETS,),
    register=later(__name__, "actions", "register"),
    forms=FORMS,
    downloads=(Download("/download/awards/<name>", _file, needs="see_all"),),
)
