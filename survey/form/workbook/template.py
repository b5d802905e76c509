"""The entry workbook of a questionnaire: one row a response, with drop-downs and checks, that imports without a finding.

Why the import takes it: each header of the entry sheet is the question's labels, or its name where another
question goes by one of them too, so every column is matched and by one question only.  The list of choices
is a hidden sheet, which the import does not read.  The instructions are one column of whole sentences of
ours; what comes from the questionnaire never fills a cell there, so no header is found on that sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from survey.core.cells import typed_width
from survey.core.lang import LANGUAGES, language, say
from survey.files.own_workbooks import header_key
from survey.files.written_workbook import WrittenWorkbook
from survey.form.dispositions import DISPOSITIONS
from survey.form.model import Question, Questionnaire
from survey.form.workbook.checking import shared_headers, takes_answer
from survey.form.workbook.scoring_checks import NUMERIC
from survey.form.workbook.syntax import format_number
from survey.form.workbook.writing import put

# ── The columns of the telephone entry workbook that are no questions: which attempt, when, and how it ended


#: who and where, before how it ended
_WHO = ("respondent", "community", "sub_district", "year", "phone", "interviewer")
#: outcomes that are most of every call list come first in the drop-down
_FREQUENT = ("1.1", "1.2", "2.11", "2.113", "2.12", "2.20", "2.21", "3.13", "3.12", "3.131", "4.30", "4.54")
_CHECKS: Mapping[str, Mapping[str, Any]] = {
    "attempt": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 99},
    "at": {"validate": "date", "criteria": ">", "value": 36526},  # 2000-01-01 as Excel counts days
    "outcome": {"validate": "list"},
}
FORMATS: Mapping[str, str] = {"attempt": "0", "at": "yyyy-mm-dd hh:mm", "outcome": "@", "interviewer": "@"}


@dataclass(frozen=True)
class CallColumn:
    """A column of calls: ``key`` as in ``survey.form.header_words.CALLS``, its header in both languages."""

    key: str
    header: str

    def accepted(self, lang: str) -> str:
        """One sentence about what may be entered."""
        return say(lang, f"template.accept_call_{self.key}")

    def check(self, source: str) -> dict[str, Any] | None:
        """The check of its cells; ``source``: the range of the outcomes."""
        check = dict(_CHECKS[self.key]) if self.key in _CHECKS else None
        return {**check, "source": source} if check and self.key == "outcome" else check


def call_columns(form: Questionnaire, lang: str) -> list[CallColumn]:
    """The columns that the questionnaire does not ask itself."""
    keys = [
        "attempt",
        "at",
        *([] if "disposition" in form.roles else ["outcome"]),
        *([] if "interviewer" in form.roles else ["interviewer"]),
    ]
    order = [lang, *(other for other in LANGUAGES if other != lang)]
    return [CallColumn(key, "\n".join(say(one, f"template.call_{key}") for one in order)) for key in keys]


def beside(questions: Sequence[Question], calls: Sequence[CallColumn]) -> list[Question | CallColumn]:
    """Who it is, then the call, then the questions."""
    first = sorted((q for q in questions if q.role in _WHO), key=lambda q: _WHO.index(q.role))
    return [*first, *calls, *(q for q in questions if q.role not in _WHO)]


def outcome_words(lang: str) -> list[str]:
    """Every outcome in everyday words, the frequent ones first."""
    table = {d.code: d for d in DISPOSITIONS}
    ordered = [table.pop(code) for code in _FREQUENT] + list(table.values())
    return [d.zh if lang == "zh" else d.en for d in ordered]


#: rows below the header that carry the checks
ENTRY_ROWS = 3000
#: Excel's limits of a comment's, an input message's and a validation title's length
_COMMENT, _MESSAGE, _TITLE = 2000, 250, 30
#: name of the list of outcomes; no list of a questionnaire has a space in its name
_OUTCOMES = "call outcomes"
_INSTRUCTIONS = ("row", "choices", "blank", "keys", "columns", "copy")


def entry_workbook(form: Questionnaire, lang: str = "zh", mode: str = "") -> bytes:
    """An .xlsx to type responses into: instructions, the entry sheet (headers in both languages, ``lang`` first), the
    lists of choices in ``lang``.

    ``mode``: ``paper`` or ``phone`` leave out the column of the mode, which is clear then; ``phone`` has columns of the
    call beside the questions, one row a call or a person.
    """
    lang = language(lang)
    questions = [q for q in form.questions if takes_answer(q) and not (mode and q.role == "mode")]
    calls = call_columns(form, lang) if mode == "phone" else []
    buffer = BytesIO()
    book = WrittenWorkbook(buffer, {"in_memory": True})
    _instructions(book, form, lang, (*_INSTRUCTIONS, "calls") if calls else _INSTRUCTIONS)
    sheet = book.add_worksheet(say(lang, "template.entry_sheet"))
    sources = _choice_lists(book, form, lang, {_OUTCOMES: outcome_words(lang)} if calls else {})
    shared = shared_headers(form)
    for column, one in enumerate(beside(questions, calls) if calls else questions):
        if isinstance(one, CallColumn):
            _call_column(book, sheet, column, one, lang, sources)
        else:
            _column(book, sheet, column, one, lang, _header(one, lang, shared), sources)
    sheet.set_row(0, 62)
    sheet.freeze_panes(1, 1)
    sheet.activate()
    book.set_properties({"title": form.title})
    book.close()
    return buffer.getvalue()


def _instructions(book: Any, form: Questionnaire, lang: str, keys: Sequence[str]) -> None:
    sheet = book.add_worksheet(say(lang, "template.instructions_sheet"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 90)
    title = form.title or form.form_id or "—"
    put(sheet, 0, 0, say(lang, "template.title", title=title), book.add_format({"bold": True, "font_size": 14}))
    for row, key in enumerate(keys, start=2):
        blanks = " / ".join(form.blank) or "—"
        put(sheet, row, 0, say(lang, f"template.how_{key}", number=row - 1, blank=blanks), wrap)


def _choice_lists(book: Any, form: Questionnaire, lang: str, more: Mapping[str, list[str]]) -> dict[str, str]:
    """List name → the range that holds its labels on a hidden sheet; ``more``: lists that are not the questionnaire's."""
    name = say(lang, "template.choices_sheet")
    sheet = book.add_worksheet(name)
    sheet.hide()
    sources: dict[str, str] = {}
    lists = {key: [choice.label(lang) for choice in choices] for key, choices in form.lists.items()}
    for column, (list_name, labels) in enumerate({**lists, **more}.items()):
        for row, label in enumerate(labels):
            put(sheet, row, column, label)
        letter = xl_col_to_name(column)
        sources[list_name] = f"='{name}'!${letter}$1:${letter}${len(labels)}"
    return sources


