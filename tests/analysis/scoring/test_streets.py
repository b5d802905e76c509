"""A sub-district taken together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.scoring.rating import rate
from analysis.scoring.results import STREET_COLUMNS
from analysis.scoring.streets import area_table, districts, streets
from tests.tools.towns.scores import frame, snapshot
from tests.tools.towns.survey_toys import scheme

POPULATIONS = {"C0": 1000.0, "C1": 3000.0, "C2": 6000.0}


def street(*rows: dict[str, Any], populations: dict[str, float] = POPULATIONS) -> Any:
    return streets(scheme(), rate(scheme(), frame(*rows)), populations).iloc[0]


def test_weighted_by_population_with_coverage() -> None:
    """Totals 750 and 790 for 1000 and 3000 people; the third community (6000) has no total."""
    row = street({}, {"subjective": 290.0, "subjective_se": 8.0}, {"n": 10})
    assert list(streets(scheme(), rate(scheme(), frame({})), {}).columns) == list(STREET_COLUMNS.names)
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


def test_the_interval_of_a_street_ends_at_full_marks() -> None:
    """118 ± 2 · 6 of 120."""
    row = street({"subjective": 118.0, "subjective_se": 6.0, "subjective_low": 106.0, "subjective_high": 120.0})
    assert row["subjective_high"] == 120
    assert 106 < row["subjective_low"] < 107
    assert row["note"] == "interval_cut"


def test_no_totals() -> None:
    row = street({"n": 10}, {"objective": np.nan})
    assert (row["with_total"], row["n"]) == (0, 0)
    assert np.isnan([row["mean_total"], row["weighted_total"], row["coverage"]]).all()


def test_censuses_have_an_interval_of_no_width() -> None:
    census = {"subjective_se": 0.0, "subjective_low": 250.0, "subjective_high": 250.0}
    row = street(census, census)
    assert (row["subjective_se"], row["subjective_low"], row["subjective_high"]) == (0, 250, 250)


def test_a_district_of_several_sub_districts_is_taken_together() -> None:
    """750, 760 and 770 for 1000, 3000 and 6000 people in two sub-districts of one district."""
    rows = [
        {"sub_district": "一街"},
        {"sub_district": "一街", "subjective": 260.0},
        {"sub_district": "二街", "subjective": 270.0},
    ]
    scores = rate(scheme(), frame(*rows))
    places = dict.fromkeys(POPULATIONS, "示例区")
    (row,) = districts(scheme(), scores, places, POPULATIONS)
    assert (row["district"], row["sub_district"], row["communities"]) == ("示例区", "", 3)
    assert row["weighted_total"] == pytest.approx(0.1 * 750 + 0.3 * 760 + 0.6 * 770)
    assert row["subjective_se"] == pytest.approx(6 * np.sqrt(0.01 + 0.09 + 0.36))
    found = streets(scheme(), scores, POPULATIONS)
    assert found["sub_district"].tolist() == ["一街", "二街"]
    assert found["weighted_total"].tolist() == pytest.approx([757.5, 770])


def test_a_district_of_one_sub_district_or_none_has_no_row_of_its_own() -> None:
    scores = rate(scheme(), frame({}, {}))
    assert districts(scheme(), scores, dict.fromkeys(POPULATIONS, "示例区"), POPULATIONS) == []
    assert districts(scheme(), scores, {}, POPULATIONS) == []


def test_a_district_changes_like_its_sub_districts() -> None:
    rows = [{"sub_district": "一街"}, {"sub_district": "二街"}]
    previous = snapshot(scheme(), rate(scheme(), frame(*rows)))
    now = rate(scheme(), frame(*({**r, "subjective": 260.0} for r in rows)), previous)
    (row,) = districts(scheme(), now, dict.fromkeys(POPULATIONS, "示例区"), POPULATIONS, previous)
    assert row["change_subjective"] == pytest.approx(10)
    assert row["note"] == ""


def test_the_table_of_all_areas() -> None:
    base = snapshot(scheme(), rate(scheme(), frame({}, {})))
    row = {**dict.fromkeys(STREET_COLUMNS.names), "district": "示例区", "communities": 2, "note": "no_population"}
    table = area_table(replace(base, extra={"districts": [row]}), "zh")
    assert table["district"].tolist() == ["", "示例区"]
    assert "成年人口" in table["note_text"][1]
