"""Numbers of the newest data say so where a published year shows older ones."""

from __future__ import annotations

from dashboard.router import render
from dashboard.web.access import Viewer
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns.cycle_town import late_answers, publish

PAGES = ("/quality", "/robustness", "/estimates")


def test_pages_of_the_newest_data_name_whom_the_published_result_does_not_count(sqlite_store):
    town = publish(sqlite_store)

    def shown(path, viewer=ADMIN, lang="zh"):
        return words(render(viewer, source_of(town), town, None, path, f"?year=2014&lang={lang}", {}).children)

    assert "新来的数据" not in shown("/robustness")
    late_answers(town)
    for path in PAGES:
        assert "2014 年公示之后 1 个社区（甲社区）新来的数据" in shown(path)
    assert "after 2014 was published (甲社区)" in shown("/estimates", lang="en")
    for path, rescored in (("/quality", True), ("/robustness", True), ("/estimates", False)):
        assert ("重新计算的得分不列这些社区" in shown(path)) == rescored
    assert "新来的数据" not in shown("/robustness", Viewer("乙", "admin", frozenset({"C2"})))
