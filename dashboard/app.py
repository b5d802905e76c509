"""The dashboard as a Dash app: one address in, one page out.

``create_app`` makes a new app each time, so that tests and servers do not share state.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
import flask
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from werkzeug.exceptions import HTTPException

from dashboard import routes
from dashboard.accounts import half_filled
from dashboard.api import served as api
from dashboard.data.results import Source
from dashboard.data.search.english_names import calling_in, language_of
from dashboard.data.uploads import Uploads
from dashboard.figures.theme import THEME
from dashboard.pages import PAGES
from dashboard.parts.page import Page, Resources, Select, find
from dashboard.parts.sent_forms import SentForm, spoken_of, told
from dashboard.router import covered
from dashboard.shown import Shown
from dashboard.web import access, error_pages, intake, request_log, security
from dashboard.web.access import Viewer, guard_of, guarded
from dashboard.web.address import COOKIE_LANGUAGE, COOKIE_YEAR, parse
from dashboard.web.error_pages import HTML_LANGUAGE
from dashboard.web.frame import FIRST, Frame
from survey.core.errors import XingfuError
from survey.core.lang import DEFAULT_LANGUAGE, PAGE, language, on_surface, say
from survey.files.shelf import Shelf

LOG = logging.getLogger("xingfu.dashboard")


class Dashboard(Dash):
    """Dash whose first HTML is in the reader's language, and whose callbacks are guarded and mask what they show."""

    default_language = DEFAULT_LANGUAGE
    shown: Shown
    frame: Frame
    store: Any = None
    one_process: frozenset[str] = frozenset()
    """Callbacks of the pages of which one process knows what is under way (``Page.one_process``)."""

    def callback(self, *args: Any, **kwargs: Any) -> Callable[..., Any]:
        """Dash's own, for guarded functions alone: raises ValueError for one that asks for no permission.

        What a function puts on a page is ``covered`` as a page is, whoever wrote it.  A field that is read besides may
        be gone: Dash still asks once more for controls that went with a page somebody left, and would call that an error.
        """
        register = super().callback
        for one in args:
            if isinstance(one, State):
                one.allow_optional = True
        shown = [one.component_property == "children" for one in args if isinstance(one, Output)]

        def decorate(function: Callable[..., Any]) -> Any:
            guard_of(function)

            @functools.wraps(function)
            def run(*given: Any, **named: Any) -> Any:
                with calling_in(self.store, language_of(given, _memory(self))):
                    told = function(*given, **named)
                    if len(shown) == 1:
                        return covered(told) if shown[0] else told
                    if not isinstance(told, (list, tuple)):
                        return told  # nothing to change
                    return tuple(covered(one) if read else one for one, read in zip(told, shown, strict=True))

            return register(*args, **kwargs)(run)

        return decorate

    def index(self, *_args: Any, **_kwargs: Any) -> str:
        """The first HTML of any page. Dash's own names each of its scripts; ours come as one (``Frame``)."""
        return self.interpolate_index(config=self._generate_config_html())

    def interpolate_index(self, **parts: str) -> str:
        """The index page; ``lang`` and the loading text follow the address and the browser's memory."""
        lang = language(
            flask.request.args.get("lang") or flask.request.cookies.get(COOKIE_LANGUAGE) or self.default_language
        )
        title, first = self._first()
        script, style = self.frame.addresses
        return f"""<!DOCTYPE html>
<html lang="{HTML_LANGUAGE[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title) or say(lang, "dash_words.brand")}</title>
<link rel="icon" href="{self.get_asset_url("icon.svg")}">
<link rel="stylesheet" href="{style}">
<link rel="preload" as="script" href="{script}">
</head>
<body data-sign-in="{say(lang, "page_account.again_in")}">
{first}<div id="react-entry-point"><div class="boot">{say(lang, "page_shell.loading")}</div></div>
<div id="unsupported" class="message" role="alert" hidden>{say(lang, "page_shell.unsupported")}</div>
<noscript>{say(lang, "page_shell.noscript")}</noscript>
{parts["config"]}
<script src="{self.get_asset_url(FIRST)}" data-frame="{script}"></script>
</body>
</html>"""

    def _first(self) -> tuple[str, str]:
        """Title and content of the page that is asked for, shown until the browser has built its own; empty for others.

        What keeps a page from being made is told by the page itself, once the browser asks for it.
        """
        if flask.g.get("viewer") is None:
            return "", ""
        try:
            title, html_text = _carried(self)
        except XingfuError:
            return "", ""
        return title, f'<div id="first">{html_text}</div>' if html_text else ""


