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
from analysis.statistics.design import make_design
from analysis.statistics.estimation import base_of, estimate
from analysis.statistics.weighting import calibrate
from analysis.tables.estimates import estimate_table
from tests.tools.towns.golden_answers import api_design, calibration, identity
from tests.tools.towns.survey_toys import block, scheme
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
