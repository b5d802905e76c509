"""The stored register as a workbook: into another store it brings all of it, into its own nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survey.fieldwork.register_workbook.written_register import stored_register
from survey.intake.register import commit_register, inspect_register
from survey.store import Store, names_en
from survey.store.year import register, years
from survey.store.year.register import Community, Told

A = Community(
    "001",
    "甲社区",
    ("老甲", "=1+1"),
    "东街",
    "示例区",
    2400,
    "混合型",
    '"书香"，@社区',
    valid_from="2010",
)
B = Community("B-2", "+乙社区", (), "东街", valid_to="2013-06-30", successor="C3")
C = Community("C3", "http://丙.cn", sub_district="-西街", valid_from="2013-07-01")
GROUPS = [
    ("001", 2012, "", "", 2400.0),
    ("001", 2013, "男", "18-29", 310.5),
    ("001", 2013, "女", "18-29", 0.0),
    ("C3", 2013, "", "60+", 12.0),
]


@pytest.fixture
def stored(tmp_path):
    """A register with facts of several periods, groups of people, and names of now, of before and of no community."""
    store = Store.open(tmp_path / "old.db", create=True)
    with store.write() as conn:
        register.save(conn, [A, B, C])
        register.tell(conn, [Told(replace(A, name="新甲社区", adult_population=2600), 2013)])
        register.tell(conn, [Told(replace(A, name="新甲社区", adult_population=2700, type=""), 2015)])
        register.save_population(
            conn, pd.DataFrame(GROUPS, columns=["community", "year", "sex", "age_band", "population"])
        )
        english = {
            "甲社区": "Alpha",
            "新甲社区": "=New Alpha",
            "东街": "East",
            "城管办": "Urban Office",
            "混合型": "mixed",
        }
        names_en.tell(conn, english)
    yield store
    store.close()


def kept(store: Store) -> tuple[Any, ...]:
    with store.read() as conn:
        listed = [(c.code, c.aliases, c.former) for c in register.communities(conn)]
        groups = register.population(conn).to_dict("records")
        return listed, register.history(conn), groups, names_en.stored(conn)


def told(store: Store, data: bytes) -> tuple[int, int]:
    with store.read() as conn:
        known = register.communities(conn)
    receipt = commit_register(store, inspect_register("r.xlsx", data, known=known))
    return receipt.added, receipt.changed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_store_holds_the_same_afterwards_and_its_own_as_before(stored, tmp_path, lang):
    with stored.read() as conn:
        data = stored_register(conn, lang)
    new = Store.open(tmp_path / "new.db", create=True)
    assert told(new, data) == (3, 0)
    assert kept(new) == kept(stored)
    before = kept(stored)
    assert told(stored, data) == (0, 0)
    assert kept(stored) == before
    new.close()


def test_closed_years_stand_against_nothing_of_it(stored):
    with stored.write() as conn:
        for year in (2013, 2014):
            years.close(conn, year)
    with stored.read() as conn:
        data = stored_register(conn)
    before = kept(stored)
    assert told(stored, data) == (0, 0)
    assert kept(stored) == before


def test_an_empty_register_is_the_empty_workbook_to_fill_in(tmp_path):
    store = Store.open(tmp_path / "empty.db", create=True)
    with store.read() as conn:
        data = stored_register(conn)
    assert [f.code for f in inspect_register("r.xlsx", data).findings] == ["register.no_rows"]
    store.close()
