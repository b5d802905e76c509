"""100,000 x 40 (and 10,000 x 40) answers from a file into the store, beside python-calamine, csv or pandas merely reading it."""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.measure import cpu_seconds, run_measured, show
from survey.coding.options import ImportOptions
from survey.form.default import default_questionnaire
from survey.form.model import Question, Questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from survey.store.year.register import Community

ROWS, MANY, COLUMNS, COMMUNITIES = 10_000, 100_000, 40, 100
ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, str(ROOT / "xingfu.py"), "--store", "command.db", "import")


def form_of(columns: int) -> Questionnaire:
    """The default questionnaire's keys and as many of its five-level items as make ``columns`` columns."""
    default = default_questionnaire()
    keys = [default.roles[role] for role in ("community", "respondent") if role in default.roles]
    items = list(default.scored)
    more = [
        replace(items[i % len(items)], name=f"Z{i}", labels={"zh": f"附加题{i}", "en": f"More {i}"})
        for i in range(columns - len(keys) - len(items))
    ]
    rows = tuple(replace(q, conditions=(), relevant="") for q in (*keys, *items, *more))
    return replace(default, rows=rows)


def table(form: Questionnaire, codes: bool, rows: int, prefix: str = "R") -> list[list[object]]:
    """Answers of invented residents, by column: codes 1–5 as numbers, or the words of the choices."""
    rng = np.random.default_rng(1)
    return [[question.name, *_answers(question, codes, rows, prefix, rng)] for question in form.questions]


