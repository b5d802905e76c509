"""Sheets that lie on their side, one column a respondent: read turned round, and said.

What is read is called after the sheet with ``TURNED`` behind it, and every address in it is one of the sheet after turning:
row 7 of column C there is row 3 of column G here.  So an address never names a cell of the sheet as it was sent without saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from survey.core.addresses import TURNED, column_letters
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched
from survey.matching.shapes.other_shapes import counts, totals, turned

CODE = "intake.turned_round"


def turn_round(
    sheets: Sequence[Sheet],
    form: Questionnaire,
    known: Callable[[str], bool],
    *,
    named: str | None = None,
    together: Collection[str] = (),
) -> list[Sheet]:
    """The sheets, each that lies on its side turned round; ``known``: whether a text means a question of the ``form``.

    Counts of answers and averages below each other lie likewise and are no respondents: they stay as they are.  Only the
    ``named`` sheet is looked at, where one is; none where the sheets that are read ``together`` say by their names which
    lie, so that a file of many sheets, inspected one by one, is not looked through anew for each.
    """
    if together:
        return [_turned(sheet) if sheet.name + TURNED in together else sheet for sheet in sheets]
    key = None if named is None else header_key(named.removesuffix(TURNED))
    return [
        _turned(sheet) if key in (None, header_key(sheet.name)) and _lies(sheet, form, known) else sheet
        for sheet in sheets
    ]


def named_before(name: str, sheets: Sequence[Sheet]) -> str:
    """The name that a sheet has now, which may have been turned round since a person named it."""
    now = {sheet.name.removesuffix(TURNED): sheet.name for sheet in sheets}
    return now.get(name, name)


def turned_question(matched: Matched) -> list[Finding]:
    """The question whether the sheet that is taken was rightly turned round; none for any other."""
    sheet = matched.sheet
    if not sheet.name.endswith(TURNED):
        return []
    row = sheet.top + matched.header_row
    params = {
        "sheet": sheet.name.removesuffix(TURNED),
        "column": column_letters(row),
        "n": len(sheet.rows) - matched.first,
    }
    return [Finding(CODE, "ask", "sheet", sheet.name, params=params)]


def _lies(sheet: Sheet, form: Questionnaire, known: Callable[[str], bool]) -> bool:
    if sheet.variables:
        return False
    column = turned(sheet, known)
    return column is not None and not counts(sheet, form, once=True) and not totals(sheet, column, known)


def _turned(sheet: Sheet) -> Sheet:
    return replace(
        sheet,
        name=sheet.name + TURNED,
        rows=[list(cells) for cells in zip(*sheet.rows, strict=True)],
        top=sheet.left,
        left=sheet.top,
        errors={(column, row): error for (row, column), error in sheet.errors.items()},
        percents=frozenset((column, row) for row, column in sheet.percents),
        merged=tuple((left, top, right, bottom) for top, left, bottom, right in sheet.merged),
    )
