"""The addresses of the API on the server, and ``/healthz``: who asks, how often, for what; then the rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask import Response, abort, request
from werkzeug.exceptions import TooManyRequests

from dashboard.api import asking, openapi, replies
from dashboard.api.declared import DOCUMENT, Asked, Route
from dashboard.api.offers import ROUTES
from dashboard.api.pace import Pace
from dashboard.api.usage import Usage
from dashboard.data.results import Source
from dashboard.web.access import Viewer, cross_site, failure, guarded
from survey.core.errors import Refused, Surroundings, XingfuError
from survey.core.lang import say
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.shelf import Shelf
from survey.store import Store

HEALTH = "/healthz"
#: sentences of the pages that here are a status of their own
_STATUS = {
    "dash_errors.forbidden": 403,
    "dash_errors.unknown_year": 404,
    "dash_errors.unknown_street": 404,
    "dash_errors.unknown_community": 404,
    "store.unknown_batch": 404,
}
#: what an answer depends on besides its address
_VARIES = "Authorization, Cookie, Accept, Accept-Language"


def install(server: flask.Flask, source: Source, store: Store | None, default: str, shelf: Shelf | None = None) -> None:
    """Hang every address of the table on the server, each guarded by what it needs, and the document that tells them."""
    pace, usage = Pace(shelf=shelf), Usage(shelf)
    for route in ROUTES:
        view = _view(route, source, store, default, pace, usage)
        server.add_url_rule(route.rule, endpoint=f"api{route.rule}", view_func=view, methods=["GET"])

    @guarded("sign_in")
    def document(viewer: Viewer) -> Response:
        _held(pace, viewer)
        if asking.form_of(request) != asking.JSON:
            abort(406)
        return _finished(replies.as_json(openapi.document(ROUTES, asking.language_of(request, default))))

    server.add_url_rule(DOCUMENT, endpoint="api/document", view_func=document, methods=["GET"])
    server.add_url_rule(HEALTH, endpoint="health", view_func=functools.partial(_health, store), methods=["GET"])


def _health(store: Store | None) -> Response:
    """Whether the store answers; it says nothing else to nobody."""
    try:
        if store is not None:
            with store.read() as conn:
                conn.exec_driver_sql("SELECT count(*) FROM meta").scalar()
    except XingfuError:
        return replies.as_json({"status": "unavailable"}, 503)
    return replies.as_json({"status": "ok"})


def _view(
    route: Route, source: Source, store: Store | None, default: str, pace: Pace, usage: Usage
) -> Callable[..., Any]:
    @guarded(route.needs)
    def handle(viewer: Viewer, **names: int) -> Response:
        _held(pace, viewer)
        form, lang = asking.form_of(request), asking.language_of(request, default)
        if route.of_year and not FIRST_YEAR <= names["year"] <= LAST_YEAR:
            abort(404)
        said: Mapping[str, Any] = {}
        try:
            said = asking.given(route, request)
            asked = Asked(viewer, source, store, lang, names.get("year", 0), said)
            of = replies.mark(asked, request.path, form)
            etag = replies.tag(of, asked)
            if replies.unchanged(request, etag):
                answer = Response(status=304)
            else:
                answer = replies.reply(route, asked, route.read(asked), of, form)
        except XingfuError as error:
            status = _status_of(error)
            if status == 403:
                usage.note(store, viewer, route.told, {}, single=False, refused=True)
            told = say(lang, f"api.status_{status}") if error.key in _STATUS else failure(error, lang)
            return _finished(replies.as_json({"error": told}, status))
        usage.note(store, viewer, route.told, {**said, **names}, single=route.single, refused=False)
        answer.set_etag(etag)
        return _finished(answer)

    return handle


def _held(pace: Pace, viewer: Viewer) -> None:
    """403 for what another site's page asks for; 429 for who asks too often."""
    if cross_site(request):
        abort(403)
    if seconds := pace.wait(viewer.user):
        raise TooManyRequests(retry_after=seconds)


def _status_of(error: XingfuError) -> int:
    if isinstance(error, Surroundings):
        return 503
    return _STATUS.get(error.key, 400) if isinstance(error, Refused) else 500


def _finished(response: Response) -> Response:
    response.headers["Vary"] = _VARIES
    return response
