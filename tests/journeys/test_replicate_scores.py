"""Every measure under replicate weights against its definition: the whole program once a replicate, with its weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xingfu
from analysis.exports.workbook import community_workbook
from analysis.publication import snapshots
from analysis.scheme import default_scheme
from analysis.scheme.serial import to_dict
from analysis.scoring.subjective import score_subjective
from analysis.scoring.two_years import compare_years
from analysis.tables.estimates import estimate_table
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.files.read import read_sheets
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register, schemes
from tests.tools.forms import form as town_form
from tests.tools.templates import initialised
from tests.tools.towns.replicates import PLAIN, WIDTH, responses, with_replicates
from tests.tools.towns.survey_toys import scheme
from tests.tools.towns.two_years import OTHERS


def with_weights(made: Any, weights: Any) -> tuple[Any, Any]:
    return PLAIN, replace(made, design=made.design.assign(weight=weights))


def by_definition(measure: Callable[[Any], Any], made: Any, weights: Any, *others: Any) -> np.ndarray[Any, Any]:
    """Standard errors of ``measure`` (an array) of parts, bootstrap: 1/(R − 1) Σ (θ_r − θ̄)²."""
    found = np.array([measure([with_weights(made, weights[:, r]), *others]) for r in range(WIDTH)], dtype=float)
    return np.asarray(np.sqrt(np.square(found - found.mean(axis=0)).sum(axis=0) / (WIDTH - 1)))


SCORES = ["subjective", "subjective_a", "subjective_b"]


def test_the_300_points_their_dimensions_and_items() -> None:
    made, weights = responses(240, 5)
    found = score_subjective(scheme(), [with_replicates(made, weights)])
    expected = by_definition(
        lambda parts: score_subjective(scheme(), parts).communities[SCORES].to_numpy(dtype=float), made, weights
    )
    got = found.communities[[f"{name}_se" for name in SCORES]].to_numpy(dtype=float)
    np.testing.assert_allclose(got, expected, rtol=1e-10)
    assert found.communities["subjective_df"].tolist() == [WIDTH - 1] * 3
    items = by_definition(lambda parts: score_subjective(scheme(), parts).items["score"], made, weights)
    np.testing.assert_allclose(found.items["se"].to_numpy(dtype=float), items, rtol=1e-10)
    plain = score_subjective(scheme(), [with_weights(made, made.design["weight"])])
    pd.testing.assert_frame_equal(found.communities[SCORES], plain.communities[SCORES])
    assert set(found.weights["note"]) == {"unweighted_replicates"}


def test_communities_with_and_without_replicates_in_one_year() -> None:
    made, weights = responses(240, 5)
    other, _ = responses(150, 9)
    renamed = other.design.assign(community_code=other.design["community_code"] + "x")
    beside = PLAIN, replace(other, design=renamed)
    together = score_subjective(scheme(), [with_replicates(made, weights), beside]).communities
    alone = [score_subjective(scheme(), [part]).communities for part in (with_replicates(made, weights), beside)]
    expected = pd.concat(alone).sort_values("community_code", ignore_index=True)
    for column in ("subjective_se", "subjective_df", "subjective_low"):
        np.testing.assert_allclose(
            together[column].to_numpy(dtype=float), expected[column].to_numpy(dtype=float), rtol=1e-9
        )


def test_estimates_of_groups_and_a_group_against_the_rest() -> None:
    made, weights = responses(240, 5)
    options: dict[str, Any] = {"items": ["q1"], "by": ("sex",), "populations": {}, "scheme": scheme(), "rest": True}
    found = estimate_table([with_replicates(made, weights)], **options)

    def values(parts: Any) -> Any:
        table = estimate_table(parts, **options)
        return table[["mean", "share", "mean_score", "difference"]].to_numpy(dtype=float)

    expected = by_definition(values, made, weights)
    means = (found["choice"] == "").to_numpy()
    np.testing.assert_allclose(found["se"].to_numpy(), np.where(means, expected[:, 0], expected[:, 1]), rtol=1e-10)
    np.testing.assert_allclose(found.loc[means, "se_score"], expected[means, 2], rtol=1e-10)
    np.testing.assert_allclose(found.loc[means, "difference_se"], expected[means, 3], rtol=1e-10)
    assert set(found["df"]) == {WIDTH - 1}
    with pytest.raises(Refused) as error:
        estimate_table([with_replicates(made, weights)], **{**options, "rest": False}, weighting="rake")
    assert error.value.key == "estimation.replicates_weighted"


def test_the_change_over_common_items_takes_both_years_as_independent() -> None:
    people = {"respondent": [f"r{i}" for i in range(120)]}
    (first, one), (second, two) = responses(120, 5, year=2013, **people), responses(120, 7, year=2014, **people)
    found = compare_years(scheme(), [with_replicates(first, one), with_replicates(second, two)], 2014)
    parts = [
        by_definition(lambda parts: score_subjective(scheme(), parts).communities["subjective"], made, weights)
        for made, weights in ((first, one), (second, two))
    ]
    np.testing.assert_allclose(found["se"].to_numpy(dtype=float), np.hypot(*parts), rtol=1e-10)
    assert not found[["shared", "panel"]].to_numpy().any()
    assert (found["df"] > WIDTH - 1).all()


def test_years_of_one_block_are_samples_of_their_own() -> None:
    made, weights = responses(240, 5, year=[2013, 2014] * 120)
    options: dict[str, Any] = {"items": ["q1"], "populations": {}, "scheme": scheme()}
    both = estimate_table([with_replicates(made, weights)], by=("mode",), **options)
    head = both[both["choice"] == ""].iloc[0]
    variance = 0.0
    for year in (2013, 2014):
        mine = (made.design["year"] == year).to_numpy()
        values = []
        for r in range(WIDTH):
            mixed = np.where(mine, weights[:, r], made.design["weight"])
            table = estimate_table([with_weights(made, mixed)], by=("mode",), **options)
            values.append(table.loc[table["choice"] == "", "mean"].iloc[0])
        variance += np.var(values, ddof=1)
    assert head["se"] == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert head["df"] == 2 * (WIDTH - 1)


@pytest.fixture
def town(sqlite_store: Store) -> Store:
    """Two communities with 60 responses each; JK1 with six replicates of every sixth response."""
    initialised(sqlite_store)
    columns = [Question(f"rw{r}", "decimal", role="replicate_weight") for r in range(6)]
    asked = town_form(*OTHERS, Question("权数", "decimal", role="weight"), *columns, settings={"replicates": "JK1"})
    lines = [
        f"{p}{i},{p},2014,{1 + i % 3},{1 + i % 4}"
        + f",{1 + i % 3}" * 4
        + ",1,"
        + ",".join("0" if r == i % 7 % 6 else "1.2" for r in range(6))
        + "\n"
        for p in ("甲社区", "乙社区")
        for i in range(60)
    ]
    header = "编号,社区,年度,办事方便,环境卫生,A,B,D,E,权数," + ",".join(c.name for c in columns) + "\n"
    with sqlite_store.write() as conn:
        register.save(
            conn,
            [
                register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3000),
                register.Community("C2", "乙社区", sub_district="示例街道", adult_population=1000),
            ],
        )
        questionnaires.add(conn, "q", asked)
    commit(sqlite_store, inspect(sqlite_store, "a.csv", (header + "".join(lines)).encode(), ImportOptions("q")))
    return sqlite_store


def test_the_score_says_how_its_errors_came_about(town: Store, capsys: pytest.CaptureFixture[str]) -> None:
    results = snapshots.results(town, 2014)
    ways = [{"method": "JK1", "replicates": 6, "mse": False}]
    assert results.meta["errors"] == ways
    assert results.scores["subjective_df"].tolist() == [5, 5]
    assert results.scores["subjective_se"].notna().all()
    for lang, words in (("zh", "复制权重 JK1（6 组）"), ("en", "replicate weights JK1 (R = 6)")):
        sheets = read_sheets("a.xlsx", community_workbook(results, "C1", lang))
        assert words in {str(cell) for sheet in sheets for row in sheet.rows for cell in row}
    for command in (["score", "--year", "2014"], ["estimate", "--questionnaire", "q", "--item", "Q1"]):
        assert xingfu.main(["--store", town.where, "--json", *command]) == 0
        assert json.loads(capsys.readouterr().out)["meta"]["errors"] == ways


def test_a_scheme_that_weights_leaves_their_weights_and_says_so(town: Store) -> None:
    before = snapshots.results(town, 2014).scores
    people = [("C1", 2014, sex, "", 1500.0) for sex in ("男", "女")]
    with town.write() as conn:
        register.save_population(
            conn, pd.DataFrame(people, columns=["community", "year", "sex", "age_band", "population"])
        )
        raking = replace(default_scheme(), weighting="rake", margins=("sex",))
        schemes.add(conn, raking.code, raking.first_year, to_dict(raking))
    after = snapshots.results(town, 2014).scores
    assert after["subjective_se"].tolist() == before["subjective_se"].tolist()
    assert after["note"].str.contains("unweighted_replicates").all()
