"""Sampling error and choices side by side: one row a community, its chart over the star bands, its numbers."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.quality.sensitivity.tables import kept_share
from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.figures.star_bands import bands, gradient, position
from dashboard.pages.robustness.service import Robustness
from dashboard.parts.basic import legend, link, stars
from dashboard.parts.changes import axis, stability
from dashboard.web.address import Address, in_path
from survey.core import limits
from survey.core.lang import say

_NUMBERS = ("sampling", "star_probability", "runs_total", "star_kept", "runs_rank", "both")


def sampling_and_choices(data: Robustness, address: Address) -> html.Div:
    """The chart is a column of its own table."""
    lang, limits = address.lang, data.year.thresholds
    background = gradient(bands(limits, data.scale))

    def th(key: str, class_name: str) -> html.Th:
        hint = say(lang, f"page_robustness.hint_{key}")
        return html.Th(say(lang, f"page_robustness.col_{key}"), scope="col", className=class_name, title=hint)

    chart = html.Th(
        [html.Span(say(lang, "page_overview.col_chart"), className="visually-hidden"), axis(limits, data.scale, lang)],
        className="chart",
        scope="col",
    )
    head = [th("community", ""), th("total", "number"), th("star", ""), chart, *[th(n, "number") for n in _NUMBERS]]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_row(r, data, address, background) for r in data.rows])],
        className="lines robust",
    )
    marks = [
        ("choices", say(lang, "page_robustness.legend_choices")),
        ("sampling", say(lang, "page_robustness.legend_sampling")),
    ]
    return html.Div([legend(marks), html.Div(table, className="scroll")])


def _row(row: Row, data: Robustness, address: Address, background: str) -> html.Tr:
    lang = address.lang
    name = link(row["community"], address.link(f"/community/{in_path(row['community_code'])}"), "quiet")
    kept = html.B(kept_share(float(row["star_kept"])), className="moved" if row["star_kept"] < limits.STABLE else "")
    between = sorted({int(row["runs_star_low"]), int(row["runs_star_high"])})
    words = say(lang, "page_robustness.stars_between").join(numbers.star_word(lang, s) for s in between)
    cells: list[Any] = [
        numbers.half_width(row["total_low"], row["total_high"], around=row["total"]) or numbers.DASH,
        numbers.chance(row["star_probability"]),
        f"{numbers.points(row['runs_total_low'])}–{numbers.points(row['runs_total_high'])}",
        [kept, html.Small(words, className="muted")],
        numbers.ranks(row["rank"], row["runs_rank_low"], row["runs_rank_high"]),
        numbers.chance(row["both_probability"]),
    ]
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(numbers.total(row["total"], data.year.thresholds), className="number strong"),
            html.Td([stars(lang, int(row["star"])), html.Br(), stability(lang, row, row["method_changes"] == "yes")]),
            html.Td(_strip(row, data, lang, background), className="chart"),
            *[
                html.Td(c, className="number", **{"data-label": say(lang, f"page_robustness.col_{n}")})
                for n, c in zip(_NUMBERS, cells, strict=True)
            ],
        ]
    )


def _strip(row: Row, data: Robustness, lang: str, background: str) -> html.Div:
    """A thick bar for what choices do, a thin line for sampling, a dot for the total."""
    text = say(
        lang,
        "page_robustness.strip",
        total=numbers.total(row["total"], data.year.thresholds),
        low=numbers.points(row["runs_total_low"]),
        high=numbers.points(row["runs_total_high"]),
        sampling=numbers.half_width(row["total_low"], row["total_high"], around=row["total"]) or numbers.DASH,
    )
    marks = [html.I(className="choices", style=_from_to(row["runs_total_low"], row["runs_total_high"], data.scale))]
    if row["total_low"] is not None and row["total_high"] is not None:
        marks.append(html.I(className="whisker", style=_from_to(row["total_low"], row["total_high"], data.scale)))
    marks.append(html.I(className="point", style={"left": f"{position(row['total'], data.scale)}%"}))
    return html.Div(
        marks, className="strip", role="img", style={"background": background}, title=text, **{"aria-label": text}
    )


def _from_to(low: float, high: float, scale: tuple[float, float]) -> dict[str, str]:
    left, right = position(low, scale), position(high, scale)
    return {"left": f"{left}%", "width": f"{round(right - left, 2)}%"}
