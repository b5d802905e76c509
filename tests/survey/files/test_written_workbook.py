"""Workbooks say when they were made, and with SOURCE_DATE_EPOCH the same contents give the same bytes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from survey.files.written_workbook import WrittenWorkbook, made_at

ROOT = Path(__file__).resolve().parents[3]


def written(**properties: object) -> bytes:
    out = BytesIO()
    book = WrittenWorkbook(out, {"in_memory": True})
    book.add_worksheet("a").write_string(0, 0, "甲")
    if properties:
        book.set_properties(properties)
    book.close()
    return out.getvalue()


def test_the_clock_of_reproducible_builds_counts(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1400000000")
    first = written(title="x")
    assert written(title="x") == first
    assert openpyxl.load_workbook(BytesIO(first)).properties.created == datetime(2014, 5, 13, 16, 53, 20)


@pytest.mark.parametrize("told", ["", "soon", "-5", "1e9", "9" * 30])
def test_otherwise_it_is_now(monkeypatch, told):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", told)
    assert abs((datetime.now(UTC).replace(tzinfo=None) - made_at()).total_seconds()) < 60


def test_a_moment_of_its_own_stays():
    made = written(created=datetime(2000, 1, 1))
    assert openpyxl.load_workbook(BytesIO(made)).properties.created == datetime(2000, 1, 1)


def test_no_room_writes_workbooks_past_it():
    found = [
        str(path.relative_to(ROOT))
        for room in ("survey", "analysis", "dashboard")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"xlsxwriter\.Workbook\(", path.read_text("utf-8"))
    ]
    assert found in ([], ["survey/files/written_workbook.py"])
