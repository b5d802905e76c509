"""The communities of a street as a map beside their list: star and how sure it is, each a link to its page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dash import html

from dashboard.data.year import Row, notes_of
from dashboard.figures import numbers
from dashboard.figures.area_map import ANY, Drawing, Look, drawing, from_width, map_svg, sample
from dashboard.pages.overview.service import Overview
from dashboard.parts.basic import card, heading, link
from dashboard.parts.changes import stability_words
from dashboard.web.address import Address, in_path
from survey.core.lang import enumerated, say


def street_map(data: Overview, address: Address) -> html.Section | None:
    """The card with the map; None where no community of the street has an outline."""
    rows = {str(row["community_code"]): row for row in data.rows}
    shown = {code: areas for code, areas in data.outlines.items() if code in rows}
    if not shown:
        return None
    lang = address.lang
    found = drawing(shown, data.degrees)
    looks = {code: _look(data, rows[code]) for code in found.traces}
    picture = html.Img(src=f"data:image/svg+xml,{quote(map_svg(found, looks))}", alt="", className="map-picture")
    labels = [_label(data, rows[code], found, address) for code in rows if code in found.places]
    without = [str(row["community"]) for code, row in rows.items() if code not in shown]
    missing = say(lang, "page_overview.map_without", n=len(without), names=enumerated(lang, without)) if without else ""
    return card(
        [
            heading(say(lang, "page_overview.map"), say(lang, "page_overview.map_hint")),
            html.Div(
                [picture, html.Ul(labels, className="map-labels")],
                className="map",
                style={"aspectRatio": f"{found.width:g} / {found.height:g}", "maxWidth": f"{found.width:g}px"},
            ),
            _legend(looks, lang),
            html.P(missing, className="muted small") if missing else None,
        ],
        "map-card",
        **{"aria-label": say(lang, "page_overview.map")},
    )


def _look(data: Overview, row: Row) -> Look:
    """The star and how sure it is, as the list says them; a community that is not rated has neither."""
    if data.states[row["community_code"]] != "rated":
        return Look(None)
    sure = numbers.stability(row["star_probability"]) or "unknown"
    return Look(int(row["star"]), "" if sure == "stable" else sure)


def _label(data: Overview, row: Row, found: Drawing, address: Address) -> html.Li:
    lang, code, name = address.lang, str(row["community_code"]), str(row["community"])
    place, state = found.places[code], data.states[row["community_code"]]
    if state == "rated":
        star = numbers.star_word(lang, int(row["star"]))
        sure = stability_words(lang, row, data.year.changes(row)) or _no_error(row, lang)
        mark, said = (
            (f"{int(row['star'])}★" if row["star"] else star),
            say(lang, "page_overview.map_said", star=star, sure=sure),
        )
    else:
        mark = say(lang, f"dash_words.state_short_{state}")
        said = say(lang, f"dash_words.state_{state}", n=numbers.points(row["n"]))
    return html.Li(
        link(
            [
                html.Span(name, className="map-name"),
                html.B(mark, **{"aria-hidden": "true"}),
                html.Span(said, className="visually-hidden"),
            ],
            address.link(f"/community/{in_path(code)}"),
            f"map-label {from_width(name, found, code)}",
            title=say(lang, "page_overview.map_title", name=name, said=said),
        ),
        style={"left": f"{place.x}%", "top": f"{place.y}%"},
    )


def _no_error(row: Row, lang: str) -> str:
    """Why nothing says how sure a star is."""
    return say(lang, "dash_words.open_sample" if "open_sample" in notes_of(row) else "dash_words.no_error")


def _legend(looks: Any, lang: str) -> html.Div:
    """The stars and hatchings that the map has, each with its words."""
    found = set(looks.values())
    stars = sorted({look.star for look in found if look.star is not None}, reverse=True)
    entries = [(Look(star), numbers.star_word(lang, star)) for star in stars]
    if any(look.star is None for look in found):
        entries.append((Look(None), say(lang, "page_overview.map_unrated")))
    sures = {look.sure for look in found if look.star is not None}
    words = {
        "": "dash_words.stable",
        "fairly_stable": "dash_words.fairly_stable",
        "borderline": "dash_words.borderline",
        "unknown": "page_overview.map_unknown",
    }
    entries += [(Look(ANY, sure), say(lang, key)) for sure, key in words.items() if sure in sures]
    return html.Div(
        [
            html.Span([html.Img(src=f"data:image/svg+xml,{quote(sample(look))}", alt="", className="map-key"), text])
            for look, text in entries
        ],
        className="legend map-legend",
    )
