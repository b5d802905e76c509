"""The record by command: read, written out, and found to be as it was written or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.store import Store
from tests.tools import commands
from tests.tools.commands import table

run, town = commands.run, commands.town
ACTIONS = ["questionnaire add", "import", "communities add", "init"]


def spoil(statement: str) -> None:
    store = Store.open("xingfu.db")
    with store.write() as conn:
        conn.execute(text(statement))
    store.close()


def test_what_was_done_is_listed_newest_first(town):
    status, out, _ = town("audit", "list")
    rows = table(out)
    assert status == 0
    assert [r["action"] for r in rows] == ACTIONS
    assert [int(r["entry"]) for r in rows] == [4, 3, 2, 1]
    assert {r["outcome"] for r in rows} == {"done"}
    assert json.loads(rows[2]["detail"])["added"] == 3
    assert [r["action"] for r in table(town("audit", "list", "--action", "init")[1])] == ["init"]
    assert len(table(town("audit", "list", "--last", "1")[1])) == 1
    assert table(town("audit", "list", "--who", "没有这人")[1]) == []
    today = rows[0]["at"][:10]
    assert len(table(town("audit", "list", "--since", today, "--until", today)[1])) == 4
    assert table(town("audit", "list", "--until", "2014-01-01")[1]) == []
    status, _, err = town("audit", "list", "--since", "昨天")
    assert status == 3
    assert "昨天" in err


def test_the_whole_of_it_as_a_file_which_is_recorded(town):
    assert town("audit", "export", "日志.csv")[0] == 0
    rows = table(Path("日志.csv").read_text(encoding="utf-8"))
    assert [r["action"] for r in rows] == ACTIONS
    newest = table(town("audit", "list", "--last", "1")[1])[0]
    assert (newest["action"], newest["subject"]) == ("audit export", "日志.csv")


def test_a_whole_record_says_what_stands_for_it(town):
    status, out, err = town("audit", "verify")
    assert (status, table(out)) == (0, [])
    known = err.rpartition("：4:")[2][:64]
    assert known.isalpha()
    assert town("audit", "export", "日志.csv")[0] == 0
    assert town("audit", "verify", "--known", f"4:{known}")[0] == 0
    status, out, _ = town("audit", "verify", "--known", f"2:{known}")
    assert (status, [r["kind"] for r in table(out)]) == (3, ["other"])
    for wrong in ("3", f"4:{known[1:]}", known):
        assert town("audit", "verify", "--known", wrong)[0] == 3


@pytest.mark.parametrize(
    ("statement", "kind", "entry"),
    [
        ("UPDATE audit SET who = '王' WHERE id = 2", "changed", "2"),
        ("DELETE FROM audit WHERE id = 4", "removed", "4"),
    ],
)
def test_a_spoiled_record_is_status_3_and_names_the_entry(town, statement, kind, entry):
    spoil(statement)
    status, out, err = town("audit", "verify")
    assert status == 3
    assert [(r["kind"], r["first"]) for r in table(out)] == [(kind, entry)]
    assert "完整" not in err
