"""Data quality: how far the year's questionnaire and sample can be trusted; one section component a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.pages.quality import fieldwork
from dashboard.pages.quality.reliability import reliability
from dashboard.pages.quality.small_areas import small_areas
from dashboard.pages.quality.weights import weights
from dashboard.parts.basic import card, heading
from dashboard.parts.context import Context, View
from survey.core.errors import Refused
from survey.core.lang import say

#: name (its title is the text ``page_quality.title_NAME``, its anchor ``#NAME``) and what draws it
Section = Callable[[Context], Any]
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("reliability", reliability),
    ("weights", weights),
    ("modes", fieldwork.modes),
    ("interviewers", fieldwork.interviewers),
    ("without", fieldwork.without),
    ("small_areas", small_areas),
)


def page(context: Context) -> View:
    """All sections, one below the other; one that can't be shown says why and leaves the others alone."""
    lang = context.lang
    title = say(lang, "page_quality.title")
    top = html.Div(
        [
            html.Div([html.H1(title), context.years()], className="top-start"),
            html.P(say(lang, "page_quality.lead"), className="hint"),
        ],
        className="top",
    )
    return View(title, "quality", html.Div([top, *[_section(context, *s) for s in SECTIONS]], className="quality"))


def _section(context: Context, name: str, draw: Section) -> Any:
    try:
        return html.Div(draw(context), id=name)
    except Refused as refused:
        title = heading(say(context.lang, f"page_quality.title_{name}"))
        return html.Div(card([title, html.P(refused.word(context.lang), className="muted")]), id=name)
