"""What is said after an import: scores that moved, and published results that do not count what came."""

from __future__ import annotations

from analysis.publication import snapshots
from dashboard.pages.imports.service import import_history
from dashboard.router import render
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns.cycle_town import late_answers, make_town, publish


def said(store: Store, batch: int) -> import_history.Aftermath:
    snapshots.keep_current(store, 2014)  # as storing does
    return import_history.aftermath(ADMIN, store, import_history.receipts(ADMIN, store, str(batch)), "zh")


def test_answers_of_a_published_community_move_no_score_that_is_shown(sqlite_store):
    store = publish(sqlite_store)
    warnings = ("2014 年已公示：公示之后的新数据不计入已公示的结果（1 个社区：甲社区）。",)
    assert said(store, late_answers(store)) == import_history.Aftermath(warnings=warnings)
    assert "公示之后 1 个社区又有新数据，未计入" in words(
        render(ADMIN, source_of(store), store, None, "/", "", {}).children
    )


def test_before_the_publication_they_do(sqlite_store):
    store = make_town(sqlite_store)
    assert said(store, late_answers(store)) == import_history.Aftermath(("2014 年的得分已按新数据重新计算。",))
