"""What may come in with a request, told from its head: who may send a body, and how large it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash
from flask import Flask, Request, abort, request
from werkzeug.exceptions import BadRequest, HTTPException

from dashboard.web import access
from survey.core import limits
from survey.core.errors import XingfuError

#: where a page tells the server what was done on it
MESSAGES = "/_dash-update-component"
#: addresses that take files, kept by the server among its extensions
FILES = "xingfu_files"
#: how deep a message may be nested; those of our pages stay below ten
DEEPEST = 60


def takes_files(path: str) -> bool:
    """Whether an address is anything but the one of messages: what is too large there is a file."""
    return path != MESSAGES


def most(server: Flask, path: str) -> int:
    """Bytes that a body may have at this address."""
    if path.startswith(access.FORMS):
        return limits.FORM_BYTES
    if path == MESSAGES:
        return limits.message_bytes()
    return limits.request_bytes() if path in server.extensions[FILES] else limits.FORM_AROUND_BYTES


def refusal(server: Flask, environ: Mapping[str, Any]) -> tuple[int, int]:
    """For a request with a body, from its head alone: the status it is refused with (0: none), and the bytes it may have.

    Where the store is away nobody can be told apart: what is short goes on to the application, which asks again and says
    what is wrong with the store; what is long is not read. This runs where all connections are looked after.
    """
    with server.request_context(dict(environ)):
        cap = most(server, request.path)
        try:
            _, status = access.admitted(request, server.extensions[access.IDENTIFY])
        except XingfuError:
            cap = min(cap, limits.FORM_BYTES)
            return (500 if (request.content_length or 0) > cap else 0), cap
        wrong = request.routing_exception
        if not status and isinstance(wrong, HTTPException) and (wrong.code or 0) >= 400:
            status = wrong.code or 0
        if not status and (request.content_length or 0) > cap:
            status = 413
        return status, cap


def install(app: Dash, files: frozenset[str]) -> None:
    """Hold every request to its size, and every message to the shape of one; ``files``: addresses that take files."""
    server = app.server
    server.extensions[FILES] = files
    server.config["MAX_CONTENT_LENGTH"] = limits.request_bytes()

    @server.before_request
    def held() -> None:
        if len(request.full_path) > limits.ADDRESS_BYTES:
            abort(414)
        request.max_content_length = most(server, request.path)
        if (request.content_length or 0) > request.max_content_length:
            abort(413)
        if request.path == MESSAGES and request.method == "POST" and not _fits(_message(request), app.callback_map):
            abort(400)


def _message(incoming: Request) -> Any:
    """What a message says; raises BadRequest (or 415) for what is none."""
    try:
        return incoming.get_json()
    except RecursionError as error:
        raise BadRequest from error


def _fits(body: Any, callbacks: Mapping[str, Any]) -> bool:
    """Whether a message asks for a callback that there is, with as many values as it takes."""
    if not isinstance(body, dict) or _deeper(body, DEEPEST):
        return False
    wanted = body.get("output")
    callback = callbacks.get(wanted) if isinstance(wanted, str) else None
    if callback is None or "callback" not in callback:
        return False
    changed = body.get("changedPropIds", [])
    return (
        _many(body.get("inputs", []), len(callback["inputs"]))
        and _many(body.get("state", []), len(callback["state"]))
        and _targets(body.get("outputs"), str(wanted))
        and isinstance(changed, list)
        and all(isinstance(c, str) for c in changed)
    )


def _deeper(body: Any, depth: int) -> bool:
    """Whether lists and objects lie more than ``depth`` deep in each other."""
    level = [body]
    for _ in range(depth):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _many(entries: Any, number: int) -> bool:
    return isinstance(entries, list) and len(entries) == number and all(_place(e) for e in entries)


def _targets(outputs: Any, wanted: str) -> bool:
    """Outputs as the address of the callback has them: one, or a list of as many as it joins."""
    if not wanted.startswith(".."):
        return _place(outputs)
    return _many(outputs, len(wanted[2:-2].split("...")))


def _place(entry: Any) -> bool:
    """A property of a component, or a list of them where a pattern stands for many."""
    if isinstance(entry, list):
        return all(isinstance(one, dict) and _place(one) for one in entry)
    return (
        isinstance(entry, dict) and isinstance(entry.get("property"), str) and isinstance(entry.get("id"), (str, dict))
    )
