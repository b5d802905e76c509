"""Who was asked what: the conditions of a questionnaire over a block of answers."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from survey.form import Choice, Question, Questionnaire
from survey.form.answer_codes import BLANK, DONT_KNOW, REFUSED, SKIPPED, ResponseBlock
from survey.form.default import default_questionnaire
from survey.form.expression import Unsupported, parse, references
from survey.form.relevant import evaluable, questions_asked

YES_NO = (Choice("yes", {}), Choice("no", {}), Choice("dk", {}, missing="dont_know"))


def form(condition: str) -> Questionnaire:
    return Questionnaire(
        rows=(
            Question("s", "select_one", choices=YES_NO),
            Question("m", "select_multiple", choices=YES_NO),
            Question("r", "range", start=0.0, end=10.0, step=0.5, missing_values={"99": "refused"}),
            Question("d", "decimal"),
            Question("t", "text"),
            Question("day", "date"),
            Question("place", "text", role="community"),
            Question("x", "text", conditions=(condition,)),
        )
    )


def block() -> ResponseBlock:
    """Rows: yes/no/don't know/blank, and the like in every other kind of question."""
    codes = np.full((4, 8), BLANK, dtype=np.int16)
    codes[:, 0] = [0, 1, DONT_KNOW, BLANK]
    codes[:, 1] = [0, 0, BLANK, 0]
    codes[:, 2] = [0, 15, REFUSED, BLANK]  # 0, 7.5
    codes[:, 3] = [0, 0, 0, SKIPPED]
    codes[:, 4] = [0, 0, BLANK, 0]
    return ResponseBlock(
        design=pd.DataFrame(index=range(4)),
        codes=codes,
        numbers={"d": np.array([3.0, 0.25, 1e6, np.nan])},
        texts={"t": ["no", "12", None, "a b"], "day": [None] * 4},
        multiple={"m": [(0, 1), (1,), None, ()]},
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("${s} = 'yes'", [1, 0, 0, 0]),
        ("${s} != 'no'", [1, 0, 1, 1]),
        ('${s} = "no" or ${s} = ""', [0, 1, 0, 1]),
        ("${s} = ''", [0, 0, 0, 1]),
        ("${s} = 'dk'", [0, 0, 1, 0]),
        ("not(${s} = 'yes') and ${s} != ''", [0, 1, 1, 0]),
        ("selected(${s}, 'no')", [0, 1, 0, 0]),
        ("selected(${m}, 'no')", [1, 1, 0, 0]),
        ("selected(${m}, 'gone')", [0, 0, 0, 0]),
        ("${r} = 7.5", [0, 1, 0, 0]),
        ("${r} > 0", [0, 1, 1, 0]),  # the refusal was declared as the value 99
        ("${r} < 5", [1, 0, 0, 0]),
        ("5 <= ${r}", [0, 1, 1, 0]),
        ("${r} != 0", [0, 1, 1, 1]),  # a blank is NaN, unequal to every number
        ("${r} = '7.5'", [0, 1, 0, 0]),
        ("${r} = '0'", [1, 0, 0, 0]),
        ("${d} >= 1 and ${d} <= 10", [1, 0, 0, 0]),
        ("${d} = '1000000'", [0, 0, 1, 0]),
        ("${d} = ''", [0, 0, 0, 1]),
        ("${d} > ${r}", [1, 0, 1, 0]),
        ("${t} = ${s}", [0, 0, 0, 0]),
        ("${t} = 'no'", [1, 0, 0, 0]),
        ("${t} = 12", [0, 1, 0, 0]),
        ("${t} = ''", [0, 0, 1, 0]),
        ("(${s} = 'yes' or ${s} = 'no') and (${t} = '12')", [0, 1, 0, 0]),
        ("${s} = 'yes' or ${s} = 'no' and ${t} = 'x'", [1, 0, 0, 0]),  # and binds more tightly
        ("true()", [1, 1, 1, 1]),
        ("false() or ${s}='no'", [0, 1, 0, 0]),
        ("${r} = -1", [0, 0, 0, 0]),
    ],
)
def test_conditions_hold_as_in_xpath(condition: str, expected: list[int]) -> None:
    assert evaluable(form(condition), condition)
    assert questions_asked(form(condition), block())[:, 7].astype(int).tolist() == expected


@pytest.mark.parametrize(
    "condition",
    [
        "${t} < 5",
        "${day} > '2014-01-01'",
        "${gone} = 1",
        "${m} = 'yes'",
        "${place} = 'x'",
        "string-length(${t}) > 2",
        "${s}",
        "${r} + 1 = 2",
        ". = 1",
        "${s} = 'yes",
        "",
        "((",
        "not ${s} = 'a'",
        "${r} > 'high'",
    ],
)
def test_what_cannot_be_evaluated_counts_as_asked(condition: str) -> None:
    assert not evaluable(form(condition), condition)
    assert questions_asked(form(condition), block())[:, 7].all()


def test_all_conditions_must_hold() -> None:
    both = Questionnaire(
        rows=(*form("true()").rows[:-1], Question("x", "text", conditions=("${s} = 'yes'", "${d} > 5")))
    )
    assert not questions_asked(both, block())[:, 7].any()


@pytest.mark.parametrize("text", ["(" * 100 + "true()" + ")" * 100, "true() or " * 2000 + "true()"])
def test_an_endless_expression_is_refused_not_followed(text: str) -> None:
    assert not evaluable(form(text), text)
    with pytest.raises(Unsupported):
        parse(text)


def test_references_are_found_in_any_expression() -> None:
    assert references("count(${a}) + ${ 乙 } * 2") == ["a", "乙"]


def test_a_no_at_the_screening_asks_nothing_more_and_a_blank_does() -> None:
    form = default_questionnaire()
    codes = np.full((3, len(form.questions)), BLANK, dtype=np.int16)
    codes[0, form.position["S1"]] = 1  # no
    codes[1, form.position["S2"]] = 0  # yes
    result = questions_asked(form, ResponseBlock(design=pd.DataFrame(index=range(3)), codes=codes))
    scored = [form.position[q.name] for q in form.scored]
    assert result[:, scored].all(axis=1).tolist() == [False, True, True]
    assert not result[0, scored].any()
    assert result[:, [form.position["S1"], form.position["sex"]]].all()


def test_a_hundred_thousand_responses_take_a_moment() -> None:
    form = default_questionnaire()
    n = 100_000
    codes = np.zeros((n, len(form.questions)), dtype=np.int16)
    start = time.process_time()
    questions_asked(form, ResponseBlock(design=pd.DataFrame(index=range(n)), codes=codes))
    assert time.process_time() - start < 1.0
