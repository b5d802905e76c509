"""Sheets that are no table of answers, one row a respondent: turned round, or counts of answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from survey.core.addresses import letters
from survey.core.cells import answer_key, as_number, clean
from survey.core.errors import Refused
from survey.files.own_workbooks import plain_text
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import ColumnMatch, Matched

#: rows and columns in which questions are looked for, and how many of them make a header
DEPTH, ACROSS, LEAST = 400, 4, 3
#: columns of a sheet that may have one row an answer
NARROW = 12
#: choices of one list in a row that make it the header of a table of counts
CHOICES = 3
#: share of filled cells of choice columns that are numbers no mark can be
COUNTED = 0.2

#: headers of sums and shares, and how names of communities end
_TOTAL = re.compile(
    r"(?:合|总|小|共)计|总数|总人数|人数|有效?(?:份数|样本数?|人数)|(?:平均|得|总|均)分?|平均值|均值|满意[率度]|占比|比例|百分比"
)
_PLACES = ("社区", "居委会", "村委会", "街道", "总体", "全区")

Known = Callable[[str], bool]


def refuse_shape(sheets: Sequence[Sheet], form: Questionnaire, known: Known) -> None:
    """Raise Refused, with what to do, where a sheet in which no header was found is of another shape."""
    for sheet in sheets:
        column = turned(sheet, known)
        if row := counts(sheet, form, once=column is not None):  # it may name its questions one below the other, too
            raise Refused("intake.counts", sheet=sheet.name, row=sheet.top + row)
        if column is not None and (row := totals(sheet, column, known)):
            raise Refused("intake.totals", sheet=sheet.name, row=sheet.top + row)
    for sheet in sheets:
        if (place := answers_below(sheet, known)) is not None:
            column_name = letters(sheet.address(0, place))
            raise Refused("intake.one_row_an_answer", sheet=sheet.name, column=column_name)


def turned(sheet: Sheet, known: Known) -> int | None:
    """The column that holds the questions, one below the other, where no row does; None for every other sheet."""
    rows = [[plain_text(v) for v in row] for row in sheet.rows[:DEPTH]]
    if not rows or len(rows[0]) < LEAST:
        return None
    across = max(len({t for t in row if t and known(t)}) for row in rows[: ACROSS * 8])
    for column in range(min(ACROSS, len(rows[0]))):
        texts = [row[column] for row in rows if row[column]]
        down = len({t for t in texts if known(t)})
        if down >= LEAST and down > 2 * across and 2 * down >= len(texts):
            return column
    return None


def answers_below(sheet: Sheet, known: Known) -> int | None:
    """The column that names the question of each row, where one row is one answer and not one respondent; else None.

    The questions come again and again in it, and no row of the sheet names as many of them.
    """
    width = len(sheet.rows[0]) if len(sheet.rows) else 0
    if not LEAST <= width <= NARROW or len(sheet.rows) < 2 * LEAST:
        return None
    across = max(len({t for v in row if (t := plain_text(v)) and known(t)}) for row in sheet.rows[:ACROSS])
    for column, cells in columns_of(sheet.rows, 0, range(width)).items():
        often = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values))
        named = np.array([isinstance(v, str) and known(plain_text(v)) for v in cells.values], dtype=bool)
        told = often[named & (often > 1)]
        if len(told) >= LEAST and len(told) > across and 2 * told.sum() > often.sum() and column:
            return column
    return None


def refuse_side_by_side(matched: Matched) -> None:
    """Raise Refused where a second table of the same questions stands at the right of the first."""
    first: dict[str, ColumnMatch] = {}
    again: list[ColumnMatch] = []
    for column in matched.columns:
        if column.question and not column.choice:
            if column.question in first:
                again.append(column)
            first.setdefault(column.question, column)
    if len(again) < LEAST or 2 * len(again) < len(first) or any(c.how == "mapping" for c in again):
        return
    start = min(c.index for c in again)
    if start > max(first[c.question].index for c in again if c.question):
        cell = next(c.cell for c in again if c.index == start)
        raise Refused("intake.side_by_side", sheet=matched.sheet.name, n=len(again), cell=cell)


def totals(sheet: Sheet, column: int, known: Known) -> int:
    """1-based row above questions that stand one below the other in ``column`` which names communities or totals and not
    people, over numbers; 0 if none."""
    rows = [[plain_text(v) for v in row] for row in sheet.rows[:DEPTH]]
    first = next((place for place, row in enumerate(rows) if row[column] and known(row[column])), 0)
    for place in range(first):
        heads = {i: text for i, text in enumerate(rows[place]) if i > column and text}
        named = [i for i, text in heads.items() if _TOTAL.fullmatch(text)]
        places = [i for i, text in heads.items() if text.endswith(_PLACES)]
        columns = [*named, *places]
        several = len({heads[i] for i in places}) == len(places) >= 2
        if columns and (several or 2 * len(columns) >= len(heads)) and _numbers(sheet, first, columns):
            return place + 1
    return 0


def counts(sheet: Sheet, form: Questionnaire, *, once: bool = False) -> int:
    """1-based row (of ``sheet.rows``) whose cells are the choices of a list over columns of whole numbers; 0 if none.

    ``once``: each choice in one column only, as in no row of answers of several people.
    """
    words = [
        {answer_key(w) for c in choices for w in c.labels.values() if w and as_number(w) is None}
        for choices in form.lists.values()
        if choices
    ]
    for place, row in enumerate(sheet.rows[:30]):
        keys = {i: answer_key(v) for i, v in enumerate(row) if isinstance(v, str) and clean(v)}
        for known in words:
            columns = [i for i, key in keys.items() if key in known]
            if once and len({keys[i] for i in columns}) < len(columns):
                continue
            if len({keys[i] for i in columns}) >= CHOICES and _numbers(sheet, place + 1, columns):
                return place + 1
    return 0


def _numbers(sheet: Sheet, first: int, columns: Sequence[int]) -> bool:
    """Whether the columns hold whole numbers and percentages and nothing else, some of them above 1."""
    values = [v for cells in columns_of(sheet.rows, first, columns).values() for v in cells.values]
    numbers = [as_number(str(v).rstrip("%％人次份")) if isinstance(v, str) else as_number(v) for v in values]
    return bool(numbers) and all(n is not None for n in numbers) and any(n is not None and n > 1 for n in numbers)


def refuse_counts(matched: Matched) -> None:
    """Raise Refused where the columns of single choices hold how many chose them, not marks."""
    columns = [c.index for c in matched.columns if c.choice]
    if len(columns) < CHOICES:
        return
    filled = counted = 0
    for cells in columns_of(matched.sheet.rows, matched.first, columns).values():
        many = [(n := as_number(v)) is not None and n > 1 and float(n).is_integer() for v in cells.values]
        codes = cells.codes[cells.codes >= 0]
        filled += len(codes)
        counted += sum(many[code] for code in codes.tolist())
    if counted and counted >= COUNTED * filled:
        raise Refused("intake.counts", sheet=matched.sheet.name, row=matched.sheet.top + matched.header_row + 1)


def refuse_joined(best: Matched, read: Sequence[Matched], form: Questionnaire) -> None:
    """Raise Refused where another sheet (``read``) holds other questions of the same people, by their numbers."""
    number = form.roles.get("respondent")
    if number is None or number.name not in best.by_question:
        return
    mine, people = _answered(best, form), None
    for other in read:
        theirs = _answered(other, form)
        if other.sheet.name == best.sheet.name or number.name not in other.by_question or not theirs or theirs & mine:
            continue
        people = _numbers_in(best, number.name) if people is None else people
        same = people & _numbers_in(other, number.name)
        if same and 2 * len(same) > len(people):
            first, second = best.sheet.name, other.sheet.name
            raise Refused("intake.joined_sheets", first=first, second=second, n=len(theirs), same=len(same))


def _answered(matched: Matched, form: Questionnaire) -> set[str]:
    """The questions of a sheet that somebody answers, by name."""
    return {name for name in matched.by_question if form.question(name).role in ("", "sex", "age", "age_band")}


def _numbers_in(matched: Matched, question: str) -> set[str]:
    places = [c.index for c in matched.by_question[question]]
    return {
        answer_key(v) for cells in columns_of(matched.sheet.rows, matched.first, places).values() for v in cells.values
    }


def refuse_means(matched: Matched, form: Questionnaire) -> None:
    """Raise Refused where each row is a community and its questions hold points or shares, not choices."""
    role = form.roles.get("community")
    if role is None or role.name not in matched.by_question:
        return
    columns = [c for c in matched.columns if c.question and not c.choice]
    asked = [c for c in columns if form.question(c.question or "").coding == "choice"]
    asked = [c for c in asked if not form.question(c.question or "").role]
    (places, *values) = (
        columns_of(matched.sheet.rows, matched.first, [c])[c]
        for c in (matched.by_question[role.name][0].index, *(c.index for c in asked))
    )
    filled = int((places.codes >= 0).sum())
    if len(asked) < LEAST or filled < 2 or len(places.values) < filled:
        return
    numbers = [(as_number(str(v).rstrip("%％分")), v) for cells in values for v in cells.values]
    odd = sum(n is not None and (not n.is_integer() or n > CHOICES * 3 or "%" in str(v)) for n, v in numbers)
    if numbers and all(n is not None for n, _ in numbers) and 2 * odd > len(numbers):
        raise Refused("intake.means", sheet=matched.sheet.name)
