"""Whatever a command writes says where it comes from, and writing it twice gives the same bytes.

Walked over every format of an archived and of an open year, down to the files inside archives; that the pack of the archive is the
same again holds ``tests/analysis/archive/test_pack.py``.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

import xingfu
from tests.tools.stores.older_demo import unpacked

WHO = "王芳"
STATE = {2013: "已归档", 2014: "阶段性"}
#: what a command writes, by its options
WAYS = {
    "books": ("--format", "xlsx", "--community", "SL03"),
    "archive.zip": ("--format", "zip", "--community", "SL03"),
    "street.xlsx": ("--street", "示例街道"),
    "papers": ("--format", "pdf", "--paper", "brief"),
    "diagnosis.pdf": ("--format", "pdf", "--community", "SL03"),
    "letters": ("--format", "docx", "--community", "SL03"),
    "data": ("--format", "data", "--responses"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USERNAME", WHO)
        patch.setenv("LOGNAME", WHO)
        patch.setenv("SOURCE_DATE_EPOCH", "1400000000")
        yield unpacked(tmp_path_factory.mktemp("exports"))


def run(place: Path, *words: str) -> None:
    assert xingfu.main(["--store", str(place), *words]) == 0


def written(place: Path, folder: Path, year: int) -> Path:
    """What commands write of a year."""
    for name, words in WAYS.items():
        run(place, "export", "--year", str(year), "--out", str(folder / name), *words)
    return folder


@pytest.fixture(scope="module")
def made(place: Path) -> dict[int, Path]:
    return {year: written(place, place.parent / str(year), year) for year in STATE}


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of what was written, those of archives, too."""
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file() and one.suffix == ".zip":
            with zipfile.ZipFile(one) as archive:
                yield from ((f"{one.stem}/{name}", archive.read(name)) for name in archive.namelist())
        elif one.is_file():
            yield one.relative_to(path.parent).as_posix(), one.read_bytes()


def said(name: str, data: bytes) -> str:
    """What a reader of the file is told, its properties with it; empty for what has no room beside its cells."""
    kind = name.rpartition(".")[2]
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
        return "\n".join([str(book.properties.creator), *cells])
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [package.read(n).decode("utf-8", "replace") for n in package.namelist() if n.endswith(".xml")]
        return re.sub(r"<[^>]+>", "", "\n".join(parts))
    if kind == "parquet" and "/responses/" not in name:
        return str(pq.read_schema(io.BytesIO(data)).metadata[b"xingfu"].decode())
    if (kind == "json" and "dictionary" not in name) or name.endswith("README.txt"):
        return data.decode()
    return ""


@pytest.mark.parametrize("year", STATE)
@pytest.mark.parametrize("way", ["books", "archive.zip", "street.xlsx", "letters", "data"])
def test_every_file_says_scheme_data_time_state_and_who(made, year, way):
    told = {name: text for name, data in files(made[year] / way) if (text := said(name, data))}
    assert told
    for name, text in told.items():
        assert WHO in text, name
        assert STATE[year] in text, name
        assert "示例" in text or '"sample": true' in text, name
        assert re.search(r"20\d\d-\d\d-\d\d", text), name


def test_the_pack_of_the_archive_says_it_too(place):
    folder = place.parent / "pack"
    run(place, "archive", str(folder), "--year", "2013")
    for name in ("README.txt", "manifest.json", "data/README.txt"):
        assert WHO in (folder / name).read_text("utf-8"), name
    book = next(iter(sorted((folder / "workbooks").iterdir())))
    assert WHO in said(book.name, book.read_bytes())


def test_a_paper_bears_who_took_it_but_for_what_hangs_in_public(made):
    assert "/Author" in (made[2013] / "diagnosis.pdf").read_bytes().decode("latin-1")


def test_the_same_again_is_the_same_bytes_in_every_format(place, made):
    time.sleep(1.1)  # no clock of a header, in seconds, stands still
    second = written(place, place.parent / "second", 2014)
    again, first = ({name.partition("/")[2]: data for name, data in files(one)} for one in (second, made[2014]))
    kinds = {name.rpartition(".")[2] for name in first}
    assert {"xlsx", "pdf", "docx", "csv", "json", "parquet", "sav", "dta", "txt"} <= kinds
    assert first.keys() == again.keys()
    assert [name for name in first if first[name] != again[name]] == []
    assert (second / "archive.zip").read_bytes() == (made[2014] / "archive.zip").read_bytes()
