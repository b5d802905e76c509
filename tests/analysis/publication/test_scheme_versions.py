"""Versions of a scheme: what is settled once answers come in, what changed in words, and another scheme beside it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

import xingfu
from analysis.exports.workbook import community_workbook
from analysis.publication import snapshots
from analysis.publication.scheme_versions import (
    between,
    changed_after,
    named,
    put,
    settled_since,
    strangers,
    version_rows,
)
from analysis.scheme import default_scheme
from analysis.scheme.difference import differences, rule_words
from analysis.scheme.options import parse_payers
from analysis.scheme.workbook.writing import write_scheme
from analysis.statistics.notes import NOTE
from analysis.tables.scheme_comparison import against
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.year import schemes, years
from tests.tools.forms import form
from tests.tools.towns.cycle_town import ITEMS, answers, late_answers, make_town, publish
from tests.tools.towns.two_years import other_points

BASE = default_scheme()


def texts(old, new, lang="zh"):
    return [c.word(lang) for c in differences(old, new)]


def test_before_the_first_answer_anything_may_change(sqlite_store):
    make_town(sqlite_store, years=())
    stored = put(sqlite_store, other_points(), author="李", reason="")
    assert (stored.version, stored.author, stored.after_fieldwork) == (2, "李", [])
    with sqlite_store.read() as conn:
        assert settled_since(conn, 2014) == ""


def test_after_it_what_is_settled_needs_a_reason_and_is_said_everywhere(sqlite_store):
    make_town(sqlite_store)
    plain = snapshots.results(sqlite_store, 2014)
    assert plain.meta["fieldwork_since"]
    assert plain.meta["scheme_changes"] == []
    with pytest.raises(Refused) as error:
        put(sqlite_store, other_points())
    assert error.value.key == "scheme.locked"
    for lang in LANGUAGES:
        assert "2014" in error.value.word(lang)
        assert "{" not in error.value.word(lang)
    with sqlite_store.read() as conn:
        assert [s.version for s in schemes.listing(conn)] == [1]

    put(sqlite_store, other_points(), author="李", reason="区里来文调整")
    results = snapshots.results(sqlite_store, 2014)
    assert all(NOTE in row["note"].split(";") for row in results.rows("scores"))
    (change,) = results.meta["scheme_changes"]
    assert (change["author"], change["reason"], change["version"]) == ("李", "区里来文调整", 2)
    sheet = load_workbook(BytesIO(community_workbook(results, "C1", "zh")))
    said = " ".join(str(c.value) for s in sheet.worksheets for row in s.iter_rows() for c in row if c.value)
    assert "区里来文调整" in said
    assert "调查开始后改动过测评体系" in said

    put(sqlite_store, replace(other_points(), names={"zh": "改名", "en": "Renamed"}))  # needs no reason, keeps the note
    assert all(NOTE in row["note"] for row in snapshots.results(sqlite_store, 2014).rows("scores"))
    with sqlite_store.read() as conn:
        assert len(changed_after(conn, 2014)) == 1
        assert [row["after_fieldwork"] for row in version_rows(conn, "zh")] == ["", "2014", ""]


def test_a_scheme_of_another_code_that_takes_a_year_over_is_held_to_the_same(sqlite_store):
    make_town(sqlite_store)
    with pytest.raises(Refused):
        put(sqlite_store, other_points(code="new", first_year=2014))
    assert put(sqlite_store, other_points(code="new", first_year=2015)).after_fieldwork == []
    lower = replace(BASE, stars=(replace(BASE.stars[0], minimum=600.0), *BASE.stars[1:]))
    with pytest.raises(Refused, match="600"):
        put(sqlite_store, lower)


def test_a_closed_year_is_not_reached(sqlite_store):
    make_town(sqlite_store)
    with sqlite_store.write() as conn:
        years.close(conn, 2014)
    assert put(sqlite_store, other_points()).after_fieldwork == []


def test_indicators_may_change_while_answers_come_in(sqlite_store):
    make_town(sqlite_store)
    moved = replace(BASE.indicators[1], points=30.0), replace(BASE.indicators[2], points=20.0)
    changed = replace(BASE, indicators=(BASE.indicators[0], *moved, *BASE.indicators[3:]))
    assert put(sqlite_store, changed).after_fieldwork == []


def test_changes_in_words():
    first = replace(BASE.indicators[0], points=10.0, office="纪工委")
    rule = replace(BASE.indicators[1], parameters="zero=20 full=90")
    new = replace(
        BASE,
        indicators=(first, rule, *BASE.indicators[3:]),
        awards=BASE.awards[1:],
        settings={"demotion": "one_step"},
        preset="linear",
    )
    found = texts(BASE, new)
    assert found[:2] == ["设置 preset 由“gd2011”改为“linear”", "设置 demotion 由“match”改为“one_step”"]
    assert "指标 ZZ01 社区党组织与居委会班子建设 的分值由“20”改为“10”" in found
    assert "指标 ZZ01 社区党组织与居委会班子建设 的责任科室由“组织办”改为“纪工委”" in found
    assert any(t.startswith("取消指标 ZZ03") for t in found)
    assert any(t.startswith("取消奖励 1") for t in found)
    assert [c.code for c in differences(BASE, new) if c.locked] == ["preset"]
    for lang in LANGUAGES:
        assert not any("{" in t for t in texts(BASE, new, lang))
    assert texts(BASE, BASE) == []


def test_a_changed_rule_is_told_in_words():
    new = replace(
        BASE,
        indicators=(
            BASE.indicators[0],
            replace(BASE.indicators[1], parameters="zero=20 full=90"),
            *BASE.indicators[2:],
        ),
    )
    (change,) = differences(BASE, new)
    assert change.field == "rule"
    assert (change.before, change.after) == (rule_words(BASE.indicators[1]), rule_words(new.indicators[1]))


def test_versions_go_by_code_and_number(sqlite_store):
    make_town(sqlite_store, years=())
    put(sqlite_store, other_points())
    with sqlite_store.read() as conn:
        assert (named(conn, "default").version, named(conn, "default@1").version) == (2, 1)
        assert any("130" in c.word("zh") for c in between(conn, "default@1", "default"))
        for bad, key in (("default@x", "scheme.bad_version"), ("default@9", "store.unknown_scheme")):
            with pytest.raises(Refused) as error:
                named(conn, bad)
            assert error.value.key == key


def test_a_community_of_the_annexes_that_nobody_knows_is_named(sqlite_store):
    make_town(sqlite_store, years=())
    goals = replace(BASE, community_targets=(("甲社区", 2015, 4), ("甲社", 2015, 5)), pilots=(("C2", "culture"),))
    with sqlite_store.read() as conn:
        (finding,) = strangers(conn, goals)
    assert (finding.level, finding.sheet) == ("note", "community_targets 拟创目标")
    assert "甲社区" in finding.word("zh")


@pytest.mark.parametrize("text", ["区:50% 街道：50%", "district=0.5，street=0.5"])
def test_payers_may_be_written_in_chinese(text):
    assert parse_payers(text) == {"district": Decimal("0.5"), "street": Decimal("0.5")}


def test_another_scheme_beside_the_years_own(sqlite_store):
    make_town(sqlite_store)
    put(sqlite_store, replace(BASE, code="linear", first_year=2030, preset="linear"))
    own, other, frame = against(sqlite_store, 2014, "linear")
    assert (own.meta["scheme"], other.meta["scheme"]) == ("default", "linear")
    assert (frame["total_change"] < 0).all()
    assert frame["total"].tolist() == own.scores["total"].tolist()
    assert not any(NOTE in row["note"] for row in other.rows("scores"))
    assert snapshots.results(sqlite_store, 2014).meta["scheme"] == "default"
    with pytest.raises(Refused, match="2014"):
        against(sqlite_store, 2014, "default")


def test_whom_the_published_result_does_not_count_whole_has_nothing_under_another_scheme(sqlite_store):
    town = publish(sqlite_store)
    put(town, replace(BASE, code="linear", first_year=2030, preset="linear"))
    late_answers(town)
    own, _, frame = against(town, 2014, "linear")
    assert frame["total"].tolist() == own.scores["total"].tolist()
    there = frame[["total_other", "total_change", "star_other"]].notna().all(axis=1)
    assert there.tolist() == [False, True]
    assert frame["rank_other"].isna().all()


def test_a_later_batch_does_not_move_the_moment_it_was_settled(sqlite_store):
    make_town(sqlite_store)
    with sqlite_store.read() as conn:
        first = settled_since(conn, 2014)
    answers(sqlite_store, 2014, offset=100)
    with sqlite_store.read() as conn:
        assert settled_since(conn, 2014) == first


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """The command on a town of its own; gives (status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XINGFU_LANG", raising=False)
    monkeypatch.delenv("XINGFU_STORE", raising=False)
    with closing(Store.open("xingfu.db", create=True)) as store:
        make_town(store)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main([*words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


def test_commands(run, tmp_path):
    (tmp_path / "scheme.xlsx").write_bytes(write_scheme(other_points()))
    status, _, err = run("scheme", "add", "scheme.xlsx")
    assert status == 3
    assert "--reason" in err
    assert run("scheme", "add", "scheme.xlsx", "--author", "李", "--reason", "来文")[0] == 0
    assert "来文" in run("scheme", "versions", "default")[1]
    assert "客观分值由“140”改为“130”" in run("scheme", "diff", "default@1", "default@2")[1]
    assert run("scheme", "diff", "default", "default@2")[1].splitlines()[1:] == []
    for words in (("against", "nobody"), ("against", "default"), ("versions", "nobody"), ("diff", "default", "x@1")):
        assert run("scheme", *words)[0] == 3
    assert run("scheme", "template", "mine.xlsx", "--scheme", "default", "--sums")[0] == 0
    assert run("scheme", "check", "mine.xlsx")[0] == 0
    assert run("scheme", "template", "annex.xlsx", "--annex")[0] == 0


def test_item_weights_are_settled_too(run, tmp_path):
    heavier = form(replace(ITEMS[0], weight=3.0), *ITEMS[1:])
    (tmp_path / "q.xlsx").write_bytes(write_questionnaire(heavier))
    status, _, err = run("questionnaire", "add", "q.xlsx", "--name", "q")
    assert status == 3
    assert "--reason" in err
    assert run("questionnaire", "add", "q.xlsx", "--name", "q", "--reason", "来文")[0] == 0
    assert run("questionnaire", "add", "q.xlsx", "--name", "another")[0] == 0
    with closing(Store.open("xingfu.db")) as store:
        answers(store, 2014, offset=200)
        results = snapshots.results(store, 2014)
    assert all(NOTE in row["note"].split(";") for row in results.rows("scores"))
    assert results.meta["item_weights_changed"] == ["A"]


#: what is read of the years that are there
EARLIER = (
    ("score", "--year", "2014"),
    ("score", "--year", "2013"),
    ("estimate", "--questionnaire", "q"),
    ("estimate", "--questionnaire", "q", "--by", "year"),
    ("estimate", "--questionnaire", "q", "--by", "community"),
    ("estimate", "--questionnaire", "q", "--weighting", "rake"),
    ("trend",),
    ("streets",),
    ("compare", "--year", "2014"),
    ("lift", "C1", "--year", "2014"),
    ("sensitivity", "--year", "2014"),
    ("targets", "--year", "2014"),
    ("offices", "--year", "2014"),
    ("coverage", "--year", "2014"),
    ("quality", "reliability", "--year", "2014"),
    ("quality", "weights", "--year", "2014"),
    ("cycle", "show", "2014"),
    ("awards", "forecast", "--year", "2014"),
    ("indicators", "list", "--year", "2014"),
    ("tasks", "list", "--year", "2014"),
)


def test_a_scheme_for_a_later_year_moves_nothing_of_the_years_before(run, tmp_path):
    """Byte for byte, whatever it says otherwise: answer scale, weighting, single PSUs, points, stars."""
    before = {words: run(*words)[:2] for words in EARLIER}
    assert sum(status == 0 for status, _ in before.values()) > 15
    later = replace(
        other_points(),
        code="later",
        first_year=2016,
        preset=next(name for name in BASE.presets if name != BASE.preset),
        lonely_psu="adjust",
        weighting="rake",
        complete_share=0.5,
    )
    (tmp_path / "later.xlsx").write_bytes(write_scheme(later))
    assert run("scheme", "add", "later.xlsx")[0] == 0
    assert {words: run(*words)[:2] for words in EARLIER} == before
