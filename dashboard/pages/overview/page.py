"""Overview: how do we stand, is it final, is it real?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.figures.numbers import gap
from dashboard.pages.overview.cards import cards, shortfall, target_key
from dashboard.pages.overview.league import joined_rows, league
from dashboard.pages.overview.service import Overview, overview, span
from dashboard.pages.overview.street_map import street_map
from dashboard.parts.basic import badge, card, download, heading, rich
from dashboard.parts.changes import stability_words
from dashboard.parts.context import Context, View
from dashboard.parts.selects import streets
from survey.core.lang import say

#: from so many rows on a search by name appears
SEARCH_FROM = 16


def page(context: Context) -> View:
    """The overview of one sub-district and year."""
    lang, address = context.lang, context.address
    street = address.filters.get("street", "")
    data = overview(context.viewer, context.source, context.year, street, address.sort, context.store)
    title = say(lang, "page_overview.title")
    if data.street and (street or len(data.year.streets) > 1):
        title = say(lang, "page_overview.title_of", street=data.street)
    top = html.Div(
        [
            html.Div([html.H1(title), context.years(), _status(data, lang), _late(data, lang)], className="top-start"),
            html.Div(
                [
                    streets(context, data.year.streets, data.street),
                    download(say(lang, "page_overview.export_all"), address.link("/download/year"), "button primary"),
                ],
                className="actions",
            ),
        ],
        className="top",
    )
    table = card([_heading(data, context), league(data, address)], "league-card")
    return View(
        title,
        "overview",
        html.Div(
            [
                top,
                html.P(rich(sentence(data, lang)), className="sentence"),
                cards(data, lang),
                table,
                street_map(data, address),
            ],
            className="overview",
        ),
        data.street,
    )


def _late(data: Overview, lang: str) -> Any:
    """How many communities have data that came after the publication, which what is shown does not count."""
    late = data.year.late
    names = [late[row["community_code"]] for row in data.rows if row["community_code"] in late]
    if not names:
        return None
    return badge(say(lang, "page_overview.late", n=len(names)), "warn", say(lang, "dash_words.list_comma").join(names))


def _status(data: Overview, lang: str) -> Any:
    meta = data.year.meta
    if data.archived:
        return badge(say(lang, "page_cycle.badge_closed"), "good")
    if not data.year.provisional:
        return badge(say(lang, "page_overview.calculated"), "info")
    text = say(
        lang,
        "page_overview.provisional",
        when=when(meta["computed_at"], lang),
        reported=data.objective_reported,
        all=len(data.rows),
        enough=data.enough_responses,
        minimum=meta["min_responses"],
    )
    if data.unknown_responses:
        text += say(lang, "page_overview.unknown_responses", unknown=data.unknown_responses)
    return badge(text, "info")


def when(stamp: str, lang: str) -> str:
    """2014年11月20日 16:02 of an ISO time that carries its own offset."""
    moment = datetime.fromisoformat(stamp)
    return say(lang, "page_overview.when", year=moment.year, month=moment.month, day=moment.day, time=f"{moment:%H:%M}")


def sentence(data: Overview, lang: str) -> str:
    """The overview in one line, computed: level, first open target, who is near, who lacks responses, where points go."""
    parts = [_level(data, lang), _target(data, lang), _near(data, lang), _lacking(data, lang), _weakest(data, lang)]
    return (" " if lang == "en" else "").join(p for p in parts if p)


def _level(data: Overview, lang: str) -> str:
    street = data.aggregate or {}
    limits = data.year.thresholds
    if street.get("weighted_total") is not None:
        return say(lang, "page_overview.street_total", total=numbers.total(street["weighted_total"], limits))
    if street.get("mean_total") is not None:
        return say(lang, "page_overview.mean_total", total=numbers.total(street["mean_total"], limits))
    if any(row.get("total") is not None for row in data.rows):
        return ""  # there are totals, but the street's mean is not the viewer's to read
    return say(lang, "page_overview.no_total")


def _target(data: Overview, lang: str) -> str:
    goal = next((t for t in data.targets if t.short), data.targets[-1] if data.targets else None)
    if goal is None:
        return ""
    return say(
        lang,
        f"page_overview.target_{target_key(goal)}",
        star=numbers.star_word(lang, goal.star),
        reached=goal.reached,
        short=shortfall(goal),
        unknown=goal.unknown,
    )


def _near(data: Overview, lang: str) -> str:
    row = data.near
    sure = stability_words(lang, row, data.year.changes(row)) if row else ""
    if row is None or not sure:
        return ""
    return say(
        lang,
        "page_overview.near",
        community=row["community"],
        gap=gap(row["star_next_gap"]),
        star=numbers.star_word(lang, int(row["star"]) + 1),
        stability=sure,
    )


def _lacking(data: Overview, lang: str) -> str:
    short = data.missing_responses
    if not short:
        return ""
    name = max(short, key=lambda n: -short[n])
    key = "too_few" if len(short) == 1 else "too_few_more"
    return say(lang, f"page_overview.{key}", community=name, missing=short[name], count=len(short))


def _weakest(data: Overview, lang: str) -> str:
    worst = data.weakest
    if worst is None:
        return ""
    key = "weakest" if worst.get("lead_office") else "weakest_only"
    return say(lang, f"page_overview.{key}", dimension=name_of(worst, lang)[0], office=worst.get("lead_office", ""))


def _league_hint(data: Overview, context: Context) -> str:
    """What the marks of the chart mean: those that are drawn."""
    lang = context.lang
    error = any(span(row)[1] is not None for row in data.rows)
    joined = any(mark for _, mark in joined_rows(data, context.address))
    parts = [
        say(lang, f"page_overview.{key}")
        for key, there in (("league_error", error), ("league_joined", joined))
        if there
    ]
    return "".join(parts) + say(lang, "page_overview.league_hint", low=numbers.points(data.scale[0]))


def _heading(data: Overview, context: Context) -> html.Div:
    lang = context.lang
    hint = _league_hint(data, context)
    many = len(data.year.meta["dimensions"]) != 5
    find = None
    if len(data.rows) >= SEARCH_FROM:
        find = html.Div(
            dmc.TextInput(
                id="league-find",
                placeholder=say(lang, "page_overview.find"),
                size="xs",
                w=200,
                **{"aria-label": say(lang, "page_overview.find")},
            ),
            className="find",
        )
    right = html.H2(say(lang, "page_overview.heat_many" if many else "page_overview.heat"), className="heat-title")
    return html.Div([heading(say(lang, "page_overview.league"), hint), find, right], className="league-heading")
