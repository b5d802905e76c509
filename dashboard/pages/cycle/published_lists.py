"""What was published: the numbered lists of each street, and the versions of the communities that were calculated by themselves."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.publication.version_list import Listed, Version, rests_on, worded
from dashboard.figures import numbers
from dashboard.pages.cycle.service import YearCycle
from dashboard.parts.basic import card, heading
from survey.core.lang import say

#: lists of a street that are shown, newest first
_LAST = 8


def versions(data: YearCycle, lang: str) -> list[html.Section]:
    """The card, if anybody was published."""
    lists = [one for found in data.versions.lists.values() for one in reversed(found[-_LAST:])]
    if not lists:
        return []
    several = len({one.street for one in lists}) > 1
    rows = [html.Li(_list(data, one, several, lang)) for one in lists]
    title = heading(say(lang, "page_cycle.versions"), say(lang, "page_cycle.versions_hint"))
    body: list[Any] = [title, html.Ul(rows, className="cycle-steps")]
    for code, found in data.versions.versions.items():
        if code in data.standings:
            body.append(html.H3(data.found.log.name(code)))
            body.append(html.Ul([html.Li(_version(data, code, v, lang)) for v in found], className="cycle-steps"))
    return [card(body, "cycle-versions")]


def _list(data: YearCycle, one: Listed, several: bool, lang: str) -> str:
    """Street, number and days of a list, and which versions it takes."""
    told = one.published
    taken = say(lang, "dash_words.list_comma").join(
        say(lang, "page_cycle.list_takes", number=number, communities=names)
        for number, names in rests_on(one, {c: n for c, n in data.found.log.names.items() if c in data.standings})
    )
    words = [one.street] if several else []
    words.append(say(lang, "page_cycle.list", number=one.number, first=told.date, last=told.until))
    if told.community in data.standings:
        words.append(say(lang, "page_cycle.list_anew", community=data.found.log.name(told.community)))
    return " · ".join([*words, taken])


def _version(data: YearCycle, code: str, version: Version, lang: str) -> str:
    """Number, points, what became of it, and what differs from the one before."""
    row = data.versions.row(code, version)
    star = row.get("star")
    known = [numbers.points(row.get("total"), 2)] + ([numbers.star_word(lang, int(star))] if star is not None else [])
    words = [
        say(lang, "page_cycle.version", number=version.number),
        *known,
        say(lang, f"page_cycle.version_{version.state}"),
    ]
    if version.decided is not None:
        body = say(lang, f"cycle_words.decided_by.{version.decided.body}")
        words.append(say(lang, "page_cycle.version_decided", body=body, total=numbers.points(version.decided.total, 2)))
    return " · ".join([*words, *filter(None, [worded(version.differs, lang)])])
