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
    return [replace(c, id=None) for c in communities]


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
            register.save(conn, [replace(FIRST, adult_population=5000)])
        register.save(conn, [replace(FIRST, aliases=("桂",)), replace(SECOND, adult_population=1), FULL])
        assert years.data_version(conn, 2013) == before


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
