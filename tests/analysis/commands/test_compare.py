"""The commands that compare: communities of a year, years of a community."""

from __future__ import annotations

import json
from types import SimpleNamespace

from analysis.publication import snapshots
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.towns.fake_results import fake_results

run, town = commands.run, commands.town
results = commands.results


def test_every_pair_of_a_year(results):
    status, out, err = results("compare", "--year", "2014")
    assert status == 0
    rows = table(out)
    assert len(rows) == 45
    assert {r["told_apart"] for r in rows} == {"true", "false"}
    assert "分不清" in err


def test_the_newest_year_and_named_communities(results):
    status, out, _ = results("compare", "春晖社区", "SL06", "SL07", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["meta"]["year"] == 2014
    assert [(r["community"], r["other"]) for r in found["rows"]] == [
        ("春晖社区", "南塔社区"),
        ("春晖社区", "柏里社区"),
        ("南塔社区", "柏里社区"),
    ]
    assert found["meta"]["groups"]["示例街道"]


def test_one_community_against_all_others(results):
    rows = table(results("compare", "春晖社区")[1])
    assert len(rows) == 9
    assert all("春晖社区" in (r["community"], r["other"]) for r in rows)


def test_pairs_go_to_a_file(results):
    status, out, _ = results("compare", "--out", "pairs.xlsx")
    assert (status, out) == (0, "")


def test_what_cannot_be_compared_is_a_sentence(results, monkeypatch):
    assert results("compare", "无此社区")[0] == 3
    nobody = fake_results(2014).scores.assign(rank=float("nan"))
    monkeypatch.setattr(snapshots, "results", lambda store, year, scheme=None: SimpleNamespace(scores=nobody))
    status, out, err = results("compare")
    assert (status, table(out)) == (0, [])
    assert "没有两个可以比较的社区" in err


def test_an_empty_store_has_nothing_to_compare(town):
    assert town("compare")[0] == 3
