"""Several kinds of files in one upload, and findings decided on the page."""

import csv
from io import BytesIO, StringIO

import pytest

from analysis.scheme.serial import from_dict
from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.pages.imports.service import checks, contents, decisions, finding_files, import_history, storing
from dashboard.router import render
from survey.core.errors import Refused
from survey.store.intake import decisions as kept_decisions
from survey.store.intake import responses
from survey.store.year import register, schemes
from tests.tools.dashboard_tools import ADMIN, COMMUNITIES, VIEWER, answers_csv, words

CALLS = (
    "社区,年度,编号,日期,访问结果\n"
    + "".join(f"锦园社区,2014,P{i:03d},2014-11-{1 + i:02d},{'完成' if i % 3 else '无人接听'}\n" for i in range(20))
).encode()
REGISTER = "编号,社区名称,所属街道\nSL01,春晖社区,示例街道\nSL09,新河社区,示例街道\n".encode()


def drop(store, room, *files, token="", **said):
    return checks.receive(ADMIN, store, room, files, said, checks.choices(ADMIN, store, ()), token)


def check(store, room, upload):
    return checks.check(ADMIN, store, room, room.find(upload.token, ADMIN.user))


def decide(store, room, upload, number=0, **what):
    return decisions.decide(ADMIN, store, room, room.find(upload.token, ADMIN.user), number, **what)


def lines(store, room, upload):
    return decisions.alike(check(store, room, upload)[0])


def spoiled(*rows, column=7, text="满"):
    table = [line.split(",") for line in answers_csv().decode().splitlines()]
    for row in rows:
        table[row][column] = text
    return "\n".join(",".join(r) for r in table).encode()


def twin():
    table = answers_csv().decode().splitlines()
    last = table[3].split(",")
    last[5] = "1" if last[5] != "1" else "2"
    return "\n".join([*table, ",".join(last)]).encode()


def test_a_workbook_of_the_cycle_is_told_where_it_goes(store, room):
    upload = drop(store, room, ("申报表.csv", "社区,拟创星级,申报日期\n春晖社区,4,2014-05-01\n".encode()))
    (found,) = check(store, room, upload)
    assert found.refused.key == "page_import.of_the_cycle"
    assert "申报表" in found.refused.word("zh")
    assert "年度流程" in found.refused.word("zh")


def test_each_file_is_recognised_and_stored_as_what_it_is(store, room):
    upload = drop(
        store,
        room,
        ("问卷.csv", answers_csv()),
        ("电话.csv", CALLS),
        ("名册.csv", REGISTER),
        ("颜色.csv", "颜色,形状\n红,圆\n".encode()),
    )
    found = check(store, room, upload)
    assert [c.kind for c in found] == ["answers", "calls", "register", "unknown"]
    assert [c.state for c in found] == ["ready", "ready", "ready", "refused"]
    page = words(render(ADMIN, StoreSource(store), store, room, "/import", f"?token={upload.token}", {}).children)
    assert "入库 12 份答卷、20 次电话访问、2 个社区" in page
    done = storing.commit(ADMIN, store, room, upload, accept_partial=False)
    assert [b.kind for b in import_history.receipts(ADMIN, store, ",".join(map(str, done.batches)))] == [
        "answers",
        "calls",
        "register",
    ]
    with store.read() as conn:
        assert [c.code for c in register.communities(conn)] == [*(code for code, _ in COMMUNITIES), "SL09"]
    assert [c.file for c in check(store, room, upload)] == ["颜色.csv"]
    with pytest.raises(Refused):
        import_history.switch(ADMIN, store, done.batches[2])


def test_indicator_values_need_their_year_and_come_in_as_a_whole(store, room):
    data = "社区编号,指标,数值\nSL01,没有的指标,80\n".encode()
    upload = drop(store, room, ("指标.csv", data), kind="indicators")
    (asked,) = check(store, room, upload)
    assert "年度" in asked.refused.word("zh")
    offered = checks.choices(ADMIN, store, ())
    checks.say_of(ADMIN, room, upload, 0, "year", str(offered.years[0]), offered)
    (blocked,) = check(store, room, upload)
    assert (blocked.state, blocked.counts.storable) == ("ask", 0)


