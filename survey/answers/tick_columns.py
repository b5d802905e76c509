"""``select_one`` spread over one column a choice, a mark in one of them: the columns put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from survey.answers.multiple_choice import Kind, kinds_of, marked_by_hand
from survey.answers.validation import Coded, Column, answer_hash, cell_finding, error_cells, factorise
from survey.answers.values import is_blank, reader
from survey.core.cells import answer_key
from survey.core.findings import Finding
from survey.form.answer_codes import BLANK, INVALID, Codes
from survey.form.model import Question

#: what says that a choice was not taken, wherever it stands
_NO = frozenset({"0", "false", "no", "n", "否"})


def _own_mark(values: Sequence[Any], blank: frozenset[str]) -> str:
    """The one word that all the columns of a question hold: whoever typed them marked with it (●, x, V); else ``''``."""
    words = {answer_key(value) for value in values if not is_blank(value, blank)} - _NO
    return next(iter(words)) if len(words) == 1 and len(next(iter(words))) == 1 else ""


def code_ticks(question: Question, options: Sequence[tuple[str, Column]], blank: frozenset[str]) -> Coded:
    """Code (choice name, column) pairs; the one column that is marked says the choice, none is a blank.

    Two marks in a row are no answer, whatever they are: a person who marked two levels on paper gave neither.
    """
    n = len(options[0][1].values)
    named = {choice.name: choice for choice in question.choices}
    ticked, bad = np.zeros((n, len(options)), dtype=bool), np.zeros(n, dtype=bool)
    states: Codes = np.full(n, BLANK, dtype=np.int16)
    findings: list[Finding] = []
    read_cells = [factorise(column.values) for _, column in options]
    mark = _own_mark([value for _, uniques in read_cells for value in uniques], blank)
    wrong = np.zeros_like(ticked)
    for place, (name, column) in enumerate(options):
        index, uniques = read_cells[place]
        told = kinds_of(column, named[name], blank, uniques)
        if mark:
            told = [
                Kind(ticked=True) if answer_key(value) == mark else kind
                for value, kind in zip(uniques, told, strict=True)
            ]
        state = np.array([BLANK if k.state is None else k.state for k in told] + [BLANK], dtype=np.int16)[index]
        states = np.where(states == BLANK, state, states)
        ticked[:, place] = np.array([k.ticked for k in told] + [False])[index]
        wrong[:, place] = np.array([k.wrong for k in told] + [False])[index]
    by_hand = marked_by_hand(read_cells, ticked, blank, single=True)
    ticked, wrong = ticked | by_hand, wrong & ~by_hand
    for place, (_, column) in enumerate(options):
        findings += [
            cell_finding(column, row, "checking.not_yes_no", column.values[row], question, False)
            for row in np.flatnonzero(wrong[:, place]).tolist()
        ]
        errors = error_cells(question, column, refuse_row=False)
        bad |= wrong[:, place]
        bad[[row for row, _ in errors]] = True
        findings += [finding for _, finding in errors]
    marks = ticked.sum(axis=1)
    for row in np.flatnonzero(marks > 1).tolist():
        first, second = (options[place][1] for place in np.flatnonzero(ticked[row])[:2])
        params = {"first": first.address(row)}
        findings.append(
            cell_finding(second, row, "checking.answered_twice", second.values[row], question, False, **params)
        )
    read = reader(question)
    readings = [read(name) for name, _ in options]
    chosen = ticked.argmax(axis=1)
    codes = np.where(marks == 1, np.array([r.code for r in readings], dtype=np.int16)[chosen], states)
    codes = np.where(bad | (marks > 1), INVALID, codes).astype(np.int16)
    hashes = np.array([answer_hash(question, r) for r in readings], dtype=np.uint64)
    digest = np.where((marks == 1) & ~bad, hashes[chosen], np.uint64(0)).astype(np.uint64)
    return Coded(codes, digest, findings=tuple(findings))


def ticked_words(
    question: Question, options: Sequence[tuple[str, Column]], blank: frozenset[str]
) -> tuple[Column, list[Finding]]:
    """(choice name, column) pairs as one column of the names that are ticked, and what is wrong with the others."""
    coded = code_ticks(question, options, blank)
    names = [question.choices[code].name if code >= 0 else None for code in coded.codes.tolist()]
    return replace(options[0][1], values=names), [f for f in coded.findings if f.level != "note"]
