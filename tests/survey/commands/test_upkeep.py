"""``backup`` and ``restore`` as a user calls them."""

from __future__ import annotations

from pathlib import Path

from survey.store.upkeep.serving import serving
from tests.tools import commands
from tests.tools.commands import answers, table

run, town = commands.run, commands.town


def test_there_and_back(town):
    answers("a.csv")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    status, out, err = town("backup", "copy.db")
    assert (status, table(out)[0]["responses"], table(out)[0]["batches"]) == (0, "120", "2")
    assert "copy.db" in err
    assert town("undo", "2")[0] == 0
    scores = town("--store", "new.db", "restore", "copy.db")
    assert scores[0] == 0
    assert [b["state"] for b in table(town("--store", "new.db", "batches")[1])] == ["active", "active"]
    assert town("restore", "copy.db")[0] == 3  # a store lies there
    assert town("--store", "other.db", "restore", "nothing.db")[0] == 5
    assert town("--store", "postgresql://u:secret@h/x", "restore", "copy.db")[0] == 3
    assert town("backup", "copy.db")[0] == 3  # never replaced


def test_nothing_is_restored_under_a_dashboard(town):
    from survey.store import Store

    assert town("backup", "copy.db")[0] == 0
    store = Store.open("xingfu.db")
    with serving(store):
        store.close()
        Path("xingfu.db").rename("away.db")
        status, _, err = town("restore", "copy.db")
    assert status == 3
    assert "xingfu.db" in err
    assert not Path("xingfu.db").exists()


def test_of_backups_in_a_folder_the_newest_stay(town):
    there = Path("backups")
    there.mkdir()
    old = [f"xingfu-2026010{n}-031500.db" for n in range(1, 5)]
    others = ["xingfu-20260101.db", "xingfu2-20260101-031500.db", "xingfu-20260101-031500.db.txt", "notes"]
    for name in (*old, *others):
        (there / name).write_text("x")
    status, out, err = town("backup", "backups", "--keep", "3")
    assert status == 0, err
    new = Path(table(out)[0]["file"]).name
    assert {one.name for one in there.iterdir()} == {*others, *old[2:], new}
    assert "2" in err
    before = sorted(p.name for p in (there / new).rename(there / "xingfu-20260109-031500.db").parent.iterdir())
    assert town("backup", "backups")[0] == 0  # without it nothing is deleted
    assert set(before) < {one.name for one in there.iterdir()}


def test_the_backup_just_made_stays_whatever_a_clock_has_named(town):
    there = Path("backups")
    there.mkdir()
    for name in ("xingfu-20990101-000000.db", "xingfu-20260101-031500.db"):
        (there / name).write_text("x")
    status, out, err = town("backup", "backups", "--keep", "1")
    assert status == 0, err
    assert {one.name for one in there.iterdir()} == {"xingfu-20990101-000000.db", Path(table(out)[0]["file"]).name}


def test_what_is_kept_is_a_number_and_of_a_folder(town):
    for place, keep in (("copy.db", "3"), ("nowhere", "1")):
        status, out, err = town("backup", place, "--keep", keep)
        assert (status, out, Path(place).exists()) == (2, "", False)
        assert "--keep" in err
    Path("backups").mkdir()
    for keep in ("0", "-1", "x"):
        status, _, err = town("backup", "backups", "--keep", keep)
        assert (status, "--keep" in err) == (2, True)
    assert not list(Path("backups").iterdir())


def test_a_backup_that_fails_deletes_none(town):
    there = Path("backups")
    there.mkdir()
    for n in (1, 2):
        (there / f"xingfu-2026010{n}-031500.db").write_text("x")
    with open("xingfu.db", "r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 8192)
    assert town("backup", "backups", "--keep", "1")[0] == 5
    assert len(list(there.iterdir())) == 2
