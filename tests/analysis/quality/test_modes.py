"""Mode effects: R ``svyglm`` on 240 rows, then what a leader must be told when there is nothing to compare.

R survey 4.1-1::

    u <- matrix(lcg(240 * 6, 2011), ncol = 6, byrow = TRUE)               # lcg as in test_estimation
    d <- data.frame(c = floor(u[,1]*3), psu = floor(u[,2]*8), w = 0.5 + 2*u[,4],
                    phone = as.numeric(u[,3] < 0.3 + 0.2*u[,1]), sex = floor(2*u[,5]), band = floor(3*u[,6]))
    d$y <- 20 + 4*d$c + 2*d$phone + d$sex - d$band + 10*u[,5]*u[,2]; d$y[u[,6] > 0.95] <- NA
    s <- svydesign(ids = ~1, strata = ~c, weights = ~w, data = d)         # then ids = ~psu, nest = TRUE
    f <- svyglm(y ~ phone + factor(c) + factor(sex) + factor(band), design = subset(s, !is.na(y)))
    coef(f)["phone"]; SE(f)["phone"]; f$df.residual; confint(f, ddf = f$df.residual)["phone",]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.quality.modes import mode_effect, regress
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.statistics.design import make_design
from analysis.statistics.estimation import lay_domains
from survey.core.errors import Refused
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme


@pytest.mark.parametrize(("clusters", "se", "df"), [(False, 0.252261581429862, 222), (True, 0.18276215813026, 15)])
def test_the_difference_is_svyglms(clusters: bool, se: float, df: float) -> None:
    u = lcg(1440, 2011).reshape(-1, 6)
    c, psu = np.floor(u[:, 0] * 3).astype(np.int64), np.floor(u[:, 1] * 8).astype(np.int64)
    phone, sex, band = (u[:, 2] < 0.3 + 0.2 * u[:, 0]) * 1.0, np.floor(2 * u[:, 4]), np.floor(3 * u[:, 5])
    y = 20 + 4 * c + 2 * phone + sex - band + 10 * u[:, 4] * u[:, 1]
    made = make_design(0.5 + 2 * u[:, 3], c, psu if clusters else None)
    domains = lay_domains(made, np.where(u[:, 5] <= 0.95, 0, -1), 1)
    columns = np.column_stack([phone, sex == 1, band == 1, band == 2, phone + sex]).astype(float)
    found = regress(domains, domains.take(y)[:, None], domains.take(columns), domains.take(c))
    assert found.coefficient[0, 0] == pytest.approx(2.191970183046906, rel=1e-10)
    assert (found.se[0, 0], found.df[0]) == pytest.approx((se, df), rel=1e-10)
    assert found.usable.tolist() == [True] * 4 + [False]  # the last is a sum of others


def people(modes: list[str], answers: list[str], **design: Any) -> PersonScores:
    asked = form(item("A1", "a"), item("B1", "b"))
    return person_scores(scheme(), [(asked, block(asked, {"A1": answers, "B1": answers}, mode=modes, **design))])


def effect(person: PersonScores) -> Any:
    return mode_effect(person, np.ones(len(person.sample), dtype=bool), {})


def test_by_hand_without_anything_to_hold_alike() -> None:
    """Phone 100 or 80, paper 80 or 60 of 100 in both dimensions of 60 points: 24 of 120 points more by phone."""
    found = effect(people(["phone"] * 40 + ["paper"] * 60, ["1", "2"] * 20 + ["2", "3"] * 30))
    row = found.frame.set_index("measure").loc["total"]
    assert (row["mode"], row["reference"], row["n"], row["n_reference"]) == ("phone", "paper", 40, 60)
    assert (row["mean"], row["mean_reference"], row["difference"]) == pytest.approx((108, 84, 24))
    assert row["if_all_reference"] == pytest.approx(-0.4 * 24)
    assert row["word"] == "higher"
    assert found.frame["measure"].tolist() == ["total", "a", "b"]
    assert (found.n, found.communities, found.single, found.adjusted) == (100, 1, 0, ("community",))


def test_community_sex_and_age_are_held_alike() -> None:
    """Women are asked by phone and are happier: within a sex there is no difference."""
    sex = ["f"] * 60 + ["m"] * 60
    modes = ["phone"] * 40 + ["paper"] * 20 + ["phone"] * 20 + ["paper"] * 40
    answers = ["1", "2"] * 30 + ["3", "4"] * 30
    raw = effect(people(modes, answers)).frame.iloc[0]
    alike = effect(people(modes, answers, sex=sex)).frame.iloc[0]
    assert raw["difference"] > 10
    assert alike["difference"] == pytest.approx(0, abs=1e-9)
    assert alike["word"] == "no_clear_difference"


def test_age_is_put_in_bands() -> None:
    ages = [20.0, 50.0] * 50
    found = effect(people(["phone"] * 50 + ["paper"] * 50, ["1", "2"] * 50, age=ages))
    assert found.adjusted == ("community", "age_band")


@pytest.mark.parametrize(
    ("modes", "design", "key"),
    [
        (["paper"] * 90, {}, "mode_effect.one_mode"),
        (["paper"] * 80 + ["phone"] * 10, {}, "mode_effect.too_few"),
        (["paper"] * 45 + ["phone"] * 45, {"community_code": ["C1"] * 45 + ["C2"] * 45}, "mode_effect.nested"),
    ],
)
def test_nothing_to_compare_is_said(modes: list[str], design: dict[str, Any], key: str) -> None:
    with pytest.raises(Refused) as refused:
        effect(people(modes, ["1", "2"] * 45, **design))
    assert refused.value.key == key


def test_a_self_selected_sample_has_no_error() -> None:
    found = effect(people(["phone"] * 40 + ["paper"] * 60, ["1", "2"] * 50, sample_type="open"))
    assert "open_sample" in found.notes
    assert found.frame[["se", "low", "high", "p", "q"]].isna().all(axis=None)
    assert found.frame["word"].isna().all()


def test_all_alike_is_no_difference() -> None:
    row = effect(people(["phone"] * 40 + ["paper"] * 60, ["2"] * 100)).frame.iloc[0]
    assert (row["difference"], row["word"]) == (0, "no_clear_difference")
