"""Addresses of cells, from places and back."""

import pytest

from survey.core.addresses import Below, a1, place


def test_an_address_leads_back_to_its_place():
    assert [a1(*at) for at in ((0, 0), (9, 25), (0, 26), (1_048_575, 16_383))] == ["A1", "Z10", "AA1", "XFD1048576"]
    assert place("$AA$1") == (0, 26)
    assert place("XFE1") is None


def test_cells_below_each_other_are_addressed_when_asked_for():
    cells = Below(2, 1, 4)
    assert list(cells) == ["B3", "B4", "B5", "B6"]
    assert (cells[-1], cells[1:3], len(cells)) == ("B6", ["B4", "B5"], 4)
    with pytest.raises(IndexError):
        cells[4]
