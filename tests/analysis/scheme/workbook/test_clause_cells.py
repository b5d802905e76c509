"""Clauses in the cells of a scheme workbook: read, said beside them, or asked at their cell."""

from __future__ import annotations

from typing import Any

import pytest

from survey.core.lang import LANGUAGES
from tests.analysis.scheme.workbook.test_typed_annex import codes, put, read

ROW = 3  # 民主评议, 10 points, 次数


def changed(**cells: Any) -> Any:
    def change(sheet: Any, at: Any) -> None:
        for key, value in cells.items():
            put(key, ROW, value)(sheet, at)

    return change


@pytest.mark.parametrize(
    ("cells", "rule", "parameters", "unit"),
    [
        ({"rule": "次数", "parameters": "应开会4次，每少一次扣2分"}, "off_target", "target=4 each=2", "次"),
        ({"rule": None, "parameters": "每季度不少于1次"}, "count_target", "target=4", "次"),
        (
            {"rule": None, "parameters": None, "unit": None, "scoring_zh": "95%以上得10分，90%以上得5分，其余不得分"},
            "ratio_banded",
            "95:1 90:0.5 else:0",
            "percent",
        ),
        ({"rule": "人工", "parameters": "由考评组打分"}, "manual", "", "次"),
    ],
)
def test_a_clause_becomes_a_rule_and_is_said(cells: dict[str, Any], rule: str, parameters: str, unit: str) -> None:
    scheme, findings = read(changed(**cells))
    assert scheme is not None, findings
    (found,) = [i for i in scheme.indicators if i.names["zh"] == "民主评议"]
    assert (found.rule, found.parameters, found.unit) == (rule, parameters, unit)
    (said,) = [f for f in findings if f.code == "scheme.clause_read"]
    assert said.level == "note"
    assert all(said.params["said"][lang] for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"rule": "比例", "parameters": "90%-50%"}, "clause_which_end"),
        ({"rule": "抽查", "parameters": "抽查10处，每处2分"}, "clause_points_differ"),
        ({"rule": "比例", "parameters": "每低1个百分点扣1分"}, "clause_no_target"),
        ({"rule": "分档", "parameters": "95%以上得10分，80%以下不得分"}, "clause_gap"),
        ({"rule": "分档", "parameters": "3起以下得10分，3-5起得5分，5起以上不得分"}, "clause_less_is_better"),
        ({"rule": None, "parameters": "一票否决"}, "clause_veto"),
    ],
)
def test_what_could_be_read_two_ways_is_asked_once_at_its_cell(cells: dict[str, Any], code: str) -> None:
    scheme, findings = read(changed(**cells))
    assert scheme is None
    assert [c for c, _ in codes(findings)] == [f"scheme.{code}"]


def test_a_scoring_text_that_says_nothing_is_asked() -> None:
    scheme, findings = read(changed(rule=None, parameters=None, scoring_zh="落实到位"))
    assert scheme is None
    assert {c for c, _ in codes(findings)} == {"scheme.clause_unread"}


def test_what_needs_a_number_that_is_not_there_is_typed_in() -> None:
    scheme, findings = read(changed(rule=None, parameters="高于全市平均得满分，低于不得分"))
    assert scheme is not None
    assert [f.level for f in findings if f.code == "scheme.clause_typed_in"] == ["note"]
