"""A leading number goes, a number that says something stays."""

import pytest

from survey.core.cells import unnumbered


@pytest.mark.parametrize(
    "text",
    [
        "3、办事方便",
        "3.办事方便",
        "3 办事方便",
        "Q3 办事方便",
        "Q3. 办事方便",
        "A1:办事方便",
        "(3)办事方便",
        "[Q3] 办事方便",
        "第3题 办事方便",
        "第3题:办事方便",
        "C-1、办事方便",
        "3.1 办事方便",
        "a. 办事方便",
        "A、办事方便",
        "5=办事方便",
        "5-办事方便",
    ],
)
def test_the_number_goes(text):
    assert unnumbered(text) == "办事方便"


@pytest.mark.parametrize(
    "text",
    [
        "18-29岁",
        "1-4年",
        "5 分",
        "18 岁",
        "5分",
        "10年以上",
        "2013 年度",
        "75+",
        "5",
        "3、",
        "3. 5",
        "满意",
        "a little",
        "1 year",
        "2.5-3元",
        "Q1",
        "S1是否成年",
        "",
    ],
)
def test_what_is_no_number_stays(text):
    assert unnumbered(text) == text
