"""What a header is called beside what it says, and that no header is too long to be looked at."""

from __future__ import annotations

from time import process_time

import pytest

from survey.files.layouts.layout import spellings


@pytest.mark.parametrize(
    ("header", "bare"),
    [
        ("3、满意吗？(可多选)", "满意吗"),
        ("满意吗 (多选) *", "满意吗"),
        ("满意吗**", "满意吗"),
        ("满意吗【单选】[必答]", "满意吗"),
        ("打分(5=很满意,1=很不满意)", "打分"),
        ("打分(1代表差)", "打分"),
        ("党群中心(1去过 2没去过)", "党群中心"),
        ("学历(1.小学及以下,2.初中)", "学历"),
        ("去过(含路过)", "去过(含路过)"),
        ("住址(1单元2楼)", "住址(1单元2楼)"),
        ("(多选)", "(多选)"),
        ("打分 ：", "打分"),
    ],
)
def test_a_header_is_also_called_without_its_marks_and_legend(header, bare):
    assert bare in spellings(header)


@pytest.mark.parametrize("piece", ["*", ":", "。", " :", "(1=", "(多选)", "[", "a(", "1、", " *"])
def test_a_header_as_long_as_a_cell_gets_is_taken_apart_at_once(piece):
    started = process_time()
    assert spellings(piece * (32_000 // len(piece)))
    assert process_time() - started < 1
