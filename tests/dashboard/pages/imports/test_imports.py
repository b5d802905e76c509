"""Answers through the page: upload, preview, question, commit, undo."""

from dataclasses import replace
from io import BytesIO

import pytest

from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.pages.imports.service import checks, import_history, storing
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core import limits
from survey.core.errors import Refused
from survey.store.intake import responses
from survey.store.year import years
from tests.tools.dashboard_tools import ADMIN, VIEWER, answers_csv, words


@pytest.fixture
def client(store, room):
    return create_app(store, uploads=room).server.test_client()


def upload(client, *files, **fields):
    data = {"file": [(BytesIO(content), name) for name, content in files], **fields}
    return client.post("/import/upload", data=data, content_type="multipart/form-data")


def waiting_file(store, room, content, name="问卷.csv", **options):
    return checks.receive(ADMIN, store, room, [(name, content)], options, checks.choices(ADMIN, store, ()))


def stored_rows(store):
    with store.read() as conn:
        return int(responses.counts(conn)["n"].sum())


def test_a_good_file_is_previewed_stored_and_scored(client, store, room):
    token = upload(client, ("问卷.csv", answers_csv(count=12)), mode="phone").get_json()["token"]
    source = StoreSource(store)
    page = render(ADMIN, source, store, room, "/import", f"?token={token}", {})
    assert "12 行：12 份可入库" in words(page.children)
    assert "入库 12 份答卷" in words(page.children)
    assert stored_rows(store) == 0
    done = storing.commit(ADMIN, store, room, room.find(token, ADMIN.user), accept_partial=False)
    assert (done.stored, done.years, stored_rows(store)) == (12, (2014,), 12)
    assert source.results(2014).community("SL01")["n"] == 12
    assert list(room.folder.iterdir()) == []
    receipt = render(ADMIN, source, store, room, "/import", f"?batch={done.batches[0]}", {})
    assert "问卷.csv：入库 12 份" in words(receipt.children)
    assert "春晖社区还差 38 份" in words(receipt.children)
    assert import_history.aftermath(
        ADMIN, store, import_history.receipts(ADMIN, store, str(done.batches[0])), "zh"
    ) == import_history.Aftermath(("2014 年的得分已按新数据重新计算。",))
    with store.write() as conn:
        years.close(conn, 2014)
    assert "重新计算" not in words(
        render(ADMIN, source, store, room, "/import", f"?batch={done.batches[0]}", {}).children
    )


def test_a_register_that_says_nothing_new_moves_no_year(store, room):
    storing.commit(ADMIN, store, room, waiting_file(store, room, answers_csv(count=12)), accept_partial=False)
    for adults, said in (("", ()), ("3000", ("2014 年的得分已按新数据重新计算。",))):
        text = f"code,name,sub_district,adult_population\nSL01,春晖社区,示例街道,{adults}\n"
        waits = waiting_file(store, room, text.encode(), name="名册.csv")
        done = storing.commit(ADMIN, store, room, waits, accept_partial=False)
        found = import_history.receipts(ADMIN, store, str(done.batches[0]))
        told = import_history.aftermath(ADMIN, store, found, "zh")
        assert (found[0].kind, told) == ("register", import_history.Aftermath(said))


def test_refused_cells_and_rows_are_asked_about_once(store, room):
    waits = waiting_file(store, room, answers_csv(bad=True))
    (checked,) = checks.check(ADMIN, store, room, waits)
    assert checked.state == "partial"
    counts = checked.inspection.counts
    assert (counts.refused_cells, counts.refused_rows, counts.storable) == (2, 1, 11) or counts.refused_rows == 1
    with pytest.raises(Refused):
        storing.commit(ADMIN, store, room, waits, accept_partial=False)
    assert stored_rows(store) == 0
    assert storing.commit(ADMIN, store, room, waits, accept_partial=True).stored == 11


def test_findings_of_one_kind_stand_together_with_their_first_addresses(store, room):
    (checked,) = checks.check(ADMIN, store, room, waiting_file(store, room, answers_csv(bad=True)))
    groups = {(g.level, g.scope): g for g in checked.groups}
    assert groups["refuse", "row"].count == 1
    assert groups["refuse", "row"].where[0].endswith("B3")


