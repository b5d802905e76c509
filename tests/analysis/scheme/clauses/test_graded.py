"""Steps of points: bands, grades, two ends with a line between."""

from __future__ import annotations

import pytest

from analysis.scheme.clauses.graded import read_graded
from analysis.scheme.clauses.numerals import plain


@pytest.mark.parametrize(
    ("text", "rule", "parameters"),
    [
        ("95%以上得20分，90%-95%得10分，90%以下不得分", "ratio_banded", "95:1 90:0.5 else:0"),
        ("80%-89%得10分，90%以上得20分", "ratio_banded", "90:1 80:0.5 else:0"),
        ("95%以上满分，90%-95%扣5分，90%以下不得分", "ratio_banded", "95:1 90:0.75 else:0"),
        ("60%以下不得分，90%以上满分，其间按比例", "ratio_linear", "zero=60 full=90"),
        ("优秀100%，差0，良好80%", "judged_levels", "优秀:1 良好:0.8 差:0"),
        ("全部完成得20分，完成80%以上得15分", "ratio_banded", "100:1 80:0.75 else:0"),
    ],
)
def test_steps(text: str, rule: str, parameters: str) -> None:
    found = read_graded(plain(text), 20, "")
    assert found is not None
    assert (found.rule, found.parameters) == (rule, parameters)


@pytest.mark.parametrize(
    "text", ["重大扣10分，一般扣5分", "每超1起扣5分，不超得满分", "优秀100%", "优秀扣25分，差得满分"]
)
def test_what_takes_points_off_a_case_is_no_grade(text: str) -> None:
    assert read_graded(plain(text), 20, "") is None
