"""Half-filled forms of the pages: kept while they are typed, put back, let go of when they are sent."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import dash_mantine_components as dmc
import pytest
from dash import dcc, html
from flask import Flask

import dashboard
from dashboard.accounts import half_filled
from dashboard.accounts.half_filled import Form
from dashboard.pages import PAGES
from dashboard.parts.page import Page
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core import limits
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, nodes, plain, small_store

FORM = Form("pay", ("pay-payer", "pay-note", "pay-community"), "enter_payment", of="street")
YEAR = Address("/awards", "zh", 2014)


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def page():
    return html.Details(
        [
            dcc.RadioItems(id="pay-payer", options=[{"label": "区", "value": "district"}], value=None),
            dcc.Input(id="pay-note", value=""),
            dmc.Select(id="pay-community", data=[{"value": "SL01", "label": "春晖社区"}], value=None),
        ]
    )


def shown(store, viewer=ADMIN, address=YEAR):
    """id → value, what else is there, and whether the form stands open."""
    sent = plain(half_filled.put_back(viewer, store, (FORM,), address, page()))
    found = {n["props"]["id"]: n["props"].get("value") for n in nodes(sent) if "id" in n["props"]}
    return found, any(n["props"].get("open") for n in nodes(sent))


def test_what_was_typed_is_there_again_and_the_form_stands_open(store):
    assert shown(store) == ({"pay-payer": None, "pay-note": "", "pay-community": None, "kept-pay": None}, False)
    half_filled.note(ADMIN, store, FORM, YEAR, ["district", "第二批", "SL01"])
    kept = {"pay-payer": "district", "pay-note": "第二批", "pay-community": "SL01", "kept-pay": None}
    assert shown(store) == (kept, True)
    half_filled.forget(ADMIN, store, FORM, YEAR)
    assert shown(store)[1] is False


def test_a_form_is_one_persons_of_one_year_and_of_what_it_is_about(store):
    half_filled.note(ADMIN, store, FORM, YEAR, ["district", "第二批", "SL01"])
    for who, address in (
        (Viewer("other", "clerk"), YEAR),
        (ADMIN, replace(YEAR, year=2015)),
        (ADMIN, replace(YEAR, filters={"street": "别的街道"})),
    ):
        assert shown(store, who, address)[0]["pay-note"] == ""


def test_a_choice_that_is_offered_no_more_is_not_made(store):
    half_filled.note(ADMIN, store, FORM, YEAR, ["city", "", "SL09"])
    assert shown(store)[0]["pay-payer"] is None
    assert shown(store)[0]["pay-community"] is None


def test_who_may_not_send_it_keeps_and_sees_nothing(store):
    reader = Viewer("reader", "leader")
    with pytest.raises(Refused):
        half_filled.note(reader, store, FORM, YEAR, ["district", "x", "SL01"])
    assert "kept-pay" not in shown(store, reader)[0]


def test_no_more_is_kept_than_a_field_may_hold(store):
    half_filled.note(ADMIN, store, FORM, YEAR, ["district", "长" * (limits.TYPED_TEXT + 9), 7])
    assert len(shown(store)[0]["pay-note"]) == limits.TYPED_TEXT


def test_a_page_that_is_shown_from_memory_keeps_no_form():
    with pytest.raises(ValueError, match="memory"):
        Page("x", page, needs="see", forms=(FORM,))


def test_forms_are_called_by_names_of_their_own():
    names = [form.name for one in PAGES for form in one.forms]
    fields = [field for one in PAGES for form in one.forms for field in form.fields]
    assert {"pay", "pay-back", "fund", "scheme", "review"} <= set(names)
    assert len(set(names)) == len(names)
    assert len(set(fields)) == len(fields)


MANY = Form("many", ("title",), "import", of="token", groups=(("why", ("row",)), ("ticked", ("of",))), yearly=False)


def many():
    boxes = [dmc.Checkbox(value=v, label=v) for v in ("a", "b")]
    return html.Div(
        [
            dcc.Input(id="title", value=""),
            html.Details(dcc.Input(id={"type": "why", "row": 3}, value="重复")),
            html.Details(dcc.Input(id={"type": "why", "row": 4}, value="重复")),
            dmc.CheckboxGroup(html.Div(boxes), id={"type": "ticked", "of": "ecology"}, value=[]),
        ]
    )


def test_of_many_fields_what_was_changed_is_kept_and_put_back_where_it_still_fits(store):
    """The reason of a finding, the choice of questions, the form that removes somebody."""
    here = Address("/x", "zh", 2014, filters={"token": "T"})
    half_filled.note(ADMIN, store, MANY, here, ["甲"], [({"type": "why", "row": 3}, "同住一户")])
    ticked = {"of": "ecology", "type": "ticked"}  # as a browser orders it
    half_filled.note(ADMIN, store, MANY, replace(here, year=2015), ["甲"], [(ticked, ["b", "gone", 7])])
    half_filled.note(
        ADMIN, store, MANY, here, ["乙"], [({"type": "other", "row": 3}, "x"), (None, "x"), ("title", "x")]
    )
    page_, _ = half_filled.put_back(ADMIN, store, (MANY,), here, many())
    title, first, second, group = page_.children
    assert (title.value, first.children.value, second.children.value) == ("乙", "同住一户", "重复")
    assert (first.open, getattr(second, "open", None), group.value) == (True, None, ["b"])
    other = replace(here, filters={"token": "U"})
    assert half_filled.put_back(ADMIN, store, (MANY,), other, many())[0].children[0].value == ""
    half_filled.forget(ADMIN, store, MANY, here)
    assert half_filled.put_back(ADMIN, store, (MANY,), here, many())[0].children[3].value == []


def test_every_field_of_a_group_has_an_input_that_takes_them_all():
    assert [i.component_id_str() for i in MANY.inputs] == [
        "title",
        '{"row":["ALL"],"type":"why"}',
        '{"of":["ALL"],"type":"ticked"}',
    ]


def test_what_was_overtaken_adds_only_what_nothing_later_was_said_of(store):
    here = Address("/x", "zh", 2014, filters={"token": "T"})
    for turn, title, row, why in (("p.3", "丙", 4, "后"), ("p.1", "甲", 4, "先"), ("p.2", "乙", 3, "间")):
        with Flask("x").test_request_context(headers={"X-Turn": turn}):
            half_filled.note(ADMIN, store, MANY, here, [title], [({"type": "why", "row": row}, why)])
    title, first, second, _ = half_filled.put_back(ADMIN, store, (MANY,), here, many())[0].children
    assert (title.value, first.children.value, second.children.value) == ("丙", "间", "后")


def test_the_browser_knows_all_that_is_kept():
    """Which requests keep a form ``kept.js`` tells by their outputs."""
    said = (Path(dashboard.__file__).parent / "assets" / "kept.js").read_text("utf-8")
    keeps = re.compile(re.search(r"KEEPS = /(.+)/;", said)[1])
    forms = [form.at for page in PAGES for form in page.forms]
    assert len(forms) > 5
    for output in (*(f"{at}.data" for at in (*forms, "kept-cycle")), "..entry-preview.children...x.data.."):
        assert keeps.search(f'{{"output":"{output}"'), output
    assert not keeps.search('{"output":"page.children"')
