"""The letters as a word processor lays them out: how many pages, every word on the paper, no blank without its name, fonts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

import xingfu
from analysis.letters.facts import BLANK
from tests.tools import needs
from tests.tools.stores.older_demo import unpacked

#: pages of a paper at most, by the two digits of its name; the table of an office's tasks goes on over as many as it needs
PAGES = {
    "01": 1,
    "02": 2,
    "03": 2,
    "04": 1,
    "05": 1,
    "06": 1,
    "07": 1,
    "08": 1,
    "09": 1,
    "10": 1,
    "11": 20,
    "12": 1,
    "13": 1,
}
#: years and languages of the demonstration
WAYS = (("2013", "zh"), ("2014", "zh"), ("2014", "en"))


def largest(folder: Path) -> Iterator[Path]:
    """Of each kind one, the largest."""
    kinds: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.docx"), key=lambda path: (-path.stat().st_size, path.name)):
        kinds.setdefault(path.name[:2], path)
    yield from kinds.values()


def laid_out(tmp_path: Path, *, whole: bool) -> list[tuple[Path, Path]]:
    """(document, its PDF) of the demonstration's years."""
    needs.need(needs.no_writer())
    store, docs, pdfs = unpacked(tmp_path), tmp_path / "docs", tmp_path / "pdfs"
    docs.mkdir()
    for year, lang in WAYS:
        out = tmp_path / f"{year}{lang}"
        command = ["--store", str(store), "--lang", lang, "export", "--format", "docx", "--year", year]
        assert xingfu.main([*command, "--out", str(out)]) == 0
        for path in out.rglob("*.docx") if whole else largest(out):
            shutil.copy(path, docs / f"{path.stem}_{lang}.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(needs.LIBREOFFICE), "--headless", profile, "--convert-to", "pdf", "--outdir", str(pdfs)]
    subprocess.run([*command, *map(str, sorted(docs.iterdir()))], check=True, capture_output=True, timeout=600)
    return [(path, pdfs / f"{path.stem}.pdf") for path in sorted(docs.iterdir())]


@pytest.fixture(scope="module", params=[False, pytest.param(True, marks=pytest.mark.soak)], ids=["one of each", "all"])
def papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    return laid_out(tmp_path_factory.mktemp("pages"), whole=request.param)


def said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def close(text: str) -> str:
    return re.sub(r"\s", "", text)


def blocks(path: Path) -> Iterator[str]:
    """Every paragraph of body, tables, head and foot."""
    document: Any = Document(str(path))
    for one in (document, *(part for s in document.sections for part in (s.header, s.footer))):
        yield from (p.text for p in one.paragraphs)
        yield from (p.text for table in one.tables for row in table.rows for cell in row.cells for p in cell.paragraphs)


def test_a_letter_has_the_pages_that_it_should(papers):
    assert {path.name[:2] for path, _ in papers} >= {*PAGES}
    for path, pdf in papers:
        pages = said("pdfinfo", str(pdf)).partition("Pages:")[2].split()[0]
        assert int(pages) <= PAGES[path.name[:2]], path.name


def test_every_word_stands_on_the_paper_and_within_its_edges(papers):
    for path, pdf in papers:
        told = close(said("pdftotext", "-raw", str(pdf), "-"))
        assert [text for text in blocks(path) if close(text) not in told] == [], path.name
        boxes = said("pdftotext", "-bbox", str(pdf), "-")
        width, height = map(float, re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', boxes)[0])
        places = re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', boxes)
        assert places
        for left, top, right, bottom in ((float(n) for n in place) for place in places):
            assert 20 < left < right < width - 20, path.name
            assert 20 < top < bottom < height - 20, path.name


def test_no_blank_is_without_its_name_and_none_is_parted(papers):
    for path, pdf in papers:
        texts = [*blocks(path)]
        assert not [text for text in texts if re.search(r"\{|None|nan|NaT|[【\[][：:]", text)], path.name
        document: Any = Document(str(path))
        for table in document.tables:
            heads = [cell.text for cell in table.rows[0].cells]
            for row in table.rows:
                assert all(heads[at] for at, cell in enumerate(row.cells) if BLANK in cell.text), path.name
        outside = [p.text for p in document.paragraphs]
        assert not [text for text in outside if BLANK in text], path.name
        lines = said("pdftotext", "-layout", str(pdf), "-").splitlines()
        assert [line for line in lines if line.count("【") != line.count("】")] == [], path.name


def test_fonts_go_with_it_and_chinese_is_told_to_be_chinese(papers):
    for path, pdf in papers:
        rows = said("pdffonts", str(pdf)).splitlines()[2:]
        assert rows
        assert all(re.search(r"\byes\s+(?:yes|no)\s+(?:yes|no)\s+\d+", row) for row in rows), path.name  # embedded
        document: Any = Document(str(path))
        tongues = [one.get(qn("w:eastAsia")) for one in document.styles.element.iter(qn("w:lang"))]
        assert set(tongues) == {"zh-CN"}, (
            path.name
        )  # else the comma of a font for several languages is the Japanese one
