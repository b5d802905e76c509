"""Data quality: how far the year's questionnaire and sample can be trusted; one section component a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import html

from analysis.quality.measure import Measure, sections
from dashboard.pages.quality import fieldwork, service
from dashboard.pages.quality.plain import plain
from dashboard.pages.quality.reliability import reliability
from dashboard.pages.quality.small_areas import small_areas
from dashboard.pages.quality.summary import summary
from dashboard.pages.quality.weights import weights
from dashboard.parts.basic import card, heading
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from survey.core.errors import Refused
from survey.core.lang import say

Section = Callable[[Context], Any]
#: sections with a drawing of their own; the others are drawn from their measure
DRAWN: Mapping[str, Section] = {
    "reliability": reliability,
    "weights": weights,
    "modes": fieldwork.modes,
    "interviewers": fieldwork.interviewers,
    "without": fieldwork.without,
    "small_areas": small_areas,
}


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
    return View(
        title,
        "quality",
        html.Div(
            [
                top,
                *newest_data(context, rescored=True),
                summary(context, sections()),
                *[_section(context, m) for m in sections()],
            ],
            className="quality",
        ),
    )


def _section(context: Context, measure: Measure) -> Any:
    try:
        return html.Div(_drawn(context, measure), id=measure.name)
    except Refused as refused:
        title = heading(say(context.lang, measure.title))
        return html.Div(card([title, html.P(refused.word(context.lang), className="muted")]), id=measure.name)


def _drawn(context: Context, measure: Measure) -> Any:
    if measure.name in DRAWN:
        return DRAWN[measure.name](context)
    return plain(
        context, measure, service.section(context.viewer, context.source, context.store, context.year, measure.name)
    )
