"""Rows of a community that their year does not have: one question a community, with who continued it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np

from survey.answers.validation import Column, shown
from survey.coding.coded_sheet import Flags
from survey.core.findings import Finding
from survey.fieldwork.outside import Outside, outside, question, require_inside
from survey.fieldwork.register import Register


def questions(
    register: Register,
    column: Column | None,
    places: Sequence[str | None],
    years: Sequence[int | None],
    rows: Flags,
) -> list[Finding]:
    """The questions about rows (data rows, where ``rows``) whose ``places`` their ``years`` do not have.

    One a community and year, at its first row; where the column says the same of a year that has the community, one a
    row, since all that say the same can't be changed together.  Raises Refused where no column names the community.
    """
    pairs = dict.fromkeys(compress(zip(places, years, strict=True), rows.tolist()))
    found = [(place, year) for place, year in pairs if place and year is not None]
    told: dict[tuple[str, int], Outside] = {}
    for place, year in found:
        at = register.find(place)
        if at is not None and (problem := outside(register, at, year)) is not None:
            if column is None:
                require_inside(register, at, year)
            told[place, year] = problem
    if column is None:
        return []
    inside = {place for place, year in found if (place, year) not in told}
    findings = []
    for (place, year), problem in told.items():
        mine = [row for row in np.flatnonzero(rows).tolist() if (places[row], years[row]) == (place, year)]
        for group in [[row] for row in mine] if place in inside else [mine]:
            numbers, first = [column.number(row) for row in group], group[0]
            word = shown(column.values[first] or "")
            findings.append(question(problem, column.sheet.name, column.address(first), column.header, word, numbers))
    return findings
