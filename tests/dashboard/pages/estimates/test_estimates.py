"""The page of statistics and filters: its numbers are those of ``estimate``, of the communities in scope alone."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest

from analysis.tables.stored_estimates import estimate_for
from dashboard.pages.estimates import service
from dashboard.pages.estimates.table import common_notes
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, with_class, words
from tests.tools.towns import two_years

town = two_years.scored_town
ONE = Viewer("reader", "leader", frozenset({"C1"}))


def asked(store: Store, viewer: Viewer = ADMIN, **filters: str) -> service.Estimates:
    return service.estimates(viewer, source_of(store), store, 2014, filters)


def shown(store: Store, search: str = "", viewer: Viewer = ADMIN):
    return render(viewer, source_of(store), store, None, "/estimates", f"?year=2014{search}", {}).children


@pytest.mark.parametrize("stat", ["mean", "median", "quantile:0.25", "sd", "share"])
def test_the_numbers_are_those_of_the_command(town, stat):
    found = asked(town, item="A", stat=stat).table
    whole = estimate_for(town, "q", ["A"], ["community", "year"], stats=[stat])
    wanted = whole[whole["year"] == 2014].reset_index(drop=True)
    assert len(found) >= 2
    np.testing.assert_array_equal(found["value"], wanted["value"])
    np.testing.assert_array_equal(found["low"], wanted["low"])
    assert list(found["note"]) == list(wanted["note"])
    assert set(found["year"]) == {2014}


def test_a_filter_is_a_domain_and_a_split_a_group(town):
    narrowed = asked(town, item="A", stat="mean", where="mode=paper").table
    command = estimate_for(town, "q", ["A"], ["community", "year"], stats=["mean"], where=["year=2014", "mode=paper"])
    np.testing.assert_array_equal(narrowed["value"], command["value"])
    assert list(asked(town, item="A", stat="mean", split="mode").table.columns)[:4] == [
        "community",
        "community_code",
        "year",
        "mode",
    ]


def test_one_community_is_seen_by_who_sees_it_alone(town):
    assert set(asked(town, item="A").table["community_code"]) == {"C1", "C2"}
    mine = asked(town, ONE, item="A")
    assert set(mine.table["community_code"]) == {"C1"}
    assert [code for code, _ in mine.places] == ["C1"]
    assert "乙社区" not in words(shown(town, "&item=A", ONE))
    with pytest.raises(Refused) as refused:
        asked(town, ONE, item="A", community="C2")
    assert refused.value.key == "dash_errors.unknown_community"


@pytest.mark.parametrize(
    ("filters", "key"),
    [
        ({"form": "x"}, "unknown_form"),
        ({"item": "x"}, "unknown_item"),
        ({"item": "A", "stat": "ratio"}, "unknown_stat"),
        ({"item": "A", "stat": "total"}, "unknown_stat"),
        ({"item": "A", "split": "respondent"}, "unknown_split"),
        ({"item": "A", "where": "respondent=1"}, "unknown_filter"),
        ({"item": "A", "where": "community=C2"}, "unknown_filter"),
        ({"item": "A", "also": "mode=1"}, "unknown_filter"),
    ],
)
def test_only_what_is_offered_is_computed(town, filters, key):
    """A sentence of the table itself would list the values of a column: respondents, communities out of scope."""
    with pytest.raises(Refused) as refused:
        asked(town, **filters)
    assert refused.value.key == f"page_estimates.{key}"
    page = shown(town, "".join(f"&{name}={value}" for name, value in filters.items()))
    assert refused.value.word("zh") in words(page)


def test_a_mode_that_nobody_was_asked_in_is_a_sentence_and_no_file(town):
    found = asked(town, item="A", where="mode=phone")
    assert found.why is not None
    assert found.why.word("zh") in words(shown(town, "&item=A&where=mode%3Dphone"))
    with pytest.raises(Refused):
        service.file(found, "zh")


@pytest.mark.parametrize(("lang", "said"), [("zh", ("统计与筛选", "95% 区间")), ("en", ("Statistics", "95% interval"))])
def test_the_page_shows_table_and_intervals(town, lang, said):
    page = shown(town, f"&item=A&stat=mean&lang={lang}")
    text = words(page)
    assert [one for one in said if one not in text] == []
    assert len(with_class(page, "strip")) == 2
    assert "nan" not in text
    assert "None" not in text


def test_the_file_has_the_rows_of_the_page(town):
    found = asked(town, item="A", stat="mean")
    name, data, _ = service.file(found, "zh")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert name == "2014_统计与筛选_A.csv"
    assert [float(r["数值"]) for r in rows] == list(found.table["value"])
    assert {(r["题目"].split()[0], r["统计量"]) for r in rows} == {("A", "均值")}


def test_what_every_row_is_to_be_read_with_is_said_once(town):
    found = asked(town, item="A", stat="mean")
    told = dataclasses.replace(found, table=found.table.assign(note=["open_sample;suppressed", "open_sample"]))
    assert common_notes(service.rows(told)) == ("open_sample",)
    assert common_notes(()) == ()
