"""The cards above the league."""

from types import SimpleNamespace
from typing import cast

from dashboard.pages.overview import cards
from dashboard.pages.overview.service import Overview
from dashboard.router import render
from dashboard.web.access import Viewer
from tests.tools.dashboard_tools import with_class, words
from tests.tools.towns.fake_results import FakeSource


def test_a_street_without_population_says_why_its_subjective_mean_is_empty():
    data = SimpleNamespace(
        year=SimpleNamespace(meta={"dimensions": [{"subjective_points": 300}]}),
        aggregate={"subjective": None, "note": "no_population"},
        modes={"paper": 240},
    )
    words = str(cards._survey(cast(Overview, data), "en").to_plotly_json())
    assert "adult population" in words


def shown(viewer, lang="zh"):
    sent = render(viewer, FakeSource(), None, None, "/", f"?year=2014&lang={lang}", {}).children
    return words(with_class(sent, "kpis")), words(with_class(sent, "sentence"))


def test_who_sees_one_community_reads_its_total_and_no_target_of_the_street():
    """达四星 1 个，还差 … was said of the street's targets as if the one community were all of it."""
    told, sentence = shown(Viewer("x", "community", frozenset({"SL06"})))
    row = FakeSource().results(2014).scores.set_index("community_code").loc["SL06"]
    assert "目标" not in told + sentence
    assert f"{row['total']:.0f}" in told
    assert "★" in told
    assert f"{row['subjective']:.1f}" in told
    assert "目标" in shown(Viewer("x", "leader"))[0]
    some = shown(Viewer("x", "leader", frozenset({"SL06", "SL07"})))
    assert "目标" not in some[0] + some[1]
    assert "已算出总分" in some[0]
