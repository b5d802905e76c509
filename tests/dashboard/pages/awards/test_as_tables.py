"""Tables of money and targets for people: payers, results and states in words, of the year in the name alone."""

from contextlib import closing
from io import BytesIO

import openpyxl
import pytest

from dashboard.data.results import StoreSource
from dashboard.pages.awards.service import file
from dashboard.web.access import Viewer
from survey.store import Store
from tests.tools.stores.older_demo import unpacked

NAMES = ("payments", "forecast", "communities", "targets", "goals", "ledger", "entries")


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    viewer = Viewer("local", "local")
    with closing(Store.open(unpacked(tmp_path_factory.mktemp("awards")))) as store:
        made = {name: file(viewer, StoreSource(store), store, 2013, name, "zh") for name in NAMES}
    return {name: openpyxl.load_workbook(BytesIO(data)).worksheets[0] for name, (_, data, _) in made.items()}


@pytest.mark.parametrize("name", NAMES)
def test_no_heading_and_no_cell_is_a_word_of_programs(books, name):
    texts = {c.value for row in books[name].iter_rows() for c in row if isinstance(c.value, str)}
    machine = {"payer", "unstated", "community_code", "amount", "district", "street", "city", "first", "promoted"}
    machine |= {"title", "calculated", "met", "missed", "settled", "open", "paid", "total"}
    assert not texts & machine


def test_the_year_in_the_name_is_the_only_one_in_it(books):
    for name in ("payments", "ledger"):
        rows = [[c.value for c in row] for row in books[name].iter_rows()]
        top = next(i for i, row in enumerate(rows) if row[0] == "年度")
        assert {row[0] for row in rows[top + 1 :]} == {2013}
