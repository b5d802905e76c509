"""Any file comes in as sheets, or is told in one sentence why not."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import survey.files.readers.xlsx
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.read import read_sheets
from tests.tools.hostile import files as hostile
from tests.tools.soak import examples

BOOK = hostile.book()
OLD = hostile.xls({"数据": hostile.text_cell(0, 0, "Q1") + hostile.number_cell(1, 0, 1)})
TEXT = b"Q1\n1\n"


@pytest.mark.parametrize(
    ("file", "data", "kind", "note"),
    [
        ("a.xlsx", BOOK, "xlsx", []),
        ("a.XLS", OLD, "xls", []),
        ("a.csv", TEXT, "text", []),
        ("a", BOOK, "xlsx", []),
        ("a.xls", BOOK, "xlsx", ["sources.is_xlsx"]),
        ("a.xlsx", OLD, "xls", ["sources.is_xls"]),
        ("a.xls", TEXT, "text", ["sources.is_text"]),
        ("a.xlsx", TEXT, "text", ["sources.is_text"]),
        ("a.csv", BOOK, "xlsx", ["sources.is_xlsx"]),
    ],
)
def test_the_kind_is_told_by_content(file: str, data: bytes, kind: str, note: list[str]) -> None:
    """Cases a27, a28, a31, a32."""
    (sheet,) = read_sheets(file, data)
    assert (sheet.kind, sheet.rows[0]) == (kind, ["Q1"])
    assert [f.code for f in sheet.findings] == note


def test_the_delimiter_option_reaches_the_text_reader() -> None:
    assert read_sheets("a.csv", b"a,b;c\n1,5;2\n", delimiter=";")[0].rows[1] == ["1,5", "2"]


def test_a_reader_that_panics_is_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """Named as the Rust readers name theirs."""

    def panic(*_: object, **__: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(survey.files.readers.xlsx, "read_workbook", panic)
    with pytest.raises(Refused, match="已损坏"):
        read_sheets("a.xlsx", BOOK)


def test_stopping_the_program_is_no_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(survey.files.readers.xlsx, "read_workbook", stop)
    with pytest.raises(KeyboardInterrupt):
        read_sheets("a.xlsx", BOOK)


RICH = hostile.parts(
    hostile.worksheet(
        "".join(
            f'<row r="{i}"><c r="A{i}" t="s"><v>{i % 3}</v></c><c r="B{i}" s="1"><f>1+{i}</f><v>{i + 1}</v></c></row>'
            for i in range(1, 60)
        ),
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
    ),
    shared=hostile.shared_strings("满意", "一般", "不满意"),
    styles=f'<styleSheet {hostile.MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>',
)

GOOD = {
    "a.xlsx": hostile.pack(RICH),
    "a.xls": hostile.xls({"数据": b"".join(hostile.number_cell(i, i % 7, i) for i in range(80))}, styles=(0, 9)),
    "a.csv": "编号,意见\n".encode() + '1,"好,快"\n2,慢\n'.encode() * 30,
}


@pytest.mark.parametrize("file", GOOD)
@examples(40, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1))
def test_random_damage_is_read_or_refused_never_a_traceback(file: str, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(GOOD[file])
    for _ in range(chance.choice((1, 2, 8, 40))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    read_or_refused(file, bytes(data))


@examples(60, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1))
def test_random_damage_inside_the_parts_is_read_or_refused(seed: int) -> None:
    """The archive's check sums stop plain damage; here it was packed again afterwards."""
    chance = random.Random(seed)
    members = {**RICH}
    name = chance.choice([n for n in members if n.startswith("xl/")])
    data = bytearray(members[name].encode())
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[at : at + 1] = chance.choice(
                (b"<", b">", b'"', b"9", b"A", b"/", b" ", b"<c ", b"<f/>", b"</c>", b"&")
            )
        else:
            del data[at : at + chance.randrange(1, 30)]
    read_or_refused("a.xlsx", hostile.pack({**members, name: bytes(data)}))


def read_or_refused(file: str, data: bytes) -> None:
    try:
        sheets = read_sheets(file, data)
    except Refused as error:
        refusal = error
    else:
        assert all(len({len(row) for row in sheet.rows}) <= 1 for sheet in sheets)
        return
    assert all(refusal.word(lang) for lang in LANGUAGES)
