"""What would lift a community: whatever is said to suffice does, nothing promises more than there is."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from analysis.commands.lift import sentence
from analysis.improvement.lost_points import COLUMNS, answering, in_charge, loss_frame, offices_of, reason
from analysis.improvement.next_star import LIFT_COLUMNS, certain_gain, lift, lift_table, smallest
from analysis.scoring.rating import round_half_up
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.towns.fake_results import fake_results

run, town = commands.run, commands.town
results = commands.results

STARS = [(1, 650.0), (2, 700.0), (3, 750.0), (4, 800.0), (5, 900.0)]
GAINS = st.lists(st.floats(0, 60, allow_subnormal=False), max_size=8)
TOTALS = st.floats(0, 1000).map(lambda x: round(x, 4))


def star_of(total):
    return sum(float(round_half_up(np.array([total]))[0]) >= minimum for _, minimum in STARS)


@given(TOTALS, GAINS, st.floats(0.5, 15), st.integers(2, 300))
def test_what_suffices_reaches_the_star_and_what_is_sure_is_95_percent(exact, gains, se, df):
    way = lift(exact, star_of(exact), STARS, se, df, gains)
    if way is None:
        assert star_of(exact) == 5
        return
    assert way.gap > 0
    for place in way.singles:
        assert star_of(exact + gains[place]) >= way.star
    assert all(star_of(exact + gain) < way.star for p, gain in enumerate(gains) if p not in way.singles)
    if way.fewest is not None:
        assert star_of(exact + sum(gains[p] for p in way.fewest)) >= way.star
        assert len(set(way.fewest)) == len(way.fewest)
    if way.fewest_sure is not None:
        total = exact + sum(gains[p] for p in way.fewest_sure)
        assert t.sf((way.minimum - total) / se, df) >= 0.95 - 1e-9


@given(st.floats(700, 749.99), GAINS)
def test_no_fewer_measures_suffice(exact, gains):
    way = lift(exact, 2, STARS, np.nan, np.nan, gains)
    size = len(gains) + 1 if way.fewest is None else len(way.fewest)
    fewer = itertools.chain.from_iterable(itertools.combinations(gains, k) for k in range(size))
    assert all(star_of(exact + sum(some)) < 3 for some in fewer if abs(exact + sum(some) - 749.995) > 1e-5)
    assert way.sure is way.fewest_sure is None


def test_by_hand():
    # 10 short: no measure alone; 6 + 5 will do, 6 + 4 also, and 4 is the smallest second one
    way = lift(790.0, 3, STARS, 4.0, 60, [6.0, 5.0, 4.0, 1.0])
    assert (way.star, way.minimum, way.gap, way.singles, way.fewest) == (4, 800.0, 10.0, (), (0, 2))
    # R: 10 + qt(0.95, 60) * 4  = 16.68260
    assert way.sure == pytest.approx(16.68260, abs=1e-5)
    assert way.fewest_sure is None  # 16 in all
    assert lift(790.0, 3, STARS, 0.0, np.nan, [12.0]).sure == pytest.approx(10)  # a census
    assert lift(950.0, 5, STARS, 4.0, 60, [12.0]) is None


def test_half_a_hundredth_is_rounded_as_the_star_is():
    assert lift(790.0, 3, STARS, np.nan, np.nan, [9.995]).singles == (0,)
    assert lift(790.0, 3, STARS, np.nan, np.nan, [9.994]).singles == ()
    assert certain_gain(790, 800, np.nan, 60) is None
    assert smallest([0.0, 0.0], lambda gain: gain > 0) is None


def test_losses_are_never_more_than_were_lost_nor_than_the_best_shows():
    found = fake_results(2014)
    full, street, kind = (loss_frame(found, cap) for cap in ("full", "street", "type"))
    assert tuple(full.columns) == COLUMNS.names
    assert (full["possible"] == full["points_lost"]).all()
    assert (street["possible"] <= street["points_lost"]).all()
    best = found.indicators.groupby("indicator")["points_got"].max()
    one = street[(street["kind"] == "objective") & (street["community_code"] == "SL06")].iloc[0]
    assert one["possible"] == pytest.approx(best[one["code"]] - one["points_got"])
    assert kind["possible"].equals(street["possible"])  # without types it is the sub-district


def test_the_best_of_the_own_type():
    found = fake_results(2014)
    types = {"SL06": "a", "SL07": "a", "SL08": "b"}
    typed = found.scores.assign(type=found.scores["community_code"].map(types).fillna(""), feature="")
    typed = type(found)(found.meta, typed, found.items, found.indicators, found.flow, found.streets)
    rows = loss_frame(typed, "type").set_index(["community_code", "code"])
    got = found.indicators.set_index(["community_code", "indicator"])["points_got"]
    for code in ("ZZ03", "ST02", "HX02"):
        best = max(got["SL06", code], got["SL07", code])
        assert rows.loc[("SL06", code), "possible"] == pytest.approx(best - got["SL06", code])
    alone = loss_frame(typed, "street").set_index(["community_code", "code"])
    assert rows.loc["SL08", "possible"].equals(alone.loc["SL08", "possible"])


def test_items_of_few_people_are_not_listed():
    found = fake_results(2014)
    scores = found.scores.assign(n=found.scores["n"].where(found.scores["community_code"] != "SL11", 9.0))
    small = type(found)(found.meta, scores, found.items, found.indicators, found.flow, found.streets)
    assert set(loss_frame(small).query("community_code == 'SL11'")["kind"]) == {"objective"}
    few = found.items.assign(n=9.0)
    assert set(
        loss_frame(type(found)(found.meta, scores, few, found.indicators, found.flow, found.streets))["kind"]
    ) == {"objective"}


def test_the_summary_says_why_there_is_no_way():
    losses, summary = lift_table(fake_results(2014))
    assert tuple(summary.columns) == LIFT_COLUMNS.names
    notes = summary.set_index("community_code")["lift_note"]
    assert notes["SL01"] == "top"
    assert notes["SL09"] == notes["SL11"] == "no_total"
    near = summary.set_index("community_code").loc["SL06"]
    mine = losses[losses["community_code"] == "SL06"]
    assert near["singles"] == mine["alone"].sum()
    assert near["fewest"] == mine["fewest"].sum() == 1
    assert near["fewest_points"] == pytest.approx(mine.loc[mine["fewest"], "possible"].sum())


def test_reasons_and_offices_in_words():
    choices = [
        {"choice": str(k), "label_zh": word, "label_en": word, "share": share}
        for k, (word, share) in enumerate(
            [("很满意", 0.2), ("满意", 0.33), ("一般", 0.32), ("不满意", 0.12), ("很不满意", 0.03)]
        )
    ]
    row = {"kind": "subjective", "score": 66.4, "distribution": choices, "lead_office": "事务办+社工办", "office": ""}
    assert reason(row, "zh") == "居民打分 66，满意 53%；不满意 12%、很不满意 3%"
    assert reason({**row, "distribution": []}, "en") == "residents' score 66 / 100"
    assert answering(row) == ["事务办", "社工办"]
    assert answering({**row, "office": "妇联"}) == ["妇联"]
    assert in_charge({**row, "office": "社工办、妇联"}) == ["事务办", "社工办", "妇联"]
    assert offices_of(None, float("nan"), "a, b；a") == ["a", "b"]


def test_the_command_lists_losses_and_says_what_suffices(results):
    status, out, err = results("lift", "SL06")
    rows = table(out)
    assert status == 0
    assert {r["community"] for r in rows} == {"南塔社区"}
    assert any(r["why"] for r in rows)
    assert rows[0]["answering"]
    assert "南塔社区：距四星差" in err
    summary = json.loads(results("lift", "--summary", "--cap", "street", "--json")[1])
    assert summary["meta"]["cap"] == "street"
    assert len(summary["rows"]) == 12
    assert results("lift", "没有的社区")[0] == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_case_has_its_sentence(lang):
    base = {"next_star": 4.0, "gap": 2.67, "possible": 1.0, "singles": 0, "fewest": 2.0, "fewest_points": 3.0}
    cases = [{"lift_note": note} for note in ("no_total", "vetoed", "top")]
    cases += [{**base, "lift_note": "out_of_reach"}]
    cases += [
        {**base, "lift_note": "", "sure": sure, "fewest_sure": fewest, "singles": singles}
        for sure, fewest, singles in ((None, None, 0), (8.51, None, 2), (8.51, 3.0, 0))
    ]
    said = [sentence(case, lang) for case in cases]
    assert len(set(said)) == len(said)
    assert "8.6" in said[-1]  # never rounded below what is needed


def test_within_types_by_command(results):
    status, out, err = results("compare", "--within-type")
    assert status == 0
    assert len(table(out)) == 12
    assert "没有填基础类型" in err
