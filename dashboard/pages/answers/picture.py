"""The picture: a bar of shares centred on the middle of a scale, and the mean with its interval beside the year before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from analysis.tables.number_words import to_hundred
from dashboard.figures import numbers
from dashboard.figures.diverging import Piece, diverging
from dashboard.pages.answers.service import Answers, Group
from dashboard.pages.answers.words import WITHHELD, choices_of, mean_text, name_of, percent, percents, why_hidden
from survey.core.lang import say

#: of choices that are no scale: fill and ink, dark and light in turn; no two of ten choices are alike
PLAIN = (
    ("#3f5f8f", "#ffffff"),
    ("#b9c7dd", "#1f2733"),
    ("#b85822", "#ffffff"),
    ("#f0b490", "#1f2733"),
    ("#2f7d5b", "#ffffff"),
    ("#b5d8c3", "#1f2733"),
    ("#75588a", "#ffffff"),
    ("#d8c7e2", "#1f2733"),
    ("#5b6472", "#ffffff"),
    ("#d5d9df", "#1f2733"),
)


def bars(found: Answers, lang: str) -> list[tuple[Piece, ...]]:
    """The pieces of every line's bar; of a scale the middles stand under each other.  A line without shares has none.

    A question with several answers has no bar of them all.
    """
    rows = [row for row in found.rows if row.shares]
    if found.asked.item.coding == "multiple" or not rows:
        return [() for _ in found.rows]
    labels = choices_of(found, lang)
    if found.scored:
        level = {c.name: c.level for c in found.asked.item.choices if c.level is not None}
        labels = sorted(labels, key=lambda pair: level.get(pair[0], len(level) + 1), reverse=not found.best_first)
    # what nobody chose has its place
    shares = [
        [(name, label, row.shares[name][0] if name in row.shares else 0.0) for name, label in labels] for row in rows
    ]
    if found.scored:
        told = [[{"choice": n, "label_zh": t, "share": share} for n, t, share in line] for line in shares]
        drawn = iter(diverging(told, "zh"))
    else:
        drawn = iter([_plain(line) for line in shares])
    return [next(drawn) if row.shares else () for row in found.rows]


def _plain(shares: Sequence[tuple[str, str, float]]) -> tuple[Piece, ...]:
    """Choices that are no scale, one after the other over the whole width."""
    pieces, left = [], 0.0
    for n, (_, label, share) in enumerate(shares):
        pieces.append(Piece(round(left, 2), round(100 * share, 2), *PLAIN[n % len(PLAIN)], share, label))
        left += 100 * share
    return tuple(pieces)


def digits(parts: Sequence[Piece]) -> list[str]:
    """The digits on the pieces of a bar, where there is room for them; with those that have none they add up to 100."""
    told = to_hundred([piece.share for piece in parts])
    return [numbers.points(value) if piece.roomy else "" for piece, value in zip(parts, told, strict=True)]


def axis(found: Answers) -> tuple[float, float] | None:
    """The ends of the drawing of means, whole tens around all intervals where they are points; None without a mean."""
    ends = [
        x
        for row in found.rows
        for x in (row.mean, row.low, row.high, row.was, row.was_low, row.was_high)
        if x is not None
    ]
    if not ends:
        return None
    step = 10.0 if found.scored else _step(max(ends) - min(ends))
    low, high = step * (min(ends) // step), step * -(-max(ends) // step)
    return (low, high) if high > low else (low - step, high + step)


def _step(width: float) -> float:
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 500, 1000, 10000)
    return next((s for s in steps if width <= 5 * s), steps[-1])


def place(value: float, ends: tuple[float, float]) -> float:
    """A value in percent of the drawing."""
    return round(100 * (value - ends[0]) / (ends[1] - ends[0]), 3)


def picture(found: Answers, lang: str) -> html.Div:
    """All lines; the table below says the same in numbers."""
    ends = axis(found)
    several = found.asked.item.coding == "multiple"
    legend = [] if several else _legend(found, lang)
    if several:
        body: list[Any] = [_several(found, row, lang) for row in found.rows]
    else:
        body = [_line(found, row, lang, ends, bar) for row, bar in zip(found.rows, bars(found, lang), strict=True)]
    top = html.Div(
        [
            html.Div(legend, className="legend"),
            _scale(found, ends, lang) if ends is not None and not several else None,
        ],
        className="answers-head",
    )
    return html.Div(
        [top, *body], className="answers-picture" + ("" if ends is not None and not several else " no-means")
    )


def _legend(found: Answers, lang: str) -> list[html.Span]:
    whole = next((bar for bar in bars(found, lang) if bar), ())
    return [html.Span([html.I(className="swatch", style={"background": p.colour}), p.label]) for p in whole]


def _scale(found: Answers, ends: tuple[float, float], lang: str) -> html.Div:
    cut = say(lang, "page_answers.axis_cut", low=mean_text(found, ends[0]), high=mean_text(found, ends[1]))
    return html.Div([html.Span(mean_text(found, e)) for e in ends], className="answers-ends", title=cut)


def _line(
    found: Answers, row: Group, lang: str, ends: tuple[float, float] | None, parts: Sequence[Piece] = ()
) -> html.Div:
    name = html.Span(name_of(found, row, lang), className="answers-name")
    if row.hidden:
        return html.Div(
            [name, html.Span(why_hidden(found, row, lang), className="answers-hidden")], className="answers-line"
        )
    shares = percents(found, row)
    told = {label: shares[name] for name, label in choices_of(found, lang) if name in shares}
    bar: Any = html.Div(
        [
            html.I(
                text,
                style={"left": f"{p.left}%", "width": f"{p.width}%", "background": p.colour, "color": p.text_colour},
                title=f"{p.label} {told.get(p.label, percent(p.share))}",
            )
            for p, text in zip(parts, digits(parts), strict=True)
        ],
        className="answers-bar",
        **{"aria-hidden": "true"},
    )
    if not parts and any(code in WITHHELD for code in row.notes):
        bar = html.Span(why_hidden(found, row, lang), className="answers-withheld")
    cells: list[Any] = [name, html.Span(numbers.count(row.n), className="answers-n"), bar]
    if ends is not None:
        cells += [_strip(row, ends), _value(found, row, lang)]
    return html.Div(cells, className="answers-line" + (" whole" if row.value is None else ""))


def _strip(row: Group, ends: tuple[float, float]) -> html.Div:
    """The mean and its interval; hollow above it that of the year before."""
    marks: list[Any] = []
    for mean, low, high, kind in ((row.was, row.was_low, row.was_high, " was"), (row.mean, row.low, row.high, "")):
        if mean is None:
            continue
        if low is not None and high is not None:
            left, right = place(low, ends), place(high, ends)
            marks.append(
                html.I(className=f"whisker{kind}", style={"left": f"{left}%", "width": f"{round(right - left, 3)}%"})
            )
        marks.append(html.I(className=f"point{kind}", style={"left": f"{place(mean, ends)}%"}))
    return html.Div(marks, className="answers-strip", **{"aria-hidden": "true"})


def _value(found: Answers, row: Group, lang: str) -> html.Span:
    """The mean with half its interval, and the word for what is beyond chance."""
    half = numbers.half_width(row.low, row.high, 1 if found.scored else 2, around=row.mean)
    word: Any = None
    direction = row.better(row.against, row.against_q, found.best_first)
    if row.against_q is not None:
        key = {1: "higher", -1: "lower", 0: "within"}[direction]
        word = html.Span(say(lang, f"page_answers.{key}"), className={1: "good", -1: "bad", 0: "muted"}[direction])
    return html.Span(
        [html.B(mean_text(found, row.mean)), html.Span(half, className="muted"), word], className="answers-value"
    )


def _several(found: Answers, row: Group, lang: str) -> html.Div:
    """A question with several answers: a bar a choice, each of all who answered."""
    if row.hidden:
        return _line(found, row, lang, None)
    bars = [
        html.Div(
            [
                html.Span(label, className="answers-name"),
                html.Span(percent(row.shares[name][0]), className="answers-n"),
                html.Div(
                    html.I(
                        style={
                            "left": "0%",
                            "width": f"{round(100 * row.shares[name][0], 3)}%",
                            "background": PLAIN[0][0],
                        }
                    ),
                    className="answers-bar",
                    **{"aria-hidden": "true"},
                ),
            ],
            className="answers-line",
        )
        for name, label in choices_of(found, lang)
        if name in row.shares
    ]
    head = html.H3(
        [name_of(found, row, lang), html.Span(say(lang, "page_answers.n_people", n=row.n or 0), className="muted")]
    )
    return html.Div([head, *bars])
