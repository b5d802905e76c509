"""What is compressed once is the same content for everybody, whatever they take."""

from __future__ import annotations

import gzip

import brotli
import flask
import pytest

from dashboard.web import packed as packing
from dashboard.web.packed import FOREVER, packed

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

    monkeypatch.setattr(packing.threading, "Thread", Later)
    one = packing.Packed(b"".join(b"%d %d;" % (n, n * n % 9973) for n in range(5_000)), "text/plain")
    first = one.body("br")
    assert one.body("br") == first
    (best,) = begun
    best()
    assert len(one.body("br")) <= len(first)
    assert brotli.decompress(one.body("br")) == one.data


def test_a_tag_names_the_content():
    assert packed(TEXT, "text/css") is packed(TEXT, "text/css")
    assert packed(TEXT, "text/css").tag != packed(TEXT + b" ", "text/css").tag
