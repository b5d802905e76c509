"""Whatever the server logs, numbers of persons are masked in it."""

from __future__ import annotations

import logging

import pytest

from dashboard.web.security import mask_logs


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
