"""An item that was coded the other way round is told by its correlation with the rest; chance is not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from survey.coding.item_directions import AGAINST, ENOUGH_ROWS, _reached_by_chance, _with_rest, against_the_rest
from tests.tools.books.office_sheets import FORM, ITEMS, WORDS, grid, look, prepare, with_cells

MOODS = np.random.default_rng(5).integers(0, 5, 60)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def people(turned=(), noise=0):
    """Sixty people in a good or bad mood throughout, some items typed 5 = best."""
    rows, chance = grid(60), np.random.default_rng(7)
    for name in ITEMS:
        levels = MOODS if not noise else chance.integers(0, 5, 60)
        rows = with_cells(rows, name, lambda _, i, at=levels, n=name: WORDS[4 - at[i] if n in turned else at[i]])
    return rows


def told(store, rows):
    return [(f.header, f.level) for f in look(store, rows).findings if f.code == AGAINST]


@pytest.mark.parametrize("turned", [("E1",), ("A1", "C1")])
def test_items_that_run_against_the_rest_are_named_with_their_correlation(store, turned):
    rows = people(turned)
    assert sorted(told(store, rows)) == sorted((ITEMS[name], "note") for name in turned)
    note = next(f for f in look(store, rows).findings if f.code == AGAINST)
    assert note.params["r"].startswith("−0.") or note.params["r"] == "−1.00"
    assert note.params["n"] == 60


def test_items_that_agree_or_have_nothing_to_do_with_each_other_are_not(store):
    assert told(store, people()) == []
    assert told(store, people(noise=1)) == []


def test_each_item_is_correlated_with_the_mean_of_the_others():
    draw = np.random.default_rng(3)
    x, y = draw.normal(size=50), draw.normal(size=50)
    told = _with_rest({"x": x, "y": y, "z": x + y})
    assert told["y"] == (pytest.approx(np.corrcoef(y, (x + x + y) / 2)[0, 1]), 50)
    assert _with_rest({"x": x, "y": y / 10, "z": -y / 10})["x"] == (0.0, 50)  # the rest says nothing but rounding


def test_in_a_long_file_a_part_of_its_rows_tells_that_nothing_runs_against_the_rest():
    form, draw = FORM, np.random.default_rng(11)
    column = SimpleNamespace(cell="A1", header="x")
    matched = SimpleNamespace(by_question={n: [column] for n in ITEMS}, sheet=SimpleNamespace(name="s"))
    moods = draw.integers(0, 5, 3 * ENOUGH_ROWS)
    codes = np.full((len(moods), len(form.questions)), -1, dtype=np.int16)
    for name in ITEMS:
        codes[:, form.position[name]] = moods
    rows = np.ones(len(moods), dtype=bool)
    assert against_the_rest(matched, form, codes, {}, rows) == []
    codes[:, form.position["E1"]] = 4 - moods
    (note,) = against_the_rest(matched, form, codes, {}, rows)
    assert note.params["n"] == len(moods)


def test_of_few_rows_chance_is_told_by_its_exact_distribution():
    # R: t <- qt(2.33e-4, n - 2); t / sqrt(t^2 + n - 2)
    assert round(_reached_by_chance(20), 3) == -0.709
    assert round(_reached_by_chance(10_000), 3) == -0.035


def test_a_scale_from_0_runs_as_the_other_columns_do(sqlite_store):
    store = prepare(sqlite_store)
    for high in (True, False):
        rows = with_levels(40, lambda good, k: WORDS[good])
        for name in ("A1", "E1"):
            rows = with_cells(rows, name, lambda v, _, high=high: 4 - WORDS.index(v) if high else WORDS.index(v))
        found = look(store, rows)
        assert [f.code for f in found.questions] == ["intake.scale_proposed"]
        assert [f.code for f in found.findings if f.code == AGAINST] == []
        assert found.proposed.words(FORM.question("A1"))["4"] == ("1" if high else "5")


def with_levels(n, word):
    rows = grid(n)
    for i, row in enumerate(rows[1:]):
        good = (i * 7) % 5
        for k in range(5):
            row[5 + k] = word(min(4, max(0, good + (i * (k + 1)) % 3 - 1)), k)
        row[10] = 10 - 2 * good
    return rows


def test_points_tell_the_direction_where_all_items_are_on_the_scale(sqlite_store):
    store = prepare(sqlite_store)
    rows = with_levels(40, lambda good, k: 4 - good)
    assert look(store, rows).proposed.words(FORM.question("C1"))["4"] == "1"
    for row in rows[1:]:
        row[10] = 5  # nothing tells: 0 is the first choice, which a person checks
    assert look(store, rows).proposed.words(FORM.question("C1"))["4"] == "5"
