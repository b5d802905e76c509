"""Awards and targets: what the year will cost, what was paid and by which rule."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later
from dashboard.parts.selects import STREETS
from dashboard.parts.sent_forms import SentForm


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
#: what the ledger refuses: which field it speaks of
_LEDGER = {
    "page_awards.choose_community": "pay-community",
    "cycle_file.unknown_community": "pay-community",
    "store.unknown_community": "pay-community",
    "ledger.no_title": "pay-community",
    "ledger.to_set": "pay-community",
    "awards.unknown_payer": "pay-payer",
    "ledger.bad_kind": "pay-kind",
    "page_awards.no_amount": "pay-amount",
    "awards.bad_amount": "pay-amount",
    "ledger.nothing": "pay-amount",
    "ledger.too_much": "pay-amount",
    "ledger.set_off": "pay-amount",
    "ledger.return_too_much": "pay-amount",
    "ledger.need_voucher": "pay-voucher",
    "ledger.voucher_twice": "pay-voucher",
    "awards.bad_date": "pay-date",
    "ledger.need_date": "pay-date",
    "ledger.in_future": "pay-date",
    "ledger.before_title": "pay-date",
}
_BACK = {
    "page_awards.no_number": "pay-number",
    "page_awards.choose_number": "pay-number",
    "ledger.no_entry": "pay-number",
    "ledger.withdrawn_before": "pay-number",
    "ledger.returned_since": "pay-number",
    "ledger.need_reason": "pay-reason",
    "ledger.need_approver": "pay-approver",
    "cycle.own": "pay-approver",
}
_FUND = {
    "awards.unknown_payer": "fund-payer",
    "page_awards.no_amount": "fund-amount",
    "awards.bad_amount": "fund-amount",
    "awards.parts_exceed": "fund-amount",
    "awards.bad_date": "fund-date",
}
SENT = (
    SentForm(
        ("pay-enter",), PAY, _LEDGER, {"pay-voucher": "page_awards.pay_voucher", "pay-note": "page_awards.pay_note"}
    ),
    SentForm(("pay-back",), BACK, _BACK, {}),
    SentForm(("fund-enter",), FUND, _FUND, {}),
)


PAGE = Page(
    "awards",
    later(__name__, "page", "page"),
    needs="see_all",
    paths=("/awards",),
    label="page_shell.awards",
    menu=MORE,
    kept=False,
    until_stored=True,
    help="year#奖励与目标",
    selects=(STREETS,),
    register=later(__name__, "actions", "register"),
    forms=FORMS,
    sent=SENT,
    downloads=(Download("/download/awards/<name>", _file, needs="see_all"),),
)
