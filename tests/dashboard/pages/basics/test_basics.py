"""What everything rests on, on one page: the register with its years, questionnaires and schemes with what each version changed."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.publication import scheme_versions
from analysis.scheme import default_scheme
from dashboard.data.results import StoreSource
from dashboard.pages.basics import service
from dashboard.router import render
from survey.core.errors import Refused
from survey.form.default import default_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.intake.register import commit_register, inspect_register
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.dashboard_tools import ADMIN, VIEWER, small_store, with_class, words


@pytest.fixture
def store(sqlite_store):
    found = small_store(sqlite_store)
    with found.write() as conn:
        one = register.Community("SL01", "春晖社区", sub_district="示例街道", adult_population=3000, feature="养老")
        register.save(conn, [one], since=2013)
        register.save(conn, [replace(one, name="春晖新村", valid_to="2015", successor="SL02")], since=2015)
        people = {"community": "SL01", "year": [2013, 2013, 2014], "sex": ["男", "女", "男"], "age_band": "18+"}
        register.save_population(conn, pd.DataFrame({**people, "population": [1500.0, 1600.0, 3200.0]}))
    return found


def page(store, viewer=ADMIN, lang="zh"):
    return render(viewer, StoreSource(store), store, None, "/basics", f"?lang={lang}", {}).children


def test_the_register_tells_population_by_year_features_ends_and_successors(store):
    line = next(one for one in service.communities(ADMIN, store) if one.community.code == "SL01")
    assert line.population == {2013: 3100, 2014: 3200}
    assert line.before[-1][0] == 2015
    assert line.before[-1][1]["name"] == "春晖新村"
    for lang in ("zh", "en"):
        text = words(page(store, lang=lang))
        for word in ("3,100", "3,200", "养老", "SL02", "春晖新村"):
            assert word in text
        assert "None" not in text
        assert "{" not in text


def test_versions_stand_with_what_each_changed(store):
    form = default_questionnaire()
    rows = tuple(
        replace(q, labels={**q.labels, "zh": "换了说法"}) if q.scored and i == 6 else q for i, q in enumerate(form.rows)
    )
    changed = next((i for i, q in enumerate(form.rows) if q.scored), 0)
    rows = tuple(
        replace(q, labels={**q.labels, "zh": "换了说法"}) if i == changed else q for i, q in enumerate(form.rows)
    )
    other = replace(form, rows=rows)
    with store.write() as conn:
        questionnaires.add(conn, "default", other, write_questionnaire(other))
    scheme_versions.put(store, replace(default_scheme(), min_responses=60), author="李", reason="来文")
    kept = service.forms(ADMIN, store)[0]
    assert [(v.version, v.changes is None) for v in kept.versions] == [(2, False), (1, True)]
    assert ["换了说法" in change["zh"] for change in kept.versions[0].changes] == [True]
    scheme = service.scheme_list(VIEWER, store)[0]
    assert (scheme.versions[0].by, scheme.versions[0].reason) == ("李", "来文")
    text = words(page(store, VIEWER))
    assert "换了说法" in text
    assert "60" in text


def test_a_version_is_downloaded_as_a_workbook(store):
    with store.read() as conn:
        number = questionnaires.listing(conn)[0].id
    assert "survey" in load_workbook(BytesIO(service.questionnaire_workbook(ADMIN, store, number)[1])).sheetnames
    assert load_workbook(BytesIO(service.scheme_workbook(ADMIN, store, 1, "zh")[1])).sheetnames
    for ask in (service.questionnaire_workbook, lambda v, s, n: service.scheme_workbook(v, s, n, "zh")):
        with pytest.raises(Refused):
            ask(ADMIN, store, 99)


def test_who_sees_one_community_sees_no_other_and_who_may_not_import_has_no_place_to_drop(store):
    one = replace(ADMIN, communities=frozenset({"SL03"}))
    assert [line.community.code for line in service.communities(one, store)] == ["SL03"]
    assert with_class(page(store, one), "drop") == []
    assert with_class(page(store, VIEWER), "drop") == []
    assert len(with_class(page(store), "drop")) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_register_is_downloaded_and_comes_back_by_who_may_change_all_of_it(store, lang):
    name, data, _ = service.register_workbook(ADMIN, store, lang)
    assert name == {"zh": "社区名册.xlsx", "en": "Register.xlsx"}[lang]
    with store.read() as conn:
        known, before = register.communities(conn), register.history(conn)
    receipt = commit_register(store, inspect_register(name, data, known=known))
    assert (receipt.added, receipt.changed, receipt.population_rows) == (0, 0, 3)
    with store.read() as conn:
        assert register.history(conn) == before
    assert "/download/basics/register" in str(page(store, lang=lang))
    for viewer in (VIEWER, replace(ADMIN, communities=frozenset({"SL01"}))):
        assert "/download/basics/register" not in str(page(store, viewer))
        with pytest.raises(Refused):
            service.register_workbook(viewer, store, lang)
