"""The cards above the league."""

from types import SimpleNamespace
from typing import cast

from dashboard.pages.overview import cards
from dashboard.pages.overview.service import Overview


def test_a_street_without_population_says_why_its_subjective_mean_is_empty():
    data = SimpleNamespace(
        year=SimpleNamespace(meta={"dimensions": [{"subjective_points": 300}]}),
        aggregate={"subjective": None, "note": "no_population"},
        modes={"paper": 240},
    )
    words = str(cards._survey(cast(Overview, data), "en").to_plotly_json())
    assert "adult population" in words
