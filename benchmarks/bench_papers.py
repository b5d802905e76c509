"""Papers of a year: a workbook beside a plain dump of its cells, and a thousand workbooks and PDFs as one archive."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import xlsxwriter

from analysis.exports.files import export_year
from analysis.exports.workbook import community_workbook
from analysis.papers.diagnosis import Sources
from analysis.papers.paper_files import diagnosis_pdf, write_papers
from analysis.papers.street.book_of_street import street_workbook
from analysis.papers.street.one_street import Street
from analysis.scoring.results import Results
from benchmarks.measure import cpu_seconds, show
from tests.tools.towns.fake_results import fake_results

#: communities of the archives; workbooks measured together, since one takes a few ticks of the clock
MANY, AT_ONCE = 1_000, 20

#: row, column, content (a formula as a formula), value, number of its format
Cell = tuple[int, int, Any, Any, int]


def main() -> None:
    one = fake_results(2014)
    book = community_workbook(one, "SL03", "zh")
    cells = _cells(book)
    ours = cpu_seconds(lambda: [community_workbook(one, "SL03", "zh") for _ in range(AT_ONCE)]) / AT_ONCE
    rows = []
    for name, look in (("values alone", False), ("the same formulas and formats", True)):
        plain = cpu_seconds(lambda look=look: [_dump(cells, look) for _ in range(AT_ONCE)]) / AT_ONCE
        rows.append((name, 1000 * plain, 1000 * ours, ours / plain))
    many = sum(len(found) for found in cells)
    show(
        f"One community's workbook beside xlsxwriter dumping its {many} cells",
        ("dump", "CPU ms", "ours", "ratio"),
        rows,
    )
    sources = Sources([fake_results(2013), one], {})
    street = Street(sources, "示例街道")
    show(
        "Papers one by one",
        ("paper", "CPU s"),
        [
            ("diagnosis", cpu_seconds(lambda: diagnosis_pdf(sources, "SL03", "zh"))),
            ("workbook of a street of 12", cpu_seconds(lambda: street_workbook(street, "zh"))),
        ],
    )
    done = []
    for name, work in (("workbooks", _workbooks), ("diagnoses", _diagnoses)):
        spent, peak, size = _apart(work)
        done.append((f"{MANY:,} {name}", spent, spent / MANY, peak, size))
    show("As one archive", ("what", "CPU s", "CPU s a piece", "peak MB", "archive MB"), done)


def _workbooks(out: Path) -> None:
    export_year(_many(2014), "zh", out)


def _diagnoses(out: Path) -> None:
    now = _many(2014)
    sources = Sources([_many(2013), now], {})
    codes = [str(code) for code in now.scores["community_code"]]
    write_papers(sources, "zh", out, codes, one=False, papers=("diagnosis",))


def _many(year: int) -> Results:
    """The invented town again and again, each time with codes of its own, in streets of twelve."""
    found = fake_results(year)
    times = -(-MANY // 12)

    def again(frame: Any, most: int | None = None) -> Any:
        rows = frame.iloc[np.tile(np.arange(len(frame)), times)].reset_index(drop=True)
        number = np.repeat(np.arange(times), len(frame))
        rows["community_code"] = [f"{code}_{k:03d}" for code, k in zip(rows["community_code"], number, strict=True)]
        if "sub_district" in rows:
            rows["sub_district"] = [f"街道{k:03d}" for k in number]
        return rows.iloc[:most]

    return replace(
        found,
        scores=again(found.scores, MANY),
        items=again(found.items),
        indicators=again(found.indicators),
        flow=again(found.flow),
    )


def _apart(work: Callable[[Path], None]) -> tuple[float, float, float]:
    """CPU seconds, peak megabytes and size of the archive of a job in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "all.zip"
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=_job, args=(work, out, theirs))
        process.start()
        spent, peak = ours.recv()
        process.join()
        return spent, peak, out.stat().st_size / 2**20


def _job(work: Callable[[Path], None], out: Path, told: Any) -> None:
    before = sum(os.times()[:4])
    work(out)
    told.send((sum(os.times()[:4]) - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10))


def _cells(book: bytes) -> list[list[Cell]]:
    """Every cell that is there, sheet by sheet."""
    values, formulas = (openpyxl.load_workbook(BytesIO(book), data_only=only) for only in (True, False))
    return [
        [
            (c.row - 1, c.column - 1, c.value, values[sheet.title].cell(c.row, c.column).value, c.style_id)
            for row in sheet.iter_rows()
            for c in row
            if c.value is not None or c.has_style
        ]
        for sheet in formulas
    ]


def _dump(sheets: list[list[Cell]], look: bool) -> bytes:
    """The cells as a workbook: values alone, or each with its formula and one of as many formats as there are."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    forms: dict[int, Any] = {}
    for cells in sheets:
        sheet = book.add_worksheet()
        for row, column, content, value, style in cells:
            form = None
            if look:
                form = forms.get(style) or forms.setdefault(style, book.add_format({"font_size": 10 + style / 100}))
            if look and isinstance(content, str) and content.startswith("="):
                sheet.write_formula(row, column, content, form, value)
            elif value is not None:
                sheet.write(row, column, value, form)
            elif form is not None:
                sheet.write_blank(row, column, None, form)
    book.close()
    return out.getvalue()


if __name__ == "__main__":
    main()
