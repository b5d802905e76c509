"""A field without end is refused by its bytes, with the place where it begins."""

from __future__ import annotations

from time import process_time

import pytest

from survey.core.errors import Refused
from survey.files.readers.delimited import _long_run, lines, read_delimited
from survey.files.readers.text_encoding import decode

LONG = "满" * 600_000


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize(
    ("before", "row", "column"), [('题,意见\n1,"', 2, 2), ("题,意见\n", 2, 1), ('题,意见\n"a,b",', 2, 2), ("", 1, 1)]
)
def test_the_place_of_a_field_without_end_is_named(encoding, before, row, column):
    with pytest.raises(Refused) as error:
        read_delimited("a.csv", (before + LONG + '",x\n').encode(encoding))
    assert error.value.key == "sources.long_field_line"
    assert (error.value.params["row"], error.value.params["column"]) == (row, column)


def test_a_field_over_the_limit_of_the_csv_module_is_named_too():
    with pytest.raises(Refused) as error:
        read_delimited("a.csv", f'题,意见\n1,"短""的"\n2,"{LONG[:140_000]}"\n'.encode())
    assert (error.value.params["row"], error.value.params["column"]) == (3, 2)


def test_a_long_line_of_short_fields_is_none():
    assert len(read_delimited("a.csv", ("题,意见\n" + "1,好\n" * 100_000).encode()).rows) == 100_001
    assert len(read_delimited("a.csv", ",".join(["满意"] * 90_000 + [""] * 0).encode()[:1_500]).rows) == 1


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb", "a\rb\r", "\n\n", "\r\n\r\nx"])
def test_lines_are_those_of_a_text_stream(text):
    from io import StringIO

    assert list(lines(text)) == list(StringIO(text, newline=""))


def test_nothing_is_walked_over_again_for_every_byte_of_a_long_line():
    codes = "编号,社区\n".encode("gb18030") + b"1,a" + b"a" * 400_000 + b"\n"
    fields = b",".join([b"a" * 100_000] * 10)
    started = process_time()
    assert decode("a.csv", codes)[1] == "GB18030"
    assert _long_run(fields + b"\n", 500_000) is None
    assert _long_run(fields + b"," + b"b" * 500_001, 500_000) == len(fields) + 1
    assert process_time() - started < 2  # 400,000 bytes walked over 400,000 times take minutes


def test_a_second_encoding_is_told_by_its_line_where_others_are_plain():
    with pytest.raises(Refused) as error:
        decode("a.csv", "编号\n1\n".encode("gb18030") + b"2\r\n" + "三\n".encode())
    assert (error.value.key, error.value.params["line"]) == ("sources.mixed_encoding", 4)
