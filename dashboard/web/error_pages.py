"""What is said where no page is given: one sentence in the reader's language, as a page, as JSON or as plain text."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import flask
from dash.exceptions import DependencyException
from flask import Flask, Request, Response, g, request
from werkzeug.exceptions import HTTPException, InternalServerError

from dashboard.web import access, intake
from dashboard.web.address import COOKIE_LANGUAGE, parse
from survey.core.errors import XingfuError
from survey.core.lang import LANGUAGES, language, say

HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}
#: below it programs ask, who are answered in JSON and sent to no form
PROGRAMS = "/api/"
#: status → its sentence; any other below 500 is a request that nobody understands
SENTENCES = {
    401: "dash_errors.signed_out",
    403: "dash_errors.forbidden",
    404: "dash_errors.not_found",
    405: "dash_errors.bad_method",
    406: "api.status_406",
    408: "dash_errors.too_slow",
    413: "dash_errors.too_large",
    414: "dash_errors.long_address",
    409: "api.status_409",
    415: "dash_errors.bad_media",
    421: "dash_errors.not_secure",
    429: "api.status_429",
    431: "dash_errors.long_head",
    503: "dash_errors.too_busy",
}
#: an error page needs nothing but itself
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: the address under which Dash gives its frame for whatever no route takes
ANY_PATH = "/<path:path>"
#: the language that the server was started with, kept by it among its extensions
LANGUAGE = "xingfu_language"
#: what tells where whoever is not signed in goes, kept there too; it gives an empty address where nobody can sign in
SIGN_IN = "xingfu_sign_in"


#: characters of an address in a line of the log
_PATH = 80
#: in place of those, where a program asked
_OF_PROGRAMS = {401: "api.status_401", 404: "api.status_404", 405: "api.status_405", 413: "api.status_413"}


def sentence(status: int, lang: str, path: str = "") -> str:
    """The sentence of a status; ``path``: the address that was asked for, or that a body was too large for."""
    if path.startswith(PROGRAMS) and status in _OF_PROGRAMS:
        return say(lang, _OF_PROGRAMS[status])
    key = SENTENCES.get(status, "dash_errors.bad_request" if status < 500 or status == 501 else "dash_errors.failed")
    if status == 413 and path and not intake.takes_files(path):
        return say(lang, "dash_errors.small_file")
    return say(lang, key)


def written(status: int, text: str, lang: str, accept: str, path: str = "") -> tuple[bytes, str]:
    """Body and content type of an answer: what the reader's program takes, plain text where it says nothing.

    JSON below ``PROGRAMS``, whatever was asked for there (``path``).
    """
    best = (
        "application/json"
        if path.startswith(PROGRAMS)
        else Request({"HTTP_ACCEPT": accept}).accept_mimetypes.best_match(
            ("text/plain", "application/json", "text/html"), default="text/plain"
        )
    )
    if best == "application/json":
        return json.dumps({"error": text}, ensure_ascii=False).encode(), best
    if best == "text/html":
        return _page(status, text, lang).encode(), "text/html; charset=utf-8"
    return text.encode(), "text/plain; charset=utf-8"


def _page(status: int, text: str, lang: str) -> str:
    brand = say(lang, "dash_words.brand")
    return f"""<!DOCTYPE html>
<html lang="{HTML_LANGUAGE[lang]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status} · {brand}</title>
<style>body{{font:1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}}</style></head>
<body><h1>{brand}</h1><p role="alert">{html.escape(text)}</p>
<p><a href="/?lang={lang}">{say(lang, "page_shell.overview")}</a></p></body>
</html>
"""


def reader(incoming: Request, default: str) -> str:
    """The language of whoever asks: as the address says, else as the browser remembers or a program prefers, else the
    server's."""
    asked = parse("/", incoming.query_string.decode("utf-8", "replace"), {COOKIE_LANGUAGE: ""})
    if incoming.args.get("lang", "") in LANGUAGES:
        return asked.lang
    if incoming.path.startswith(PROGRAMS):
        return language(incoming.accept_languages.best_match(LANGUAGES) or default)
    return language(incoming.cookies.get(COOKIE_LANGUAGE) or default)


def install(server: Flask, default: str, known: Callable[[str], bool]) -> None:
    """Every refusal of the server in the reader's language; 404 for addresses that are no page (``known``)."""
    server.extensions[LANGUAGE] = default

    @server.before_request
    def unknown() -> None:
        """The frame says that there is no such page, with its status; nobody without a viewer gets the frame."""
        rule = request.url_rule
        g.no_page = rule is not None and rule.rule == ANY_PATH and not known(parse(request.path, "").path)
        if g.no_page and (g.viewer is None or request.path.startswith(PROGRAMS)):
            flask.abort(404)

    @server.after_request
    def no_page(response: Response) -> Response:
        if g.get("no_page") and response.status_code == 200:
            response.status_code = 404
        return response

    @server.errorhandler(DependencyException)
    def no_part(_: DependencyException) -> Response:
        return refused(404)

    @server.errorhandler(XingfuError)
    def expected(error: XingfuError) -> Response:
        """The store was moved away, the database does not answer: a sentence, and one line of the log, not of our making."""
        said = access.failure(error, reader(request, default))
        server.logger.error("%s %s: %s", request.method, request.path[:_PATH], error.word(default))
        return refused(500, said)

    @server.errorhandler(HTTPException)
    def error_page(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:  # where else to go
            return error
        if status == 401 and (there := _sign_in()):
            return flask.redirect(there, 303)
        if isinstance(error, InternalServerError):
            return refused(status, access.failure(error.original_exception or error, reader(request, default)))
        return refused(
            status, allow=getattr(error, "valid_methods", None) or (), wait=getattr(error, "retry_after", None)
        )

    def refused(status: int, text: str = "", allow: object = (), wait: object = None) -> Response:
        lang = reader(request, default)
        body, kind = written(
            status, text or sentence(status, lang, request.path), lang, request.headers.get("Accept", ""), request.path
        )
        response = Response(body, status, content_type=kind)
        if isinstance(allow, (list, tuple, set)) and allow:
            response.headers["Allow"] = ", ".join(sorted(map(str, allow)))
        if wait is not None:
            response.headers["Retry-After"] = str(wait)
        if status == 401 and request.path.startswith(PROGRAMS):
            response.headers["WWW-Authenticate"] = "Bearer"
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = POLICY
        return response


def _sign_in() -> str:
    """Where a person who opens a page without being signed in goes; empty for a message, a file sent, or a program."""
    where = None if request.path.startswith(PROGRAMS) else flask.current_app.extensions.get(SIGN_IN)
    page = request.accept_mimetypes.best_match(("application/json", "text/html"), default="application/json")
    return where() if where is not None and request.method in ("GET", "HEAD") and page == "text/html" else ""


def answer(status: int, incoming: Request | None, default: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body for a request of which no more than its head was read, or not even that (None)."""
    lang = default if incoming is None else reader(incoming, default)
    path, accept = ("", "text/html") if incoming is None else (incoming.path, incoming.headers.get("Accept", ""))
    body, kind = written(status, sentence(status, lang, path), lang, accept, path)
    headers = [("Content-Type", kind), ("Content-Security-Policy", POLICY), ("Cache-Control", "no-store")]
    return f"{status} {HTTPStatus(status).phrase}", headers, body
