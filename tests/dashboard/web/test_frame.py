"""One script and one style are what every page needs, under addresses that name their content."""

from __future__ import annotations

import re

import pytest

from dashboard.web.packed import FOREVER
from tests.tools.dashboard_tools import fake_app


@pytest.fixture
def client():
    return fake_app().server.test_client()


def named(client):
    text = client.get("/").get_data(as_text=True)
    return re.findall(r'(?:src|href|data-frame)="([^"]+)"', text.partition('<div id="first">')[0] + text[-2000:])


def test_the_first_html_names_one_style_and_one_script(client):
    assert {re.sub(r"[0-9a-f]{16}", "…", one) for one in named(client) if "frame." in one} == {
        "/_dash-component-suites/dash/dcc/frame.….css",
        "/_dash-component-suites/dash/dcc/frame.….js",
    }


def test_both_are_kept_for_good_and_hold_what_pages_need(client):
    style, script = (next(one for one in named(client) if one.endswith(kind)) for kind in (".css", ".js"))
    for address in (style, script):
        assert client.get(address).headers["Cache-Control"] == FOREVER
    code = client.get(script).get_data(as_text=True)
    for part in ("MantineProvider", "xingfuToken", "dash_clientside", "regeneratorRuntime = ("):
        assert part in code
    assert code.endswith("var renderer = new DashRenderer();")
    assert "@media print" in client.get(style).get_data(as_text=True)


def test_another_content_is_not_there(client):
    for name in ("frame.0123456789abcdef.js", "frame.0123456789abcdef.css", "frame.x.map"):
        assert client.get(f"/_dash-component-suites/dash/dcc/{name}").status_code == 404


def test_what_is_loaded_later_lies_where_the_script_does(client):
    assert client.get("/_dash-component-suites/dash/dcc/async-graph.js").status_code == 200
