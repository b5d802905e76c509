"""Telephone cells: what is read, what is refused or asked about, and that nothing shown holds a whole number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answers.phones import hidden, mask, mask_name, read_phones
from survey.core.lang import LANGUAGES, say


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("13800138001", "13800138001"),
        (13800138001.0, "13800138001"),
        (13800138001, "13800138001"),
        ("13800138001.0", "13800138001"),
        ("１３８００１３８００１", "13800138001"),
        ("138 0013 8001", "13800138001"),
        ("138-0013-8001", "13800138001"),
        ("1380013-8001", "13800138001"),
        ("05778888-1234", "0577-88881234"),
        ("138—0013—8001", "13800138001"),
        ("'13800138001", "13800138001"),
        ("’13800138001", "13800138001"),
        ("+86 13800138001", "13800138001"),
        ("＋８６１３８００１３８００１", "13800138001"),
        ("(+86)138-0013-8001", "13800138001"),
        ("008613800138001", "13800138001"),
        ("8613800138001", "13800138001"),
        ("013800138001", "13800138001"),
        ("手机：13800138001", "13800138001"),
        ("1.3800138001E+10", "13800138001"),
        ("13800138001\u200b", "13800138001"),
        ("12000001234", "12000001234"),
        ("0577-88881234", "0577-88881234"),
        ("057788881234", "0577-88881234"),
        ("(0577) 8888 1234", "0577-88881234"),
        ("（0577）88881234", "0577-88881234"),
        ("+86-577-88881234", "0577-88881234"),
        ("86 0577 88881234", "0577-88881234"),
        ("010-62345678", "010-62345678"),
        ("021 62345678", "021-62345678"),
        ("0577-88881234-801", "0577-88881234-801"),
        ("0577-88881234转801", "0577-88881234-801"),
        ("0577 88881234 分机 801", "0577-88881234-801"),
        ("+852 9123 4567", "+85291234567"),
        ("0033 6 12 34 56 78", "+33612345678"),
        (57788881234.0, None),
    ],
)
def test_one_number(cell, kept):
    read = read_phones(cell)
    if kept is None:
        assert (read.problem, read.asked, read.numbers) == ("phones.no_zero", True, ("0577-88881234",))
    else:
        assert (read.numbers, read.problem) == ((kept,), "")


@pytest.mark.parametrize(
    "cell",
    [
        "13800138001、0577-88881234",
        "13800138001;0577-88881234",
        "13800138001；057788881234",
        "13800138001/0577-88881234",
        "13800138001，0577-88881234",
        "13800138001 057788881234",
        "13800138001\n0577-88881234",
        "13800138001 或 0577-88881234",
        "手机13800138001、电话0577-88881234、13800138001",
    ],
)
def test_several_numbers_in_a_cell(cell):
    assert read_phones(cell).numbers == ("13800138001", "0577-88881234")


@pytest.mark.parametrize("cell", [None, "", " ", "无", "拒绝", "/", "不愿透露", "-", 0.0])
def test_no_number_is_no_problem(cell):
    read = read_phones("" if cell is None else cell)
    assert (read.numbers, read.problem) == ((), "")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("1.38E+10", "phones.digits_lost"),
        ("1.38e10", "phones.digits_lost"),
        ("1.380014E+10", "phones.digits_lost"),
        (13800000000.0, "phones.digits_lost"),
        ("13801000000", "phones.digits_lost"),
        ("1380013800", "phones.too_short"),
        ("138001", "phones.too_short"),
        ("138001380011", "phones.too_long"),
        ("1380013800113800138002", "phones.too_long"),
        ("88881234", "phones.no_area_code"),
        ("13800138001、123", "phones.too_short"),
        ("13800138001（王女士）", "phones.not_a_number"),
        ("abc", "phones.not_a_number"),
        ("4008123456", "phones.too_short"),
        ("+1 23", "phones.too_short"),
    ],
)
def test_what_is_no_number_is_named_and_never_shown_whole(cell, problem):
    read = read_phones(cell)
    assert (read.problem, read.numbers, read.asked) == (problem, (), False)
    for lang in LANGUAGES:
        assert not re.search(r"\d{7}", say(lang, read.problem, **read.params).replace("88881234", ""))


@pytest.mark.parametrize(
    ("cell", "suggested"),
    [
        ("75512345678", "0755-****5678"),
        ("75522345678", "0755-****5678"),
        ("57788881234", "0577-****1234"),
        ("1062345678", "010-****5678"),
        ("2162345678", "021-****5678"),
    ],
)
def test_a_missing_zero_is_asked_about(cell, suggested):
    read = read_phones(cell)
    assert (read.problem, read.asked, read.params["suggested"]) == ("phones.no_zero", True, suggested)


def test_the_local_area_code_completes_local_numbers():
    assert read_phones("88881234", "0577").numbers == ("0577-88881234",)
    assert read_phones("8888123", "0577").numbers == ("0577-8888123",)
    assert read_phones("57788881234", "0577").asked


def test_what_was_written_otherwise_is_tidied():
    assert [read_phones(c).tidied for c in ("13800138001", 13800138001.0, "138 0013 8001", "057788881234")] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800131234", "138****1234"),
        ("0577-88881234", "0577-****1234"),
        ("010-62345678-801", "010-****5678"),
        ("+85291234567", "+852****4567"),
        ("+1234567", "+****67"),
    ],
)
def test_masks(number, shown):
    assert mask(number) == shown


def test_names_show_their_first_character_only():
    assert [mask_name(n) for n in ("王小明", "王芳", "欧阳 修", "", " Li Na")] == ["王**", "王**", "欧**", "", "L**"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800131234、057788881234", "138****1234、0577****34"),
        ("1380013123", "138*****23"),
        ("75522345678", "755******78"),
        ("138001 3123", "138*** **23"),
        ("1.38E+10", "1.38E+10"),
        ("88881234", "888***34"),
        ("无", "无"),
    ],
)
def test_a_cell_of_a_phone_column_is_shown_masked_whatever_it_says(text, shown):
    assert hidden(text) == shown
    assert hidden(shown) == shown


@given(st.text("0123456789 -+()/、;转e.无 ", max_size=30))
def test_whatever_stands_in_a_cell_is_read_or_named(text):
    read = read_phones(text)
    assert bool(read.problem) <= bool(read.params)
    for number in read.numbers:
        assert read_phones(number).numbers == (number,)
        assert read_phones(number).problem == ""
        assert number not in mask(number)


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", "86", "+86 ", "0086-"]), st.booleans())
def test_every_mobile_number_comes_through_in_every_dress(number, prefix, apart):
    text = str(number)
    dressed = prefix + (f"{text[:3]} {text[3:7]} {text[7:]}" if apart else text)
    read = read_phones(dressed)
    if text.endswith("000000"):
        assert read.problem == "phones.digits_lost"
    else:
        assert read.numbers == (text,)
    assert text not in hidden(dressed).replace(" ", "")
