"""A set of files appears as a whole, over what was there or where nothing was, or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from survey.core.disk import beside_of, try_place, write_file, write_set
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


#: does something and is killed at its nth step
KILLED = """
import os, signal, sys
from pathlib import Path
from survey.core import disk
left = int(sys.argv[1])
def killed(real):
    def step(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return step
for name in ("rename", "replace", "unlink"):
    setattr(Path, name, killed(getattr(Path, name)))
disk.shutil.rmtree = killed(disk.shutil.rmtree)
folder = Path(sys.argv[2])
disk.write_set(folder, [(n, b"new") for n in sys.argv[4:]]) if sys.argv[3] == "write" else disk.beside_of(folder)
"""


def killed_at(step, folder, what, *names):
    """Whether the program was still going when its ``step`` came."""
    command = [sys.executable, "-c", KILLED, str(step), str(folder), what, *names]
    root = str(Path(__file__).resolve().parents[3])
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": root}, check=False).returncode != 0


@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_a_kill_while_a_set_is_exchanged_leaves_the_old_or_the_new_one(tmp_path):
    """Killed at each step, and the program that puts it back killed at each of its first steps, too."""
    folder, names = tmp_path / "set", ("a.txt", "below/b.txt", "c.txt")
    old = {"a.txt": b"old a", "c.txt": b"old c", "mine.txt": b"mine"}
    new = {**dict.fromkeys(names, b"new"), "mine.txt": b"mine"}
    found, step, going = [], 0, True
    while going:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, data in old.items():
            (folder / name).write_bytes(data)
        going = killed_at(step, folder, "write", *names)
        if step % 3 == 2:
            killed_at(step // 3, folder, "next")
        beside_of(folder)
        found.append(inside(folder))
        assert [p.name for p in tmp_path.iterdir()] == ["set"], step
        step += 1
    assert [one for one in found if one not in (old, new)] == []
    assert (found[0], found[-1]) == (old, new)
    assert len(found) > 9


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


# ── A name that is too long, a place that takes nothing


LONG = "望" * 200


@pytest.mark.parametrize("way", [LONG, f"{LONG}/a.xlsx", f"new/{LONG}/a.xlsx", f"{LONG}.zip"])
def test_a_name_that_is_too_long_is_said_to_be_and_not_that_the_disk_is_full(tmp_path, way):
    for attempt in (lambda: try_place(tmp_path / way), lambda: write_file(tmp_path / way, b"x")):
        with pytest.raises(Surroundings) as found:
            attempt()
        said = found.value.word("zh")
        assert ("太长" in said, "磁盘" in said, len(said) < 200) == (True, False, True), said
    with pytest.raises(Surroundings, match="太长"):
        write_set(tmp_path / way, FILES)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


@pytest.mark.parametrize("name", ["望" * 83 + ".zip", "n" * 255])
def test_the_longest_name_that_the_system_takes_is_written(tmp_path, name):
    try_place(tmp_path / name)
    assert write_file(tmp_path / name, b"x").read_bytes() == b"x"
    (tmp_path / name).unlink()
    assert inside(tmp_path / "below") == {}
    write_set(tmp_path / "below" / name, FILES)
    assert len(inside(tmp_path / "below" / name)) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["below"]


def test_a_trial_leaves_nothing_and_makes_no_folder(tmp_path):
    (tmp_path / "set").mkdir()
    for place, folder in (("new/deep/a.zip", False), ("a.zip", False), ("set", True), ("new/set", True)):
        try_place(tmp_path / place, folder=folder)
    assert [p.name for p in tmp_path.rglob("*")] == ["set"]


@pytest.mark.parametrize(("place", "folder"), [("set/a.zip", False), ("set/new/a.zip", False), ("set", True)])
def test_a_place_that_takes_nothing_is_found_by_the_trial(tmp_path, monkeypatch, place, folder):
    (tmp_path / "set").mkdir()
    real = os.open

    def guarded(path, *more):
        if Path(path).parent == tmp_path / "set":
            raise PermissionError(13, "Permission denied")
        return real(path, *more)

    monkeypatch.setattr(os, "open", guarded)
    with pytest.raises(Surroundings, match="无法写入"):
        try_place(tmp_path / place, folder=folder)


@pytest.mark.parametrize(("place", "folder"), [("file", True), ("file/a.zip", False), ("set", False)])
def test_a_file_where_a_folder_should_be_and_the_other_way_round(tmp_path, place, folder):
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "set").mkdir()
    with pytest.raises(Surroundings):
        try_place(tmp_path / place, folder=folder)
    assert inside(tmp_path) == {"file": b"mine"}
