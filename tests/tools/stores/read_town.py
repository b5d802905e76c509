"""A town for programs that read: two large communities over two years, one of seven and one of three respondents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.indicators.imports import commit_indicators, inspect_indicators
from analysis.publication import snapshots
from dashboard.accounts import programs
from survey.coding.options import ImportOptions
from survey.core import limits
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.year import register
from tests.tools import templates
from tests.tools.stores.accounts import server
from tests.tools.towns.two_years import indicator_file, make_town

BIG, FEW, FEWEST = "C1", "C3", "C4"
#: of how many respondents the two small communities are
SMALL = {"丙社区": 7, "丁社区": 3}


@templates.once
def make_read_town(store):
    """``two_years`` with the small ones, indicator values and the results of both years."""
    make_town(store)
    with store.write() as conn:
        register.save(
            conn,
            [
                register.Community(code, name, sub_district="示例街道", adult_population=1000)
                for code, name in zip((FEW, FEWEST), SMALL, strict=True)
            ],
        )
    lines = [
        f"{p}{i},{p},2014,{1 + i % 3},{1 + i % 4}" + f",{1 + i % 3}" * 4 + "\n"
        for p, n in SMALL.items()
        for i in range(n)
    ]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    commit(store, inspect(store, "small.csv", data, ImportOptions("q")))
    commit_indicators(store, inspect_indicators(store, "values.csv", indicator_file(), 2014))
    for year in (2013, 2014):
        snapshots.results(store, year)


class Reader:
    """A program with a token, asking a server for rows."""

    def __init__(self, store, role="leader", *scopes, name="报表", app=None):
        self.app = app or server(store, alone=False)
        self.token = programs.add(store, name, role, scopes, "tests")
        self.client = self.app.test_client()

    def get(self, path: str, **headers: str) -> Any:
        """The answer as it is."""
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        answer = self.client.get(path if path.startswith("/") else f"/api/v1/{path}", headers=sent)
        answer.get_data()
        answer.close()
        return answer

    def body(self, path: str, **headers: str) -> dict[str, Any]:
        """What an answer that is one says."""
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = json.loads(answer.get_data(as_text=True))
        return found

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Every row, page after page."""
        found, cursor, glue = [], "", "&" if "?" in path else "?"
        while cursor is not None:
            page = self.body(f"{path}{glue}cursor={cursor}" if cursor else path)
            found += page["rows"]
            cursor = page["next"]
        return found


@pytest.fixture(scope="module")
def unhurried_reader(tmp_path_factory):
    """A clerk's program on the town, that may ask as often as it likes."""
    store = templates.empty_store(tmp_path_factory.mktemp("api") / "x.db")
    make_read_town(store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "API_REQUESTS", 10**9)
        yield Reader(store, "clerk")
    Store.close(store)
