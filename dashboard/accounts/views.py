"""Addresses of accounts: signing in, choosing a password, one's own account, signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import Flask, Response, g, request

from dashboard.accounts import forms, identity, people, secrets, sign_in
from dashboard.accounts.forms import Field, Form
from dashboard.accounts.sessions import Session
from dashboard.web import access, error_pages
from dashboard.web.access import guarded
from dashboard.web.address import COOKIE_LANGUAGE
from dashboard.web.security import cookie
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store

#: ties a form of somebody who is not signed in yet to the browser that it was given to
COOKIE_FORM = "xingfu_form"
#: sentence → its status, and the fields it is about
WRONG = {
    "account.wrong": (403, ("name", "password")),
    "account.wrong_token": (403, ("name", "once")),
    "account.wrong_old": (403, ("old",)),
    "account.too_many": (429, ()),
    "account.password_differs": (422, ("again",)),
}
_NEW = (422, ("new",))


def install(server: Flask, store: Store, default: str, *, alone: bool) -> None:
    """Hang the addresses on the server; ``default``: the language it was started in; ``alone`` as ``identity.identify``."""
    identity.install(server, store)
    pages = _Pages(store, default, alone)
    server.extensions[error_pages.SIGN_IN] = pages.where
    routes: dict[tuple[str, str], Callable[..., Any]] = {
        ("/sign-in", "GET"): pages.sign_in_page,
        ("/sign-in", "POST"): pages.sign_in,
        ("/sign-in/token", "GET"): pages.token_page,
        ("/sign-in/token", "POST"): pages.token,
        ("/account", "GET"): guarded("sign_in")(pages.account_page),
        ("/account", "POST"): guarded("sign_in")(pages.account),
        ("/account/sign-out", "POST"): guarded("sign_in")(pages.sign_out),
    }
    for (path, method), view in routes.items():
        server.add_url_rule(path, endpoint=f"{method} {path}", view_func=view, methods=[method])


class _Pages:
    """The views, on one store."""

    def __init__(self, store: Store, default: str, alone: bool) -> None:
        self.store, self.default, self.alone = store, default, alone

    @property
    def lang(self) -> str:
        return error_pages.reader(request, self.default)

    def where(self) -> str:
        """Where whoever is not signed in goes, and comes back from; empty while there is no account."""
        with self.store.read() as conn:
            if not people.any_there(conn):
                return ""
        return forms.link("/sign-in", lang=self.lang, next=forms.own(request.full_path.rstrip("?")))

    def sign_in_page(self) -> Any:
        """The form; whoever is signed in already goes on."""
        with self.store.read() as conn:
            there = people.any_there(conn)
        if not there or flask.current_app.extensions[access.IDENTIFY](request) is not None:
            return flask.redirect(self._next(), 303)
        return self._given(self._sign_in())

    def sign_in(self) -> Any:
        """Name and password."""
        return self._tried(
            self._sign_in, lambda: sign_in.sign_in(self.store, _typed("name"), _typed("password"), _from())
        )

    def token_page(self) -> Any:
        """The form of a one-time token."""
        return self._given(self._token())

    def token(self) -> Any:
        """Choose a password with a one-time token."""
        return self._tried(
            self._token, lambda: sign_in.choose(self.store, _typed("name"), _typed("once"), self._new(), _from())
        )

    def account_page(self, _viewer: access.Viewer) -> Any:
        """One's own account; nobody has one while there is none."""
        session: Session | None = g.get("session")
        return flask.redirect("/", 303) if session is None else self._shown(self._account(session), 200)

    def account(self, _viewer: access.Viewer) -> Any:
        """Another password."""
        session = _session()
        try:
            made = sign_in.change_password(self.store, session, _typed("old"), self._new(), _from())
        except Refused as refused:
            return self._refused(self._account, refused, session)
        g.session = None  # it has ended, so it is not marked as used
        return identity.remember(flask.redirect("/", 303), made)

    def sign_out(self, _viewer: access.Viewer) -> Any:
        """This browser, or every one of this person."""
        sign_in.sign_out(self.store, _session(), everywhere=bool(_typed("everywhere")))
        g.session = None
        return identity.forget(flask.redirect(forms.link("/sign-in", lang=self.lang), 303))

    def _tried(self, form: Callable[..., str], enter: Callable[[], str]) -> Any:
        """Go on with a new session, or show the form with what was wrong."""
        sent, held = _typed(identity.FIELD), _tied()
        if access.cross_site(request) or not held or not secrets.same(sent, held):
            flask.abort(400)
        try:
            made = enter()
        except Refused as refused:
            return self._refused(form, refused)
        if before := identity.session_of(request):
            sign_in.leave(self.store, before)
        return identity.remember(flask.redirect(self._next(), 303), made)

    def _new(self) -> str:
        """The new password, typed twice; raises Refused where the two differ."""
        if _typed("new") != _typed("again"):
            raise Refused("account.password_differs")
        return _typed("new")

    def _refused(self, form: Callable[..., str], refused: Refused, *given: Any) -> Response:
        status, wrong = WRONG.get(refused.key, _NEW)
        response = self._shown(form(*given, error=refused.word(self.lang), wrong=wrong), status)
        if status == 429:
            response.headers["Retry-After"] = "900"
        return response

    def _given(self, html: str) -> Response:
        """A form for somebody who is not signed in, with the cookie that it is tied to."""
        response = self._shown(html, 200)
        secure = request.is_secure
        path = "/" if secure else "/sign-in"  # what a host alone may set holds for all of it
        response.set_cookie(_form_cookie(), g.form, httponly=True, samesite="Lax", secure=secure, path=path)
        return response

    def _shown(self, html: str, status: int) -> Response:
        response = Response(html, status, mimetype="text/html")
        response.headers["Content-Security-Policy"] = forms.POLICY
        response.set_cookie(COOKIE_LANGUAGE, self.lang, samesite="Lax", secure=request.is_secure, max_age=180 * 86400)
        return response

    def _next(self) -> str:
        return forms.own(request.values.get("next", "/"))

    def _carried(self) -> dict[str, str]:
        """What a form of somebody unknown carries: where to go on, and what ties it to this browser."""
        g.form = _tied() or secrets.random_id()
        return {"next": self._next(), identity.FIELD: g.form}

    def _warning(self) -> str:
        return "" if self.alone or request.is_secure else say(self.lang, "page_account.plain_http")

    def _other(self, path: str) -> str:
        return forms.link(path, lang="en" if self.lang == "zh" else "zh", next=self._next())

    def _sign_in(self, error: str = "", wrong: tuple[str, ...] = ()) -> str:
        fields = (
            Field("name", "page_account.name", "username", hidden=False, value=_typed("name")),
            Field("password", "page_account.password", "current-password"),
        )
        return forms.page(
            "page_account.sign_in",
            [Form("/sign-in", fields, "page_account.enter", self._carried())],
            self.lang,
            warning=self._warning(),
            error=error,
            wrong=wrong,
            ways=[(say(self.lang, "page_account.with_token"), self._way("/sign-in/token"))],
            other=self._other("/sign-in"),
        )

    def _token(self, error: str = "", wrong: tuple[str, ...] = ()) -> str:
        fields = (
            Field("name", "page_account.name", "username", hidden=False, value=_typed("name")),
            Field("once", "page_account.once", "one-time-code", hidden=False, hint="page_account.once_hint"),
            *_NEW_FIELDS,
        )
        return forms.page(
            "page_account.choose",
            [Form("/sign-in/token", fields, "page_account.choose_enter", self._carried())],
            self.lang,
            warning=self._warning(),
            error=error,
            wrong=wrong,
            ways=[(say(self.lang, "page_account.with_password"), self._way("/sign-in"))],
            other=self._other("/sign-in/token"),
        )

    def _account(self, session: Session, error: str = "", wrong: tuple[str, ...] = ()) -> str:
        lang = self.lang
        token = {identity.FIELD: secrets.form_token(identity.session_of(request))}
        role = say(lang, f"account_roles.{session.account.role}")
        old = Field("old", "page_account.old", "current-password")
        return forms.page(
            "page_account.own",
            [
                Form("/account", (old, *_NEW_FIELDS), "page_account.change", token),
                Form("/account/sign-out", (), "page_account.sign_out", token, ""),
                Form("/account/sign-out", (), "page_account.everywhere", {**token, "everywhere": "1"}, ""),
            ],
            lang,
            lines=[say(lang, "page_account.who", name=session.account.name, role=role)],
            error=error,
            wrong=wrong,
            ways=[(say(lang, "page_shell.overview"), forms.link("/", lang=lang))],
            other=forms.link("/account", lang="en" if lang == "zh" else "zh"),
        )

    def _way(self, path: str) -> str:
        return forms.link(path, lang=self.lang, next=self._next())


_NEW_FIELDS = (
    Field("new", "page_account.new", "new-password", hint="page_account.new_hint"),
    Field("again", "page_account.again", "new-password"),
)


def _typed(name: str) -> str:
    """What was typed into a field."""
    return request.form.get(name, "")


def _form_cookie() -> str:
    return cookie(COOKIE_FORM, secure=request.is_secure)


def _tied() -> str:
    """What ties a form to the browser that it was given to; empty where there is nothing."""
    return request.cookies.get(_form_cookie(), "")


def _from() -> str:
    """The address that a request came from, as its try is counted."""
    return request.remote_addr or ""


def _session() -> Session:
    """The session of this request; 401 where there is none."""
    found: Session | None = g.get("session")
    if found is None:
        flask.abort(401)
    return found
