"""Headers → questions: which sheet holds the answers, where its header stands, what each column means."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import permutations
from string import ascii_uppercase
from typing import Any

import numpy as np

from survey.answers.mapping import OPTION_COLUMNS, ColumnMapping, split_target
from survey.answers.values import Reading, choice_words, reader
from survey.core import limits
from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files import layouts
from survey.files.layouts.hand_made_sheet import find_header
from survey.files.layouts.layout import OPTION, ROLES, ColumnLayout, Layout, spellings, split_tail
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.merged_cells import filled_down
from survey.files.readers.sheet import Sheet
from survey.form.header_words import COMMUNITY
from survey.form.model import Question, Questionnaire
from survey.matching.header_findings import header_notes, hidden_names, no_questions, open_guesses, refuse_responses
from survey.matching.matched_sheet import ColumnMatch, Matched, ignored_note
from survey.matching.shapes.other_shapes import (
    answers_below,
    refuse_counts,
    refuse_joined,
    refuse_means,
    refuse_shape,
    refuse_side_by_side,
    turned,
)
from survey.matching.shapes.turned_round import turn_round

#: how sheets made by hand write an option of a question into a header
_BY_HAND = ("{stem}_{option}", "{stem}—{option}", "{stem}——{option}", "{stem}:{option}", "{stem}({option})")
#: what an option asks for behind its name, which headers made by hand leave out: （请注明）
_HINT = re.compile(r"\s*[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]\s*$")
_MARKS = re.compile(r"[\W_]+")
#: beside a digit a mark is a range, a point or a sign
_COUNTS = re.compile(r"\d\s*[^\w\s]|[^\w\s]\s*\d")


@dataclass(frozen=True, slots=True)
class _Target:
    question: str
    choice: str | None
    how: str


def vocabulary(form: Questionnaire, mapping: ColumnMapping | None = None) -> Mapping[str, _Target]:
    """Comparable header → what it stands for; names win over labels, labels over aliases, aliases over the words that
    stand over a column of communities anywhere.

    A label or alias that two questions share matches neither (the checker of the form notes it).  A ``mapping``
    that a person confirmed wins over all of them; a header that it leaves out stands for no question (``""``).
    """
    layers: list[list[tuple[str, _Target]]] = [[], [], [], []]
    for question in form.questions:
        layers[0].append((question.name, _Target(question.name, None, "name")))
        layers[1] += [(label, _Target(question.name, None, "label")) for label in _labels(question)]
        layers[2] += [(alias, _Target(question.name, None, "alias")) for alias in question.aliases]
        if question.role == "community":
            layers[3] += [(word, _Target(question.name, None, "alias")) for word in COMMUNITY]
        if question.type in OPTION_COLUMNS:
            layers[0] += _option_headers(question, "/" if question.type == "select_multiple" else OPTION)
            layers[3] += _option_letters(question) if question.type == "select_one" else []
            layers[3] += _option_words(question, OPTION if question.type == "select_one" else "/", hinted=True)
        if question.type == "select_multiple":
            layers[2] += _option_words(question)
    words: dict[str, _Target] = {}
    for layer in layers:
        meanings: dict[str, set[_Target]] = {}
        for text, target in layer:
            meanings.setdefault(header_key(text), set()).add(target)
        for key, targets in meanings.items():
            if key and len({(t.question, t.choice) for t in targets}) == 1:
                words.setdefault(key, next(iter(targets)))
    starred = {text: target for key, target in words.items() for text in (f"*{key}", f"{key}*")}  # 必填
    return {**starred, **words, **(_mapped(mapping, form) if mapping else {})}


def _labels(question: Question) -> list[str]:
    """The labels, and each pair of them in one cell, as bilingual sheets have it."""
    labels = [label for label in question.labels.values() if label]
    return [*labels, *(f"{one}\n{other}" for one, other in permutations(labels, 2))]


def _mapped(mapping: ColumnMapping, form: Questionnaire) -> Mapping[str, _Target]:
    split = {key: split_target(target, form) for key, target in mapping.columns.items()}
    return {key: _Target(name, option or None, "mapping") for key, (name, option) in split.items()}


def _option_words(question: Question, mark: str = "", hinted: bool = False) -> list[tuple[str, _Target]]:
    """Stem and option in their own words, as sheets made by hand put them into one header: 常去哪里_公园, 常去哪里（公园）;
    ``hinted``: 常去哪里_其他 for the option 其他（请注明）, with the platforms' ``mark`` too."""
    return [
        (form.format(stem=stem, option=option), _Target(question.name, choice.name, "alias"))
        for choice in question.choices
        for label in {*choice.labels.values()}
        if (option := _HINT.sub("", label) if hinted else label) and (not hinted or option != label)
        for stem in {*question.labels.values(), *([question.name] if hinted else ())}
        for form in (*_BY_HAND, *([f"{{stem}}{mark}{{option}}"] if mark else ()))
        if stem
    ]


