"""The API as a program meets it: who is let in, what it is told in which language, pages, tags, and the record of it."""

import pytest

from dashboard.accounts import programs
from dashboard.accounts.identity import COOKIE_SESSION
from dashboard.api.offers import ROUTES
from survey.core import limits
from survey.core.errors import Surroundings
from survey.core.lang import LANGUAGES, say
from survey.store import audit
from survey.store.year import register
from tests.tools.dashboard_tools import fake_app
from tests.tools.stores.accounts import cheap, person, server  # noqa: F401
from tests.tools.stores.read_town import Reader, make_read_town

pytestmark = pytest.mark.usefixtures("cheap")
HERE = {"Host": "127.0.0.1"}
EVERY = [route.told.replace("{year}", "2014") for route in ROUTES]


@pytest.fixture
def town(sqlite_store):
    return make_read_town(sqlite_store)


def entries(store, action="api"):
    with store.read() as conn:
        return [(e.who, e.subject, e.outcome, dict(e.detail)) for e in audit.listing(conn, action=action)]


def test_without_accounts_whoever_sits_here_reads_as_the_pages_do(town):
    client = server(town).test_client()
    assert client.get("/api/v1/years", headers=HERE).status_code == 200
    assert client.get("/api/v1/years", headers={"Host": "evil.example"}).status_code == 401
    assert client.get("/api/v1/years", headers={**HERE, "Authorization": "Bearer x"}).status_code == 401


def test_a_token_opens_the_api_and_nothing_else(town):
    reader = Reader(town)
    assert reader.get("years").status_code == 200
    for path in ("/", "/community/C1", "/download/year?year=2014", "/administration", "/_dash-layout"):
        assert reader.get(path).status_code in (303, 401), path
    bearer = {"Authorization": f"Bearer {reader.token}"}
    assert reader.client.post("/api/v1/years", headers=bearer).status_code == 401
    assert reader.client.post("/_dash-update-component", json={}, headers=bearer).status_code == 401


