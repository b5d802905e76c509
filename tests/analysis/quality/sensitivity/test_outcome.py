"""Sampling error and choices of a whole year in one table."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import special

from analysis.indicators.imports import import_indicators
from analysis.publication import inputs as year_inputs
from analysis.publication import kept_measures, snapshots
from analysis.quality.sensitivity import outcome as sy
from analysis.quality.sensitivity.tables import MEASURE, RUNS, kept_share, reading
from analysis.scheme import default_scheme
from analysis.scheme.serial import from_dict
from survey.store.year import schemes
from tests.tools.towns import two_years
from tests.tools.towns.two_years import bring, indicator_file

town = two_years.scored_town


@pytest.fixture
def year(town):
    """Two communities with both parts: 937 points each, five stars from 900."""
    import_indicators(town, "i.csv", indicator_file(), 2014)
    return town


def run_all(store, year=2014):
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, year).definition)
        return scheme, sy.outcome(year_inputs.gather(conn, year, scheme))


def test_the_run_that_changes_nothing_is_the_score(year):
    _, out = run_all(year)
    scores = snapshots.results(year, 2014).scores
    np.testing.assert_allclose(out.exact[0], scores["total_exact"], rtol=1e-12)
    assert out.total[0].tolist() == scores["total"].tolist()
    assert out.star[0].tolist() == scores["star"].tolist()
    assert out.rank[0].tolist() == scores["rank"].tolist()


def test_the_presets_by_hand(year):
    """Q1 and the four others take levels 1, 2, 3 in turn, Q2 1, 2, 3, 4; 937 = 700 + 45 + 4 · 48 as it stands.

    Evenly spaced: Q1 (100 + 75 + 50)/3 = 75, Q2 (100 + 75 + 50 + 25)/4 = 62.5, so 41.25 + 4 · 45 = 221.25.
    """
    _, out = run_all(year)
    presets = {
        out.tried.presets[k]: out.total[r, 0] for r, k in enumerate(out.runs.preset) if out.runs.factor[r] == "preset"
    }
    assert presets["linear"] == pytest.approx(921.25)
    assert "floor20" not in presets  # nobody answered the lowest level, so it is the same as the one in force


def test_one_row_a_community_with_both_errors(year):
    scheme, out = run_all(year)
    row = sy.community_rows(scheme, out).iloc[0]
    score = snapshots.results(year, 2014).community("C1")
    assert (row["total"], row["total_low"], row["star_probability"]) == (
        score["total"],
        score["total_low"],
        score["star_probability"],
    )
    assert row["runs_total_low"] <= 921.25 <= row["total"] <= row["runs_total_high"]
    assert row["both_se"] == pytest.approx(np.hypot(score["subjective_se"], row["runs_sd"]))
    joint = out.exact[[f == "joint" for f in out.runs.factor], 0]
    chance = 1 - special.stdtr(score["subjective_df"], (900 - joint) / score["subjective_se"])
    assert row["both_probability"] == pytest.approx(chance.mean())
    assert 0 <= row["star_kept"] <= 1


@pytest.mark.parametrize(("five", "said"), [(900.0, "no"), (930.0, "yes")])
def test_where_the_answer_scale_alone_gives_another_star_the_method_changes_it(year, five, said):
    """937 as it stands, 921.25 evenly spaced, and no draw of weights leaves 930: the line of five stars decides."""
    with year.read() as conn:
        scheme = from_dict(schemes.applicable(conn, 2014).definition)
        scheme = replace(scheme, stars=tuple(replace(s, minimum=five) if s.star == 5 else s for s in scheme.stars))
        out = sy.outcome(year_inputs.gather(conn, 2014, scheme))
    assert sy.community_rows(scheme, out)["method_changes"].tolist() == [said, said]


@pytest.mark.parametrize(
    ("factor", "others", "changes"),
    [
        ("preset", 1, True),
        ("weighting", 1, True),
        ("dimensions", 5, False),
        ("dimensions", 6, True),
        ("items", 5, False),
        ("items", 6, True),
        ("completeness", 100, False),
        ("min_responses", 100, False),
        ("joint", 100, False),
    ],
)
def test_one_other_preset_or_weighting_is_enough_and_more_than_five_of_a_hundred_draws(factor, others, changes):
    star = np.array([4.0, *[3.0] * others, *[4.0] * (100 - others)])[:, None]
    out = SimpleNamespace(star=star, runs=SimpleNamespace(factor=("", *[factor] * 100)))
    assert sy._method_changes(out).tolist() == [changes]


def test_a_run_without_a_total_changes_the_star_and_says_so(year):
    """60 responses each: with at least 100 there is no total any more."""
    scheme, out = run_all(year)
    factors = sy.factor_rows(out).set_index("factor")
    assert factors.loc["min_responses", "changed_share"] == pytest.approx(1 / 2)
    assert factors.loc["min_responses", "communities"] == 2
    kept = sy.community_rows(scheme, out)["star_kept"]
    changed = [(factors.loc[f, "changed_share"] * factors.loc[f, "runs"]) for f in factors.index]
    assert 1 - kept.mean() == pytest.approx(sum(changed) / (len(out.runs) - 1))


def test_a_community_without_a_total_has_no_row(year):
    bring(year, 2015, rows=60)
    scheme, out = run_all(year, 2015)
    assert sy.community_rows(scheme, out).empty
    assert sy.factor_rows(out).empty
    assert reading([], [], 0, "zh") == "本年没有可以比较不同算法的社区：还没有总分，或公示之后又有新数据。"


def test_every_run_can_be_had_with_its_parameters(year):
    body = RUNS.find(year, 2014).body
    frame = RUNS.table().frame(body, "zh")
    assert frame["run"].tolist() == list(range(len(frame)))
    first = frame.iloc[0]
    assert (first["factor"], first["preset"], first["answered_share"], first["min_responses"]) == (
        "",
        "gd2011",
        0.5,
        50,
    )
    assert (first["dimension_service"], first["item_Q1"], first["total_C1"], first["star_C1"]) == (1, 1, 937, 5)
    some = RUNS.table().frame(RUNS.seen(body, lambda code: code == "C2"), "zh")
    assert list(some.columns[-3:]) == ["total_C2", "star_C2", "rank_C2"]
    assert "total_C1" not in some
    assert some["total_C2"].equals(frame["total_C2"])


def test_the_payload_gives_the_tables_and_the_same_one_again(year):
    found = MEASURE.find(year, 2014)
    frame = MEASURE.table().frame(found.body, "zh")
    assert frame["community"].tolist() == ["甲社区", "乙社区"]
    assert frame["star"].dtype == "Int64"
    factors = MEASURE.table("factors").frame(found.body, "en")
    assert factors["factor_text"].tolist()[0] == "scores of the answer scale"
    assert found.body["runs"] == factors["runs"].sum()
    with year.read() as conn:
        scheme = from_dict(schemes.applicable(conn, 2014).definition)
        assert kept_measures.to_plain(sy.measure(conn, 2014, scheme)) == found.body


def test_the_reading_names_who_moves_and_what_matters():
    rows = [{"community": f"社区{k}", "star_kept": share} for k, share in enumerate((1.0, 0.5, 0.997, 0.2, 0.9))]
    factors = [
        {"factor": "preset", "changed_share": 0.1, "mean_shift": 3.0, "largest_shift": 5.0},
        {"factor": "items", "changed_share": 0.0, "mean_shift": 9.0, "largest_shift": 9.0},
        {"factor": "joint", "changed_share": 0.9, "mean_shift": 9.0, "largest_shift": 9.0},
    ]
    text = reading(rows, factors, 468, "zh")
    assert text == (
        "5 个社区中 1 个在全部 468 种合理算法下星级不变；会变的有社区3（20% 的算法保持）、社区1（50% 的算法保持）、"
        "社区4（90% 的算法保持）等，另有 1 个。最敏感的是计分等级表。"
    )
    quiet = reading(rows[:1], [{**factors[1]}], 468, "en")
    assert quiet.endswith("What matters most: weights of the items, by at most 9.0 points.")


def test_shares_of_runs_are_never_rounded_to_all_or_none():
    assert [kept_share(s) for s in (1.0, 0.999, 0.5, 0.001, 0.0)] == ["100%", ">99%", "50%", "<1%", "0%"]


def test_bands_of_the_stars():
    low, high = sy._band(default_scheme(), np.array([0.0, 1.0, 5.0]))
    assert low.tolist() == [-np.inf, 650, 900]
    assert high.tolist() == [650, 700, np.inf]
