"""The picture: a bar of shares centred on the middle of a scale, and the mean with its interval beside the year before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.figures import numbers
from dashboard.pages.answers.service import Answers, Group
from dashboard.pages.answers.words import WITHHELD, choices_of, mean_text, name_of, percent, why_hidden
from survey.core.lang import say

#: colours of a scale of five from the best to the worst, with the digits on them
SCALE = (
    ("#2b6673", "#ffffff"),
    ("#8fbfb6", "#1f2733"),
    ("#e4e7ec", "#1f2733"),
    ("#f2b48f", "#1f2733"),
    ("#b04a22", "#ffffff"),
)
#: of choices that are no scale
PLAIN = (("#3f5f8f", "#ffffff"), ("#b9c7dd", "#1f2733"))


@dataclass(frozen=True)
class Segment:
    """One part of a bar: ``left`` and ``width`` in percent of the drawing, its colours and what it says."""

    left: float
    width: float
    fill: str
    ink: str
    label: str
    share: float

    @property
    def text(self) -> str:
        """The digits on it, where there is room for them."""
        return numbers.points(100 * self.share) if self.width >= 4 else ""


def colours(found: Answers) -> dict[str, tuple[str, str]]:
    """Choice → fill and ink: of a scale by its place in it, else in turn."""
    names = [c.name for c in found.asked.item.choices if c.missing is None]
    if not found.scored or len(names) < 2:
        return {name: PLAIN[n % 2] for n, name in enumerate(names)}
    ordered = sorted(
        (c for c in found.asked.item.choices if c.missing is None), key=lambda c: c.level if c.level is not None else 99
    )
    last = len(ordered) - 1
    return {c.name: SCALE[round(n * (len(SCALE) - 1) / last)] for n, c in enumerate(ordered)}


def segments(found: Answers, row: Group, lang: str) -> list[Segment]:
    """The parts of a line's bar; of a scale the middle of all bars stands under each other."""
    labels, paint = dict(choices_of(found, lang)), colours(found)
    if found.asked.item.coding == "multiple" or not row.shares:
        return []
    parts = _parts(row, labels)
    start, scale = _start(found, row, parts)
    out = []
    for name, share in parts:
        width = 100 * share * scale
        out.append(Segment(round(start, 3), round(width, 3), *paint[name], labels[name], share))
        start += width
    return out


def _start(found: Answers, row: Group, parts: Sequence[tuple[str, float]]) -> tuple[float, float]:
    """Where a bar begins (percent) and how wide a share of 1 is: bars of a scale hang on the middle of their middle."""
    if not found.scored:
        return 0.0, 1.0
    names = [name for name, _ in parts]
    reaches = [_reach([s for _, s in _parts(other, names)]) for other in found.rows if other.shares]
    left, right = max(r[0] for r in reaches), max(r[1] for r in reaches)
    scale = 1 / (left + right)
    return 100 * scale * (left - _reach([share for _, share in parts])[0]), scale


def _parts(row: Group, names: Iterable[str]) -> list[tuple[str, float]]:
    """Choice and share, in the order of the questionnaire; what nobody chose has its place."""
    return [(name, row.shares[name][0] if name in row.shares else 0.0) for name in names]


def _reach(shares: Sequence[float]) -> tuple[float, float]:
    """How far a bar reaches to both sides of its middle choice, or of the gap between the two middle ones."""
    half, odd = divmod(len(shares), 2)
    middle = shares[half] / 2 if odd else 0.0
    return sum(shares[:half]) + middle, sum(shares[half + odd :]) + middle


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
        body = [_line(found, row, lang, ends) for row in found.rows]
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
    paint = colours(found)
    return [
        html.Span([html.I(className="swatch", style={"background": paint[name][0]}), label])
        for name, label in choices_of(found, lang)
    ]


def _scale(found: Answers, ends: tuple[float, float], lang: str) -> html.Div:
    cut = say(lang, "page_answers.axis_cut", low=mean_text(found, ends[0]), high=mean_text(found, ends[1]))
    return html.Div([html.Span(mean_text(found, e)) for e in ends], className="answers-ends", title=cut)


def _line(found: Answers, row: Group, lang: str, ends: tuple[float, float] | None) -> html.Div:
    name = html.Span(name_of(found, row, lang), className="answers-name")
    if row.hidden:
        return html.Div(
            [name, html.Span(why_hidden(found, row, lang), className="answers-hidden")], className="answers-line"
        )
    parts = segments(found, row, lang)
    bar: Any = html.Div(
        [
            html.I(
                s.text,
                style={"left": f"{s.left}%", "width": f"{s.width}%", "background": s.fill, "color": s.ink},
                title=f"{s.label} {percent(s.share)}",
            )
            for s in parts
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
