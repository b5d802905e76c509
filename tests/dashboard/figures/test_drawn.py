"""A figure of lines, drawn: places worked out by hand, gaps, and the same numbers as the figure."""

from __future__ import annotations

from defusedxml import ElementTree as Markup

from dashboard.figures.drawn import chart, document, lines_svg
from dashboard.figures.trend import comparison, trend

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)
POINTS = [
    {"year": 2012, "total": 755.0, "low": 745.0, "high": 765.0},
    {"year": 2013, "total": None, "low": None, "high": None},
    {"year": 2014, "total": 797.4, "low": 786.4, "high": 808.4},
]
SPACE = "{http://www.w3.org/2000/svg}"


def test_places_are_percent_of_the_area():
    """The axis goes from 730 to 830 (745 and 808.4 with a margin of 12, to tens), and from -0.35 to 2.5 across."""
    found = chart(trend(POINTS, LIMITS, "zh"))
    assert found.ticks == [(80.0, "三星 750"), (30.0, "四星 800")]
    assert found.years == [(12.281, "2012"), (47.368, "2013"), (82.456, "2014")]
    (line,) = found.lines
    first, gap, last = line.spots
    assert gap is None
    assert first is not None
    assert last is not None
    assert (first.x, first.y, first.low, first.high) == (12.281, 75.0, 85.0, 65.0)
    assert (last.y, last.low, last.high, last.word) == (32.6, 43.6, 21.6, "797")
    assert last.hint == "2014 总分 797，95% 误差范围 786–808"


def test_a_line_does_not_cross_a_missing_year_and_whiskers_are_lines():
    drawn = Markup.fromstring(lines_svg(chart(trend(POINTS, LIMITS, "zh"))))
    strokes = [(one.get("x1"), one.get("x2")) for one in drawn.findall(f"{SPACE}line")]
    assert strokes == [("0", "100"), ("0", "100"), ("12.281", "12.281"), ("82.456", "82.456")]


def test_a_break_is_a_dotted_line_with_its_word():
    points = [{"year": y, "total": 700.0, "low": None, "high": None, "broken": y == 2014} for y in (2013, 2014)]
    found = chart(trend(points, LIMITS, "zh"))
    assert found.cuts == [(45.946, "体系变更")]  # between the years: 0.85 of 1.85
    assert 'stroke-dasharray="2 3"' in lines_svg(found)


def test_a_file_says_title_years_names_and_notes_and_no_markup_of_names():
    found = chart(comparison([("<b>甲</b>", POINTS), ("社区平均", POINTS)], LIMITS, "zh", own=1))
    text = document(found, "甲 & 乙 13812345678", ["竖线为 95% 误差范围"])
    read = "".join(Markup.fromstring(text).itertext())
    for words in ("甲 & 乙", "2013", "<b>甲</b>", "社区平均", "竖线为 95% 误差范围", "四星 800"):
        assert words in read
    assert "13812345678" not in text
    assert [line.diamond for line in found.lines] == [False, True]
