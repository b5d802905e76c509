"""The sheet that works every point out: from the reported value through the rule, from the answers to the score of a question.

Inputs are live references to the sheets that show them, parameters of rules stand in cells, and the result is a formula
that the sheets of indicators and questions take their points from.  Where a step can't be shown (an average of several
assessors, an exemption, answers that are held back), the number stands there as it is and nothing is made up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.exports.breakdown import Row
from analysis.exports.workbook_writer import LINE, MUTED, Block, Column, Page, same
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.worked import Worked, counts_of

#: reasons of points that no rule gave
_BY_ASSESSORS = ("rules.explain.assessor", "rules.explain.assessors")
#: terms that are the reported value itself, where it is one number
_REPORTED = ("value", "given", "count")
_LOOK: dict[str, Any] = {"bottom": 4, "bottom_color": LINE}


def calculation(
    page: Page,
    rules: Mapping[str, Sequence[str]],
    indicators: tuple[Block, Sequence[Row]],
    indicators_page: Page,
    items: tuple[Block, Sequence[Row]],
    items_page: Page,
) -> None:
    """Write the sheet, and put its results behind the points of ``indicators`` and the scores of ``items``.

    ``rules``: indicator → rule and parameters as the scheme has them; those of a year closed before they were kept are
    empty, and its points stay numbers.  ``indicators`` and ``items``: where their rows lie on their pages, and the rows.
    """
    book = page.book
    columns = [
        Column("code", book.say("column.code"), width=9),
        Column("name", book.say("calculation.name"), width=34),
        Column("what", book.say("calculation.what"), width=34),
        Column("number", book.say("calculation.number"), "value", 14),
        Column("worth", book.say("calculation.worth"), "value", 14),
        Column("result", book.say("calculation.result"), "exact", 14),
    ]
    for text in ("reading", "without"):
        page.text(book.say(f"calculation.{text}"), font_color=MUTED)
    block = page.table(columns, [], freeze=True)
    sheet = _Sheet(page, block.places)
    source, rows = indicators
    for place, row in enumerate(rows):
        worked = _worked(rules.get(row["indicator"]), row)
        if worked is not None:
            cell = sheet.indicator(row, worked, source, source.first + place)
            indicators_page.put(source.first + place, source.places["got"], row["points_got"], "points", cell, **_LOOK)
    source, rows = items
    for place, row in enumerate(rows):
        if _weighed(row):
            cell = sheet.item(row, source, source.first + place)
            items_page.put(source.first + place, source.places["score"], row["score"], "points", cell, **_LOOK)


def _worked(rule: Sequence[str] | None, row: Row) -> Worked | None:
    """How a rule came to the points of an indicator; None where it was not a rule, or would give another number."""
    value, got = row["value"], row["points_got"]
    if rule is None or got is None or value is None or row["state"] != "reported" or row["reason"] in _BY_ASSESSORS:
        return None
    name, parameters = rule
    known = parse_rule(name, parameters)
    given: Any = value if known.entry == "grade" else counts_of(value)
    if isinstance(given, str) is not (known.entry == "grade") or given == {}:
        return None
    worked = known.worked(given)
    return worked if worked.writable and same(known.score(given, row["points"]), got) else None


def _weighed(row: Row) -> bool:
    """Whether the score of a question is the mean of its choices' scores over the shares that are shown."""
    shown = row["distribution"] or ()
    if row["score"] is None or not shown or any(c.get("score") is None for c in shown):
        return False
    return same(math.fsum(c["share"] * c["score"] for c in shown), row["score"])


class _Sheet:
    """The rows being written, one a number."""

    def __init__(self, page: Page, places: Mapping[str, int]) -> None:
        self.page, self.places = page, places

    def indicator(self, row: Row, worked: Worked, source: Block, at: int) -> str:
        """An indicator's steps; returns the address of its points."""
        book = self.page.book
        name = row[f"name_{book.lang}"] or row["name_zh"]
        first = self._line(row["indicator"], name, book.say("column.full"), row["points"], source.cell("full", at))
        cells = []
        for term in worked.terms:
            live = isinstance(row["value"], float) and term.value == row["value"] and term.key in _REPORTED
            text = source.cell("value", at) if live else ""
            cells.append(self._address("number", self._line("", "", term.name(book.lang), term.value, text)))
        formula = worked.at(self._address("number", first), tuple(cells))
        return self._result(first, row["points_got"], formula)

    def item(self, row: Row, source: Block, at: int) -> str:
        """A question's choices; returns the address of its score."""
        book = self.page.book
        shown = row["distribution"]
        labels = [choice[f"label_{book.lang}"] for choice in shown]
        lines = []
        for i, (choice, label) in enumerate(zip(shown, labels, strict=True)):
            key = f"choice {label}"
            live = key in source.places and labels.count(label) == 1
            text = source.cell(key, at) if live else ""
            code, name = ("", "") if i else (row["item"], row[f"label_{book.lang}"] or row["item"])
            lines.append(self._line(code, name, label, choice["share"], text, choice["score"]))
        ranges = (self._range(key, lines[0], lines[-1]) for key in ("number", "worth"))
        return self._result(lines[0], row["score"], f"SUMPRODUCT({','.join(ranges)})")

    def _line(self, code: str, name: str, what: str, number: Any, formula: str = "", worth: Any = None) -> int:
        page, at = self.page, self.page.row
        words = {"code": code, "name": name, "what": what}
        for key, text in words.items():
            page.put(at, self.places[key], text or None, text_wrap=True, **_LOOK)
        page.put(
            at, self.places["number"], number, "value" if worth is None else "exact", formula, align="right", **_LOOK
        )
        page.put(at, self.places["worth"], worth, "value", **_LOOK)
        page.put(at, self.places["result"], None, **_LOOK)
        page.fit({"name": 34, "what": 34}, words)
        page.row += 1
        return at

    def _result(self, at: int, value: float, formula: str) -> str:
        self.page.put(at, self.places["result"], value, "exact", formula, bold=True, **_LOOK)
        return f"'{self.page.name}'!{self._address('result', at)}"

    def _address(self, key: str, row: int) -> str:
        return self._block(row).cell(key, row).rpartition("!")[2]

    def _range(self, key: str, first: int, last: int) -> str:
        return self._block(first).range(key, first, last).rpartition("!")[2]

    def _block(self, row: int) -> Block:
        return Block(self.page.name, row, row, self.places)
