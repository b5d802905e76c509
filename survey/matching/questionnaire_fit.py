"""How well a questionnaire fits the headers of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.core import limits
from survey.files.layouts.layout import Layout, spellings
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.sheet import Sheet
from survey.matching.sheet_matching import vocabulary
from survey.store.intake.questionnaires import StoredForm

#: a longer text is no header
LONGEST_HEADER = 300


@dataclass(frozen=True)
class Fit:
    """How well a questionnaire fits: ``questions`` of its ``items`` that take an answer are matched, out of ``headers``.

    ``share`` counts both ways (Dice): matched questions against those of the form and against the sheet's headers.
    ``columns``: role → column.
    """

    form: StoredForm
    row: int
    first: int
    questions: int
    items: int
    headers: int
    columns: Mapping[str, int]

    @property
    def share(self) -> float:
        """2 x matched / (questions of the form + headers of the sheet)."""
        return 2 * self.questions / max(1, self.items + self.headers)

    @property
    def cover(self) -> float:
        """Share of the form's questions that the sheet has."""
        return self.questions / max(1, self.items)


def fit(sheet: Sheet, stored: StoredForm, layout: Layout | None, heads: Sequence[_Heads]) -> Fit | None:
    """How well a questionnaire fits a sheet; None where not even one question of its own is there.

    ``heads``: the first rows of the sheet as ``header_keys`` gives them.
    """
    measure = _Measure(stored)
    if layout is not None:
        return measure.fit(_layout_keys(layout), layout.header_rows[-1], layout.first)
    best: Fit | None = None
    for row, keys in enumerate(heads):
        found = measure.fit(keys, row, row + 1)
        if (found is None or found.questions < found.items) and row + 1 < len(heads):
            two = measure.fit(_joined(sheet, row, keys, heads[row + 1]), row + 1, row + 2)
            found = two if two and (found is None or two.questions > found.questions + 1) else found
        if found and (best is None or _weight(found) > _weight(best)):
            best = found
    return best


def _weight(found: Fit) -> tuple[int, int, int]:
    """More questions, then more columns of who and where (a merged header has them above), then fewer strange headers."""
    return found.questions, len(found.columns), -found.headers


#: column → the comparable texts that its header may be read as, best first
_Heads = Mapping[int, Sequence[str]]


def header_keys(sheet: Sheet) -> list[_Heads]:
    """The first rows of a sheet as if each were a header."""
    rows = [[plain_text(v) for v in row] for row in sheet.rows[: limits.HEADER_ROWS]]
    return [
        {i: [header_key(s) for s in (t, *spellings(t))] for i, t in enumerate(row) if t and len(t) <= LONGEST_HEADER}
        for row in rows
    ]


def _layout_keys(layout: Layout) -> _Heads:
    return {
        c.index: [header_key(t) for t in (*(f"{t}/{c.option}" for t in c.texts if c.option), *c.texts)]
        for c in layout.questions
    }


def _joined(sheet: Sheet, row: int, upper: _Heads, lower: _Heads) -> _Heads:
    """Two header rows: ``stem/item`` first, then the lower text, then the upper one."""
    joined: dict[int, Sequence[str]] = dict(upper)
    stem: Sequence[str] = ()
    for index in range(len(sheet.rows[row])):
        stem = upper.get(index, stem)
        if index in lower:
            joined[index] = [*(f"{s}/{t}" for s in stem for t in lower[index]), *lower[index], *upper.get(index, ())]
    return joined


class _Measure:
    """One questionnaire, ready to be held against headers."""

    def __init__(self, stored: StoredForm) -> None:
        self.stored = stored
        self.words = vocabulary(stored.form)
        self.roles = {q.name: q.role for q in stored.form.questions if q.role}
        self.items = sum(1 for q in stored.form.questions if not q.role)

    def fit(self, heads: _Heads, row: int, first: int) -> Fit | None:
        """What of the questionnaire stands under these headers."""
        questions: set[str] = set()
        columns: dict[str, int] = {}
        others = 0
        for index, keys in heads.items():
            target = next((self.words[key] for key in keys if key in self.words), None)
            if target is None:
                others += 1
            elif target.question in self.roles:
                columns.setdefault(self.roles[target.question], index)
            else:
                questions.add(target.question)
        if not questions:
            return None
        return Fit(self.stored, row, first, len(questions), self.items, len(questions) + others, columns)
