"""Years side by side, each by its own scheme: scores, the rule for single PSUs, weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.sample.pooled_sample import group_by, pool
from analysis.sample.year_schemes import YearSchemes
from analysis.statistics.estimation import base_of, estimate, lay_domains
from analysis.tables.asked_statistics import asked_statistics
from analysis.tables.estimates import estimate_table, lay_table
from analysis.tables.statistics_table import statistics_table
from survey.form.model import Question
from tests.tools.towns.survey_toys import LEVELS, block, form, scheme

STEEP = {"linear": {5: (100.0, 75.0, 50.0, 25.0, 0.0)}, "steep": {5: (100.0, 90.0, 60.0, 30.0, 0.0)}}
FORM = form(Question("A", "select_one", {"zh": "甲"}, "l", LEVELS, dimension="a"))
YEARS = (2013, 2014)


def town(psus=("1", "2"), n=12):
    """Two communities in two years, who answer 1 … 5 in turn."""
    answers, design = [], {"year": [], "community_code": [], "community": [], "psu": [], "sex": []}
    for year in YEARS:
        for code in ("C1", "C2"):
            for i in range(n):
                answers.append(str(1 + (i + year + len(code)) % 5))
                for name, value in zip(
                    design, (year, code, code, psus[i % len(psus)], "男" if i % 3 else "女"), strict=True
                ):
                    design[name].append(value)
    return [(FORM, block(FORM, {"A": answers}, **design))]


def schemes(first, second):
    """A scheme for each of the two years."""
    return {2013: scheme(**first), 2014: scheme(**second)}


def test_every_response_is_scored_by_the_scheme_of_its_year():
    parts = town()
    by_year = schemes({"presets": STEEP, "preset": "linear"}, {"presets": STEEP, "preset": "steep"})
    found = YearSchemes.of(pool(parts), by_year)
    scores, year = found.scores("A", (0,)), pool(parts).numbers("year")
    for number, preset in zip(YEARS, ("linear", "steep"), strict=True):
        places = parts[0][1].codes[year == number, 0]
        assert scores[year == number].tolist() == [STEEP[preset][5][p] for p in places]
    assert np.isnan(YearSchemes.of(pool(parts), {2013: by_year[2013]}).scores("A", (0,))[year == 2014]).all()


@pytest.mark.parametrize("by", [("community", "year"), ("year",), ("community",)])
def test_a_scheme_of_another_year_moves_nothing_of_a_year(by):
    first = {"presets": STEEP, "preset": "linear", "lonely_psu": "adjust"}
    populations = {"C1": 100.0, "C2": 300.0}
    parts = town(("1",))
    alone = estimate_table(parts, by=by, populations=populations, schemes=schemes(first, first))
    other = {"presets": STEEP, "preset": "steep", "lonely_psu": "unknown"}
    beside = estimate_table(parts, by=by, populations=populations, schemes=schemes(first, other))
    if "year" in by:
        for frame in (alone, beside):
            frame["year"] = frame["year"].astype(int)
        pd.testing.assert_frame_equal(
            alone[alone["year"] == 2013].reset_index(drop=True), beside[beside["year"] == 2013].reset_index(drop=True)
        )
        assert not alone.equals(beside)
    else:  # years that disagree about single PSUs are not judged together
        assert beside["se"].isna().all()


def test_years_that_disagree_have_each_group_its_rule():
    sample = pool(town(("1",)))
    groups = group_by({"year": sample.factor("year")}, len(sample))
    found = YearSchemes.of(sample, schemes({"lonely_psu": "adjust"}, {"lonely_psu": "unknown"}))
    assert list(found.lonely(groups)) == ["adjust", "unknown"]
    everybody = group_by({}, len(sample))
    assert list(found.lonely(everybody)) == ["unknown"]
    assert YearSchemes.of(sample, {}, scheme(lonely_psu="average")).lonely(groups) == "average"


@pytest.mark.parametrize("rule", ["unknown", "certainty", "average", "adjust"])
def test_a_rule_for_each_group_is_the_rule_for_all(rule):
    """The same rule said for each group gives the digits that it gives when said once."""
    from dataclasses import replace

    sample = pool(town(("1",)))
    groups = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    once = lay_domains(replace(sample.design, lonely=rule), groups.code, len(groups))
    each = replace(once, lonely=np.full(len(groups), rule))
    values = once.take(np.arange(len(sample), dtype=np.float64))
    one, other = (estimate(domains, values, base=base_of(domains)) for domains in (once, each))
    assert np.array_equal(one.se, other.se, equal_nan=True)
    assert one.note.tolist() == other.note.tolist()


def test_each_year_is_weighted_by_the_margins_of_its_scheme():
    """By hand: weighted together, each year's rows are those of the year weighted alone."""
    people = pd.DataFrame(
        [
            {"community": c, "year": y, "sex": s, "age_band": None, "population": n}
            for c in ("C1", "C2")
            for y in YEARS
            for s, n in (("男", 400), ("女", 600))
        ]
    )
    given = {"by": ("community", "year"), "populations": {"C1": 1000.0, "C2": 1000.0}, "population": people}
    both = schemes({"margins": ("sex",)}, {"margins": ("sex",), "trim": 1.5})
    parts = town(n=30)
    together = estimate_table(parts, weighting="rake", schemes=both, **given)
    for year in YEARS:
        rows = (parts[0][1].design["year"] == year).to_numpy()
        alone = estimate_table(
            [(FORM, parts[0][1].take(np.flatnonzero(rows)))], weighting="rake", schemes=both, **given
        )
        mine = together[together["year"].astype(int) == year].reset_index(drop=True)
        numbers = ["n", "sum_weight", "mean", "se", "share", "mean_score"]
        np.testing.assert_allclose(mine[numbers].to_numpy(float), alone[numbers].to_numpy(float), rtol=1e-12)


@pytest.mark.parametrize("stat", [None, "mean"])
def test_versions_with_weights_and_without_are_not_put_together(stat):
    """20 people of weight 1 at 1 and 20 of weight 2 at 5 would count 1 : 2 over both years; each year has its own mean."""
    weighing = form(*FORM.rows, Question("w", "decimal", {"zh": "权"}, role="weight"))
    plain = block(FORM, {"A": ["1"] * 20}, year=[2013] * 20)
    own = block(weighing, {"A": ["5"] * 20}, year=[2014] * 20, weight=[2.0] * 20)
    parts = [(FORM, plain), (weighing, own)]

    def means(*by):
        more = {"by": by, "populations": {}, "scheme": scheme()}
        if stat:
            found = statistics_table(lay_table(pool(parts), **more), ["A"], asked_statistics([stat]))
        else:
            found = estimate_table(parts, items=["A"], **more)
            found = found[found["choice"] == ""]
        return found["mean"].tolist(), ["mixed_weights" in note for note in found["note"]]

    assert means("community", "year") == ([1.0, 5.0], [False, False])
    together, told = means("community")
    assert (np.isnan(together).all(), told) == (True, [True])
