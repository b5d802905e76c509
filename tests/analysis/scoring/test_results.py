"""Rows of one community are found where they lie, side by side or not, and are the rows that a look through all of them finds."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.scoring.results import records
from tests.tools.towns.fake_results import fake_results


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("frame", ["scores", "items", "indicators", "flow"])
def test_rows_of_a_community_are_those_that_bear_its_code(frame: str, shuffled: bool) -> None:
    results = fake_results(2014)
    if shuffled:
        results = replace(results, **{frame: getattr(results, frame).sample(frac=1, random_state=3)})
    data = getattr(results, frame)
    for code in results.scores["community_code"]:
        expected = [row for row in records(data) if row["community_code"] == code]
        assert results.rows(frame, code) == expected
        assert expected
    assert results.rows(frame, "nobody") == []


def test_a_number_that_is_not_known_is_none_whatever_its_column_holds() -> None:
    results = fake_results(2014)
    for frame in ("scores", "items", "indicators"):
        data = getattr(results, frame)
        for row, (_, values) in zip(records(data), data.iterrows(), strict=True):
            for column, value in row.items():
                there = values[column]
                assert type(value).__module__ == "builtins"
                assert value is not None or there is None or there != there


def test_other_results_made_of_these_find_their_own_rows() -> None:
    results = fake_results(2014)
    code = str(results.scores["community_code"].iloc[0])
    assert results.rows("items", code)
    fewer = replace(results, items=results.items[results.items["community_code"] != code])
    assert fewer.rows("items", code) == []
    with pytest.raises(KeyError):
        replace(results, scores=results.scores.iloc[1:]).community(code)


def test_cells_come_out_as_plain_values_of_every_kind():
    frame = pd.DataFrame(
        {
            "share": [0.5, float("nan"), float("inf")],
            "whole": [1, 2, 3],
            "flag": [True, False, True],
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "mixed": [None, pd.NA, "x"],
        }
    )
    told = records(frame)
    assert told[1] == {"share": None, "whole": 2, "flag": False, "maybe": None, "mixed": None}
    assert [type(v) for v in told[0].values()] == [float, int, bool, int, type(None)]
    assert told[2]["share"] is None
    assert records(pd.DataFrame()) == records(pd.DataFrame({"a": []})) == []


@pytest.mark.parametrize("name", ["scores", "items", "indicators", "flow", "streets"])
def test_few_rows_are_what_they_are_among_many(name):
    """Few are read row by row, many column by column: the same values of the same types."""
    frame = getattr(fake_results(2014), name)
    many = pd.concat([frame] * 4, ignore_index=True)
    few = [row for place in range(len(many)) for row in records(many.iloc[place : place + 1])]
    assert repr(few) == repr(records(many))
