"""The first letters of Chinese texts, as people type them."""

import pytest

from dashboard.data.search.initials import begins, letters, spelt


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("春晖社区", "chsq"),  # 晖 stands by radical, not by reading
        ("大榕社区", "drsq"),
        ("年度流程", "ndlc"),
        ("长乐街道", "cljd"),
        ("长乐街道", "zyjd"),  # both readings of both
        ("重庆路", "cql"),
        ("A1 居委會", "a1jwh"),  # traditional characters as simplified ones
        ("鄞州、衢江", "yzqj"),
        ("（二期）", "eq"),
    ],
)
def test_what_is_typed_is_how_it_is_spelt(text, typed):
    assert begins(typed, spelt(text)) == 0


def test_every_character_of_the_standard_has_a_letter():
    """6,763 characters in 72 rows; the last five places of row 0xD7 are empty."""
    found = 0
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            if high == 0xD7 and low > 0xF9:
                continue
            char = bytes([high, low]).decode("gb2312")
            assert letters(char), char
            assert set(letters(char)) <= set("abcdefghjklmnopqrstwxyz")
            found += 1
    assert found == 6763


@pytest.mark.parametrize(
    ("char", "letter"), [("啊", "a"), ("座", "z"), ("亍", "c"), ("龠", "y"), ("鼾", "h"), ("齄", "z")]
)
def test_the_ends_of_both_parts(char, letter):
    assert letters(char) == letter


def test_what_is_no_character_has_none():
    assert [letters(c) for c in "，·Ａ😀\ue000"] == [""] * 5
    assert letters("Z") == "z"
    assert begins("sq", spelt("春晖社区")) == 2
    assert begins("xx", spelt("春晖社区")) == -1
    assert begins("chsqx", spelt("春晖社区")) == -1
