"""A matched sheet → coded responses: every column read, keys resolved, rows that cannot enter marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.answers.mapping import ColumnMapping
from survey.answers.multiple_choice import code_options, in_places, united
from survey.answers.scales import ScaleMatch
from survey.answers.tick_columns import code_ticks, ticked_words
from survey.answers.validation import Coded, Column, ReadColumn, code_column, combine, shown
from survey.answers.values import blank_words, blanks_of
from survey.coding.answers_with_calls import AnswersWithCalls, answers_with_calls
from survey.coding.coded_sheet import NUMERIC_DESIGN, CodedSheet, Flags
from survey.coding.communities_of_year import questions
from survey.coding.doubtful_rows import unanswered
from survey.coding.entering_rows import entering_rows
from survey.coding.item_directions import against_the_rest
from survey.coding.options import ImportOptions
from survey.coding.readings.words_of_other import with_words
from survey.coding.required_columns import column_words, platform_identity, require_columns
from survey.coding.role_columns import (
    DESIGN_NAMES,
    column_values,
    fill,
    known_respondents,
    read_community,
    read_design,
    read_mode,
    read_year,
)
from survey.core import progress
from survey.core.addresses import as_sent
from survey.core.cells import typed
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.fieldwork.call_split import Split
from survey.fieldwork.register import Register, first_writings, require_community
from survey.files.readers.distinct_values import columns_of
from survey.form.answer_codes import BLANK, DESIGN_COLUMNS, SKIPPED, Codes, Floats, ResponseBlock
from survey.form.model import REPLICATE_WEIGHT, Question, Questionnaire
from survey.form.relevant import questions_asked
from survey.matching.matched_sheet import Matched
from survey.matching.shapes.modes_told import HOW as MODE_TOLD
from survey.matching.shapes.modes_told import mode_question

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
    "ssu",
    "stratum",
    "fpc",
    "fpc2",
    REPLICATE_WEIGHT,
)
#: roles whose design column holds what their cells say
_TEXT_DESIGN = (
    *("household", "interviewer", "psu", "ssu", "stratum"),
    *("sex", "age_band", "disposition", "start", "end", "submitted"),
)


def code_sheet(
    matched: Matched,
    form: Questionnaire,
    register: Register,
    options: ImportOptions,
    *,
    left_out: Collection[int] = (),
    mapping: ColumnMapping | None = None,
    legends: Mapping[str, ScaleMatch] | None = None,
) -> CodedSheet:
    """Code every data row; raises Refused where a required or key column is missing.

    ``left_out``: rows (indices into ``matched.sheet.rows``) that a person decided not to store; ``mapping``: what
    a person said that words mean; ``legends``: what the sheet itself says of its codes
    (``survey.matching.code_legends``).
    """
    require_columns(matched, form, options)
    n = max(len(matched.sheet.rows) - matched.first, 0)
    columns, said = with_words(form, columns_read(matched, form, mapping, legends or {}))
    columns |= platform_identity(matched, form, set(columns))
    work = _Work(form, register, options, n, blank_words(form))
    for place, question in enumerate(form.questions):
        if question.name in columns:
            progress.at("checking", place, len(form.questions), "columns")
            choices = [c.choice for c in matched.by_question.get(question.name, [])] or [None]
            work.question(question, columns[question.name], choices)
    work.findings += said
    work.mode_beside(matched)
    work.place()
    left = np.zeros(n, dtype=bool)
    left[[row - matched.first for row in left_out if row >= matched.first]] = True
    absent = mapping.absent if mapping else ()
    return work.finish(matched, left, answers_with_calls(matched, form, work.codes, work.findings), absent)


def columns_read(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None, legends: Mapping[str, ScaleMatch]
) -> dict[str, list[Column]]:
    """Question → its columns with their cells and what the words in them mean."""
    sheet, first, lay = matched.sheet, matched.first, matched.layout
    cells = columns_of(sheet.rows, first, [c.index for c in matched.columns if c.question])
    about = {c.index: c for c in lay.columns}
    return {
        name: [
            Column(
                sheet,
                c.header,
                c.index,
                first,
                cells[c.index],
                words=column_words(form.question(name), lay, mapping, legends.get(name)),
                states={**lay.words, **about[c.index].words},
                tidy=lay.read,
            )
            for c in found
        ]
        for name, found in matched.by_question.items()
    }


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

    def question(self, question: Question, columns: Sequence[Column], choices: Sequence[str | None]) -> None:
        """Code the columns of one question; a role column also gives its design values."""
        if question.role == "phone":
            self.phone_columns = tuple(columns)  # for survey.people.contacts; never an answer
            return
        if question.role:
            self._role(question, self._ticked(question, columns, choices))
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

    def _ticked(self, question: Question, columns: Sequence[Column], choices: Sequence[str | None]) -> Sequence[Column]:
        """The columns of a role; where they are one a choice with a tick in one of them, one that holds the choices."""
        options = [(choice, c) for choice, c in zip(choices, columns, strict=True) if choice]
        if len(options) < max(2, len(columns)) or question.type != "select_one":
            return columns
        column, findings = ticked_words(question, options, blanks_of(question, self.blank))
        self.findings += findings
        return [column]

    def _answers(self, question: Question, columns: Sequence[Column], choices: Sequence[str | None]) -> Coded:
        blank = blanks_of(question, self.blank)
        options = [(choice, c) for choice, c in zip(choices, columns, strict=True) if choice]
        whole = [c for choice, c in zip(choices, columns, strict=True) if not choice]
        if options and not whole:
            code = code_options if question.type == "select_multiple" else code_ticks
            return code(question, options, blank)
        parts = [code_column(question, column, blank) for column in whole]
        if len(parts) > 1 and question.coding == "multiple" and in_places([c.header for c in whole]):
            return united(question, parts)
        return parts[0] if len(parts) == 1 else combine(question, whole, parts)

    def _role(self, question: Question, columns: Sequence[Column]) -> None:
        if len(columns) > 1:
            raise Refused(
                "intake.role_twice",
                question=question.label("zh"),
                cells=[as_sent(c.sheet.name, c.sheet.address(c.first - 1, c.index))[1] for c in columns],
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

    def mode_beside(self, matched: Matched) -> None:
        """How the interviews were held, where a column says it that the questionnaire does not ask for."""
        for told in (c for c in matched.columns if c.how == MODE_TOLD):
            cells = columns_of(matched.sheet.rows, matched.first, [told.index])[told.index]
            column = Column(matched.sheet, told.header, told.index, matched.first, cells)
            self.key_columns["mode"], self.keys["mode"] = column, read_mode(mode_question(), column, self.blank)
            self.findings += self.keys["mode"].findings

    def place(self) -> None:
        """Community, year and mode of every row: from the column, else the option, else the form's default."""
        options, roles = self.options, self.form.roles
        self.places = first_writings(self._texts("community", self._place_name))
        if options.community is not None:
            name = self._option_community(options.community)
            self._fill("community", self.places, name, name)
        self.years: list[Any] = self._texts("year", lambda r: None if r.number is None else int(r.number))
        option_year = options.year if options.year is not None else self.form.year
        if options.year is not None:
            self._fill("year", self.years, options.year, str(options.year))
        elif option_year is not None:
            self.years = [option_year if y is None else y for y in self.years]
        self.modes: list[str | None] = self._texts("mode", lambda r: r.text)
        if options.mode is not None:
            self._fill("mode", self.modes, options.mode, options.mode)
        if self.form.sampling == "by_community":
            self._refuse_blank("community", self.places, roles.get("community"))
        self._refuse_blank("year", self.years, roles.get("year"))

    def _option_community(self, word: str) -> str:
        if self.options.add_communities and self.register.find(word) is None:
            return typed(word)
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

    def finish(
        self, matched: Matched, left: Flags, calls: AnswersWithCalls | None, absent: Collection[str]
    ) -> CodedSheet:
        """Say which rows enter, tell skipped from blank, and make the value; ``calls``: what the sheet says of them;
        ``absent``: questions that nobody was asked."""
        found, split = (tuple(self.findings), None) if calls is None else (calls.findings, calls.split)
        said, column = self.filled & ~left, self.key_columns.get("community")
        found = (*found, *questions(self.register, column, self.places, self.years, said))
        if calls is not None and calls.disposition is not None:
            self.codes[:, self.form.position[self.form.roles["disposition"].name]] = calls.disposition
        respondents, lost = known_respondents(
            self._texts("respondent", lambda r: r.text), self.key_columns.get("respondent")
        )
        rows = entering_rows(matched, self.filled, left, (*found, *lost), split=split, phones=self.phone_columns)
        respondents = [r if sound else None for r, sound in zip(respondents, rows.sound, strict=True)]
        keys = pd.DataFrame(
            {
                "year": pd.array(self.years, dtype="Int64"),
                "place": pd.Series([p or "" for p in self.places], dtype=object),
                "respondent": pd.Series(respondents, dtype=object),
                "digest": pd.Series(_hexadecimal(self.digest), dtype=object),
            }
        )
        known = {c.name for c in self.register.communities}
        new = dict.fromkeys(
            p for p, sound in zip(self.places, rows.sound, strict=True) if sound and p not in ("", None)
        )
        column, base = self.key_columns.get("respondent"), matched.sheet.top + matched.first + 1
        told = self._codes_told()
        against = against_the_rest(matched, self.form, told, self.numbers, rows.usable)
        findings = (*rows.findings, *unanswered(matched, self.form, told, rows.usable, absent), *against)
        return CodedSheet(
            matched=matched if calls is None else calls.matched,
            form=self.form,
            filled=rows.filled,
            usable=rows.usable,
            keys=keys,
            modes=[mode or ("paper" if calls is None else "phone") for mode in self.modes],
            design=self._design(split),
            codes=told,
            numbers=self.numbers,
            texts=self.texts,
            multiple=self.multiple,
            findings=findings,
            new_communities=tuple(p for p in new if p not in known),
            row_numbers=range(base, base + self.n),
            respondent_cells=column.addresses if column else [""] * self.n,
            respondent_header=column.header if column else "",
            left_out=rows.left_out,
            phone_columns=self.phone_columns,
            split=split,
            called=rows.called,
            calls_refused=rows.calls_refused,
            replicates=np.column_stack(self.replicates) if self.replicates else None,
        )

    def _codes_told(self) -> Codes:
        """(n, q) the codes; a blank cell of a question that was not to be asked is skipped, not blank."""
        if any(q.conditions for q in self.form.questions) and self.n:
            rows = pd.DataFrame(index=range(self.n))
            block = ResponseBlock(rows, self.codes, self.numbers, self.texts, self.multiple)
            self.codes[(self.codes == BLANK) & ~questions_asked(self.form, block)] = SKIPPED
        return self.codes

    def _design(self, split: Split | None) -> dict[str, list[Any]]:
        design: dict[str, list[Any]] = {name: [None] * self.n for name in DESIGN_COLUMNS}
        for role in _TEXT_DESIGN:
            design[DESIGN_NAMES.get(role, role)] = self._texts(role, lambda r: r.text)
        for role in NUMERIC_DESIGN:
            design[role] = self._texts(role, lambda r: r.number)
        if split is not None:
            design["disposition"] = [code or None for code in split.outcomes]
        return design


def _hexadecimal(digests: npt.NDArray[np.uint64]) -> list[str]:
    """Each of (n,) 64-bit numbers as 16 digits, all of them at once."""
    text = digests.astype(">u8").tobytes().hex()
    return [text[i : i + 16] for i in range(0, len(text), 16)]
