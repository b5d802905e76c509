"""Measures by the weights of the score: R survey 4.1-1 on 400 people of two communities, raked and post-stratified.

R::

    u <- matrix(lcg(400 * 7, 2011), ncol = 7, byrow = TRUE)                # lcg as in test_estimation
    d <- data.frame(c = u[,1] < 0.5, sex = ifelse(u[,2] < 0.35, "m", "f"), phone = as.numeric(u[,4] < 0.4),
                    band = ifelse(u[,3] < 0.3 + 0.2*(u[,5] > 0.5), "18-44", "45+"))
    score <- c(100, 80, 60, 40, 0)
    d$a1 <- score[1 + floor(5*u[,5])]; d$a2 <- score[1 + floor(5*(0.6*u[,5] + 0.4*u[,6]))]
    d$b1 <- score[1 + floor(5*(0.3*u[,5] + 0.7*u[,6]))]; d$b1[u[,7] > 0.93] <- NA
    d$f1 <- floor(11*(0.5*u[,5] + 0.2*u[,6] + 0.3*u[,7])); d$da <- (d$a1 + d$a2)/2; d$total <- 0.6*(d$da + d$b1)
    d$csex <- interaction(d$c, d$sex); d$cband <- interaction(d$c, d$band); d$cell <- interaction(d$c, d$sex, d$band)
    pop <- expand.grid(c = c(FALSE, TRUE), sex = c("f", "m"), band = c("18-44", "45+"))
    pop$Freq <- c(300, 700, 350, 500, 500, 400, 450, 200)                  # summed by csex, cband, cell: f1, f2, f3
    s <- svydesign(ids = ~1, strata = ~c, weights = ~1, data = d)
    w <- rake(s, list(~csex, ~cband), list(f1, f2), list(maxit = 1000, epsilon = 1e-13))     # or
    w <- postStratify(s, ~cell, f3)
    o <- subset(w, !is.na(total)); f <- svyglm(total ~ phone + factor(c) + factor(sex) + factor(band), design = o)
    coef(f)["phone"]; SE(f)["phone"]; f$df.residual; svymean(~total, subset(o, phone == 1), na.rm = TRUE); svycralpha(~a1 + a2, w)
    svymean(~a1, w); r2 <- function(m) summary(lm(m, o$variables, weights = weights(o)))$r.squared
    (r2(f1 ~ da) + r2(f1 ~ da + b1) - r2(f1 ~ b1))/2; r2(f1 ~ da + b1)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.quality.drivers import Drivers, find_drivers, outcome_values
from analysis.quality.modes import ModeEffect, mode_effect
from analysis.quality.reliability import of_questionnaire
from analysis.sample.person_scores import person_scores
from analysis.scheme.model import Scheme
from analysis.scoring.score_weights import Weights, score_weights, weigh_people
from analysis.scoring.subjective import score_subjective
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme
from tests.tools.towns.two_sexes import SEX, people

R = pytest.approx
ASKED = form(item("a1", "a"), item("a2", "a"), item("b1", "b"), Question("f1", "range", start=0, end=10, step=1), SEX)
SIZES = {"C0": (300, 350, 500, 450), "C1": (700, 500, 400, 200)}
CELLS = (("女", "18-44"), ("男", "18-44"), ("女", "45+"), ("男", "45+"))
TOWN = pd.concat(
    [people(*((*cell, n) for cell, n in zip(CELLS, sizes, strict=True)), code=code) for code, sizes in SIZES.items()]
)
ADULTS = {code: float(sum(sizes)) for code, sizes in SIZES.items()}
#: (difference, se), means by telephone and else, alpha, mean of a1, LMG of a, R²
GOLDEN: dict[str, tuple[float, ...]] = {
    "rake": (
        -8.180795059855427,
        3.761428732729187,
        64.78333877075578,
        72.23461744439413,
        0.8685225124797269,
        56.36745685530683,
        0.5845674146413653,
        0.7814216608961012,
    ),
    "poststratify": (
        -9.366103737772210,
        3.698017406739246,
        64.18642911952671,
        72.65082270731138,
        0.8691405536672108,
        56.38345750569042,
        0.5870923371888941,
        0.7806963808534407,
    ),
}


def answered(asked: Any = ASKED, part: Any = slice(None)) -> Any:
    u = lcg(2800, 2011).reshape(-1, 7)[part]
    young = u[:, 2] < 0.3 + 0.2 * (u[:, 4] > 0.5)
    levels = {"a1": u[:, 4], "a2": 0.6 * u[:, 4] + 0.4 * u[:, 5], "b1": 0.3 * u[:, 4] + 0.7 * u[:, 5]}
    given: dict[str, Any] = {name: [str(1 + int(5 * x)) for x in values] for name, values in levels.items()}
    given["b1"] = ["8" if lost else level for lost, level in zip(u[:, 6] > 0.93, given["b1"], strict=True)]
    given["f1"] = np.floor(11 * (0.5 * u[:, 4] + 0.2 * u[:, 5] + 0.3 * u[:, 6])).astype(int).tolist()
    return asked, block(
        asked,
        {**given, "x1": given["a2"], "y1": given["b1"]},
        community_code=np.where(u[:, 0] < 0.5, "C1", "C0").tolist(),
        sex=np.where(u[:, 1] < 0.35, "m", "f").tolist(),
        age_band=np.where(young, "18-44", "45+").tolist(),
        mode=np.where(u[:, 3] < 0.4, "phone", "paper").tolist(),
    )


def weighted(method: Any) -> Scheme:
    return scheme(weighting=method, margins=("sex", "age_band"))


def modes(one: Scheme, parts: Any, *, population: Any = TOWN, adults: Any = ADULTS, ask: Any = "score") -> ModeEffect:
    person = person_scores(one, parts)
    everyone = np.ones(len(person.sample), dtype=bool)
    return mode_effect(person, everyone, adults, score_weights(one, parts, population), Weights(ask))


def drivers(one: Scheme, parts: Any, *, ask: str = "score") -> Drivers:
    person = person_scores(one, parts)
    everyone = np.ones(len(person.sample), dtype=bool)
    score = score_weights(one, parts, TOWN)
    return find_drivers(person, outcome_values(person, "f1"), everyone, ADULTS, score, Weights(ask))


@pytest.mark.parametrize("method", GOLDEN)
def test_all_of_them_are_rs_on_the_weighted_design(method: str) -> None:
    one, parts = weighted(method), [answered()]
    difference, se, phone, paper, alpha, mean, share, r2 = GOLDEN[method]
    row = modes(one, parts).frame.iloc[0]
    assert (row["difference"], row["se"], row["df"]) == (R(difference, rel=1e-10), R(se, rel=1e-10), 368)
    assert (row["mean"], row["mean_reference"], row["weights"]) == (R(phone, rel=1e-10), R(paper, rel=1e-10), "score")
    found = of_questionnaire(one, parts, ADULTS, score_weights(one, parts, TOWN))
    assert (found["weighted"], found["weights"], found["notes"]) == ("score", "score", [])
    assert found["dimensions"][0]["alpha"] == R(alpha, rel=1e-10)
    assert found["dimensions"][0]["items"][0]["mean"] == R(mean, rel=1e-10)
    happy = drivers(one, parts)
    assert (happy.frame["importance"][0], happy.r2) == (R(share, rel=1e-10), R(r2, rel=1e-10))
    assert (happy.notes, set(happy.frame["weights"])) == ((), {"score"})


def test_base_weights_are_those_of_a_year_that_is_not_weighted() -> None:
    parts = [answered()]
    one, plain = weighted("rake"), weighted("none")
    for make in (modes, drivers):
        base, unweighted, score = make(one, parts, ask="base"), make(plain, parts), make(one, parts)
        pd.testing.assert_frame_equal(base.frame.drop(columns="weights"), unweighted.frame.drop(columns="weights"))
        assert (set(base.frame["weights"]), base.notes) == ({"base"}, ("base_weights",))
        assert (set(unweighted.frame["weights"]), unweighted.notes) == ({"score"}, ())
        column = "difference" if make is modes else "importance"
        assert abs(score.frame[column][0] - base.frame[column][0]) > 1e-3 * abs(base.frame[column][0])


def test_means_are_those_of_the_results_where_half_answered_another_questionnaire() -> None:
    """The score weights both questionnaires together: so do measures of the one."""
    one, other = weighted("rake"), form(item("x1", "a"), item("y1", "b"), SEX)
    mine = np.flatnonzero(lcg(2800, 2011).reshape(-1, 7)[:, 0] < 0.5)  # those of C1
    parts = [answered(part=mine[:110]), answered(other, mine[110:])]
    items = score_subjective(one, parts, TOWN).items.set_index("item")["score"]
    score = score_weights(one, parts, TOWN)
    assert score is not None
    for place, names in ((0, ("a1", "a2")), (1, ("x1",))):
        found = of_questionnaire(one, parts[place : place + 1], ADULTS, score.at([place]))
        assert [i["mean"] for i in found["dimensions"][0]["items"]] == R([items[name] for name in names], rel=1e-12)

    sample = person_scores(one, parts[1:]).sample
    weighed = weigh_people(sample, np.ones(len(sample), dtype=bool), ADULTS, score.at([1]))
    assert weighed.weight == R(score.design.weight[110:])
    assert len(weighed.domains.group) == len(mine)  # everyone of the community stands behind the errors
    taken = weighed.take(np.arange(len(sample)))
    assert sorted(taken.tolist()) == [-1] * 110 + list(range(len(sample)))


def test_who_cannot_be_weighted_keeps_adults_over_n_or_everyone_has_base_weights() -> None:
    parts, one = [answered()], weighted("rake")
    alone = TOWN[TOWN["community"] == "C1"]
    found = modes(one, parts, population=alone)
    assert (found.notes, found.weights) == (("partly_unweighted",), Weights.SCORE)
    sample = person_scores(one, parts).sample
    weighed = weigh_people(sample, np.ones(400, dtype=bool), ADULTS, score_weights(one, parts, alone))
    first = (sample.column("community_code") == "C0").to_numpy(dtype=bool)
    assert weighed.weight[first] == R(1600 / first.sum())
    assert weighed.weight[~first].sum() == R(1800)

    for adults, population in (({"C1": 1800.0}, alone), (ADULTS, None)):  # C0 has no people at all; nobody has
        found = modes(one, parts, adults=adults, population=population)
        assert (found.notes[-1], found.weights) == ("base_instead", Weights.BASE)
        assert set(found.frame["weights"]) == {"base"}
    overall = form(*ASKED.rows, sampling="overall")
    assert modes(one, [answered(overall)], population=alone).notes[-1] == "base_instead"  # 1 each beside 1800 people
