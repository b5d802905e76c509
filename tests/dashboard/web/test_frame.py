"""One script and one style are what every page needs, under addresses that name their content, compressed once."""

from __future__ import annotations

import gzip
import re

import brotli
import flask
import pytest

from dashboard.web import frame as framing
from dashboard.web.frame import FOREVER, packed
from tests.tools.dashboard_tools import fake_app

TEXT = b"function () { return 1; }\n" * 500


@pytest.mark.parametrize(
    ("takes", "coding", "read"),
    [("gzip, deflate, br, zstd", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", None, bytes)],
)
def test_everybody_gets_the_same_content(takes, coding, read):
    app = flask.Flask("here")
    with app.test_request_context("/", headers={"Accept-Encoding": takes}):
        answer = packed(TEXT, "text/javascript").answer()
    assert answer.headers.get("Content-Encoding") == coding
    assert read(answer.get_data()) == TEXT
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == (FOREVER, "Accept-Encoding")


def test_the_first_is_not_kept_waiting_and_those_after_get_less(monkeypatch):
    begun = []

    class Later:
        def __init__(self, target, daemon):
            begun.append(target)

        def start(self):
            """Nothing: the test lets it run."""

    monkeypatch.setattr(framing.threading, "Thread", Later)
    one = framing.Packed(b"".join(b"%d %d;" % (n, n * n % 9973) for n in range(5_000)), "text/plain")
    first = one.body("br")
    assert one.body("br") == first
    (best,) = begun
    best()
    assert len(one.body("br")) <= len(first)
    assert brotli.decompress(one.body("br")) == one.data


def test_a_tag_names_the_content():
    assert packed(TEXT, "text/css") is packed(TEXT, "text/css")
    assert packed(TEXT, "text/css").tag != packed(TEXT + b" ", "text/css").tag


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
