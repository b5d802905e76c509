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
