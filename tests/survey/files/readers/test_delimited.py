"""Delimited text: the encoding is proved, the delimiter recognised, and no row is shifted or dropped."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.errors import Refused
from survey.files.preflight import Limits
from survey.files.readers.delimited import read_delimited
from survey.files.readers.sheet import Sheet

TABLE = "编号,社区,Q1\r\nSH1,一社区,满意\r\nSH2,二社区,不满意\r\n"
ROWS = [["编号", "社区", "Q1"], ["SH1", "一社区", "满意"], ["SH2", "二社区", "不满意"]]


def read(text: str | bytes, delimiter: str | None = None, limits: Limits | None = None) -> Sheet:
    data = text.encode() if isinstance(text, str) else text
    return read_delimited("文件夹/答卷.csv", data, delimiter, limits=limits or Limits())


def test_six_hundred_columns_are_read() -> None:
    rows = "".join(",".join(f"{cell}{n}" for n in range(600)) + "\n" for cell in ("附加", ""))
    assert read(rows).rows[1][599] == "599"


def refused(text: str | bytes, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        read(text, limits=limits)
    return refusal.value


def codes(sheet: Sheet) -> list[str]:
    return [f.code.removeprefix("sources.") for f in sheet.findings]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("gb18030", "GB18030"), ("gb2312", "GB18030")],
)
def test_encodings_are_proved(encoding: str, found: str | None) -> None:
    """Cases b02, b03, b04, b06."""
    sheet = read(TABLE.encode(encoding))
    assert sheet.rows == ROWS
    assert [f.params["encoding"] for f in sheet.findings] == ([found] if found else [])


def test_utf_16_of_the_other_order_is_read_too() -> None:
    assert read(b"\xfe\xff" + TABLE.encode("utf-16-be")).rows == ROWS


def test_a_file_in_two_encodings_names_the_line_where_it_changes() -> None:
    """Case b05: GB18030 would decode all of it into nonsense without complaint."""
    first, second, third = TABLE.splitlines(keepends=True)
    error = refused(first.encode() + second.encode() + third.encode("gb18030"))
    assert (error.key, error.params["line"]) == ("sources.mixed_encoding", 3)
    error = refused(first.encode("gb18030") + b"1,2,3\r\n" + third.encode())
    assert (error.key, error.params["line"]) == ("sources.mixed_encoding", 3)
    error = refused(b"\xef\xbb\xbf" + first.encode() + third.encode("gb18030"))
    assert (error.key, error.params["line"]) == ("sources.mixed_encoding", 2)


def test_western_text_is_not_taken_for_chinese() -> None:
    error = refused("name,answer\nRené,très bien\nJosé,señor\n".encode("cp1252"))
    assert (error.key, error.params["line"]) == ("sources.unknown_encoding", 2)


@pytest.mark.parametrize("data", [b"a,b\n1,\0\n", b"\x00\x01\x02\x03abc", "a,b\n1,\0".encode("utf-16")])
def test_nul_bytes_are_no_text(data: bytes) -> None:
    """Cases b01 and b17."""
    assert refused(data).key == "sources.nul"


@pytest.mark.parametrize("name", ["答卷.xlsx", "答卷.XLS", "答卷.ods", "登记表.docx", "几份.zip"])
@pytest.mark.parametrize("data", [bytes(range(256)) * 4, bytes(range(1, 256)) * 4])
def test_what_is_called_a_workbook_and_is_not_is_no_text_gone_wrong(name: str, data: bytes) -> None:
    """As the programs write it that encrypt an office's files."""
    with pytest.raises(Refused) as refusal:
        read_delimited(name, data, None, limits=Limits())
    assert refusal.value.key == "sources.no_workbook"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_recognised(delimiter: str) -> None:
    sheet = read(TABLE.replace(",", delimiter))
    assert sheet.rows == ROWS
    assert codes(sheet) == (["delimiter"] if delimiter in ";|" else [])


def test_two_delimiters_that_fit_are_a_question_and_the_option_answers_it() -> None:
    """Case b10 where it is truly open: decimal commas."""
    text = "a,b;c\n1,5;2\n2,5;3\n"
    sheet = read(text)
    assert [(f.code, f.level) for f in sheet.findings] == [("sources.delimiter_unsure", "ask")]
    assert read(text, ";").rows == [["a,b", "c"], ["1,5", "2"], ["2,5", "3"]]
    assert not read(text, ";").findings
    assert read(TABLE.replace(",", "\t"), "tab").rows == ROWS


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    sheet = read('编号;意见\nA;"好,快"\nB;"慢;差,贵"\n')
    assert sheet.rows == [["编号", "意见"], ["A", "好,快"], ["B", "慢;差,贵"]]


def test_a_delimiter_must_be_one_character() -> None:
    with pytest.raises(Refused, match="分隔符"):
        read(TABLE, ",,")


def test_one_column_is_a_table() -> None:
    assert read("社区\n一社区\n").rows == [["社区"], ["一社区"]]


def test_the_line_that_names_the_delimiter_is_skipped() -> None:
    """Case b11."""
    sheet = read("sep=;\r\n" + TABLE.replace(",", ";"))
    assert sheet.rows == ROWS
    assert codes(sheet) == ["sep_line"]


