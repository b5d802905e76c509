"""Phone and identity numbers never show whole; numbers that are none stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.masking import masked


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