@pytest.mark.parametrize("word", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {}x", "bearer x {}"])
def test_another_word_is_nobodys(town, word):
    reader = Reader(town)
    answer = reader.get("years", Authorization=word.format(reader.token))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.get_json() == {"error": say("zh", "api.status_401")}


def test_a_wrong_token_is_not_saved_by_a_session(town):
    client = server(town, alone=False).test_client()
    client.set_cookie(COOKIE_SESSION, person(town))
    assert client.get("/api/v1/years").status_code == 200
    assert client.get("/api/v1/years", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Token"])
def test_a_token_is_never_taken_in_the_address(town, name):
    reader = Reader(town)
    assert reader.client.get(f"/api/v1/years?{name}={reader.token}").status_code == 401
    answer = reader.get(f"years?{name}={reader.token}")
    assert (answer.status_code, answer.get_json()["error"]) == (400, say("zh", "api.token_in_address"))


def test_a_revoked_token_opens_nothing_from_then_on(town):
    reader = Reader(town)
    assert reader.get("years").status_code == 200
    programs.revoke(town, "报表", "tests")
    assert reader.get("years").status_code == 401


def test_another_sites_page_reads_nothing_with_a_readers_session(town):
    client = server(town).test_client()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert client.get("/api/v1/years", headers={**HERE, **headers}).status_code == 403
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/years", headers=HERE).headers


@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_are_one_sentence_as_json_in_the_language_that_is_asked_for(town, lang):
    reader = Reader(town)
    cases = {
        "years?foo=1": (400, say(lang, "api.unknown_parameter", name="foo", known=["lang", "limit", "cursor"])),
        "nothing": (404, say(lang, "api.status_404")),
        "years/1999/scores": (404, say(lang, "api.status_404")),
        "years/2014/scores?community=C9": (404, say(lang, "api.status_404")),
        "batches": (403, say(lang, "dash_errors.forbidden")),
    }
    for path, (status, text) in cases.items():
        for asked in (f"{path}{'&' if '?' in path else '?'}lang={lang}", path):
            answer = reader.get(asked, **{"Accept-Language": f"{lang},de;q=0.5", "Accept": "*/*"})
            if "foo" in path or asked == path or status != 403:
                assert (answer.status_code, answer.mimetype) == (status, "application/json"), asked
                assert answer.get_json() == {"error": text}, asked


def test_methods_forms_and_bodies_that_are_none(town):
    client = server(town).test_client()
    answer = client.post("/api/v1/years", headers=HERE)
    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)
    assert answer.get_json() == {"error": say("zh", "api.status_405")}
    answer = client.get("/api/v1/years", headers={**HERE, "Accept": "image/png"})
    assert (answer.status_code, answer.get_json()) == (406, {"error": say("zh", "api.status_406")})
    much = b"x" * (limits.FORM_AROUND_BYTES + 1)
    answer = client.get("/api/v1/years", headers=HERE, data=much)
    assert (answer.status_code, answer.get_json()) == (413, {"error": say("zh", "api.status_413")})
    answer = client.get("/api/v1/years?community=" + "x" * limits.ADDRESS_BYTES, headers=HERE)
    assert (answer.status_code, answer.mimetype) == (414, "application/json")
    assert client.head("/api/v1/years", headers=HERE).status_code == 200


def test_who_asks_too_often_waits(town, monkeypatch):
    monkeypatch.setattr(limits, "API_REQUESTS", 3)
    reader = Reader(town)
    assert [reader.get("years").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = reader.get("years")
    assert answer.get_json() == {"error": say("zh", "api.status_429")}
    assert 0 < int(answer.headers["Retry-After"]) <= limits.API_SECONDS
    assert Reader(town, name="另一个", app=reader.app).get("years").status_code == 200


def test_pages_together_are_the_whole_and_a_page_is_of_one_version(town):
    reader = Reader(town)
    whole = reader.body(f"years/2014/items?limit={limits.API_MOST_ROWS}")
    assert (len(whole["rows"]), whole["next"]) == (whole["meta"]["rows"], None)
    first = reader.get("years/2014/items?limit=5")
    cursor = first.get_json()["next"]
    assert f"cursor={cursor}" in first.headers["Link"]
    assert reader.body(f"years/2014/items?limit=5&cursor={cursor}")["rows"] == whole["rows"][5:10]
    assert reader.rows("years/2014/items?limit=3") == whole["rows"]
    assert reader.get(f"years/2013/items?limit=5&cursor={cursor}").status_code == 409
    with town.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3001)])
        audit.record(conn, "tests", "communities add", "x")
    answer = reader.get(f"years/2014/items?limit=5&cursor={cursor}")
    assert (answer.status_code, answer.get_json()) == (409, {"error": say("zh", "api.status_409")})


