"""The scheme of the year: what is measured by which rule, who answers for it, and how it came to be so."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.scheme.difference import Change
from analysis.scheme.rules.words import marks
from dashboard.pages.scheme import service
from dashboard.pages.scheme.service import SchemeYear
from dashboard.pages.scheme.tree import tree_card
from dashboard.pages.scheme.upload import upload_card
from dashboard.pages.scheme.versions import against_card, versions_card
from dashboard.parts.basic import badge
from dashboard.parts.context import Context, View
from dashboard.web.access import may
from survey.core.lang import said_who, say


def page(context: Context) -> View:
    """The tree first, then versions, another scheme beside it, and the way in for a new one."""
    lang, address = context.lang, context.address
    data = service.scheme_year(context.viewer, context.store, context.year, lang)
    chosen = address.filters.get("against", "")
    beside = service.beside(context.viewer, context.source, context.store, context.year, chosen) if chosen else None
    title = say(lang, "page_scheme.title")
    top = html.Div(
        [html.Div([html.H1(title), context.years(), *_badges(data, lang)], className="top-start")], className="top"
    )
    body: list[Any] = [top, html.P(sentence(data, context.year, lang), className="sentence")]
    body += [_changed(line, lang) for line in data.changed]
    second = against_card(data, beside, chosen, address)
    body += [second, tree_card(data, lang)] if chosen else [tree_card(data, lang), second]
    body.append(versions_card(data, lang))
    if may(context.viewer, "edit_scheme"):
        body.append(upload_card(address))
    return View(title, "scheme", html.Div(body, className="scheme"))


def sentence(data: SchemeYear, year: int, lang: str) -> str:
    """Which scheme the year has, how large it is, and whether its points are settled."""
    one = data.scheme
    text = say(
        lang,
        "page_scheme.sentence",
        year=year,
        name=one.names[lang],
        version=data.version,
        at=data.added_at,
        n=len(one.scored_indicators),
        full=marks(one.full_marks),
        objective=marks(one.objective_points),
        subjective=marks(one.subjective_points),
    )
    key = "settled" if data.settled else "open"
    return text + say(lang, f"page_scheme.{key}", at=data.settled)


def _badges(data: SchemeYear, lang: str) -> list[Any]:
    found: list[Any] = []
    if data.scheme.illustrative:
        text = badge(say(lang, "dash_words.illustrative"), "info", say(lang, "dash_words.illustrative_hint"))
        found.append(html.Span(text, className="narrow-only"))  # on a wide screen the header says it
    if data.settled:
        found.append(badge(say(lang, "page_scheme.badge_settled"), "good"))
    return found


def _changed(line: Any, lang: str) -> html.P:
    what = say(lang, "page_scheme.between").join(Change(**c).word(lang) for c in line["what"][:6])
    text = say(
        lang,
        "page_scheme.changed",
        version=line["version"],
        at=line["at"],
        author=said_who(line["author"], lang) or "—",
        reason=line["reason"],
        what=what,
    )
    return html.P([badge(say(lang, "page_scheme.badge_changed"), "warn"), " ", text])
