"""The table of a statistic: one row a group and choice, its interval drawn over one scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from analysis.statistics.notes import SEPARATOR, note_text
from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.figures.star_bands import position
from dashboard.pages.estimates.service import Estimates, rows
from dashboard.parts.basic import link
from dashboard.parts.context import Context
from dashboard.parts.question_words import value_label
from dashboard.web.address import in_path
from survey.core.lang import say
from survey.form.model import in_language


def number(value: float | None, stat: str) -> str:
    """A value of a statistic as it is read: shares in percent, totals whole."""
    if stat == "share":
        shown = numbers.points(None if value is None else 100 * value, 1)
        return shown if value is None else f"{shown}%"
    return numbers.count(value) if stat == "total" else numbers.points(value, 2)


def interval(row: Row, stat: str) -> tuple[float, float] | None:
    """The ends of a row's interval, None where it has none."""
    names = ("share_low", "share_high") if stat == "share" else ("low", "high")
    low, high = (row[name] for name in names)
    return None if low is None or high is None else (float(low), float(high))


def scale_of(shown: Sequence[Row], stat: str) -> tuple[float, float] | None:
    """The ends of the drawing: 0 and 1 for shares, else what all intervals reach; None where nothing has a width."""
    if stat == "share":
        return 0.0, 1.0
    values = [float(r["value"]) for r in shown if r["value"] is not None]
    values += [end for r in shown for end in interval(r, stat) or ()]
    if not values or min(values) == max(values):
        return None
    return min(values), max(values)


def common_notes(shown: Sequence[Row]) -> tuple[str, ...]:
    """The codes of notes that every row has: they are said once, above the table."""
    every = [row["note"].split(SEPARATOR) for row in shown]
    return tuple(code for code in every[0] if code and all(code in one for one in every)) if every else ()


def table(context: Context, found: Estimates) -> html.Div:
    """All rows, below the notes that hold for all of them."""
    lang, every = context.lang, rows(found)
    common = common_notes(every)
    shown = [
        {**row, "note": SEPARATOR.join(c for c in row["note"].split(SEPARATOR) if c not in common)} for row in every
    ]
    scale = scale_of(shown, found.stat)
    named = ["community", *(["split"] if found.split else []), *(["choice"] if any(r["choice"] for r in shown) else [])]
    heads = [html.Th(say(lang, f"page_estimates.col_{name}"), scope="col") for name in named]
    heads += [html.Th(say(lang, f"page_estimates.col_{name}"), scope="col", className="number") for name in _NUMBERS]
    if scale is not None:
        ends = [html.Span(number(end, found.stat)) for end in scale]
        heads.append(html.Th(html.Div(ends, className="ends"), scope="col", className="chart"))
    noted = any(row["note"] for row in shown)
    if noted:
        heads.append(html.Th(say(lang, "page_estimates.col_note"), scope="col"))
    body = [_row(context, found, row, named, scale, noted=noted) for row in shown]
    drawn = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="lines estimates-table")
    above = html.P(note_text(SEPARATOR.join(common), lang), className="hint") if common else None
    return html.Div([above, html.Div(drawn, className="scroll")])


_NUMBERS = ("n", "value", "interval")


def _row(
    context: Context,
    found: Estimates,
    row: Row,
    named: Sequence[str],
    scale: tuple[float, float] | None,
    *,
    noted: bool,
) -> html.Tr:
    lang, stat = context.lang, found.stat
    place = link(row["community"], context.address.link(f"/community/{in_path(row['community_code'])}"), "quiet")
    cells: list[Any] = [html.Th(place, scope="row")]
    if "split" in named:
        value = row[found.split]
        text = numbers.DASH if value is None else value_label(found.columns[found.split], str(value), lang)
        cells.append(html.Td(text))
    if "choice" in named:
        labels = next((c.labels for c in found.item.choices if c.name == row["choice"]), {})
        cells.append(html.Td(in_language(labels, lang, row["choice"] or numbers.DASH)))
    ends = interval(row, stat)
    between = numbers.DASH if ends is None else f"{number(ends[0], stat)}–{number(ends[1], stat)}"
    cells += [html.Td(t, className="number") for t in (numbers.count(row["n"]), number(row["value"], stat), between)]
    if scale is not None:
        cells.append(html.Td(_strip(row, stat, scale), className="chart"))
    if noted:
        cells.append(html.Td(note_text(row["note"], lang) or numbers.DASH, className="muted note"))
    return html.Tr(cells)


def _strip(row: Row, stat: str, scale: tuple[float, float]) -> html.Div | None:
    """A dot for the value, a line for its interval; the numbers beside it say the same."""
    if row["value"] is None:
        return None
    ends = interval(row, stat)
    marks = [html.I(className="point", style={"left": f"{position(float(row['value']), scale)}%"})]
    if ends is not None:
        left, right = (position(end, scale) for end in ends)
        marks.insert(0, html.I(className="whisker", style={"left": f"{left}%", "width": f"{round(right - left, 2)}%"}))
    return html.Div(marks, className="strip", **{"aria-hidden": "true"})
