"""Files are looked at and stored outside of the request: stages, reload, twice, other viewers, failures."""

from __future__ import annotations

import os
import threading
import time
from io import BytesIO

import pytest

from dashboard.app import create_app
from dashboard.data import jobs
from dashboard.data.jobs import Job, Jobs, Line
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.imports.service import background_work, checks, incoming_files, storing
from dashboard.pages.imports.view.progress import stage_lines
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.coding import options
from survey.core import progress
from survey.core.errors import Refused
from survey.core.progress import Stage
from survey.intake import answers
from survey.store import audit
from survey.store.intake import responses
from tests.tools.dashboard_tools import ADMIN, answers_csv, nodes, plain, words

OTHER = Viewer("other", "local")
LONG = 20


@pytest.fixture
def gate(monkeypatch):
    """Inspection waits until the gate is opened, and counts how often it is asked for."""
    opened, asked, real = threading.Event(), [], answers.inspect

    def inspect(*args, **named):
        asked.append(args[1])
        progress.at("checking", 3, 28, "columns")
        assert opened.wait(LONG)
        return real(*args, **named)

    monkeypatch.setattr(answers, "inspect", inspect)
    monkeypatch.setattr(jobs, "PATIENCE", 0.01)
    monkeypatch.setattr(background_work, "PATIENCE", 0.01)
    yield opened, asked
    opened.set()


def offered(store):
    return checks.choices(ADMIN, store, ())


def brought(store, room, *files, **said):
    files = files or (("问卷.csv", answers_csv()),)
    return incoming_files.bring(ADMIN, room, files, said, offered(store))


def page(store, room, token, viewer=ADMIN):
    return render(viewer, StoreSource(store), store, room, "/import", f"?token={token}", {}).children


def ids(tree):
    return {n["props"].get("id") for n in nodes(plain(tree)) if isinstance(n["props"].get("id"), str)}


def stored_rows(store):
    with store.read() as conn:
        return int(responses.counts(conn)["n"].sum())


def test_the_page_shows_the_stages_until_the_files_are_checked(store, room, gate):
    opened, asked = gate
    upload = brought(store, room)
    for _ in range(2):  # a page that is loaded again shows the same job
        shown = page(store, room, upload.token)
        assert {"import-tick", "import-stages"} <= ids(shown)
        assert "import-commit" not in ids(shown)
    job = background_work.look(ADMIN, store, room, upload, offered(store))
    while not asked:
        assert not job.ended.wait(0.01)
    assert "核对 3/28 列" in words(page(store, room, upload.token))
    opened.set()
    assert job.ended.wait(LONG)
    shown = page(store, room, upload.token)
    assert "import-commit" in ids(shown)
    assert "import-tick" not in ids(shown)  # nobody asks any more
    assert asked == ["问卷.csv"]


def test_a_small_file_is_checked_in_the_first_answer(store, room, monkeypatch):
    monkeypatch.setattr(background_work, "PATIENCE", LONG)
    assert "入库 12 份答卷" in words(page(store, room, brought(store, room).token))


def test_an_unchanged_upload_is_looked_at_once_until_the_store_moves(store, room, gate):
    opened, asked = gate
    opened.set()
    upload = checks.receive(ADMIN, store, room, [("问卷.csv", answers_csv())], {}, offered(store))
    first = checks.check(ADMIN, store, room, upload)
    assert checks.check(ADMIN, store, room, upload)[0] is first[0]
    assert checks.known(ADMIN, store, room, upload)[0] is first[0]
    assert len(asked) == 1
    with store.write() as conn:
        audit.record(conn, "", "something", "else")
    assert checks.known(ADMIN, store, room, upload) is None
    checks.check(ADMIN, store, room, upload)
    changed = checks.say_of(ADMIN, room, upload, 0, "mode", "phone", offered(store))
    checks.check(ADMIN, store, room, changed)
    assert len(asked) == 3


