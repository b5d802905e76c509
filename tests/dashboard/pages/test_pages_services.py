"""What the pages are told equals what the results say."""

from dataclasses import replace

import pytest

from analysis.improvement.next_star import lift
from dashboard.data.results import year_or_latest
from dashboard.pages.community.service import community, enough
from dashboard.pages.compare.service import comparison
from dashboard.pages.overview.service import overview
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.dashboard_tools import show, words
from tests.tools.towns.fake_results import CODES, FakeSource, fake_results

ADMIN = Viewer("local", "local")
SOURCE = FakeSource()


def test_rows_are_the_results_rows_in_league_order():
    data = overview(ADMIN, SOURCE, 2014)
    totals = [r["total"] for r in data.rows if r["total"] is not None]
    assert totals == sorted(totals, reverse=True)
    assert {r["community_code"]: r["total"] for r in data.rows} == {
        c: fake_results(2014).community(c)["total"] for c in CODES
    }


def test_targets_count_cumulatively_and_round_half_up():
    goals = {t.star: t for t in overview(ADMIN, SOURCE, 2014).targets}
    stars = [s for s in fake_results(2014).scores["star"] if s == s and s is not None]
    assert {k: t.reached for k, t in goals.items()} == {k: sum(s >= k for s in stars) for k in (3, 4, 5)}
    assert {k: t.wanted for k, t in goals.items()} == {3: 12, 4: 6, 5: 4}
    assert goals[5].short == 4 - goals[5].reached


def test_who_has_no_total_yet_is_neither_reached_nor_missed():
    """Two communities without a total: counted by themselves, and the shortfall has two ends."""
    goals = {t.star: t for t in overview(ADMIN, SOURCE, 2014).targets}
    assert {t.unknown for t in goals.values()} == {2}
    goal = goals[3]
    assert (goal.least_short, goal.short) == (goal.wanted - goal.reached - 2, goal.wanted - goal.reached)
    page = words(show("/", "?year=2014").children)
    assert f"还差 {goal.least_short}–{goal.short} 个（2 个尚无总分）" in page

    class Whole(FakeSource):
        def results(self, year):
            found = fake_results(year)
            scores = found.scores.assign(star=found.scores["star"].fillna(2.0))
            return replace(found, scores=scores)

    page = words(show("/", "?year=2014", Whole()).children)
    assert "尚无总分" not in page
    assert f"还差 {goal.short} 个" in page


def test_a_sample_of_unknown_size_lacks_no_number_of_responses():
    class Unknown(FakeSource):
        def results(self, year):
            found = fake_results(year)
            scores = found.scores.assign(n=found.scores["n"].where(found.scores["community_code"] != "SL11"))
            return replace(found, scores=scores)

    data = overview(ADMIN, Unknown(), 2014)
    assert (data.enough_responses, data.unknown_responses, data.missing_responses) == (11, 1, {})
    assert "11 / 12 达到最低 50 份（1 个份数未知）" in words(show("/", "?year=2014", Unknown()).children)


def test_a_vetoed_community_reaches_no_target():
    found = fake_results(2014)
    scores = found.scores.copy()
    scores.loc[scores["community_code"] == "SL01", "status"] = "vetoed"

    class Vetoed(FakeSource):
        def results(self, year):
            return type(found)(found.meta, scores, found.items, found.indicators, found.flow, found.streets)

    before, after = overview(ADMIN, SOURCE, 2014), overview(ADMIN, Vetoed(), 2014)
    assert after.states["SL01"] == "vetoed"
    assert [b.reached - a.reached for b, a in zip(before.targets, after.targets, strict=True)] == [1, 1, 1]


def test_states_say_why_there_is_no_star():
    states = overview(ADMIN, SOURCE, 2014).states
    assert (states["SL11"], states["SL09"], states["SL06"]) == ("too_few", "no_objective", "rated")


def test_missing_responses_are_the_minimum_less_what_there_is():
    data = overview(ADMIN, SOURCE, 2014)
    assert data.missing_responses == {"西埠社区": 12}
    assert data.enough_responses == 11


def test_rates_are_points_won_over_points_there_are():
    row = fake_results(2014).community("SL03")
    rates = overview(ADMIN, SOURCE, 2014).rates["SL03"]
    assert rates["ecology"] == pytest.approx((row["objective_ecology"] + row["subjective_ecology"]) / 200)
    assert overview(ADMIN, SOURCE, 2014).rates["SL09"]["ecology"] is None


