"""Originals without contacts, as who looks over somebody's work gets them."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.indicators.imports import import_indicators
from analysis.scheme.serial import from_dict
from dashboard.pages.imports.service import import_history
from dashboard.web.access import Viewer
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.model import Question
from survey.intake import answers
from survey.intake.contents.without_contacts import workbook
from survey.store import audit, keyring
from survey.store.intake import batches, questionnaires
from survey.store.year import schemes
from tests.tools.dashboard_tools import ADMIN, small_store
from tests.tools.forms import form

ROWS = (
    "编号,社区,年度,办事方便,环境卫生,联系电话,姓名,意见\n"
    "R1,春晖社区,2014,1,1,13800131234,王小明,请打 13912345678\n"
    "R2,春晖社区,2014,2,1,13800131235,李红,=1+1\n"
)


@pytest.fixture
def store(sqlite_store, tmp_path, monkeypatch):
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "keys"))
    made = small_store(sqlite_store)
    keyring.create("x")
    asked = form(Question("tel", "text", {"zh": "联系电话"}, role="phone"), Question("said", "text", {"zh": "意见"}))
    with made.write() as conn:
        questionnaires.add(conn, "q", asked)
    return made


def imported(store):
    seen = answers.inspect(store, "答卷.csv", ROWS.encode(), ImportOptions("q", who="clerk"))
    return answers.commit(store, seen, accept_partial=True, who="clerk").batch


def cells(data):
    return [[str(c) for c in row] for row in load_workbook(BytesIO(data)).active.iter_rows(values_only=True)]


def test_what_was_read_is_there_and_whoever_answered_is_not(store):
    name, data = workbook(store, imported(store), "zh")
    assert name == "答卷.csv"
    head, first, second = cells(data)
    assert head == ["编号", "社区", "年度", "办事方便", "环境卫生", "联系电话", "姓名", "意见"]
    assert first == ["R1", "春晖社区", "2014", "1", "1", "不提供", "不提供", "不提供"]
    assert second[:4] == ["R2", "春晖社区", "2014", "2"]


def test_of_values_every_cell_is_there_and_numbers_of_persons_are_masked(store):
    with store.read() as conn:
        code = from_dict(schemes.applicable(conn, 2014).definition).scored_indicators[0].code
    data = f"社区,指标,数值,自评分,依据\nSL01,{code},,3,请打 13912345678\n".encode()
    number = import_indicators(store, "自评.csv", data, 2014, who="office").batch
    rows = cells(workbook(store, number, "zh")[1])
    assert rows[1][:2] == ["SL01", code]
    assert rows[1][4] == "请打 139****5678"


def test_who_may_have_it_is_written_down_and_others_get_nothing(store):
    number = imported(store)
    auditor = Viewer("审计", "auditor")
    import_history.original(auditor, store, number, "zh")
    with store.read() as conn:
        told = audit.listing(conn, 1)[0]
    assert (told.who, told.action, told.subject) == ("审计", "original", f"batch {number}")
    for who in (Viewer("k", "clerk"), Viewer("l", "leader"), Viewer("a", "auditor", frozenset({"SL01"}))):
        with pytest.raises(Refused):
            import_history.original(who, store, number, "zh")


def test_a_file_that_was_not_kept_is_said_so(store):
    with store.write() as conn:
        number = batches.record(conn, kind="answers", target="default", file="b.csv", file_hash="1")
    with pytest.raises(Refused) as refused:
        import_history.original(ADMIN, store, number, "zh")
    assert refused.value.key == "contacts.no_original"