def test_a_job_is_seen_only_by_who_ordered_it(store, room, gate):
    upload = brought(store, room)
    background_work.look(ADMIN, store, room, upload, offered(store))
    assert background_work.at_work(ADMIN, room, upload.token)
    assert background_work.at_work(OTHER, room, upload.token) is None
    shown = page(store, room, upload.token, OTHER)
    assert "import-stages" not in ids(shown)
    assert "问卷.csv" not in words(shown)
    with pytest.raises(Refused):
        background_work.at_work(Viewer("reader", "leader"), room, upload.token)


def test_nothing_is_changed_while_files_are_looked_at(store, room, gate, monkeypatch):
    monkeypatch.setattr(incoming_files, "CLICK_WAITS", 0.01)
    upload = brought(store, room)
    background_work.look(ADMIN, store, room, upload, offered(store))
    with pytest.raises(Refused, match="还在读取和核对"):
        incoming_files.bring(ADMIN, room, [("b.csv", answers_csv(50))], {}, offered(store), upload.token)


def test_storing_twice_stores_once_and_the_address_leads_to_the_receipt(store, room, monkeypatch):
    monkeypatch.setattr(background_work, "PATIENCE", 0.01)
    upload = checks.receive(ADMIN, store, room, [("问卷.csv", answers_csv())], {}, offered(store))
    found, opened, real = checks.check(ADMIN, store, room, upload), threading.Event(), answers.commit

    def slow(*args, **named):
        progress.at("storing", 5, 12)
        assert opened.wait(LONG)
        return real(*args, **named)

    monkeypatch.setattr(answers, "commit", slow)
    source = StoreSource(store)
    one, two = (
        background_work.put_in(ADMIN, store, room, upload, source, found, accept_partial=False) for _ in range(2)
    )
    assert one is two
    assert "正在入库" in words(page(store, room, upload.token))
    with pytest.raises(Refused, match="正在入库"):
        checks.say_of(ADMIN, room, upload, 0, "mode", "phone", offered(store))
    opened.set()
    assert one.ended.wait(LONG)
    assert (one.error, one.result.stored, stored_rows(store)) == (None, 12, 12)
    assert one.stage.name == "computing"
    assert "入库 12 份" in words(page(store, room, upload.token))
    assert list(room.folder.iterdir()) == []


def test_readers_go_on_with_the_old_results_while_new_ones_are_computed(store, room):
    source = StoreSource(store)
    storing.commit(
        ADMIN,
        store,
        room,
        checks.receive(ADMIN, store, room, [("a.csv", answers_csv())], {}, offered(store)),
        accept_partial=False,
    )
    assert source.results(2014).community("SL01")["n"] == 12
    fresh = StoreSource(store)
    with source.renewing(), fresh.renewing():
        found = answers.inspect(store, "b.csv", answers_csv(50), options.ImportOptions(questionnaire="default"))
        answers.commit(store, found)
        assert source.results(2014).community("SL01")["n"] == 12
        assert fresh.results(2014).community("SL01")["n"] == 12
    assert source.results(2014).community("SL01")["n"] == 24


def test_a_fault_in_one_file_is_one_sentence_and_the_others_come_in(store, room, monkeypatch):
    real = answers.inspect

    def broken(store, file, *rest):
        if file == "坏.csv":
            raise RuntimeError("secret detail")
        return real(store, file, *rest)

    monkeypatch.setattr(answers, "inspect", broken)
    files = [("坏.csv", answers_csv()), ("好.csv", answers_csv(50))]
    upload = checks.receive(ADMIN, store, room, files, {}, offered(store))
    bad, good = checks.check(ADMIN, store, room, upload)
    assert (bad.state, good.state) == ("refused", "ready")
    assert "程序出错" in bad.refused.word("zh")
    assert "secret" not in bad.refused.word("zh")


