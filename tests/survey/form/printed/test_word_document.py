"""Parts of a Word document: legal XML, related to each other, and read back by the reader of Word tables."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree import ElementTree

from survey.files.read import read_here
from survey.form.printed.word_document import document, paragraph, run, tab, table

MADE = document(
    [
        paragraph(run("甲\n乙", bold=True), tab(), run("<丙>"), stops=(720,), hanging=360),
        table(
            (3000, 3000), [[paragraph(run("头")), paragraph()], [paragraph(run("a")), paragraph(run("b"))]], header=True
        ),
    ],
    title="题",
    footer="f",
    size=14,
    lang="zh",
)


def test_parts_are_named_and_legal():
    with zipfile.ZipFile(BytesIO(MADE)) as archive:
        names = set(archive.namelist())
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in names}
    listed = {one.get("PartName", "").lstrip("/") for one in parts["[Content_Types].xml"]} - {""}
    assert listed == {"word/document.xml", "word/styles.xml", "word/footer1.xml"}
    related = {one.get("Target") for one in parts["word/_rels/document.xml.rels"]}
    assert {f"word/{target}" for target in related} <= names


def test_it_is_read_back():
    (sheet,) = read_here("a.docx", MADE)
    assert sheet.rows == [["头", None], ["a", "b"]]
    assert sheet.name == "1 甲 乙 <丙>"


def test_narrow_cells_have_hardly_any_margins():
    made = table((3000, 688), [[paragraph(run("题")), paragraph(run("很满意"))]])
    wide, narrow = made.split("<w:tc>")[1:]
    assert "tcMar" not in wide
    assert narrow.index("tcMar") < narrow.index("vAlign")
