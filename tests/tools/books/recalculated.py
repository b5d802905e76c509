"""Workbooks computed by LibreOffice: what every formula gives once the numbers we passed with it are gone."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from tests.tools import needs


def recalculated(books: Mapping[str, openpyxl.Workbook], folder: Path) -> dict[str, openpyxl.Workbook]:
    """Name → the workbook with its formulas computed; ``books`` opened with formulas, which openpyxl saves without values."""
    needs.need(needs.no_libreoffice())
    for name, live in books.items():
        live.save(folder / f"{name}.xlsx")
    out = folder / "out"
    command = [str(needs.LIBREOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), *(str(folder / f"{name}.xlsx") for name in books)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: openpyxl.load_workbook(out / f"{name}.xlsx", data_only=True) for name in books}


def differing(files: Mapping[str, bytes], folder: Path) -> tuple[int, list[tuple[str, str, str, Any, Any]]]:
    """How many cells are formulas, and those of which LibreOffice gives another number than ours (beyond 1e-9)."""
    books = {name: openpyxl.load_workbook(BytesIO(data)) for name, data in files.items()}
    ours = {}
    for name, data in files.items():
        shown = openpyxl.load_workbook(BytesIO(data), data_only=True)
        live = (c for sheet in books[name] for row in sheet.iter_rows() for c in row if c.data_type == "f")
        for c in live:
            ours[name, c.parent.title, c.coordinate] = shown[c.parent.title][c.coordinate].value
    found = recalculated(books, folder)
    wrong = []
    for (name, sheet, cell), value in ours.items():
        now = found[name][sheet][cell].value
        if not isinstance(now, int | float) or not math.isclose(now, value, abs_tol=1e-9):
            wrong.append((name, sheet, cell, value, now))
    return len(ours), wrong
