"""What waits is its owner's, and goes with its process, however that ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import xingfu
from survey.core import limits
from survey.files import waiting

ROOT = Path(__file__).resolve().parents[3]
#: makes a folder with a file in it and waits, as a reading or serving program does
WAITS = """
import sys, time
from survey.files.waiting import READING, Held
held = Held(READING)
(held.path / "in").write_bytes(b"13812345678")
print(held.path, flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_private_and_goes_when_it_is_dropped(place):
    held = waiting.Held(waiting.UPLOADS)
    assert stat.S_IMODE(held.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((held.path / waiting.LOCK).stat().st_mode) == 0o600
    held.drop()
    held.drop()
    assert list(place.iterdir()) == []


def test_what_a_killed_program_left_is_swept_and_what_lives_is_not(place):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", WAITS], stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    try:
        assert (waiting.sweep(), folder.is_dir()) == (0, True)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert (folder / "in").exists()
    assert (waiting.sweep(), folder.exists()) == (1, False)


def test_a_folder_without_a_lock_waits_for_it_and_others_are_never_touched(place):
    fresh, other = place / f"{waiting.READING}new", place / "xingfu-else"
    fresh.mkdir()
    other.mkdir()
    assert waiting.sweep() == 0
    os.utime(fresh, (time.time() - limits.UPLOAD_WAITS - 60,) * 2)
    os.utime(other, (0, 0))
    assert waiting.sweep() == 1
    assert [p.name for p in place.iterdir()] == ["xingfu-else"]
    (place / f"{waiting.UPLOADS}link").symlink_to(other)
    assert waiting.sweep() == 0


def test_a_folder_whose_maker_was_killed_before_the_lock_is_swept_at_once(place):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead, living = (place / f"{waiting.READING}{number}-x" for number in (child.pid, os.getpid()))
    dead.mkdir()
    living.mkdir()
    assert waiting.sweep() == 1
    assert [p.name for p in place.iterdir()] == [living.name]


def test_every_command_sweeps_first(place, monkeypatch):
    monkeypatch.chdir(place)
    dead = place / f"{waiting.UPLOADS}dead"
    dead.mkdir()
    (dead / waiting.LOCK).touch()
    (dead / "0.bin").write_bytes(b"13812345678")
    xingfu.main(["batches"])
    assert not dead.exists()


@pytest.mark.parametrize("number", [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)])
def test_a_command_that_is_told_to_end_ends_as_by_ctrl_c(place, number):
    code = (
        "import sys, os, signal, xingfu\n"
        "from survey.files import waiting\n"
        "def told():\n"
        "    held = waiting.Held(waiting.READING)\n"
        "    try:\n"
        f"        os.kill(os.getpid(), signal.{number})\n"
        "        import time; time.sleep(30)\n"
        "    finally:\n"
        "        held.drop()\n"
        "waiting.sweep = told\n"
        "sys.exit(xingfu.main(['batches']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=60)
    assert done.returncode == xingfu.STOPPED
    assert [p for p in place.iterdir() if p.name.startswith("xingfu-")] == []


def test_a_folder_that_is_being_made_is_not_swept(place):
    """Between making its file and locking it, whoever starts meanwhile once took it for dead: “no such file” in the middle of
    an import."""
    young, old = (place / f"{waiting.READING}{os.getpid()}-{name}" for name in ("young", "old"))
    for folder in (young, old):
        folder.mkdir()
        (folder / waiting.LOCK).touch()
    os.utime(old, (time.time() - waiting.MAKING_SECONDS - 5,) * 2)  # its number is somebody else's by now
    assert waiting.sweep() == 1
    assert [p.name for p in place.iterdir()] == [young.name]


def test_whoever_only_looks_does_not_keep_its_lock_from_the_maker(place, monkeypatch):
    """Who looks whether a folder is dead has its lock for a moment; its maker waits that moment."""
    take, tried = waiting.take, []

    def looked_at(number, *, shared):
        tried.append(shared)
        return len(tried) > 3 and take(number, shared=shared)

    with monkeypatch.context() as here:
        here.setattr(waiting, "take", looked_at)
        held = waiting.Held(waiting.READING)
    os.utime(held.path, (0, 0))
    assert (waiting.sweep(), len(tried)) == (0, 4)
    held.drop()