def test_good_indicator_values_are_stored_with_the_answers(store, room):
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, 2014).definition)
    rows = [f"SL01,{i.code},,,同级表彰文件,是\n" for i in scheme.scored_indicators]  # exempt with evidence: full marks
    data = ("社区编号,指标,种类,数值,依据,免检\n" + "".join(rows)).encode()
    upload = drop(store, room, ("问卷.csv", answers_csv()), ("客观指标2014.csv", data))
    assert [(c.kind, c.state) for c in check(store, room, upload)] == [("answers", "ready"), ("indicators", "ready")]
    page = words(render(ADMIN, StoreSource(store), store, room, "/import", f"?token={upload.token}", {}).children)
    assert f"入库 12 份答卷、{len(rows)} 个指标值" in page
    done = storing.commit(ADMIN, store, room, upload, accept_partial=False)
    assert (len(done.batches), done.stored, done.years) == (2, 12 + len(rows), (2014,))
    again = drop(store, room, ("客观指标2014.csv", data))
    assert check(store, room, again)[0].refused.key == "intake.file_again"


def test_a_suggestion_is_applied_to_one_cell_or_to_all_alike(store, room):
    upload = drop(store, room, ("问卷.csv", spoiled(3, 4, 5)))
    (line,) = lines(store, room, upload)
    assert (line.count, line.suggestion) == (3, "满意")
    place = {"cell": line.first.cell, "code": line.first.code}
    decide(store, room, upload, **place, action="suggested")
    (left,) = lines(store, room, upload)
    assert left.count == 2
    decide(store, room, upload, cell=left.first.cell, code=left.first.code, action="suggested", all_alike=True)
    (checked,) = check(store, room, upload)
    assert (checked.state, decisions.alike(checked)) == ("ready", ())
    done = storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    with store.read() as conn:
        assert len(kept_decisions.of(conn, done.batches[0])) == 3


def test_two_rows_of_one_number_stand_side_by_side_and_one_is_left_out_with_a_reason(store, room):
    upload = drop(store, room, ("问卷.csv", twin()))
    (line,) = lines(store, room, upload)
    (beside,) = decisions.beside(ADMIN, store, check(store, room, upload)[0], "zh").values()
    assert (beside.here.row, beside.there.row, len(beside.differ)) == (14, 4, 1)
    place = {"cell": line.first.cell, "code": line.first.code}
    with pytest.raises(Refused):
        decide(store, room, upload, **place, action="confirm")
    with pytest.raises(Refused):
        decide(store, room, upload, **place, action="leave_out", reason=" ")
    decide(store, room, upload, **place, action="leave_out", reason="重复填写")
    (checked,) = check(store, room, upload)
    assert (checked.state, checked.counts.storable, checked.counts.left_out) == ("ready", 12, 1)
    decisions.undecide(ADMIN, room, room.find(upload.token, ADMIN.user), 0, 0)
    assert check(store, room, upload)[0].state == "ask"


@pytest.mark.parametrize(
    "what",
    [
        {"cell": "Z99"},
        {"code": "nothing.here"},
        {"action": "drop table"},
        {"action": "set", "value": ""},
        {"action": "set", "value": "x" * 201},
        {"action": "set", "value": "a\nb"},
        {"number": 7},
        {"number": True},
    ],
)
def test_what_a_browser_sends_is_held_against_what_there_is(store, room, what):
    upload = drop(store, room, ("问卷.csv", spoiled(3)))
    first = lines(store, room, upload)[0].first
    with pytest.raises(Refused):
        decide(store, room, upload, **{"cell": first.cell, "code": first.code, "action": "blank", **what})


def test_a_filled_list_of_findings_decides(store, room):
    upload = drop(store, room, ("问卷.csv", spoiled(3, 4)))
    client = create_app(store, uploads=room).server.test_client()
    text = client.get(f"/download/findings/{upload.token}.csv").data.decode("utf-8-sig")
    table = list(csv.DictReader(StringIO(text)))
    for line in table:
        if line["程度"] == "不能入库":
            line["处理"], line["改为"] = "改为", "2"
    out = StringIO()
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    sent = {"file": (BytesIO(out.getvalue().encode("utf-8")), "问题.csv"), "token": upload.token}
    answer = client.post("/import/upload", data=sent, content_type="multipart/form-data")
    assert answer.get_json() == {"token": upload.token}
    (checked,) = check(store, room, upload)
    assert (checked.state, len(checked.part.decisions)) == ("ready", 2)
    alone = drop(store, room, ("别的.csv", answers_csv()))
    with pytest.raises(Refused):
        drop(store, room, ("问题.csv", out.getvalue().encode("utf-8")), token=alone.token)


