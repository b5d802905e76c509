"""The table of what a file holds as a file: written by the page and the command, corrected by a person, taken back as a mapping.

One row a question without a column, one a column, and below each column one a text that stands in it.  What a person may
change is the question of a column (or the header of a question that has none) and what a text is read as.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from survey.answers.mapping import ColumnMapping, split_target
from survey.answers.values import NOTHING, choice_words
from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.core.plain_table import PlainTable, csv_text
from survey.files.own_workbooks import Column, Record, header_key, read_table
from survey.files.read import read_sheets
from survey.files.written_workbook import WrittenWorkbook
from survey.form.model import Question, Questionnaire
from survey.intake.contents.lines import Contents, Line
from survey.matching.matched_sheet import ColumnMatch

#: the columns of the table, in order
NAMES = ("state", "question", "label", "cell", "header", "found", "cells", "means", "was")
#: characters that each column of the workbook shows
WIDTHS = {
    "state": 12,
    "question": 14,
    "label": 32,
    "cell": 8,
    "header": 32,
    "found": 20,
    "cells": 8,
    "means": 16,
    "was": 14,
}
#: the ending of each form of the table
ENDINGS = (".csv", ".xlsx")


def contents_text(found: Contents, lang: str) -> str:
    """The table as CSV, with headings and states in the reader's language."""
    names = [say(lang, f"contents.column.{name}") for name in NAMES]
    rows = [dict(zip(names, row, strict=True)) for line in found.lines for row in _rows(line, lang)]
    return csv_text(PlainTable.of_rows(rows, names))


def contents_workbook(found: Contents, lang: str) -> bytes:
    """The table as a workbook: what waits coloured, what may be changed on white."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with WrittenWorkbook(out, options) as book:
        page = book.add_worksheet(say(lang, "contents.title"))
        head = book.add_format({"bold": True, "bg_color": "#E7EAF0", "valign": "top", "text_wrap": True})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        waits = book.add_format({"valign": "top", "text_wrap": True, "bg_color": "#FDF1E3"})
        for place, name in enumerate(NAMES):
            page.set_column(place, place, WIDTHS[name])
            page.write_string(0, place, say(lang, f"contents.column.{name}"), head)
        at = 0
        for line in found.lines:
            open_line = line.state in ("missing", "empty", "proposed", "words")
            for row in _rows(line, lang):
                at += 1
                for place, value in enumerate(row):
                    form = waits if open_line and place == 0 else plain
                    if isinstance(value, int):
                        page.write_number(at, place, value, form)
                    elif value:
                        page.write_string(at, place, str(value), form)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, max(at, 1), len(NAMES) - 1)
    return out.getvalue()


def _rows(line: Line, lang: str) -> list[tuple[object, ...]]:
    state, label = say(lang, f"contents.state.{line.state}"), line.question.label(lang) if line.question else ""
    name = line.question.name if line.question else ""
    if not line.columns:
        return [(state, name, label, "", "", "", None, "", "")]
    rows: list[tuple[object, ...]] = []
    for column in line.columns:
        target = _target(column)
        rows.append((state, target, label, column.cell, column.header, "", line.filled, "", target))
    first = line.columns[0]
    for read in line.readings:
        if read.text:
            how, means = say(lang, f"contents.how.{read.how}"), read.meaning[lang]
            rows.append((how, name, label, first.cell, first.header, read.text, read.count, means, means))
    return rows


def _target(column: ColumnMatch) -> str:
    return f"{column.question}/{column.choice}" if column.choice else column.question or ""


def contents_mapping(file: str, data: bytes, form: Questionnaire) -> ColumnMapping:
    """The mapping of a table that a person has looked through: all that waited in it, and what was changed.

    Raises Refused with one sentence where it is no such table, with the findings where a line can't be understood.
    """
    findings: list[Finding] = []
    keys = [Column(name, tuple(say(lang, f"contents.column.{name}") for lang in LANGUAGES)) for name in NAMES]
    sheet = read_sheets(file, data)[0]
    records = read_table(sheet, keys, findings)
    if not records or not {"question", "header", "found", "means"} <= records[0].values.keys():
        raise Refused("contents.no_table", file=file)
    columns, absent = {}, []
    values: dict[str, dict[str, str]] = {}
    for record in records:
        question, header, text = record.text("question"), record.text("header"), record.text("found")
        if text:
            _reading(record, form, values)
        elif header and (question != record.text("was") or _waits(record)):
            columns[header_key(header)] = _question(question, form)
        elif (not header and _is(record, "missing")) or (header and _is(record, "empty")):
            absent.append(_question(question, form))
    return ColumnMapping(columns, values, absent=tuple(absent))


def _is(record: Record, *states: str) -> bool:
    """Whether a row is in one of these states, in either language."""
    said = record.text("state")
    return said in {say(lang, f"contents.state.{state}") for state in states for lang in LANGUAGES}


def _waits(record: Record) -> bool:
    return _is(record, "proposed")


def _question(said: str, form: Questionnaire) -> str:
    """A question as a mapping names it, from its name or its label; what nobody knows stays, and is refused with the mapping."""
    if not said or split_target(said, form)[0] in form.position:
        return said
    named = [q.name for q in form.questions if header_key(said) in {header_key(t) for t in q.labels.values()}]
    return named[0] if len(named) == 1 else said


def _reading(record: Record, form: Questionnaire, values: dict[str, dict[str, str]]) -> None:
    """What a text is read as, where that waited or was changed."""
    own = {say(lang, f"contents.how.{how}") for how in ("own", "said") for lang in LANGUAGES}
    means, name = record.text("means"), _question(record.text("question"), form)
    settled = record.text("state") in own and means == record.text("was")
    if settled or not means or name not in form.position:
        return
    question = form.question(name)
    if question.coding == "multiple":
        return  # its parts are settled by the columns of options, or word by word in a mapping
    meant = "" if means == NOTHING else _choice(question, means)
    values.setdefault(name, {})[answer_key(record.text("found"))] = meant


def _choice(question: Question, means: str) -> str:
    """A choice's name, from its name, label or alias; for a question without choices the text as it stands."""
    if not question.choices:
        return means
    words: Mapping[str, int] = choice_words(question)
    place = words.get(answer_key(means))
    return means if place is None else question.choices[place].name
