"""A register that comes in over the years: mergers after closed years, and what can't be right."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.intake.register import RegisterReceipt, commit_register, inspect_register
from survey.store import Store
from survey.store.intake import responses
from survey.store.year import register, years
from tests.tools.stores import store_data

FIRST = "编号,社区,街道,成年人口\nB1,东渡社区,江街,900\nB2,江渡社区,江街,1000\nB3,南渡社区,江街,1100\n"
MERGER = "编号,社区,止,并入\nB1,东渡社区,2013,江渡社区\n"


def bring(store: Store, text: str, year: int | None = None) -> RegisterReceipt:
    with store.read() as conn:
        known = register.communities(conn)
    return commit_register(store, inspect_register("名册.csv", text.encode(), year=year, known=known))


def refused(store: Store, text: str, year: int | None = None) -> list[tuple[str, str]]:
    with store.read() as conn:
        before = register.history(conn)
    with pytest.raises(Refused) as error:
        bring(store, text, year)
    with store.read() as conn:
        assert register.history(conn) == before
    for lang in LANGUAGES:
        assert error.value.word(lang)
        assert all(f.word(lang) for f in error.value.findings)
    return [(f.code, f.cell) for f in error.value.findings] or [(error.value.key, "")]


@pytest.fixture
def town(sqlite_store: Store) -> Store:
    """Three communities with answers of 2013 (closed) and 2014."""
    bring(sqlite_store, FIRST)
    with sqlite_store.write() as conn:
        form, batch = store_data.begin(conn)
        for year in (2013, 2014):
            responses.append(conn, batch, form.id, store_data.block(6, year, community_ids=(2, 3)))
        years.close(conn, 2013)
    return sqlite_store


def test_a_merger_of_the_second_year_is_entered_after_the_first_was_closed(town: Store) -> None:
    with town.read() as conn:
        then = register.communities(conn, 2013)
    receipt = bring(town, MERGER, 2014)
    assert (receipt.added, receipt.changed) == (0, 1)
    with town.read() as conn:
        assert register.communities(conn, 2013) == then
        ended = register.communities(conn, 2014)[0]
    # what the sheet has no column for stays
    assert (ended.valid_to, ended.successor, ended.sub_district, ended.adult_population) == ("2013", "B2", "江街", 900)


def test_one_workbook_tells_several_years(town: Store) -> None:
    bring(town, "编号,社区,成年人口,起算年度\nB2,江渡社区,1200,2014\nB2,江渡里社区,1300,2016\n")
    with town.read() as conn:
        found = [register.communities(conn, year)[1] for year in (2013, 2014, 2015, 2016)]
        assert [c.adult_population for c in found] == [1000, 1200, 1200, 1300]
        assert [c.name for c in found] == ["江渡社区"] * 3 + ["江渡里社区"]
        assert found[3].former == ("江渡社区",)


def test_what_cannot_be_right_is_refused_with_its_place(town: Store) -> None:
    assert refused(town, MERGER, 2013) == [("store.year_closed", "")]
    assert refused(town, "编号,社区,止,并入\nB1,东渡社区,2013,西渡社区\n", 2014) == [("register.bad_successor", "D2")]
    both = "编号,社区,起算年度\nB2,江渡社区,2014\nB2,江渡社区,2014\n"
    assert refused(town, both) == [("register.name_twice", "A3")]
    assert refused(town, "编号,社区,起算年度\nB2,江渡社区,明年\n") == [("register.bad_year", "C2")]
    assert refused(town, "编号,社区,起算年度\nB2,江渡社区,2015\n", 2014) == [("register.other_year", "C2")]
    # a community would end before what is stored of it
    ends = "编号,社区,止,并入\nB3,南渡社区,2013,江渡社区\n"
    assert refused(town, ends, 2014) == [("register.data_outside", "C2")]

    # nor before a year that is closed, which keeps its own facts
    assert refused(town, "编号,社区,止\nB3,南渡社区,2012\n") == [("register.data_outside", "C2")]


def test_what_a_sheet_has_no_column_for_stays_without_a_year_too(town: Store) -> None:
    bring(town, "编号,社区,成年人口\nB1,东渡社区,950\n")
    bring(town, MERGER)
    bring(town, "编号,社区,街道\nB3,南渡社区,\n")  # a column that is there and empty empties
    with town.read() as conn:
        found = {c.code: c for c in register.communities(conn, 2014)}
    ended, emptied = found["B1"], found["B3"]
    assert (ended.sub_district, ended.adult_population, ended.valid_to, ended.successor) == ("江街", 950, "2013", "B2")
    assert (emptied.sub_district, emptied.adult_population) == ("", 1100)


def test_a_circle_over_two_workbooks_is_refused(town: Store) -> None:
    bring(town, MERGER, 2014)
    circle = "编号,社区,止,并入\nB2,江渡社区,2014,东渡社区\n"
    assert ("register.successor_circle", "D2") in refused(town, circle, 2015)
    # who is continued may not end before
    assert refused(town, "编号,社区,止\nB2,江渡社区,2012\n", 2014) == [("register.successor_gone", "A2")]