def test_an_annotated_copy_is_downloaded_by_who_brought_the_file(store, room):
    upload = drop(store, room, ("问卷.csv", spoiled(3)))
    client = create_app(store, uploads=room).server.test_client()
    assert client.get(f"/download/annotated/{upload.token}/0").data[:2] == b"PK"
    assert client.get(f"/download/annotated/{upload.token}/5").status_code == 404
    assert client.get(f"/download/annotated/{'x' * 32}/0").status_code == 404


def test_an_ignored_column_is_matched_and_the_choice_is_kept(store, room):
    table = [line.split(",") for line in answers_csv().decode().splitlines()]
    name, table[0][6] = table[0][6], "一个陌生的表头"
    upload = drop(store, room, ("问卷.csv", "\n".join(",".join(r) for r in table).encode()))
    (checked,) = check(store, room, upload)
    assert name in {n.question.name for n in checked.contents.of("missing")}
    waits = room.find(upload.token, ADMIN.user)
    with pytest.raises(Refused):
        contents.match_column(ADMIN, store, room, waits, 0, 6, "nobody")
    contents.match_column(ADMIN, store, room, waits, 0, 6, name)
    (checked,) = check(store, room, upload)
    assert next(c.question for c in checked.inspection.columns if c.index == 6) == name
    storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    for line in table[1:]:
        line[0] = f"S{line[0]}"
    (again,) = check(store, room, drop(store, room, ("二.csv", "\n".join(",".join(r) for r in table).encode())))
    assert next(c.question for c in again.inspection.columns if c.index == 6) == name


def test_the_receipt_is_one_sentence_and_progress_counts_what_is_wanted(store, room):
    done = storing.commit(ADMIN, store, room, drop(store, room, ("问卷.csv", answers_csv())), accept_partial=False)
    found = import_history.receipts(ADMIN, store, str(done.batches[0]))
    said = import_history.sentence(ADMIN, store, found, 2014, "zh")
    assert said.startswith("已入库 12 份，")
    assert "春晖社区还差 38 份" in said
    rows = {p.community: (p.stored, p.wanted, p.short) for p in import_history.progress(ADMIN, store, 2014)}
    assert rows == {"春晖社区": (12, 50, 38), "锦园社区": (0, 50, 50), "望江社区": (0, 50, 50)}
    with store.read() as conn:
        assert int(responses.counts(conn)["n"].sum()) == 12


def test_who_may_not_import_decides_nothing(store, room):
    upload = drop(store, room, ("问卷.csv", spoiled(3)))
    for call in (
        lambda: decisions.decide(VIEWER, store, room, upload, 0, cell="H4", code="x", action="blank"),
        lambda: decisions.undecide(VIEWER, room, upload, 0, 0),
        lambda: checks.receive(VIEWER, store, room, [("a.csv", b"1")], {}, checks.choices(ADMIN, store, ())),
        lambda: finding_files.annotated(VIEWER, store, room, upload.token, 0, "zh"),
        lambda: import_history.progress(VIEWER, store, 2014),
    ):
        with pytest.raises(Refused):
            call()


def test_numbers_out_of_range_are_one_line_that_one_press_empties(store, room):
    table = [line.split(",") for line in answers_csv().decode().splitlines()]
    young = {3: "3", 4: "5", 5: "3"}
    table = [[*row, young.get(i, "40") if i else "age"] for i, row in enumerate(table)]
    upload = drop(store, room, ("问卷.csv", "\n".join(",".join(r) for r in table).encode()))
    (line,) = lines(store, room, upload)
    assert (line.first.code, line.count, line.found) == ("checking.out_of_ranges", 3, "3、5")
    decide(store, room, upload, cell=line.first.cell, code=line.first.code, action="blank", all_alike=True)
    assert check(store, room, upload)[0].state == "ready"