@guarded("sign_in")
def _carried(viewer: Viewer, app: Dashboard) -> tuple[str, str]:
    """What the first HTML of this request carries for its reader, as far as ``guarded`` lets them see."""
    query = flask.request.query_string.decode("utf-8", "replace")
    return app.shown.at_once(viewer, flask.request.path, f"?{query}", _memory(app))


def _known(source: Source, pages: Sequence[Page], path: str) -> bool:
    """Whether an address is a page, and there is what it names; who is not let in learns the first only."""
    found = find(pages, path)
    if found is None:
        return False
    page, names = found
    if page.there is None or flask.g.viewer is None:
        return True
    try:
        return page.there(source, **names)
    except XingfuError:
        return True  # the page says what is wrong


def create_app(
    store: Any,
    *,
    source: Source | None = None,
    identify: access.Identify = access.local_administrator,
    uploads: Uploads | None = None,
    lang: str = DEFAULT_LANGUAGE,
    pages: Sequence[Page] = PAGES,
    shelf: Shelf | None = None,
) -> Dashboard:
    """The app on one store; ``source`` replaces where results come from, ``identify`` who is looking.

    ``shelf``: what it shares with other processes of the same server.
    """
    if source is None:
        from dashboard.data.results import StoreSource

        source = StoreSource(store, shelf)
    forms = [form for page in pages for form in page.sent]
    app = Dashboard(
        "dashboard",
        assets_folder=str(security.PLOTLY_FILE.parent),
        include_assets_files=False,
        compress=True,
        csrf_token_name=security.COOKIE_TOKEN,
        csrf_header_name=security.TOKEN_HEADER,
        enable_mcp=False,
        include_pages_meta=False,
        serve_locally=True,
        title="",
        update_title="",
        suppress_callback_exceptions=True,
        on_error=functools.partial(_failed, forms),
        use_pages=False,
    )
    app.default_language = language(lang)
    app.store = store
    app.server.wsgi_app = _worded_for_pages(app.server.wsgi_app)
    request_log.install(app.server)
    access.install_gate(app.server, identify, access.register_of(store))
    security.install(app)
    app.frame = Frame(app)
    intake.install(app, frozenset(post.rule for page in pages for post in page.posts))
    error_pages.install(app.server, app.default_language, functools.partial(_known, source, pages))
    resources = Resources(source, store, Uploads() if uploads is None else uploads)
    app.layout = _layout
    app.shown = Shown(resources, pages)
    _routing(app, app.shown)
    _in_browser(app)
    _selects(app, pages)
    _forms(app, resources, pages)
    for page in pages:
        if page.register is not None:
            before = set(app.callback_map)
            page.register(app, resources)
            if page.one_process:
                app.one_process |= set(app.callback_map) - before
    routes.install(app.server, resources, pages)
    api.install(app.server, source, store, app.default_language, shelf)
    return app


def _worded_for_pages(serve: Callable[..., Any]) -> Callable[..., Any]:
    """The server as it is, each of its answers in the words of pages, whoever started it."""

    def served(environ: Any, start_response: Any) -> Any:
        with on_surface(PAGE):
            return serve(environ, start_response)

    return served


def _layout() -> Any:
    """The frame; it holds no data. What is shown comes from the routing callback."""
    return dmc.MantineProvider(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="view"),
            dcc.Store(id="refresh"),
            dcc.Store(id="goto"),
            html.Div(html.Div(className="boot"), id="page"),
            html.Div(id="notice", role="alert", className="notice"),
        ],
        theme=THEME,
        forceColorScheme="light",
        id="mantine",
    )


