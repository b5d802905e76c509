"""Whose word is taken of where a request came from: the proxy's that was named, and nobody else's."""

import pytest
from flask import Request

from dashboard.web import access
from dashboard.web.access import HANDED_ON
from dashboard.web.front import Front, plain

PROXY = "192.0.2.1"
TOLD = {"HTTP_X_FORWARDED_FOR": "198.51.100.4, 203.0.113.9", "HTTP_X_FORWARDED_PROTO": "https"}


def environ(peer=PROXY, path="/", **headers):
    return {"REMOTE_ADDR": peer, "PATH_INFO": path, "wsgi.url_scheme": "http", "HTTP_HOST": "office.example", **headers}


def came(front, **given):
    found = front.seen(environ(**given))
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"]


def test_of_several_addresses_the_last_is_what_the_proxy_saw():
    front = Front(frozenset({PROXY}))
    assert came(front, **TOLD) == ("203.0.113.9", "https")
    assert came(front, peer=f"::ffff:{PROXY}", **TOLD) == ("203.0.113.9", "https")
    assert came(front, **{**TOLD, "HTTP_X_FORWARDED_FOR": "203.0.113.9, unknown"}) == (PROXY, "https")
    assert came(front) == (PROXY, "http")


def test_nobody_else_says_where_a_request_came_from():
    assert came(Front(), **TOLD) == (PROXY, "http")
    assert came(Front(frozenset({PROXY})), peer="192.0.2.2", **TOLD) == ("192.0.2.2", "http")
    assert came(Front(tls=True), **{**TOLD, "HTTP_X_FORWARDED_PROTO": "http"}) == (PROXY, "https")
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "for=1", "HTTP_X_FORWARDED_PREFIX": "/x"}
    seen = Front(frozenset({PROXY})).seen(environ(**forged))
    assert forged.keys() & seen.keys() == set()
    assert seen["HTTP_HOST"] == "office.example"


@pytest.mark.parametrize("told", ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA"])
def test_what_somebody_handed_on_without_being_named_is_not_of_this_machine(told):
    """nginx in front of a server that was started without --proxy, before there is an account: it says Host: 127.0.0.1."""
    given = environ(peer="127.0.0.1", HTTP_HOST="127.0.0.1:8050")
    assert access.local_administrator(Request(Front().seen(given))) is not None
    assert access.local_administrator(Request(Front().seen({**given, told: "203.0.113.9"}))) is None
    assert HANDED_ON not in Front(frozenset({PROXY})).seen(environ(**TOLD))


@pytest.mark.parametrize(
    ("given", "astray"),
    [
        (TOLD, False),
        ({**TOLD, "peer": "192.0.2.2"}, True),
        ({}, True),
        ({"HTTP_X_FORWARDED_PROTO": "http"}, True),
        ({"HTTP_X_FORWARDED_PROTO": "https, http"}, True),
        ({"peer": "192.0.2.2", "path": "/healthz"}, False),
    ],
)
def test_what_goes_round_the_proxy_or_to_it_in_clear_is_refused(given, astray):
    front = Front(frozenset({PROXY}))
    served = []

    def app(environ, start_response):
        served.append(environ)
        start_response("200 OK", [])
        return [b""]

    told = []
    body = front.before(app, "en")(environ(**given), lambda line, headers: told.append(line))
    judged = front.judged(lambda environ: (0, 5))(environ(**given))
    assert front.astray(environ(**given)) == astray
    assert (len(served), judged) == ((0, (421, 0)) if astray else (1, (0, 5)))
    assert told[0].startswith("421" if astray else "200")
    assert (b"HTTPS proxy" in body[0]) == astray


def test_without_a_proxy_nothing_goes_astray():
    assert not Front().astray(environ())
    assert not Front(tls=True).astray(environ())


@pytest.mark.parametrize("wrong", ["", "localhost", "10.0.0.0/8", "127.1"])
def test_what_is_no_address_is_told_from_one(wrong):
    assert plain(wrong) == ""


def test_an_address_is_compared_in_its_one_way_of_writing():
    assert plain(" ::1 ") == "::1"
    assert plain("::ffff:127.0.0.1") == "127.0.0.1"
