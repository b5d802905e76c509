"""A definition on its way into the store says how much of it is otherwise, counted as everywhere else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from analysis.publication import scheme_versions
from analysis.publication.new_store import initialise
from analysis.scheme import default_scheme
from dashboard.data import definitions
from dashboard.pages.basics import service as basics
from dashboard.pages.scheme import service as scheme
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.form.default import default_questionnaire
from survey.form.difference import differences
from tests.tools.dashboard_tools import ADMIN, small_store, words
from tests.tools.towns.fake_results import FakeSource


def test_what_is_otherwise_is_counted_as_the_list_of_versions_counts_it(sqlite_store):
    initialise(sqlite_store)
    form = default_questionnaire()
    item = form.scored[0]
    other = replace(item, labels={**item.labels, "zh": "另一种说法"}, weight=2.0)
    changed = replace(form, title="另一个名称", rows=tuple(other if row is item else row for row in form.rows))
    found = definitions.of_form(sqlite_store, changed, "f.xlsx", b"", "default")
    assert (found.same, found.version, found.changed) == (False, 2, 3)  # the title, one wording, one weight
    assert found.changed == len(differences(form, changed))
    assert "3 处不同" in found.word("zh")


def test_the_same_again_is_no_new_version(sqlite_store):
    initialise(sqlite_store)
    found = definitions.of_form(sqlite_store, default_questionnaire(), "f.xlsx", b"", "default")
    assert (found.same, found.version, found.changed) == (True, 1, 0)


def test_dimensions_are_those_of_the_default_scheme_where_there_is_no_other(sqlite_store):
    assert list(definitions.dimensions(sqlite_store)) == ["autonomy", "ecology", "service", "culture", "harmony"]


def test_goals_and_pilots_of_other_communities_are_not_sent_to_who_sees_one(sqlite_store):
    """The page of the scheme, the list of versions and both workbooks named what every community is to reach."""
    store = small_store(sqlite_store)
    goals, pilots = (("春晖社区", 2015, 4), ("望江社区", 2015, 5)), (("SL02", "ecology"), ("SL01", "service"))
    told = replace(default_scheme(), code="own", community_targets=goals, pilots=pilots)
    scheme_versions.put(store, replace(told, community_targets=(), pilots=()), b"", file="a.xlsx", author="李")
    stored = scheme_versions.put(store, told, b"", file="b.xlsx", author="李")
    here = Viewer("x", "leader", frozenset({"SL01"}))
    with store.read() as conn:
        seen = definitions.seen_scheme(here, conn, stored.definition)
        assert definitions.seen_scheme(ADMIN, conn, stored.definition).community_targets == goals
    assert (seen.community_targets, seen.pilots) == (goals[:1], pilots[1:])
    everything = [
        words(render(here, FakeSource(), store, None, path, "?year=2014", {}).children)
        for path in ("/scheme", "/basics")
    ]
    assert all("新增拟创目标 春晖社区" in text for text in everything)
    for file in (
        scheme.workbook(here, store, 2014, "scheme", "zh"),
        basics.scheme_workbook(here, store, stored.id, "zh"),
    ):
        book = load_workbook(BytesIO(file[1]))
        everything.append(" ".join(str(c) for s in book for row in s.iter_rows(values_only=True) for c in row))
    assert not [text for text in everything if "望江社区" in text or "SL02" in text]
