"""Outcome rates of a year: cases out of calls and responses, groups, what a self-selected sample and few cases leave out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.quality.rates import COLUMNS, MEASURE, By, cases, measure, readings
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.store.intake import questionnaires
from survey.store.year import register, years
from tests.tools.books.call_sheets import COMMUNITIES, texts
from tests.tools.commands import run  # noqa: F401
from tests.tools.forms import form
from tests.tools.templates import initialised

HEADER = "编号,社区,拨打时间,访员,访问结果"
#: AAPOR's test vector: I4 P2 R1 NC1 O1 UH1 UO1 NE1
OUTCOMES = ("完成",) * 4 + ("部分完成",) * 2 + ("拒访", "约访", "去世", "无人接听", "其他不明", "空号")
VECTOR = [f"{i},甲,2014-09-0{1 + i % 2} 10:00,F{1 + i // 6},{word}" for i, word in enumerate(OUTCOMES)]


@pytest.fixture
def town(sqlite_store):
    store = initialised(sqlite_store)
    with store.write() as conn:
        register.save(conn, list(COMMUNITIES))
        questionnaires.add(conn, "q", form(Question("interviewer", "text", {"zh": "访员"}, role="interviewer")))
    return store


def bring(store, *lines, file="电话.csv"):
    found = inspect_calls(store, file, texts(HEADER, *lines), CallOptions(2014, "q"))
    return commit_calls(store, found, who="王")


def found(store, by=""):
    with store.read() as conn:
        return measure(conn, 2014)["tables"][by]


def test_the_test_vector_from_stored_calls(town):
    bring(town, *VECTOR)
    rates = {row["rate"]: (row["value"], row["numerator"], row["denominator"], row["e"]) for row in found(town)}
    assert rates["RR1"] == (4 / 11, 4, 11, 0.9)
    assert rates["RR2"] == (6 / 11, 6, 11, 0.9)
    assert rates["RR3"] == (4 / 10.8, 4, 10.8, 0.9)
    assert (rates["RR5"][0], rates["COOP1"][0], rates["COOP3"][0]) == (4 / 9, 4 / 8, 4 / 7)
    assert (rates["REF1"][0], rates["CON1"][0]) == (1 / 11, 8 / 11)
    assert len(rates) == 16


def test_a_case_counts_once_by_its_last_word_its_interviewer_and_week_with_it(town):
    bring(town, *VECTOR, "9,甲,2014-09-15 10:00,F9,完成")
    with town.read() as conn:
        case = cases(conn, 2014).set_index("respondent").loc["9"]
    assert (case["aapor"], case["interviewer"], case["week"], case["mode"]) == ("I", "F9", "2014-W38", "phone")


def test_groups_under_five_are_held_back_with_what_would_give_them_away(town):
    bring(town, *VECTOR, *[f"a{i},乙社区,2014-09-09 10:00,F3,完成" for i in range(3)])
    rows = {row["community_code"]: row for row in found(town, By.community)}
    assert (rows["C2"]["note"], rows["C1"]["note"]) == ("suppressed", "complement")
    assert "value" not in rows["C1"]
    by_week = {row["week"] for row in found(town, By.week)}
    assert by_week == {"2014-W36", "2014-W37"}


def test_a_self_selected_sample_has_none(town):
    bring(town, *VECTOR)
    lines = "\n".join(["编号,社区,年度,方式,访员,办事方便,环境卫生", *[f"w{i},乙社区,2014,,F1,1,2" for i in range(6)]])
    checked = inspect(town, "a.csv", lines.encode(), ImportOptions("q", sample_type="open", mode="phone"))
    commit(town, checked)
    bring(town, *[f"w{i},乙社区,2014-09-09 10:00,F3,完成" for i in range(6)], file="二.csv")
    rows = [row for row in found(town, By.community) if row["community_code"] == "C2"]
    assert [(row["rate"], row["note"]) for row in rows] == [("", "open_sample")]
    with town.read() as conn:
        body = measure(conn, 2014)
    assert [row["note"] for row in body["tables"][""]] == ["open_sample"]
    assert body["e"] is None
    assert "RR1" not in readings(body, "en")[0]


def test_calls_that_come_in_make_kept_rates_out_of_date(town):
    bring(town, *VECTOR)
    with town.read() as conn:
        before = years.data_version(conn, 2014)
    bring(town, "20,甲,2014-09-15 10:00,F9,完成", file="三.csv")
    with town.read() as conn:
        assert years.data_version(conn, 2014) == before + 1


def test_without_outcomes_it_is_said(town):
    with town.read() as conn, pytest.raises(Refused) as refused:
        measure(conn, 2014)
    assert refused.value.key == "rates.none"


def test_the_words_are_those_of_the_numbers(town):
    bring(town, *VECTOR)
    with town.read() as conn:
        body = measure(conn, 2014)
    assert readings(body, "en") == [
        "12 cases: 4 complete, 2 partial, 1 refusals, 1 not reached, 1 other, 1 + 1 of unknown eligibility, 1 not "
        "eligible. Response rate RR1 36.4%; with e = 90.0% of the unknown taken as eligible, RR3 37.0%."
    ]


@pytest.mark.parametrize("by", ["", *By])
def test_every_table_has_its_columns(town, by):
    bring(town, *VECTOR)
    with town.read() as conn:
        table = MEASURE.table(f"rates_{by}" if by else "rates").frame(measure(conn, 2014), "zh")
    assert tuple(table.columns) == COLUMNS[by].names
    assert len(table) >= 16


def test_the_command_gives_the_table_asked_for_also_before_answers_are_in(town, run):  # noqa: F811
    bring(town, *VECTOR)
    where = ("--store", town.where, "--lang", "en")
    status, out, err = run("rates", "--year", "2014", *where)
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "rate,value,numerator,denominator,e,n,note"
    assert lines[1].startswith("RR1,0.36363636")
    assert "12 cases" in err
    status, out, _ = run("rates", "--by", "interviewer", *where)
    assert (status, out.splitlines()[0][:16]) == (0, "interviewer,rate")
    assert run("rates", "--year", "2001", *where)[0] == 3
    assert run("rates", "--by", "sex", *where)[0] == 2


@pytest.mark.parametrize(("key", "modes"), [("number", {"paper"}), ("number,mode", {"phone"})])
def test_calls_of_a_number_are_of_whom_the_questionnaire_says(sqlite_store, key, modes):
    store = initialised(sqlite_store)
    with store.write() as conn:
        register.save(conn, list(COMMUNITIES))
        questionnaires.add(conn, "q", replace(form(), settings={"respondent_key": key}))
    commit(
        store,
        inspect(
            store,
            "a.csv",
            "编号,社区,办事方便,环境卫生\n1,甲,满意,满意\n2,甲,一般,满意\n".encode(),
            ImportOptions("q", mode="paper", year=2014),
        ),
    )
    bring(store, "1,甲,2014-09-01 10:00,F1,完成", "2,甲,2014-09-01 10:00,F1,拒访")
    with store.read() as conn:
        assert set(cases(conn, 2014)["mode"]) == modes
