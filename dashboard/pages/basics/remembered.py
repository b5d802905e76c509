"""What was confirmed for tables of one header and is used unasked for the next one: listed in words, forgotten on a click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html

from dashboard.pages.basics import service
from dashboard.pages.basics.service import Remembered
from dashboard.parts.basic import card, heading
from dashboard.parts.context import Context
from dashboard.web.access import may
from survey.core.lang import enumerated, said_who, say

#: what is told of one header; the rest is counted
_MOST = 40


def remembered(context: Context) -> list[html.Section]:
    """The card, for who may change how tables are read; none where nothing was confirmed."""
    if not may(context.viewer, "edit_questionnaire"):
        return []
    found = service.remembered(context.viewer, context.store)
    if not found:
        return []
    lang = context.lang
    head = heading(say(lang, "page_basics.remembered"), say(lang, "page_basics.remembered_hint"))
    lines = html.Ul([_line(one, lang) for one in found], className="scheme-versions")
    return [card([head, lines], "basics-remembered")]


def _line(one: Remembered, lang: str) -> html.Li:
    told = _told(one, lang)
    forget = html.Button(
        say(lang, "page_basics.forget"),
        id={"type": "mapping-forget", "mapping": one.fingerprint, "questionnaire": one.questionnaire},
        type="button",
        className="button small",
        **{"aria-label": say(lang, "page_basics.forget_of", file=one.file)},
    )
    who = " · ".join(text for text in (one.title[lang], one.at, said_who(one.who, lang)) if text)
    rest = [html.Li(say(lang, "page_scheme.more", n=len(told) - _MOST))] if len(told) > _MOST else []
    summary = html.Summary(say(lang, "page_basics.remembered_n", n=len(told)))
    return html.Li(
        [
            html.Div([html.B(one.file), html.Span(who), forget]),
            html.Details([summary, html.Ul([*map(html.Li, told[:_MOST]), *rest])]),
        ]
    )


def _told(one: Remembered, lang: str) -> Sequence[str]:
    """Each thing that was confirmed, a sentence or a pair."""
    pairs = [(header, target or say(lang, "page_basics.not_read")) for header, target in one.columns]
    lines = [say(lang, "page_basics.column_is", header=header, target=target) for header, target in pairs]
    lines += [
        say(lang, "page_basics.words_are", question=name, words=enumerated(lang, _pairs(words, lang)))
        for name, words in one.words
    ]
    if one.absent:
        lines.append(say(lang, "page_basics.not_asked", names=enumerated(lang, one.absent)))
    if one.confirmed:
        lines.append(say(lang, "page_basics.table_like_this", n=one.confirmed))
    return lines


def _pairs(words: Mapping[str, str], lang: str) -> list[str]:
    return [f"{word} → {meant or say(lang, 'page_basics.counts_as_empty')}" for word, meant in words.items()]
