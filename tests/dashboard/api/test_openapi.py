"""The document and the server agree: what is described is answered, and whatever is asked is answered as described."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.api.declared import ROOT
from dashboard.api.offers import ROUTES
from dashboard.api.openapi import STATUSES, document
from dashboard.web.permissions import PERMISSIONS
from survey.core.lang import LANGUAGES
from tests.dashboard.api.json_schema import misfits, texts
from tests.tools.stores.read_town import BIG, FEW, FEWEST, unhurried_reader

#: what there is to ask for
KNOWN = (
    BIG,
    FEW,
    FEWEST,
    "示例街道",
    "q",
    "A",
    "mode",
    "mode=paper",
    "mean",
    "autonomy",
    "community",
    "办事方便",
    "open",
)
DOCUMENT = document(ROUTES, "en")
ALLOWED = {200, 304, *STATUSES}


reader = unhurried_reader


def operations():
    return [(path, one["get"]) for path, one in DOCUMENT["paths"].items()]


def answered(reader, path, asked):
    """The answer to a question, held to what the document says of it."""
    answer = reader.get(f"{path}?{urlencode(asked)}")
    responses = DOCUMENT["paths"][ours(path)]["get"]["responses"]
    assert str(answer.status_code) in responses, (answer.status_code, path, asked)
    body = json.loads(answer.get_data(as_text=True))
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    assert misfits(body, schema, DOCUMENT) == [], (path, asked)
    return answer.status_code


def ours(path):
    return path.replace("/2014/", "/{year}/").replace("/2013/", "/{year}/")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_server_gives_the_document_of_its_own_table(reader, lang):
    found = reader.body(f"{ROOT}/openapi.json?lang={lang}")
    assert found == json.loads(json.dumps(document(ROUTES, lang)))
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {route.told for route in ROUTES}
    assert {one["operationId"] for _, one in operations()} == {route.name for route in ROUTES}


def test_every_address_says_the_permission_that_it_takes_and_reads_only():
    for path, one in DOCUMENT["paths"].items():
        assert set(one) == {"get"}, path
        assert any(permission in one["get"]["description"] for permission in PERMISSIONS), path


def test_no_parameter_of_the_document_is_one_that_the_server_refuses(reader):
    for path, one in operations():
        for parameter in one["parameters"]:
            if parameter["in"] == "query" and parameter["name"] in ("limit", "lang", "year"):
                value = parameter["schema"].get("enum", [parameter["schema"].get("maximum")])[0]
                place = path.replace("{year}", "2014")
                assert answered(reader, place, {parameter["name"]: value}) == 200, (path, parameter["name"])


@pytest.mark.parametrize("path", [path for path, _ in operations()])
def test_the_plain_question_is_answered_as_described(reader, path):
    assert answered(reader, path.replace("{year}", "2014"), {"limit": 1000}) == 200
    assert answered(reader, path.replace("{year}", "2013"), {"limit": 3, "lang": "en"}) == 200


@pytest.mark.property
@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_is_answered_as_described(reader, data):
    """Parameters drawn from the document's own schemas, right ones and wrong ones, alone and together."""
    path, one = data.draw(st.sampled_from(operations()))
    takes = [p for p in one["parameters"] if p["in"] == "query"]
    chosen = data.draw(st.lists(st.sampled_from(takes), max_size=4, unique_by=lambda p: p["name"]))
    asked = {p["name"]: data.draw(texts(p["schema"], KNOWN)) for p in chosen}
    asked |= data.draw(st.sampled_from([{}, {}, {}, {"unknown": "x"}]))
    assert answered(reader, path.replace("{year}", data.draw(st.sampled_from(["2013", "2014"]))), asked) in ALLOWED - {
        500
    }


@pytest.mark.parametrize(
    ("schema", "value", "right"),
    [
        ({"type": ["integer", "null"]}, None, True),
        ({"type": ["integer", "null"]}, 1.5, False),
        ({"type": ["integer", "null"]}, True, False),
        ({"type": "object", "required": ["a"]}, {}, False),
        ({"type": "object", "properties": {}, "additionalProperties": False}, {"a": 1}, False),
        ({"type": "object", "patternProperties": {"^a.+$": {"type": "string"}}}, {"ab": 1}, False),
        ({"type": "array", "items": {"type": "string"}}, ["a", 1], False),
    ],
)
def test_what_does_not_fit_is_found(schema, value, right):
    assert (misfits(value, schema, {}) == []) == right
