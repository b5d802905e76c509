"""What is wrong with, or worth knowing about, one place of a user's file.

A finding is a code with parameters; it is worded when it is shown, so the same stored finding
reads in Chinese or English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from survey.core import limits
from survey.core.lang import say

#: what stands between the texts that a sentence lists, in either language
_BETWEEN = re.compile(r"(、|, |; |\. |。|；|，)")
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
    return {key: _short(part) for key, part in value.items()} if isinstance(value, dict) else value


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep something out: refused cells, rows, sheets and files."""
    return [f for f in findings if f.level == "refuse"]


def open_questions(findings: Iterable[Finding]) -> list[Finding]:
    """Those that wait for a person's decision."""
    return [f for f in findings if f.level == "ask"]
