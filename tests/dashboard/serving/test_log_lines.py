"""The log as lines of JSON: whole, masked, its owner's alone, and gone on with where it was moved away."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys

import pytest

from dashboard.serving.log_lines import lines_to
from dashboard.web.request_log import line
from survey.core.errors import Surroundings


@pytest.fixture(autouse=True)
def factory():
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def read(path):
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


def test_lines_are_json_with_time_level_and_event(tmp_path):
    place = tmp_path / "server.log"
    with lines_to(str(place)):
        line(logging.INFO, "job", kind="store", seconds=0.5)
        logging.getLogger("xingfu.dashboard").error("failed for %s", "13812345678")
        try:
            raise ValueError("13812345678")
        except ValueError as error:
            logging.getLogger("xingfu.dashboard").error("callback failed", exc_info=error)
        logging.getLogger("somebody.else").info("not ours")
    logging.getLogger("xingfu.dashboard").error("after the end")
    job, failed, raised = read(place)
    assert list(job) == ["at", "level", "event", "kind", "seconds"]
    assert (job["level"], job["event"], job["kind"]) == ("info", "job", "store")
    assert job["at"][10] == "T"
    assert job["at"][-6] in "+-"
    assert (failed["event"], failed["text"]) == ("message", "failed for 138****5678")
    assert "ValueError: 138****5678" in raised["traceback"]


def test_outside_of_it_nothing_is_as_it_was_not_before(tmp_path):
    root, ours = logging.getLogger(), logging.getLogger("xingfu")
    before = list(root.handlers), ours.level
    with lines_to(str(tmp_path / "a.log")):
        assert logging.getLogger("xingfu.requests").isEnabledFor(logging.INFO)
    assert (root.handlers, ours.level) == before
    with lines_to(""):
        assert (root.handlers, ours.level) == before


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such rights there")
def test_the_file_is_its_owners_alone_is_appended_to_and_may_be_rotated(tmp_path):
    place = tmp_path / "server.log"
    with lines_to(str(place)):
        line(logging.INFO, "one")
    with lines_to(str(place)):
        line(logging.INFO, "two")
        place.rename(tmp_path / "server.log.1")
        line(logging.INFO, "three")
    assert [found["event"] for found in read(tmp_path / "server.log.1")] == ["one", "two"]
    assert [found["event"] for found in read(place)] == ["three"]
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, path


def test_standard_error(capsys):
    with lines_to("-"):
        line(logging.INFO, "here")
    assert json.loads(capsys.readouterr().err)["event"] == "here"


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(Surroundings) as caught, lines_to(str(tmp_path / "no" / "such" / "folder.log")):
        pass
    assert caught.value.key == "disk.cannot_write"
