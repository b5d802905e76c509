"""``backup`` and ``restore`` as a user calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.store import keyring
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
    status, _, err = town("--store", "postgresql://u:secret@127.0.0.1:1/x", "restore", "copy.db")
    assert (status, "secret" in err) == (5, False)
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


def key_in(name, run):
    Path(name).write_text(run("keys", "create", "--print")[1])


def test_an_encrypted_backup_needs_its_key(town):
    answers("a.csv")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    scores = town("score")[1]
    key_in("one.key", town)
    key_in("other.key", town)
    status, out, err = town("backup", "copy.db.enc", "--key", "one.key")
    assert (status, table(out)[0]["responses"]) == (0, "120"), err
    for words in ((), ("--key", "other.key")):
        status, _, err = town("--store", "new.db", "restore", "copy.db.enc", *words)
        assert (status, "--key" in err, Path("new.db").exists()) == (3, True, False), err
        assert len(err.strip().splitlines()) == 1
        assert town("doctor", "copy.db.enc", *words)[0] == 3
    status, out, _ = town("doctor", "copy.db.enc", "--key", "one.key")
    assert (status, [row["state"] for row in table(out)]) == (0, ["ok"])
    assert town("--store", "new.db", "restore", "copy.db.enc", "--key", "one.key")[0] == 0
    assert town("--store", "new.db", "score")[1] == scores
    assert town("--store", "no.db", "restore", "copy.db.enc", "--key", "nowhere.key")[0] == 3
    Path("text.key").write_text("no key")
    status, _, err = town("backup", "more.enc", "--key", "text.key")
    assert (status, Path("more.enc").exists()) == (5, False), err


def test_the_key_of_contacts_encrypts_and_opens_by_itself(town):
    status, _, err = town("backup", "copy.db.enc", "--encrypt")
    assert (status, "keys create" in err) == (5, True)
    assert town("keys", "create")[0] == 0
    assert town("backup", "copy.db.enc", "--encrypt")[0] == 0
    assert town("doctor", "copy.db.enc")[0] == 0
    assert town("keys", "rotate")[0] == 0  # the older key stays for it
    assert town("--store", "new.db", "restore", "copy.db.enc")[0] == 0
    keyring.key_file().unlink()
    status, _, err = town("--store", "no.db", "restore", "copy.db.enc")
    assert (status, Path("no.db").exists()) == (3, False), err


def test_the_keys_of_contacts_travel_only_under_another_key(town, monkeypatch):
    assert town("keys", "create")[0] == 0
    own = keyring.need()
    key_in("one.key", town)
    for words in (("--encrypt", "--with-keys"), ("--with-keys",), ("--with-keys", "--key", str(keyring.key_file()))):
        status, _, err = town("backup", "copy.enc", *words)
        assert (status, "--with-keys" in err, Path("copy.enc").exists()) == (2, True, False), err
    assert town("backup", "copy.enc", "--key", "one.key", "--with-keys")[0] == 0
    assert town("doctor", "copy.enc", "--key", "one.key")[1].count("ok") == 2
    assert town("--store", "1.db", "restore", "copy.enc", "--key", "one.key")[0] == 0
    assert keyring.need() == own  # they are all there
    keyring.key_file().unlink()
    assert town("--store", "2.db", "restore", "copy.enc", "--key", "one.key")[0] == 0
    assert keyring.need() == own
    keyring.key_file().unlink()
    assert town("keys", "create")[0] == 0
    newest = keyring.need().newest
    assert town("--store", "3.db", "restore", "copy.enc", "--key", "one.key")[0] == 0
    assert keyring.need().keys == (newest, *own.keys)  # what is in use stays first
    monkeypatch.setenv("XINGFU_KEY", newest.written())
    status, _, err = town("--store", "4.db", "restore", "copy.enc", "--key", "one.key")
    assert (status, own.newest.id in err, "XINGFU_KEY" in err) == (0, True, True), err


def test_a_backup_is_looked_over_without_a_store(town):
    assert town("backup", "copy.db")[0] == 0
    assert town("--store", "no.db", "doctor", "copy.db")[0] == 0
    data = Path("copy.db").read_bytes()
    Path("copy.db").write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    status, out, _ = town("doctor", "copy.db")
    assert (status, table(out)[0]["check"], table(out)[0]["state"]) == (3, "backup", "wrong")
    assert town("doctor", "nothing.db")[0] == 3
    for words in (("doctor", "copy.db", "--mend"), ("doctor", "--key", "one.key")):
        assert town(*words)[0] == 2
    assert town("backup", ".", "--keep", "2", "--encrypt")[0] == 5


@pytest.mark.postgres
def test_between_the_two_databases_numbers_stay_the_same(town, postgresql):
    """A backup of a file becomes a store of PostgreSQL, and one of that a file again: scores, estimates, checks."""
    answers("a.csv")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    asked = (("score",), ("estimate", "--questionnaire", "q"), ("batches",), ("communities", "list"))
    told = [town(*words)[1] for words in asked]
    postgresql.execute("CREATE DATABASE crossed TEMPLATE template0")
    there = postgresql.url("crossed")
    assert town("backup", "copy.db")[0] == 0
    status, _, err = town("--store", there, "restore", "copy.db")
    assert (status, "s3cret" in err) == (0, False), err
    assert [town("--store", there, *words)[1] for words in asked] == told
    assert town("--store", there, "doctor")[0] == 0
    assert town("--store", there, "restore", "copy.db")[0] == 3
    Path("backups").mkdir()
    Path("backups/crossed-20260101-031500.db").write_text("x")
    assert town("--store", there, "backup", "backups", "--keep", "1")[0] == 0
    (only,) = Path("backups").glob("crossed-*.db")
    assert town("--store", "back.db", "restore", str(only))[0] == 0
    assert [town("--store", "back.db", *words)[1] for words in asked] == told
    assert town("--store", "back.db", "doctor")[0] == 0
    postgresql.execute("DROP DATABASE crossed WITH (FORCE)")