def _header(question: Question, lang: str, shared: dict[str, list[Question]]) -> str:
    """The label, below it the other language's; the name where another question goes by one of them."""
    labels = [question.label(lang), *(question.labels.get(other, "") for other in LANGUAGES if other != lang)]
    lines = list(dict.fromkeys(label for label in labels if label))
    return question.name if any(header_key(label) in shared for label in lines) else "\n".join(lines)


def _column(
    book: Any, sheet: Any, column: int, question: Question, lang: str, header: str, sources: dict[str, str]
) -> None:
    colour = "#FCE4D6" if question.required else "#E8EEF4"
    head = book.add_format({"bold": True, "bg_color": colour, "border": 1, "text_wrap": True, "valign": "top"})
    put(sheet, 0, column, header, head)
    sheet.write_comment(0, column, _comment(question, lang, header)[:_COMMENT], {"x_scale": 2, "y_scale": 2})
    form = {"date": "yyyy-mm-dd", "text": "@", "select_one": "@", "select_multiple": "@"}.get(question.type, "General")
    sheet.set_column(column, column, _width(question, header, lang), book.add_format({"num_format": form}))
    check = _validation(question, lang, xl_col_to_name(column), sources)
    if check:
        sheet.data_validation(1, column, ENTRY_ROWS, column, {"ignore_blank": True, **check})


