"""``xingfu quality weights``, the section of the page, and what both read from the results."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest

import xingfu
from analysis.exports.workbook import community_workbook
from analysis.publication import snapshots
from analysis.quality.weights import MEASURE, category_words, clearly, reading
from analysis.scheme import default_scheme
from analysis.scheme.serial import to_dict
from dashboard.app import create_app
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.files.read import read_sheets
from survey.form.model import Choice, Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register, schemes
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.forms import form
from tests.tools.templates import initialised
from tests.tools.towns.two_years import OTHERS

SEX = Question(
    "sex",
    "select_one",
    {"zh": "性别"},
    "sex",
    role="sex",
    choices=(Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"})),
)


@pytest.fixture
def weighted_town(sqlite_store: Store) -> Store:
    """C1 half women of whom a quarter answered, C2 without population; women are more satisfied."""
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(
            conn,
            [
                register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3000),
                register.Community("C2", "乙社区", sub_district="示例街道", adult_population=1000),
            ],
        )
        questionnaires.add(conn, "q", form(*OTHERS, SEX))
        rows = [("C1", 2014, sex, "", 1500.0) for sex in ("男", "女")]
        register.save_population(
            conn, pd.DataFrame(rows, columns=["community", "year", "sex", "age_band", "population"])
        )
    lines = [
        f"{p}{i},{p},2014,{'女' if i % 4 == 0 else '男'}" + f",{1 + i % 8 // 4 if i % 4 == 0 else 2 + i % 3}" * 6 + "\n"
        for p in ("甲社区", "乙社区")
        for i in range(80)
    ]
    data = ("编号,社区,年度,性别,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    commit(sqlite_store, inspect(sqlite_store, "a.csv", data, ImportOptions("q")))
    return sqlite_store


@pytest.fixture
def run(weighted_town: Store, capfd, monkeypatch):
    monkeypatch.delenv("XINGFU_LANG", raising=False)

    def call(*words_: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(["--store", weighted_town.where, *words_])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


def test_the_command_lists_communities_and_says_why_one_is_not_weighted(run):
    status, out, err = run("quality", "weights")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (status, [r["community"] for r in rows]) == (0, ["甲社区", "乙社区"])
    first, second = rows
    assert float(first["subjective_weighted"]) > float(first["subjective_unweighted"])
    assert (first["official"], first["applied"], second["applied"]) == ("false", "true", "false")
    assert (second["subjective_weighted"], second["note"]) == ("", "unweighted_population")
    assert second["note_text"] == "登记册没有本社区的人口，未加权"
    assert "2 个社区中 1 个可加权" in err
    assert "nan" not in out.lower()


def test_classes_and_json(run, tmp_path):
    status, out, _ = run("--json", "--lang", "en", "quality", "weights", "--classes", "--year", "2014")
    rows = json.loads(out)["rows"]
    assert (status, [(r["margin"], r["categories"], r["n"]) for r in rows if r["margin"] == "sex"]) == (
        0,
        [("sex", "女", 20), ("sex", "男", 60)],
    )
    assert rows[0]["factor"] == pytest.approx(2)
    assert run("quality", "weights", "--out", str(tmp_path / "w.xlsx"))[0] == 0
    status, out, err = run("quality", "weights", "--year", "1999")
    assert (status, out) == (3, "")
    assert "2014" in err


def test_the_score_moves_only_when_the_scheme_weights(weighted_town):
    plain = snapshots.results(weighted_town, 2014)
    beside = MEASURE.of_results(plain).body["rows"][0]
    assert plain.community("C1")["subjective"] == pytest.approx(beside["subjective_unweighted"])
    scheme = replace(default_scheme(), weighting="rake", margins=("sex",))
    with weighted_town.write() as conn:
        schemes.add(conn, scheme.code, scheme.first_year, to_dict(scheme))
    raked = snapshots.results(weighted_town, 2014)
    assert raked.meta["weighting"] == "rake"
    assert raked.community("C1")["subjective"] == pytest.approx(beside["subjective_weighted"])
    assert raked.community("C2")["subjective"] == pytest.approx(plain.community("C2")["subjective"])
    assert "unweighted_population" in raked.community("C2")["note"]


def page(store: Store, viewer: Viewer, lang: str = "zh") -> str:
    return words(render(viewer, source_of(store), store, None, "/quality", f"?year=2014&lang={lang}", {}).children)


def test_the_page_shows_both_scores_and_what_they_stand_on(weighted_town):
    text = page(weighted_town, ADMIN)
    for word in ("加权对照", "甲社区", "未用于得分", "登记册没有本社区的人口，未加权", "人口占比"):
        assert word in text
    assert "nan" not in text.lower()
    assert "None" not in text
    assert "Weighting beside the score" in page(weighted_town, ADMIN, "en")


def test_a_viewer_of_one_community_sees_no_other(weighted_town):
    text = page(weighted_town, replace(ADMIN, communities=frozenset({"C2"})))
    assert "乙社区" in text
    assert "甲社区" not in text


def test_the_files_of_the_section(weighted_town):
    client = create_app(weighted_town).server.test_client()
    for name, start in (("weights", "社区,编号,"), ("weight_classes", "社区,编号,")):
        answer = client.get(f"/download/quality/{name}?year=2014", headers={"Host": "localhost"})
        assert answer.status_code == 200
        assert answer.data.decode("utf-8-sig").startswith(start)


def test_results_from_before_weights_were_kept_say_so(weighted_town):
    older = replace(snapshots.results(weighted_town, 2014), extra={})
    with pytest.raises(Refused) as refused:
        MEASURE.of_results(older)
    assert "2014" in refused.value.word("zh")


def test_words_of_a_class_and_of_the_whole():
    assert category_words([["女", "60-74"], ["女", "75+"]], "zh") == "女 60-74、女 75+"
    assert category_words([], "zh") == "未填"
    row = {"applied": True, "difference": 2.0, "difference_se": 0.5, "deff_weights": 1.25}
    assert clearly(row)
    assert not clearly({**row, "difference_se": None})
    assert "平均减少 20%" in reading({"rows": [row]}, "zh")
    assert "没有社区可以加权" in reading({"rows": [{**row, "applied": False}]}, "zh")


def test_the_workbook_says_how_it_was_weighted_and_what_that_does(weighted_town):
    def method(results, code):
        [data] = [s for s in read_sheets("b.xlsx", community_workbook(results, code, "zh")) if s.name == "计算说明"]
        return {str(row[0]): row[1] for row in data.rows if len(row) > 1}

    plain = snapshots.results(weighted_town, 2014)
    said = method(plain, "C1")
    assert (said["加权"], said["只有一个抽样单位的层"]) == ("不加权", "不给出抽样误差")
    row = MEASURE.of_results(plain).body["rows"][0]
    assert float(said["主观得分，按人口加权"]) == pytest.approx(row["subjective_weighted"], abs=0.01)
    assert method(plain, "C2")["加权对照"] == "登记册没有本社区的人口，未加权"
    assert "加权对照" not in method(replace(plain, extra={}), "C1")
    scheme = replace(default_scheme(), weighting="rake", margins=("sex",), trim=3.0, lonely_psu="adjust")
    with weighted_town.write() as conn:
        schemes.add(conn, scheme.code, scheme.first_year, to_dict(scheme))
    said = method(snapshots.results(weighted_town, 2014), "C1")
    assert (said["加权"], said["加权到的边际"], said["权数上限（平均权数的倍数）"]) == ("边际校准", "性别", "3")
