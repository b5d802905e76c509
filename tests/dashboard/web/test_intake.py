"""What is refused from the head of a request, and what is no message of a page."""

import json

import pytest

from dashboard.web import intake
from survey.core import limits
from tests.tools.dashboard_tools import fake_app

SHOW = {
    "output": "..page.children...view.data..",
    "outputs": [{"id": "page", "property": "children"}, {"id": "view", "property": "data"}],
    "inputs": [
        {"id": "url", "property": "pathname", "value": "/"},
        {"id": "url", "property": "search", "value": ""},
        {"id": "refresh", "property": "data", "value": None},
    ],
    "changedPropIds": ["url.pathname"],
    "state": [],
}


@pytest.fixture(scope="module")
def app():
    return fake_app()


def environ(path="/import/upload", method="POST", length=10, **headers):
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(length),
        **headers,
    }


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 0),
        ({"length": 51_000_001}, 413),
        ({"HTTP_ORIGIN": "http://evil.example", "length": 2**30}, 403),
        ({"HTTP_ORIGIN": "http://[::1"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"path": "/"}, 405),
        ({"path": "/nowhere"}, 405),
        ({"path": intake.MESSAGES, "length": 7_000_000}, 0),
        ({"path": intake.MESSAGES, "length": 8_000_000}, 413),
        ({"path": "/", "method": "GET", "length": 2_000_000}, 413),
    ],
)
def test_a_body_is_judged_by_its_head(app, asked, status):
    assert intake.refusal(app.server, environ(**asked))[0] == status


def test_who_is_not_known_may_send_nothing():
    assert intake.refusal(fake_app(None).server, environ())[0] == 401


def test_a_changed_limit_is_followed(app, monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 5)
    monkeypatch.setattr(limits, "FORM_AROUND_BYTES", 0)
    assert intake.refusal(app.server, environ()) == (413, 5)


def changed(**parts):
    return json.dumps({**SHOW, **parts})


@pytest.mark.parametrize(
    "body",
    [
        "{nope",
        "[]",
        "null",
        "7",
        "{}",
        "[" * 100_000,
        '{"a":' * 400 + "1" + "}" * 400,
        changed(output="x.y"),
        changed(output=5),
        changed(output=["page.children"]),
        changed(output=".."),
        changed(output="notice.children"),  # one that runs in the browser
        changed(inputs=[]),
        changed(inputs=None),
        changed(inputs=["a", "b", "c"]),
        changed(inputs=[[["a"]], 1, 2]),
        changed(inputs=SHOW["inputs"] * 2),
        changed(state=[{"id": "x", "property": "y"}]),
        changed(state=5),
        changed(outputs="x"),
        changed(outputs=[]),
        changed(changedPropIds=5),
        changed(changedPropIds=[{}]),
        b"\xff\xfe",
    ],
)
def test_what_is_no_message_of_a_page_is_400(app, body):
    answer = app.server.test_client().post(intake.MESSAGES, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_data(as_text=True).endswith("。")


def test_what_a_page_sends_is_answered(app):
    client = app.server.test_client()
    assert client.post(intake.MESSAGES, json=SHOW).status_code == 200
    assert client.post(intake.MESSAGES, data=changed()).status_code == 415


def test_a_long_address_is_neither_read_nor_sent_back(app):
    client = app.server.test_client()
    assert client.get("/?street=" + "a" * limits.ADDRESS_BYTES).status_code == 414
    asked = json.loads(changed())
    asked["inputs"][1]["value"] = "?street=" + "%E4" * 300_000
    answer = client.post(intake.MESSAGES, json=asked)
    text = answer.get_data(as_text=True)
    assert len(text) < 20_000
    assert "8 KB" in json.dumps(answer.get_json(), ensure_ascii=False)


def test_a_message_is_held_to_its_own_size(app):
    answer = app.server.test_client().post(intake.MESSAGES, data=b"x" * 8_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert "5 MB" in answer.get_data(as_text=True)
