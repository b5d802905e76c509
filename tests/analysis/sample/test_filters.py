"""Filters: words, what they leave, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.sample.filters import make_filters, narrowed, written
from analysis.sample.grouping import make_grouping
from analysis.sample.pooled_sample import pool
from survey.core.errors import Refused
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item

SEX = Question("sex", "select_one", choices=(Choice("f", {"zh": "女"}), Choice("m", {"zh": "男"})), role="sex")
HOME = Question("home", "select_one", choices=(Choice("o", {"zh": "自有"}), Choice("r", {"zh": "租住"})))
FORM = form(item("q1", "a"), SEX, HOME)


@pytest.fixture(scope="module")
def sample():
    answers = {"home": ["o", "r", None, "o"]}
    return pool(
        [
            (
                FORM,
                block(
                    FORM, answers, sex=["f", "m", "f", None], year=[2013, 2013, 2014, 2014], community_code=list("ABAB")
                ),
            )
        ]
    )


@pytest.mark.parametrize(
    ("word", "stays"),
    [
        ("sex=f", [1, 0, 1, 0]),
        ("sex=f, m", [1, 1, 1, 0]),
        ("year=2014", [0, 0, 1, 1]),
        ("community=社区A", [1, 0, 1, 0]),
        ("community=B", [0, 1, 0, 1]),
        ("home=自有，r", [1, 1, 0, 1]),
    ],
)
def test_a_filter_keeps_who_has_one_of_the_values(sample, word, stays):
    (one,) = make_filters(sample, [word])
    assert one.mask.astype(int).tolist() == stays


def test_groups_without_anybody_go_and_codes_stay_those_of_the_keys(sample):
    grouping = make_grouping(sample, ["community", "year"])
    left = narrowed(grouping, make_filters(sample, ["sex=f", "year=2014"]))
    assert left.groups.keys.to_numpy().tolist() == [["A", 2014]]
    assert left.groups.code.tolist() == [-1, -1, 0, -1]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("sex", "estimation.bad_where"),
        ("sex=", "estimation.bad_where"),
        ("=f", "estimation.bad_where"),
        ("sex=x", "estimation.unknown_value"),
        ("colour=red", "estimation.unknown_by"),
    ],
)
def test_what_is_no_filter_is_refused(sample, word, key):
    with pytest.raises(Refused) as refused:
        make_filters(sample, [word])
    assert refused.value.key == key


def test_a_number_is_written_as_one_types_it():
    assert [written(v) for v in (2.0, 2.5, "02", np.int64(3))] == ["2", "2.5", "02", "3"]