def _option_headers(question: Question, mark: str) -> list[tuple[str, _Target]]:
    stems = {question.name, *question.labels.values()}
    return [
        (f"{stem}{mark}{text}", _Target(question.name, choice.name, "name"))
        for choice in question.choices
        for text in {choice.name, *choice.labels.values()}
        for stem in stems
        if stem and text
    ]


def _option_letters(question: Question) -> list[tuple[str, _Target]]:
    """A, B, C … under or behind a question for its choices in their order, of which one has a tick."""
    choices = [c for c in question.choices if not c.missing]
    return [
        (f"{stem}{OPTION}{letter}", _Target(question.name, choice.name, "alias"))
        for letter, choice in zip(ascii_uppercase, choices, strict=False)
        for stem in {question.name, *question.labels.values()}
        if stem
    ]


def match(
    sheets: Sequence[Sheet],
    form: Questionnaire,
    *,
    sheet: str | None,
    header_rows: int | None,
    mapping: ColumnMapping | None = None,
) -> Matched:
    """Find the sheet and header row that match the questionnaire best.

    Raises Refused when the named sheet is not there, when no column fits the questionnaire, or when several
    sheets fit it equally well (then the user has to name one).
    """
    words, everything = vocabulary(form, mapping), sheets
    answerable = {q.name for q in form.questions if not q.role}
    if sheet is not None:
        chosen = [s for s in sheets if header_key(s.name) == header_key(sheet)]
        if not chosen:
            if header_key(sheet) in hidden_names(sheets):
                raise Refused("intake.sheet_is_hidden", sheet=sheet)
            raise Refused("intake.no_such_sheet", sheet=sheet, sheets=[s.name for s in sheets])
        sheets = chosen
    best: list[Matched] = []
    read: list[Matched] = []

    def means(text: str) -> bool:
        return header_key(text) in words

    for candidate in sheets:
        if header_rows is None and any(odd(candidate, means) is not None for odd in (turned, answers_below)):
            continue
        layout = _layout(candidate, form, words, answerable, header_rows)
        found = None if layout is None else _match_columns(layout, form, words)
        if found is not None:
            read.append(found)
        if found is None or not set(found.by_question) & answerable:
            continue
        if not best or len(found.by_question) > len(best[0].by_question):
            best = [found]
        elif len(found.by_question) == len(best[0].by_question):
            best.append(found)
    if header_rows is None and (not best or len(set(best[0].by_question) & answerable) < 2):
        refuse_shape(sheets, form, means)
    if not best:
        raise no_questions(everything, title=form.title or form.form_id, n=len(answerable))
    refuse_joined(best[0], read, form)
    if len(best) > 1:
        raise Refused("intake.several_sheets", sheets=[m.sheet.name for m in best])
    refuse_counts(best[0])
    refuse_side_by_side(best[0])
    refuse_means(best[0], form)
    return best[0]


def upright(
    sheets: Sequence[Sheet],
    form: Questionnaire,
    mapping: ColumnMapping | None = None,
    *,
    named: str | None = None,
    together: Collection[str] = (),
) -> list[Sheet]:
    """The sheets, those turned round that lie on their side (``shapes.turned_round``)."""
    words = cache(lambda: vocabulary(form, mapping))  # where no sheet is looked through, none of it is asked for
    return turn_round(sheets, form, lambda text: header_key(text) in words(), named=named, together=together)