@pytest.mark.parametrize("error", [RuntimeError("x"), SystemExit(1), MemoryError()])
def test_a_job_that_dies_leaves_one_sentence_and_can_be_ordered_again(error):
    room, ran = Jobs(1), []

    def work(_):
        ran.append(1)
        if len(ran) == 1:
            raise error
        return "good"

    job = room.start("t", "look", "me", 1, ["a.csv"], work)
    assert job.ended.wait(LONG)
    assert "程序出错" in job.error.word("zh")
    again = room.start("t", "look", "me", 1, ["a.csv"], work)
    assert again.ended.wait(LONG)
    assert again.result == "good"
    assert room.start("t", "look", "me", 1, ["a.csv"], work) is again
    assert room.find("t", "look", "you") is None


def test_a_list_of_findings_that_fits_nothing_leaves_the_upload_as_it_was(store, room):
    app = create_app(store, uploads=room).server.test_client()

    def send(name, data, **fields):
        sent = {"file": [(BytesIO(data), name)], **fields}
        return app.post("/import/upload", data=sent, content_type="multipart/form-data")

    token = send("问卷.csv", answers_csv()).get_json()["token"]
    listed = "file,where,level,scope,message,decision,value\n别的.csv,答卷!H4,refuse,cell,x,改为,2\n".encode()
    answer = send("问题.csv", listed, token=token)
    assert answer.status_code == 422
    assert room.find(token, ADMIN.user).files == ("问卷.csv",)
    assert [c.file for c in checks.check(ADMIN, store, room, room.find(token, ADMIN.user))] == ["问卷.csv"]
    assert send("问题.csv", listed).status_code == 422


def test_what_a_restarted_server_says_of_an_upload(store, room, tmp_path):
    token = brought(store, room).token
    (tmp_path / "new").mkdir()
    assert "已过期或不存在" in words(page(store, Uploads(tmp_path / "new"), token))


def test_the_lines_in_words():
    job = Job("me", 1, (Line("a.csv", Stage("reading", 5000), done=False), Line("b.csv")))
    text = words(stage_lines("look", job, "zh"))
    assert "正在读取和核对：2 个文件，已完成 0 个" in text
    assert "读取 5,000 行" in text
    assert "等待中" in text
    job.stage = Stage("computing", 0, 2, "years")
    assert "computing the results again" in words(stage_lines("store", job, "en"))
    live = [n for n in nodes(plain(stage_lines("look", job, "zh"))) if n["props"].get("aria-live")]
    assert len(live) == 1


def test_what_a_killed_server_left_is_deleted_and_two_hours_count_from_the_upload(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, fresh = tmp_path / "xingfu-upload-old", tmp_path / "xingfu-read-fresh"
    for place, age in ((old, 3 * 3600), (fresh, 60)):
        place.mkdir()
        os.utime(place, (time.time() - age,) * 2)
    uploads = Uploads()
    token = uploads.keep([("a.csv", b"1")], {"parts": []}, "me")
    assert (old.exists(), fresh.exists()) == (False, True)
    os.utime(uploads.folder / token / "0.bin", (time.time() - 3 * 3600,) * 2)
    with pytest.raises(Refused):
        uploads.find(token, "me")


def test_a_file_that_cannot_be_read_is_recorded_once_and_one_that_can_is_not(store, room):
    """The list of imports that failed had those refused while storing alone."""
    offered = checks.choices(ADMIN, store, ())
    files = [("坏的.xlsx", b"PK\x03\x04 no workbook"), ("好的.csv", answers_csv())]
    waits = incoming_files.bring(ADMIN, room, files, {}, offered)
    for _ in range(2):  # looking again is no other import
        background_work.look(ADMIN, store, room, room.find(waits.token, ADMIN.user), offered).ended.wait(LONG)
    with store.read() as conn:
        told = audit.listing(conn, None, action="import refused")
    assert [(t.subject, t.outcome, t.who) for t in told] == [("坏的.xlsx", audit.REFUSED, "local")]
