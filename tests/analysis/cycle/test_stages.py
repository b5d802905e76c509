"""Every outcome that a community may come to has its words and stands in every paper."""

from __future__ import annotations

import pytest

from analysis.cycle.stages import NO_NUMBER
from analysis.exports.workbook import community_workbook
from analysis.publication import cycle_steps, cycle_table, snapshots
from analysis.tables.scores import scores_for
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.lang import say
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import source_of, words
from tests.tools.towns.cycle_town import make_town

PAGES = ("/", "/community/C1", "/compare", "/cycle", "/awards", "/tasks", "/quality", "/robustness", "/drivers")


@pytest.mark.parametrize("outcome", NO_NUMBER)
def test_an_outcome_without_a_total_stands_in_every_page_command_and_workbook(sqlite_store, outcome):
    make_town(sqlite_store)
    title = Event("title", 2013, "C1", star=3, subject="history", document="1号", date="2013-12-01", who="李")
    cycle_steps.take(sqlite_store, title)
    said = {"outcome": outcome, "body": "district", "document": "2号", "date": "2014-12-01", "reason": "未调查"}
    cycle_steps.take(sqlite_store, Event("decided", 2014, "C1", who="李", **said))
    results = snapshots.results(sqlite_store, 2014)
    assert scores_for([results], "zh")["status"].tolist() == [outcome, "calculated"]
    assert cycle_table.cycle_table(cycle_table.read_cycle(sqlite_store, 2014))["status"].tolist()[0] == outcome
    for lang in ("zh", "en"):
        word = say(lang, f"cycle_words.status.{outcome}")
        assert say(lang, f"export.status.{outcome}") == word
        assert community_workbook(results, "C1", lang)
        for path in PAGES:
            shown = render(
                Viewer("主任", "local"),
                source_of(sqlite_store),
                sqlite_store,
                None,
                path,
                f"?year=2014&lang={lang}",
                {},
            )
            text = words(shown.children)
            assert "KeyError" not in text
            assert word in text or path not in ("/", "/community/C1", "/cycle")
