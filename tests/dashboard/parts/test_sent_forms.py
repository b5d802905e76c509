"""Which field a refusal speaks of: the one that holds what is quoted, else the first empty one; no form is left out."""

from __future__ import annotations

import json

import pytest

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.parts.sent_forms import TYPED, SentForm, dom_id, spoken_of, told
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, known, say
from tests.tools.towns.fake_results import FakeSource

FORMS = [form for page in PAGES for form in page.sent]
PAY = SentForm(("send",), ("sum", "day/from", "day/to"), {"x.bad": ("day/from", "day/to"), "x.sum": "sum"}, {})
SEND = [{"prop_id": "send.n_clicks", "value": 1}]
#: what is typed and no refusal can speak of: the first is another form's, the others choose or keep, and refuse nothing
NO_FIELDS = {"entry-check", "decide-alike", "view-shared"}


def sent(total="5", start="", end=""):
    return [
        {"id": "sum", "property": "value", "value": total},
        [
            {"id": {"type": "day", "name": "from"}, "property": "value", "value": start},
            {"id": {"type": "day", "name": "to"}, "property": "value", "value": end},
        ],
        {"id": "url", "property": "search", "value": "?a=5"},
    ]


@pytest.mark.parametrize(
    ("error", "given", "field"),
    [
        (Refused("x.sum", found="5"), {}, "sum"),
        (Refused("x.bad", found="b"), {"start": "a", "end": "b"}, '{"name":"to","type":"day"}'),
        (Refused("x.bad", found=""), {"start": "a"}, '{"name":"to","type":"day"}'),
        (Refused("x.bad"), {"start": "a", "end": "b"}, '{"name":"from","type":"day"}'),
        (Refused("cycle_file.too_long", n=3, most=2), {"end": " abc "}, '{"name":"to","type":"day"}'),
        (Refused("x.of_nothing"), {}, ""),
        (Refused("x.of_nothing", of_field="sum"), {}, "sum"),
    ],
)
def test_the_field_is_the_one_that_the_sentence_is_about(error, given, field):
    assert spoken_of(error, [PAY], SEND, sent(**given), "send") == (field, "")


def test_a_button_without_a_form_speaks_of_no_field():
    assert spoken_of(Refused("x.sum"), [PAY], SEND, sent(), "other") == ("", "")


def test_what_is_sent_as_it_is_chosen_is_the_field_itself():
    file = [{"prop_id": "pay-file.contents", "value": "data:"}]
    assert spoken_of(Refused("x.any"), FORMS, file, [], "pay-file") == ("pay-file", "")


def test_of_several_lines_it_is_the_one_whose_button_was_pressed():
    form = SentForm(("rename",), ("name",), {"x.bad": "name"}, {})
    lines = [[{"id": {"type": "name", "view": n}, "property": "value", "value": ""} for n in (1, 2)]]
    found = spoken_of(Refused("x.bad"), [form], SEND, lines, {"type": "rename", "view": 2})
    assert json.loads(found[0]) == {"type": "name", "view": 2}


def test_a_sentence_that_does_not_name_its_field_gets_its_name():
    assert told("文字有 3 个字。", "page_awards.pay_voucher", "zh") == "“凭证号”：文字有 3 个字。"
    assert told("没有凭证号。", "page_awards.pay_voucher", "zh") == "没有凭证号。"
    assert told("没有凭证号。", "", "zh") == "没有凭证号。"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_fields_are_called_is_worded(lang):
    labels = {label for form in FORMS for label in form.label.values()}
    assert len(labels) > 20
    for label in labels:
        assert say(lang, label)


def test_what_refusals_speak_of_are_fields_of_their_form():
    for form in FORMS:
        named = {name for names in form.about.values() for name in ([names] if isinstance(names, str) else names)}
        assert named <= set(form.fields), form.buttons
        assert set(form.label) <= set(form.fields), form.buttons


def test_every_refusal_that_speaks_of_a_field_is_there():
    assert [key for form in FORMS for key in form.about if not known(key)] == []


def test_every_field_that_a_button_sends_belongs_to_a_form():
    app = create_app(None, source=FakeSource())
    asked = 0
    for callback in app.callback_map.values():
        if not any(one["property"] == "n_clicks" for one in callback["inputs"]):
            continue
        buttons = [_read(one["id"]) for one in callback["inputs"]]
        for state in callback["state"]:
            field = _read(state["id"])
            kind = field if isinstance(field, str) else field["type"]
            if state["property"] not in TYPED or kind in NO_FIELDS:
                continue
            asked += 1
            kinds = {button if isinstance(button, str) else button["type"] for button in buttons}
            forms = [form for form in FORMS if kinds & set(form.buttons)]
            assert any(one.partition("/")[0] == kind for form in forms for one in form.fields), (kinds, field)
    assert asked > 25


def _read(component):
    return json.loads(component) if component.startswith("{") else component


def test_ids_are_those_of_the_page():
    assert dom_id({"type": "a", "name": "甲"}) == '{"name":"甲","type":"a"}'
    assert dom_id(None) == ""
