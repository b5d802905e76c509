"""One community beside another side, line by line: a sentence, what residents said, what offices reported."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from analysis.beside.asked import Compared
from analysis.beside.lines import ALIKE, HIGHER, LOWER, UNTESTED
from dashboard.data.questions.subjects import BesideAsked
from dashboard.figures import numbers
from dashboard.pages.beside.service import Beside, Line, beside, exact_differences, told_apart
from dashboard.parts.basic import card, heading, tables, traced
from dashboard.parts.context import Context, View
from dashboard.parts.saved_views import instead, save_form
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.lang import say

#: decimals of everything compared, so that what is shown adds up
PLACES = 1
_SURVEY = ("dimension_subjective", "item")
_REPORTED = ("dimension_objective", "indicator")


def page(context: Context) -> View:
    """The page; community and other side stand in the address."""
    lang, filters = context.lang, context.address.filters
    own, against = filters.get("community", ""), filters.get("against", "")
    try:
        data = beside(context.viewer, context.source, context.year, own, against)
    except Refused as refused:
        title = say(lang, "page_beside.title")
        top = html.Div(html.Div([html.H1(title), context.years()], className="top-start"), className="top")
        return View(title, "compare", html.Div([top, instead(context, refused)], className="compare beside"))
    own = str(data.year.community(data.code)["community"])
    top = html.Div(
        [
            html.Div(html.H1(say(lang, "page_beside.heading", community=own)), className="top-start"),
            html.Div([*_selects(data, context), save_form(context, BesideAsked(own, data.sides))], className="actions"),
        ],
        className="top",
    )
    street = str(data.year.community(data.code)["sub_district"] or "")
    if data.sides is None:
        body: list[Any] = [card(html.P(say(lang, "page_beside.nothing_else")))]
    else:
        words = own, data.sides.other_words(lang)
        body = [
            _sentence(data, data.sides, words, lang),
            _survey(data, words, context),
            _reported(data, words, context.address),
        ]
    title = say(lang, "page_beside.heading", community=own)
    return View(title, "compare", html.Div([top, *body], className="compare beside"), street)


def _selects(data: Beside, context: Context) -> list[Any]:
    address, lang = context.address, context.lang
    own = [
        {"value": address.link(community=code, against=_kept(data, code)), "label": name}
        for code, name in data.communities
    ]
    names = dict(data.communities)
    found = [
        dmc.Select(
            id="beside-community",
            value=address.link(community=data.code, against=_kept(data, data.code)),
            data=own,
            searchable=True,
            allowDeselect=False,
            w=190,
            **{"aria-label": say(lang, "page_beside.own")},
        )
    ]
    if data.choices:
        found.append(
            dmc.Select(
                id="beside-against",
                value=address.link(community=data.code, against=data.against),
                data=[
                    {"value": address.link(community=data.code, against=one), "label": _label(one, names, lang)}
                    for one in data.choices
                ],
                searchable=True,
                allowDeselect=False,
                w=210,
                **{"aria-label": say(lang, "page_beside.other")},
            )
        )
    return found


def _kept(data: Beside, code: str) -> str:
    """The other side when another community is chosen: the same, unless it is that community itself."""
    return data.against if data.against != code else data.code


def _label(one: str, names: dict[str, str], lang: str) -> str:
    if one in ("street", "type"):
        return say(lang, f"page_beside.with_{one}")
    return names.get(one) or say(lang, "beside.of_year", name=one)


def _sentence(data: Beside, sides: Compared, names: tuple[str, str], lang: str) -> html.Section:
    total, said = data.one("total"), []
    if total is not None:
        words = {
            "own": numbers.points(total["own_value"], PLACES),
            "other": numbers.points(total["other_value"], PLACES),
            "difference": numbers.signed(total["difference"], PLACES),
        }
        key = {HIGHER: "apart", LOWER: "apart", ALIKE: "alike"}.get(str(total["word"]), "unknown")
        half = numbers.half_width(total["low"], total["high"], PLACES)
        said.append(say(lang, f"page_beside.total_{key}", community=names[0], name=names[1], half=half, **words))
    elif not sides.same_measure():
        said.append(say(lang, "page_beside.other_measure"))
    else:
        said.append(say(lang, "page_beside.no_total"))
    tested, higher, lower = told_apart(data.of("item"))
    if tested:
        said.append(say(lang, "page_beside.items", n=tested, higher=higher, lower=lower, alike=tested - higher - lower))
    reported = data.of("indicator")
    differing = exact_differences(reported)
    if reported:
        gained = sum(float(x["difference"]) for x in differing if x["difference"] > 0)
        lost = sum(float(x["difference"]) for x in differing if x["difference"] < 0)
        words = {"gained": numbers.points(gained, PLACES), "lost": numbers.points(-lost, PLACES)}
        said.append(say(lang, "page_beside.indicators", n=len(reported), different=len(differing), **words))
    other_way, unknown = sides.left_out()
    if other_way:
        said.append(say(lang, "page_beside.other_way", n=other_way))
    if unknown:
        said.append(say(lang, "page_beside.unknown_lines", n=unknown))
    return card([html.P(one) for one in said], "beside-said")


def _survey(data: Beside, names: tuple[str, str], context: Context) -> html.Section:
    lang, lines = context.lang, data.of(*_SURVEY)
    hint = say(lang, "page_beside.survey_hint")
    title = heading(say(lang, "page_beside.survey"), hint)
    if not lines:
        return card([title, html.P(say(lang, "page_beside.no_survey"), className="muted")])
    rests = {"community": data.code, "against": data.against}
    file = tables(say(lang, "page_beside.download"), context.address.link("/download/beside", **rests))
    top = html.Div([title, html.Div(file, className="actions")], className="card-top")
    return card([top, _table(lines, data, names, context.address)])


def _reported(data: Beside, names: tuple[str, str], address: Address) -> html.Section | None:
    lang = address.lang
    lines = data.of(*_REPORTED)
    if not lines:
        return None
    title = heading(say(lang, "page_beside.reported"), say(lang, "page_beside.reported_hint"))
    differing = exact_differences(lines)
    same = sum(x["part"] == "indicator" for x in lines) - sum(x["part"] == "indicator" for x in differing)
    rest = [html.P(say(lang, "page_beside.same", n=same), className="muted")] if same else []
    return card([title, *([_table(differing, data, names, address)] if differing else []), *rest])


def _table(lines: tuple[Line, ...], data: Beside, names: tuple[str, str], address: Address) -> html.Div:
    lang = address.lang
    heads = ("line", "own", "other", "difference", "bar")
    words = dict(zip(("own", "other"), names, strict=True))
    head = [
        html.Th(
            words.get(name) or say(lang, f"page_beside.col_{name}"),
            scope="col",
            className="number" if name in ("own", "other", "difference") else name,
        )
        for name in heads
    ]
    widest = max(abs(float(x["difference"])) / float(x["full"]) for x in lines) or 1.0
    dimensions = {d["code"]: d for d in data.year.meta["dimensions"]}
    rows = [_row(line, widest, dimensions, (data, address)) for line in lines]
    body = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines beside-table")
    return html.Div(body, className="scroll")


def _row(line: Line, widest: float, dimensions: dict[str, Any], seen: tuple[Beside, Address]) -> html.Tr:
    data, address = seen
    lang = address.lang
    whole = str(line["part"]).startswith("dimension")
    name = str((line["name_en"] if lang == "en" else "") or line["name_zh"])
    kind = say(lang, f"page_beside.part_{line['part']}", full=numbers.points(line["full"]))
    place = "" if whole else str(dimensions[line["dimension"]][f"name_{lang}"] or "")
    under = say(lang, "dash_words.list_comma").join(filter(None, (place, kind)))
    half = f" {numbers.half_width(line['low'], line['high'], PLACES)}"
    word = str(line["word"])
    said = say(lang, f"page_beside.word_{word}")
    moved = [html.B(numbers.signed(line["difference"], PLACES)), html.Span(half, className="pm muted"), html.Br()]
    return html.Tr(
        [
            html.Th([html.Span(name), html.Br(), html.Small(under, className="muted")], scope="row"),
            html.Td(_value(line, "own", data.code, str(data.year.meta["year"]), address), className="number"),
            html.Td(_value(line, "other", *_other(data, address), address), className="number"),
            html.Td([*moved, html.Small(said, className="muted")], className="number"),
            html.Td(_bar(line, widest), className="bar", **{"aria-hidden": "true"}),
        ],
        className=" ".join(filter(None, ("whole" if whole else "", "muted-row" if word in (ALIKE, UNTESTED) else ""))),
    )


def _other(data: Beside, address: Address) -> tuple[str, str]:
    """Community and year of the other side; no community where it is a mean of several."""
    kind = "" if data.sides is None else data.sides.kind
    if kind == "year":
        return data.code, data.against
    return (data.against if kind == "community" else ""), str(data.year.meta["year"])


def _value(line: Line, side: str, code: str, year: str, address: Address) -> Any:
    """A side's points, which lead to where they come from."""
    text = numbers.points(line[f"{side}_value"], PLACES)
    if not code:
        return text
    whole = str(line["part"]).startswith("dimension")
    of = {"dimension": str(line["dimension"])} if whole else {"item": str(line["code"])}
    return traced(text, address, code, year=year, **of)


def _bar(line: Line, widest: float) -> html.Span:
    """The difference as a share of full marks, from the middle to the right where higher, the widest filling one half."""
    share = float(line["difference"]) / float(line["full"]) / widest
    left, width = (50.0, 50.0 * share) if share > 0 else (50.0 + 50.0 * share, -50.0 * share)
    kind = "up" if share > 0 else "down"
    return html.Span(
        html.I(style={"left": f"{left:.2f}%", "width": f"{width:.2f}%"}, className=kind), className="apart"
    )
