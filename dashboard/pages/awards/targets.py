"""Targets of the street as rows, and the annexes: each community's own goal, and the pilots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from analysis.awards.targets import Goal, Progress
from analysis.awards.year import Targets
from dashboard.figures import numbers
from dashboard.parts.basic import badge, card, download, heading, stars
from dashboard.web.address import Address
from survey.core.lang import say

_BADGES = {
    "met": "good",
    "nearly": "warn",
    "missed": "bad",
    "open": "info",
    "overdue": "bad",
    "unknown": "info",
    "": "info",
    "named": "good",
    "calculated": "warn",
    "missing": "info",
}


def targets_card(found: Targets, address: Address) -> html.Section:
    """Each target with what it asks, what the calculation reaches and what titles reach."""
    lang = address.lang
    file = download(say(lang, "page_awards.download"), address.link("/download/awards/targets"), "button small")
    head = html.Div(
        [heading(say(lang, "page_awards.targets"), _phase(found, lang)), html.Div(file, className="actions")],
        className="card-top",
    )
    rows = list(zip(found.progress["calculated"], found.progress["title"], strict=True))
    if not rows:
        return card([head, html.P(say(lang, "page_awards.no_targets"), className="muted")])
    columns = ("target", "required", "by_calculation", "expected", "by_title")
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(say(lang, f"page_awards.{c}"), scope="col") for c in columns])),
            html.Tbody([_row(a, b, lang) for a, b in rows]),
        ],
        className="lines",
    )
    note = html.P(say(lang, "page_awards.targets_note"), className="hint")
    return card([head, html.P(_reading(found, lang), className="reading"), html.Div(table, className="scroll"), note])


def _phase(found: Targets, lang: str) -> str:
    """The phases of the year, the later one last: it is judged by."""
    names = [p.name if lang == "zh" else p.name_en or p.name for p in found.phases]
    if not names:
        return ""
    key = "page_awards.phase" if len(names) == 1 else "page_awards.phases"
    return say(lang, key, names=say(lang, "dash_words.list_comma").join(names), last=names[-1])


def _reading(found: Targets, lang: str) -> str:
    """The card in one sentence, from its numbers."""
    every = found.progress["calculated"]
    short = [p for p in every if p.state in ("missed", "open", "overdue")]
    if not short:
        return say(lang, "page_awards.reading_met", n=len(every))
    parts = [
        say(lang, "page_awards.reading_part", star=numbers.star_word(lang, p.target.star), n=_ends(p)) for p in short
    ]
    text = say(lang, "page_awards.reading_short", parts=say(lang, "dash_words.list_comma").join(parts))
    unknown = max(p.unknown for p in short)
    return text + say(lang, "page_awards.reading_unknown", unknown=unknown) if unknown else text


def _row(calculated: Progress, title: Progress, lang: str) -> html.Tr:
    target = calculated.target
    text = say(
        lang,
        "page_awards.target_text",
        star=numbers.star_word(lang, target.star),
        share=f"{100 * target.share:g}",
        year=target.due_year,
    )
    likely = "—" if calculated.likely is None else f"{calculated.likely:.1f}"
    return html.Tr(
        [
            html.Th(text, scope="row"),
            html.Td(say(lang, "page_awards.of", n=calculated.required, of=calculated.of)),
            html.Td(_state(calculated, lang)),
            html.Td(likely, className="muted"),
            html.Td(_state(title, lang)),
        ]
    )


def _state(progress: Progress, lang: str) -> list[Any]:
    if not progress.state:
        return ["—"]
    short = _short(progress, lang)
    return [
        html.B(progress.reached),
        " ",
        badge(say(lang, f"awards.state.{progress.state}"), _BADGES[progress.state]),
        html.Span(f" {short}", className="muted small") if short else None,
    ]


def _short(progress: Progress, lang: str) -> str:
    """How many are lacking: a number, or both ends of it where communities have no total yet."""
    if not progress.missing:
        return ""
    if not progress.unknown:
        return say(lang, "page_awards.short_by", n=progress.missing)
    return say(lang, "page_awards.short_unknown", n=_ends(progress), unknown=progress.unknown)


def _ends(progress: Progress) -> str:
    least, most = progress.least_missing, progress.missing
    return str(most) if least == most else f"{least}–{most}"


def goals_card(found: Targets, address: Address) -> Any:
    """Annexes 2 and 3; None where the scheme has neither."""
    lang = address.lang
    if not found.goals and not found.pilots:
        return None
    file = download(say(lang, "page_awards.download"), address.link("/download/awards/goals"), "button small")
    return card(
        [
            html.Div(
                [
                    heading(say(lang, "page_awards.goals"), say(lang, "page_awards.goals_hint")),
                    html.Div(file, className="actions"),
                ],
                className="card-top",
            ),
            _goals(found.goals, lang) if found.goals else None,
            _pilots(found, lang) if found.pilots else None,
        ]
    )


def _goals(found: Sequence[Goal], lang: str) -> html.Div:
    columns = ("community", "goal", "due", "by_calculation", "by_title", "state")
    head = [html.Th(say(lang, f"page_awards.{c}"), scope="col") for c in columns]
    rows = [
        html.Tr(
            [
                html.Th(g.name, scope="row"),
                html.Td(stars(lang, g.star)),
                html.Td(g.due_year),
                html.Td(stars(lang, g.calculated)),
                html.Td(stars(lang, g.title)),
                html.Td(badge(say(lang, f"awards.state.{g.state}"), _BADGES[g.state])),
            ]
        )
        for g in found
    ]
    return html.Div(html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines"), className="scroll")


def _pilots(found: Targets, lang: str) -> html.P:
    names = {d.code: d.names.get(lang, d.code) for d in found.scheme.dimensions}
    listed = [
        f"{name}（{names.get(code, code)}）" if lang == "zh" else f"{name} ({names.get(code, code)})"
        for _, name, code in found.pilots
    ]
    return html.P(say(lang, "page_awards.pilots", names=say(lang, "dash_words.list_comma").join(listed)))
