"""Saved views beside what they show: the form that keeps one, and the list of those there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.data.questions.asked import COMMUNITY
from dashboard.data.questions.kept_views import SavedView, can_save, mine
from dashboard.data.questions.standing import Standing, standing
from dashboard.data.questions.subjects import BesideAsked, CompareAsked, Subject, WordsAsked
from dashboard.parts.basic import badge, card, link
from dashboard.parts.context import Context
from dashboard.parts.question_words import column_label, condition_text, question_label
from dashboard.web.access import may
from dashboard.web.address import Address, parse
from survey.core.errors import Refused
from survey.core.lang import enumerated, say

#: what a refusal of an address says is gone: the word for it, and which of its parameters names it
_GONE = {
    "page_estimates.unknown_form": ("form", "found"),
    "page_estimates.unknown_item": ("item", "found"),
    "page_estimates.unknown_split": ("split", "found"),
    "page_estimates.unknown_filter": ("filter", "found"),
    "page_answers.unknown_sort": ("sort", "found"),
    "dash_errors.unknown_street": ("street", "street"),
    "dash_errors.unknown_community": ("community", "community"),
    "dash_errors.unknown_year": ("year", "year"),
    "beside.unknown": ("against", "found"),
}
#: so many stand beside a page; the others on their own
_SHOWN = 8


def save_form(context: Context, asked: Subject) -> Any:
    """A button that opens a name, for whom, and the way to keep it; nothing where nothing can be kept."""
    lang = context.lang
    if not can_save(context.viewer, context.store):
        return None
    count = len(mine(context.viewer, context.store))
    shares = may(context.viewer, "share_views")
    return html.Details(
        [
            html.Summary(say(lang, "page_views.save"), className="button primary"),
            html.Div(
                [
                    dmc.TextInput(id="view-name", label=say(lang, "page_views.name"), value=suggested(asked, lang)),
                    dmc.Checkbox(
                        id="view-shared",
                        label=say(lang, "page_views.share"),
                        checked=False,
                        **({} if shares else {"style": {"display": "none"}}),
                    ),
                    html.P(say(lang, "page_views.hint"), className="hint"),
                    html.Button(say(lang, "page_views.keep"), id="view-save", type="button", className="button"),
                ],
                className="save-view-form",
            ),
        ],
        className="save-view",
        key=f"save-view-{count}",  # closed again once a view was kept
    )


def views_card(context: Context) -> Any:
    """The views of this reader; nothing for who may keep none."""
    lang = context.lang
    if not may(context.viewer, "keep_views"):
        return None
    views = mine(context.viewer, context.store)
    head = html.Div(
        [
            html.H2(say(lang, "page_views.title")),
            link(say(lang, "page_views.all", n=len(views)), context.address.link("/views"), "muted"),
        ],
        className="card-top",
    )
    body: list[Any] = [_line(context.address, view, context.viewer.user, lang) for view in views[:_SHOWN]]
    none = html.P(say(lang, "page_views.none"), className="hint")
    return card([head, html.Ul(body) if body else none], "saved-views")


def _line(address: Address, view: SavedView, who: str, lang: str) -> html.Li:
    parsed = parse(view.path, view.query)
    to = Address(parsed.path, address.lang, parsed.year, filters=parsed.filters).link()
    return html.Li([link(view.name, to), shared_badge(view, who, lang)])


def shared_badge(view: SavedView, who: str, lang: str) -> Any:
    """For whom a view is."""
    if view.owner != who:
        return badge(say(lang, "page_views.by", who=view.owner), "info")
    if view.shared:
        return badge(say(lang, "page_views.shared"), "info")
    return html.Span(say(lang, "page_views.private"), className="muted")


def gone_word(left: Standing, lang: str) -> str:
    """What of an address is not there any more, in one sentence that leads to what is."""
    words = [_gone(one, lang) for one in left.gone]
    told = say(lang, "page_answers.between").join(words)
    return say(lang, "page_views.gone_open", gone=told) if left.asked is not None else told


def instead(context: Context, refused: Refused) -> html.Section:
    """What the address of a page whose views can be saved asks for and is not there, and what there is instead."""
    lang, address = context.lang, context.address
    left = standing(context.viewer, context.source, context.store, context.year, address.filters, address.path)
    parts: list[Any] = [html.P(refused.word(lang))]
    if left.asked is not None and left.gone:
        words = " · ".join([str(left.year), *shown(left.asked, lang)])
        there = Address(address.path, lang, left.year, filters=left.filters).link()
        parts = [html.P([gone_word(left, lang), " ", link(words, there)])]
    anew = link(say(lang, "page_answers.anew"), address.link(address.path), "button")
    return card([*parts, html.Div(anew, className="actions")])


def _gone(one: Refused, lang: str) -> str:
    if one.key not in _GONE:
        return one.word(lang)
    name, found = _GONE[one.key]
    return say(lang, f"page_views.gone_{name}", found=one.params[found])


def suggested(asked: Subject, lang: str) -> str:
    """A name that says what is shown."""
    return " · ".join(shown(asked, lang))[:60]


def shown(asked: Subject, lang: str) -> Sequence[str]:
    """What a view is of, in words: question, place, split and filters, or the communities that are compared."""
    if isinstance(asked, CompareAsked):
        names = enumerated(lang, list(asked.names)) if asked.names else asked.street
        return [part for part in (say(lang, "page_compare.title"), names) if part]
    if isinstance(asked, BesideAsked):
        own = say(lang, "page_beside.heading", community=asked.own)
        return [own] if asked.sides is None else [own, asked.sides.other_words(lang)]
    if isinstance(asked, WordsAsked):
        place = dict(asked.places).get(asked.community, "") or asked.street
        parts = [say(lang, "page_views.in_words"), question_label(asked.item, lang), place]
        return [part for part in (*parts, *(condition_text(asked, word, lang) for word in asked.where)) if part]
    parts = [question_label(asked.item, lang), dict(asked.places).get(asked.community, "") or asked.street]
    if asked.split:
        community = asked.split == COMMUNITY
        split = say(lang, "page_answers.by_community") if community else column_label(asked.columns[asked.split], lang)
        parts.append(say(lang, "page_views.by_split", split=split))
    if asked.cross:
        parts.append(say(lang, "page_views.by_split", split=column_label(asked.columns[asked.cross], lang)))
    return [part for part in (*parts, *(condition_text(asked, word, lang) for word in asked.where)) if part]