@pytest.mark.parametrize("above", ["居民问卷\r\n", "居民问卷（1很好 5很差）\n2026年10月\n", "居民问卷\r\n\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_titles_of_one_field_above_a_table_are_rows_of_it(above: str, encoding: str) -> None:
    found = read((above + TABLE).encode(encoding))
    lines = above.splitlines()
    assert [list(row) for row in found.rows][len(lines) :] == ROWS
    assert [row[0] for row in found.rows][: len(lines)] == [line or None for line in lines]
    assert all(v is None for row in list(found.rows)[: len(lines)] for v in row[1:])


def test_below_a_title_the_delimiter_is_recognised_and_rows_keep_their_numbers() -> None:
    assert [list(r) for r in read("标题\n" + TABLE.replace(",", ";")).rows][1:] == ROWS
    assert refused("标题\n" + TABLE + "SH3,三社区\n").params["rows"]["zh"] == "第 5 行 2 个"


def test_a_table_of_one_column_has_no_titles() -> None:
    assert [list(r) for r in read("意见\n路灯\n停车\n").rows] == [["意见"], ["路灯"], ["停车"]]


def test_a_first_row_that_alone_is_shorter_is_named_as_such() -> None:
    error = refused("1=很好,2=很差\n" + TABLE)
    assert (error.key, error.params["expected"], error.params["found"]) == ("sources.ragged_first", 2, 3)


def test_rows_of_unequal_width_are_named() -> None:
    """Case b07."""
    error = refused("a,b,c\n1,2,3,4\n1,2\n")
    assert (error.params["n"], error.params["expected"]) == (2, 3)
    assert error.params["rows"] == {"zh": "第 2 行 4 个；第 3 行 2 个", "en": "row 2 has 4; row 3 has 2"}
    error = refused("a,b,c\n" + "1,2\n" * 25)
    assert error.params["n"] == 25
    assert error.params["rows"]["zh"].endswith("第 21 行 2 个 …")


def test_empty_fields_at_the_end_may_be_missing_or_too_many() -> None:
    assert read("a,b,c\n1,2,3,,\n\n4,5,6\n").rows == [["a", "b", "c"], ["1", "2", "3"], [None] * 3, ["4", "5", "6"]]
    assert read("a,b,,\n1,2\n").rows == [["a", "b", None, None], ["1", "2", None, None]]
    assert read("\n\na,b\n1,2\n").rows == [[None, None], [None, None], ["a", "b"], ["1", "2"]]


def test_an_open_quote_names_its_line() -> None:
    """Case b08."""
    error = refused('a,b\n1,"x\n' + "2,y\n" * 2000)
    assert (error.key, error.params["line"], error.params["rest"]) == ("sources.open_quote", 2, 2000)
    error = refused('a,b\n1,"x\n' + "2,y\n" * 200_000)
    assert (error.key, error.params["line"]) == ("sources.open_quote", 2)
    error = refused('a,b\n1,2\n"x"y,3\n')
    assert (error.key, error.params["line"]) == ("sources.open_quote", 3)


def test_line_breaks_inside_a_field_and_bare_carriage_returns() -> None:
    """Cases b09 and b14; a row is counted as a spreadsheet counts it."""
    sheet = read('a,b\n1,"x\ny"\n2,z\n')
    assert sheet.rows == [["a", "b"], ["1", "x\ny"], ["2", "z"]]
    assert sheet.address(2, 1) == "B3"
    assert read("a,b\r1,2\r3,4\r").rows == [["a", "b"], ["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("field", ["x" * 40_000, '"' + "x" * 40_000 + '"', "x" * 200_000])
def test_a_huge_field_is_refused(field: str) -> None:
    """Case b12."""
    error = refused(f"a,b\n1,{field}\n")
    assert error.key.startswith("sources.long_field")
    assert error.params["row"] == 2


def test_too_many_columns_and_rows_are_refused() -> None:
    """Case b13."""
    error = refused(",".join(["a"] * 200_000) + "\n")
    assert (error.key, error.params["columns"]) == ("sources.many_columns", 200_000)
    assert refused("a\n1\n2\n3\n", Limits(rows=3)).key == "sources.many_rows"
    assert len(read("a\n1\n2\n", limits=Limits(rows=3)).rows) == 3


def test_formulas_are_text_and_our_own_protection_is_taken_off_once() -> None:
    """Case b15."""
    sheet = read("""a,b\n=1+1,'=SUM(A1)\n-2,'-3\n'abc,''=x\n@cmd,＝1\n+86 755,-\n""")
    assert sheet.rows[1:] == [["=1+1", "=SUM(A1)"], ["-2", "-3"], ["'abc", "''=x"], ["@cmd", "＝1"], ["+86 755", "-"]]
    (note,) = sheet.findings
    assert note.params == {"count": 3, "places": "A2, A5, B5"}


def test_every_value_stays_the_text_it_is() -> None:
    """Case b16."""
    sheet = read("phone,when\n013800138000,1.38E+10\n5/6/2013,007\n")
    assert sheet.rows[1:] == [["013800138000", "1.38E+10"], ["5/6/2013", "007"]]


#: GB18030 holds every character but surrogates
CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=8).filter(
    lambda t: not t.startswith("'")
)


@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8)))
def test_what_a_spreadsheet_writes_comes_back(rows: list[list[str]]) -> None:
    out = StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["编号"] * len(rows[0]), *rows])
    sheet = read(out.getvalue(), ",")
    assert [[v or "" for v in row] for row in sheet.rows[1:]] == rows


def test_an_apostrophe_before_all_cells_of_a_column_marks_text_and_one_before_some_is_theirs() -> None:
    rows = read("编号,社区,备注\r\n'001,'一社区,'好'\r\n'002,'一社区,好\r\n").rows
    assert [list(r) for r in rows] == [["编号", "社区", "备注"], ["001", "一社区", "'好'"], ["002", "一社区", "好"]]
