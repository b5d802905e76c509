"""Texts in a picture are texts, whatever they look like."""

from dashboard.figures.svg_file import letters, text


def test_letters_are_masked_and_escaped():
    assert letters("<a>&\x00\ufffe13812345678") == "&lt;a&gt;&amp;138****5678"


def test_a_text_stands_at_its_place():
    assert text(1.5, 2, "甲", size=13, anchor="end") == (
        '<text x="1.5" y="2" fill="#1f2733" font-size="13" text-anchor="end">甲</text>'
    )
