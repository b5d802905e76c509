"""Who sends a request: whoever a session's cookie stands for, or, while there is no account, whoever sits at this machine.

The session's cookie is out of reach of scripts; beside it stands a token that pages read and send back with everything
that changes something, so that no other site's page can (its browser sends the cookie, but does not know the token).
"""

from __future__ import annotations

import logging

from flask import Flask, Request, Response, abort, g, request

from dashboard.accounts import people, programs, secrets, sessions
from dashboard.web import access
from dashboard.web.access import Viewer
from dashboard.web.error_pages import PROGRAMS
from dashboard.web.security import COOKIE_TOKEN, TOKEN_HEADER, cookie
from survey.core.errors import XingfuError
from survey.store import Store

LOG = logging.getLogger("xingfu.dashboard")
COOKIE_SESSION = "xingfu_session"
#: the field of a form that holds what pages send as a header
FIELD = "token"
FORM = "application/x-www-form-urlencoded"
_READS = ("GET", "HEAD", "OPTIONS")


def identify(store: Store, *, alone: bool) -> access.Identify:
    """What tells who is looking, by the sessions of a store.

    ``alone``: nobody but this machine reaches the server, so that whoever does is its administrator until the first
    account is there.
    """

    def told(incoming: Request) -> Viewer | None:
        if asks_as_program(incoming):
            return _program(store, incoming)
        session_id = session_of(incoming)
        with store.read() as conn:
            session = sessions.find(conn, session_id) if session_id else None
            if session is None and alone and not people.any_there(conn):
                return access.local_administrator(incoming)
        g.session = session
        if session is None or session.account.role not in people.roles():
            return None
        account = session.account
        return access.viewer_of(account.name, account.role, account.scopes, incoming.remote_addr or "")

    return told


def asks_as_program(incoming: Request) -> bool:
    """Whether a request carries a token where programs ask: it is judged by that alone, whoever is signed in beside it."""
    return incoming.path.startswith(PROGRAMS) and "Authorization" in incoming.headers


def _program(store: Store, incoming: Request) -> Viewer | None:
    """The viewer of a program's token, which reads and does nothing else; None for any other word."""
    kind, _, secret = incoming.headers["Authorization"].partition(" ")
    if kind.lower() != "bearer" or not secret or incoming.method not in _READS:
        return None
    with store.read() as conn:
        program = programs.find(conn, secret.strip())
    if program is None or program.role not in people.roles():
        return None
    g.program = program
    return access.viewer_of(program.user, program.role, program.scopes, incoming.remote_addr or "")


def install(server: Flask, store: Store) -> None:
    """Hold what changes something to the token of its session, and mark sessions as used."""

    @server.before_request
    def own_page() -> None:
        if request.method in _READS or g.get("session") is None:
            return
        session_id = session_of(request)
        sent = request.headers.get(TOKEN_HEADER, "")
        if not sent and request.mimetype == FORM:
            sent = request.form.get(FIELD, "")
        if not secrets.same(sent, secrets.form_token(session_id)):
            abort(400)

    @server.after_request
    def used(response: Response) -> Response:
        """After the answer has gone: a store that is busy makes nobody wait."""
        program = g.get("program")
        if program is not None and programs.rested(program):
            response.call_on_close(lambda: _touch(store, program))
        session = g.get("session")
        if session is not None and sessions.rested(session):
            response.call_on_close(lambda: _touch(store, session))
        return response


def session_of(incoming: Request) -> str:
    """The id of a session that a browser sends; empty where it holds none."""
    return incoming.cookies.get(cookie(COOKIE_SESSION, secure=incoming.is_secure), "")


def remember(response: Response, session_id: str) -> Response:
    """Let the browser hold a session; its cookies go over TLS alone where this answer does."""
    kept = {"samesite": "Lax", "secure": request.is_secure, "path": "/"}
    named = cookie(COOKIE_SESSION, secure=request.is_secure)
    response.set_cookie(named, session_id, httponly=True, **kept)  # type: ignore[arg-type]
    response.set_cookie(COOKIE_TOKEN, secrets.form_token(session_id), **kept)  # type: ignore[arg-type]
    return response


def forget(response: Response) -> Response:
    """Let the browser hold no session."""
    for name in (cookie(COOKIE_SESSION, secure=request.is_secure), COOKIE_TOKEN):
        response.delete_cookie(name, path="/", samesite="Lax", secure=request.is_secure)
    return response


def _touch(store: Store, one: sessions.Session | programs.Program) -> None:
    try:
        if isinstance(one, programs.Program):
            programs.used(store, one)
        else:
            sessions.touch(store, one)
    except XingfuError as error:  # it runs on as it was, and the next request tries again
        LOG.warning("a session was not marked as used: %s", error)
