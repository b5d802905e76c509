"""A line for each request: what it was and how long it took, never who asked, from where, or with which words."""

from __future__ import annotations

import logging

import pytest

from dashboard.web import request_log
from survey.core import limits
from tests.tools.dashboard_tools import fake_app


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger=request_log.LOG.name)
    return lambda: [
        record.fields | {"level": record.levelname} for record in caplog.records if hasattr(record, "fields")
    ]


def asked(path, **more):
    return fake_app().server.test_client().get(path, **more)


def test_a_request_is_one_line_with_route_page_and_role(lines):
    answer = asked("/community/SL06?year=2014", headers={"Accept": "text/html"})
    (line,) = lines()
    assert {k: line[k] for k in ("event", "method", "route", "page", "status", "role", "level")} == {
        "event": "request",
        "method": "GET",
        "route": "/<path:path>",
        "page": "community",
        "status": 200,
        "role": "local",
        "level": "INFO",
    }
    assert 0 <= line["seconds"] < 60
    assert line["bytes"] == len(answer.data)


def test_no_line_says_who_asked_or_with_which_words(lines):
    secret = "王芳 13812345678"
    for path in (f"/?q={secret}", f"/{secret}", f"/api/v1/scores?year={secret}", f"/download/{secret}.xlsx"):
        asked(
            path,
            headers={"User-Agent": secret.encode().decode("latin-1"), "Referer": "http://192.0.2.77/x"},
            environ_base={"REMOTE_ADDR": "192.0.2.77"},
        )
    found = lines()
    assert len(found) == 4
    for told in ("王芳", "138", "192.0.2.77"):
        assert told not in str([{k: v for k, v in line.items() if k not in ("seconds", "bytes")} for line in found])


def test_what_is_slow_or_fails_is_a_warning(lines, monkeypatch):
    monkeypatch.setattr(limits, "SLOW_SECONDS", 0.0)
    asked("/healthz")
    assert lines()[-1]["level"] == "WARNING"


def test_where_nobody_reads_the_log_no_line_is_made(caplog):
    with caplog.at_level(logging.WARNING, logger=request_log.LOG.name):
        asked("/healthz")
    assert not caplog.records
