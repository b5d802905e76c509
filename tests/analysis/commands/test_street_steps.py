"""``cycle …`` of a district's store: a street by its name, or each of several on its own with a sentence each."""

from __future__ import annotations

import json

import pytest

import xingfu
from survey.store import Store
from survey.store.year import register
from survey.store.year.register import Community, Told
from tests.tools.commands import run as program  # noqa: F401
from tests.tools.commands import table
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def run(program):  # noqa: F811
    """Run ``xingfu cycle`` on a store of two streets; gives (status, rows, stderr)."""
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    with store.write() as conn:
        places = [Community("C1", "甲社区", sub_district="北街道"), Community("C2", "乙社区", sub_district="南街道")]
        register.tell(conn, [Told(place, said=("sub_district",)) for place in places])
    store.close()

    def call(*words: str) -> tuple[int, list[dict[str, str]], str]:
        status, out, err = program("cycle", *words)
        return status, table(out), err

    return call


DAYS = ("--from", "2014-11-20", "--to", "2014-11-27")


def test_one_street_goes_on_while_the_other_waits(run, capfd):
    assert run("apply", "2014", "甲社区", "--star", "3")[0] == 0
    for words in (("review",), ("calculate",), ("publicise", *DAYS)):
        status, kept, err = run(words[0], "2014", *words[1:], "--street", "北街道")
        assert (status, len(kept)) == (0, 1), err
    assert kept[0]["sub_district"] == "北街道"
    at = ("--document", "1号", "--date", "2014-12-01")
    assert run("decide", "2014", "甲社区", "--body", "district", "--total", "760", *at)[0] == 0
    assert run("name", "2014", *at, "--street", "北街道")[0] == 0
    status, _, err = run("close", "2014", "--street", "北街道")
    assert status == 0
    assert "已归档锁定。" not in err  # the year is open for the other street
    status, _, err = run("show", "2014")
    assert (status, "北街道：已归档" in err, "南街道：社区申报" in err) == (0, True, True)
    assert [r["community_code"] for r in run("show", "2014", "--street", "南街道")[1]] == ["C2"]
    assert {r["kind"] for r in run("log", "2014", "--street", "南街道")[1]} == set()
    assert [r["sub_district"] for r in run("versions", "2014")[1]] == ["北街道"]
    assert run("veto", "list", "2014", "--street", "南街道")[0] == 0
    assert xingfu.main(["--json", "cycle", "show", "2014"]) == 0
    meta = json.loads(capfd.readouterr()[0])["meta"]
    assert (meta["closed"], meta["stage"]) == (False, "apply")


def test_without_a_street_each_goes_on_its_own_and_the_highest_status_wins(run):
    run("apply", "2014", "甲社区", "--star", "3")
    status, kept, err = run("review", "2014")
    assert (status, [r["community"] for r in kept]) == (3, ["甲社区"])
    assert "北街道：已完成" in err
    assert "南街道：" in err
    run("apply", "2014", "乙社区", "--star", "2")
    assert run("review", "2014", "乙社区")[0] == 0
    status, kept, err = run("calculate", "2014")
    assert (status, [r["sub_district"] for r in kept]) == (0, ["北街道", "南街道"])
    status, kept, _ = run("publicise", "2014", *DAYS)
    assert (status, len(kept)) == (0, 2)
    status, kept, err = run("close", "2014")
    assert (status, kept) == (3, [])
    assert err.count("还有") == 2 or err.count("街道：") == 2


def test_a_street_that_the_year_has_not_is_named(run):
    status, kept, err = run("calculate", "2014", "--street", "东街道")
    assert (status, kept) == (3, [])
    assert "东街道" in err
    assert "北街道、南街道" in err
    assert run("show", "2014", "--street", "东街道")[0] == 3
