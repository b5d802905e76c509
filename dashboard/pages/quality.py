"""Data quality: how far the year's questionnaire and sample can be trusted; one section component a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.components import quality_field
from dashboard.components.basic import card, heading
from dashboard.components.quality_reliability import reliability
from dashboard.components.quality_small_areas import small_areas
from dashboard.components.quality_weights import weights
from dashboard.pages import Context, View
from survey.errors import Refused
from survey.lang import say

#: name (its title is the text ``page_quality.title_NAME``, its anchor ``#NAME``) and what draws it
Section = Callable[[Context], Any]
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("reliability", reliability),
    ("weights", weights),
    ("modes", quality_field.modes),
    ("interviewers", quality_field.interviewers),
    ("without", quality_field.without),
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
