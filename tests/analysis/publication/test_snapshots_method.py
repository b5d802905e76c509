"""Results whose columns or numbers change get another ``METHOD``, so that kept snapshots are computed anew.

Where a test fails: raise ``METHOD`` in ``analysis/publication/snapshots.py`` and write the new line here.
"""

from __future__ import annotations

import json

import pytest

from analysis.publication import snapshots
from analysis.scoring.results import FRAMES, Results
from survey.store import Store
from tests.tools.towns import field_town
from tests.tools.towns.digests import digest

#: method → digests of the columns and of the numbers of a small town
KNOWN: dict[int, tuple[str, str]] = {10: ("c64b2c187562d8e7", "ba518af0ba9cff0b")}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return field_town.town(tmp_path_factory.mktemp("method"))


def columns_of(results: Results) -> dict[str, list[str]]:
    """Every frame's columns as they are, and the fingerprint of what is declared of them: names, kinds, order."""
    return {name: [table.fingerprint, *getattr(results, name).columns] for name, table in FRAMES.items()}


def numbers_of(results: Results) -> dict[str, object]:
    """All rows but for when something was computed or entered."""
    text = json.loads(results.to_json())
    return {name: text[name] for name in (*FRAMES, "extra")}


def test_other_columns_or_numbers_are_another_method(town: Store):
    results = snapshots.results(town, 2014)
    columns, numbers = KNOWN[snapshots.METHOD]
    assert digest(columns_of(results)) == columns, "columns of the results changed: raise METHOD"
    assert digest(numbers_of(results)) == numbers, "numbers of the results changed: raise METHOD"


def test_a_snapshot_of_another_method_is_computed_anew(town: Store, monkeypatch: pytest.MonkeyPatch):
    known = snapshots.results(town, 2014)
    assert snapshots.results(town, 2014).meta["computed_at"] == known.meta["computed_at"]
    monkeypatch.setattr(snapshots, "METHOD", snapshots.METHOD + 1)
    assert snapshots.results(town, 2014).meta["method"] == known.meta["method"] + 1
