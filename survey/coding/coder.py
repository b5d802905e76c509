"""A matched sheet → coded responses: every column read, keys resolved, rows that cannot enter marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from survey.answers.mapping import ColumnMapping
from survey.answers.multiple_choice import code_options
from survey.answers.scales import ScaleMatch
from survey.answers.validation import Coded, Column, ReadColumn, code_column, combine, shown
from survey.answers.values import blank_words
from survey.coding.answers_with_calls import OutcomeColumns, among, only_interviews, outcome_codes
from survey.coding.coded_sheet import _NUMERIC_DESIGN, CodedSheet, Flags
from survey.coding.options import ImportOptions
from survey.coding.required_columns import column_words, platform_identity, require_columns
from survey.coding.role_columns import (
    DESIGN_NAMES,
    column_values,
    fill,
    read_community,
    read_design,
    read_mode,
    read_year,
)
from survey.core import progress
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.fieldwork.call_split import Split
from survey.fieldwork.register import Register, require_community
from survey.files.layouts.layout import PRIVATE, rows_note
from survey.files.readers.distinct_values import columns_of
from survey.form.answer_codes import BLANK, DESIGN_COLUMNS, SKIPPED, Codes, Floats, ResponseBlock
from survey.form.model import REPLICATE_WEIGHT, Question, Questionnaire
from survey.form.relevant import asked
from survey.matching.matched_sheet import Matched

#: roles whose cell is no answer of the respondent: they do not make two answer sheets differ
_PAPERWORK = (
    "community",
    "sub_district",
    "year",
    "respondent",
    "interviewer",
    "mode",
    "phone",
    "start",
    "end",
    "submitted",
    "duration",
    "disposition",
    "weight",
    "psu",
    "stratum",
    "fpc",
    REPLICATE_WEIGHT,
)


def code_sheet(
    matched: Matched,
    form: Questionnaire,
    register: Register,
    options: ImportOptions,
    *,
    left_out: Collection[int] = (),
    mapping: ColumnMapping | None = None,
    calls: OutcomeColumns | None = None,
    legends: Mapping[str, ScaleMatch] | None = None,
) -> CodedSheet:
    """Code every data row; raises Refused where a required or key column is missing.

    ``left_out``: rows (indices into ``matched.sheet.rows``) that a person decided not to store; ``mapping``: what
    a person said that words mean; ``calls``: columns that say how the telephone contact of each row ended;
    ``legends``: what the sheet itself says of its codes (``survey.matching.code_legends``).
    """
    require_columns(matched, form, options)
    sheet, first = matched.sheet, matched.first
    n = max(len(sheet.rows) - first, 0)
    cells = columns_of(sheet.rows, first, [c.index for c in matched.columns if c.question])
    lay = matched.layout
    about = {c.index: c for c in lay.columns}
    columns = {
        name: [
            Column(
                sheet,
                c.header,
                c.index,
                first,
                cells[c.index],
                words=column_words(form.question(name), lay, mapping, (legends or {}).get(name)),
                states={**lay.words, **about[c.index].words},
                tidy=lay.read,
            )
            for c in found
        ]
        for name, found in matched.by_question.items()
    }
    columns |= platform_identity(matched, form, set(columns))
    work = _Work(form, register, options, n, blank_words(form))
    for place, question in enumerate(form.questions):
        if question.name in columns:
            progress.at("checking", place, len(form.questions), "columns")
            choices = [c.choice for c in matched.by_question.get(question.name, [])] or [None]
            work.question(question, columns[question.name], choices)
    if calls is not None:
        work.calls(calls, matched)
    work.filled[[row - first for row in lay.skip if row >= first]] = False
    work.place("paper" if calls is None else "phone")
    if calls is not None and work.split is not None:
        work.findings = among(work.findings, work.split, calls.columns, matched, form)
    left = np.zeros(n, dtype=bool)
    left[[row - first for row in left_out if row >= first]] = True
    return work.finish(matched, left)


class _Work:
    """Columns collected one by one; ``finish`` makes the value."""

    def __init__(
        self, form: Questionnaire, register: Register, options: ImportOptions, n: int, blank: frozenset[str]
    ) -> None:
        self.form, self.register, self.options, self.n, self.blank = form, register, options, n, blank
        self.codes: Codes = np.full((n, len(form.questions)), BLANK, dtype=np.int16)
        self.digest = np.zeros(n, dtype=np.uint64)
        self.numbers: dict[str, Floats] = {}
        self.texts: dict[str, list[str | None]] = {}
        self.multiple: dict[str, list[tuple[int, ...] | None]] = {}
        self.keys: dict[str, ReadColumn] = {}
        self.replicates: list[Floats] = []
        self.key_columns: dict[str, Column] = {}
        self.findings: list[Finding] = []
        self.filled = np.zeros(n, dtype=bool)
        self.phone_columns: tuple[Column, ...] = ()
        self.split: Split | None = None

    def question(self, question: Question, columns: Sequence[Column], choices: Sequence[str | None]) -> None:
        """Code the columns of one question; a role column also gives its design values."""
        if question.role == "phone":
            self.phone_columns = tuple(columns)  # for survey.people.contacts; never an answer
            return
        if question.role:
            self._role(question, columns)
            if question.coding in ("number", "text", "date"):
                return  # the value stands in the design columns
        coded = self._answers(question, columns, choices)
        self.codes[:, self.form.position[question.name]] = coded.codes
        self.filled |= coded.codes != BLANK
        if question.role not in _PAPERWORK:
            self.digest += coded.digest
        if question.role:
            return  # its findings were taken with the role
        self.findings += coded.findings
        if coded.numbers is not None:
            self.numbers[question.name] = coded.numbers
        if coded.texts is not None:
            self.texts[question.name] = self._without_numbers(columns[0], coded.texts)
        if coded.multiple is not None:
            self.multiple[question.name] = coded.multiple

    def _answers(self, question: Question, columns: Sequence[Column], choices: Sequence[str | None]) -> Coded:
        options = [(choice, c) for choice, c in zip(choices, columns, strict=True) if choice]
        whole = [c for choice, c in zip(choices, columns, strict=True) if not choice]
        if options and not whole:
            return code_options(question, options, self.blank)
        parts = [code_column(question, column, self.blank) for column in whole]
        return parts[0] if len(parts) == 1 else combine(question, whole, parts)

    def _role(self, question: Question, columns: Sequence[Column]) -> None:
        if len(columns) > 1:
            raise Refused(
                "intake.role_twice",
                question=question.label("zh"),
                cells="、".join(c.sheet.address(c.first - 1, c.index) for c in columns),
            )
        column = columns[0]
        if question.role == "community":
            read = read_community(question, column, self.blank, self.register, add=self.options.add_communities)
        elif question.role == "year":
            read = read_year(question, column, self.blank)
        elif question.role == "mode":
            read = read_mode(question, column, self.blank)
        else:
            read = read_design(question, column, self.blank)
        if question.role == REPLICATE_WEIGHT:
            self.replicates.append(np.array(column_values(read, lambda r: r.number), dtype=float))
        else:
            self.keys[question.role] = read
            self.key_columns[question.role] = column
        self.findings += read.findings
        self.filled |= read.codes != BLANK
        if question.coding in ("number", "text", "date"):
            self.codes[:, self.form.position[question.name]] = np.minimum(read.codes, 0)

    def _without_numbers(self, column: Column, texts: Sequence[str | None]) -> list[str | None]:
        """Open answers with phone and identity numbers masked, and a note if there were any."""
        covered = [None if text is None else masked(text) for text in texts]
        rows = [i for i, (text, kept) in enumerate(zip(texts, covered, strict=True)) if text != kept]
        if rows:
            self.findings.append(
                Finding(
                    "contacts.numbers_in_text",
                    level="note",
                    scope="cell",
                    sheet=column.sheet.name,
                    cell=column.address(rows[0]),
                    row=column.number(rows[0]),
                    header=column.header,
                    params={"n": len(rows)},
                )
            )
        return covered

    def calls(self, found: OutcomeColumns, matched: Matched) -> None:
        """Tell interviews from rows that are call records only."""
        self.split = found.split(matched, self.form, self.codes)
        self.filled |= self.split.said
        own = self.form.roles.get("disposition")
        if own is not None and own.coding == "choice":
            self.codes[:, self.form.position[own.name]] = outcome_codes(self.split, own, found.outcomes)

    def place(self, usual: str) -> None:
        """Community, year and mode of every row: from the column, else the option, else the form's default."""
        options, roles = self.options, self.form.roles
        self.places = self._texts("community", self._place_name)
        if options.community is not None:
            name = self._option_community(options.community)
            self._fill("community", self.places, name, name)
        self.years: list[Any] = self._texts("year", lambda r: None if r.number is None else int(r.number))
        option_year = options.year if options.year is not None else self.form.year
        if options.year is not None:
            self._fill("year", self.years, options.year, str(options.year))
        elif option_year is not None:
            self.years = [option_year if y is None else y for y in self.years]
        self.modes = self._texts("mode", lambda r: r.text)
        if options.mode is not None:
            self._fill("mode", self.modes, options.mode, options.mode)
        self.modes = [m or usual for m in self.modes]
        if self.form.sampling == "by_community":
            self._refuse_blank("community", self.places, roles.get("community"))
        self._refuse_blank("year", self.years, roles.get("year"))

    def _option_community(self, word: str) -> str:
        if self.options.add_communities and self.register.find(word) is None:
            return clean(word)
        return self.register.communities[require_community(word, self.register)].name

    def _place_name(self, reading: Any) -> str | None:
        if reading.number is not None:
            return self.register.communities[int(reading.number)].name
        return reading.text or None

    def _texts(self, role: str, pick: Any) -> list[Any]:
        read = self.keys.get(role)
        return [None] * self.n if read is None else column_values(read, pick)

    def _bad(self, role: str) -> Flags:
        read = self.keys.get(role)
        return np.zeros(self.n, dtype=bool) if read is None else (read.codes < 0) & (read.codes != BLANK)

    def _fill(self, role: str, values: list[Any], option: Any, shown: str) -> None:
        bad = self._bad(role)
        self.findings += fill(self.form.roles.get(role), self.key_columns.get(role), values, option, shown)
        for row in np.flatnonzero(bad):
            values[row] = None  # a bad cell stays bad; an option fills blanks only

    def _refuse_blank(self, role: str, values: list[Any], question: Question | None) -> None:
        column = self.key_columns.get(role)
        if column is None or question is None:
            return
        bad = self._bad(role)
        for row, value in enumerate(values):
            if value is None and not bad[row]:
                self.findings.append(
                    Finding(
                        "checking.key_blank",
                        scope="row",
                        sheet=column.sheet.name,
                        cell=column.address(row),
                        row=column.number(row),
                        header=column.header,
                        params={"found": shown(column.values[row] or ""), "question": question.name},
                    )
                )

    def finish(self, matched: Matched, left: Flags) -> CodedSheet:
        """Drop what blank rows said, mark unusable rows, tell skipped from blank, and make the value."""
        sheet, first = matched.sheet, matched.first
        base = sheet.top + first + 1
        blank = {base + int(r) for r in np.flatnonzero(~self.filled)}
        settled = {base + int(r) for r in np.flatnonzero(left)}
        findings = [f for f in self.findings if f.row not in blank and (f.level == "note" or f.row not in settled)]
        refused = {f.row for f in findings if f.level == "refuse" and f.scope == "row"}
        usable = self.filled & ~left
        usable[[row - base for row in refused]] = False
        skipped = {base + row - first for row in matched.layout.skip}
        dropped = sorted(blank - skipped)
        if dropped:
            findings.append(rows_note(sheet, "intake.blank_rows", [row - sheet.top - 1 for row in dropped]))
        respondents = self._texts("respondent", lambda r: r.text)
        respondents = [r if u else None for r, u in zip(respondents, usable, strict=True)]
        keys = pd.DataFrame(
            {
                "year": pd.array(self.years, dtype="Int64"),
                "place": [p or "" for p in self.places],
                "respondent": pd.Series(respondents, dtype=object),
                "digest": [f"{d:016x}" for d in self.digest.tolist()],
            }
        )
        known = {c.name for c in self.register.communities}
        new = dict.fromkeys(p for p, u in zip(self.places, usable, strict=True) if u and p and p not in known)
        column = self.key_columns.get("respondent")
        coded = CodedSheet(
            sheet=sheet,
            form=self.form,
            filled=self.filled,
            usable=usable,
            keys=keys,
            modes=self.modes,
            design=self._design(),
            codes=self.codes,
            numbers=self.numbers,
            texts=self.texts,
            multiple=self.multiple,
            findings=tuple(findings),
            new_communities=tuple(new),
            row_numbers=[base + i for i in range(self.n)],
            respondent_cells=[column.address(i) if column else "" for i in range(self.n)],
            respondent_header=column.header if column else "",
            first=first,
            left_out=left,
            phone_columns=self.phone_columns,
            private=frozenset(c.index for c in matched.layout.columns if c.meaning in PRIVATE),
            replicates=np.column_stack(self.replicates) if self.replicates else None,
        )
        return _tell_skipped(coded if self.split is None else only_interviews(coded, self.split))

    def _design(self) -> dict[str, list[Any]]:
        design: dict[str, list[Any]] = {name: [None] * self.n for name in DESIGN_COLUMNS}
        for role in (
            "household",
            "interviewer",
            "psu",
            "stratum",
            "sex",
            "age_band",
            "disposition",
            "start",
            "end",
            "submitted",
        ):
            design[DESIGN_NAMES.get(role, role)] = self._texts(role, lambda r: r.text)
        for role in _NUMERIC_DESIGN:
            design[role] = self._texts(role, lambda r: r.number)
        if self.split is not None:
            design["disposition"] = [code or None for code in self.split.outcomes]
        return design


def _tell_skipped(coded: CodedSheet) -> CodedSheet:
    """A blank cell of a question that was not to be asked is skipped, not blank."""
    if not any(q.conditions for q in coded.form.questions) or not len(coded.codes):
        return coded
    block = ResponseBlock(
        pd.DataFrame(index=range(len(coded.codes))), coded.codes, coded.numbers, coded.texts, coded.multiple
    )
    coded.codes[(coded.codes == BLANK) & ~asked(coded.form, block)] = SKIPPED
    return coded
