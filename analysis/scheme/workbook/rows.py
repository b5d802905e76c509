"""One row of a scheme workbook, read cell by cell; what can't be read becomes a finding at its address."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from survey.core.cells import as_number, clean
from survey.core.errors import Refused
from survey.core.findings import Finding, Level
from survey.files.own_workbooks import Record, header_key
from survey.files.readers.sheet import Sheet

_YES = {"yes", "y", "true", "1", "是", "启用", "√"}
_NO = {"no", "n", "false", "0", "否", "停用", "×"}


@dataclass(frozen=True)
class Row:
    """A record with its sheet and the list that findings go to.

    A number that can't be read is NaN, so that no sum is blamed for it a second time.
    """

    sheet: Sheet
    record: Record
    findings: list[Finding]

    def complain(self, problem: str, key: str, level: Level = "refuse", /, **params: Any) -> None:
        """Add the finding ``scheme.<problem>`` at the cell of ``key`` (at the row's first cell if it has none)."""
        cell = self.record.addresses.get(key) or min(
            self.record.addresses.values(), key=lambda a: (len(a), a), default=""
        )
        self.report(Finding(f"scheme.{problem}", level, "cell", self.sheet.name, cell, self.record.number, key, params))

    def refuse(self, refused: Refused, key: str) -> None:
        """Add what was refused as a finding at the cell of ``key`` (at that of ``code`` if it has none)."""
        cell = self.at(key) or self.at("code")
        self.report(
            Finding(refused.key, "refuse", "cell", self.sheet.name, cell, self.record.number, key, refused.params)
        )

    def report(self, finding: Finding) -> None:
        """Add a finding."""
        self.findings.append(finding)

    def having(self, values: Mapping[str, Any], places: Mapping[str, str] | None = None) -> Row:
        """The row with other values, and with addresses for what has no cell of its own."""
        record = self.record
        return replace(
            self,
            record=replace(
                record, values={**record.values, **values}, addresses={**record.addresses, **(places or {})}
            ),
        )

    def at(self, key: str) -> str:
        """A1 address of the cell of ``key``."""
        return self.record.addresses.get(key, "")

    def text(self, key: str, *, required: bool = False) -> str:
        """The cell as text without the spaces around it; numbers as they are written."""
        value = self.record.values.get(key)
        text = self.record.text(key) if isinstance(value, str) else clean(value) if value is not None else ""
        if required and not text:
            self.complain("blank", key, column=key)
        return text

    def names(self) -> dict[str, str]:
        """``name_zh``/``name_en`` as a mapping with both languages; one stands in for the other."""
        zh, en = self.text("name_zh"), self.text("name_en")
        if not zh and not en:
            self.complain("blank", "name_zh", column="name_zh")
        return {"zh": zh or en, "en": en or zh}

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
    ) -> float:
        """The cell as a number within ``low`` … ``high``; blank gives ``default`` (a finding where there is none)."""
        value = self.record.values.get(key)
        if value is None:
            if default is None:
                self.complain("blank", key, column=key)
                return math.nan
            return default
        number = as_number(value)
        if number is None:
            number = _percent_text(value)
        if number is None or not math.isfinite(number) or (whole and not number.is_integer()):
            self.complain("not_whole" if whole else "not_a_number", key, found=clean(value))
            return math.nan
        if not low <= number <= high:
            self.complain("out_of_range", key, found=clean(value), low=_bound(low), high=_bound(high))
            return math.nan
        return number

    def whole(self, key: str, default: int | None = None, *, low: int = 0, high: int = 10**9) -> int:
        """The cell as a whole number; what can't be read gives -1 (its finding refuses the workbook)."""
        number = self.number(key, default, low=low, high=high, whole=True)
        return -1 if math.isnan(number) else int(number)

    def flag(self, key: str, default: bool) -> bool:
        """Yes or no in either language."""
        text = header_key(self.text(key))
        if text and text not in _YES | _NO:
            self.complain("not_yes_no", key, found=self.text(key))
        return default if not text else text in _YES

    def word(self, key: str, words: Mapping[str, str]) -> str:
        """One of a few words, in any of their spellings (spelling → word); a finding on anything else."""
        found = words.get(header_key(self.text(key)), "")
        if not found:
            self.complain("not_one_of", key, found=self.text(key), expected=", ".join(dict.fromkeys(words.values())))
        return found

    def offices(self, key: str) -> tuple[str, ...]:
        """Offices separated by 、 or a comma, semicolon, slash, bar or line break."""
        return tuple(o for o in (part.strip() for part in re.split(r"[、，,;；/|\n]", self.text(key))) if o)


def _percent_text(value: Any) -> float | None:
    text = clean(value)
    number = as_number(text[:-1]) if text.endswith("%") else None
    return None if number is None else round(number / 100, 12)


def _bound(value: float) -> str:
    return {math.inf: "∞", -math.inf: "−∞"}.get(value, f"{value:.10g}")
