"""Signing in and out as a browser does, without a script; what is forged, missing or another site's changes nothing."""

import pytest

from dashboard.accounts import people, secrets, sign_in
from dashboard.accounts.identity import COOKIE_SESSION
from dashboard.web.security import COOKIE_TOKEN
from survey.core import limits
from survey.core.lang import say
from survey.store import audit
from tests.tools.dashboard_tools import small_store
from tests.tools.stores.accounts import PAGE, PASSWORD, cheap, enter, field, person, server  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")
OTHER = "另一句够长的话也可以"


@pytest.fixture
def town(sqlite_store):
    small_store(sqlite_store)
    person(sqlite_store)
    return sqlite_store


@pytest.fixture
def client(town):
    return server(town).test_client()


def form(client, path):
    return client.get(path, headers=PAGE).get_data(as_text=True)


def test_one_signs_in_and_goes_on_to_where_one_was_going(client):
    answer = enter(client, goes_on="/tasks?year=2014")
    assert (answer.status_code, answer.location) == (303, "/tasks?year=2014")
    cookies = {c.split("=")[0]: c for c in answer.headers.getlist("Set-Cookie")}
    assert "HttpOnly; Path=/; SameSite=Lax" in cookies[COOKIE_SESSION]
    assert "HttpOnly" not in cookies[COOKIE_TOKEN]
    assert "Secure" not in "".join(cookies.values())
    assert client.get("/", headers=PAGE).status_code == 200
    assert client.get("/sign-in?next=/tasks", headers=PAGE).location == "/tasks"
    assert enter_again(client) != client.get_cookie(COOKIE_SESSION)


def enter_again(client):
    """A session id that was there before is never taken on."""
    before = client.get_cookie(COOKIE_SESSION)
    client.delete_cookie(COOKIE_SESSION)
    enter(client)
    return before


def test_whoever_signs_in_again_in_a_browser_leaves_no_session_behind(client):
    """As from a page of the form that stood open beside."""
    sent = {"name": "王芳", "password": PASSWORD, "token": field(form(client, "/sign-in"))}
    assert client.post("/sign-in", data=sent, headers=PAGE).status_code == 303
    before = client.get_cookie(COOKIE_SESSION).value
    assert client.post("/sign-in", data=sent, headers=PAGE).status_code == 303
    assert client.get("/", headers=PAGE).status_code == 200
    client.set_cookie(COOKIE_SESSION, before)
    assert client.get("/", headers=PAGE).status_code == 303


def test_over_tls_cookies_go_over_tls_alone(town):
    client = server(town, alone=False).test_client()
    html = client.get("/sign-in", base_url="https://office.example").get_data(as_text=True)
    typed = {"name": "王芳", "password": PASSWORD, "token": field(html)}
    answer = client.post("/sign-in", data=typed, base_url="https://office.example")
    assert answer.status_code == 303
    cookies = {c.split("=")[0]: c for c in answer.headers.getlist("Set-Cookie")}
    assert all("Secure" in c for c in cookies.values())
    assert say("zh", "page_account.plain_http") not in html
    whole = cookies[f"__Host-{COOKIE_SESSION}"]
    assert ("Path=/;" in whole, "Domain" in whole, "HttpOnly" in whole) == (True, False, True)
    assert client.get("/", base_url="https://office.example", headers=PAGE).status_code == 200


def test_over_tls_a_session_that_a_neighbours_page_could_set_is_not_taken(town):
    """A page of another name below the same domain may set cookies for it, but none that are called for one host alone."""
    client, session = server(town, alone=False).test_client(), person(town, "李明")
    client.set_cookie(COOKIE_SESSION, session, domain="office.example")
    assert client.get("/", base_url="https://office.example", headers=PAGE).status_code == 303
    client.set_cookie(f"__Host-{COOKIE_SESSION}", session, domain="office.example")
    assert client.get("/", base_url="https://office.example", headers=PAGE).status_code == 200
    answer = client.post(
        "/account/sign-out",
        base_url="https://office.example",
        headers={"X-CSRFToken": secrets.form_token(session), "Origin": "https://office.example"},
    )
    assert answer.status_code == 303
    assert client.get_cookie(f"__Host-{COOKIE_SESSION}", domain="office.example") is None


def test_where_others_could_listen_the_form_says_so(town):
    assert say("zh", "page_account.plain_http") in form(server(town, alone=False).test_client(), "/sign-in")
    assert say("zh", "page_account.plain_http") not in form(server(town).test_client(), "/sign-in")


