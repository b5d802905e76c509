"""Why a cell is no date; what it may mean is suggested, never applied."""

from __future__ import annotations

import pytest

from survey.answers.values_dates import date_problem


@pytest.mark.parametrize(
    ("value", "code", "params"),
    [
        (41400.0, "serial_date", {"suggestion": "2013-05-06"}),
        ("41400", "serial_date", {"suggestion": "2013-05-06"}),
        (19_999, "not_a_date", {}),
        (80_000, "not_a_date", {}),
        ("2013年5月", "only_a_month", {}),
        ("2013-5", "only_a_month", {}),
        ("5/6/2013", "ambiguous_date", {"readings": "2013-05-06、2013-06-05"}),
        ("13-5-6", "ambiguous_date", {"readings": "2006-05-13、2013-05-06"}),
        ("25/6/2013", "unusual_date", {"suggestion": "2013-06-25"}),
        ("6/6/2013", "unusual_date", {"suggestion": "2013-06-06"}),
        ("99/99/2013", "not_a_date", {}),
        ("2013-02-30", "no_such_date", {}),
        ("20130230", "no_such_date", {}),
        ("2013年2月30日 上午", "no_such_date", {}),
        ("2014.5.6 下午", "not_a_date", {}),
        ("0000-01-01", "no_such_date", {}),
        ("昨天", "not_a_date", {}),
        (True, "not_a_date", {}),
    ],
)
def test_a_cell_that_is_no_date_says_why(value, code, params):
    assert date_problem(value) == (f"checking.{code}", params)