def test_a_viewer_sees_only_the_communities_in_scope_and_no_aggregate():
    clerk = Viewer("clerk", "leader", frozenset({"SL02"}))
    data = overview(clerk, SOURCE, 2014)
    assert [r["community_code"] for r in data.rows] == ["SL02"]
    assert data.aggregate is None
    with pytest.raises(Refused):
        community(clerk, SOURCE, 2014, "SL01")


@pytest.mark.parametrize(
    "call",
    [
        lambda: overview(ADMIN, SOURCE, 1999),
        lambda: overview(ADMIN, SOURCE, 2014, "没有的街道"),
        lambda: community(ADMIN, SOURCE, 2014, "nobody"),
        lambda: comparison(ADMIN, SOURCE, 2014, "", ["SL01", "nobody"]),
        lambda: comparison(ADMIN, SOURCE, 2014, "", list(CODES[:6])),
    ],
)
def test_unknown_arguments_are_refused_in_a_sentence(call):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.word("zh").endswith("。")


def test_losses_are_the_largest_of_indicators_and_items():
    data = community(ADMIN, SOURCE, 2014, "SL06")
    lost = [x.lost for x in data.losses]
    frames = fake_results(2014)
    every = sorted([r["points_lost"] for f in ("items", "indicators") for r in frames.rows(f, "SL06")], reverse=True)
    assert lost == pytest.approx([x for x in every if x > 0.005])
    assert data.shown == data.losses[:5]


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.5, ("one", 6)),
        (1.5, ("any", 4)),
        (5.5, ("first", 1)),
        (10.5, ("some", 2)),
        (18.3, ("some", 5)),
        (19.5, ("many", 6)),
        (30.0, ("none", 6)),
    ],
)
def test_what_it_takes_to_reach_the_next_star(gap, said):
    gains = [6.0, 5.0, 4.0, 2.0, 1.4, 1.3]
    way = lift(800 - gap, 3, [(3, 750.0), (4, 800.0)], float("nan"), float("nan"), gains)
    assert enough([object()] * 6, 5, way) == said


def test_points_to_be_sure_make_the_next_star_95_percent_likely():
    from scipy.stats import t

    data = community(ADMIN, SOURCE, 2014, "SL06")
    row = data.row
    reached = row["total_exact"] + data.way.sure
    assert t.sf((800 - reached) / row["subjective_se"], row["subjective_df"]) == pytest.approx(0.95)


def test_a_group_under_ten_has_no_breakdown():
    found = fake_results(2014)
    scores, items = found.scores.copy(), found.items.copy()
    scores.loc[scores["community_code"] == "SL11", "n"] = 9
    items.loc[items["community_code"] == "SL11", "n"] = 9

    class Small(FakeSource):
        def results(self, year):
            return type(found)(found.meta, scores, items, found.indicators, found.flow, found.streets)

    data = community(ADMIN, Small(), 2014, "SL11")
    assert data.lowest == ()
    assert all(p.subjective is None for p in data.parts)
    assert all(x.kind == "objective" for x in data.losses)
    assert overview(ADMIN, Small(), 2014).rates["SL11"] == dict.fromkeys(overview(ADMIN, Small(), 2014).rates["SL11"])


def test_history_holds_every_year_with_its_interval():
    data = community(ADMIN, SOURCE, 2014, "SL06")
    assert [m.year for m in data.history] == [2012, 2013, 2014]
    assert data.history[-1].low == fake_results(2014).community("SL06")["total_low"]
    assert community(ADMIN, SOURCE, 2014, "SL11").history[-1].total is None


def test_comparison_without_a_choice_shows_the_telling_ones():
    data = comparison(ADMIN, SOURCE, 2014)
    totals = {c: fake_results(2014).community(c)["total"] for c in CODES}
    known = {c: t for c, t in totals.items() if t is not None}
    assert data.lines[0].code == max(known, key=known.get)
    assert data.lines[-1].code == min(known, key=known.get)


def test_year_from_the_address_then_memory_then_the_latest():
    assert year_or_latest(SOURCE, 2012, stored=2013) == 2012
    assert year_or_latest(SOURCE, None, stored=2013) == 2013
    assert year_or_latest(SOURCE, None, stored=1999) == 2014
    assert year_or_latest(FakeSource(years=()), None) is None
