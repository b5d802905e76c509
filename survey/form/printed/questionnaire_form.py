"""A questionnaire as a form to print and fill in by hand: A4, large letters, a box and a code for every choice.

No page breaks a question.  It is a Word document, so that an office can still correct it; what is typed in afterwards goes
into the entry workbook, whose headers and codes are those printed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.core.cells import typed_width
from survey.core.lang import language, say
from survey.form.model import ANSWER_TYPES, BEGINS, Question, Questionnaire
from survey.form.printed.conditions import condition_words
from survey.form.printed.word_document import WIDTH, document, paragraph, run, tab, table
from survey.form.workbook.scoring_checks import NUMERIC
from survey.form.workbook.syntax import format_number

BOX = "□"
#: points: letters of the form, of codes and remarks, of the title
_SIZE, _SMALL, _LARGE = 14, 10, 20
_INDENT = 480
#: filled in by whoever brings the form, in a table at its head
_HEAD = (
    "year",
    "sub_district",
    "community",
    "respondent",
    "household",
    "interviewer",
    "psu",
    "ssu",
    "stratum",
    "disposition",
)
#: known of the sample or of the paper itself, or measured by a device; never written on it
_UNPRINTED = ("mode", "weight", "fpc", "fpc2", "replicate_weight", "duration", "submitted", "start", "end")
#: a matrix: rows of one scale below each other, with so many choices at most
_COLUMNS, _CELL = 8, 1000
#: numbers with so many steps are boxes to tick; choices beyond this many are written, not ticked, at the head
_STEPS, _TICKED = 11, 12


def left_out(form: Questionnaire) -> list[str]:
    """Names of questions that have no place on paper: the mode, weights and what devices measure, places, pictures."""
    return [q.name for q in form.questions if q.role in _UNPRINTED or q.type not in ANSWER_TYPES]


def printed_form(form: Questionnaire, lang: str = "zh") -> bytes:
    """The form as a .docx in one language; what is worded in the other only stands in that."""
    lang = language(lang)
    title = form.title or form.form_id or say(lang, "paper.untitled")
    body = [paragraph(run(title, size=_LARGE, bold=True), centred=True)]
    body.append(paragraph(run(say(lang, "paper.how", box=BOX), size=_SMALL + 1, grey=True), keep=True))
    head = [q for q in form.rows if q.role in _HEAD and not q.repeated]
    if head:
        rows = [(paragraph(run(_label(q, lang))), paragraph(run(_office(q, lang)))) for q in head]
        body += [table((WIDTH // 3, WIDTH - WIDTH // 3), rows), paragraph()]
    body += _questions(form, lang)
    return document(body, title=title, footer=form.form_id, size=_SIZE, lang=lang)


def _questions(form: Questionnaire, lang: str) -> Iterator[str]:
    rows = [r for r in form.rows if r.role not in (*_HEAD, *_UNPRINTED)]
    at = 0
    while at < len(rows):
        row = rows[at]
        matrix = _matrix(rows, at)
        if len(matrix) > 1:
            yield _as_table(form, matrix, lang)
            yield paragraph()
            at += len(matrix)
            continue
        if row.type in BEGINS and (row.labels or row.relevant):
            yield _heading(form, row, lang)
        elif row.type == "note":
            yield paragraph(run(_label(row, lang), size=_SIZE - 1), keep=True, before=120)
        elif row.type in ANSWER_TYPES:
            yield from _question(form, row, lang)
        at += 1


def _heading(form: Questionnaire, row: Question, lang: str) -> str:
    more = [say(lang, "paper.again")] if row.type == "begin_repeat" else []
    more += [_only_if(form, row, lang)] if row.relevant else []
    label = _label(row, lang) if row.labels else ""
    return paragraph(run(label, size=_SIZE + 2, bold=True), run(" ".join(more), size=_SMALL), keep=True, before=240)


def _question(form: Questionnaire, row: Question, lang: str) -> Iterator[str]:
    """The stem with its code, then where the answer goes; nothing of it on another page."""
    parts = [run(f"{row.name}  ", size=_SMALL, grey=True), run(_label(row, lang), bold=True)]
    for remark in _remarks(form, row, lang):
        parts.append(run(f" {remark}", size=_SMALL + 1))
    yield paragraph(*parts, keep=True, before=200)
    lines = list(_answer(row, lang))
    for number, line in enumerate(lines):
        yield paragraph(*line[0], keep=number < len(lines) - 1, indent=_INDENT, hanging=360, stops=line[1])


def _remarks(form: Questionnaire, row: Question, lang: str) -> Iterator[str]:
    if row.relevant:
        yield _only_if(form, row, lang)
    if row.type == "select_multiple":
        yield say(lang, "paper.several")
    if hint := _hint(row, lang):
        yield hint
    if row.type in NUMERIC and not _steps(row):
        low, high = _number(row.low), _number(row.high)
        kind = {(True, True): "between", (True, False): "at_least", (False, True): "at_most"}.get(
            (bool(low), bool(high))
        )
        if kind:
            yield say(lang, f"paper.{kind}", low=low, high=high)


def _only_if(form: Questionnaire, row: Question, lang: str) -> str:
    return say(lang, "paper.only_if", condition=condition_words(form, row.relevant, lang))


def _answer(row: Question, lang: str) -> Iterator[tuple[list[str], Sequence[int]]]:
    """Lines to answer on, each as its runs and the stops of its tabs."""
    ticks = [(c.name, c.label(lang)) for c in row.choices] or [(code, code) for code in _steps(row)]
    missing = [(code, say(lang, f"paper.missing.{state}")) for code, state in row.missing_values.items()]
    if ticks:
        yield from _ticked(ticks)
    elif row.type == "date":
        yield [run(say(lang, "paper.date", box=BOX))], ()
    elif row.type in NUMERIC:
        digits = max((len(_number(value)) for value in (row.low, row.high) if value is not None), default=8)
        yield [run(BOX * min(digits, 12), size=_SIZE + 4)], ()
    else:
        yield [run("_" * 56)], ()
    if missing:
        yield from _ticked(missing)


def _ticked(ticks: Sequence[tuple[str, str]]) -> Iterator[tuple[list[str], Sequence[int]]]:
    """Boxes with code and words, as many in a line as have room."""
    widest = max(typed_width(label if label != code else "") + typed_width(code) for code, label in ticks) + 5
    a_line = max(1, min(6 if len(ticks) <= 6 else 4, 62 // widest))
    if all(code == label for code, label in ticks):
        a_line = _STEPS
    step = (WIDTH - _INDENT) // a_line
    for start in range(0, len(ticks), a_line):
        runs: list[str] = []
        for number, (code, label) in enumerate(ticks[start : start + a_line]):
            runs += [tab()] if number else []
            runs += [run(f"{BOX} "), run(code, size=_SMALL, grey=True) if code != label else run(code)]
            runs += [run(f" {label}")] if code != label else []
        yield runs, [_INDENT + step * number for number in range(1, a_line)]


def _matrix(rows: Sequence[Question], at: int) -> list[Question]:
    """Questions from here on that share a scale: one table, a row each."""
    first = rows[at]
    if first.type != "select_one" or not first.list_name or len(first.choices) > _COLUMNS:
        return []
    found = []
    for row in rows[at:]:
        same = row.type == "select_one" and (row.list_name, row.relevant, row.role) == (
            first.list_name,
            first.relevant,
            "",
        )
        if not same or row.choices != first.choices:
            break
        found.append(row)
    return found


def _as_table(form: Questionnaire, rows: Sequence[Question], lang: str) -> str:
    choices = rows[0].choices
    width = min(_CELL, WIDTH // 2 // max(len(choices), 1))
    stem = WIDTH - width * len(choices)
    head = say(lang, "paper.scale") + (f" {_only_if(form, rows[0], lang)}" if rows[0].relevant else "")
    top = [paragraph(run(head, size=_SMALL), keep=True)]
    top += [paragraph(run(f"{c.name}\n{c.label(lang)}", size=_SMALL), keep=True, centred=True) for c in choices]
    lines = []
    for row in rows:
        hint = [run(f" {text}", size=_SMALL)] if (text := _hint(row, lang)) else []
        named = paragraph(run(f"{row.name}  ", size=_SMALL, grey=True), run(_label(row, lang), size=_SIZE - 1), *hint)
        lines.append([named, *(paragraph(run(BOX), centred=True) for _ in choices)])
    return table((stem, *(width for _ in choices)), [top, *lines], header=True)


def _office(row: Question, lang: str) -> str:
    """Where an entry at the head is written or ticked."""
    if row.choices and len(row.choices) <= _TICKED:
        return "  ".join(f"{BOX} {c.name} {c.label(lang)}" for c in row.choices)
    return ""


def _steps(row: Question) -> list[str]:
    """The values of a number with a few steps."""
    if row.type not in ("range", "integer") or row.low is None or row.high is None:
        return []
    n = (row.high - row.low) / row.unit
    if not 0 < n < _STEPS or not float(n).is_integer():
        return []
    return [format_number(row.low + row.unit * step) for step in range(int(n) + 1)]


def _label(row: Question, lang: str) -> str:
    """The label without markup of the web; what stands for another answer by its question's name."""
    text = re.sub(r"<[^<>]*>|\*\*|__", "", row.label(lang))
    return re.sub(r"\$\{\s*([^}]+?)\s*\}", r"〔\1〕", text).strip()


def _hint(row: Question, lang: str) -> str:
    named = {key: value for key, value in row.extra.items() if key.split(":")[0] == "hint" and value}
    return next((value for key, value in named.items() if key.endswith(f"({lang})")), named.get("hint", ""))


def _number(value: float | None) -> str:
    return "" if value is None else format_number(value)
