"""Targets in words: what is lacking follows the numbers, and who is not known yet is said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from analysis.awards.targets import Progress
from analysis.awards.year import Targets
from analysis.scheme.model import Target
from dashboard.pages.awards.targets import _reading, _short


def progress(reached: int, unknown: int) -> Progress:
    return Progress(Target(3, 1.0, 2015), 12, reached, 12, "met" if reached == 12 else "missed", None, unknown)


@pytest.mark.parametrize(
    ("reached", "unknown", "said"),
    [(8, 1, "还差 3–4 个（1 个尚无总分）"), (8, 0, "还差 4 个"), (11, 1, "还差 0–1 个（1 个尚无总分）"), (12, 0, "")],
)
def test_what_is_lacking_has_two_ends_where_somebody_is_unknown(reached, unknown, said):
    one = progress(reached, unknown)
    assert _short(one, "zh") == said
    text = _reading(cast(Targets, SimpleNamespace(progress={"calculated": (one,)})), "zh")
    assert ("尚无总分" in text) == bool(unknown)
    assert (said.split(" ")[1] if said else "都已达到") in text
