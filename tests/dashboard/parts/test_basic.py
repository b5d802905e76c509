"""Small pieces: a number that leads to where it comes from does so whatever its community is called."""

from __future__ import annotations

import pytest

from dashboard.parts.basic import traced
from dashboard.web.address import parse


@pytest.mark.parametrize(("code", "piece"), [("SL06", "SL06"), ("A/1", "~A~2F1"), ("..", "~~2E~2E")])
def test_a_traced_number_stays_one_piece_of_its_address(code, piece):
    made = traced("12.5", parse("/tasks", "?year=2014", {}), code, item="A1")
    assert made.href.partition("?")[0] == f"/trace/{piece}"
    assert "item=A1" in made.href
    assert made.title
