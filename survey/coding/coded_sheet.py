"""A coded sheet: the responses of one sheet with their design columns, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.answers.phones import hidden
from survey.answers.respondents import respondent_keys
from survey.answers.validation import Column
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.lazily import cached_property
from survey.core.masking import masked
from survey.fieldwork.call_split import Split
from survey.files.layouts.layout import PRIVATE
from survey.files.readers.sheet import Sheet
from survey.form.answer_codes import DESIGN_COLUMNS, Codes, Floats, ResponseBlock
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched

Flags = npt.NDArray[np.bool_]
#: design columns that hold numbers
NUMERIC_DESIGN = ("weight", "fpc", "fpc2", "age", "duration")


@dataclass(frozen=True)
class Respondents:
    """Who answered, found out otherwise than by a column of respondent numbers.

    ``names``: by data row, None where unknown; ``cells`` and ``header``: where that stands; ``unknown``: data rows that
    are refused because nobody knows who it was; ``shown``: a respondent's name as it may be shown.
    """

    names: Sequence[str | None]
    cells: Sequence[str]
    header: str
    unknown: Sequence[int] = ()
    findings: tuple[Finding, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class CodedSheet:
    """All data rows of a sheet, coded.  Nothing alters it: its arrays can't be written to.

    ``matched`` is the sheet that was read.  ``filled`` marks rows that say anything; ``usable`` those of them without a refused key; ``left_out`` those that a
    person decided not to store (never usable, and their refusals are settled).  Rows that are call records only
    (``split``) are neither: ``called`` marks those of them that can be stored, ``calls_refused`` counts the others.
    ``by_phone``: respondents who are known by their number only, and the number masked.
    ``keys``: year, place (community name, '' where none), respondent, digest; ``design`` the design columns.
    """

    matched: Matched
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
    row_numbers: Sequence[int]
    respondent_cells: Sequence[str]
    respondent_header: str
    left_out: Flags
    phone_columns: tuple[Column, ...] = ()
    split: Split | None = None
    called: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    calls_refused: int = 0
    by_phone: Mapping[str, str] = field(default_factory=dict, repr=False)
    replicates: Floats | None = None

    def __post_init__(self) -> None:
        for array in self._arrays():
            array.flags.writeable = False

    def _arrays(self) -> Iterable[npt.NDArray[Any]]:
        yield from (self.filled, self.usable, self.left_out, self.called, self.codes, *self.numbers.values())
        if self.replicates is not None:
            yield self.replicates

    @property
    def sheet(self) -> Sheet:
        """The sheet that was read."""
        return self.matched.sheet

    @property
    def first(self) -> int:
        """The first data row (index into ``sheet.rows``)."""
        return self.matched.first

    @property
    def private(self) -> frozenset[int]:
        """Columns in which a platform keeps who it was; they are never shown."""
        return frozenset(c.index for c in self.matched.layout.columns if c.meaning in PRIVATE)

    def known_as(self, who: Respondents) -> CodedSheet:
        """The same sheet with its respondents known, and the rows refused where nobody knows them."""
        usable = self.usable.copy()
        usable[list(who.unknown)] = False
        return replace(
            self,
            keys=self.keys.assign(respondent=pd.Series(list(who.names), dtype=object)),
            usable=usable,
            findings=(*self.findings, *who.findings),
            respondent_cells=list(who.cells),
            respondent_header=who.header,
            by_phone=who.shown,
        )

    def renumbered(self, respondents: Sequence[str | None], finding: Finding) -> CodedSheet:
        """The same sheet with other respondent numbers, and what is to be said of them."""
        keys = self.keys.assign(respondent=pd.Series(list(respondents), dtype=object))
        return replace(self, keys=keys, findings=(*self.findings, finding))

    @cached_property
    def named(self) -> list[str | None]:
        """Who answered, by data row, as typed; None in rows that do not enter and where there is no number."""
        return [r if u else None for r, u in zip(self.keys["respondent"].tolist(), self.usable.tolist(), strict=True)]

    @cached_property
    def folds(self) -> list[str | None]:
        """What these numbers are compared by."""
        return respondent_keys(self.named, self.modes, with_mode=self.form.mode_in_key)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the usable rows, ascending."""
        return tuple(sorted(int(y) for y in self.keys.loc[self.usable, "year"].dropna().unique()))

    def preview(self, rows: int) -> tuple[tuple[str, ...], ...]:
        """The first filled rows as text, personal numbers masked and a platform's private columns empty."""
        wanted = np.flatnonzero(self.filled)[:rows]
        phones, private = {column.index for column in self.phone_columns}, self.private
        return tuple(
            tuple(
                "" if v is None or i in private else (hidden if i in phones else masked)(clean(v))
                for i, v in enumerate(cells)
            )
            for cells in (self.sheet.rows[self.first + r] for r in wanted.tolist())
        )

    def block(self, keep: Flags, ids: Mapping[str, int]) -> ResponseBlock:
        """The kept rows as a block to store; ``ids`` maps community names."""
        at, kept = np.flatnonzero(keep), keep.tolist()
        columns: dict[str, Any] = {name: list(compress(values, kept)) for name, values in self.design.items()}
        columns["community_id"] = pd.array(
            [ids.get(p) for p in compress(self.keys["place"].tolist(), kept)], dtype="Int64"
        )
        columns["year"] = self.keys["year"].to_numpy(dtype=np.int64, na_value=0)[at]
        columns["mode"] = list(compress(self.modes, kept))
        columns["respondent"] = list(compress(self.keys["respondent"].tolist(), kept))
        columns["sheet"] = [self.sheet.name] * len(at)
        columns["row"] = list(compress(self.row_numbers, kept))
        columns["answers_hash"] = self.keys["digest"].to_numpy()[at]
        for name in NUMERIC_DESIGN:
            columns[name] = np.array([np.nan if v is None else v for v in columns[name]], dtype=float)
        texts = {name: pd.Series(values, dtype=object) for name, values in columns.items() if isinstance(values, list)}
        return ResponseBlock(
            design=pd.DataFrame({name: {**columns, **texts}[name] for name in DESIGN_COLUMNS}),
            codes=self.codes[at],
            numbers={name: values[at] for name, values in self.numbers.items()},
            texts={name: list(compress(values, kept)) for name, values in self.texts.items()},
            multiple={name: list(compress(values, kept)) for name, values in self.multiple.items()},
            replicates=None if self.replicates is None else self.replicates[at],
        )
