"""A set of files appears as a whole, over what was there or where nothing was, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from survey.core.disk import beside_of, write_file, write_set
from survey.core.errors import Surroundings

FILES = [("a.txt", b"new a"), ("below/b.txt", b"new b"), ("c.txt", b"new c")]


def inside(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_set_of_files_is_there_as_a_whole(tmp_path):
    written = write_set(tmp_path / "new" / "set", FILES)
    assert inside(tmp_path / "new" / "set") == {str(Path(n)): d for n, d in FILES}
    assert [p.read_bytes() for p in written] == [data for _, data in FILES]
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["set"]


@pytest.mark.parametrize("there", [True, False], ids=["over an older one", "where nothing was"])
@pytest.mark.parametrize("fails", range(8))
def test_wherever_writing_a_set_fails_what_was_there_stays(tmp_path, monkeypatch, there, fails):
    folder = tmp_path / "set"
    if there:
        write_set(folder, [("a.txt", b"old a"), ("c.txt", b"old c"), ("mine.txt", b"mine")])
    before, steps = inside(tmp_path), iter(range(100))

    def failing(real):
        def step(*given, **named):
            if next(steps) == fails:
                raise OSError(28, "No space left on device")
            return real(*given, **named)

        return step

    with monkeypatch.context() as here:
        here.setattr(Path, "rename", failing(Path.rename))
        here.setattr(os, "fsync", failing(os.fsync))
        try:
            write_set(folder, FILES)
        except Surroundings as error:
            failed = error.key
        else:
            failed = ""
    if failed:
        assert failed == "disk.cannot_write"
        assert inside(tmp_path) == before
    else:
        assert fails >= 4
        assert inside(folder) == {**{str(Path(n)): d for n, d in FILES}, **({"mine.txt": b"mine"} if there else {})}
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_what_a_killed_program_left_beside_a_file_goes_when_it_is_written_again(tmp_path, dead):
    kept = [tmp_path / name for name in (f".a.txt.{os.getppid()}.part", ".a.txt.draft.part", f".b.txt.{dead}.part")]
    for path in (*kept, tmp_path / f".a.txt.{dead}.part", tmp_path / f".a.txt.{dead}.part-journal"):
        path.write_bytes(b"half")
    write_file(tmp_path / "a.txt", b"whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["a.txt", *(p.name for p in kept)])


def test_a_set_that_was_being_replaced_when_the_program_was_killed_is_whole_again(tmp_path, dead):
    folder, left = tmp_path / "set", tmp_path / f".set.{dead}.part"
    write_set(folder, FILES)
    (left / "old" / "below").mkdir(parents=True)
    (folder / "below" / "b.txt").rename(left / "old" / "below" / "b.txt")  # and the new one is not there yet
    before = {str(Path(name)): data for name, data in FILES}
    beside_of(folder)
    assert inside(tmp_path / "set") == before
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


@pytest.mark.skipif(os.name == "nt", reason="rights are those of the folder there")
def test_what_is_not_yet_in_its_place_is_its_owners_only(tmp_path, monkeypatch):
    seen, rename = [], Path.rename

    def looking(self, target):
        seen.extend(p.stat().st_mode & 0o077 for p in tmp_path.glob(".set.*.part"))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", looking)
    write_set(tmp_path / "set", FILES)
    assert seen == [0]
    (tmp_path / "any").mkdir()
    assert (tmp_path / "set").stat().st_mode == (tmp_path / "any").stat().st_mode