def _call_column(book: Any, sheet: Any, column: int, call: CallColumn, lang: str, sources: dict[str, str]) -> None:
    head = book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1, "text_wrap": True, "valign": "top"})
    put(sheet, 0, column, call.header, head)
    said = call.accepted(lang)
    sheet.write_comment(0, column, said, {"x_scale": 2})
    sheet.set_column(
        column, column, 20 if call.key in ("at", "outcome") else 13, book.add_format({"num_format": FORMATS[call.key]})
    )
    check = call.check(sources[_OUTCOMES])
    if check:
        words = {"error_title": say(lang, "template.error_title")[:_TITLE], "error_message": said[:_MESSAGE]}
        sheet.data_validation(1, column, ENTRY_ROWS, column, {"ignore_blank": True, **check, **words})


def _comment(question: Question, lang: str, header: str) -> str:
    """The labels that are not the header, the name, and what is accepted."""
    shown = header.split("\n")
    labels = [label for other in LANGUAGES if (label := question.labels.get(other, "")) and label not in shown]
    lines = [*labels, *([question.name] if question.name != header else []), _accepted(question, lang)]
    return "\n".join(line for line in lines if line)


def _width(question: Question, header: str, lang: str) -> int:
    """Columns wide enough for the longest choice; Chinese characters count double."""
    longest = max((typed_width(choice.label(lang)) for choice in question.choices), default=10)
    line = max(typed_width(text) for text in header.split("\n"))
    return min(max(longest + 3, line // 2 + 2, 11), 32)


def _accepted(question: Question, lang: str) -> str:
    """One sentence about what may be entered."""
    missing = [say(lang, f"template.{state}", value=value) for value, state in question.missing_values.items()]
    sentences = [say(lang, f"template.accept_{_kind(question)}", **_bounds(question), choices=_choices(question, lang))]
    return " ".join([*sentences, *missing])


def _kind(question: Question) -> str:
    if question.type not in NUMERIC:
        return question.type
    sort = "whole" if _whole(question) else "number"
    bounds = (question.low is not None, question.high is not None)
    return sort + {(True, True): "_between", (True, False): "_from", (False, True): "_to", (False, False): ""}[bounds]


def _whole(question: Question) -> bool:
    if question.type == "integer":
        return True
    return question.type == "range" and question.unit.is_integer() and (question.low or 0.0).is_integer()


def _bounds(question: Question) -> dict[str, str]:
    return {
        "low": "" if question.low is None else format_number(question.low),
        "high": "" if question.high is None else format_number(question.high),
    }


def _choices(question: Question, lang: str) -> str:
    return " / ".join(choice.label(lang) for choice in question.choices)


def _validation(question: Question, lang: str, letter: str, sources: dict[str, str]) -> dict[str, Any] | None:
    """The check of a column's cells; None where any text may stand."""
    said = _accepted(question, lang)
    words = {
        "error_title": say(lang, "template.error_title")[:_TITLE],
        "error_message": said[:_MESSAGE],
        "input_message": said[:_MESSAGE],
    }
    if question.type == "select_one" and question.list_name in sources:
        words.pop("input_message")  # the arrow of the drop-down says enough
        return {"validate": "list", "source": sources[question.list_name], **words}
    if question.type == "date":
        return {"validate": "custom", "value": f"=AND(ISNUMBER({letter}2),{letter}2>=1,{letter}2<73051)", **words}
    if question.type in NUMERIC:
        return {"validate": "custom", "value": _number_rule(question, f"{letter}2"), **words}
    return {"validate": "any", "input_message": words["input_message"]} if question.type == "select_multiple" else None


def _number_rule(question: Question, cell: str) -> str:
    """A formula that holds for valid numbers and declared missing values."""
    tests = [f"ISNUMBER({cell})"]
    if question.low is not None:
        tests.append(f"{cell}>={format_number(question.low)}")
    if question.high is not None:
        tests.append(f"{cell}<={format_number(question.high)}")
    if _whole(question):
        tests.append(f"{cell}=INT({cell})")
    valid = f"AND({','.join(tests)})"
    missing = [f'{cell}&""="{value}"' for value in question.missing_values if '"' not in value]
    return f"=OR({valid},{','.join(missing)})" if missing else f"={valid}"
