"""A coded sheet: the responses of one sheet with their design columns, and what was found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.answers.phones import hidden
from survey.answers.validation import Column
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.fieldwork.call_split import Split
from survey.files.readers.sheet import Sheet
from survey.form.answer_codes import DESIGN_COLUMNS, Codes, Floats, ResponseBlock
from survey.form.model import Questionnaire

pass
Flags = npt.NDArray[np.bool_]
_NUMERIC_DESIGN = ("weight", "fpc", "age", "duration")


@dataclass(frozen=True)
class CodedSheet:
    """All data rows of a sheet, coded.

    ``filled`` marks rows that say anything; ``usable`` those of them without a refused key; ``left_out`` those that a
    person decided not to store (never usable, and their refusals are settled).  Rows that are call records only
    (``split``) are neither: ``called`` marks those of them that can be stored, ``calls_refused`` counts the others.
    ``by_phone``: respondents who are known by their number only, and the number masked.
    ``keys``: year, place (community name, '' where none), respondent, digest; ``design`` the design columns.
    """

    sheet: Sheet
    form: Questionnaire
    filled: Flags
    usable: Flags
    keys: pd.DataFrame
    modes: list[str]
    design: Mapping[str, list[Any]]
    codes: Codes
    numbers: Mapping[str, Floats]
    texts: Mapping[str, list[str | None]]
    multiple: Mapping[str, list[tuple[int, ...] | None]]
    findings: tuple[Finding, ...]
    new_communities: tuple[str, ...]
    row_numbers: list[int]
    respondent_cells: list[str]
    respondent_header: str
    first: int
    left_out: Flags
    phone_columns: tuple[Column, ...] = ()
    private: frozenset[int] = frozenset()
    split: Split | None = None
    called: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    calls_refused: int = 0
    by_phone: Mapping[str, str] = field(default_factory=dict, repr=False)
    replicates: Floats | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the usable rows, ascending."""
        return tuple(sorted({int(y) for y in self.keys.loc[self.usable, "year"].dropna()}))

    def preview(self, rows: int) -> tuple[tuple[str, ...], ...]:
        """The first filled rows as text, personal numbers masked and a platform's private columns empty."""
        wanted = np.flatnonzero(self.filled)[:rows]
        phones = {column.index for column in self.phone_columns}
        return tuple(
            tuple(
                "" if v is None or i in self.private else (hidden if i in phones else masked)(clean(v))
                for i, v in enumerate(cells)
            )
            for cells in (self.sheet.rows[self.first + r] for r in wanted.tolist())
        )

    def block(self, keep: Flags, ids: Mapping[str, int]) -> ResponseBlock:
        """The kept rows as a block to store; ``ids`` maps community names."""
        at = np.flatnonzero(keep)
        columns: dict[str, Any] = {name: [values[i] for i in at] for name, values in self.design.items()}
        places = self.keys["place"].to_numpy()[at]
        columns["community_id"] = pd.array([ids.get(p) for p in places], dtype="Int64")
        columns["year"] = [int(y) for y in self.keys["year"].to_numpy()[at]]
        columns["mode"] = [self.modes[i] for i in at]
        respondents = self.keys["respondent"].tolist()
        columns["respondent"] = [respondents[i] for i in at]
        columns["sheet"] = [self.sheet.name] * len(at)
        columns["row"] = [self.row_numbers[i] for i in at]
        columns["answers_hash"] = self.keys["digest"].to_numpy()[at]
        for name in _NUMERIC_DESIGN:
            columns[name] = np.array([np.nan if v is None else v for v in columns[name]], dtype=float)
        return ResponseBlock(
            design=pd.DataFrame({name: columns[name] for name in DESIGN_COLUMNS}),
            codes=self.codes[at],
            numbers={name: values[at] for name, values in self.numbers.items()},
            texts={name: [values[i] for i in at] for name, values in self.texts.items()},
            multiple={name: [values[i] for i in at] for name, values in self.multiple.items()},
            replicates=None if self.replicates is None else self.replicates[at],
        )
