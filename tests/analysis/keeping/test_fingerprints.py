"""A word for what a community's numbers rest on: another one with anything that is its own, and with nothing that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.keeping.fingerprints import joined, of_all, of_answers, of_values
from analysis.scheme import default_scheme
from survey.core import limits
from survey.form.answer_codes import ResponseBlock
from tests.tools.forms import form

FORM = form()


def block() -> ResponseBlock:
    design = pd.DataFrame(
        {
            "community_code": pd.Series(["A", "B", "A", None], dtype="str"),
            "mode": pd.Series(["paper", None, "web", "web"], dtype="str"),
            "weight": [1.0, np.nan, 2.0, 1.0],
            "year": [2014] * 4,
            "community_id": pd.array([1, 2, 1, None], dtype="Int64"),
        }
    )
    codes = np.arange(20, dtype=np.int16).reshape(4, 5)
    return ResponseBlock(
        design,
        codes,
        {"n": np.arange(4.0)},
        {"t": [None, "x", None, None]},
        {"m": [(1,), None, (1, 2), ()]},
        np.ones((4, 2)),
    )


def words(one: ResponseBlock) -> dict[str, str]:
    return of_answers([(FORM, one)])


def cell(name: str, value: Any) -> Callable[[ResponseBlock], ResponseBlock]:
    def changed(one: ResponseBlock) -> ResponseBlock:
        design = one.design.copy()
        design.loc[2, name] = value
        return replace(one, design=design)

    return changed


def of_third(name: str, value: Any) -> Callable[[ResponseBlock], ResponseBlock]:
    def changed(one: ResponseBlock) -> ResponseBlock:
        held = getattr(one, name)
        if isinstance(held, np.ndarray):
            held = held.copy()
            held[2, 1] = value
            return replace(one, **{name: held})
        (key, values), *_ = held.items()
        told = values.copy() if isinstance(values, np.ndarray) else [*values]
        told[2] = value
        return replace(one, **{name: {key: told}})

    return changed


@pytest.mark.parametrize(
    "change",
    [
        cell("mode", "paper"),
        cell("mode", None),
        cell("weight", 2.0000000000000004),
        cell("weight", np.nan),
        of_third("codes", -2),
        of_third("numbers", 7.0),
        of_third("texts", "y"),
        of_third("texts", ""),
        of_third("multiple", (1, 3)),
        of_third("multiple", None),
        of_third("replicates", 0.5),
    ],
)
def test_a_cell_of_one_community_changes_its_word_only(change: Callable[[ResponseBlock], ResponseBlock]):
    before, after = words(block()), words(change(block()))
    assert before["A"] != after["A"]
    assert (before["B"], before[""]) == (after["B"], after[""])


def test_order_and_place_count():
    one = block()
    assert words(one) == words(one.take(np.array([0, 1, 2, 3])))
    turned = words(one.take(np.array([2, 1, 0, 3])))
    assert turned["A"] != words(one)["A"]
    assert turned["B"] == words(one)["B"]
    assert words(one.take(np.array([1, 0, 2, 3]))) == words(one)  # those of another one lie between
    empty = one.take(np.array([], dtype=np.int64))
    assert of_answers([(FORM, one), (FORM, empty)])["A"] != of_answers([(FORM, empty), (FORM, one)])["A"]


def test_values_and_what_all_rest_on():
    values = pd.DataFrame(
        {"community_code": ["A", "B"], "value": [1.0, 2.0], "note": [None, "x"], "exempt": [True, False]}
    )
    before, after = of_values(values), of_values(values.assign(exempt=[False, False]))
    assert before["A"] != after["A"]
    assert before["B"] == after["B"]
    scheme = default_scheme()
    common = [
        of_all(scheme, [(FORM, block())], None, 1),
        of_all(replace(scheme, min_responses=40), [(FORM, block())], None, 1),
        of_all(scheme, [(replace(FORM, title="x"), block())], None, 1),
        of_all(scheme, [(FORM, block())], pd.DataFrame({"population": [1]}), 1),
        of_all(scheme, [(FORM, block())], None, 2),
    ]
    assert len({*common}) == len(common)
    keys = [joined(one, {"A": "a"}, {}, ["A", "B"]) for one in common]
    assert len({key["B"] for key in keys}) == len(common)


def test_limits_are_part_of_it(monkeypatch: pytest.MonkeyPatch):
    before = of_all(default_scheme(), [], None, 1)
    monkeypatch.setattr(limits, "TOTALS_BELOW", 20)
    assert of_all(default_scheme(), [], None, 1) != before