@pytest.mark.parametrize(("name", "password"), [("王芳", "wrong password"), ("nobody", PASSWORD), ("王芳", "")])
def test_what_is_wrong_is_told_alike_and_the_name_stays(client, name, password):
    answer = enter(client, name, password, "/tasks")
    html = answer.get_data(as_text=True)
    assert (answer.status_code, COOKIE_SESSION in "".join(answer.headers.getlist("Set-Cookie"))) == (403, False)
    assert say("zh", "account.wrong") in html
    assert html.count('aria-invalid="true" aria-describedby="error"') == 2
    assert f'value="{name}"' in html
    assert field(html, "next") == "/tasks"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_after_too_many_tries_one_waits(client):
    for _ in range(limits.ATTEMPTS_OF_ACCOUNT):
        enter(client, password="wrong password")
    answer = enter(client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert say("zh", "account.too_many") in answer.get_data(as_text=True)


@pytest.mark.parametrize("given", ["", "forged", None])
def test_a_form_that_was_not_given_to_this_browser_is_refused(town, client, given):
    form(client, "/sign-in")
    typed = {"name": "王芳", "password": PASSWORD} | ({} if given is None else {"token": given})
    assert client.post("/sign-in", data=typed).status_code == 400
    stranger = server(town).test_client()
    assert stranger.post("/sign-in", data={**typed, "token": field(form(client, "/sign-in"))}).status_code == 400
    with town.read() as conn:
        assert audit.listing(conn, 1)[0].action == "password chosen"


def test_another_sites_form_is_refused(client):
    typed = {"name": "王芳", "password": PASSWORD, "token": field(form(client, "/sign-in"))}
    answer = client.post("/sign-in", data=typed, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 400


def test_a_token_lets_one_choose_a_password_on_the_page(town, client):
    token = sign_in.add(town, "李明", people.CHIEF, [], "me")
    sent = {"name": "李明", "once": token.lower(), "new": OTHER, "again": OTHER}
    sent["token"] = field(form(client, "/sign-in/token?next=/tasks"))
    differs = client.post("/sign-in/token", data={**sent, "again": "x"})
    assert (differs.status_code, differs.get_data(as_text=True).count("aria-invalid")) == (422, 1)
    short = client.post("/sign-in/token", data={**sent, "new": "x", "again": "x"})
    assert say("zh", "account.password_short") in short.get_data(as_text=True)
    assert client.post("/sign-in/token", data={**sent, "next": "/tasks"}).location == "/tasks"
    assert client.get("/account", headers=PAGE).status_code == 200
    client.delete_cookie(COOKIE_SESSION)
    again = client.post("/sign-in/token", data=sent)
    assert (again.status_code, say("zh", "account.wrong_token") in again.get_data(as_text=True)) == (403, True)


def test_one_changes_ones_own_password(client):
    enter(client)
    html = form(client, "/account?lang=en")
    assert say("en", "page_account.who", name="王芳", role=say("en", "account_roles.admin")) in html
    sent = {"token": field(html), "old": PASSWORD, "new": OTHER, "again": OTHER}
    wrong = client.post("/account", data={**sent, "old": "wrong"})
    assert (wrong.status_code, say("en", "account.wrong_old") in wrong.get_data(as_text=True)) == (403, True)
    assert client.post("/account", data={**sent, "token": ""}).status_code == 400
    before = client.get_cookie(COOKIE_SESSION).value
    assert client.post("/account", data=sent).status_code == 303
    assert client.get_cookie(COOKIE_SESSION).value != before
    assert client.get("/", headers=PAGE).status_code == 200
    assert client.post("/account", data=sent).status_code == 400  # the token of the session that has ended


@pytest.mark.parametrize("everywhere", [False, True])
def test_signing_out_ends_this_session_or_all(town, everywhere):
    app = server(town)
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    assert here.post("/account/sign-out", data={}).status_code == 400
    sent = {"token": field(form(here, "/account"))} | ({"everywhere": "1"} if everywhere else {})
    answer = here.post("/account/sign-out", data=sent)
    assert answer.location == "/sign-in?lang=zh"
    assert here.get_cookie(COOKIE_SESSION) is None
    assert there.get("/", headers=PAGE).status_code == (303 if everywhere else 200)


def test_whoever_has_no_account_has_none_to_look_at(sqlite_store):
    client = server(small_store(sqlite_store)).test_client()
    assert client.get("/account", headers=PAGE).location == "/"
    assert client.post("/account", data={}).status_code == 401
    assert client.get("/sign-in?next=/tasks", headers=PAGE).location == "/tasks"


def test_a_form_is_small(client):
    assert client.post("/sign-in", data={"name": "x" * (limits.FORM_BYTES + 1)}).status_code == 413
