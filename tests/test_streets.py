"""A sub-district taken together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from survey_toys import scheme
from test_rating import frame

from analysis.rating import rate
from analysis.results import STREET_COLUMNS
from analysis.streets import streets

POPULATIONS = {"C0": 1000.0, "C1": 3000.0, "C2": 6000.0}


def street(*rows: dict[str, Any], populations: dict[str, float] = POPULATIONS) -> Any:
    return streets(scheme(), rate(scheme(), frame(*rows)), populations).iloc[0]


def test_weighted_by_population_with_coverage() -> None:
    """Totals 750 and 790 for 1000 and 3000 people; the third community (6000) has no total."""
    row = street({}, {"subjective": 290.0, "subjective_se": 8.0}, {"n": 10})
    assert list(streets(scheme(), rate(scheme(), frame({})), {}).columns) == list(STREET_COLUMNS)
    assert (row["communities"], row["with_total"], row["n"]) == (3, 2, 400)
    assert (row["mean_total"], row["weighted_total"], row["coverage"]) == (770, 780, 0.4)
    assert row["subjective"] == 280
    variance = (6 / 4) ** 2 + (8 * 3 / 4) ** 2
    assert row["subjective_se"] == pytest.approx(np.sqrt(variance))
    assert row["subjective_df"] == pytest.approx(variance**2 / ((6 / 4) ** 4 / 180 + (8 * 3 / 4) ** 4 / 180))
    assert row["subjective_high"] - 280 == pytest.approx(280 - row["subjective_low"])
    assert row["note"] == ""


def test_a_missing_population_leaves_the_weighted_values_empty() -> None:
    row = street({}, {}, populations={"C0": 1000.0})
    assert row["mean_total"] == 750
    assert np.isnan([row["weighted_total"], row["subjective"], row["subjective_se"], row["coverage"]]).all()
    assert row["note"] == "no_population"
    row = street({}, {"n": 10}, populations={"C0": 1000.0})
    assert row["weighted_total"] == 750
    assert np.isnan(row["coverage"])
    assert row["note"] == "coverage_unknown"


def test_one_community_without_error_leaves_the_street_without() -> None:
    nothing = dict.fromkeys(("subjective_se", "subjective_df", "subjective_low", "subjective_high"), np.nan)
    row = street({}, {**nothing, "note": "open_sample"})
    assert row["subjective"] == 250
    assert np.isnan([row["subjective_se"], row["subjective_low"], row["subjective_high"]]).all()
    assert row["note"] == "open_sample"


def test_no_totals() -> None:
    row = street({"n": 10}, {"objective": np.nan})
    assert (row["with_total"], row["n"]) == (0, 0)
    assert np.isnan([row["mean_total"], row["weighted_total"], row["coverage"]]).all()


def test_censuses_have_an_interval_of_no_width() -> None:
    census = {"subjective_se": 0.0, "subjective_low": 250.0, "subjective_high": 250.0}
    row = street(census, census)
    assert (row["subjective_se"], row["subjective_low"], row["subjective_high"]) == (0, 250, 250)
