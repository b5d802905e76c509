"""What is said of an upload whose storing fails before, between or after its commits is what is in the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.publication import snapshots
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.imports.actions import beside_the_receipt, late
from dashboard.pages.imports.service import background_work, checks, import_history, storing
from dashboard.pages.imports.view.checked_files import files_card
from dashboard.web.address import Address
from survey.core.errors import Refused, Surroundings
from survey.core.lang import say
from survey.form.workbook.writing import write_questionnaire
from survey.intake import answers
from survey.people import retention
from survey.people.retention import Purged
from survey.store import audit
from survey.store.intake import batches, questionnaires, responses
from tests.tools.dashboard_tools import ADMIN, answers_csv, words
from tests.tools.towns.cycle_town import make_town

FULL = Surroundings("store.disk_full", where="store.db")


def waiting(store, room, *names):
    files = [(name, answers_csv(first=1 + 100 * place, count=10 + place)) for place, name in enumerate(names)]
    return checks.receive(ADMIN, store, room, files, {}, checks.choices(ADMIN, store, ()))


def in_store(store):
    with store.read() as conn:
        return int(responses.counts(conn)["n"].sum()), len(batches.listing(conn))


def raising(*_, **__):
    raise FULL


def test_results_that_cannot_be_computed_leave_what_is_stored(store, room, monkeypatch):
    monkeypatch.setattr(snapshots, "recompute", raising)
    done = storing.commit(ADMIN, store, room, waiting(store, room, "一.csv"), accept_partial=True)
    assert (done.stored, done.unscored, done.left) == (10, FULL, ())
    assert in_store(store)[0] == 10
    assert late(done.unscored, "zh") == f"{FULL.word('zh')}{say('zh', 'outcome.kept')}"
    assert late(Refused("publishing.unknown_year", year=1, known=""), "zh") == Refused(
        "publishing.unknown_year", year=1, known=""
    ).word("zh")
    batch, why = import_history.switch(ADMIN, store, done.batches[0])
    assert (batch.state, why) == ("undone", FULL)
    assert in_store(store)[0] == 0


def test_a_disk_that_fills_up_between_files_keeps_the_first_and_lets_the_others_wait(store, room, monkeypatch):
    upload = waiting(store, room, "一.csv", "二.csv", "三.csv")
    found, commit = checks.check(ADMIN, store, room, upload), answers.commit
    assert [c.state for c in found] == ["ready"] * 3

    def second_fails(opened, inspection, **how):
        if inspection.file == "一.csv":
            return commit(opened, inspection, **how)
        raise FULL

    monkeypatch.setattr(answers, "commit", second_fails)
    done = storing.commit(ADMIN, store, room, upload, accept_partial=False, found=found)
    assert [file for file, _ in done.left] == ["二.csv", "三.csv"]
    assert (done.stored, done.unscored) == (10, FULL)
    assert in_store(store)[0] == 10
    monkeypatch.undo()
    rest = storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    assert (rest.stored, in_store(store)[0]) == (23, 33)  # what waited is stored by pressing once more


@pytest.mark.parametrize(("error", "key"), [(FULL, "store.disk_full"), (RuntimeError(), "page_import.job_failed")])
def test_a_job_that_stored_nothing_says_so(store, room, monkeypatch, error, key):
    upload = waiting(store, room, "一.csv")
    found = tuple(checks.check(ADMIN, store, room, upload))

    def fails(*_):
        raise error

    monkeypatch.setattr(batches, "save_tally", fails)  # the last thing before the commit
    job = background_work.put_in(ADMIN, store, room, upload, StoreSource(store), found, accept_partial=False)
    assert job.ended.wait(20)
    assert job.error is not None
    assert job.error.key == key
    said = background_work.failure(ADMIN, room, upload.token, "store")
    assert said.word("en") == f"{job.error.word('en')} {say('en', 'outcome.nothing')}"
    assert in_store(store)[0] == 0


def test_a_job_that_ends_after_a_commit_says_that_it_is_kept(store, room, monkeypatch):
    upload = waiting(store, room, "一.csv")
    found = tuple(checks.check(ADMIN, store, room, upload))

    def gone(*_):
        raise RuntimeError

    monkeypatch.setattr(room, "drop", gone)
    job = background_work.put_in(ADMIN, store, room, upload, StoreSource(store), found, accept_partial=False)
    assert job.ended.wait(20)
    assert in_store(store)[0] == 10
    said = background_work.failure(ADMIN, room, upload.token, "store")
    assert say("zh", "outcome.kept") in said.word("zh")


@pytest.mark.parametrize(
    ("purged", "said"),
    [(Purged({2012: 119}, 1, held_open=True), ("119", say("zh", "retention.held_open"))), (Purged(), ())],
)
def test_contacts_deleted_beside_an_import_are_said_on_the_page(store, room, monkeypatch, purged, said):
    upload = waiting(store, room, "一.csv")
    monkeypatch.setattr(retention, "purge_due", lambda _: purged)
    done = storing.commit(ADMIN, store, room, upload, accept_partial=False)
    told = beside_the_receipt(done, "zh")
    assert all(words in told for words in said)
    assert bool(told) == bool(said)


def test_a_questionnaire_that_answers_were_given_under_needs_a_reason_to_count_otherwise(sqlite_store, tmp_path):
    town, room = make_town(sqlite_store), Uploads(tmp_path)
    with town.read() as conn:
        known = questionnaires.get(conn, "q").form
    heavier = replace(
        known, rows=tuple(replace(q, weight=3.0) if q.name == "A" else q for q in known.rows), form_id="q"
    )
    offered = checks.choices(ADMIN, town, ())
    upload = checks.receive(ADMIN, town, room, [("q.xlsx", write_questionnaire(heavier))], {}, offered)
    (found,) = checks.check(ADMIN, town, room, upload)
    assert (found.kind, found.counts.storable) == ("questionnaire", 0)
    shown = files_card([found], Address(path="/import"), offered)
    assert "变更原因" in str(shown)
    assert "确需改动请写明理由" in words(shown)
    with pytest.raises(Refused):
        checks.say_of(ADMIN, room, upload, 0, "reason", "x" * 501, offered)
    upload = checks.say_of(ADMIN, room, upload, 0, "reason", "专家会议定", offered)
    (found,) = checks.check(ADMIN, town, room, upload)
    assert found.counts.storable == 1
    storing.commit(ADMIN, town, room, upload, accept_partial=False)
    with town.read() as conn:
        assert {q.name: q.weight for q in questionnaires.get(conn, "q").form.questions}["A"] == 3.0
        assert "专家会议定" in str([line.detail for line in audit.listing(conn)])
