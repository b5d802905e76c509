"""The community of rows that no column gives: from the title above them, the sheet's name, the file's name; in a first block without
a title from the name, too.

What is read so is shown and waits for one confirmation; nothing is stored on it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated, say
from survey.fieldwork.register import Register
from survey.files.layouts.layout import ColumnLayout
from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.matching.year_community_mode import SURE, Places, stem

#: groups of rows that the question lists; their count is always complete
FIRST = 12
#: the one question about all sheets of a file that are read
TOGETHER = "intake.sheets_together"
#: how the column is known that no cell of the sheet stands behind
HOW = "title"


def with_places(
    matched: Matched, form: Questionnaire, register: Register, *, chosen: str | None = None, told: bool = False
) -> Matched:
    """The sheet with a column of communities beside it where only names say them, and the question about it.

    Where a community was ``chosen`` for the file it counts; ``told``: one question is asked for several sheets already.
    """
    role = form.roles.get("community")
    if role is None or chosen is not None or role.name in matched.by_question or matched.layout.platform:
        return matched
    places = Places(register.communities)
    said = _by_title(matched, places)
    where = "title"
    if not said:
        if form.sampling == "overall":
            return matched
        where, name = _by_name(matched.sheet, places)
        said = {matched.first: name} if name else {}
    elif _before(matched, min(said)):  # the first block is under no title: its community is in the sheet's name
        place, name = _by_name(matched.sheet, places)
        where, said = (f"title_{place}", {matched.first: name, **said}) if name else (where, said)
    return _placed(matched, role.name, role.label("zh"), said, where, told) if said else matched


def named(text: str, places: Places) -> str:
    """The one community that a text names surely; '' where it names none or several."""
    found = [p for p, sure in places.named_in(text).items() if sure >= SURE]
    return places.communities[found[0]].name if len(found) == 1 else ""


def _by_title(matched: Matched, places: Places) -> dict[int, str]:
    """Row from which on → community, for the titles that name one; the one above the header counts from the first row."""
    found: dict[int, str] = {}
    for row, text in sorted(matched.layout.titles.items()):
        if name := named(text, places):
            found[max(row, matched.first)] = name
    return found


def _before(matched: Matched, title: int) -> bool:
    """Whether rows of answers stand above the first title that names a community."""
    rows = (row for row in range(matched.first, title) if row not in matched.layout.skip)
    return any(any(v is not None for v in matched.sheet.rows[row]) for row in rows)


def _by_name(sheet: Sheet, places: Places) -> tuple[str, str]:
    """The community that the sheet, else the file, is named after, and which of them it was."""
    for where, text in (("sheet", sheet.name), ("file", stem(sheet.file))):
        if name := named(text, places):
            return where, name
    return "", ""


def _placed(matched: Matched, question: str, header: str, said: Mapping[int, str], where: str, told: bool) -> Matched:
    sheet, layout, first = matched.sheet, matched.layout, matched.first
    height, width = len(sheet.rows), len(sheet.rows[0]) if len(sheet.rows) else 0
    values = tuple(dict.fromkeys(said.values()))
    codes = np.full(height, -1, dtype=np.int32)
    for start, name in sorted(said.items()):
        codes[start:] = values.index(name)
    titles = {row for row in said if row in layout.titles}
    skip = {**layout.skip, **dict.fromkeys(titles, "handmade.block_title")}
    codes[:first] = -1
    codes[sorted(row for row in skip if row < height)] = -1
    empty = np.array([all(v is None for v in row) for row in sheet.rows]) if len(said) > 1 else np.zeros(height, bool)
    codes[empty] = -1
    rows = sheet.rows if isinstance(sheet.rows, Rows) else Rows.of(sheet.rows)
    beside = replace(sheet, rows=Rows((*rows.columns, Cells(codes, values))))
    column = ColumnMatch(header, sheet.address(matched.header_row, width), width, question, how=HOW)
    counts = [int((codes == i).sum()) for i in range(len(values))]
    finding = Finding(
        "intake.community_read" if told else f"intake.community_by_{where}",
        "note" if told else "ask",
        "sheet",
        sheet.name,
        params={"n": len(values), "found": listed(list(zip(values, counts, strict=True)))},
    )
    return replace(
        matched,
        sheet=beside,
        columns=(*matched.columns, column),
        findings=(*matched.findings, finding),
        layout=replace(layout, sheet=beside, columns=(*layout.columns, ColumnLayout(width, (header,))), skip=skip),
    )


def asked_together(matched: Matched, sheets: Sequence[tuple[str, int]]) -> Matched:
    """The sheet with the one question about all sheets of its file that are read, where it is the first of them."""
    if not sheets or sheets[0][0] != matched.sheet.name:
        return matched
    params = {"n": len(sheets), "found": listed(sheets)}
    return replace(
        matched,
        findings=(
            Finding(TOGETHER, "ask", "file", matched.sheet.name, params=params),
            *matched.findings,
        ),
    )


def listed(counts: Sequence[tuple[str, int]]) -> dict[str, str]:
    """``东街社区 8 行、…`` in both languages."""
    return {
        lang: enumerated(lang, (say(lang, "intake.rows_of", name=name, n=n) for name, n in counts), FIRST)
        for lang in LANGUAGES
    }
