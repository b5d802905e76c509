"""Why no answers are shown: too few people, or nothing to show of many; the sentence says which."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.pages.community.answers import residents
from dashboard.web.address import parse
from tests.tools.dashboard_tools import words

FEW = "人数不足 10 人"


@pytest.mark.parametrize(("n", "few"), [(None, True), (0, True), (9, True), (10, False), (120, False)])
def test_few_people_are_the_reason_only_where_they_are_few(n: Any, few: bool) -> None:
    """120 people whose weights have no common scale have no distribution either."""
    data: Any = SimpleNamespace(lowest=[], row={"n": n})
    said = words(residents(data, parse("/community/C1", "?lang=zh&year=2014", {})))
    assert "没有可显示的回答分布" in said
    assert (FEW in said) == few
