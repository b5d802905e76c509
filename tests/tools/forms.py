"""Small questionnaires and sheets for the tests of the intake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.files.readers.sheet import Sheet
from survey.form.model import Choice, Question, Questionnaire

SATISFACTION = tuple(
    Choice(name, {"zh": zh, "en": en}, level=level, missing=missing)
    for name, zh, en, level, missing in [
        ("1", "很满意", "very satisfied", 1, None),
        ("2", "满意", "satisfied", 2, None),
        ("3", "一般", "neither", 3, None),
        ("4", "不满意", "dissatisfied", 4, None),
        ("5", "很不满意", "very dissatisfied", 5, None),
        ("8", "不清楚", "don't know", None, "dont_know"),
        ("9", "拒答", "refused", None, "refused"),
    ]
)


def item(name: str, zh: str = "", dimension: str = "service", **more: Any) -> Question:
    """A five-level item."""
    return Question(
        name, "select_one", {"zh": zh or name, "en": f"item {name}"}, "sat", SATISFACTION, dimension=dimension, **more
    )


def form(*more: Question, **settings: Any) -> Questionnaire:
    """Respondent, community, year, two items, and whatever a test adds."""
    rows = (
        Question("id", "text", {"zh": "编号", "en": "number"}, role="respondent"),
        Question("place", "text", {"zh": "社区", "en": "community"}, role="community", aliases=("所在社区",)),
        Question("when", "integer", {"zh": "年度", "en": "year"}, role="year"),
        item("Q1", "办事方便"),
        item("Q2", "环境卫生"),
    )
    return Questionnaire(rows=(*rows, *more), title="测试", lists={"sat": SATISFACTION}, **settings)


def sheet(header: Sequence[Any], *rows: Sequence[Any], top: int = 0, left: int = 0, **more: Any) -> Sheet:
    """A sheet named 数据."""
    return Sheet("a.xlsx", "数据", [list(header), *(list(row) for row in rows)], top=top, left=left, **more)