def workbook(columns: list[list[object]]) -> bytes:
    """The table as an .xlsx."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("答卷")
    for place, cells in enumerate(columns):
        sheet.write_column(0, place, cells)
    book.close()
    return out.getvalue()


def delimited(columns: list[list[object]]) -> bytes:
    """The table as a .csv."""
    out = StringIO()
    plain = [[int(c) if isinstance(c, float) else c for c in cells] for cells in columns]
    csv.writer(out).writerows(zip(*plain, strict=True))
    return out.getvalue().encode("utf-8")


def _answers(question: Question, codes: bool, rows: int, prefix: str, rng: np.random.Generator) -> list[object]:
    if question.role == "community":
        return [f"C{i % COMMUNITIES:03d}" for i in range(rows)]
    if question.role == "respondent":
        return [f"{prefix}{i:06d}" for i in range(rows)]
    levels = [choice for choice in question.choices if choice.level is not None]
    values = [float(choice.name) if codes else choice.label("zh") for choice in levels]
    return [values[i] for i in rng.choice(len(values), rows, p=[0.3, 0.4, 0.2, 0.07, 0.03])]


def fill(store: Store, form: Questionnaire) -> None:
    """The communities of the table and its questionnaire, ``bench``."""
    with store.write() as conn:
        register.save(conn, [Community(code=f"C{i:03d}", name=f"社区{i}") for i in range(COMMUNITIES)])
        questionnaires.add(conn, "bench", form)


class Intake:
    """A fresh store for every run, so that nothing is a duplicate."""

    def __init__(self, form: Questionnaire, folder: str, runs: int) -> None:
        self._folder, self._number, self._ready = Path(folder), count(), []
        for _ in range(runs):
            store = Store.open(self._folder / f"{next(self._number)}.db", create=True)
            fill(store, form)
            self._ready.append(store)

    def run(self, file: str, data: bytes, rows: int) -> None:
        """inspect and commit, as the command and the page do."""
        store = self._ready.pop()
        found = inspect(store, file, data, ImportOptions(questionnaire="bench", year=2014))
        receipt = commit(store, found, accept_partial=False)
        assert (receipt.stored, receipt.refused_cells) == (rows, 0), found.findings[:3]
        store.close()


def _bare_xlsx(data: bytes) -> None:
    CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def _bare_csv(data: bytes) -> None:
    list(csv.reader(StringIO(data.decode("utf-8"))))


_BARE: dict[str, Callable[[Path], object]] = {
    "csv": lambda path: pd.read_csv(path, dtype=str),
    "xlsx": lambda path: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(),
}
_WRITERS: dict[str, tuple[Callable[[list[list[object]]], bytes], Callable[[bytes], None]]] = {
    "xlsx": (workbook, _bare_xlsx),
    "csv": (delimited, _bare_csv),
}


def main() -> None:
    form, rows = form_of(COLUMNS), []
    for size, kind, codes in (
        (ROWS, "xlsx", True),
        (ROWS, "xlsx", False),
        (MANY, "xlsx", True),
        (MANY, "xlsx", False),
        (MANY, "csv", True),
        (MANY, "csv", False),
    ):
        write, bare = _WRITERS[kind]
        data, repeats = write(table(form, codes, size)), 5 if size == ROWS else 3
        with tempfile.TemporaryDirectory() as folder:
            intake = Intake(form, folder, repeats + 1)
            ours = cpu_seconds(lambda: intake.run(f"bench.{kind}", data, size), repeats)  # noqa: B023
            merely = cpu_seconds(lambda: bare(data), repeats)  # noqa: B023
            peak = _command(form, Path(folder), f"bench.{kind}", data)
        what = f"{size:,} {kind}, {'codes' if codes else 'words'}"
        rows.append((what, len(data) / 2**20, merely, ours, ours / merely, *peak))
    _commands(form)
    title = f"Intake: x {COLUMNS}, checks and store included (.xlsx: at most 3 x merely reading 100,000 rows)"
    show(title, ("rows", "MB", "bare reader, CPU s", "intake, CPU s", "ratio", "command, s", "command, peak MB"), rows)


def _commands(form: Questionnaire) -> None:
    """``xingfu import`` of 100,000 rows less the same of ten, which is its start, beside the one call that reads the file."""
    rows = []
    for kind, codes in (("csv", True), ("csv", False), ("xlsx", True), ("xlsx", False)):
        write = _WRITERS[kind][0]
        with tempfile.TemporaryDirectory() as folder:
            there = Path(folder)
            for name, size in (("small", 10), ("big", MANY)):
                (there / f"{name}.{kind}").write_bytes(write(table(form, codes, size)))
            bare = cpu_seconds(partial(_BARE[kind], there / f"big.{kind}"), 3)
            spent = {}
            for how in (("--dry-run",), ()):
                for name in ("small", "big"):
                    runs = []
                    for _ in range(3):
                        store = Store.open(there / "command.db", create=True)
                        fill(store, form)
                        store.close()
                        command = [*COMMAND, f"{name}.{kind}", "--questionnaire", "bench", "--year", "2014", *how]
                        runs.append(run_measured(command, cwd=there)[0])
                        (there / "command.db").unlink()
                    spent[name, how] = statistics.median(runs)
        check, whole = (spent["big", how] - spent["small", how] for how in (("--dry-run",), ()))
        rows.append((f"{kind}, {'codes' if codes else 'words'}", bare, check, check / bare, whole, whole / bare))
    title = f"The command, {MANY:,} x {COLUMNS}, less its start (aims: csv 3 and 5 x, xlsx 1.5 and 2 x)"
    header = ("file", "pandas or calamine, CPU s", "check, CPU s", "ratio", "import, CPU s", "ratio")
    show(title, header, rows)


def _command(form: Questionnaire, folder: Path, name: str, data: bytes) -> tuple[float, float]:
    """Seconds and peak memory of ``xingfu import`` alone, its reading process included."""
    store = Store.open(folder / "command.db", create=True)
    fill(store, form)
    store.close()
    (folder / name).write_bytes(data)
    command = [*COMMAND, name, "--questionnaire", "bench", "--year", "2014"]
    _, seconds, peak = run_measured(command, cwd=folder)
    return seconds, peak
