"""Groups that cross calibrated areas: R survey 4.1-1 on apiclus1 (see test_calibration.py), then by hand.

R::

    r <- rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide), list(maxit = 1000, epsilon = 1e-12))
    svyby(~api00, ~stype, r, svymean); svyby(~enroll, ~sch.wide, r, svymean)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.sample.calibrated_domains import lay_crossing
from analysis.sample.pooled_sample import pool
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, estimate
from analysis.statistics.weighting import calibrate
from analysis.tables.asked_statistics import asked_statistics
from analysis.tables.estimates import estimate_table, lay_table
from analysis.tables.statistics_table import statistics_table
from tests.tools.towns.golden_answers import api_design, calibration, identity
from tests.tools.towns.survey_toys import block, form, scheme
from tests.tools.towns.two_sexes import ANSWERS, FORM, HALF, SEXES

R = pytest.approx


def test_groups_within_a_raked_sample_agree_with_r() -> None:
    api, school, wide = api_design()
    cell = school * 2 + wide
    margins = [identity(1, [[4421, 755, 1018]]), identity(1, [[1072, 5122]])]
    weights = calibrate(api["pw"].to_numpy(), cell, (1, 3, 2), margins)
    zeros = np.zeros(len(api), dtype=int)
    design = make_design(weights.weight, zeros, api["dnum"].to_numpy(), api["fpc"].to_numpy(dtype=float))
    expected: dict[str, tuple[Any, list[tuple[float, float]]]] = {
        "api00": (
            school,
            [
                (647.4465792284165, 22.80841219409730),
                (621.2918610548975, 36.74314487776521),
                (629.0215382666471, 29.96288095906033),
            ],
        ),
        "enroll": (wide, [(608.7846859259442, 104.56662614597987), (584.6667248638423, 69.89073389207751)]),
    }
    for column, (group, numbers) in expected.items():
        domains = lay_crossing(design, group, len(numbers), zeros, calibration(cell, 1, (3, 2)))
        values = domains.take(api[column].to_numpy(dtype=float))
        e = estimate(domains, values, base=base_of(domains, ~np.isnan(values)))
        np.testing.assert_allclose(np.transpose([e.mean, e.se]), numbers, rtol=1e-10)


def table(by: list[str], weighting: Any, population: Any = HALF, **design: Any) -> Any:
    frame = estimate_table(
        [(FORM, block(FORM, ANSWERS, sex=SEXES, **design))],
        items=["q1"],
        by=by,
        populations={},
        scheme=scheme(margins=("sex",)),
        weighting=weighting,
        population=population,
    )
    return frame[frame["choice"] == ""].reset_index(drop=True)


def test_estimates_are_weighted_when_asked() -> None:
    """6 women at level 1 and 14 men at 3, half the people each: 2 instead of 2.4; each sex by itself stays."""
    assert table(["community"], "none")["mean"].tolist() == [R(2.4)]
    raked = table(["community"], "rake")
    assert (raked["mean"].tolist(), raked["sum_weight"].tolist(), raked["note"].tolist()) == (
        [R(2)],
        [R(1000)],
        ["not_for_publication;no_variation"],  # the scheme does not weight
    )
    by_sex = table(["sex"], "poststratify").set_index("sex")
    assert by_sex["mean"].to_dict() == {"f": R(1), "m": R(3)}
    assert by_sex["n"].to_dict() == {"f": 6, "m": 14}
    assert by_sex["sum_weight"].to_dict() == {"f": R(500), "m": R(500)}


def test_who_could_not_be_weighted_is_said() -> None:
    """C2 has no population: together with C1 its responses keep their weight of 1."""
    codes = ["C1"] * 14 + ["C2"] * 6
    frame = table(["mode"], "rake", community_code=codes)
    assert "no_population" in frame["note"][0]  # neither adults of C2 in the register, nor its sexes
    alone = table(["community"], "rake", community_code=codes).set_index("community_code")
    assert "partly_unweighted" in alone["note"]["C2"]
    assert "partly_unweighted" not in alone["note"]["C1"]


#: 20 of C1, weighted to 500 women at level 1 and 500 men at level 3, and 10 men of C2 at level 5, which has no sexes
BOTH = ["C1"] * 20 + ["C2"] * 10
OVERALL = form(*FORM.rows, sampling="overall")


def of_both(asked: Any = FORM, adults: Any = None, stat: str = "", by: Any = ("mode",), **design: Any) -> Any:
    given = {q: [*levels, *["5"] * 10] for q, levels in ANSWERS.items()}
    one = block(asked, given, sex=[*SEXES, *["m"] * 10], **{"community_code": BOTH, **design})
    more: Any = {"by": by, "populations": adults or {}, "scheme": scheme(margins=("sex",))}
    more |= {"weighting": "rake", "population": HALF}
    if stat:
        return statistics_table(lay_table(pool([(asked, one)]), **more), ["q1"], asked_statistics([stat]))
    frame = estimate_table([(asked, one)], items=["q1"], **more)
    return frame[frame["choice"] == ""].reset_index(drop=True)


def test_who_was_not_weighted_counts_with_the_adults_of_the_register() -> None:
    """1,000 people at 2 on average and 2,000 at 5: (2,000 + 10,000) / 3,000 = 4."""
    (row,) = of_both(adults={"C2": 2000.0}).itertuples()
    assert (row.mean, row.sum_weight) == (R(4), R(3000))
    assert "partly_unweighted" in row.note
    assert "no_population" not in row.note  # C1 has none in the register: its sexes say how many it has
    assert of_both(adults={"C2": 2000.0}, stat="total")["value"][0] == R(12000)
    assert of_both(adults={"C2": 2000.0}, stat="total", by=("community",))["value"].tolist() == [R(2000), R(10000)]


def test_weights_of_no_common_scale_are_not_put_together() -> None:
    """In one sample of the whole area 10 responses of weight 1 beside 1,000 people would count for a hundredth of them."""
    for asked, more in ((OVERALL, {}), (OVERALL, {"adults": {"C2": 2000.0}})):
        (row,) = of_both(asked, **more).itertuples()
        assert np.isnan([row.mean, row.sum_weight, row.se, row.low, row.high]).all()
        assert (row.n, row.note.split(";")[1:3]) == (30, ["partly_unweighted", "mixed_weights"])
        assert np.isnan(of_both(asked, stat="mean", **more)["value"]).all()
    alone = of_both(OVERALL, by=("community",)).set_index("community_code")
    assert alone["mean"].to_dict() == {"C1": R(2), "C2": R(5)}
    assert alone["sum_weight"].to_dict() == {"C1": R(1000), "C2": R(10)}
    assert not alone["note"].str.contains("mixed_weights").any()


def test_a_year_that_is_not_weighted_counts_as_many_people_as_one_that_is() -> None:
    """One community, 1,000 people at 2 in 2014 and, in a year whose only sex can't be weighted, 3,000 at 5: 17,000 / 4,000."""
    years = [2014] * 20 + [2015] * 10
    found = of_both(adults={"C1": 3000.0}, by=("community",), community_code=["C1"] * 30, year=years)
    assert (found["mean"][0], found["sum_weight"][0]) == (R(4.25), R(4000))
