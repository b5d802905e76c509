"""Findings of calls, indicator values and the register are decided on the page as those of answers are."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl

from analysis.scheme.serial import from_dict
from dashboard.data.results import StoreSource
from dashboard.pages.imports.service import checks, decisions, storing
from dashboard.pages.imports.service.decisions import _actions
from dashboard.router import render
from survey.core.findings import Finding
from survey.decisions.finding_list import finding_table
from survey.form.answer_codes import BLANK
from survey.store.intake import calls
from survey.store.intake import decisions as kept_decisions
from survey.store.year import register, schemes
from tests.tools.dashboard_tools import ADMIN, answers_csv, words

CALLS = (
    "编号,社区,年度,拨打时间,访问结果\n1,春晖社区,2014,2014-09-01 10:00,完城\n2,锦园社区,2014,2014-09-01 10:05,完城\n"
    "3,锦圆社区,2014,2014-09-01 10:10,拒访\n4,,2014,2014-09-01 10:15,空号\n5,锦园社区,2014,昨天,占线\n"
)


def drop(store, room, *files, **said):
    return checks.receive(ADMIN, store, room, files, said, checks.choices(ADMIN, store, ()), "")


def look(store, room, upload):
    (checked,) = checks.check(ADMIN, store, room, room.find(upload.token, ADMIN.user))
    return checked


def page(store, room, upload, lang="zh"):
    return words(
        render(ADMIN, StoreSource(store), store, room, "/import", f"?token={upload.token}&lang={lang}", {}).children
    )


def decide(store, room, upload, code, action, **more):
    line = next(a for a in decisions.alike(look(store, room, upload)) if a.first.code == code)
    decisions.decide(
        ADMIN,
        store,
        room,
        room.find(upload.token, ADMIN.user),
        0,
        cell=line.first.cell,
        code=code,
        action=action,
        **more,
    )
    return line


def commit(store, room, upload):
    done = storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    with store.read() as conn:
        return done, kept_decisions.of(conn, done.batches[0])


def test_calls_are_decided_cell_by_cell_all_alike_and_row_by_row(store, room):
    upload = drop(store, room, ("电话.csv", CALLS.encode()))
    checked = look(store, room, upload)
    assert checked.kind == "calls"
    assert {a.first.code: (a.count, a.suggestion, a.actions) for a in decisions.alike(checked)} == {
        "calls.unknown_outcome_near": (2, "完成", ("set", "leave_out")),
        "calls.unknown_community": (1, "锦园社区", ("set", "leave_out")),
        "calls.community_blank": (1, "", ("set", "leave_out")),
        "calls.bad_time": (1, "", ("set", "blank", "leave_out")),
    }
    assert "改为“完成”" in page(store, room, upload)
    decide(store, room, upload, "calls.unknown_outcome_near", "suggested", all_alike=True)
    decide(store, room, upload, "calls.unknown_community", "suggested")
    decide(store, room, upload, "calls.community_blank", "leave_out", reason="查无此人")
    decide(store, room, upload, "calls.bad_time", "blank")
    checked = look(store, room, upload)
    assert (checked.state, checked.counts.storable, checked.counts.left_out) == ("ready", 4, 1)
    done, kept = commit(store, room, upload)
    assert [(d.action, d.cell, d.after, d.reason) for d in kept] == [
        ("set", "E2", "完成", ""),
        ("set", "E3", "完成", ""),
        ("set", "B4", "锦园社区", ""),
        ("leave_out", "B5", "", "查无此人"),
        ("blank", "D6", "", ""),
    ]
    with store.read() as conn:
        assert len(calls.attempts(conn, 2014)) == done.stored == 4


def test_a_call_with_another_outcome_than_the_stored_one_names_it(store, room):
    good = CALLS.splitlines()[0] + "\n1,春晖社区,2014,2014-09-01 10:00,占线\n"
    commit(store, room, drop(store, room, ("旧.csv", good.encode())))
    upload = drop(
        store,
        room,
        ("新.csv", good.replace("占线", "拒访").encode() + "2,春晖社区,2014,2014-09-01 11:00,空号\n".encode()),
    )
    line = decide(store, room, upload, "calls.other_outcome_stored", "suggested")
    assert (line.first.cell, line.first.header, line.actions) == ("E2", "访问结果", ("set", "leave_out"))
    assert "批次 1，旧.csv" in line.first.word("zh")
    assert look(store, room, upload).counts.storable == 1
    assert [d.after for d in commit(store, room, upload)[1]] == ["占线"]


def values(store):
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, 2014).definition)
    share = next(i for i in scheme.scored_indicators if i.rule == "ratio_linear")
    rows = (
        f"春晖社区,{share.code},0.9\n锦圆社区,{share.code},80\n望江社区,{share.code},不详\n锦园社区,{share.code},70\n"
    )
    return ("社区,指标,数值\n" + rows).encode()


def test_indicator_values_are_decided(store, room):
    upload = drop(store, room, ("指标2014.csv", values(store)), kind="indicators", year="2014")
    found = {a.first.code: a for a in decisions.alike(look(store, room, upload))}
    assert {code: (a.suggestion, a.actions, a.first.header) for code, a in found.items()} == {
        "indicator.percent_or_share": ("90%", ("confirm", "set", "blank", "leave_out"), "数值"),
        "indicator.community_unknown": ("锦园社区", ("set", "leave_out"), "社区"),
        "indicator.not_a_number": ("", ("set", "leave_out"), "数值"),
    }
    decide(store, room, upload, "indicator.percent_or_share", "suggested")
    decide(store, room, upload, "indicator.community_unknown", "leave_out", reason="不是本街道")
    decide(store, room, upload, "indicator.not_a_number", "set", value="75")
    checked = look(store, room, upload)
    assert (checked.state, checked.counts.storable, checked.counts.left_out) == ("ready", 3, 1)
    assert [(d.action, d.after) for d in commit(store, room, upload)[1]] == [
        ("set", "90%"),
        ("leave_out", "锦圆社区"),
        ("set", "75"),
    ]


def test_an_open_question_about_a_value_is_confirmed(store, room):
    data = values(store).decode().splitlines()[:2]
    upload = drop(store, room, ("指标2014.csv", "\n".join(data).encode()), kind="indicators", year="2014")
    assert look(store, room, upload).state == "ask"
    decide(store, room, upload, "indicator.percent_or_share", "confirm", reason="确是 0.9%")
    checked = look(store, room, upload)
    assert checked.state == "ready"
    assert checked.values.values.frame["value"].tolist() == [0.9]


def test_a_register_is_decided(store, room):
    data = "编号,社区名称,成年人口\nSL01,春晖社区,三千\nSL09,新河社区,-5\nSL10,,900\n".encode()
    upload = drop(store, room, ("名册.csv", data), kind="register")
    checked = look(store, room, upload)
    assert (checked.state, checked.counts.storable) == ("ask", 0)
    assert {a.first.header for a in decisions.alike(checked)} == {"成年人口", "社区名称"}
    decide(store, room, upload, "register.bad_adults", "set", value="3000")
    decide(store, room, upload, "register.bad_adults", "blank")
    decide(store, room, upload, "register.missing_name", "leave_out", reason="重复登记")
    checked = look(store, room, upload)
    assert (checked.state, checked.counts.storable, checked.counts.left_out) == ("ready", 2, 1)
    assert len(commit(store, room, upload)[1]) == 3
    with store.read() as conn:
        assert {c.code: c.adult_population for c in register.communities(conn)}["SL01"] == 3000


def test_a_filled_list_decides_about_any_kind(store, room):
    upload = drop(store, room, ("电话.csv", CALLS.encode()))
    table = (
        finding_table("电话.csv", look(store, room, upload).findings, "zh").astype(object).fillna("").to_dict("records")
    )
    for line in table:
        if line["level"] == "refuse":
            told = ("set", line["suggestion"], "") if line["suggestion"] else ("leave_out", "", "核对不了")
            line |= dict(zip(("decision", "value", "reason"), told, strict=True))
    text = StringIO()
    writer = csv.DictWriter(text, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    checks.receive(
        ADMIN,
        store,
        room,
        [("清单.csv", text.getvalue().encode())],
        {},
        checks.choices(ADMIN, store, ()),
        upload.token,
    )
    checked = look(store, room, upload)
    assert (checked.state, checked.counts.storable, checked.counts.left_out) == ("ready", 3, 2)


def test_a_stored_answer_sheet_stands_beside_the_one_that_differs(store, room):
    commit(store, room, drop(store, room, ("旧.csv", answers_csv())))
    table = [line.split(",") for line in answers_csv().decode().splitlines()]
    table = table[:4]  # the whole file again would be a correction
    table[3][5] = "2" if table[3][5] != "2" else "3"
    upload = drop(store, room, ("新.csv", "\n".join(",".join(r) for r in table).encode()))
    (two,) = decisions.beside(ADMIN, store, look(store, room, upload), "zh").values()
    assert (two.here.row, two.there.batch, two.there.file, two.there.row) == (4, 1, "旧.csv", 4)
    ((header, here, there),) = two.differ
    assert here != there
    assert two.same > 3
    shown = page(store, room, upload)
    assert "已入库：批次 1 · 旧.csv" in shown
    assert header in shown
    (finding,) = [f for f in look(store, room, upload).findings if f.level == "ask"]
    assert "批次 1" in finding.word("zh")
    assert "旧.csv" in finding.word("zh")


def test_what_one_choice_above_the_table_answers_has_no_button_and_typed_twice_has_two():
    conflict = Finding("checking.options_conflict", "refuse", "row", "数据", "B2", 2, "社区", {"found": "甲"})
    twice = Finding("checking.typed_twice", "ask", "sheet", "乙", "A5", 0, "编号", {"found": "W004"})
    assert (_actions(conflict), _actions(twice)) == ((), ("confirm", "set"))


def test_a_merged_answer_is_that_of_all_its_questions_by_one_button(store, room):
    book = openpyxl.Workbook()
    for row in csv.reader(StringIO(answers_csv().decode("utf-8-sig"))):
        book.active.append(row)
    book.active.merge_cells(start_row=4, end_row=4, start_column=5, end_column=8)
    out = BytesIO()
    book.save(out)
    upload = drop(store, room, ("a.xlsx", out.getvalue()))
    assert "几题都是这个答案" in page(store, room, upload)
    decide(store, room, upload, "intake.merged_answers", "for_all")
    assert "intake.merged_answers" not in [f.code for f in look(store, room, upload).findings if f.level == "ask"]
    codes = look(store, room, upload).inspection.coded.codes
    assert (codes[2] == BLANK).sum() == (codes[3] == BLANK).sum()  # no question of the row is without its answer