def test_all_findings_can_be_downloaded(client):
    token = upload(client, ("问卷.csv", answers_csv(bad=True))).get_json()["token"]
    table = client.get(f"/download/findings/{token}.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert "没有的社区" in table.data.decode("utf-8-sig")
    assert client.get(f"/download/findings/{token}.xlsx").data[:2] == b"PK"
    assert client.get("/download/findings/" + "x" * 32 + ".csv").status_code == 404


def test_an_upload_of_which_nothing_is_read_has_an_empty_list(client, store, room):
    token = upload(client, ("问卷.csv", answers_csv())).get_json()["token"]
    waits = room.find(token, ADMIN.user)
    room.change(waits, {**waits.options, "parts": []}, ADMIN.user)
    table = client.get(f"/download/findings/{token}.csv")
    assert (table.status_code, len(table.data.decode("utf-8-sig").splitlines())) == (200, 1)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\x00\x01\x02\x03" * 50, ""),
        (b"PK\x03\x04 no workbook", ""),
        ("颜色,形状\n红,圆\n".encode(), "没有认出表头"),
        (b"", ""),
    ],
)
def test_a_file_that_is_no_answers_gets_one_sentence_and_stores_nothing(store, room, content, part):
    waits = waiting_file(store, room, content, name="表.xlsx" if content[:2] != "颜".encode()[:2] else "表.csv")
    (checked,) = checks.check(ADMIN, store, room, waits)
    assert checked.state == "refused"
    assert part in checked.refused.word("zh")
    assert checked.refused.word("zh").count("\n") == 0
    with pytest.raises(Refused):
        storing.commit(ADMIN, store, room, waits, accept_partial=True)
    assert stored_rows(store) == 0


def test_one_bad_file_does_not_keep_the_good_one_out(store, room):
    files = [("坏.csv", b"a,b\n1,2\n"), ("好.csv", answers_csv())]
    waits = checks.receive(ADMIN, store, room, files, {}, checks.choices(ADMIN, store, ()))
    done = storing.commit(ADMIN, store, room, waits, accept_partial=False)
    assert (done.stored, [name for name, _ in done.left]) == (12, ["坏.csv"])


def test_the_same_file_again_is_refused(store, room):
    storing.commit(ADMIN, store, room, waiting_file(store, room, answers_csv()), accept_partial=False)
    (again,) = checks.check(ADMIN, store, room, waiting_file(store, room, answers_csv()))
    assert "已经导入过" in again.refused.word("zh")


def test_a_batch_is_taken_back_and_brought_back(store, room):
    done = storing.commit(ADMIN, store, room, waiting_file(store, room, answers_csv()), accept_partial=False)
    assert import_history.switch(ADMIN, store, done.batches[0])[0].state == "undone"
    assert stored_rows(store) == 0
    assert import_history.switch(ADMIN, store, done.batches[0])[0].state == "active"
    assert stored_rows(store) == 12


def test_unknown_communities_can_be_added_with_the_import(store, room):
    waits = waiting_file(store, room, answers_csv(community="新社区"), add_communities=True)
    assert storing.commit(ADMIN, store, room, waits, accept_partial=False).stored == 12


@pytest.mark.parametrize(
    "options",
    [
        {"questionnaire": "nobody"},
        {"mode": "pigeon"},
        {"year": "20x4"},
        {"community": "SL99"},
        {"sample_type": "all"},
        {"sheet": "x" * 61},
    ],
)
def test_what_is_said_about_a_file_is_held_against_what_there_is(client, options):
    response = upload(client, ("a.csv", answers_csv()), **options)
    assert response.status_code == 422
    assert "请重新选择" in response.get_json()["error"]


def test_no_file_is_said_in_a_sentence(client):
    assert upload(client).get_json() == {"error": "没有选择文件。请选择一个 Excel 或 CSV 文件。"}


def test_an_upload_belongs_to_who_brought_it_and_expires(room, monkeypatch):
    token = room.keep([("a.csv", b"1")], {}, "one")
    with pytest.raises(Refused):
        room.find(token, "two")
    for bad in ("../../etc/passwd", "", "x" * 32):
        with pytest.raises(Refused):
            room.find(bad, "one")
    monkeypatch.setattr(limits, "UPLOAD_WAITS", -1.0)
    with pytest.raises(Refused):
        room.find(token, "one")
    room.sweep()
    assert list(room.folder.iterdir()) == []


def test_a_file_name_keeps_no_path():
    assert checks.bare_name("C:\\Users\\李\\问卷.xlsx") == "问卷.xlsx"
    assert checks.bare_name("../../x/问卷.xlsx") == "问卷.xlsx"
    assert checks.bare_name("") == "—"


