"""``select_multiple`` spread over one column an option (``q/option``): the columns put together again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.answers import BLANK, INVALID
from survey.cells import answer_key
from survey.checking import Coded, Column, cell_finding, fingerprint
from survey.findings import Finding
from survey.form.model import Question
from survey.values import is_blank

_YES = frozenset({"1", "true", "yes", "y", "是", "√", "✓", "☑", "选中"})
_NO = frozenset({"0", "false", "no", "n", "否", "×", "未选中"})


def code_options(question: Question, options: Sequence[tuple[str, Column]], blank: frozenset[str]) -> Coded:
    """Code (choice name, column) pairs; a row in which every option is blank was not answered."""
    place = {choice.name: i for i, choice in enumerate(question.choices)}
    n = len(options[0][1].values)
    chosen: list[set[int]] = [set() for _ in range(n)]
    answered = np.zeros(n, dtype=bool)
    bad = np.zeros(n, dtype=bool)
    findings: list[Finding] = []
    for name, column in options:
        choice = question.choices[place[name]]
        own = {answer_key(word) for word in (choice.name, *choice.labels.values(), *choice.aliases) if word}
        yes = _YES | own | {word for word, meaning in column.words.items() if meaning == choice.name}
        for row, value in enumerate(column.values):
            if value is None or is_blank(value, blank):
                continue
            answered[row] = True
            word = answer_key(value)
            if word in yes:
                chosen[row].add(place[name])
            elif word not in _NO:
                bad[row] = True
                findings.append(cell_finding(column, row, "checking.not_yes_no", value, question, False))
    codes = np.where(bad, INVALID, np.where(answered, 0, BLANK)).astype(np.int16)
    multiple = [tuple(sorted(chosen[i])) if codes[i] == 0 else None for i in range(n)]
    digest = np.array(
        [fingerprint(f"{question.name}=0|None|None|{picked}") if picked is not None else 0 for picked in multiple],
        dtype=np.uint64,
    )
    return Coded(codes, digest, multiple=multiple, findings=tuple(findings))
