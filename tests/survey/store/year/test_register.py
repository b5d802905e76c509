"""The register and the population, and the state of years."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.intake import responses
from survey.store.year import register, years
from survey.store.year.register import Community
from tests.tools.stores import store_data

FIRST, SECOND = store_data.COMMUNITIES
FULL = Community("B1", "南苑", ("南", "苑"), "东街", "武侯", 1200, "老旧小区", "文化", "2010", "2015-12", "A02")


def plain(communities: list[Community]) -> list[Community]:
    return [replace(c, id=None, former=()) for c in communities]


def test_communities_keep_their_order_and_every_field(store: Store):
    with store.write() as conn:
        assert register.save(conn, [SECOND, FULL]) == (2, 0)
        assert register.save(conn, [FIRST, FULL]) == (1, 0)
        assert plain(register.communities(conn)) == [SECOND, FULL, FIRST]
        renamed = replace(FULL, name="南苑里", aliases=("南苑",))
        assert register.save(conn, [renamed]) == (0, 1)
        assert plain(register.communities(conn)) == [SECOND, renamed, FIRST]
        assert register.save(conn, register.communities(conn)) == (0, 0)


def test_a_change_that_results_rest_on_counts_as_new_data(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(3, 2013))
        before = years.data_version(conn, 2013)
        register.save(conn, [replace(FIRST, aliases=("桂",))])
        assert years.data_version(conn, 2013) == before
        register.save(conn, [replace(FIRST, adult_population=5000)])
        assert years.data_version(conn, 2013) == before + 1


def test_a_closed_year_holds_its_communities(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(3, 2013, community_ids=(1,)))
        responses.append(conn, batch, form.id, store_data.block(3, 2014, community_ids=(1, 2)))
        years.close(conn, 2013)
        before = years.data_version(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            register.save(conn, [replace(FIRST, adult_population=5000)], 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):  # would count in 2013 too
            register.save(conn, [replace(FIRST, adult_population=5000)], 2012)
        register.save(conn, [replace(FIRST, aliases=("桂",)), replace(SECOND, adult_population=1), FULL])
        assert years.data_version(conn, 2013) == before


def test_what_is_told_without_a_year_counts_after_the_last_closed_one(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        for year in (2012, 2013, 2014):
            responses.append(conn, batch, form.id, store_data.block(3, year, community_ids=(1, 2)))
        years.close(conn, 2013)
        versions = {year: years.data_version(conn, year) for year in (2012, 2013, 2014)}
        then = register.communities(conn, 2013)
        ended = replace(FIRST, valid_to="2013", successor="A02")
        assert register.save(conn, [ended, FULL]) == (1, 1)
        assert register.communities(conn, 2013) == register.communities(conn, 2012) == then
        assert plain(register.communities(conn, 2014)) == plain(register.communities(conn)) == [ended, SECOND, FULL]
        assert {y: years.data_version(conn, y) - v for y, v in versions.items()} == {2012: 0, 2013: 0, 2014: 1}
        with pytest.raises(Refused, match="2013 年已关闭"):  # a community that 2013 did not have
            register.save(conn, [Community("B2", "北苑")], 2013)


def test_facts_are_told_from_a_year_on(store: Store):
    with store.write() as conn:
        register.save(conn, [FIRST, SECOND, FULL])
        ended = replace(FULL, valid_to="2014")
        assert register.save(conn, [replace(FULL, adult_population=1300, name="南苑里")], 2014) == (0, 1)
        assert register.save(conn, [replace(FULL, adult_population=1300, name="南苑里")], 2014) == (0, 0)
        assert register.tell(conn, [register.Told(ended, 2012, ("valid_to",))]) == (0, 1)
        found = {y: register.communities(conn, y)[2] for y in (2011, 2012, 2013, 2014, 2020)}
        assert [c.name for c in found.values()] == ["南苑", "南苑", "南苑", "南苑里", "南苑里"]
        assert [c.adult_population for c in found.values()] == [1200, 1200, 1200, 1300, 1300]
        assert [c.valid_to for c in found.values()] == ["2015-12", "2014", "2014", "2014", "2014"]
        assert (found[2011].former, found[2014].former) == (("南苑里",), ("南苑",))
        assert [*register.history(conn)["B1"]] == [0, 2012, 2014]


def test_what_is_told_without_a_year_corrects_what_counts_last(store: Store):
    with store.write() as conn:
        register.save(conn, [FULL])
        register.save(conn, [replace(FULL, adult_population=1300)], 2014)
        register.save(conn, [replace(FULL, adult_population=1301, feature="体育")])
        found = [register.communities(conn, year)[0] for year in (2013, 2014)]
        assert [(c.adult_population, c.feature) for c in found] == [(1200, "体育"), (1301, "体育")]


def test_population_is_replaced_year_by_year(store: Store):
    columns = ["community", "year", "sex", "age_band", "population"]
    old = pd.DataFrame(
        [
            ["A01", 2013, "女", "60+", 10.0],
            ["A01", 2013, "男", "60+", 9.0],
            ["A02", 2013, "女", "", 7.0],
            ["A01", 2012, "女", "60+", 8.0],
        ],
        columns=columns,
    )
    new = pd.DataFrame([["A01", 2013, "女", "", 19.0]], columns=columns)
    with store.write() as conn:
        register.save(conn, [FIRST, SECOND])
        assert register.population(conn).to_dict("records") == []
        register.save_population(conn, old)
        register.save_population(conn, new)
        versions = years.data_version(conn, 2013), years.data_version(conn, 2012)
        register.save_population(conn, new)
        assert (years.data_version(conn, 2013), years.data_version(conn, 2012)) == versions == (2, 1)
        found = register.population(conn)
        assert found.values.tolist() == [
            ["A01", 2012, "女", "60+", 8.0],
            ["A01", 2013, "女", "", 19.0],
            ["A02", 2013, "女", "", 7.0],
        ]
        years.close(conn, 2013)
        register.save_population(conn, new)
        with pytest.raises(Refused, match="2013 年已关闭"):
            register.save_population(conn, new.assign(population=20.0))
        with pytest.raises(Refused, match="Z9"):
            register.save_population(conn, new.assign(community="Z9"))


def test_a_year_is_open_until_it_is_closed(store: Store):
    with store.write() as conn:
        assert (years.state(conn, 2013), years.data_version(conn, 2013)) == ("open", 0)
        years.bump(conn, [2013, 2014, 2013])
        years.close(conn, 2013, "王")
        assert (years.state(conn, 2013), years.state(conn, 2014)) == ("closed", "open")
        assert years.data_version(conn, 2013) == 1
        years.require_open(conn, [2014, 2015])
        with pytest.raises(Refused) as error:
            years.require_open(conn, iter([2015, 2013]))
        assert error.value.params == {"years": "2013"}
        with pytest.raises(Refused):
            years.close(conn, 2013, "王")
        years.reopen(conn, 2013, "王")
        with pytest.raises(Refused, match="2013 年本来就是开放的"):
            years.reopen(conn, 2013, "王")
        assert [(e.action, e.subject) for e in audit.listing(conn, 2)] == [("reopen", "2013"), ("close", "2013")]
