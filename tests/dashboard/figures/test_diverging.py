"""Answer bars around the middle."""

import pytest

from dashboard.figures.diverging import diverging, palette


def choices(*shares):
    return [
        {"choice": str(i), "label_zh": f"项{i}", "label_en": f"item {i}", "level": i + 1, "share": s}
        for i, s in enumerate(shares)
    ]


def test_neutral_middles_stand_under_each_other():
    rows = diverging([choices(0.2, 0.3, 0.3, 0.1, 0.1), choices(0.5, 0.3, 0.1, 0.05, 0.05)], "zh")
    middles = [row[2].left + row[2].width / 2 for row in rows]
    assert middles[0] == pytest.approx(middles[1], abs=0.02)


def test_the_widest_row_fits_exactly():
    # left of the middle: .2+.3+.15 = .65 and .85; right: .35 and .15 → unit 100/(.85+.35)
    rows = diverging([choices(0.2, 0.3, 0.3, 0.1, 0.1), choices(0.5, 0.3, 0.1, 0.05, 0.05)], "zh")
    assert rows[1][0].left == 0
    assert rows[0][-1].left + rows[0][-1].width == pytest.approx(100, abs=0.02)
    assert rows[0][0].width == pytest.approx(0.2 * 100 / 1.2, abs=0.01)


def test_an_even_scale_is_cut_between_its_halves():
    (row,) = diverging([choices(0.25, 0.25, 0.25, 0.25)], "en")
    assert [p.left for p in row] == [0, 25, 50, 75]
    assert row[0].label == "item 0"


def test_a_narrow_piece_has_no_room_for_digits():
    (row,) = diverging([choices(0.9, 0.05, 0.05)], "zh")
    assert [p.roomy for p in row] == [True, False, False]


def test_long_scales_have_a_colour_for_every_choice():
    assert len(palette(11)) == 11
    assert palette(11)[0] == palette(7)[0]
    assert palette(11)[-1] == palette(7)[-1]
