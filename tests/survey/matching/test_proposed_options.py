"""What is proposed beside a sheet of answers, where its questionnaire does not ask for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from survey.files.read import read_sheets
from survey.matching.file_recognition import recognise
from survey.store.intake.questionnaires import StoredForm
from tests.tools.forms import form


def proposed(csv: str):
    sheets = read_sheets("表.csv", csv.encode())
    stored = StoredForm(1, "q", 1, form(), datetime(2014, 5, 6, tzinfo=UTC))
    return recognise("表.csv", sheets, [stored], []).main.mode


@pytest.mark.parametrize(
    ("header", "words", "reason"),
    [
        ("调查方式", ("纸质", "纸质", "电话"), "recognition.mode.column"),
        ("调查方式", ("纸质", "纸质", "纸质"), "recognition.mode.column"),
        ("访问方式", ("入户", "", "电访"), "recognition.mode.column_partly"),
        ("调查方式", ("甲", "乙", "丙"), "recognition.mode.unread"),
        ("调查方式", ("1", "1", "2"), "recognition.mode.unread"),
        ("调查方式", ("", "", ""), "recognition.mode.usual"),
        ("备注", ("纸质", "好", ""), "recognition.mode.usual"),
    ],
)
def test_what_a_column_says_of_the_mode_is_told_as_it_is(header, words, reason):
    """Of a column with words of its own it was said that no mode was written down."""
    rows = "".join(f"{i},甲,2014,满意,满意,{word}\n" for i, word in enumerate(words, 1))
    mode = proposed(f"编号,社区,年度,办事方便,环境卫生,{header}\n{rows}")
    assert mode is not None
    assert mode.reason.key == reason
