"""``estimate``: means, shares, small groups and weights across communities; golden numbers from R survey 4.1-1.

The 200 rows are those of test_subjective.py (``u``); in R::

    d <- data.frame(stratum = floor(u[,1]*2), psu = floor(u[,2]*7), g = floor(u[,3]*4), w = 0.5 + 2*u[,4],
                    l = 1 + floor(5*u[,5]), r = u[,9] >= 0.2); d$s <- c(100,80,60,40,0)[d$l]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.tables.estimates import MEASURES, estimate_table
from survey.core.errors import Refused
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

SEX = Question("sex", "select_one", choices=(Choice("f", {}), Choice("m", {})), role="sex")
FORM = form(item("q1", "a"), SEX)


def responses(sampling: str, *, roles: bool) -> Any:
    u = lcg(200 * 12, 7).reshape(-1, 12)
    more = (Question("w", "decimal", role="weight"),) if roles else ()
    questionnaire = form(item("q1"), *more, Question("p", "text", role="psu"), sampling=sampling)
    g = np.floor(u[:, 2] * 4).astype(int)
    q1 = [str(1 + int(5 * a)) if r >= 0.2 else None for a, r in zip(u[:, 4], u[:, 8], strict=True)]
    code = [None if k == 3 and sampling == "overall" else f"C{k}" for k in g]
    return questionnaire, block(
        questionnaire,
        {"q1": q1},
        community_code=code,
        weight=(0.5 + 2 * u[:, 3]).tolist(),
        psu=[str(int(7 * v)) for v in u[:, 1]],
        stratum=[f"s{int(2 * v)}" for v in u[:, 0]],
    )


def test_domains_of_one_sample_agree_with_r() -> None:
    """Communities are domains; responses without a community stay in their strata.

    R: des <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d)
    s <- subset(des, g == k & r); sum(weights(s)); m <- svymean(~l, s, deff = "replace"); confint(m, df = degf(s))
    svymean(~s, s); svymean(~I(as.numeric(l == 1)), s); svyciprop(~I(l == 1), s, method = "logit")
    """
    table = estimate_table([responses("overall", roles=True)], populations={}, scheme=scheme())
    columns = ["n", "sum_weight", "mean", "se", "low", "high", "df", "deff", "mean_score", "se_score"]
    heads = table[table["choice"] == ""]
    assert heads["community"].tolist() == ["社区C0", "社区C1", "社区C2"]
    np.testing.assert_allclose(
        heads[columns].to_numpy(dtype=float),
        [
            (
                47,
                71.24150283250097,
                3.044072193608198,
                0.1910189841724964,
                2.618455373506507,
                3.469689013709888,
                10,
                0.7273796668508102,
                54.57537611094113,
                4.451431551136481,
            ),
            (
                40,
                58.1345148077861,
                2.991115888501313,
                0.1235172596786415,
                2.715902283320454,
                3.266329493682172,
                10,
                0.4250208413388851,
                58.98355617246025,
                2.482033217360184,
            ),
            (
                36,
                56.69422814096055,
                3.062814680874466,
                0.2329229516744991,
                2.550154720794151,
                3.57547464095478,
                11,
                0.9871635729454985,
                55.56352087457449,
                5.800347474362702,
            ),
        ],
        rtol=1e-10,
    )
    best = table[table["choice"] == "1"]
    np.testing.assert_allclose(
        best[["share", "se"]].to_numpy(dtype=float),
        [
            (0.2515737211855156, 0.04781000094959811),
            (0.1773734233146285, 0.05638658452624774),
            (0.2207248724450685, 0.07191727104485771),
        ],
        rtol=1e-10,
    )
    # R stops its glm early, hence not to the last digit
    np.testing.assert_allclose(
        best[["share_low", "share_high"]].to_numpy(dtype=float),
        [
            (0.160297597, 0.371810445),
            (0.0835324167, 0.337781054),
            (0.10140571, 0.415519936),
        ],
        rtol=1e-7,
    )


def test_communities_together_weigh_by_population() -> None:
    """R: P <- c(1000, 2500, 400, 3000); d$b <- (P / table(d$g))[d$g + 1]; d$h <- d$g*10 + d$stratum
    s <- subset(svydesign(ids = ~psu, strata = ~h, weights = ~b, nest = TRUE, data = d), r)
    svymean(~l, s, deff = "replace"); degf(s); sum(weights(s))
    """
    populations = {"C0": 1000, "C1": 2500, "C2": 400, "C3": 3000}
    table = estimate_table([responses("by_community", roles=False)], by=["year"], populations=populations)
    head = table.iloc[0]
    expected = [3.04936438667397, 0.113309277814361, 43, 1.201374830394153, 5105.744486780564]
    got = head[["mean", "se", "df", "deff", "sum_weight"]].to_numpy(dtype=float)
    np.testing.assert_allclose(got, expected, rtol=1e-10)
    assert np.isnan(head["mean_score"])  # no scheme, no scores of levels


def test_without_a_population_nothing_is_added_up_across_communities() -> None:
    table = estimate_table(
        [responses("by_community", roles=False)], by=["year"], populations={"C0": 1, "C1": 1, "C2": 1}
    )
    assert table["note"].unique().tolist() == ["no_population"]
    assert table[list(MEASURES[1:])].isna().all(axis=None)
    alone = estimate_table([responses("by_community", roles=False)], populations={})
    assert alone["mean"].notna().sum() == 4


def test_columns_and_rows_by_hand() -> None:
    """12 answers 1, 1, 2 … and 3 don't-knows: shares among 12, the don't-know share among 15."""
    answers: dict[str, list[Any]] = {"q1": ["1"] * 6 + ["2"] * 6 + ["8"] * 3}
    table = estimate_table([(FORM, block(FORM, answers))], populations={}, scheme=scheme())
    assert list(table.columns) == ["community", "community_code", "year", "item", "choice", *MEASURES, "note"]
    assert table["choice"].tolist() == ["", "1", "2", "3", "4", "5", "dont_know"]
    assert table["n"].tolist() == [12] * 6 + [15]
    assert table["mean"].tolist()[0] == 1.5
    assert table["mean_score"].tolist()[0] == 90
    assert table["share"].tolist()[1:] == [0.5, 0.5, 0, 0, 0, pytest.approx(0.2)]
    # R: p <- 3/15; se <- sqrt(p*(1-p)/14); plogis(qlogis(p) + c(-1,1) * qt(.975, 14) * se / (p*(1-p)))
    dont_know = table.iloc[6]
    assert (dont_know["share_low"], dont_know["share_high"]) == pytest.approx((0.05628796922, 0.51168575249), rel=1e-9)
    assert table["note"].tolist() == ["", "", "", "no_variation", "no_variation", "no_variation", ""]


def test_numbers_steps_and_recodes() -> None:
    """Half points as steps; a recode gives its code as own value, scored linearly on the codes."""
    from survey.form.workbook.syntax import parse_recode

    cuts = parse_recode("<=1:1 <=3:2 <7:3 <9:4 <=10:5")
    questionnaire = form(
        Question("h", "range", start=1, end=10, step=0.5),
        Question("r", "range", start=1, end=10, step=0.5, recode=cuts),
        Question("d", "decimal"),
    )
    values = [1.0, 3.0, 6.5, 7.0, 9.0, 10.0, 7.5, 2.5, 8.5, 5.0]
    table = estimate_table(
        [(questionnaire, block(questionnaire, {"h": values, "r": values, "d": values}))], populations={}
    ).set_index("item")
    assert table["mean"].tolist() == pytest.approx([6.0, (1 + 2 + 3 + 4 + 5 + 5 + 4 + 2 + 4 + 3) / 10, 6.0])
    assert table.loc["h", "mean_score"] == pytest.approx((6 - 1) / 9 * 100)
    assert table.loc["r", "mean_score"] == pytest.approx((3.3 - 1) / 4 * 100)
    assert np.isnan(table.loc["d", "mean_score"])
    assert table["se"].tolist()[0] == pytest.approx(np.std(values, ddof=1) / np.sqrt(10))


def test_several_answers() -> None:
    choices = (Choice("a", {}), Choice("b", {}))
    questionnaire = form(Question("m", "select_multiple", choices=choices))
    answers: list[Any] = [("a",)] * 5 + [("a", "b")] * 5 + [()] * 2 + [None] * 3
    table = estimate_table([(questionnaire, block(questionnaire, {"m": answers}))], populations={})
    assert table["item"].tolist() == ["m/a", "m/b"]
    assert table["share"].tolist() == pytest.approx([10 / 12, 5 / 12])
    assert table["n"].tolist() == [12, 12]


def test_unordered_choices_have_shares_only() -> None:
    questionnaire = form(Question("c", "select_one", choices=(Choice("1", {}), Choice("2", {}))))
    table = estimate_table([(questionnaire, block(questionnaire, {"c": ["1", "2"] * 6}))], populations={})
    assert table["choice"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("n", "rows", "note"), [(4, 1, "suppressed"), (5, 1, "totals_only"), (9, 1, "totals_only"), (10, 6, "")]
)
def test_small_groups(n: int, rows: int, note: str) -> None:
    answers: dict[str, list[Any]] = {"q1": (["1", "2", "3", "4", "5"] * 2)[:n]}
    table = estimate_table([(FORM, block(FORM, answers))], populations={}, scheme=scheme())
    head = table.iloc[0]
    assert (len(table), head["note"]) == (rows, note)
    assert head[list(MEASURES)].isna().all() == (n < 5)
    assert pd.notna(head["mean"]) == (n >= 5)


def test_what_would_reveal_a_small_group_goes_too() -> None:
    """3 women of 43: the mean of all and that of the men would give theirs away."""
    answers: dict[str, list[Any]] = {"q1": ["1", "2", "3"] + ["1", "5"] * 20}
    sexes = ["f"] * 3 + ["m"] * 40
    table = estimate_table([(FORM, block(FORM, answers, sex=sexes))], by=["community", "sex"], populations={})
    assert table[["sex", "note"]].to_numpy().tolist() == [["f", "suppressed"], ["m", "complement"]]
    assert table[list(MEASURES)].isna().all(axis=None)
    # two who did not say stand between as well, so that the difference is five people
    table = estimate_table(
        [(FORM, block(FORM, answers, sex=["f"] * 3 + [None] * 2 + ["m"] * 38))],
        by=["community", "sex"],
        populations={},
    )
    assert table[table["choice"] == ""]["note"].tolist() == ["suppressed", "complement_totals"]


def test_the_distribution_of_five_to_nine_is_not_given_away_either() -> None:
    answers: dict[str, list[Any]] = {"q1": ["1", "2"] * 24}
    table = estimate_table(
        [(FORM, block(FORM, answers, sex=["f"] * 8 + ["m"] * 40))], by=["sex", "community"], populations={}
    )
    assert table["choice"].tolist() == ["", ""]
    assert table["note"].tolist() == ["totals_only", "complement_totals"]
    assert table["mean"].tolist() == [1.5, 1.5]


def test_groups_by_a_question_and_without_groups() -> None:
    answers: dict[str, list[Any]] = {"q1": ["1"] * 25 + ["2"] * 25 + ["8"] * 5, "x": list(range(55))}
    questionnaire = form(item("q1"), Question("x", "integer", minimum=0, maximum=60))
    parts = [(questionnaire, block(questionnaire, answers))]
    table = estimate_table(parts, by=["q1"], items=["x"], populations={})
    assert table[["q1", "n", "mean"]].to_numpy().tolist() == [["1", 25, 12.0], ["2", 25, 37.0]]
    whole = estimate_table(parts, by=[], items=["x"], populations={})
    assert whole[["item", "n", "mean"]].to_numpy().tolist() == [["x", 55, 27.0]]


def test_a_question_splits_no_community_of_fewer_than_fifty() -> None:
    """Nor beside another question, nor as a filter; from tables of one question by another whole rows of answers follow."""
    for people, notes in ((49, ["small_area"]), (50, [])):
        answers: dict[str, list[Any]] = {"q1": ["1", "2"] * (people // 2) + ["1"] * (people % 2)}
        answers["x"] = [k % 31 for k in range(people)]
        questionnaire = form(item("q1"), Question("x", "integer", minimum=0, maximum=30))
        parts = [(questionnaire, block(questionnaire, answers))]
        for by, where in (["community", "q1"], []), (["community", "year"], ["q1=1"]), (["q1"], []):
            table = estimate_table(parts, by=by, where=where, items=["x"], populations={})
            assert [note for note in table["note"].unique() if note] == notes
            assert table["mean"].isna().all() == bool(notes)
        plain = estimate_table(parts, by=["community", "year"], items=["x"], populations={})
        assert plain["mean"].notna().all()


def test_self_selected_samples_have_means_and_no_errors() -> None:
    answers: dict[str, list[Any]] = {"q1": ["1", "2"] * 10}
    table = estimate_table([(FORM, block(FORM, answers, sample_type="open"))], populations={}, scheme=scheme())
    assert table["mean"].iloc[0] == 1.5
    assert table["share"].iloc[1] == 0.5
    assert table[["se", "low", "high", "df", "deff", "share_low", "share_high", "se_score"]].isna().all(axis=None)
    assert set(table["note"]) == {"open_sample"}


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ({"items": ["zz"]}, "estimation.unknown_item"),
        ({"items": ["t"]}, "estimation.open_item"),
        ({"by": ["zz"]}, "estimation.unknown_by"),
        ({"by": ["t"]}, "estimation.by_open"),
        ({"by": ["phone"]}, "estimation.unknown_by"),
    ],
)
def test_unknown_names_are_refused(arguments: dict[str, Any], key: str) -> None:
    questionnaire = form(item("q1"), Question("t", "text"))
    with pytest.raises(Refused) as refusal:
        estimate_table([(questionnaire, block(questionnaire, {"q1": ["1"] * 12}))], populations={}, **arguments)
    assert refusal.value.key == key
    assert "{" not in refusal.value.word("en") + refusal.value.word("zh")


def test_nothing_to_estimate() -> None:
    table = estimate_table([(FORM, block(FORM, {"q1": []}))], populations={})
    assert len(table) == 0
    assert list(table.columns[:5]) == ["community", "community_code", "year", "item", "choice"]
