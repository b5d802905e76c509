"""Phone and identity numbers never show whole; numbers that are none stay."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.masking import masked, masked_all, masked_frame

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800001234", "138****1234"),
        ("电话13800001234，晚上打", "电话138****1234，晚上打"),
        ("138-0000-1234 / 139 0000 1234", "138****1234 / 139****1234"),
        ("+86 13800001234", "+86 138****1234"),
        ("8613800001234", "86138****1234"),
        ("１３８００００１２３４", "１３８****１２３４"),
        ("12012345678", "120****5678"),  # the numbers of the sample data
        ("0577-88881234", "0577****34"),
        ("（0577）8888123", "（0577）****23"),
        ("01088881234", "010****34"),
        ("330102199003077758", "330***********7758"),
        ("33010219900307775x", "330***********775x"),
    ],
)
def test_numbers_of_people_are_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0041",
        "2014",
        "1380000123",
        "20140506",
        "2013-05-06 09:30:00",
        "138000012345",
        "0.13800001234",
        "88881234",
        "1234567890",
        "SH-2014-000123",
        "1,234,567,890",
    ],
)
def test_other_numbers_stay(text):
    assert masked(text) == text


@given(st.text(alphabet="0123456789-+ 电话Xx()", max_size=40))
def test_masking_twice_changes_nothing_and_leaves_no_mobile_number(text):
    once = masked(text)
    assert masked(once) == once
    assert not re.search(r"(?<!\d)(?<!\d\.)1\d{10}(?!\d)", once)


def _lines(name: str) -> list[str]:
    lines = [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("# ")]
    return [re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), t) for t in lines]


KEPT = _lines("numbers_kept.txt")
MASKED = [
    tuple(t.replace("\\n", "\n") for t in line.replace("\\t", "\x0b").split("\t"))
    for line in _lines("numbers_masked.txt")
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_number_of_a_person_stays(text):
    assert masked(text) == text


@pytest.mark.parametrize(("text", "shown"), MASKED)
def test_however_a_number_is_written_it_is_masked(text, shown):
    assert masked(text) == shown
    assert masked(shown) == shown
    assert masked(f"备注：{text}，完") == f"备注：{shown}，完"


def test_the_lists_are_long():
    assert len(set(KEPT)) >= 200
    assert len(set(MASKED)) >= 120


def test_texts_in_lists_mappings_and_frames_are_masked_and_nothing_else_is():
    assert masked_all({"13800001234": ["0577-88881234", 13800001234, None]}) == {
        "138****1234": ["0577****34", 13800001234, None]
    }
    frame = pd.DataFrame({"who": ["王13800001234", None], "n": [13800001234, 1]})
    shown = masked_frame(frame)
    assert shown["who"].tolist()[0] == "王138****1234"
    assert shown["n"].tolist() == [13800001234, 1]
    assert list(shown) == ["who", "n"]


@pytest.mark.parametrize("text", ["甲\u202e乙", "\u2067abc\u2069", "数\u200f据.xlsx", "\u061c1"])
def test_what_turns_a_line_is_left_out(text):
    """Unicode Standard Annex 9, “Explicit Directional Formatting Characters” and marks."""
    assert masked(text) == "".join(c for c in text if c.isprintable())
