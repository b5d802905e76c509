"""An inspection is one reading of the store in named steps: one moment, one matching, nothing written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from survey.answers.mapping import ColumnMapping
from survey.coding import coder
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.model import Question
from survey.intake import answers, calls, steps
from survey.intake.answers import commit, inspect
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.intake.register import inspect_register
from survey.store import Store
from survey.store.intake import mappings, questionnaires
from survey.store.keyring import new_key
from survey.store.year import register, years
from tests.tools.counted import counted
from tests.tools.forms import form

HEADER = "编号,社区,办事方便,环境卫生\n"
ANSWERS = HEADER + "1,甲,很满意,满意\n2,乙社区,一般,满意\n"
BY_PHONE = "社区,联系电话,访问结果,办事方便,环境卫生\n甲,13800000001,完成,很满意,满意\n甲,13800000002,拒访,,\n"
CALLS = "编号,社区,访问时间,访问结果\n1,甲,2014-09-01 10:00,完成\n2,甲,2014-09-01 10:10,拒访\n"
REGISTER = "编号,社区\nC1,甲社区\nC2,乙社区\n"


@pytest.fixture
def ready(store: Store) -> Store:
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form(Question("tel", "text", {"zh": "联系电话"}, role="phone")))
    return store


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a transaction was opened, a sheet matched, and calls told from answers."""
    times = counted(monkeypatch, Store, "read", "write")
    counted(monkeypatch, steps, "match", times=times)
    counted(monkeypatch, coder, "answers_with_calls", times=times)
    return times


def look(store: Store, text: str = ANSWERS, **options: Any) -> answers.Inspection:
    return inspect(store, "答卷.csv", text.encode(), ImportOptions("q", **{"year": 2014, **options}))


def test_answers_take_one_reading_and_one_matching(ready: Store, asked: Counter[str]):
    look(ready)
    assert asked == {"read": 1, "match": 1, "answers_with_calls": 1}


