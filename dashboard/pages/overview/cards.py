"""The row of headline cards."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.statistics.notes import note_text
from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.pages.overview.service import Overview, Target
from dashboard.parts.basic import card, modes_line, stars
from survey.core.lang import say


def cards(data: Overview, lang: str) -> html.Div:
    """Targets of the scheme, then the survey; without targets, how many have a total; of who sees one community its own."""
    top = max((t.star for t in data.targets), default=0)
    first = [_target(t, lang, top, data) for t in data.targets[:3]] or [_rated(data, lang)]
    if data.own is not None:
        first = [_own(data, data.own, lang)]
    return html.Div([*first, _survey(data, lang)], className="kpis")


def _target(goal: Target, lang: str, top: int, data: Overview) -> html.Section:
    star = numbers.star_word(lang, goal.star)
    best = goal.star == top == len(data.year.thresholds)
    counted = "title" if data.archived else "kpi"
    title = say(lang, f"page_overview.{counted}_top" if best else f"page_overview.{counted}_star", star=star)
    text = say(
        lang,
        f"page_overview.kpi_target_{target_key(goal)}",
        wanted=goal.wanted,
        share=numbers.share(goal.share),
        short=shortfall(goal),
        unknown=goal.unknown,
    )
    whole = goal.communities or 1
    bar = html.Div(
        [
            html.I(className="fill", style={"width": f"{100 * goal.reached / whole:.1f}%"}),
            *_unknown(goal, whole),
            html.I(className="tick", style={"left": f"{100 * min(goal.wanted, whole) / whole:.1f}%"}),
        ],
        className="progress" + ("" if goal.short else " met"),
        **{"aria-hidden": "true"},
    )
    value = say(lang, "page_overview.kpi_of", reached=goal.reached, all=goal.communities)
    return card(
        [html.H2(title, className="minor"), html.P([html.Strong(value), html.Span(text)], className="value"), bar],
        "kpi",
    )


def _unknown(goal: Target, whole: int) -> list[html.I]:
    """The part of the bar that may yet be reached."""
    if not goal.unknown:
        return []
    at = {"left": f"{100 * goal.reached / whole:.1f}%", "width": f"{100 * goal.unknown / whole:.1f}%"}
    return [html.I(className="unknown", style=at)]


def target_key(goal: Target) -> str:
    """Which sentence says where a target stands: met, short, or short by what is not known yet."""
    if not goal.short:
        return "met"
    return "unknown" if goal.unknown else "short"


def shortfall(goal: Target) -> str:
    """How many are missing: a number, or both ends of it where communities are unknown."""
    least, most = numbers.count(goal.least_short), numbers.count(goal.short)
    return most if least == most else f"{least}–{most}"


def _rated(data: Overview, lang: str) -> html.Section:
    rated = sum(s in ("rated", "vetoed") for s in data.states.values())
    value = say(lang, "page_overview.kpi_of", reached=rated, all=len(data.rows))
    hint = say(lang, "page_overview.kpi_rated_hint") if rated < len(data.rows) else ""
    return card(
        [
            html.H2(say(lang, "page_overview.kpi_rated"), className="minor"),
            html.P([html.Strong(value), html.Span(hint)], className="value"),
        ],
        "kpi",
    )


def _own(data: Overview, row: Row, lang: str) -> html.Section:
    """Total and calculated star of the one community that is seen, or why it has none."""
    state = data.states[row["community_code"]]
    title = f"{say(lang, 'page_overview.col_total')} · {say(lang, 'page_overview.col_star')}"
    value: list[Any] = [html.Strong(numbers.total(row["total"], data.year.thresholds))]
    if state == "rated":
        value.append(stars(lang, row["star"]))
    else:
        value.append(html.Span(say(lang, f"dash_words.state_{state}", n=numbers.points(row["n"]))))
    return card([html.H2(title, className="minor"), html.P(value, className="value")], "kpi")


def _survey(data: Overview, lang: str) -> html.Section:
    full = numbers.points(sum(float(d["subjective_points"]) for d in data.year.meta["dimensions"]))
    aggregate: Row = data.aggregate or data.own or {}
    error = numbers.half_width(
        aggregate.get("subjective_low"), aggregate.get("subjective_high"), 1, around=aggregate.get("subjective")
    )
    word = aggregate.get("change_word")
    beside = [html.Span(error)] if error else []
    if word:
        beside.append(
            html.Span(
                say(lang, "page_overview.kpi_change", word=say(lang, f"dash_words.{word}")), className=f"word-{word}"
            )
        )
    note = aggregate.get("note")
    if aggregate.get("subjective") is None and note:
        beside = [html.Span(note_text(str(note), lang))]
    return card(
        [
            html.H2(say(lang, "page_overview.kpi_subjective", full=full), className="minor"),
            html.P([html.Strong(numbers.points(aggregate.get("subjective"), 1)), *_joined(beside)], className="value"),
            html.P(modes_line(data.modes, lang) + _counted(data, lang), className="hint"),
        ],
        "kpi kpi-survey",
    )


def _counted(data: Overview, lang: str) -> str:
    """How many of the responses stand behind the mean, where a community without a total is not in it."""
    behind, every = (data.aggregate or {}).get("n"), sum(data.modes.values())
    if behind is None or int(behind) == every:
        return ""
    return say(lang, "page_overview.kpi_counted", n=numbers.count(int(behind)))


def _joined(parts: list[Any]) -> list[Any]:
    out: list[Any] = []
    for part in parts:
        out += ([html.Span(" · ")] if out else []) + [part]
    return out
