"""Every score that a page shows of a community leads to where it comes from, and the address that it leads to is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from dashboard.data.results import StoreSource
from dashboard.router import render
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, words
from tests.tools.stores.older_demo import unpacked


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(Store.open(unpacked(tmp_path_factory.mktemp("demo")))) as found:
        yield found


def shown(store: Store, address: str) -> Any:
    path, query = address.partition("?")[::2]
    return render(ADMIN, StoreSource(store), store, None, unquote(path), f"?{query}", {}).children


def nodes(node: Any) -> Iterator[Any]:
    """Everything on a page, from the outside to the inside."""
    if isinstance(node, list | tuple):
        for one in node:
            yield from nodes(one)
    elif hasattr(node, "to_plotly_json"):
        yield node
        yield from nodes(getattr(node, "children", None))


def ways(node: Any) -> list[str]:
    """Addresses of 溯源 in and at a part of a page."""
    found = [str(getattr(one, "href", "") or "") for one in nodes(node)]
    return [one for one in found if one.startswith("/trace/")]


def of_class(page: Any, name: str) -> list[Any]:
    return [one for one in nodes(page) if name in str(getattr(one, "className", "") or "").split()]


@pytest.fixture(scope="module")
def community(store: Store) -> Any:
    return shown(store, "/community/SL02?year=2013")


@pytest.mark.parametrize("part", ["big", "part-bar", "part-total", "answer-bar"])
def test_the_scores_on_the_page_of_a_community(community: Any, part: str):
    found = of_class(community, part)
    assert found
    assert all(ways(one) for one in found), part


def test_both_parts_losses_and_earlier_totals_on_the_page_of_a_community(community: Any):
    (facts,) = of_class(community, "facts")
    assert ways(facts.children[0])
    (losses,) = of_class(community, "losses")
    rows = [one for one in nodes(losses) if type(one).__name__ == "Tr" and re.search(r"−\d", words(one))]
    assert rows
    assert all(ways(row) for row in rows)
    (card,) = of_class(community, "history-card")
    assert [re.search(r"year=(\d+)", way)[1] for way in ways(card)] == ["2012", "2013", "2014"]  # type: ignore[index]


def test_totals_and_dimensions_of_the_league(store: Store):
    page = shown(store, "/?year=2013")
    assert len({way.partition("?")[0] for way in ways(page)}) == 12
    assert sum("dimension=" in way for way in ways(page)) == 5 * 12


def test_totals_of_every_year_and_type_on_the_page_that_compares(store: Store):
    page = shown(store, "/compare?year=2013")
    cells = [one for one in of_class(page, "pm") if "±" in words(one)]
    years = [re.search(r"year=(\d+)", way)[1] for way in ways(page)]  # type: ignore[index]
    assert cells
    assert {"2012", "2013"} <= {*years}
    (alike,) = of_class(page, "alike-table")
    assert ways(alike)


@pytest.mark.parametrize(("against", "sides"), [("street", 1), ("2012", 2), ("SL03", 2)])
def test_points_of_either_side_line_by_line(store: Store, against: str, sides: int):
    page = shown(store, f"/compare/beside?year=2013&community=SL02&against={against}")
    rows = [one for table in of_class(page, "beside-table") for one in nodes(table) if type(one).__name__ == "Tr"][1:]
    found = [ways(row) for row in rows if ways(row)]
    assert len(found) > 20
    assert {len(one) for one in found} == {sides}
    told = [re.search(r"/trace/(\w+)\?.*year=(\d+)", one[-1]).groups() for one in found]  # type: ignore[union-attr]
    assert {*told} == {{"street": ("SL02", "2013"), "2012": ("SL02", "2012"), "SL03": ("SL03", "2013")}[against]}


def test_what_they_lead_to_is_there(store: Store, community: Any):
    beside = shown(store, "/compare/beside?year=2013&community=SL02&against=2012")
    for way in sorted({*ways(community), *ways(beside)[:12]}):
        assert urlsplit(way).path.rsplit("/", 1)[1] == "SL02"
        assert of_class(shown(store, way), "trace"), way
