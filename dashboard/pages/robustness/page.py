"""Robustness: would the stars be others if something reasonable had been decided otherwise?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.quality.sensitivity.tables import factor_word, kept_share, reading
from dashboard.figures import numbers
from dashboard.pages.robustness.service import Robustness, robustness
from dashboard.pages.robustness.table import sampling_and_choices
from dashboard.parts.basic import card, heading, link, tables
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from dashboard.parts.selects import streets
from survey.core.lang import say


def page(context: Context) -> View:
    """One sub-district and year."""
    lang = context.lang
    data = robustness(
        context.viewer, context.source, context.store, context.year, context.address.filters.get("street", "")
    )
    title = say(lang, "page_robustness.title")
    top = html.Div(
        [
            html.Div([html.H1(title), context.years()], className="top-start"),
            html.Div(
                [
                    streets(context, data.year.streets, data.street),
                    html.Span(say(lang, "page_robustness.lead"), className="hint"),
                ],
                className="actions",
            ),
        ],
        className="top",
    )
    sentence = html.P(reading(data.rows, data.factors, data.runs, lang), className="sentence")
    body = [top, *newest_data(context, rescored=True), sentence] + (
        [_communities(context, data), _factors(context, data)] if data.rows else []
    )
    return View(title, "robustness", html.Div(body, className="robustness"))


def _files(context: Context, *names: str) -> html.Div:
    return html.Div(
        [
            tables(
                say(context.lang, f"page_robustness.download_{n}"), context.address.link(f"/download/robustness/{n}")
            )
            for n in names
        ],
        className="actions",
    )


def _communities(context: Context, data: Robustness) -> Any:
    lang = context.lang
    head = heading(say(lang, "page_robustness.communities"), say(lang, "page_robustness.communities_hint"))
    return card(
        [
            html.Div([head, _files(context, "communities")], className="card-top"),
            sampling_and_choices(data, context.address),
            html.P(say(lang, "page_robustness.both_rule", runs=data.runs), className="hint"),
        ]
    )


def _factors(context: Context, data: Robustness) -> Any:
    lang = context.lang
    names = ("factor", "tried", "runs", "changed_share", "communities", "mean_shift", "largest_shift", "rank_shift")
    head = html.Tr(
        [
            html.Th(say(lang, f"page_robustness.col_{n}"), scope="col", className="" if n in names[:2] else "number")
            for n in names
        ]
    )
    rows = [_factor(f, data, lang) for f in data.factors]
    title = heading(say(lang, "page_robustness.factors"), _factors_hint(data.factors, lang))
    return card(
        [
            html.Div([title, _files(context, "factors", "runs")], className="card-top"),
            html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="lines factors"), className="scroll"),
            html.P(
                [
                    say(lang, "page_robustness.rule", seed=data.tried["seed"]),
                    " ",
                    link(say(lang, "page_shell.method"), context.address.link("/method")),
                ],
                className="hint",
            ),
        ]
    )


def _factors_hint(factors: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Which choices change no star at all."""
    quiet = [factor_word(f["factor"], lang) for f in factors if f["factor"] != "joint" and not f["communities"]]
    if not quiet:
        return say(lang, "page_robustness.none_quiet")
    return say(lang, "page_robustness.quiet", names=say(lang, "dash_words.list_comma").join(quiet))


def _factor(factor: Mapping[str, Any], data: Robustness, lang: str) -> html.Tr:
    changed = numbers.DASH if factor["changed_share"] is None else kept_share(float(factor["changed_share"]))
    cells = [
        numbers.count(factor["runs"]),
        changed,
        numbers.count(factor["communities"]),
        numbers.points(factor["mean_shift"], 1),
        numbers.points(factor["largest_shift"], 1),
        numbers.count(factor["rank_shift"]),
    ]
    return html.Tr(
        [
            html.Th(factor_word(factor["factor"], lang), scope="row"),
            html.Td(tried(factor["factor"], data.tried, lang), className="muted"),
            *[html.Td(c, className="number") for c in cells],
        ]
    )


def preset_word(name: str, scores: Sequence[float] | None, lang: str) -> str:
    """A preset by its name and what it gives for five levels, where it has those."""
    if not scores:
        return name
    return say(lang, "page_robustness.preset", name=name, scores="/".join(numbers.points(s) for s in scores))


def tried(factor: str, known: Mapping[str, Any], lang: str) -> str:
    """What was tried of a choice, the one in force first."""
    comma = say(lang, "dash_words.list_comma")
    if factor == "preset":
        return comma.join(preset_word(name, known["five_levels"].get(name), lang) for name in known["preset"])
    if factor == "completeness":
        words = [say(lang, "page_robustness.any") if s == 0 else f"{100 * s:.0f}%" for s in known["answered_share"]]
        return comma.join(words)
    if factor == "weighting":
        return comma.join(say(lang, f"page_robustness.weighting_{w}") for w in known["weighting"])
    if factor == "min_responses":
        return comma.join(numbers.count(m) for m in known["min_responses"])
    draws = known["joint_draws" if factor == "joint" else "draws"]
    return say(lang, f"page_robustness.tried_{factor}", spread=f"{100 * known['spread']:.0f}", draws=draws)