@pytest.mark.parametrize("viewer", [VIEWER, Viewer("office", "scorer", frozenset({"SL01"}))])
def test_services_refuse_who_may_not_import(store, room, viewer):
    waits = waiting_file(store, room, answers_csv())
    for call in (
        lambda: checks.choices(viewer, store, ()),
        lambda: checks.check(viewer, store, room, waits),
        lambda: import_history.listing(viewer, store),
        lambda: import_history.switch(viewer, store, 1),
    ):
        with pytest.raises(Refused):
            call()


def test_an_expired_upload_leads_back_to_the_form(store, room):
    page = render(ADMIN, StoreSource(store), store, room, "/import", "?token=" + "x" * 32, {})
    assert "上传的文件已过期或不存在" in words(page.children)
    assert "选择文件" in words(page.children)


def test_a_receipt_says_that_its_batch_was_taken_back(store, room):
    done = storing.commit(ADMIN, store, room, waiting_file(store, room, answers_csv()), accept_partial=False)
    import_history.switch(ADMIN, store, done.batches[0])
    text = words(render(ADMIN, StoreSource(store), store, room, "/import", f"?batch={done.batches[0]}", {}).children)
    assert "已撤回，不再计入" in text
    assert "本次入库" not in text
    assert import_history.sentence(ADMIN, store, import_history.receipts(ADMIN, store, "1"), 2014, "zh") == ""


def test_uploads_under_way_are_listed_for_who_brought_them(client, store, room):
    token = upload(client, ("甲表.csv", answers_csv())).get_json()["token"]
    page = words(render(ADMIN, StoreSource(store), store, room, "/import", "", {}).children)
    assert "进行中的上传 · 1" in page
    assert "甲表.csv" in page
    assert [u.token for u in room.of_user(ADMIN.user)] == [token]
    assert room.of_user("somebody else") == ()
    room.drop(token)
    assert room.of_user(ADMIN.user) == ()
    assert "进行中的上传" not in words(render(ADMIN, StoreSource(store), store, room, "/import", "", {}).children)


def test_questionnaires_are_named_by_year_questions_and_version(store):
    ((name, text),) = checks.choices(ADMIN, store, (), "zh").questionnaires[:1]
    assert text.startswith(dict(checks.choices(ADMIN, store, ()).questionnaires)[name])
    assert "题 · 第 1 版）" in text


def test_one_choice_of_year_counts_for_all_lines(client, store, room):
    token = upload(client, ("甲.csv", answers_csv()), ("乙.csv", answers_csv(count=11))).get_json()["token"]
    offered = checks.choices(ADMIN, store, (2013, 2014))
    waits = checks.say_year_of_all(ADMIN, room, room.find(token, ADMIN.user), "2013", offered)
    assert [p.said["year"] for p in checks.parts_of(waits)] == ["2013", "2013"]
    page = render(ADMIN, StoreSource(store), store, room, "/import", f"?token={token}", {})
    assert "全部表的年度" in words(page.children)
    with pytest.raises(Refused):
        checks.say_year_of_all(ADMIN, room, waits, "20x3", offered)


def test_enter_applies_what_was_typed(store, room):
    app = create_app(store, uploads=room)
    inputs = [
        str(i["id"]) + i["property"]
        for c in app.callback_map.values()
        for i in c["inputs"]
        if "decide-" in str(i["id"])
    ]
    assert any("decide-value" in i and i.endswith("n_submit") for i in inputs)
    assert any("decide-reason" in i and i.endswith("n_submit") for i in inputs)


def test_the_names_that_the_register_would_get_are_said_before_anything_is_stored(store, room):
    data = answers_csv(count=3, community="红旗一社区")
    upload = checks.receive(ADMIN, store, room, [("a.csv", data)], {}, checks.choices(ADMIN, store, ()), "")
    upload = room.find(upload.token, ADMIN.user)
    part = checks.part_at(upload, 0)
    checks.change(ADMIN, room, upload, 0, replace(part, said={**part.said, "add_communities": True}))
    for lang, told in (("zh", "名册将新增 1 个社区：红旗一社区"), ("en", "1 community, 红旗一社区")):
        search = f"?token={upload.token}&lang={lang}"
        assert told in words(render(ADMIN, StoreSource(store), store, room, "/import", search, {}).children)


def test_what_is_missing_around_the_server_is_told_as_what_it_is_not_as_a_fault(store, room, tmp_path, monkeypatch):
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "gone"))
    upload = waiting_file(store, room, answers_csv(count=3))
    (checked,) = checks.check(ADMIN, store, room, room.find(upload.token, ADMIN.user))
    assert (checked.state, checked.refused.key) == ("refused", "keyring.no_file")
