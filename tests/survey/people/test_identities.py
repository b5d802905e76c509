"""Sheets with telephone numbers and no respondent numbers: an id of the number, known again, leading to none."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import COMMAND, on_surface
from survey.decisions.carried_out import Decision
from survey.form.model import Question
from survey.intake.answers import Inspection, Receipt, commit, commit_all, inspect
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.intake.compared_responses import beside
from survey.people import retention
from survey.people.identities import PREFIX, made_of
from survey.store import Store, keyring
from survey.store.engine.base import now
from survey.store.intake import calls, contacts, originals, phone_secrets, questionnaires, responses
from survey.store.keyring import Keyring, new_key
from survey.store.year import register, years
from tests.tools.forms import form

TEL = Question("tel", "text", {"zh": "联系电话"}, role="phone")
HEADER = "社区,联系电话,访问时间,访问结果,办事方便,环境卫生\n"
ROWS = (
    "甲,13800000001,2014-09-01 10:00,完成,很满意,满意\n",
    "甲,138 0000 0002,2014-09-01 10:10,拒访,,\n",
    "甲,13800000003,2014-09-01 10:20,无人接听,,\n",
    "甲,13800000003,2014-09-02 10:20,完成,一般,一般\n",
    "乙社区,0577-88880004,2014-09-02 10:40,完成,满意,满意\n",
)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    return keyring.need()


@pytest.fixture
def ready(store: Store) -> Store:
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form(TEL))
    return store


def look(store: Store, *rows: str, header: str = HEADER, **options: Any) -> Inspection:
    data = (header + "".join(rows or ROWS)).encode("utf-8")
    return inspect(store, "电话.csv", data, ImportOptions("q", **{"year": 2014, **options}))


def put(store: Store, *rows: str, **options: Any) -> Receipt:
    return commit(store, look(store, *rows, **options))


def stored(store: Store) -> list[str]:
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, "q")).design["respondent"].tolist()


def codes(found: Any, *levels: str) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in found.findings if f.level in (levels or ("ask", "refuse"))]


def test_people_are_known_by_their_number_and_no_number_is_stored(ready: Store, key: Keyring):
    receipt = put(ready)
    assert (receipt.stored, receipt.outcomes, receipt.calls) == (3, 2, 5)
    assert ("identities.by_phone", "B1") in codes(receipt, "note")
    assert all(f.word(lang) for f in receipt.findings for lang in ("zh", "en"))
    who = stored(ready)
    assert len(set(who)) == 3
    assert all(re.fullmatch(PREFIX + "[a-z2-7]{16}", w) for w in who)
    with ready.read() as conn:
        attempts = calls.attempts(conn, 2014, "q")
    assert attempts["respondent"].nunique() == 4  # both calls of the third number are one person's
    assert set(who) < set(attempts["respondent"])


def test_a_grown_sheet_adds_only_what_is_new(ready: Store, key: Keyring):
    put(ready)
    more = put(
        ready, *ROWS, "甲,13800000002,2014-09-03 09:00,完成,满意,满意\n", "甲,13800000009,2014-09-03 09:10,拒访,,\n"
    )
    assert (more.stored, more.outcomes, more.calls) == (1, 1, 2)
    assert codes(more) == []
    assert len(set(stored(ready))) == 4


def test_the_same_number_with_other_answers_is_asked_about_masked(ready: Store, key: Keyring):
    put(ready)
    found = look(
        ready,
        "甲,13800000001,2014-09-01 10:00,完成,满意,满意\n",
        "甲,13800000008,,完成,满意,满意\n",
        "甲,13800000008,,完成,一般,满意\n",
    )
    assert codes(found) == [("identities.other_answers_stored", "B2"), ("identities.other_answers", "B4")]
    asked = [f for f in found.findings if f.level == "ask"]
    assert [f.params["found"] for f in asked] == ["138****0001", "138****0008"]
    assert "138****0001" in asked[0].word("zh")
    assert "电话.csv" in asked[0].word("zh")
    with ready.read() as conn:
        there, here = (beside(conn, found, f, "zh") for f in asked)
    assert there is not None
    assert here is not None
    assert [d[0] for d in there.differ if d[0] == "办事方便"] == ["办事方便"]
    assert "13800000008" not in str(here)
    with pytest.raises(Refused, match="需要先核对"):
        commit(ready, found, accept_partial=True)
    left = look(
        ready,
        "甲,13800000001,2014-09-01 10:00,完成,满意,满意\n",
        "甲,13800000007,,完成,满意,满意\n",
        decisions=(Decision("leave_out", cell="B2", reason="重复"),),
    )
    assert commit(ready, left).stored == 1


def test_corrected_rows_of_people_known_by_phone_are_one_question_without_a_number(ready: Store, key: Keyring):
    header = "社区,联系电话,办事方便,环境卫生\n"
    rows = [f"甲,1380000001{i},{('满意', '一般')[i % 2]},满意\n" for i in range(6)]
    assert put(ready, *rows, header=header).stored == 6
    new = [f"甲,1380000001{i},很满意,满意\n" for i in range(3)]
    found = look(ready, *new, header=header)
    assert codes(found) == [("identities.changed_rows", "B2")]
    assert "1380000" not in found.questions[0].word("zh")
    taken = look(ready, *new, header=header, decisions=(Decision("confirm", code="identities.changed_rows"),))
    assert (commit(ready, taken).stored, len(stored(ready)), len(set(stored(ready)))) == (3, 6, 6)
    kept = (Decision("leave_out", code="identities.changed_rows", reason="原来的对"),)
    again = look(ready, *[row.replace("很满意", "一般") for row in new], header=header, decisions=kept)
    assert (codes(again), again.counts.left_out) == ([], 3)


def test_without_a_key_one_sentence_says_what_to_do(ready: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    monkeypatch.delenv("XINGFU_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(Refused) as refused:
        look(ready)
    assert refused.value.key == "identities.no_key"
    with on_surface(COMMAND):
        assert "xingfu keys create" in refused.value.word("zh")
    assert "编号" in refused.value.word("zh")


def test_a_row_of_answers_without_a_readable_number_is_refused_by_row(ready: Store, key: Keyring):
    found = look(
        ready,
        ROWS[0],
        "甲,,2014-09-01 11:00,完成,满意,满意\n",
        "甲,1380000,2014-09-01 11:10,完成,满意,满意\n",
        "甲,,2014-09-01 11:20,拒访,,\n",
    )
    assert codes(found) == [("identities.no_phone", "B3"), ("identities.bad_phone", "B4")]
    assert (found.counts.storable, found.counts.refused_rows, found.counts.outcomes) == (1, 2, 1)
    assert commit(ready, found, accept_partial=True).stored == 1


def test_who_is_stored_under_a_respondent_number_is_known_by_phone_too(ready: Store, key: Keyring):
    put(ready, "7,甲,13800000001,,完成,很满意,满意\n", header="编号," + HEADER)
    found = look(ready)
    assert (found.counts.duplicates, found.counts.storable) == (1, 2)
    put(ready)
    assert sorted(stored(ready))[0] == "7"


def test_paper_answers_with_phones_are_known_alike(ready: Store, key: Keyring):
    header = "社区,联系电话,办事方便\n"
    put(ready, "甲,13800000001,满意\n", header=header, mode="paper")
    again = put(ready, "甲,13800000001,满意\n", "甲,13800000002,满意\n", header=header, mode="paper")
    assert (again.stored, again.duplicates) == (1, 1)


def test_a_new_key_changes_no_id_even_where_the_old_one_is_forgotten(
    ready: Store, key: Keyring, monkeypatch: pytest.MonkeyPatch
):
    put(ready)
    before = stored(ready)
    fresh = new_key()
    with ready.erasing() as conn:
        ring = Keyring((fresh, *key.keys), "test")
        contacts.reencrypt(conn, ring)
        originals.reencrypt(conn, ring)
        assert phone_secrets.reencrypt(conn, ring) == 1
        assert phone_secrets.reencrypt(conn, ring) == 0
        assert set(phone_secrets.by_key(conn)) == {fresh.id}
    monkeypatch.setenv("XINGFU_KEY", fresh.written())
    more = put(ready, *ROWS, "甲,13800000009,,完成,满意,满意\n")
    assert (more.stored, more.outcomes) == (1, 0)
    assert stored(ready)[:3] == before
    monkeypatch.setenv("XINGFU_KEY", new_key().written())  # somebody else's
    with pytest.raises(Refused) as refused:
        look(ready, *ROWS, "甲,13800000019,,完成,满意,满意\n")
    assert refused.value.key == "keyring.missing_key"


def test_with_the_contacts_goes_what_leads_from_a_number_to_an_id(ready: Store, key: Keyring):
    put(ready, "甲,13800000002,2014-09-01 10:10,拒访,,\n")  # nothing but an outcome: no contact is kept
    with ready.write() as conn:
        years.close(conn, 2014)
    retention.purge_due(ready, at=now() + timedelta(days=91))
    with ready.write() as conn:
        years.reopen(conn, 2014)
        assert phone_secrets.get(conn, key, "q", 2014) == b""
    with pytest.raises(Refused) as refused:
        look(ready)
    assert refused.value.key == "identities.deleted"
    assert look(ready, "7,甲,13800000001,,完成,很满意,满意\n", header="编号," + HEADER).counts.storable == 1


def test_two_files_of_one_person_brought_together(ready: Store, key: Keyring):
    one, two = (
        inspect(ready, f"{n}.csv", (HEADER + row).encode(), ImportOptions("q", year=2014))
        for n, row in (("一", "甲,13800000001,,完成,满意,满意\n"), ("二", "甲,13800000001,,完成,一般,满意\n"))
    )
    with pytest.raises(Refused) as refused:
        commit_all(ready, [one, two])
    assert refused.value.key == "intake.files_conflict"
    assert next(f.code for f in refused.value.findings if f.level == "ask") == "identities.other_answers_file"
    assert "13800000001" not in "".join(f.word("zh") for f in refused.value.findings)


def test_a_list_of_calls_knows_people_by_phone_as_answers_do(ready: Store, key: Keyring):
    put(ready)
    text = "社区,联系电话,访问结果\n甲,13800000002,拒访\n甲,13800000005,无人接听\n甲,无,关机\n"
    found = inspect_calls(ready, "名单.csv", text.encode(), CallOptions(2014, "q"))
    commit_calls(ready, found)
    with ready.read() as conn:
        attempts = calls.attempts(conn, 2014, "q")
    assert attempts["respondent"].str.startswith(PREFIX).sum() == 7
    assert attempts.loc[attempts["outcome"] == "2.11", "respondent"].nunique() == 1


def test_an_id_is_the_keyed_hash():
    # python: base64.b32encode(hmac.digest(bytes(32), b"13800000001", "sha256")[:10]).lower()
    assert made_of(bytes(32), "13800000001") == "tel-iuwbhfrnzasqhdtd"
