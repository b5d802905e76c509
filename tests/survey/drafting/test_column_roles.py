"""What a column is by the words over it."""

from __future__ import annotations

import pytest

from survey.drafting.column_roles import names_a_person, role_of


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("您所在的社区", "community"),
        ("年份", "year"),
        ("问卷编号", "respondent"),
        ("您的性别：", "sex"),
        ("环境卫生", ""),
        ("What.is.your.sex.", "sex"),
        ("Age.", "age"),
        ("3.5", ""),
    ],
)
def test_roles(header: str, role: str) -> None:
    assert role_of((header,)) == role


def test_persons() -> None:
    assert names_a_person(("身份证号",))
    assert not names_a_person(("户籍",))
