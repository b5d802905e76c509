"""10,000 x 40 answers from a workbook into the store, beside python-calamine merely reading it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.measure import cpu_seconds, show
from survey.form.default import default_questionnaire
from survey.form.model import Question, Questionnaire
from survey.intake import ImportOptions, commit, inspect
from survey.store import Store, questionnaires, register
from survey.store.register import Community

ROWS, COLUMNS, COMMUNITIES = 10_000, 40, 100


def form_of(columns: int) -> Questionnaire:
    """The default questionnaire's keys and as many of its five-level items as make ``columns`` columns."""
    default = default_questionnaire()
    keys = [default.roles[role] for role in ("community", "respondent") if role in default.roles]
    items = list(default.scored)
    more = [replace(items[i % len(items)], name=f"Z{i}", labels={"zh": f"附加题{i}", "en": f"More {i}"})
            for i in range(columns - len(keys) - len(items))]  # fmt: skip
    rows = tuple(replace(q, conditions=(), relevant="") for q in (*keys, *items, *more))
    return replace(default, rows=rows)


def workbook(form: Questionnaire, codes: bool) -> bytes:
    """Answers of invented residents: codes 1–5 as numbers, or the words of the choices."""
    rng = np.random.default_rng(1)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("答卷")
    for place, question in enumerate(form.questions):
        sheet.write_string(0, place, question.name)
        for row, value in enumerate(_answers(question, codes, rng), start=1):
            sheet.write(row, place, value)
    book.close()
    return out.getvalue()


def _answers(question: Question, codes: bool, rng: np.random.Generator) -> list[object]:
    if question.role == "community":
        return [f"C{i % COMMUNITIES:03d}" for i in range(ROWS)]
    if question.role == "respondent":
        return [f"R{i:05d}" for i in range(ROWS)]
    levels = [choice for choice in question.choices if choice.level is not None]
    values = [float(choice.name) if codes else choice.label("zh") for choice in levels]
    return [values[i] for i in rng.choice(len(values), ROWS, p=[0.3, 0.4, 0.2, 0.07, 0.03])]


class Intake:
    """A fresh store for every run, so that nothing is a duplicate."""

    def __init__(self, form: Questionnaire, folder: str) -> None:
        self._form, self._folder, self._number = form, Path(folder), count()
        self._ready = [self._store() for _ in range(7)]

    def _store(self) -> Store:
        store = Store.open(self._folder / f"{next(self._number)}.db", create=True)
        with store.write() as conn:
            register.save(conn, [Community(code=f"C{i:03d}", name=f"社区{i}") for i in range(COMMUNITIES)])
            questionnaires.add(conn, "bench", self._form)
        return store

    def run(self, data: bytes) -> None:
        """inspect and commit, as the command and the page do."""
        store = self._ready.pop()
        found = inspect(store, "bench.xlsx", data, ImportOptions(questionnaire="bench", year=2014))
        receipt = commit(store, found, accept_partial=False)
        assert (receipt.stored, receipt.refused_cells) == (ROWS, 0), found.findings[:3]
        store.close()


def main() -> None:
    form = form_of(COLUMNS)
    rows = []
    for codes in (True, False):
        data = workbook(form, codes)

        def read(data: bytes = data) -> None:
            CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()

        with tempfile.TemporaryDirectory() as folder:
            intake = Intake(form, folder)
            ours, calamine = cpu_seconds(lambda: intake.run(data)), cpu_seconds(read)  # noqa: B023
        rows.append(("codes" if codes else "words", len(data) / 2**20, calamine, ours, ours / calamine))
    title = f"Intake: {ROWS:,} x {COLUMNS} .xlsx, checks and store included (at most 4 x merely reading it)"
    show(title, ("cells", "MB", "calamine reads, CPU s", "intake, CPU s", "ratio"), rows)
