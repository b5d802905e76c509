"""The bank of questions: items by dimension, of the default questionnaire and the office's own, to choose from."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.parts.page import Page, later
from dashboard.parts.sent_forms import SentForm

SENT = (
    SentForm(
        ("bank-take",),
        ("bank-items", "bank-title"),
        {"page_bank.none_taken": "bank-items", "page_bank.no_title": "bank-title"},
        {},
    ),
)
#: what is chosen, and what the questionnaire is to be called
CHOSEN = Form("bank", (), "edit_questionnaire", groups=(("bank-items", ("of",)), ("bank-title", ("of",))), yearly=False)
PAGE = Page(
    "bank",
    later(__name__, "page", "page"),
    needs="edit_questionnaire",
    paths=("/questionnaire/bank",),
    kept=False,
    one_process=True,
    without_year=True,
    ahead=True,
    help="questionnaire#从题库选题",
    register=later(__name__, "actions", "register"),
    sent=SENT,
    forms=(CHOSEN,),
)