def test_answers_with_calls_by_telephone_number_take_no_more(
    ready: Store, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    first = look(ready, BY_PHONE)
    assert (first.counts.storable, first.counts.outcomes) == (1, 1)
    assert asked == {"read": 1, "match": 1, "answers_with_calls": 1, "write": 1}  # the year's secret is made once
    commit(ready, first)
    asked.clear()
    again = look(ready, BY_PHONE + "甲,13800000003,完成,一般,满意\n")
    assert (again.counts.storable, again.counts.duplicates) == (1, 2)
    assert asked == {"read": 1, "match": 1, "answers_with_calls": 1}


def test_what_a_person_says_of_columns_is_matched_once_and_what_is_kept_of_them_once_more(
    ready: Store, asked: Counter[str]
):
    text = ANSWERS.replace("环境卫生", "干净吗")
    said = ColumnMapping.of({"干净吗": "Q2"})
    look(ready, text, mapping=said)
    assert asked == {"read": 1, "match": 1, "answers_with_calls": 1}
    with ready.write() as conn:
        mappings.save(conn, "q", text.splitlines()[0].split(","), said, file="答卷.csv", who="王")
    asked.clear()
    assert look(ready, text).mapping == said
    assert asked == {"read": 1, "match": 2, "answers_with_calls": 1}


def test_calls_take_one_reading(ready: Store, asked: Counter[str], monkeypatch: pytest.MonkeyPatch):
    inspect_calls(ready, "电话.csv", CALLS.encode(), CallOptions(2014, "q"))
    assert asked == {"read": 1}
    asked.clear()
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    text = CALLS.replace("编号", "联系电话").replace("1,甲", "13800000001,甲").replace("2,甲", "13800000002,甲")
    for secrets_made in (1, 0):
        inspect_calls(ready, "电话.csv", text.encode(), CallOptions(2014, "q"))
        assert (asked["read"], asked["write"]) == (1, secrets_made)
        asked.clear()


def test_a_register_asks_the_store_nothing(ready: Store, asked: Counter[str]):
    assert inspect_register("名册.csv", REGISTER.encode()).count == 2
    assert asked == {}


def test_the_file_is_read_before_the_store_is_asked(ready: Store, asked: Counter[str]):
    for broken in (b"", b"\x00\x01\x02"):
        with pytest.raises(Refused):
            inspect(ready, "答卷.csv", broken, ImportOptions("没有"))
        with pytest.raises(Refused):
            inspect_calls(ready, "电话.csv", broken, CallOptions(2014, "没有"))
    assert asked == {}


def comparable(found: answers.Inspection) -> tuple[Any, ...]:
    return found.findings, found.counts, found.seen, found.columns, found.mapping, found.keep.tolist()


def before(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Any) -> None:
    """Let ``act`` happen once, before ``owner.name`` is called."""
    waiting, real = [act], getattr(owner, name)

    def step(*given: Any, **named: Any) -> Any:
        while waiting:
            waiting.pop()()
        return real(*given, **named)

    monkeypatch.setattr(owner, name, step)


@pytest.mark.parametrize("step", ["match_file", "code_file", "know_respondents", "compare_with_stored"])
def test_what_another_stores_between_two_steps_is_not_seen(ready: Store, monkeypatch: pytest.MonkeyPatch, step: str):
    """Were a later step to look anew, it would find respondents stored, a year closed, a column kept as another."""
    alone = look(ready)
    other = look(ready, ANSWERS.replace("很满意", "不满意"))

    def store_and_close() -> None:
        commit(ready, other)
        with ready.write() as conn:
            mappings.save(conn, "q", HEADER.strip().split(","), ColumnMapping.of({"环境卫生": ""}), file="x", who="王")
            register.save(conn, [register.Community("C2", "丙社区")])
            years.close(conn, 2014)

    with monkeypatch.context() as patch:
        before(patch, steps, step, store_and_close)
        seen = look(ready)
    assert comparable(seen) == comparable(alone)
    with pytest.raises(Refused) as refused:  # under the lock it is looked at once more, and then it is seen
        commit(ready, seen)
    assert refused.value.key == "store.year_closed"
    with pytest.raises(Refused):
        look(ready)


@pytest.mark.parametrize("step", ["find_calls", "read_calls", "refuse_same_calls", "sort_calls"])
def test_calls_stored_between_two_steps_are_not_seen(ready: Store, monkeypatch: pytest.MonkeyPatch, step: str):
    def looked() -> calls.CallInspection:
        return inspect_calls(ready, "电话.csv", CALLS.encode(), CallOptions(2014, "q"))

    alone = looked()
    with monkeypatch.context() as patch:
        before(patch, calls, step, lambda: commit_calls(ready, alone))
        seen = looked()
    assert (seen.findings, seen.counts) == (alone.findings, alone.counts)
    assert seen.counts["storable"] == 2
    with pytest.raises(Refused) as refused:
        looked()
    assert refused.value.key == "intake.file_again"


def test_a_writer_need_not_wait_for_an_inspection(ready: Store, monkeypatch: pytest.MonkeyPatch):
    """Each step with a write of its own behind it: the inspection holds no lock that a writer wants."""
    written = []

    def write() -> None:
        with ready.write() as conn:
            register.save(conn, [register.Community(f"N{len(written)}", f"新{len(written)}社区")])
        written.append(len(written))

    for step in ("match_file", "code_file", "know_respondents", "compare_with_stored"):
        before(monkeypatch, steps, step, write)
    look(ready)
    assert written == [0, 1, 2, 3]


def test_a_coded_sheet_is_altered_by_nobody(ready: Store):
    coded = look(ready).coded
    assert coded is not None
    for array in (coded.filled, coded.usable, coded.left_out, coded.codes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]
    with pytest.raises(AttributeError):
        coded.filled = np.zeros(0, dtype=bool)  # type: ignore[misc]


SENT = "编号,社区,办事方便,环境卫生,{stamp}{more}\n" + "".join(
    f"{i},甲,很满意,满意,2014-09-0{i} 10:0{i}:12{{cell}}\n" for i in range(1, 6)
)


def test_a_table_that_says_when_each_was_sent_is_asked_how_people_were_asked(ready: Store):
    found = look(ready, SENT.format(stamp="提交时间", more="", cell=""), sample_said=False)
    assert [f.code for f in found.questions] == ["intake.mode_unsaid"]
    assert (found.options.mode, found.options.sample_type) == ("web", "open")


@pytest.mark.parametrize(
    ("stamp", "more", "cell", "options"),
    [
        ("提交时间", "", "", {"mode": "paper"}),
        ("提交时间", ",访员", ",W1", {}),
        ("提交时间", ",调查方式", ",纸质", {}),
        ("录入时间", "", "", {}),
    ],
)
def test_nothing_is_asked_where_somebody_said_it_or_the_sheet_does(ready: Store, stamp, more, cell, options):
    found = look(ready, SENT.format(stamp=stamp, more=more, cell=cell), sample_said=False, **options)
    assert not [f for f in found.findings if f.code == "intake.mode_unsaid"]
    assert found.options.sample_type == "probability"


def test_what_interviewers_may_have_filled_in_is_asked_about_unless_the_mode_is_said(ready: Store):
    text = "编号,社区,办事方便,环境卫生,_uuid,_id,_submission_time\n1,甲,很满意,满意,u1,7,2014-09-01T10:00:00\n"
    found = look(ready, text, sample_said=False)
    assert [f.code for f in found.questions] == ["intake.mode_carried"]
    assert (found.options.mode, found.options.sample_type) == ("web", "open")
    assert not look(ready, text, sample_said=False, mode="paper").questions
