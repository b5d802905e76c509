"""已存视图: one line a view; what is gone is said in a sentence, with what there is instead."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.data.questions.kept_views import Listed, listed
from dashboard.parts.basic import card, link
from dashboard.parts.context import Context, View
from dashboard.parts.saved_views import gone_word, shared_badge, shown
from dashboard.web.access import may
from survey.core.lang import say


def page(context: Context) -> View:
    """All views of this reader."""
    lang = context.lang
    title = say(lang, "page_views.title")
    found = listed(context.viewer, context.source, context.store)
    hint = html.Span(say(lang, "page_views.list_hint"), className="hint")
    top = html.Div(html.Div([html.H1(title), hint], className="top-start"), className="top")
    if not found:
        to = link(say(lang, "page_shell.answers"), context.address.link("/answers"), "button primary")
        none = card([html.P(say(lang, "page_views.none")), html.Div(to, className="actions")])
        return View(title, "views", html.Div([top, none], className="views-page"))
    lines = html.Ul([_line(context, one) for one in found], className="views-list")
    return View(title, "views", html.Div([top, card(lines)], className="views-page"))


def _line(context: Context, one: Listed) -> html.Li:
    lang, view, left = context.lang, one.view, one.standing
    what: list[Any] = []
    if left.asked is not None:
        words = [str(left.year), *shown(left.asked, lang)]
        what.append(html.P(" · ".join(words), className="muted" if not left.gone else ""))
    name: Any = html.B(view.name) if left.asked is None else link(html.B(view.name), one.link(context.address))
    head = html.Div([name, shared_badge(view, context.viewer.user, lang), html.Span(view.at, className="muted")])
    gone: list[Any] = []
    if left.gone:
        nothing = say(lang, "page_views.nothing_left") if left.asked is None else ""
        gone = [html.P([gone_word(left, lang), nothing], className="views-gone")]
    return html.Li([head, *gone, *what, *(_changes(context, one) if one.may_change else ())])


def _changes(context: Context, one: Listed) -> list[Any]:
    """What the reader may do with a view, folded until it is wanted."""
    lang, number = context.lang, one.view.id
    parts: list[Any] = [
        dmc.TextInput(
            id={"type": "view-name", "view": number},
            label=say(lang, "page_views.name"),
            value=one.view.name,
            **{"aria-label": say(lang, "page_views.name_of", name=one.view.name)},
        ),
        _button(lang, "rename", number, one.view.name),
    ]
    if one.may_share and (may(context.viewer, "share_views") or one.view.shared):
        parts.append(_button(lang, "unshare" if one.view.shared else "share", number, one.view.name))
    parts.append(_button(lang, "delete", number, one.view.name, "button small danger"))
    folded = html.Details(
        [html.Summary(say(lang, "page_views.change")), html.Div(parts, className="views-change")],
        key=f"{number} {one.view.name} {one.view.shared}",
    )
    return [folded]


def _button(lang: str, what: str, number: int, name: str, kind: str = "button small") -> html.Button:
    label = say(lang, f"page_views.{what}")
    return html.Button(
        label,
        id={"type": f"view-{what}", "view": number},
        type="button",
        className=kind,
        **{"aria-label": f"{label}: {name}" if lang == "en" else f"{label}：{name}"},
    )
