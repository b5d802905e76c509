"""Where the points come from: objective and subjective bars by dimension, with the mean of the communities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.pages.community.service import Community, Part
from dashboard.parts.basic import card, heading, legend, link, trace_of, traced
from dashboard.web.address import Address
from survey.core.lang import say


def composition(data: Community, address: Address) -> html.Section:
    """One row a dimension; widths are in proportion to full marks.  Its points lead to what they come from."""
    lang = address.lang
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
    shown = any(p.objective_alike is not None or p.subjective_alike is not None for p in data.parts)
    alike = [("alike", say(lang, "page_community.alike_mean"))] if shown else []
    return card(
        [
            heading(say(lang, "page_community.composition"), hint),
            legend(
                [
                    ("objective", say(lang, "dash_words.objective")),
                    ("subjective", say(lang, "dash_words.subjective")),
                    ("mean", say(lang, "page_community.street_mean")),
                    *alike,
                ]
            ),
            *([html.P(own, className="alike hint")] if (own := own_kind(data.kind, lang)) else []),
            html.Div([_row(p, data.row["community_code"], address, widest) for p in data.parts], className="parts"),
        ],
        "parts-card",
    )


def own_kind(kind: Mapping[str, Any] | None, lang: str) -> str:
    """The community beside its type, and its feature, in one line; empty where the register says neither."""
    if kind is None:
        return ""
    words = []
    if kind["type_note"] == "alone":
        words.append(say(lang, "page_community.alike_alone", type=kind["type"]))
    elif kind["type"] and kind["type_mean"] is not None:
        text = say(
            lang,
            "page_community.alike",
            type=kind["type"],
            n=numbers.points(kind["of_type"]),
            mean=numbers.points(kind["type_mean"]),
        )
        if kind["type_note"] == "few":
            text += say(lang, "page_community.alike_few")
        elif kind["type_rank"] is not None:
            place = numbers.ranks(kind["type_rank"], kind["type_rank_low"], kind["type_rank_high"])
            text += say(lang, "page_community.alike_place", place=place)
        words.append(text)
    elif kind["type"]:
        words.append(kind["type"])
    if kind["feature"]:
        words.append(say(lang, "page_community.alike_feature", feature=kind["feature"]))
    return " · ".join(words)


def _row(part: Part, code: str, address: Address, widest: float) -> html.Div:
    lang = address.lang
    first, second = name_of(part.dimension, lang)
    bars = [
        _bar(part, kind, value, (average, alike), (code, address), widest)
        for kind, value, average, alike in (
            ("objective", part.objective, part.objective_mean, part.objective_alike),
            ("subjective", part.subjective, part.subjective_mean, part.subjective_alike),
        )
        if part.dimension[f"{kind}_points"]
    ]
    return html.Div(
        [
            html.Span([first, html.Small(second)], className="part-name", title=f"{first} {second}"),
            html.Div(bars, className="part-bars"),
            html.B(
                traced(numbers.points(part.whole), address, code, dimension=part.dimension["code"]),
                className="part-total",
            ),
        ],
        className="part",
    )


def _bar(
    part: Part,
    kind: str,
    value: float | None,
    means: tuple[float | None, float | None],
    place: tuple[str, Address],
    widest: float,
) -> html.A:
    """One part of a dimension, beside the means; it leads to what it comes from."""
    (average, alike), (code, address) = means, place
    lang = address.lang
    full = float(part.dimension[f"{kind}_points"])
    text = say(
        lang,
        "page_community.part_hint",
        name=name_of(part.dimension, lang)[0],
        kind=say(lang, f"dash_words.{kind}"),
        got=numbers.points(value, 1),
        full=numbers.points(full),
        mean=numbers.points(average, 1),
    )
    if alike is not None:
        text = say(lang, "page_community.alike_hint", text=text, mean=numbers.points(alike, 1))
    marks: list[Any] = []
    if value is not None:
        marks.append(
            html.Span(numbers.points(value), className=f"fill {kind}", style={"width": f"{100 * value / full:.2f}%"})
        )
    else:
        marks.append(html.Span(numbers.DASH, className="fill none"))
    if average is not None:
        marks.append(html.I(className="tick", style={"left": f"{100 * average / full:.2f}%"}))
    if alike is not None:
        marks.append(html.I(className="tick alike", style={"left": f"{100 * alike / full:.2f}%"}))
    return link(
        marks,
        trace_of(address, code, dimension=part.dimension["code"]),
        "part-bar",
        style={"flexBasis": f"{96 * full / widest:.2f}%"},
        title=text,
        **{"aria-label": text},
    )
