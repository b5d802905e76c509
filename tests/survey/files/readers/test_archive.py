"""Several files packed together: every table is read, and what is not is named."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.readers.in_process import read_here
from tests.tools.books.word_books import document, paragraph, table

SHEET = "编号,满意\n1,3\n".encode("gb18030")


def word(*rows: tuple[str, ...]) -> bytes:
    """A letter, with a table where there are rows."""
    return document(paragraph("填写说明"), *([table(*rows)] if rows else []))


def pack(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_what_holds_no_table_is_named_and_the_rest_is_read() -> None:
    others = {"说明.pdf": b"%PDF", "照片/1.jpg": b"\xff\xd8", "旧.zip": pack({"a.csv": SHEET}), "信.docx": word()}
    left = {"__MACOSX/._甲.csv": b"\0", ".DS_Store": b"\0", "~$甲.xlsx": b"\0", "照片/Thumbs.db": b"\0"}
    (sheet,) = read_here("全部.zip", pack({"甲.csv": SHEET, **others, **left}))
    assert sheet.name == "甲"
    (note,) = [f for f in sheet.findings if f.code == "sources.passed_over"]
    for lang in LANGUAGES:
        assert all(name in note.word(lang) for name in others)
        assert not any(name in note.word(lang) for name in left)


def test_tables_of_a_document_in_an_archive_are_read_like_the_others() -> None:
    sheets = read_here("全部.zip", pack({"甲.csv": SHEET, "乙.docx": word(("编号", "满意"), ("2", "4"))}))
    assert [[str(cell) for cell in s.rows[-1]] for s in sheets] == [["1", "3"], ["2", "4"]]
    assert not [f for s in sheets for f in s.findings if f.code == "sources.passed_over"]


def test_many_others_are_counted_and_some_are_named() -> None:
    (sheet,) = read_here("全部.zip", pack({"甲.csv": SHEET, **{f"{n}.jpg": b"x" for n in range(300)}}))
    (note,) = [f for f in sheet.findings if f.code == "sources.passed_over"]
    assert note.params["n"] == 300
    assert len(note.word("zh")) < 200


@pytest.mark.parametrize("members", [{"信.docx": word()}, {"信.docx": word(), "1.jpg": b"x"}])
def test_an_archive_of_letters_alone_is_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(Refused) as caught:
        read_here("信.zip", pack(members))
    assert caught.value.key == "preflight.word_tables"
    assert "信.zip/信.docx" in caught.value.word("zh")


def test_files_of_several_folders_go_by_their_folder_too() -> None:
    members = {f"满意度/{name}/答卷.csv": SHEET for name in ("东街社区", "西街社区")}
    assert [s.name for s in read_here("全部.zip", pack(members))] == ["东街社区/答卷", "西街社区/答卷"]
    assert [s.name for s in read_here("全部.zip", pack({"满意度/东.csv": SHEET, "满意度/西.csv": SHEET}))] == [
        "东",
        "西",
    ]