def _layout(
    sheet: Sheet, form: Questionnaire, words: Mapping[str, _Target], answerable: set[str], header_rows: int | None
) -> Layout | None:
    """How the answers lie: as a platform exports them, as people make sheets, or with as many header rows as said."""
    if header_rows is None:
        means = cache(lambda text: header_key(text) in words)
        found = layouts.recognise(sheet) or find_header(sheet, means, answers=_answers(form, words), keys=words.keys())
        if found is not None:
            return found
    depth = min(header_rows or 1, max(len(sheet.rows), 1))
    score, row = _header(sheet, words, answerable, depth)
    if not score:
        return None
    stacked = _header_cells(sheet, row, depth)
    columns = tuple(
        ColumnLayout(index, tuple(dict.fromkeys(("/".join(texts), *reversed(texts)))))
        for index, texts in enumerate(stacked)
        if texts
    )
    refuse_responses(sheet, columns, row, depth, _answers(form, words), partial(_names_a_question, sheet, words, row))
    return Layout("", sheet, tuple(range(row, row + depth)), row + depth, columns)


def _answers(form: Questionnaire, words: Mapping[str, _Target]) -> Callable[[ColumnLayout, Any], bool]:
    """Whether a cell is a possible answer to the question of its column (tells responses from totals)."""
    readers: dict[str, Callable[[Any], Reading]] = {}

    def possible(column: ColumnLayout, value: Any) -> bool:
        target = next((words[k] for text in column.texts if (k := header_key(text)) in words), None)
        if target is None or not target.question:
            return False
        question = form.question(target.question)
        if question.role or question.coding in ("text", "date"):
            return False
        read = readers.setdefault(question.name, reader(question))
        return not read(value).problem

    return possible


def _header_cells(sheet: Sheet, row: int, depth: int) -> list[list[str]]:
    """Header texts of every column, top to bottom; an empty cell of an upper row repeats its left neighbour."""
    stacked: list[list[str]] = [[] for _ in (sheet.rows[row] if sheet.rows else [])]
    for level in range(depth):
        last = ""
        for index, value in enumerate(sheet.rows[row + level]):
            text = plain_text(value)
            if not text and level < depth - 1:
                text = last
            last = text or last
            if text:
                stacked[index].append(text)
    return stacked


def _names_a_question(sheet: Sheet, words: Mapping[str, _Target], top: int, row: int) -> bool:
    """Whether a cell of a row means a question by itself, or with what stands over it from row ``top`` on."""
    stacked = _header_cells(sheet, row=top, depth=row - top + 1)
    filled = [texts for texts, value in zip(stacked, sheet.rows[row], strict=True) if plain_text(value)]
    return any(header_key("/".join(texts)) in words or header_key(texts[-1]) in words for texts in filled)


def _meaning(texts: Sequence[str], words: Mapping[str, _Target]) -> _Target | None:
    """With two header rows ``stem/option`` counts first, then the lowest text that means something."""
    if len(texts) > 1 and (target := words.get(header_key("/".join(texts)))):
        return target
    return next((words[key] for text in reversed(texts) if (key := header_key(text)) in words), None)


def _header(sheet: Sheet, words: Mapping[str, _Target], answerable: set[str], depth: int) -> tuple[int, int]:
    """(number of matched questions, row) of the best header row; 0 if no question proper is matched."""
    best = (0, 0)
    for row in range(min(limits.HEADER_ROWS, len(sheet.rows) - depth + 1)):
        found = {
            t.question for texts in _header_cells(sheet, row, depth) if (t := _meaning(texts, words)) and t.question
        }
        if found & answerable and len(found) > best[0]:
            best = (len(found), row)
    return best


