"""The routing callback as the browser calls it: what is kept, what is remembered, what is hostile."""

import pytest
from dash import Input, Output, html

from analysis.scoring.results import Results
from dashboard.app import create_app
from dashboard.data.page_cache import Kept
from dashboard.web.access import guarded
from dashboard.web.address import COOKIE_LANGUAGE
from survey.core import commits
from survey.core.errors import Surroundings
from survey.core.lang import say
from tests.tools.towns.fake_results import FakeSource, fake_results


def ask(client, path="/", search=""):
    """The answer of the routing callback."""
    return client.post(
        "/_dash-update-component",
        json={
            "output": "..page.children...view.data..",
            "outputs": [{"id": "page", "property": "children"}, {"id": "view", "property": "data"}],
            "inputs": [
                {"id": "url", "property": "pathname", "value": path},
                {"id": "url", "property": "search", "value": search},
                {"id": "refresh", "property": "data", "value": None},
            ],
            "changedPropIds": ["url.pathname"],
            "state": [],
        },
    )


class Moving(FakeSource):
    """Results that change when ``version`` does."""

    version = 1
    read = 0

    def snapshot(self, year):
        return f"{year}-{self.version}"

    def results(self, year):
        self.read += 1
        found = fake_results(year)
        scores = found.scores.assign(community=[f"{n} v{self.version}" for n in found.scores["community"]])
        return Results(found.meta, scores, found.items, found.indicators, found.flow, found.streets)


def test_a_page_is_made_once_for_a_snapshot_and_again_for_the_next():
    source = Moving()
    client = create_app(None, source=source).server.test_client()
    first = ask(client, search="?year=2014").get_data(as_text=True)
    reads = source.read
    assert ask(client, search="?year=2014").get_data(as_text=True) == first
    assert source.read == reads
    source.version = 2
    assert "春晖社区 v2" in ask(client).get_json()["response"]["page"]["children"].__str__()


def test_the_address_is_completed_and_remembered():
    client = create_app(None, source=FakeSource()).server.test_client()
    view = ask(client, "/community/SL06", "?lang=en&year=2013").get_json()["response"]["view"]["data"]
    assert (view["path"], view["search"], view["lang"]) == ("/community/SL06", "?lang=en&year=2013", "en")
    view = ask(client).get_json()["response"]["view"]["data"]
    assert view["search"] == "?lang=en&year=2013"
    assert ask(client, search="?lang=zh").get_json()["response"]["view"]["data"]["search"] == "?lang=zh&year=2013"


def test_the_server_starts_in_the_language_it_was_told():
    client = create_app(None, source=FakeSource(), lang="en").server.test_client()
    assert ask(client).get_json()["response"]["view"]["data"]["lang"] == "en"
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("hostile", [{"a": 1}, ["/"], 7, None, "/" + "x" * 5000, "/community/../../etc", "/%00"])
def test_a_hostile_address_gets_a_page_and_no_fault(hostile):
    client = create_app(None, source=FakeSource()).server.test_client()
    assert ask(client, hostile, hostile).status_code == 200


def test_an_unexpected_fault_is_one_sentence(caplog):
    class Broken(FakeSource):
        def results(self, year):
            raise RuntimeError("secret detail")

    client = create_app(None, source=Broken()).server.test_client()
    answer = ask(client).get_json()
    assert (
        answer["sideUpdate"]["notice"]["children"]
        == "操作没有完成。请重试；若仍不行，请联系管理员查看服务日志。没有存入或改动任何数据，可以重新操作。"
    )
    assert "secret" not in str(answer)
    assert "secret detail" in caplog.text


def test_only_the_latest_values_are_kept():
    kept, made = Kept(2), []

    def make(name):
        return lambda: made.append(name) or name

    for name in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(name, make(name)) == name
    assert made == ["a", "b", "c", "b"]  # b was the one used least lately when c came


def test_what_fails_around_a_page_is_said_on_it_and_what_was_stored_by_then():
    """One sentence of the surroundings, not that the program failed; and after a commit nobody says that nothing is in."""

    class Away(FakeSource):
        error: Exception = Surroundings("store.disk_full", where="x.db")
        commits = 0

        def years(self):
            for _ in range(self.commits):
                commits.kept()
            raise self.error

    source = Away()
    client = create_app(None, source=source).server.test_client()
    client.set_cookie(COOKIE_LANGUAGE, "en")

    def said():
        return ask(client).get_json()["sideUpdate"]["notice"]["children"]

    assert said() == source.error.word("en")
    source.commits = 1
    assert said() == f"{source.error.word('en')} {say('en', 'outcome.kept')}"
    source.error = RuntimeError("x")
    assert said() == f"{say('en', 'dash_errors.failed')} {say('en', 'outcome.kept')}"
    source.commits = 0
    assert said() == f"{say('en', 'dash_errors.failed')} {say('en', 'outcome.nothing')}"


def test_what_a_callback_puts_on_a_page_is_masked_and_what_it_hands_to_the_browser_stays():
    app = create_app(None, source=FakeSource())

    @app.callback(Output("seen", "children"), Output("kept", "data"), Input("press", "n_clicks"))
    @guarded("sign_in")
    def press(viewer, clicks):
        return html.B(f"王{'13812345678'}"), "13812345678"

    outputs = [{"id": "seen", "property": "children"}, {"id": "kept", "property": "data"}]
    body = {
        "output": "..seen.children...kept.data..",
        "outputs": outputs,
        "inputs": [{"id": "press", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["press.n_clicks"],
    }
    told = app.server.test_client().post("/_dash-update-component", json=body).get_json()["response"]
    assert told["seen"]["children"]["props"]["children"] == "王138****5678"
    assert told["kept"]["data"] == "13812345678"
