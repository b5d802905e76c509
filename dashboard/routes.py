"""Plain routes beside Dash, as the pages declare them: files to download, files to upload."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import flask
from flask import Response
from werkzeug.routing import IntegerConverter, Map

from analysis.exports.files import safe_name
from dashboard.data.files import File
from dashboard.data.search.english_names import calling_in
from dashboard.parts.context import Context
from dashboard.parts.page import Download, Page, Post, Resources
from dashboard.web.access import Viewer, failure, guarded, person
from dashboard.web.address import Address, from_path, parse
from survey.core import limits
from survey.core.errors import Surroundings, XingfuError
from survey.core.masking import masked
from survey.files.taking import taken_by
from survey.files.turns import Turns
from survey.store import audit


class Number(IntegerConverter):
    """A whole number in an address, no larger than a store can hold; any other is no address of ours."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = 2**31 - 1) -> None:
        super().__init__(map, fixed_digits, min, max)


def install(server: flask.Flask, resources: Resources, pages: Sequence[Page]) -> None:
    """Hang the downloads and posts of the pages on the server; every one is guarded by what it needs."""
    server.url_map.converters["int"] = Number
    turns = Turns(lambda: limits.FILES_AT_ONCE)
    for page in pages:
        for download in page.downloads:
            _add(server, download, "GET", _file_view(download, resources, turns))
        for post in page.posts:
            _add(server, post, "POST", _post_view(post, resources))


def _add(server: flask.Flask, route: Download | Post, method: str, view: Callable[..., Any]) -> None:
    server.add_url_rule(route.rule, endpoint=f"xingfu{route.rule}", view_func=view, methods=[method])


def _file_view(download: Download, resources: Resources, turns: Turns) -> Callable[..., Any]:
    @guarded(download.needs)
    def handle(viewer: Viewer, **names: Any) -> Response:
        context = _context(viewer, resources)
        names = {name: from_path(piece) if isinstance(piece, str) else piece for name, piece in names.items()}
        try:
            with turns.one(), taken_by(person(viewer.user)), calling_in(context.store, context.lang):
                file = download.make(context, **names)
            if not download.unrecorded:
                _record(context, download.rule, names)
            return _send(file)
        except XingfuError as error:
            status = 503 if isinstance(error, Surroundings) else 404
            return Response(failure(error, context.lang), status, mimetype="text/plain")

    return handle


def _record(context: Context, rule: str, names: Mapping[str, Any]) -> None:
    """Write down that somebody took a file, before they have it; an archive that can't be written to keeps no record."""
    if context.store is None or context.store.read_only:
        return
    told = {name: value for name, value in names.items() if name != "token"}
    with context.store.note() as conn:
        audit.record(conn, context.viewer.user, "download", rule, {**told, "year": context.address.year})


def _post_view(post: Post, resources: Resources) -> Callable[..., Any]:
    @guarded(post.needs)
    def handle(viewer: Viewer) -> Any:
        context = _context(viewer, resources)
        with calling_in(context.store, context.lang):
            return post.handle(context)

    return handle


def _context(viewer: Viewer, resources: Resources) -> Context:
    return Context(viewer, resources.source, _address(), resources.store, resources.uploads)


def _address() -> Address:
    return parse(flask.request.path, flask.request.query_string.decode("utf-8", "replace"), flask.request.cookies)


def _send(file: File) -> Response:
    stem, dot, ending = masked(file[0]).rpartition(".")
    name, data, kind = f"{safe_name(stem or ending)}{dot}{ending if stem else ''}", *file[1:]
    plain = "".join(c if c.isascii() and c not in '"\\' and c.isprintable() else "_" for c in name)
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
