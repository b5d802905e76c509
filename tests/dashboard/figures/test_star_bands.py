"""Positions of the league's chart."""

from dashboard.figures.star_bands import bands, gradient, heat, position, spaced

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)


def test_positions_are_percent_of_the_axis_and_stay_on_it():
    assert [position(v, (600, 1000)) for v in (600, 700, 1000, 500, 1200)] == [0, 25, 100, 0, 100]


def test_bands_touch_each_other_and_fill_the_axis():
    found = bands(LIMITS, (600, 1000))
    assert [b.star for b in found] == [0, 1, 2, 3, 4, 5]
    assert [(b.left, b.width) for b in found] == [(0, 12.5), (12.5, 12.5), (25, 12.5), (37.5, 12.5), (50, 25), (75, 25)]


def test_numbers_on_a_long_axis_leave_out_those_that_would_touch():
    assert spaced(LIMITS, (610, 940)) == [(v, position(v, (610, 940))) for v in LIMITS]
    assert spaced(LIMITS, (520, 940)) == [(650.0, 30.95), (750.0, 54.76), (900.0, 90.48)]


def test_the_background_has_a_hard_stop_at_every_threshold():
    text = gradient(bands((500.0,), (0, 1000)))
    assert text == "linear-gradient(90deg, #f4f6f8 0.0% 50.0%, #fff8f1 50.0% 100.0%)"


def test_heat_is_light_everywhere_so_that_dark_digits_keep_their_contrast():
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ink = luminance("#1f2733")
    contrasts = [(luminance(heat(r / 100)) + 0.05) / (ink + 0.05) for r in range(0, 101, 5)]
    assert min(contrasts) >= 4.5
    assert heat(0.2) == heat(0.6)
    assert heat(None) == "#ffffff"
    assert heat(0.95) != heat(0.6)
