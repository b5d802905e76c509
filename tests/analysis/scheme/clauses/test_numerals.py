"""Clauses in plain characters."""

from __future__ import annotations

import pytest

from analysis.scheme.clauses.numerals import plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不少于四次", "不少于4次"),
        ("每发生一起，扣５分。", "每发生1起,扣5分"),
        ("百分之九十以上", "90%以上"),
        ("一百二十人", "120人"),
        ("得八成", "得8成"),
        ("按百分比计分", "按百分比计分"),
        ("十分满意", "十分满意"),
        ("一票否决，第一次", "一票否决,第一次"),
        ("80%（含）—90%", "80%-90%"),
        ("好（20分）", "好得20分"),
        ("每少1%扣1分（目标95%）", "每少1%扣1分,目标95%"),
        ("每万人低于3起", "低于3起"),
    ],
)
def test_plain(text: str, said: str) -> None:
    assert plain(text) == said
