"""Age bands are read as the register writes them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.sample.populations import band_of, bounds, in_order


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("18-29", (18, 29)),
        ("18－29岁", (18, 29)),
        ("30~44周岁", (30, 44)),
        ("30 至 44 岁", (30, 44)),
        ("75+", (75, 999)),
        ("60岁及以上", (60, 999)),
        ("60以上", (60, 999)),
        ("60 and over", (60, 999)),
        ("17岁及以下", (0, 17)),
        ("不满18周岁", (0, 17)),
        ("<18", (0, 17)),
        ("aged 18 to 29", (18, 29)),
        ("44-30", None),
        ("青年", None),
        ("", None),
    ],
)
def test_labels_are_read(label: str, expected: tuple[int, int] | None) -> None:
    assert bounds(label) == expected


def test_bands_stand_from_young_to_old() -> None:
    assert in_order(["75+", "30-44", "不详", "18-29"]) == ["18-29", "30-44", "75+", "不详"]


def test_an_age_finds_its_band() -> None:
    ages = np.array([17.0, 18, 29, 29.9, 30, 44, 45, 60, 101, np.nan])
    assert band_of(ages, ["18-29", "30-44", "60+"]).tolist() == [-1, 0, 0, 0, 1, 1, -1, 2, 2, -1]
    assert band_of(ages, ["青年"]).tolist() == [-1] * 10
