"""Who sends a request: sessions that are wrong, expired, replayed, forged; the token of what changes something."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dashboard.accounts import people, secrets, sign_in
from dashboard.accounts.identity import COOKIE_SESSION
from dashboard.web import intake
from dashboard.web.access import IDENTIFY
from dashboard.web.security import COOKIE_TOKEN, TOKEN_HEADER
from survey.core import limits
from survey.core.errors import Surroundings
from survey.store.engine.tables import sessions as rows
from tests.dashboard.web.test_intake import SHOW, environ
from tests.tools.dashboard_tools import small_store
from tests.tools.stores.accounts import HERE, PAGE, PASSWORD, cheap, person, server  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")
MESSAGE = "/_dash-update-component"


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


@pytest.fixture
def client(town):
    made = person(town)
    browser = server(town).test_client()
    browser.set_cookie(COOKIE_SESSION, made)
    browser.session, browser.token = made, {TOKEN_HEADER: secrets.form_token(made)}
    return browser


def aged(store, **seconds):
    with store.write() as conn:
        for name, passed in seconds.items():
            at = conn.execute(select(rows.c[name])).scalars().first()
            conn.execute(update(rows).values({name: at - timedelta(seconds=passed)}))


def test_while_there_is_no_account_whoever_sits_here_needs_none(town):
    app = server(town)
    assert app.test_client().get("/", headers=PAGE).status_code == 200
    assert app.test_client().get("/", headers={**PAGE, "Host": "evil.example"}).status_code == 401
    assert server(town, alone=False).test_client().get("/", headers=PAGE).status_code == 401


def test_with_the_first_account_everybody_signs_in_here_too(town):
    browser = server(town).test_client()
    assert browser.get("/", headers=PAGE).status_code == 200
    sign_in.add(town, "王芳", people.CHIEF, [], "me")  # while the server runs
    answer = browser.get("/compare?year=2014", headers=PAGE)
    assert (answer.status_code, answer.location) == (303, "/sign-in?lang=zh&next=%2Fcompare%3Fyear%3D2014")
    assert browser.post(MESSAGE, json=SHOW).status_code == 401


def test_a_session_sees_and_changes_with_its_token_alone(client):
    assert client.get("/", headers=PAGE).status_code == 200
    assert client.post(MESSAGE, json=SHOW, headers=client.token).status_code == 200
    wrong = ({}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "x"}, {TOKEN_HEADER: secrets.form_token("another")})
    for headers in wrong:
        assert client.post(MESSAGE, json=SHOW, headers=headers).status_code == 400
    assert client.post(MESSAGE, json=SHOW, headers={**client.token, "Origin": "http://evil.example"}).status_code == 403


def test_a_file_is_sent_with_the_token_in_its_head(client, town):
    made = person(town, "李明", "clerk")
    client.set_cookie(COOKIE_SESSION, made)
    token = {TOKEN_HEADER: secrets.form_token(made)}
    form = {"token": token[TOKEN_HEADER]}
    assert client.post("/import/upload", data=form, content_type="multipart/form-data").status_code == 400
    answer = client.post("/import/upload", data={}, content_type="multipart/form-data", headers=token)
    assert b"error" in answer.data
    assert answer.status_code != 400 or "看不懂" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("forged", ["", "x", "' OR 1=1 --", "0" * 64, "会", "A" * 3000])
def test_a_forged_session_is_nobody(client, forged):
    client.set_cookie(COOKIE_SESSION, forged)
    assert client.get("/", headers=PAGE).status_code == 303
    assert client.post(MESSAGE, json=SHOW, headers=client.token).status_code == 401


@pytest.mark.parametrize(
    "over", [{"seen_at": limits.SESSION_IDLE_SECONDS + 1}, {"began_at": limits.SESSION_SECONDS + 1}]
)
def test_an_expired_session_leads_to_the_form_and_back_and_changes_nothing(town, client, over):
    aged(town, **over)
    answer = client.post(MESSAGE, json=SHOW, headers={**client.token, "Accept": "application/json"})
    assert (answer.status_code, "登录" in answer.get_json()["error"]) == (401, True)
    assert client.get("/tasks", headers=PAGE).location.endswith("next=%2Ftasks")


def test_a_session_that_was_signed_out_is_not_taken_again(client):
    assert client.post("/account/sign-out", headers=client.token).status_code == 303
    client.set_cookie(COOKIE_SESSION, client.session)
    client.set_cookie(COOKIE_TOKEN, client.token[TOKEN_HEADER])
    assert client.post(MESSAGE, json=SHOW, headers=client.token).status_code == 401


def test_a_role_lowered_while_a_page_is_open_counts_at_once(town, client):
    person(town, "主任")
    assert client.post(MESSAGE, json=SHOW, headers=client.token).status_code == 200
    sign_in.change(town, "王芳", "主任", next(r for r in people.roles() if r != people.CHIEF))
    assert client.post(MESSAGE, json=SHOW, headers=client.token).status_code == 401


def test_a_role_that_is_none_any_more_is_nobody(town, client, monkeypatch):
    monkeypatch.setattr(people, "roles", lambda: ("another",))
    assert client.get("/", headers=PAGE).status_code == 303


def test_a_session_in_use_is_marked_as_used_and_a_busy_store_makes_nobody_wait(town, client, monkeypatch, caplog):
    def away(*_, **__):
        raise Surroundings("dash_errors.failed")

    aged(town, seen_at=limits.SESSION_IDLE_SECONDS - 60)
    with monkeypatch.context() as busy:
        busy.setattr(type(town), "note", away)
        answer = client.get("/", headers=PAGE)
        answer.close()
    assert (answer.status_code, "not marked as used" in caplog.text) == (200, True)
    client.get("/", headers=PAGE).close()
    aged(town, seen_at=limits.SESSION_IDLE_SECONDS - 60)
    assert client.get("/", headers=PAGE).status_code == 200


def test_where_the_store_is_away_a_message_is_told_so_and_what_is_long_is_not_read(client, monkeypatch):
    """Once every message was answered with “too much is coming in”, which was not so."""

    def away(_):
        raise Surroundings("store.replaced", where="x.db")

    monkeypatch.setitem(client.application.extensions, IDENTIFY, away)
    assert intake.refusal(client.application, environ()) == (0, limits.FORM_BYTES)
    assert intake.refusal(client.application, environ() | {"CONTENT_LENGTH": "20001"}) == (500, limits.FORM_BYTES)
