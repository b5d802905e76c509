"""What a cell says, and what it never says by guessing."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.cells import (
    answer_key,
    as_datetime,
    as_number,
    as_seconds,
    chinese_number,
    clean,
    iso,
    seen,
    simplified,
    typed_width,
    was_normalised,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("满意 ", "满意"),
        ("\u3000满意\u200b", "满意"),
        ("５", "5"),
        ("ＳＨ１", "SH1"),
        ("很\n满意", "很 满意"),
        ("2026-\ufe0f09-16", "2026-09-16"),
        ("\ufe0e4\ufe0f5\ufe0f", "45"),
        ("满\ufe0f意\ufe0e", "满意"),
        ("羽\ufe00", "羽\ufe00"),  # another way of writing a character
        ("❤\ufe0f 1\ufe0f\u20e3", "❤\ufe0f 1\ufe0f\u20e3"),
        (3.0, "3"),
        (3.5, "3.5"),
        (True, "TRUE"),
        (12, "12"),
    ],
)
def test_clean_folds_width_space_and_invisible_characters(raw, text):
    assert clean(raw) == text


def test_case_does_not_make_two_answers():
    assert answer_key("Male") == answer_key("ＭＡＬＥ ")


def test_only_text_that_changed_counts_as_normalised():
    assert was_normalised("满意 ", "满意")
    assert not was_normalised("满意", "满意")
    assert not was_normalised(3.0, "3")  # a number was never typed as 3.0


@pytest.mark.parametrize(("raw", "number"), [("7.5", 7.5), ("12,345", 12345.0), ("－1", -1.0), (9, 9.0), (".5", 0.5)])
def test_numbers(raw, number):
    assert as_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["1O", "9*", "约1200", "1.2万", "1 234", "八成", "85%", "", True, date(2013, 5, 6), "1e3"]
)
def test_what_is_no_number_is_none(raw):
    assert as_number(raw) is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("2013年5月6日", "2013-05-06"),
        ("2013.5.6", "2013-05-06"),
        ("20130506", "2013-05-06"),
        ("2021/07/16 12:00:05", "2021-07-16T12:00:05"),
        ("2013-05-06T09:30:00.000+08:00", "2013-05-06T09:30:00"),
        (date(2013, 5, 6), "2013-05-06"),
        (datetime(2013, 5, 6, 9, 30), "2013-05-06T09:30:00"),
    ],
)
def test_dates_that_can_only_be_read_one_way(raw, text):
    moment = as_datetime(raw)
    assert moment is not None
    assert iso(moment) == text


@pytest.mark.parametrize(
    "raw", ["5/6/2013", "13-5-6", "2013-02-30", "昨天", "41400", "2013年5月", 41400.0, "2013-05-06 早上"]
)
def test_ambiguous_and_impossible_dates_are_none(raw):
    assert as_datetime(raw) is None


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [("123秒", 123), ("1分23秒", 83), ("0:02:03", 123), (95, 95), (time(0, 1, 5), 65), (timedelta(seconds=7), 7)],
)
def test_durations(raw, seconds):
    assert as_seconds(raw) == seconds


@pytest.mark.parametrize("raw", ["很久", "", "-5", "1:2"])
def test_what_is_no_duration_is_none(raw):
    assert as_seconds(raw) is None


@given(st.text(st.characters(codec="ascii"), max_size=12))
def test_plain_codes_are_what_the_whole_cleaning_makes_of_them(text):
    seen = "".join(c for c in text if c.isprintable() or c.isspace())
    assert clean(text) == " ".join(unicodedata.normalize("NFKC", seen).split())


@pytest.mark.parametrize("mark", [*"\u202e\u2066\u200f\u061c\u00ad\x07\x9b\u2063", "\U000e0041"])
def test_marks_that_nobody_sees_are_no_part_of_a_name(mark):
    assert clean(f"望江{mark}社区") == "望江社区"
    assert was_normalised(f"望江{mark}社区", clean(f"望江{mark}社区"))


def test_a_variant_of_a_character_stays():
    assert clean("葛\U000e0100城") == "葛\U000e0100城"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("三十五", 35),
        ("一百零二", 102),
        ("一百二十", 120),
        ("两千三百", 2300),
    ],
)
def test_numbers_in_chinese_characters(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "一一", "百一一", "十百", "一般", "三5"])
def test_what_is_no_number_in_chinese_characters_is_none(text):
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026/11/5 上午9:30", 9),
        ("2026/11/5 星期四 9:30", 9),
        ("2026-11-05(周四) 9:30", 9),
        ("2026/11/5 下午 3:05", 15),
        ("2026-11-05 12:10 AM", 0),
        ("2026-11-05 12:10 p.m.", 12),
        ("2026/11/05 9:00:11 上午 GMT+8", 9),
        ("2026/11/05 21:00 晚上", 21),
    ],
)
def test_half_days_and_zones_of_forms(text, hour):
    moment = as_datetime(text)
    assert (moment.date().isoformat(), moment.hour) == ("2026-11-05", hour)


@pytest.mark.parametrize("text", ["2026/11/5 上午", "2026/11/5 GMT+8 x", "2026-11-05 下午"])
def test_half_a_day_without_a_time_is_no_moment(text):
    assert as_datetime(text) is None


def test_chinese_characters_and_full_width_take_two_columns():
    assert [typed_width(t) for t in ("", "abc", "满意", "１a", "满意 (5)")] == [0, 3, 4, 3, 8]


def test_a_full_stop_behind_a_word_is_not_seen_and_marks_alone_are():
    assert [seen(t) for t in ("满意。", "18-29岁。", "20+ 。", "。", "…。")] == [
        "满意",
        "18-29岁",
        "20+",
        "。",
        "...。",
    ]
    assert (as_number("8。"), as_number("。"), as_datetime("2026-11-03。")) == (8.0, None, datetime(2026, 11, 3))


def test_traditional_characters_are_those_of_the_office_and_simplified_ones_stay():
    assert simplified("所屬社區 衞生 樓道保潔 說不清 託幼") == "所属社区 卫生 楼道保洁 说不清 托幼"
    assert simplified("著名 借书 里面 干净") == "著名 借书 里面 干净"
