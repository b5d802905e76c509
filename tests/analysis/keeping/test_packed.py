"""What is kept of results says all that they say, in a tenth of the room, and a community's line stands by itself."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.cycle.versions import read_back, read_scores
from analysis.keeping import packed
from analysis.keeping.packed import head_of, is_packed, lines_of, pack, scores_of, unpack
from analysis.scoring.results import FRAMES, Results
from survey.store.engine.failures import Unreadable
from tests.tools.towns.fake_results import fake_results


@pytest.fixture(scope="module")
def results() -> Results:
    return Results.from_json(fake_results(2014).to_json())


def test_results_are_read_as_they_were_kept(results: Results):
    text = pack(results)
    assert is_packed(text)
    again = unpack(text)
    assert again.to_json() == results.to_json()
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(results, name))
    assert len(text) < len(results.to_json()) / 2


def test_scores_are_read_without_the_lines(results: Results):
    head = scores_of(pack(results))
    for name in ("scores", "flow", "streets"):
        pd.testing.assert_frame_equal(getattr(head, name), getattr(results, name))
    assert head.meta == results.meta
    assert head.items.empty
    assert list(head.items.columns) == list(results.items.columns)


def test_what_older_programs_kept_is_read(results: Results):
    text = results.to_json()
    assert not is_packed(text)
    assert unpack(text).to_json() == scores_of(text).to_json() == text


def test_rows_of_a_community_that_do_not_lie_together_are_kept_as_they_are(results: Results):
    mixed = replace(results, items=results.items.sort_values("item", kind="stable", ignore_index=True))
    assert unpack(pack(mixed)).to_json() == mixed.to_json()
    older = replace(results, items=results.items.drop(columns="offices"))
    assert unpack(pack(older)).to_json() == older.to_json()


def test_odd_cells_are_kept(results: Results):
    items = results.items.copy()
    items["distribution"] = pd.Series([[{"choice": "1\n", "share": 1.0}], [], *items["distribution"][2:]], dtype=object)
    items["label_zh"] = ["行\n内", "\u2028", *items["label_zh"][2:]]
    odd = replace(results, items=items)
    assert unpack(pack(odd)).to_json() == odd.to_json()
    empty = replace(results, items=results.items.iloc[:0], indicators=results.indicators.iloc[:0])
    assert unpack(pack(empty)).to_json() == empty.to_json()


def test_a_line_is_read_without_the_others(results: Results):
    text = pack(results)
    lines = lines_of(text, head_of(text))
    code = str(results.items["community_code"].iloc[0])
    one = replace(lines, of={code: lines.of[code]}, order={"items": [code]})
    found = packed.rows_of(one, "items", ["item", "points"])
    mine = results.items[results.items["community_code"] == code].reset_index(drop=True)
    assert found["item"].tolist() == mine["item"].tolist()
    assert found["points"].tolist() == mine["points"].tolist()


@pytest.mark.parametrize("text", ["{", "{}", "[]", "{}\n", '{"codes": ["a"]}\n{}', "null\n", ""])
def test_what_no_program_of_ours_wrote_is_no_results(text: str):
    for read in (read_back, read_scores):
        with pytest.raises(Unreadable):
            read(text)
