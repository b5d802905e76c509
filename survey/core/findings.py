"""What is wrong with, or worth knowing about, one place of a user's file.

A finding is a code with parameters; it is worded when it is shown, so the same stored finding
reads in Chinese or English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from survey.core import limits
from survey.core.addresses import letters
from survey.core.cells import clean
from survey.core.lang import LANGUAGES, enumerated, say

#: what stands between the texts that a sentence lists, in either language
_BETWEEN = re.compile(r"(、|, |; |\. |。|；|，)")
#: why cells are no answers, and the same of a column; so many different texts of it each say it for themselves
_OF_A_COLUMN = {
    "checking.not_a_date": ("checking.not_dates", 2),
    "checking.only_a_month": ("checking.only_months", 2),
    "checking.ambiguous_date": ("checking.ambiguous_dates", 2),
    "checking.out_of_range": ("checking.out_of_ranges", 1),
    "checking.not_whole": ("checking.not_wholes", 2),
    "checking.not_a_step": ("checking.not_steps", 2),
    "checking.not_a_number": ("checking.not_numbers", 2),
    "checking.no_number": ("checking.no_numbers", 2),
}
#: words that are no choice, and the same of a column that holds more than so many of them
_NO_CHOICE, NO_CHOICES, FEW_WORDS = "checking.not_a_choice", "checking.no_choices", 5
#: two marks under a question that has one answer, and the same of a sheet
TWO_ANSWERS, TWO_ANSWERS_TOGETHER = "checking.two_answers", "checking.two_answers_together"
#: findings of cells with several texts that one answer settles
ONE_ANSWER = frozenset((NO_CHOICES, TWO_ANSWERS_TOGETHER, *(code for code, _ in _OF_A_COLUMN.values())))
#: texts that the sentence about all of them names; its count is always complete
FIRST_TEXTS = 20
Level = Literal["refuse", "ask", "note"]
Scope = Literal["file", "sheet", "row", "cell"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    ``code``   the key of its text, e.g. ``checking.not_a_choice``: stable, stored.
    ``level``  ``refuse`` (this cell/row/file can't enter), ``ask`` (a person must decide first),
               ``note`` (entered; something was normalised, ignored or is worth knowing).
    ``scope``  what the level applies to: a refused ``cell`` leaves the cell empty (invalid), a refused
               ``row`` leaves the row out, a refused ``sheet``/``file`` stores nothing.
    ``cell``   A1 address of the cell (first cell of the row for a row), ``row`` its 1-based sheet row.
    ``params`` JSON-able values for the text: ``found``, ``expected``, …
    """

    code: str
    level: Level = "refuse"
    scope: Scope = "cell"
    sheet: str = ""
    cell: str = ""
    row: int = 0
    header: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """``数据!F37``, or the sheet, or nothing for a whole file."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or self.cell

    def word(self, lang: str) -> str:
        """One sentence: what was found, what was expected, what to do."""
        return say(lang, self.code, **{name: _short(value) for name, value in self.params.items()})


def shortened(text: str) -> str:
    """A text of a cell as sentences quote it: no more than ``limits.CELL_SHOWN`` characters."""
    return text if len(text) <= limits.CELL_SHOWN else text[: limits.CELL_SHOWN] + "…"


def _short(value: Any) -> Any:
    """A parameter with no text of a cell longer than sentences quote, in lists and by language, too."""
    if isinstance(value, str) and len(value) > limits.CELL_SHOWN:
        return "".join(shortened(part) for part in _BETWEEN.split(value))
    if isinstance(value, (list, tuple)):
        return [_short(part) for part in value]
    return {key: _short(part) for key, part in value.items()} if isinstance(value, dict) else value


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep something out: refused cells, rows, sheets and files."""
    return [f for f in findings if f.level == "refuse"]


def open_questions(findings: Iterable[Finding]) -> list[Finding]:
    """Those that wait for a person's decision."""
    return [f for f in findings if f.level == "ask"]


def together(findings: list[Finding]) -> list[Finding]:
    """The findings of one column, those of cells that are no answers for one reason named together."""
    alike: dict[str, list[Finding]] = {}
    for f in findings:
        if f.code in _OF_A_COLUMN:
            alike.setdefault(f.code, []).append(f)
    told: dict[int, Finding] = {}
    for code, mine in alike.items():
        whole, few = _OF_A_COLUMN[code]
        if len(mine) > few and len({clean(f.params["found"]) for f in mine}) > few:
            told |= _by_one_cause(mine, whole)
    return _replaced(findings, told)


def _by_one_cause(findings: list[Finding], code: str) -> dict[int, Finding]:
    """Identity of each finding → the one in its place that says all of them."""
    return {id(f): one for f, one in zip(findings, one_cause(findings, code), strict=True)}


def _replaced(findings: list[Finding], told: Mapping[int, Finding]) -> list[Finding]:
    """The findings in their order, with what stands in the place of some (``told``, by identity)."""
    return [told.get(id(f), f) for f in findings] if told else findings


def one_cause(findings: list[Finding], code: str) -> list[Finding]:
    """Findings of rows whose texts differ but whose cause is one: each says all of them (``pairs``), so that they are read as
    one; as they are where one text is all."""
    often = Counter(clean(f.params["found"]) for f in findings)
    if len(often) < 2:
        return findings
    shown = {
        lang: enumerated(lang, (say(lang, "intake.rows_of", name=f"“{t}”", n=n) for t, n in often.items()), FIRST_TEXTS)
        for lang in LANGUAGES
    }
    more = {"pairs": shown, "n": len(findings)}
    return [replace(f, code=code, params={**f.params, **more}) for f in findings]


def many_words(findings: Iterable[Finding], covered: Callable[[Finding], bool]) -> tuple[Finding, ...]:
    """The findings, those of a column in which many different words are no choice and resemble none named together, but for
    those that another question speaks of (``covered``), and two answers in one cell wherever they stand."""
    found = list(findings)
    odd: dict[tuple[str, str, str], list[Finding]] = {}
    for f in found:
        if f.code == _NO_CHOICE and not f.params.get("suggestion") and not covered(f):
            odd.setdefault((f.sheet, letters(f.cell), f.header), []).append(f)
    told = _by_one_cause([f for f in found if f.code == TWO_ANSWERS], TWO_ANSWERS_TOGETHER)
    for mine in odd.values():
        if len({clean(f.params["found"]) for f in mine}) > FEW_WORDS:
            told |= _by_one_cause(mine, NO_CHOICES)
    return tuple(_replaced(found, told))