def _match_columns(layout: Layout, form: Questionnaire, words: Mapping[str, _Target]) -> Matched:
    bottom = layout.header_rows[-1]
    sheet = filled_down(layout.sheet, layout.sheet.top + bottom)
    columns = []
    for column in layout.columns:
        cell, header = sheet.address(bottom, column.index), _shown_header(sheet, layout, column)
        target = _column_target(column, form, words)
        if target and target.question:
            columns.append(ColumnMatch(header, cell, column.index, target.question, target.choice, target.how))
        else:
            columns.append(ColumnMatch(header, cell, column.index, None, meaning=column.meaning))
    columns = _platform_roles(columns, form)
    single = {q.name for q in form.questions if q.type == "select_one"}
    findings = [*open_guesses(sheet.findings, layout), *layout.findings, *header_notes(columns, sheet, single)]
    findings += ignored_note(sheet, columns)
    if nameless := _nameless(sheet, layout):
        findings.append(
            Finding(
                "intake.columns_nameless",
                level="note",
                scope="sheet",
                sheet=sheet.name,
                cell=nameless[0],
                params={"n": len(nameless), "cells": "、".join(nameless)},
            )
        )
    top = layout.header_rows[0]
    if top > 0 and any(plain_text(v) for above in sheet.rows[:top] for v in above):
        findings.append(
            Finding(
                "intake.rows_above_header",
                level="note",
                scope="sheet",
                sheet=sheet.name,
                cell=sheet.address(0, 0),
                params={"header_row": sheet.top + bottom + 1},
            )
        )
    return Matched(sheet, tuple(columns), bottom, layout.first, tuple(findings), replace(layout, sheet=sheet))


def _nameless(sheet: Sheet, layout: Layout) -> list[str]:
    """Header cells of columns that hold something but say nothing of what."""
    width = len(sheet.rows[0]) if len(sheet.rows) else 0
    others = sorted(set(range(width)) - {c.index for c in layout.columns})
    cells = columns_of(sheet.rows, layout.first, others)
    kept = np.ones(max(len(sheet.rows) - layout.first, 0), dtype=bool)
    kept[[row - layout.first for row in layout.skip if row >= layout.first]] = False
    bottom = layout.header_rows[-1]
    return [sheet.address(bottom, i) for i in others if (cells[i].codes[kept] >= 0).any()]


def _shown_header(sheet: Sheet, layout: Layout, column: ColumnLayout) -> str:
    """The header as it stands in the sheet, the lowest row that says something."""
    texts = [plain_text(sheet.rows[row][column.index]) for row in layout.header_rows]
    return next((t for t in reversed(texts) if t), column.texts[0] if column.texts else "")


def _column_target(column: ColumnLayout, form: Questionnaire, words: Mapping[str, _Target]) -> _Target | None:
    """The question of a column; ``option`` counts where the question takes several."""
    joined = (f"{t}{mark}{column.option}" for t in column.texts for mark in ("/", OPTION) if column.option)
    for text in (*joined, *column.texts):
        target = words.get(header_key(text))
        if target is None:
            continue
        if column.option and target.question and target.choice is None:
            choice = _option_called(column.option, form.question(target.question))
            if not choice:
                continue
            return replace(target, choice=choice)
        return target
    return None


def _option_called(option: str, question: Question) -> str:
    """The choice that an option's header calls, by its words, else by its letters and digits alone where they are of one
    choice only (看病、买药 of 看病,买药; 其他 of 其他（请注明）); '' where none is."""
    words = choice_words(question) if question.type in OPTION_COLUMNS else {}
    spelt = (answer_key(s) for s in (option, *spellings(option), split_tail(option)[0]))
    if (index := next((words[key] for key in spelt if key in words), None)) is not None:
        return question.choices[index].name
    said = {_folded(option), _folded(_HINT.sub("", option))} - {""}
    called = {
        c.name: {_folded(t) for label in c.labels.values() for t in (label, _HINT.sub("", label))}
        for c in question.choices
    }
    found = [name for name, texts in called.items() if words and said & texts]
    return found[0] if len(found) == 1 else ""


def _folded(text: str) -> str:
    """Letters and digits alone; '' of what has a sign that means something: 20+, 1-4."""
    return "" if _COUNTS.search(plain_text(text)) else _MARKS.sub("", header_key(text))


def _platform_roles(columns: list[ColumnMatch], form: Questionnaire) -> list[ColumnMatch]:
    """Times and durations that a platform writes by itself, for roles that no header was matched to."""
    taken = {c.question for c in columns}
    matched = []
    for column in columns:
        question = form.roles.get(ROLES.get(column.meaning, ""))
        if column.question is None and question is not None and question.name not in taken:
            column = replace(column, question=question.name, how="platform")
            taken.add(question.name)
        matched.append(column)
    return matched
