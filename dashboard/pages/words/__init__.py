"""文字回答: what people wrote, put under codes by people and counted with its error; read one by one by whom it is given."""

from __future__ import annotations

from collections.abc import Hashable

from dashboard.data.files import File
from dashboard.data.questions import kept_views, words_mark
from dashboard.parts.context import Context
from dashboard.parts.page import Download, Page, Select, later
from dashboard.parts.sent_forms import SentForm
from dashboard.web.access import Viewer
from survey.store import Store

#: what is a choice in the address; ``find`` is typed
CHOSEN = ("form", "item", "street", "community", "where", "also")


def _mark(viewer: Viewer, store: Store | None) -> Hashable:
    return words_mark.mark(viewer, store), kept_views.mark(viewer, store)


def _counts(context: Context, kind: str) -> File:
    from dashboard.pages.words.files_out import counts_file

    return counts_file(context, kind)


def _answers(context: Context, kind: str) -> File:
    from dashboard.pages.words.files_out import answers_file

    return answers_file(context, kind)


SENT = (
    SentForm(
        ("words-list-save",),
        ("word-name", "word-keys"),
        {
            "words.no_name": "word-name",
            "words.long_name": "word-name",
            "words.name_twice": "word-name",
            "words.code_in_use": "word-name",
            "words.too_many_codes": "word-name",
        },
        {},
    ),
)
PAGE = Page(
    "words",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/answers/words",),
    rests_on=_mark,
    register=later(__name__, "actions", "register"),
    sent=SENT,
    selects=(*(Select(f"words-{name}", name) for name in CHOSEN), Select("words-find", "find", how="find")),
    downloads=(
        Download("/download/words/<kind>", _counts, needs="see"),
        Download("/download/words/answers/<kind>", _answers, needs="read_words"),
    ),
)
