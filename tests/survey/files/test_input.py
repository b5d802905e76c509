"""A file that somebody names: its size is looked at first, and nothing is waited for forever."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from survey.core import limits
from survey.core.errors import Refused, Surroundings
from survey.files.input import read_input
from survey.store import keyring
from tests.tools.commands import run  # noqa: F401

PIPES = pytest.mark.skipif(os.name != "posix", reason="pipes with names")


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_files_that_cannot_be_read_are_one_sentence(name, tmp_path):
    with pytest.raises(Refused) as error:
        read_input(tmp_path / name)
    assert error.value.word("zh") != error.value.word("en")


def large(folder, size=1_500_000_000):
    """A file of this size that takes no room on the disk."""
    path = folder / "large.json"
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_a_file_over_its_cap_is_refused_unread_and_both_sizes_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr("survey.files.input.os.read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(Refused) as refused:
        read_input(large(tmp_path), limits.SMALL_UPLOAD_BYTES)
    said = refused.value.word("en")
    assert "1500 MB" in said
    assert "5 MB" in said
    with pytest.raises(Refused) as refused:
        read_input(large(tmp_path, limits.UPLOAD_BYTES + 1))
    assert "50.1 MB" in refused.value.word("en")


def test_a_file_within_its_cap_is_read_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 2_500_001)
    assert read_input(path) == b"x" * 2_500_001
    assert len(read_input(path, 2_500_001)) == 2_500_001


@PIPES
def test_a_pipe_that_nobody_writes_to_is_not_waited_for_forever(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "INPUT_SECONDS", 0.3)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused) as refused:
        read_input(tmp_path / "pipe")
    assert refused.value.key == "cli.nothing_comes"
    monkeypatch.setenv(keyring.FILE_IN_ENVIRONMENT, str(tmp_path / "pipe"))
    monkeypatch.delenv(keyring.IN_ENVIRONMENT, raising=False)
    with pytest.raises(Surroundings):
        keyring.load()


@PIPES
def test_a_pipe_that_somebody_writes_to_is_read_to_its_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    def write():
        with (tmp_path / "pipe").open("wb", buffering=0) as pipe:
            for _ in range(5):
                pipe.write(b"x" * 100_000)
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    assert read_input(tmp_path / "pipe") == b"x" * 500_000
    writer.join()


@pytest.mark.skipif(os.name != "posix", reason="devices that are files")
def test_a_device_that_never_ends_is_refused_at_the_cap():
    with pytest.raises(Refused) as refused:
        read_input(Path("/dev/zero"), 3_000_000)
    assert refused.value.key == "preflight.too_big"


@pytest.mark.parametrize(
    "words",
    [
        ["import", "a.csv", "--questionnaire", "default", "--mapping", "large.json"],
        ["import", "a.csv", "--questionnaire", "default", "--decisions", "large.json"],
        ["import", "large.json", "--questionnaire", "default"],
        ["scheme", "check", "large.json"],
        ["scheme", "add", "large.json"],
        ["questionnaire", "check", "large.json"],
        ["questionnaire", "add", "large.json"],
        ["communities", "add", "large.json"],
        ["calls", "import", "large.json"],
        ["indicators", "import", "large.json", "--year", "2014"],
        ["coverage", "--plan", "large.json", "--year", "2014"],
        ["tasks", "import", "large.json", "--year", "2014"],
        ["cycle", "import", "decisions", "large.json", "--year", "2014"],
    ],
    ids=" ".join,
)
def test_every_command_looks_at_the_size_first(words, run, tmp_path):  # noqa: F811
    large(tmp_path)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run("init")[0] == 0
    status, out, err = run("--lang", "en", *words)
    assert status == 3
    assert "1500 MB" in out + err
