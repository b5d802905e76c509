"""The map: the one that waits with what is worth knowing of it, the place to drop one, the one that is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dash import dcc, html

from dashboard.figures.area_map import ANY, Look, drawing, from_width, map_svg
from dashboard.pages.outlines import service
from dashboard.pages.outlines.service import Brought
from dashboard.parts.basic import asked_first, card, heading, link
from dashboard.parts.context import Context, View
from dashboard.parts.drop_zone import drop_zone
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import say
from survey.fieldwork.community_map import CommunityMap


def page(context: Context) -> View:
    """What waits first, then the place to drop a file, then what is kept."""
    lang, address = context.lang, context.address
    title, token = say(lang, "page_map.title"), address.filters.get("token", "")
    one, refused = _brought(context, token) if token else (None, None)
    kept, names = service.stored(context.viewer, context.store)
    back = link(say(lang, "page_basics.title"), address.link("/basics"), "button")
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [html.H1(title), html.Span(say(lang, "page_map.hint"), className="hint")], className="top-start"
                ),
                html.Div([back], className="actions"),
            ],
            className="top",
        ),
        dcc.Store(id={"type": "map-token", "of": "map"}, data=token if one else None),
    ]
    if refused is not None:
        body.append(html.P(refused.word(lang), className="inline-notice", role="alert"))
    if one is not None:
        body.append(_waiting(one, names, address, replaces=kept is not None))
    else:
        body.append(drop_zone(lang, "/basics/map/upload", "/basics/map", "page_map.drop_hint"))
    body.append(_kept(kept, names, lang))
    return View(title, "basics", html.Div(body, className="basics"))


def _brought(context: Context, token: str) -> tuple[Brought | None, Refused | None]:
    try:
        return service.brought(context.viewer, context.store, context.uploads, token), None
    except Refused as refused:
        return None, refused


def _waiting(one: Brought, names: Mapping[str, str], address: Address, *, replaces: bool) -> html.Section:
    """The file that waits: the question it asks, or how it would be drawn and the button that keeps it."""
    lang, file = address.lang, one.upload.files[0]
    other = link(say(lang, "page_map.other_file"), address.link("/basics/map"), "button")
    if one.found is None:
        choices = one.asked.choices if one.asked else {}
        buttons = [
            html.Button(
                say(lang, "page_map.by", name=name, n=n),
                id={"type": "map-by", "name": name},
                type="button",
                className="button",
            )
            for name, n in choices.items()
        ]
        asked = one.asked.word(lang) if one.asked else ""
        return card(
            [heading(file), html.P(asked, role="alert"), html.Div([*buttons, other], className="actions")], "map-waits"
        )
    keep = html.Button(
        say(lang, "page_map.replace" if replaces else "page_map.keep"),
        id={"type": "map-keep", "of": "map"},
        type="button",
        className="button primary",
    )
    return card(
        [
            heading(file, _matched(one.found, lang)),
            _findings(one.findings, lang),
            _drawn(one.found, names),
            html.Div([keep, other], className="actions"),
        ],
        "map-waits map-card",
    )


def _matched(found: CommunityMap, lang: str) -> str:
    return say(lang, "page_map.matched", n=len(found.outlines), by=found.by)


def _findings(findings: Sequence[Finding], lang: str) -> html.Ul | None:
    return html.Ul([html.Li(one.word(lang)) for one in findings], className="map-findings") if findings else None


def _drawn(found: CommunityMap, names: Mapping[str, str]) -> html.Div:
    """The outlines with their names, by their numbers where there is no room, and nothing said of any of them."""
    drawn = drawing(found.outlines, found.degrees)
    svg = map_svg(drawn, dict.fromkeys(drawn.traces, Look(ANY)))
    labels = [
        html.Li(
            html.Span(
                [
                    html.Span(names.get(code, code), className="map-name"),
                    html.Span(code, className="map-code", **{"aria-hidden": "true"}),
                ],
                className=f"map-label {from_width(names.get(code, code), drawn, code)}",
                title=names.get(code, code),
            ),
            style={"left": f"{place.x}%", "top": f"{place.y}%"},
        )
        for code, place in drawn.places.items()
    ]
    return html.Div(
        [
            html.Img(src=f"data:image/svg+xml,{quote(svg)}", alt="", className="map-picture"),
            html.Ul(labels, className="map-labels"),
        ],
        className="map",
        style={"aspectRatio": f"{drawn.width:g} / {drawn.height:g}", "maxWidth": f"{drawn.width:g}px"},
    )


def _kept(found: CommunityMap | None, names: Mapping[str, str], lang: str) -> html.Section:
    if found is None:
        return card(
            [heading(say(lang, "page_map.stored")), html.P(say(lang, "page_map.stored_none"), className="muted")]
        )
    remove = html.Button(
        say(lang, "page_map.remove"),
        id={"type": "map-remove", "of": "map"},
        type="button",
        className="button danger",
    )
    hint = say(lang, "page_map.stored_hint", file=found.file, at=found.at)
    return card(
        [
            heading(say(lang, "page_map.stored"), hint),
            html.P(_matched(found, lang), className="muted small"),
            _drawn(found, names),
            asked_first(say(lang, "page_map.remove"), say(lang, "page_map.remove_covers"), remove),
        ],
        "map-kept map-card",
    )
