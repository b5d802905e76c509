"""What every answer says to the browser; whatever the server logs, numbers of persons are masked in it."""

from __future__ import annotations

import logging

import pytest

from dashboard.web.security import cookie, mask_logs
from tests.tools.dashboard_tools import fake_app


@pytest.fixture
def factory():
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def test_lines_and_tracebacks_of_logs_are_masked(factory, caplog):
    mask_logs()
    log = logging.getLogger("xingfu.dashboard")
    log.warning("file %s", "王13812345678.xlsx")
    try:
        raise ValueError("cell 330102 19900307 7758")
    except ValueError as error:
        log.error("failed", exc_info=error)
    said = caplog.text
    assert "王138****5678.xlsx" in said
    assert "330***********7758" in said
    assert "Traceback" in said
    assert "19900307" not in said


@pytest.mark.parametrize("path", ["/", "/community/SL06", "/download/scores.xlsx", "/no/such/page", "/healthz"])
def test_nothing_that_is_answered_is_kept_and_no_script_is_made_of_words(path):
    answer = fake_app().server.test_client().get(path, headers={"Accept": "text/html"})
    assert (answer.headers["Cache-Control"], answer.headers["X-Frame-Options"]) == ("no-store", "DENY")
    policy = answer.headers.get("Content-Security-Policy", "")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert answer.mimetype != "text/html" or "frame-ancestors 'none'" in policy


def test_that_a_name_answers_over_tls_is_said_where_it_does():
    """A browser that was told so of a server in clear would reach it no more."""
    client = fake_app().server.test_client()
    for path in ("/", "/healthz", "/assets/shell.js", "/no/such/page"):
        assert client.get(path, base_url="https://office.example").headers["Strict-Transport-Security"]
        assert "Strict-Transport-Security" not in client.get(path, base_url="http://localhost").headers
    assert (cookie("a", secure=True), cookie("a", secure=False)) == ("__Host-a", "a")
