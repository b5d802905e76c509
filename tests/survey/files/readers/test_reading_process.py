"""No file takes the program down: the reader dies or is ended, and the user reads one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import psutil
import pytest

from survey.core.errors import Refused, Surroundings
from survey.files.preflight import Limits
from survey.files.read import read_sheets
from survey.files.readers import reading_process
from survey.files.readers.in_process import read_here

pytestmark = pytest.mark.apart


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet.append(["编号", "Q1", "日期"])
    sheet.append(["a", 1, date(2013, 5, 6)])
    sheet.append([None, "满意 ", None])
    sheet["B5"] = 7.5
    sheet["C5"] = "=NA()"
    sheet.merge_cells("A2:A3")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("file", "data"), [("a.csv", "编号,Q1\nx,1\n,\n".encode("gb18030"))])
def test_what_comes_back_is_what_was_read(file, data):
    here, apart = read_here(file, data), read_sheets(file, data)
    for one, other in zip(here, apart, strict=True):
        assert [list(r) for r in one.rows] == [list(r) for r in other.rows]
        assert replace(one, rows=()) == replace(other, rows=())


def test_types_addresses_and_merged_ranges_survive():
    book = workbook()
    data = openpyxl.load_workbook(BytesIO(book))
    data["数据"]["C5"] = "text"
    out = BytesIO()
    data.save(out)
    here, apart = read_here("a.xlsx", out.getvalue()), read_sheets("a.xlsx", out.getvalue())
    assert [list(r) for r in apart[0].rows] == [list(r) for r in here[0].rows]
    assert [[type(v) for v in r] for r in apart[0].rows] == [[type(v) for v in r] for r in here[0].rows]
    assert apart[0].merged == here[0].merged == ((1, 0, 2, 0),)


@pytest.mark.parametrize(
    ("file", "data", "key"),
    [
        ("a.xlsx", b"", "preflight.empty"),
        ("a.csv", b"a,b\x00\n1,2\n", None),
        ("a.xlsx", b"PK\x03\x04 not really", None),
        ("a.xlsx", workbook(), "preflight.unsaved_formulas"),
    ],
)
def test_refusals_come_through_as_their_sentence(file, data, key):
    with pytest.raises(Refused) as here:
        read_here(file, data)
    with pytest.raises(Refused) as apart:
        read_sheets(file, data)
    assert (apart.value.key, apart.value.params) == (here.value.key, here.value.params)
    assert apart.value.word("zh") == here.value.word("zh")
    if key is not None:
        assert apart.value.key.split(".")[0] == key.split(".")[0]


def broken(monkeypatch, code):
    """The child runs ``code`` in place of the reader."""
    monkeypatch.setattr(reading_process, "_START", "import sys; sys.path.insert(0, sys.argv[1]);" + code)


@pytest.mark.parametrize("code", ["import os; os.abort()", "raise SystemExit(3)", "pass", "1 / 0"])
def test_a_reader_that_dies_is_one_sentence(monkeypatch, code):
    broken(monkeypatch, code)
    with pytest.raises(Refused) as error:
        read_sheets("a.csv", b"a,b\n1,2\n")
    assert error.value.key == "sources.reader_died"


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    broken(monkeypatch, "import time; time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(Refused) as error:
        read_sheets("a.csv", b"a,b\n1,2\n", limits=replace(Limits(), seconds=1))
    assert error.value.key == "sources.took_too_long"
    assert time.monotonic() - start < 20


def test_a_reader_that_takes_too_much_memory_is_ended(monkeypatch):
    broken(monkeypatch, "x = [bytearray(10_000_000) for _ in range(40)]; import time; time.sleep(60)")
    with pytest.raises(Refused) as error:
        read_sheets("a.csv", b"a,b\n1,2\n", limits=replace(Limits(), memory=100_000_000))
    assert error.value.key == "sources.took_too_much_memory"


@pytest.mark.parametrize("woken", [True, False])
def test_the_end_of_a_reader_is_noticed_on_every_system(monkeypatch, woken):
    """Linux wakes who waits; where that is not to be had the end is looked for."""
    if not woken:
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    monkeypatch.setattr(reading_process, "LOOK", 0.01)
    assert read_sheets("a.csv", b"a,b\n1,2\n")[0].rows == [["a", "b"], ["1", "2"]]


def test_nothing_of_an_upload_stays_on_the_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(reading_process.tempfile, "tempdir", str(tmp_path))
    read_sheets("a.csv", b"a,b\n1,2\n")
    assert list(tmp_path.iterdir()) == []


def test_the_child_sees_no_settings_and_imports_no_heavy_library():
    code = (
        f"import sys; sys.path.insert(0, {reading_process._ROOT!r}); import survey.files.readers.reading_process, survey.files.readers.in_process;"
        "print(*[m for m in ('pandas', 'sqlalchemy', 'dash', 'scipy', 'openpyxl') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == ""
    assert "XINGFU_STORE" not in reading_process._environment()


@pytest.mark.parametrize("code", ["import sys; sys.exit(28)", ""])
def test_a_full_disk_is_said_and_is_no_fault_of_ours(monkeypatch, code):
    if code:
        broken(monkeypatch, code)
    else:

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(reading_process.Path, "write_bytes", full)
    with pytest.raises(Surroundings) as error:
        read_sheets("a.csv", b"a,b\n1,2\n")
    assert (error.value.key, error.value.status) == ("store.disk_full", 5)


@pytest.mark.parametrize("nameless", sorted({False, reading_process._NAMELESS}))
def test_what_is_handed_over_is_its_owners_only(monkeypatch, nameless):
    """Where the system knows files without a name nothing can be left behind; elsewhere folder and files are private."""
    monkeypatch.setattr(reading_process, "_NAMELESS", nameless)
    watch, folder, modes, held = reading_process._watch, reading_process._folder, {}, []

    @contextmanager
    def kept():
        with folder() as place:
            held.append(place)
            yield place

    def looking(child, limits, at):
        reason = watch(child, limits, at)
        modes.update({path.name: path.stat().st_mode & 0o077 for path in (*held, *held[0].iterdir())})
        return reason

    monkeypatch.setattr(reading_process, "_folder", kept)
    monkeypatch.setattr(reading_process, "_watch", looking)
    read_sheets("a.csv", "编号,Q1\nx,1\n".encode())
    assert set(modes) == {held[0].name, ".held"} | (set() if nameless else {"in", "out", "at"})
    assert set(modes.values()) == {0}


@pytest.mark.skipif(sys.platform != "linux", reason="every file has a name there")
def test_a_killed_program_leaves_nothing_of_the_file_it_was_reading(tmp_path):
    """Neither while it reads nor afterwards, without any sweeping: what lies in its folder holds no byte of the file."""
    code = (
        "import sys; from survey.files.readers import reading_process as r\n"
        "r._START = 'import time; time.sleep(30)'\n"
        "r.read_apart('a.csv', '电话13812345678,b'.encode())\n"
    )
    environment = {**os.environ, "PYTHONPATH": reading_process._ROOT, "TMPDIR": str(tmp_path)}
    program = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
    try:
        until = time.monotonic() + 30
        while not psutil.Process(program.pid).children() and time.monotonic() < until:
            time.sleep(0.02)
        assert psutil.Process(program.pid).children()
        while_reading = [p for p in tmp_path.rglob("*") if p.is_file()]
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait(30)
    assert [p.name for p in while_reading] == [".held"]
    assert [p.name for p in tmp_path.rglob("*") if p.is_file() and p.read_bytes()] == []