@pytest.mark.parametrize("cursor", ["x", "5", "-1-abc", "5-", "99999999999-abc", "5-a b"])
def test_a_cursor_that_is_none_is_refused(town, cursor):
    assert Reader(town).get(f"years?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "", "١", str(limits.API_MOST_ROWS + 1), "9" * 40])
def test_a_page_has_at_most_what_is_stated(town, limit):
    assert Reader(town).get(f"years?limit={limit}").status_code == 400


def test_what_did_not_change_is_not_sent_again(town):
    reader = Reader(town)
    tag = reader.get("years/2014/scores").headers["ETag"]
    answer = reader.get("years/2014/scores", **{"If-None-Match": tag})
    assert (answer.status_code, answer.get_data(), answer.headers["ETag"]) == (304, b"", tag)
    assert "no-cache" in answer.headers["Cache-Control"]
    others = (
        reader.get("years/2014/scores?lang=en"),
        reader.get("years/2014/scores?community=C1"),
        reader.get("years/2014/scores?limit=1"),
        reader.get("years/2014/scores", Accept="text/csv"),
        Reader(town, "leader", ("community", "C1"), name="另一个", app=reader.app).get("years/2014/scores"),
    )
    assert tag not in [answer.headers["ETag"] for answer in others]
    with town.write() as conn:
        audit.record(conn, "tests", "undo", "batch 1")  # what anything that changes the store leaves
    assert reader.get("years/2014/scores", **{"If-None-Match": tag}).status_code == 200


def test_a_table_as_csv_is_whole_and_safe_in_a_spreadsheet(town, monkeypatch):
    with town.write() as conn:
        register.save(conn, [register.Community("C1", "=甲社区", sub_district="示例街道", adult_population=3000)])
    reader = Reader(town)
    lines = reader.get("communities", Accept="text/csv").get_data(as_text=True).splitlines()
    assert lines[0].startswith("code,name,aliases,sub_district")
    assert lines[1].startswith("C1,'=甲社区,")
    assert len(lines) == 5
    monkeypatch.setattr(limits, "API_CSV_ROWS", 3)
    assert reader.get("communities", Accept="text/csv").status_code == 400


def test_numbers_of_persons_are_masked(town):
    with town.write() as conn:
        register.save(conn, [register.Community("C1", "甲13812345678", sub_district="示例街道", adult_population=3000)])
    reader = Reader(town)
    for accept in ("application/json", "text/csv"):
        assert "13812345678" not in reader.get("communities", Accept=accept).get_data(as_text=True)


def test_a_use_is_in_the_record_and_many_are_one_line_an_hour(town):
    reader = Reader(town)
    for _ in range(5):
        reader.get("years/2014/scores")
    reader.get("years/2014/items")
    assert entries(town) == [
        ("program:报表", "/api/v1/years/{year}/items", "done", {"requests": 1}),
        ("program:报表", "/api/v1/years/{year}/scores", "done", {"requests": 1}),
    ]
    with town.read() as conn:
        assert programs.listing(conn)[0].seen_at is not None
    limited = Reader(town, "clerk", ("community", "C1"), name="另一个", app=reader.app)
    assert limited.get("years/2014/streets").status_code == 403
    assert entries(town)[0] == ("program:另一个", "/api/v1/years/{year}/streets", "refused", {"requests": 1})


def test_looking_moves_no_mark_so_that_tags_stand(town):
    reader = Reader(town)
    tag = reader.get("years").headers["ETag"]
    reader.get("years/2014/items")
    assert reader.get("years").headers["ETag"] == tag


@pytest.mark.parametrize("path", EVERY)
def test_every_address_answers_and_says_what_it_rests_on(town, path):
    reader = Reader(town, "clerk")
    body = reader.body(path)
    assert body["meta"]["lang"] == "zh"
    if "/2014/" in path:
        assert (body["meta"]["year"], body["meta"]["scheme"]) == (2014, "default")
        assert {"data_version", "computed_at", "provisional", "closed", "sample"} <= body["meta"].keys()
        assert reader.get(path.replace("2014", "1800")).status_code == 404


@pytest.mark.parametrize("path", [p for p in EVERY if "/2014/" in p or p.endswith(("communities", "batches"))])
def test_who_sees_one_community_is_sent_no_other(town, path):
    text = Reader(town, "clerk", ("community", "C1")).get(path).get_data(as_text=True)
    assert not [name for name in ("乙社区", "丙社区", "丁社区", '"C2"', '"C3"', '"C4"') if name in text]


def test_healthz_asks_the_store_and_says_nothing_else(town, monkeypatch):
    client = server(town, alone=False).test_client()
    answer = client.get("/healthz", headers={"Host": "anything"})
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})

    def away(*_, **__):
        raise Surroundings("store.replaced", where="x.db")

    monkeypatch.setattr(type(town), "read", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "unavailable"})
    assert client.post("/healthz").status_code == 405


def test_while_the_store_is_away_a_program_is_told_so_as_json(town, monkeypatch):
    client = server(town).test_client()

    def away(*_, **__):
        raise Surroundings("store.replaced", where="secret.db")

    monkeypatch.setattr(type(town), "read", away)
    answer = client.get("/api/v1/years", headers=HERE)
    assert (answer.status_code, answer.mimetype) == (500, "application/json")


def test_without_a_store_what_needs_one_is_said():
    client = fake_app().server.test_client()
    assert client.get("/api/v1/years").status_code == 200
    assert client.get("/api/v1/communities").status_code == 503