def _routing(app: Dashboard, shown: Shown) -> None:
    @app.callback(
        Output("page", "children"),
        Output("view", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("refresh", "data"),
    )
    @guarded("sign_in")
    def show(viewer: Viewer, pathname: Any, search: Any, _refresh: Any) -> tuple[Any, dict[str, str]]:
        path, query, memory = _text(pathname), _text(search), _memory(app)
        rendered = shown.page(viewer, path, query, memory)
        address = rendered.address
        kept_so = {"samesite": "Lax", "secure": flask.request.is_secure}
        ctx.response.set_cookie(COOKIE_LANGUAGE, address.lang, max_age=180 * 86400, **kept_so)
        if address.year is not None:
            ctx.response.set_cookie(COOKIE_YEAR, str(address.year), **kept_so)
        here = {"path": quote(address.path), "search": address.search}
        return rendered.children, {"title": rendered.title, "lang": HTML_LANGUAGE[address.lang], **here}


def _in_browser(app: Dashboard) -> None:
    """What the frame does without the server: title and language, the drawer, going to an address."""
    app.clientside_callback(
        ClientsideFunction("xingfu", "shown"),
        Output("notice", "children"),
        Input("view", "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("xingfu", "drawer"),
        Output("drawer", "opened"),
        Input("burger", "opened"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("xingfu", "closed"),
        Output("burger", "opened"),
        Input("drawer", "opened"),
        State("burger", "opened"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("xingfu", "go"),
        Output("goto", "modified_timestamp"),
        Input("goto", "data"),
        State("view", "data"),
        prevent_initial_call=True,
    )


def _selects(app: Dashboard, pages: Sequence[Page]) -> None:
    """Each select once, however many pages show it; raises ValueError for two that are called the same."""
    selects: dict[str, Select] = {}
    for select in (select for page in pages for select in page.selects):
        if selects.setdefault(select.id, select) != select:
            raise ValueError(f"two selects are called {select.id}")
    for select in selects.values():
        app.clientside_callback(
            ClientsideFunction("xingfu", select.how),
            Output(select.id, "data-gone"),
            Input(select.id, "value"),
            State("view", "data"),
            prevent_initial_call=True,
        )


def _forms(app: Dashboard, resources: Resources, pages: Sequence[Page]) -> None:
    """What is typed into a form is kept as it is typed."""

    def keeping(form: half_filled.Form) -> Callable[..., Any]:
        @guarded(form.needs)
        def note(viewer: Viewer, *said: Any) -> Any:
            view = said[-1]
            search = _text(view.get("search")) if isinstance(view, dict) else ""
            values = said[: len(form.fields)]
            changed = [(ctx.triggered_prop_ids.get(one["prop_id"]), one.get("value")) for one in ctx.triggered]
            half_filled.note(viewer, resources.store, form, parse("", search, _memory(app)), values, changed)
            return no_update

        return note

    for form in (form for page in pages for form in page.forms):
        app.callback(
            Output(form.at, "data"),
            *form.inputs,
            State("view", "data"),
            prevent_initial_call=True,
        )(keeping(form))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _memory(app: Dashboard) -> dict[str, str]:
    """What the browser remembers; without it the language the server was started with."""
    return {COOKIE_LANGUAGE: app.default_language, **flask.request.cookies}


def _failed(forms: Sequence[SentForm], error: Exception) -> None:
    """Anything a callback did not expect: logged in full, told in one sentence; statuses stay what they are.

    ``forms``: those that say which field a refusal speaks of; the page marks it.
    """
    if isinstance(error, HTTPException):
        raise error
    lang = error_pages.reader(flask.request, flask.current_app.extensions[error_pages.LANGUAGE])
    if not isinstance(error, XingfuError):
        LOG.error("callback failed", exc_info=error)
    sentence = access.failure(error, lang)
    field, label = ("", "")
    if isinstance(error, XingfuError):
        field, label = spoken_of(error, forms, ctx.triggered, ctx.states_list, ctx.triggered_id)
    said = told(sentence, label, lang)
    shown = html.Span(said, **{"data-about": field, "data-at": str(time.time())}) if field else said
    set_props("notice", {"children": shown})
