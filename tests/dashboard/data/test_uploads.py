"""Uploads wait for a decision where nobody but their process can read them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from dashboard.data import uploads as module
from dashboard.data.uploads import Uploads
from survey.core import limits
from survey.core.errors import Refused
from survey.files import waiting


def test_what_waits_can_be_read_by_this_process_alone(tmp_path):
    uploads = Uploads(tmp_path)
    token = uploads.keep([("王13812345678.csv", b"13812345678")], {"who": "13812345678"}, "me")
    files = list((tmp_path / token).iterdir())
    assert len(files) == 2
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"13812345678" not in file.read_bytes()
    found = uploads.find(token, "me")
    assert (uploads.data(found, 0), found.files) == (b"13812345678", ("王13812345678.csv",))
    with pytest.raises(Refused):
        Uploads(tmp_path).find(token, "me")


def test_a_server_deletes_what_expired_without_being_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LOOK", 0.01)
    waits = Uploads(tmp_path)
    old, new = (waits.keep([("a.csv", b"1")], {}, "me") for _ in range(2))
    long_ago = time.time() - limits.UPLOAD_WAITS - 1
    os.utime(tmp_path / old / "0.bin", (long_ago, long_ago))
    with waits.swept():
        end = time.monotonic() + 10
        while (tmp_path / old).exists() and time.monotonic() < end:
            time.sleep(0.01)
    assert not (tmp_path / old).exists()
    assert waits.find(new, "me").files == ("a.csv",)


def test_a_server_deletes_what_a_killed_program_left_while_it_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with module.Uploads().swept():
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        left = tmp_path / f"{waiting.READING}{gone.pid}-x"
        left.mkdir()
        end = time.monotonic() + 10
        while left.exists() and time.monotonic() < end:
            time.sleep(0.01)
    assert not left.exists()


def test_it_looks_as_often_as_the_documents_say():
    text = (Path(__file__).resolve().parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert f"a server looks every {module.LOOK / 60:g} minutes" in text
