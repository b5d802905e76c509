"""A year from nothing to its score: what each step says, the defaults that are taken, and the workbooks to begin with."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.indicators.columns import Entries
from analysis.indicators.imports import import_indicators
from analysis.publication.new_store import initialise
from analysis.scheme import default_scheme
from analysis.scheme.workbook.writing import write_scheme
from dashboard.data import definitions
from dashboard.data.results import StoreSource
from dashboard.pages.start import service
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.default import default_questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.intake.answers import commit, inspect
from tests.tools.dashboard_tools import ADMIN, VIEWER, answers_csv, small_store, with_class, words


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def states(store, year=2014, viewer=ADMIN):
    return {s.key: s.state for s in service.steps(viewer, store, StoreSource(store), year)}


def page(store, search="", viewer=ADMIN, lang="zh"):
    return render(viewer, StoreSource(store), store, None, "/start", f"?lang={lang}&year=2014{search}", {}).children


def test_an_empty_store_waits_for_its_register_first(sqlite_store):
    initialise(sqlite_store)
    assert states(sqlite_store) == {
        "register": "open",
        "questionnaire": "default",
        "scheme": "default",
        "answers": "waits",
        "indicators": "waits",
        "score": "waits",
    }
    assert [s.after for s in service.steps(ADMIN, sqlite_store, StoreSource(sqlite_store), 2014)] == [0, 0, 0, 1, 1, 4]
    for lang in ("zh", "en"):
        for key in service.STEPS:
            text = words(page(sqlite_store, f"&at={key}", lang=lang))
            assert "{" not in text
            assert "None" not in text


def test_a_default_is_taken_once_by_who_may(store):
    assert states(store)["questionnaire"] == "default"
    with pytest.raises(Refused, match="权限"):
        service.take(VIEWER, store, "questionnaire")
    with pytest.raises(Refused):
        service.take(ADMIN, store, "register")
    for _ in range(2):
        service.take(ADMIN, store, "questionnaire")
    assert (states(store)["questionnaire"], states(store)["scheme"]) == ("done", "default")


def test_what_answers_rest_on_is_in_use_whoever_took_it(store):
    commit(store, inspect(store, "a.csv", answers_csv(), ImportOptions("default")))
    assert (states(store)["questionnaire"], states(store)["scheme"]) == ("done", "done")
    assert (states(store, 2015)["questionnaire"], states(store, 2015)["scheme"]) == ("default", "default")


def test_a_value_in_several_rows_is_one_value(store):
    entries = Entries(default_scheme())
    found = [entries.find(i.code)[0] for i in default_scheme().scored_indicators]
    entry = next(e for e in found if len(e.rule.kinds) > 1)
    lines = [f"春晖社区,{entry.indicator.code},{kind},0" for kind in entry.rule.kinds[:2]]
    import_indicators(store, "i.csv", "\n".join(["社区,指标,种类,数值", *lines]).encode(), 2014)
    (step,) = [s for s in service.steps(ADMIN, store, StoreSource(store), 2014) if s.key == "indicators"]
    assert step.facts["n"] == 1


def test_a_scheme_of_ones_own_is_done(store):
    own = replace(default_scheme(), code="own", illustrative=False, first_year=2014)
    book = definitions.look(ADMIN, store, "scheme", "体系.xlsx", write_scheme(own))
    assert (book.name, book.version, book.same) == ("own", 1, False)
    definitions.adopt(ADMIN, store, book)
    assert (states(store)["scheme"], states(store, 2013)["scheme"]) == ("done", "default")


def test_the_workbooks_to_begin_with_need_no_year_and_come_back_in(sqlite_store):
    initialise(sqlite_store)
    name, data, _ = service.empty_workbook(ADMIN, "questionnaire", "zh")
    form, findings = read_questionnaire(name, data)
    assert form is not None
    assert len(form.scored) == 25
    assert [f for f in findings if f.level == "refuse"] == []
    scheme = service.empty_workbook(ADMIN, "scheme", "zh")
    found = definitions.look(ADMIN, sqlite_store, "scheme", scheme[0], scheme[1])
    assert (found.name, found.same) == ("default", True)
    annex = load_workbook(BytesIO(service.empty_workbook(ADMIN, "annex", "zh")[1]))
    assert annex.sheetnames


def test_who_sees_one_community_sees_its_counts_and_may_take_nothing(store):
    one = Viewer("社区", "community", frozenset({"SL01"}))
    said = {s.key: s for s in service.steps(one, store, StoreSource(store), 2014)}
    assert said["register"].facts["n"] == 1
    assert with_class(page(store, "&at=questionnaire", viewer=one), "drop") == []
    with pytest.raises(Refused):
        service.take(one, store, "scheme")


def test_a_changed_questionnaire_is_the_next_version_and_an_equal_one_is_none(store):
    form = default_questionnaire()
    same = definitions.look(ADMIN, store, "questionnaire", "问卷.xlsx", write_questionnaire(form), "default")
    assert (same.same, same.version, same.changed) == (True, 1, 0)
    book = load_workbook(BytesIO(write_questionnaire(form)))
    label = next(c for c in book["survey"][1] if str(c.value).startswith("label"))
    cell = next(r[label.column - 1] for r in book["survey"].iter_rows(min_row=2) if r[label.column - 1].value)
    cell.value = "改了字的题"
    out = BytesIO()
    book.save(out)
    other = definitions.look(ADMIN, store, "questionnaire", "问卷.xlsx", out.getvalue(), "default")
    assert (other.same, other.version) == (False, 2)
    stored = definitions.adopt(ADMIN, store, other)
    assert (stored.name, stored.version) == ("default", 2)
    assert states(store)["questionnaire"] == "done"
    cell.value = None
    book["survey"].cell(cell.row, 1).value = "select_one nowhere"
    book.save(out := BytesIO())
    with pytest.raises(Refused, match="要改") as refused:
        definitions.look(ADMIN, store, "questionnaire", "问卷.xlsx", out.getvalue())
    assert all(f.where for f in refused.value.findings if f.level == "refuse")
