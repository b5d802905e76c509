"""Where the points come from: objective and subjective bars by dimension, with the mean of the communities."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import numbers
from dashboard.components.basic import card, heading, legend
from dashboard.services.community import Community, Part
from dashboard.services.street import name_of
from survey.lang import say


def composition(data: Community, lang: str) -> html.Section:
    """One row a dimension; widths are in proportion to full marks."""
    dimensions = data.year.meta["dimensions"]
    fulls = {(float(d["objective_points"]), float(d["subjective_points"])) for d in dimensions}
    if len(fulls) == 1:
        objective, subjective = next(iter(fulls))
        hint = say(
            lang,
            "page_community.composition_hint",
            objective=numbers.points(objective),
            subjective=numbers.points(subjective),
        )
    else:
        hint = say(lang, "page_community.composition_mixed")
    widest = max((o + s for o, s in fulls), default=1.0) or 1.0
    return card(
        [
            heading(say(lang, "page_community.composition"), hint),
            legend([("objective", say(lang, "dash_words.objective")), ("subjective", say(lang, "dash_words.subjective")),
                    ("mean", say(lang, "page_community.street_mean"))]),
            html.Div([_row(p, lang, widest) for p in data.parts], className="parts"),
        ],
        "parts-card",
    )  # fmt: skip


def _row(part: Part, lang: str, widest: float) -> html.Div:
    first, second = name_of(part.dimension, lang)
    bars = [
        _bar(part, kind, value, average, lang, widest)
        for kind, value, average in (
            ("objective", part.objective, part.objective_mean),
            ("subjective", part.subjective, part.subjective_mean),
        )
        if part.dimension[f"{kind}_points"]
    ]
    return html.Div(
        [
            html.Span([first, html.Small(second)], className="part-name", title=f"{first} {second}"),
            html.Div(bars, className="part-bars"),
            html.B(numbers.points(part.whole), className="part-total"),
        ],
        className="part",
    )


def _bar(part: Part, kind: str, value: float | None, average: float | None, lang: str, widest: float) -> html.Div:
    full = float(part.dimension[f"{kind}_points"])
    text = say(lang, "page_community.part_hint", name=name_of(part.dimension, lang)[0], kind=say(lang, f"dash_words.{kind}"),
               got=numbers.points(value, 1), full=numbers.points(full), mean=numbers.points(average, 1))  # fmt: skip
    marks: list[Any] = []
    if value is not None:
        marks.append(
            html.Span(numbers.points(value), className=f"fill {kind}", style={"width": f"{100 * value / full:.2f}%"})
        )
    else:
        marks.append(html.Span(numbers.DASH, className="fill none"))
    if average is not None:
        marks.append(html.I(className="tick", style={"left": f"{100 * average / full:.2f}%"}))
    return html.Div(marks, className="part-bar", role="img", style={"flexBasis": f"{96 * full / widest:.2f}%"}, title=text,
                    **{"aria-label": text})  # fmt: skip
