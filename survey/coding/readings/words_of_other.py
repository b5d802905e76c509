"""What was written beside 其他 (``其他：陪诊``, ``其他〖陪诊〗``) is the answer to the question that asks what else.

Which question that is says the questionnaire: the text question after one with ``or_other``, or one that is asked of nobody
but those who chose 其他.  Where it has a column of its own that one is read, where there is none the words stay named in a
finding alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.answers.loose_readings import other_choice
from survey.answers.validation import Column
from survey.answers.values import choice_words
from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.form.model import Choice, Question, Questionnaire

KEPT = "checking.words_of_other"
#: what words in brackets, or behind a mark, are preceded by
_BRACKETED = re.compile(r"\s*(?:〖([^〗]*)〗|\(([^)]*)\)|\[([^\]]*)\]|【([^】]*)】)")
_BEHIND = re.compile(r"\s*(?:[:,;—\-_]|\s)+\s*(.+)", re.S)
#: brackets that ask for words instead of holding some
_ASKS = re.compile(
    r"[\s:_]*(?:(?:请|具体)?(?:注明|说明|填写|补充|写明|列明)\S{0,4}|please specify|specify)?[\s:_]*", re.I
)
#: what stands between several choices: the first kind ends the words, of the second only what is a choice does
_ENDS, _BETWEEN = re.compile(r"[┋|\n;]"), re.compile(r"\s*[、,&+/]\s*")


def explaining(form: Questionnaire) -> Mapping[str, str]:
    """Question with a choice 其他 → the text question of the same questionnaire that asks what else."""
    texts = {q.name: q for q in form.questions if q.coding == "text" and not q.role}
    found: dict[str, str] = {}
    for question in form.questions:
        other = other_choice(question)
        if other is None or question.coding not in ("choice", "multiple"):
            continue
        asked = re.compile(
            rf"selected\(\s*\$\{{{re.escape(question.name)}}}\s*,\s*['\"]{re.escape(other.name)}['\"]\s*\)"
        )
        same = re.compile(rf"\$\{{{re.escape(question.name)}}}\s*=\s*['\"]{re.escape(other.name)}['\"]")
        rests = [n for n, q in texts.items() if any(one.fullmatch(q.relevant.strip()) for one in (asked, same))]
        named = f"{question.name}_other"
        if named in texts or len(rests) == 1:
            found[question.name] = named if named in texts else rests[0]
    return found


def with_words(form: Questionnaire, columns: dict[str, list[Column]]) -> tuple[dict[str, list[Column]], list[Finding]]:
    """The columns of each question, with those of words beside 其他 for the text questions that have none; what is said of it."""
    found, notes = dict(columns), []
    for name, text in explaining(form).items():
        if text in columns or len(columns.get(name, ())) != 1:
            continue
        column, question = columns[name][0], form.question(name)
        said = {v: words_beside(v, question) for v in {v for v in column.values if isinstance(v, str)}}
        words = [said.get(value) if isinstance(value, str) else None for value in column.values]
        rows = [i for i, word in enumerate(words) if word]
        if rows:
            found[text] = [replace(column, values=words, words={}, states={}, tidy=None)]
            params = {"n": len(rows), "question": question.label("zh"), "into": form.question(text).label("zh")}
            cell = column.address(rows[0])
            notes.append(Finding(KEPT, "note", "sheet", column.sheet.name, cell, 0, column.header, params))
    return found, notes


def words_beside(value: Any, question: Question) -> str | None:
    """What a cell says beside 其他; None for nothing."""
    other, text = other_choice(question), clean(value) if isinstance(value, str) else ""
    if other is None or not text:
        return None
    for label in _written(other):
        if (at := text.casefold().find(label.casefold())) < 0 or (at and text[at - 1].isalnum()):
            continue
        rest = text[at + len(label) :]
        if (inside := _BRACKETED.match(rest)) and not _ASKS.fullmatch(words := next(filter(None, inside.groups()), "")):
            return clean(words)
        rest = rest[inside.end() :] if inside else rest
        behind = _BEHIND.match(_ENDS.split(rest)[0] if not rest.lstrip().startswith(";") else rest)
        words = _without_choices(behind[1], question) if behind else ""
        return words if any(map(str.isalnum, words)) else None
    return None


def _without_choices(text: str, question: Question) -> str:
    """The words before the first part that is a choice again."""
    known = choice_words(question)
    for between in _BETWEEN.finditer(text):
        rest = text[between.end() :]
        if answer_key(rest) in known or answer_key(_BETWEEN.split(rest)[0]) in known:
            return text[: between.start()].strip()
    return text.strip()


def _written(other: Choice) -> Sequence[str]:
    """How 其他 may stand in a cell, the longest first: as its label has it, and without what stands in brackets there."""
    said = {clean(t) for t in (*other.labels.values(), *other.aliases) if t}
    bare = {re.sub(r"\s*[(\[【〖:].*$", "", t) for t in said}
    known = {one.replace("其他", as_written) for one in said | bare for as_written in ("其他", "其它")}
    return sorted(filter(None, known), key=len, reverse=True)
