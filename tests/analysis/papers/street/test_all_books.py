"""The workbooks of the streets of a year: one each, or one of all together."""

from contextlib import closing

import pytest

from analysis.papers.street.all_books import street_books, street_workbook_of
from analysis.publication import snapshots
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.towns.cycle_town import publish


@pytest.fixture
def store(tmp_path):
    with closing(Store.open(tmp_path / "a.db", create=True)) as found:
        publish(found)
        yield found


def test_one_a_street_and_the_only_one_stands_for_all(store):
    results = snapshots.results(store, 2014)
    [(name, make)] = street_books(store, results, "", "zh")
    assert name == "2014_示例街道_街道工作簿.xlsx"
    assert (
        make() == street_workbook_of(store, results, "", "zh") == street_workbook_of(store, results, "示例街道", "zh")
    )


def test_an_unknown_street_is_refused(store):
    with pytest.raises(Refused):
        street_workbook_of(store, snapshots.results(store, 2014), "没有", "zh")
