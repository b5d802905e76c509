"""Every refusal is one sentence in the reader's language; an address that is none is 404."""

import logging

import pytest

from dashboard.app import create_app
from dashboard.web import error_pages
from survey.core.errors import Surroundings
from survey.core.lang import LANGUAGES, say
from tests.tools.dashboard_tools import FakeSource, fake_app

FULL = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def client():
    return fake_app().server.test_client()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 413, 414, 415, 416, 431, 500, 501, 503])
def test_every_status_has_a_sentence_in_both_languages(status):
    said = {error_pages.sentence(status, lang) for lang in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    line, headers, body = error_pages.answer(status, None, "en")
    assert line.startswith(f"{status} ")
    assert dict(headers)["Content-Type"].startswith("text/html")
    assert error_pages.sentence(status, "en").replace("'", "&#x27;") in body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/assets//x",
        "/assets/x",
        "/_dash-component-suites/",
        "/_dash-update-component",
        "/%00",
    ],
)
def test_an_unknown_address_is_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/assets//x", "/assets//", "/_dash-component-suites//x", "/assets/../import"])
def test_an_address_of_no_file_gives_a_stranger_nothing(client, path):
    answer = fake_app(None).server.test_client().get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 404
    assert "<script" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["nope/x.js", "dash/nope.js", "dash/../x.js", "dash/%00.js", "dash/dcc", "dash/dcc/a.v1m1.js", "sys/path"]
)
def test_an_unknown_part_of_a_page_is_404(client, path):
    assert client.get(f"/_dash-component-suites/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/download/empty/indicators/" + "9" * 30,
        "/download/empty/indicators/" + "9" * 5000,
        "/download/empty/indicators/99999",
        "/download/empty/indicators/0",
        "/download/batch/" + "9" * 30,
        "/download/annotated/x/" + "9" * 30,
    ],
)
def test_a_number_that_none_has_is_404(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/community/nobody", "/drivers/nobody", "/community/SL06/x"])
def test_a_community_that_no_year_has_is_404_and_the_frame_that_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "react-entry-point" in answer.get_data(as_text=True)


def test_known_addresses_are_no_404(client):
    for path in ("/", "/import", "/import/", "/community/SL06", "/drivers/SL06", "/healthz", "/?lang=en"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_address_then_the_browser_then_the_server_says_the_language(lang):
    client = fake_app().server.test_client()
    said = say(lang, "dash_errors.bad_method")
    assert client.post(f"/?lang={lang}").get_data(as_text=True) == said
    client.set_cookie("xingfu_lang", lang)
    assert client.post("/").get_data(as_text=True) == said


def test_a_server_started_in_english_refuses_in_english():
    from dashboard.app import create_app
    from tests.tools.towns.fake_results import FakeSource

    app = create_app(None, source=FakeSource(), lang="en")
    assert app.server.test_client().post("/").get_data(as_text=True) == say("en", "dash_errors.bad_method")


def test_a_browser_gets_a_page_that_needs_nothing_else(client):
    answer = client.post("/?lang=en", headers={"Accept": FULL})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 405
    assert '<html lang="en">' in text
    assert 'href="/?lang=en"' in text
    assert "src=" not in text
    assert answer.headers["Content-Security-Policy"] == error_pages.POLICY
    assert "GET" in answer.headers["Allow"]


def test_an_error_page_that_comes_first_leaves_the_policy_of_the_frame_as_it_is():
    client = fake_app().server.test_client()
    client.post("/", headers={"Accept": FULL})
    assert "sha256-" in client.get("/").headers["Content-Security-Policy"]


def test_a_program_gets_json(client):
    answer = client.post("/?lang=en", headers={"Accept": "application/json"})
    assert answer.get_json() == {"error": say("en", "dash_errors.bad_method")}


def test_a_fault_of_ours_is_said_in_the_readers_language_and_shows_nothing_of_it():
    app = fake_app()

    def broken():
        raise RuntimeError("13812345678")

    app.server.add_url_rule("/healthz/broken", view_func=broken)
    answer = app.server.test_client().get("/healthz/broken?lang=en")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert text.startswith(say("en", "dash_errors.failed"))
    assert "138" not in text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/_dash-update-component", "/api/v1/years", "/download/empty/indicators/1"])
def test_what_surrounds_the_server_is_one_line_of_its_log(caplog, path, method):
    """A store that was moved away fails every request: a traceback each would hide everything else."""

    def away(*_):
        raise Surroundings("store.replaced", where="x.db")

    app = create_app(None, source=FakeSource(), identify=away)
    with caplog.at_level(logging.INFO):
        answer = app.server.test_client().open(
            path + "?lang=en", method=method, json={"a": 1} if method == "POST" else None
        )
    assert answer.status_code in (500, 503)
    assert say("en", "store.replaced", where="x.db") in answer.get_data(as_text=True)
    (line,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert line.exc_info is None
    assert "\n" not in line.getMessage()
    assert "x.db" in line.getMessage()


def test_a_fault_of_ours_is_logged_in_full(caplog):
    def broken(*_):
        raise RuntimeError("broken")

    app = create_app(None, source=FakeSource(), identify=broken)
    answer = app.server.test_client().get("/", headers={"Accept": FULL})
    assert answer.status_code == 500
    assert [one.exc_info is not None for one in caplog.records if one.levelno >= logging.ERROR] == [True]
