"""Phone numbers on their way in: kept apart with a key, dropped without one, compared, and in no file in clear."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from survey.coding.options import ImportOptions
from survey.commands.console import Session
from survey.core.errors import Refused, Surroundings
from survey.core.findings import Finding
from survey.core.lang import COMMAND, on_surface, say
from survey.decisions.carried_out import Decision
from survey.form.answer_codes import BLANK
from survey.form.model import Question
from survey.intake.answers import Inspection, commit, commit_all, inspect
from survey.matching.column_proposals import MISSING
from survey.people import retention
from survey.people.contacts import AREA_CODE, Phones, judge_phones, veil
from survey.store import Store, audit, keyring, settings
from survey.store.engine.base import now
from survey.store.intake import batches, contacts, originals, questionnaires, responses
from survey.store.intake.contacts import Holder
from survey.store.keyring import Keyring, new_key
from survey.store.year import register, years
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,联系电话\n"
FORM = form(
    Question("tel", "text", {"zh": "联系电话"}, role="phone"), Question("say", "text", {"zh": "建议"}), blank=("NA",)
)
FORM = replace(FORM, rows=tuple(q for q in FORM.rows if q.name != "Q2"))


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    return keyring.need()


def prepare(store: Store) -> Store:
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区", ("乙",))])
        questionnaires.add(conn, "q", FORM)
    return store


@pytest.fixture
def ready(store: Store) -> Store:
    return prepare(store)


@pytest.fixture
def ready_file(sqlite_store: Store) -> Store:
    return prepare(sqlite_store)


def look(store: Store, rows: str, *decisions: Decision, header: str = HEADER, file: str = "a.csv") -> Inspection:
    return inspect(store, file, (header + rows).encode(), ImportOptions("q", decisions=decisions))


def listed(store: Store) -> list[tuple[str | None, str | None]]:
    with store.read() as conn:
        return [(c.respondent, c.phone) for c in contacts.listing(conn, keyring.need())]


def told(inspection: Inspection) -> list[Finding]:
    """Everything but that these sheets do not hold every question."""
    return [f for f in inspection.findings if f.code != MISSING]


def codes(inspection: Inspection) -> list[tuple[str, str, str]]:
    return [(f.code, f.level, f.cell) for f in told(inspection)]


def test_with_a_key_numbers_are_kept_apart_and_linked_to_their_answers(ready: Store, key: Keyring):
    receipt = commit(
        ready, look(ready, "1,甲,2014,1,13800131234\n2,甲,2014,2,\n3,乙,2014,3,0577-88881234、13900001234\n")
    )
    assert [f.code for f in receipt.findings if f.code != MISSING] == ["contacts.kept_apart"]
    assert sorted(listed(ready)) == [("1", "13800131234"), ("3", "0577-88881234"), ("3", "13900001234")]
    with ready.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "q"))
    assert (block.codes[:, FORM.position["tel"]] == BLANK).all()
    assert set(block.texts["tel"]) == {None}


def test_only_rows_that_are_stored_leave_a_contact(ready: Store, key: Keyring):
    commit(ready, look(ready, "1,甲,2014,1,13800131234\n"))
    grown = look(ready, "1,甲,2014,1,13800131234\n2,丙,2014,1,13800131235\n3,甲,2014,1,13800131236\n,,,,13800131237\n")
    commit(ready, grown, accept_partial=True)
    assert sorted(listed(ready)) == [("1", "13800131234"), ("3", "13800131236")]


def test_without_a_key_numbers_are_dropped_and_still_compared_within_the_file(ready: Store):
    inspection = look(ready, "1,甲,2014,1,13800131234\n2,甲,2014,2,1.38E+10\n")
    assert codes(inspection) == [("intake.phones_dropped", "note", "E1")]
    commit(ready, inspection)
    with ready.read() as conn:
        assert contacts.counts(conn) == {}
        assert not originals.by_key(conn)
    twice = look(ready, "3,甲,2014,1,13800131234\n4,甲,2014,2,138 0013 1234\n")
    assert ("contacts.same_phone", "ask", "E3") in codes(twice)


def test_bad_cells_leave_the_answers_and_no_contact(ready: Store, key: Keyring):
    rows = "1,甲,2014,1,1.38E+10\n2,甲,2014,1,75522345678\n3,甲,2014,1,138 0013 1234\n4,甲,2014,1,NA\n5,甲,2014,1,123\n"
    inspection = look(ready, rows)
    assert codes(inspection) == [
        ("contacts.kept_apart", "note", "E1"),
        ("phones.digits_lost", "refuse", "E2"),
        ("phones.no_zero", "ask", "E3"),
        ("contacts.tidied", "note", "E4"),
        ("phones.too_short", "refuse", "E6"),
    ]
    assert inspection.counts.refused_cells == 2
    with pytest.raises(Refused):
        commit(ready, inspection, accept_partial=True)  # the missing zero waits for a person
    confirmed = look(ready, rows, Decision("confirm", cell="E3", code="phones.no_zero"))
    assert commit(ready, confirmed, accept_partial=True).stored == 5
    assert sorted(listed(ready)) == [("2", "0755-22345678"), ("3", "13800131234")]


def test_a_corrected_number_is_nowhere_kept_in_clear(ready_file: Store, key: Keyring):
    rows = "1,甲,2014,1,57788881234\n2,甲,2014,1,1380013123\n"
    shown = {f.cell: f.params["found"] for f in look(ready_file, rows).findings if f.level != "note"}
    decisions = [
        Decision("set", cell=cell, header="联系电话", found=shown[cell], value=value)
        for cell, value in (("E2", "0577-88881234"), ("E3", "13800131239"))
    ]
    commit(ready_file, look(ready_file, rows, *decisions))
    assert sorted(listed(ready_file)) == [("1", "0577-88881234"), ("2", "13800131239")]
    text = on_disk(ready_file)
    assert not [n for n in ("57788881234", "88881234", "13800131239", "1380013123") if n in text]


def test_the_local_area_code_completes_numbers(ready: Store, key: Keyring):
    with ready.write() as conn:
        settings.put(conn, AREA_CODE, "0577")
    commit(ready, look(ready, "1,甲,2014,1,88881234\n"))
    assert listed(ready) == [("1", "0577-88881234")]


def test_the_same_phone_under_another_respondent_is_asked_about_and_may_be_confirmed(ready: Store, key: Keyring):
    commit(ready, look(ready, "0041,甲,2014,1,0577-88881234\n"))
    rows = "0102,甲,2014,2,(0577)88881234\n"
    inspection = look(ready, rows)
    (ask,) = inspection.questions
    assert (ask.code, ask.cell, ask.row) == ("contacts.same_phone_stored", "E2", 2)
    assert "编号“0102”与批次 1 中（原表第 2 行）的编号“0041”电话相同（0577-****1234）" in ask.word("zh")
    with pytest.raises(Refused) as error:
        commit(ready, inspection)
    assert error.value.key == "intake.open_questions"
    confirmed = look(ready, rows, Decision("confirm", cell="E2", code=ask.code, reason="同一户"))
    assert commit(ready, confirmed).stored == 1
    again = look(ready, "0041,甲,2014,1,0577-88881234\n0102,甲,2014,2,(0577)88881234\n5,甲,2014,2,13800131234\n")
    assert (again.questions, again.counts.duplicates) == ([], 2)  # what was confirmed is not asked again


def test_another_year_questionnaire_or_community_is_no_question(ready: Store, key: Keyring):
    commit(ready, look(ready, "1,甲,2014,1,13800131234\n"))
    inspection = look(ready, "7,甲,2013,1,13800131234\n8,乙,2014,1,13800131234\n")
    assert inspection.questions == []
    assert [(f.code, f.row) for f in inspection.findings if f.scope == "row"] == [("contacts.phone_elsewhere", 3)]
    with ready.write() as conn:
        questionnaires.add(conn, "other", FORM)
    other = inspect(ready, "a.csv", (HEADER + "9,甲,2014,1,13800131234\n").encode(), ImportOptions("other"))
    assert [f.code for f in told(other)] == ["contacts.kept_apart"]


def test_what_came_in_meanwhile_is_asked_about_too(ready: Store, key: Keyring):
    first, second = (look(ready, f"{i},甲,2014,1,13800131234\n", file=f"{i}.csv") for i in (1, 2))
    commit(ready, first)
    with pytest.raises(Refused) as error:
        commit(ready, second)
    assert error.value.key == "intake.changed_meanwhile"
    assert [f.code for f in error.value.findings] == ["contacts.same_phone_stored"]


def test_numbers_under_a_key_that_is_away_are_said_not_to_be_compared(
    ready: Store, key: Keyring, monkeypatch: pytest.MonkeyPatch
):
    commit(ready, look(ready, "1,甲,2014,1,13800131234\n"))
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    inspection = look(ready, "2,甲,2014,1,13800131234\n")
    assert [(f.code, f.params.get("n")) for f in told(inspection)] == [
        ("contacts.kept_apart", 1),
        ("contacts.not_compared", 1),
    ]


def test_a_key_that_goes_away_before_storing_stops_the_import(ready: Store, key: Keyring, monkeypatch):
    inspection = look(ready, "1,甲,2014,1,13800131234\n")
    monkeypatch.delenv("XINGFU_KEY")
    with on_surface(COMMAND), pytest.raises(Surroundings, match="xingfu keys create"):
        commit(ready, inspection)
    with ready.read() as conn:
        assert batches.listing(conn) == []


def on_disk(store: Store) -> str:
    """Everything in the store's folder as text."""
    store.close()
    return "\n".join(p.read_bytes().decode("utf-8", "replace") for p in Path(store.where).parent.iterdir())


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("with_key", [True, False])
def test_no_number_stands_in_clear_in_any_file_finding_log_or_preview(
    ready_file: Store, with_key: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    if with_key:
        monkeypatch.setenv("XINGFU_KEY", new_key().written())
    numbers = [str(13_800_130_000 + i * 37) for i in range(200)]
    rows = [
        [f"R{i:05d}", "甲", 2014, 1 + i % 5, int(n) if i % 3 else f"+86 {n[:3]}-{n[3:7]}-{n[7:]}", None]
        for i, n in enumerate(numbers)
    ]
    rows[7][4] = numbers[6]  # shared
    rows[8][4] = numbers[8] + "1"  # too long
    rows[9][3] = int(numbers[9])  # in the column of an answer
    rows[10][5] = f"请打{numbers[10]}找我，身份证330302198001011234"
    rows[11][4] = "057788881234"
    data = workbook(
        [["编号", "社区", "年度", "办事方便", "联系电话", "建议", "备注"], *([*r, numbers[12]] for r in rows)]
    )
    confirm = Decision("confirm", code="contacts.same_phone")
    inspection = inspect(ready_file, "a.xlsx", data, ImportOptions("q", decisions=(confirm,)))
    receipt = commit(ready_file, inspection, accept_partial=True)
    assert receipt.stored == 200
    with ready_file.read() as conn:
        assert sum(contacts.counts(conn).values()) == (199 if with_key else 0)
        (batch,) = batches.listing(conn)
        assert bool(originals.by_key(conn)) == with_key
        if with_key:
            kept = b"".join(originals.read(conn, keyring.need(), batch.file_hash))
            assert kept == data
        said = [f.word(lang) + repr(f.params) for f in receipt.findings for lang in ("zh", "en")]
        said += [repr(e) for e in audit.listing(conn)]
    shown = "\n".join([*said, repr(inspection), repr(inspection.preview), str(receipt), caplog.text])
    text = on_disk(ready_file)
    assert "R00007" in text  # the bytes can be searched
    for place in (text, shown):
        assert not [n for n in numbers if n in place or f"{n[:3]}-{n[3:7]}-{n[7:]}" in place or n[3:] in place]
        assert "330302198001011234" not in place
        assert "88881234" not in place
    assert "请打138****0370找我" in text


@pytest.mark.parametrize("with_key", [True, False])
def test_names_and_addresses_are_nowhere_in_the_store(
    ready_file: Store, with_key: bool, monkeypatch: pytest.MonkeyPatch
):
    """Nor anything else of a column that matches no question; the report names the columns."""
    if with_key:
        monkeypatch.setenv("XINGFU_KEY", new_key().written())
    more = {
        "姓名": "欧阳小满",
        "家庭住址": "梧桐弄九号",
        "微信昵称": "风吹麦浪",
        "IP": "203.0.113.77",
        "随便": "无关之言",
    }
    data = workbook([["编号", "社区", "年度", "办事方便", *more], ["R00007", "甲", 2014, 1, *more.values()]])
    receipt = commit(ready_file, inspect(ready_file, "a.xlsx", data, ImportOptions("q")))
    assert receipt.stored == 1
    said = "\n".join(f.word("zh") for f in receipt.findings)
    assert [column for column in more if column not in said] == []
    text = on_disk(ready_file)
    assert "R00007" in text
    assert [word for word in more.values() if word in text or word in said] == []


def test_an_undone_import_hides_its_contacts(ready: Store, key: Keyring):
    batch = commit(ready, look(ready, "1,甲,2014,1,13800131234\n")).batch
    with ready.write() as conn:
        batches.undo(conn, batch)
    assert listed(ready) == []
    assert look(ready, "2,甲,2014,1,13800131234\n").questions == []


def test_several_files_are_sealed_and_stored_together(ready: Store, key: Keyring):
    one, two = (look(ready, f"{i},甲,2014,1,1380013123{i}\n", file=f"{i}.csv") for i in (1, 2))
    commit_all(ready, [one, two])
    assert sorted(listed(ready)) == [("1", "13800131231"), ("2", "13800131232")]
    with ready.read() as conn:
        assert sum(originals.by_key(conn).values()) == 2


def test_original_files_are_kept_only_where_the_setting_says_so(ready: Store, key: Keyring):
    with ready.write() as conn:
        settings.put(conn, retention.KEEP_ORIGINALS, "no")
    commit(ready, look(ready, "1,甲,2014,1,13800131234\n"))
    with ready.read() as conn:
        assert originals.by_key(conn) == {}
        assert contacts.counts(conn) == {2014: 1}


def test_an_import_deletes_what_is_due(ready: Store, key: Keyring, monkeypatch: pytest.MonkeyPatch):
    commit(ready, look(ready, "1,甲,2013,1,13800131234\n"))
    with ready.write() as conn:
        years.close(conn, 2013)
    late = now() + timedelta(days=100)
    for days in (40, 80):  # an office that works: its clock is believed
        monkeypatch.setattr(audit, "now", lambda days=days: now() + timedelta(days=days))
        with ready.write() as conn:
            audit.record(conn, "李", "export", "–")
    monkeypatch.setattr(retention, "now", lambda: late)
    commit(ready, look(ready, "1,甲,2014,1,13800131235\n"))
    Session("", "zh", False).bring_up_to_date(ready, [2014])  # what follows every import
    with ready.read() as conn:
        assert contacts.counts(conn) == {2014: 1}


def frame(*rows: tuple[int | None, str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": pd.array([r[0] for r in rows], dtype="Int64"),
            "place": [r[1] for r in rows],
            "respondent": pd.Series([r[2] for r in rows], dtype=object),
        }
    )


def judged(keys: pd.DataFrame, numbers: list[tuple[str, ...]], held: Any = None, skip: Sequence[int] = ()) -> list[Any]:
    n = len(keys)
    phones = Phones(numbers, ["…"] * n, [f"E{i + 2}" for i in range(n)], "电话", "E1", n)
    skipped = np.zeros(n, dtype=bool)
    skipped[list(skip)] = True
    found = judge_phones(
        keys, phones, held or {}, usable=np.ones(n, dtype=bool), skip=skipped, sheet="s", rows=[i + 2 for i in range(n)]
    )
    return [(f.code, f.row, f.params.get("other"), f.params.get("row") or f.params.get("rows")) for f in found]


A, B = "13800131234", "13800131235"


def test_judging_by_hand():
    keys = frame((2014, "甲", "1"), (2014, "甲", "2"), (2014, "甲", "1"), (2014, "乙", "3"), (2013, "甲", "4"))
    assert judged(keys, [(A,), (B, A), (A,), (A,), (A,)]) == [
        ("contacts.same_phone", 3, "1", 2),
        ("contacts.same_phone", 4, "2", 3),
        ("contacts.phone_elsewhere", 5, None, "5"),
    ]
    assert judged(keys, [(A,), (B,), (), (), ()]) == []


def test_rows_without_a_respondent_are_strangers():
    assert judged(frame((2014, "甲", None), (2014, "甲", None)), [(A,), (A,)]) == [("contacts.same_phone", 3, "–", 2)]


def test_rows_that_are_stored_already_are_compared_with_wherever_they_stand():
    keys = frame((2014, "甲", "1"), (2014, "甲", "2"))
    assert judged(keys, [(A,), (A,)], skip=[1]) == [("contacts.same_phone", 2, "2", 3)]
    assert judged(keys, [(A,), (A,)], skip=[0, 1]) == []


def test_holders_in_the_store_are_compared_with():
    keys = frame((2014, "甲", "1"), (2014, "甲", "2"), (None, "甲", "3"))
    held = {(2014, A): [Holder("甲", "1", 9, 40)], (2013, A): [Holder("甲", "7", 8, 1)]}
    assert judged(keys, [(A,), (A,), (A,)], held) == [("contacts.same_phone_stored", 3, "1", 40)]


def test_the_sentences_name_both_and_mask_the_number():
    params = {"found": "x", "phone": "138****1234", "respondent": "0102", "other": "0041", "row": 12, "batch": 3}
    for code in ("contacts.same_phone", "contacts.same_phone_stored"):
        for lang in ("zh", "en"):
            text = say(lang, code, **params)
            assert all(word in text for word in ("0102", "0041", "12", "138****1234"))
            assert not re.search(r"\d{7}", text)


def test_printing_what_was_read_shows_no_number():
    phones = Phones([(A,)], [A], ["E2"], "电话", "E1", 1)
    assert A not in repr(phones)
    [shown] = veil([Finding("x", params={"names": [A], "batches": (3, 14)})], [])
    assert A not in str(shown.params)
    assert shown.params["batches"] == (3, 14)  # numbers of batches stay numbers
