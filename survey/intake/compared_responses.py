"""Two answer sheets of one person side by side: a row of a file, and another of the file or of a stored batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from survey.answers.phones import hidden
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.lang import say, separator
from survey.core.masking import masked
from survey.form.answer_codes import BLANK, SKIPPED, STATE_NAMES, ResponseBlock
from survey.form.model import Question, Questionnaire
from survey.intake.answers import Inspection
from survey.people.changed_rows import BY_PHONE, CHANGED, OLD
from survey.people.duplicates import STORED
from survey.store.intake import batches, loading

#: question about two rows → the parameters that name the other one: its row, and its batch where it is stored
_OTHER = {
    "checking.other_answers": ("other", ""),
    "checking.alike_respondents": ("other", ""),
    STORED: ("other", "batch"),
    **dict.fromkeys((CHANGED, BY_PHONE, OLD), ("other", "of")),  # the first of several rows
    "identities.other_answers": ("other", ""),
    "identities.other_answers_stored": ("other", "batch"),
    "contacts.same_phone": ("row", ""),
    "contacts.same_phone_stored": ("row", "batch"),
}


@dataclass(frozen=True)
class Place:
    """Where one of the two stands; ``batch`` 0 and no file in the file that is being looked at."""

    row: int
    batch: int = 0
    file: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Beside:
    """``differ``: what differs, (question or header, here, there); ``same``: how much is the same."""

    here: Place
    there: Place
    differ: tuple[tuple[str, str, str], ...]
    same: int


def beside(conn: Connection, found: Inspection, finding: Finding, lang: str) -> Beside | None:
    """The row of a finding beside the other that it names, personal numbers masked; None where it names none."""
    keys = _OTHER.get(finding.code)
    if keys is None or found.coded is None:
        return None
    here = finding.row or finding.params.get("row", 0)
    row, batch = finding.params.get(keys[0]), finding.params.get(keys[1], 0) if keys[1] else 0
    if not isinstance(row, int) or not isinstance(batch, int) or here not in found.coded.row_numbers:
        return None
    return _in_store(conn, found, here, batch, row, lang) if batch else _in_file(found, here, row)


def _in_file(found: Inspection, row: int, other: int) -> Beside | None:
    coded = found.coded
    assert coded is not None
    if other not in coded.row_numbers:
        return None
    here, there = (coded.sheet.rows[n - 1 - coded.sheet.top] for n in (row, other))
    phones, private = {column.index for column in coded.phone_columns}, coded.private
    differ, same = [], 0
    for column in found.columns:
        i = column.index
        if not column.header or i in private:
            continue
        pair = tuple("" if v is None else clean(v) for v in (here[i], there[i]))
        if pair[0] == pair[1]:
            same += 1
        else:
            cover = hidden if i in phones else masked
            differ.append((column.header, cover(pair[0]), cover(pair[1])))
    return Beside(Place(row), Place(other), tuple(differ), same)


def _in_store(conn: Connection, found: Inspection, row: int, batch: int, other: int, lang: str) -> Beside | None:
    coded = found.coded
    assert coded is not None
    stored = loading.of_row(conn, batch, other)
    if stored is None:
        return None
    keep = np.zeros(len(coded.row_numbers), dtype=bool)
    keep[coded.row_numbers.index(row)] = True
    form, block = stored
    here, there = answers_of(coded.form, coded.block(keep, {}), lang), answers_of(form, block, lang)
    labels = {q.name: q.label(lang) for q in (*form.questions, *coded.form.questions)}
    names = [name for name in labels if here.get(name, "") or there.get(name, "")]
    differ = [(labels[n], here.get(n, ""), there.get(n, "")) for n in names if here.get(n, "") != there.get(n, "")]
    kept = batches.get(conn, batch)
    sheet = str(block.design["sheet"].iloc[0] or "")
    return Beside(Place(row), Place(other, batch, kept.file, sheet), tuple(differ), len(names) - len(differ))


def answers_of(form: Questionnaire, block: ResponseBlock, lang: str) -> Mapping[str, str]:
    """Question → the answer of the one response of a block in words, ``''`` where none was given; numbers masked."""
    return {
        q.name: masked(_answer(q, int(code), block, lang))
        for q, code in zip(form.questions, block.codes[0], strict=True)
    }


def _answer(question: Question, code: int, block: ResponseBlock, lang: str) -> str:
    if code in (BLANK, SKIPPED):
        return ""
    if code < 0:
        return say(lang, f"side_by_side.{STATE_NAMES[code]}")
    name = question.name
    if question.coding == "choice":
        return question.choices[code].label(lang)
    if question.coding == "multiple":
        chosen = (block.multiple.get(name) or [None])[0] or ()
        return separator(lang).join(question.choices[i].label(lang) for i in chosen)
    if question.coding == "step":
        return _number((question.low or 0.0) + code * question.unit)
    value: Any = block.numbers[name][0] if name in block.numbers else (block.texts.get(name) or [None])[0]
    return "" if value is None else _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"
