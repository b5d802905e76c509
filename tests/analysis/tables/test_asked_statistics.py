"""Words of ``--stat``."""

from __future__ import annotations

import pytest

from analysis.tables.asked_statistics import asked_statistics
from survey.core.errors import Refused


def test_words_become_statistics_each_once():
    found = asked_statistics(["mean", "quantile:0.9", "median", "ratio:a/b", "mean"])
    assert [(s.kind, s.p, s.top, s.bottom) for s in found] == [
        ("mean", 0.5, "", ""),
        ("quantile", 0.9, "", ""),
        ("quantile", 0.5, "", ""),
        ("ratio", 0.5, "a", "b"),
    ]


@pytest.mark.parametrize(
    "word", ["", "Mean", "quantile", "quantile:", "quantile:1", "quantile:nan", "ratio:/b", "ratio:a/"]
)
def test_what_is_none_is_refused(word):
    with pytest.raises(Refused):
        asked_statistics([word])
