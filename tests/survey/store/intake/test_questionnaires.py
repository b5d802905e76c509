"""Questionnaires and schemes: versions that stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.errors import Refused
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import schemes
from tests.tools.books import office_sheets
from tests.tools.stores import store_data

OTHER = replace(store_data.FORM, title="改过的")


def test_a_form_comes_back_and_an_unchanged_one_stays_its_version(store: Store):
    with store.write() as conn:
        first = questionnaires.add(conn, "q", store_data.FORM, b"PK\x03\x04\x00")
        assert questionnaires.add(conn, "q", store_data.FORM) == first
        second = questionnaires.add(conn, "q", OTHER)
        third = questionnaires.add(conn, "q", store_data.FORM)
        questionnaires.add(conn, "p", OTHER)
    with store.read() as conn:
        assert first.form == store_data.FORM
        assert [(f.name, f.version) for f in questionnaires.listing(conn)] == [("q", 1), ("q", 2), ("q", 3), ("p", 1)]
        assert questionnaires.get(conn, "q") == third
        assert questionnaires.get(conn, "q", 2) == second == questionnaires.by_id(conn, second.id)
        assert questionnaires.workbook(conn, first.id) == b"PK\x03\x04\x00"
        assert questionnaires.workbook(conn, second.id) is None


def test_an_unknown_questionnaire_names_the_known(store: Store):
    with store.write() as conn:
        with pytest.raises(Refused) as error:
            questionnaires.get(conn, "q")
        assert error.value.key == "store.no_questionnaires"
        questionnaires.add(conn, "居民", store_data.FORM)
        questionnaires.add(conn, "网上", store_data.FORM)
        with pytest.raises(Refused, match="没有问卷 q：现有 居民, 网上"):
            questionnaires.get(conn, "q")
        with pytest.raises(Refused, match="没有第 2 版：最新为第 1 版"):
            questionnaires.get(conn, "居民", 2)


def test_a_scheme_applies_from_its_first_year(store: Store):
    with store.write() as conn:
        with pytest.raises(Refused, match="2013 年没有适用的测评体系"):
            schemes.applicable(conn, 2013)
        schemes.add(conn, "s14", 2014, {"points": [1, 2.5, None]}, b"book")
        with pytest.raises(Refused):
            schemes.applicable(conn, 2013)
        default = schemes.add(conn, "default", None, {"名": "默认"})
        assert schemes.applicable(conn, 2013) == default
        assert schemes.applicable(conn, 2016).definition == {"points": [1, 2.5, None]}
        schemes.add(conn, "s15", 2015, {})
        assert [schemes.applicable(conn, y).code for y in (2013, 2014, 2015, 2016)] == ["default", "s14", "s15", "s15"]
        schemes.add(conn, "s15", 2016, {})  # the newest version alone counts
        assert [schemes.applicable(conn, y).code for y in (2015, 2016)] == ["s14", "s15"]


def test_an_unchanged_scheme_stays_its_version(store: Store):
    with store.write() as conn:
        first = schemes.add(conn, "s", 2014, {"a": (1, 2)}, b"book")
        assert schemes.add(conn, "s", 2014, {"a": [1, 2]}) == first
        assert first.workbook == b"book"
        second = schemes.add(conn, "s", 2014, {"a": [1, 3]})
        assert (second.version, schemes.get(conn, "s"), schemes.get(conn, "s", 1)) == (2, second, first)
        assert schemes.by_id(conn, first.id) == first
        with pytest.raises(Refused, match="没有这个测评体系：x。现有 s \\(1\\), s \\(2\\)"):
            schemes.get(conn, "x")


BY_MODE = replace(office_sheets.FORM, settings={"respondent_key": "number,mode"})


def test_number_and_mode_as_the_key_needs_a_reason_once_answers_are_stored(sqlite_store: Store):
    store = office_sheets.prepare(sqlite_store)
    with store.write() as conn:
        questionnaires.put(conn, "small", BY_MODE)
        questionnaires.put(conn, "small", office_sheets.FORM)
    office_sheets.store_all(store, office_sheets.grid())
    with store.write() as conn:
        with pytest.raises(Refused) as error:
            questionnaires.put(conn, "small", BY_MODE)
        assert (error.value.key.partition(".page")[0], error.value.params["n"]) == ("store.respondent_key_changes", 12)
        questionnaires.put(conn, "small", BY_MODE, reason="电话另编号")
        questionnaires.put(conn, "small", office_sheets.FORM)  # nobody would become another: taken back


def test_a_key_without_the_mode_is_refused_where_it_would_make_two_people_one(sqlite_store: Store):
    store = office_sheets.prepare(sqlite_store, BY_MODE)
    office_sheets.store_all(store, office_sheets.grid(), mode="paper")
    other = office_sheets.with_cells(office_sheets.grid(), "T", lambda *_: "电话问的")
    office_sheets.store_all(store, other, file="b.xlsx", mode="phone")
    with store.write() as conn, pytest.raises(Refused) as error:
        questionnaires.put(conn, "small", office_sheets.FORM, reason="统一编号")
    assert (error.value.key, error.value.params["n"]) == ("store.respondent_key_merges", 12)
