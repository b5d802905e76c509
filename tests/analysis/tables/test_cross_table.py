"""``estimate --cross``: shares of cells and the test of Rao and Scott in each group; held back where a cell is small."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.sample.pooled_sample import pool
from analysis.tables.cross_table import cross_table
from analysis.tables.estimates import lay_table
from survey.core.errors import Refused
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item, scheme

A, B = (Question(name, "select_one", choices=(Choice("1", {}), Choice("2", {}))) for name in "AB")
FORM = form(item("q1", "a"), A, B)


def crossed(cells, by=("year",), where=(), names=("A", "B"), **design):
    """Cells (a, b) → how many."""
    rows = [cell for cell, n in cells.items() for _ in range(n)]
    answers = {"A": [a for a, _ in rows], "B": [b for _, b in rows], "q1": ["1"] * len(rows)}
    table = lay_table(
        pool([(FORM, block(FORM, answers, **design))]), by=by, populations={}, scheme=scheme(), where=where
    )
    return cross_table(table, by, where, names)


CELLS = {("1", "1"): 30, ("1", "2"): 10, ("2", "1"): 15, ("2", "2"): 25}


def test_cells_and_test_are_those_of_a_plain_sample():
    """With one stratum and no clusters F is close to Pearson's X²; R: svychisq(~A + B, svydesign(ids = ~1, weights = ~1,
    data = d), statistic = "F") gives 12.089, ndf 1, ddf 79, p 0.00082 (X² = 12.2424, trace 80/79 times the srs one)."""
    found = crossed(CELLS)
    head = found.iloc[0]
    n, x2 = 80, 80 * (30 * 25 - 10 * 15) ** 2 / (40 * 40 * 45 * 35)
    assert (head["test"], head["n"], head["df1"], head["df2"]) == ("rao_scott", 80, pytest.approx(1), pytest.approx(79))
    assert head["statistic"] == pytest.approx(x2 * 79 / n, rel=0.2)
    assert head["p"] < 0.002
    cells = found.iloc[1:]
    assert dict(zip(cells["choice"], cells["share"], strict=True)) == pytest.approx(
        {"1*1": 30 / 80, "1*2": 10 / 80, "2*1": 15 / 80, "2*2": 25 / 80}
    )
    assert cells["se"].iloc[0] == pytest.approx(np.sqrt(30 / 80 * 50 / 80 / 79))
    assert cells["deff"].tolist() == pytest.approx([1.0] * 4)
    assert set(found["note"]) == {"not_for_publication"}


@pytest.mark.parametrize("few", [1, 9])
def test_a_small_cell_takes_the_whole_table(few):
    found = crossed({**CELLS, ("1", "2"): few})
    assert len(found) == 1
    assert found["note"].tolist() == ["complement;not_for_publication"]
    assert found[["n", "statistic", "p", "share"]].isna().all(axis=None)


def test_few_who_answered_one_only_are_what_is_left_beside_the_cells():
    found = crossed({**CELLS, ("1", None): 4})
    assert found["note"].tolist() == ["complement;not_for_publication"]
    assert len(crossed({**CELLS, ("1", None): 12})) == 5


def test_an_open_sample_has_shares_and_no_test():
    found = crossed(CELLS, sample_type=["open"] * 80)
    assert found[["statistic", "p", "se", "share_low"]].isna().all(axis=None)
    assert found["share"].iloc[1:].notna().all()
    assert set(found["note"]) == {"not_for_publication;open_sample"}


def test_a_filter_narrows_the_table():
    modes = ["phone"] * 80 + ["paper"] * 80
    cells = {**{("1", "1"): 30, ("1", "2"): 10, ("2", "1"): 15}, ("2", "2"): 105}
    found = crossed(cells, where=["mode=phone"], mode=modes)
    assert found.iloc[0]["n"] == 80
    assert found.iloc[1:]["share"].tolist() == pytest.approx([30 / 80, 10 / 80, 15 / 80, 25 / 80])


@pytest.mark.parametrize("names", [("A", "A"), ("A", "year")])
def test_the_same_twice_is_refused(names):
    with pytest.raises(Refused) as refused:
        crossed(CELLS, names=names)
    assert refused.value.key == "estimation.cross_twice"
