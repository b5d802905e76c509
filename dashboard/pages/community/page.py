"""Community: why it stands where it does, and what would lift it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from analysis.awards.tables import money
from analysis.awards.verdicts import words
from analysis.sample.small_groups import parts
from analysis.statistics.notes import note_text
from dashboard.data.year import area_from, broken, common_items, notes_of, read_year
from dashboard.figures import numbers
from dashboard.pages.community.answers import residents
from dashboard.pages.community.composition import composition
from dashboard.pages.community.history import history
from dashboard.pages.community.losses import losses
from dashboard.pages.community.service import Community, community, next_award
from dashboard.parts.basic import badge, card, download, link, modes_line, stars, traced
from dashboard.parts.changes import area_hint, common_change, stability
from dashboard.parts.context import Context, View
from dashboard.parts.decisions import title_held, verdict
from dashboard.web.access import may
from dashboard.web.address import in_path
from survey.core import limits
from survey.core.lang import enumerated, say

#: notes that the page says in another place
TOLD = (
    "sample_too_small",
    "objective_missing",
    "scheme_changed",
    "items_changed",
    "indicators_changed",
    "vetoed",
    "area_changed",
)


def page(context: Context, code: str = "") -> View:
    """The page of one community; without a code, of the first in the register."""
    code = code or _first(context)
    data = community(context.viewer, context.source, context.year, code, context.store)
    body = [
        _top(context, data),
        _headline(context, data),
        _decided(data, context.lang),
        html.Div(
            [
                composition(data, context.address),
                losses(data, context.address, _award(context, data)),
                residents(data, context.address),
                history(context, data),
            ],
            className="two-columns",
        ),
    ]
    street = data.row["sub_district"] or ""
    return View(data.row["community"], "community", html.Div(body, className="community"), street)


def _first(context: Context) -> str:
    found = read_year(context.viewer, context.source, context.year)
    rows = found.of_street(found.street(context.address.filters.get("street", ""))) or found.rows
    return str(rows[0]["community_code"]) if rows else ""


def _top(context: Context, data: Community) -> html.Div:
    lang, address = context.lang, context.address
    code = data.row["community_code"]
    here = address.link(f"/community/{in_path(code)}")
    street = data.row["sub_district"]
    own = {"street": street} if len(data.year.streets) > 1 else {}
    before, after = data.neighbours
    return html.Div(
        [
            html.Div(
                [
                    link([street or say(lang, "page_shell.overview"), " ›"], address.link("/", **own), "crumb"),
                    html.H1(data.row["community"], className="visually-hidden"),
                    dmc.Select(
                        id="community-select",
                        value=here,
                        allowDeselect=False,
                        searchable=True,
                        size="md",
                        w=190,
                        data=[{"value": address.link(f"/community/{in_path(c)}"), "label": n} for c, n in data.names],
                        className="community-select",
                        comboboxProps={"width": 240, "position": "bottom-start"},
                        **{"aria-label": say(lang, "page_community.choose")},
                    ),
                    html.Span(
                        [_step(context, before, "previous", "‹"), _step(context, after, "next", "›")],
                        className="steps-buttons",
                    ),
                    context.years(),
                    _status(data, lang),
                ],
                className="top-start",
            ),
            html.Div(
                [
                    link(say(lang, "page_beside.open"), address.link("/compare/beside", community=code), "button"),
                    download(say(lang, "page_community.tasks"), address.link("/download/tasks", at=code)),
                    download(
                        say(lang, "page_community.export"),
                        address.link(f"/download/community/{in_path(code)}"),
                        "button primary",
                    ),
                ],
                className="actions",
            ),
        ],
        className="top",
    )


def _award(context: Context, data: Community) -> str:
    """What the next star would pay, for whoever sees the street's money."""
    if data.way is None or data.state != "rated" or context.store is None:
        return ""
    if not may(context.viewer, "see_all", year=context.year):
        return ""
    amount = next_award(
        context.viewer, context.source, context.store, context.year, data.row["community_code"], data.way.star
    )
    return say(context.lang, "page_community.lift_award", amount=money(context.lang, amount)) if amount else ""


def _status(data: Community, lang: str) -> Any:
    """Who has spoken: the street that calculates, or the district and city that decide."""
    cycle = data.year.results.extra.get("cycle", {})
    words, kind = verdict(data.row, cycle, lang)
    if data.year.archived(data.row["sub_district"] or ""):
        last = badge(say(lang, "page_cycle.badge_closed"), "good")
    else:
        last = badge(say(lang, f"page_community.{'provisional' if data.row['provisional'] else 'calculated'}"), "info")
    return html.Span([badge(words, kind), " ", last] if words else last)


def _step(context: Context, code: str | None, key: str, sign: str) -> Any:
    label = say(context.lang, f"page_community.{key}")
    if code is None:
        return html.Span(sign, className="step off", **{"aria-hidden": "true"})
    return link(sign, context.address.link(f"/community/{in_path(code)}"), "step", title=label, **{"aria-label": label})


def _headline(context: Context, data: Community) -> Any:
    lang, row, meta = context.lang, data.row, data.year.meta
    error = numbers.half_width(row["total_low"], row["total_high"], around=row["total"])
    exact = (
        say(lang, "page_overview.exact_hint", exact=numbers.points(row["total"], limits.TOTAL_DECIMALS))
        if row["total"] is not None
        else ""
    )
    total = html.Div(
        [
            html.H2(say(lang, "page_community.total", full=numbers.points(meta["full_marks"])), className="minor"),
            html.P(
                [
                    traced(
                        html.Strong(numbers.total(row["total"], data.year.thresholds), title=exact),
                        context.address,
                        row["community_code"],
                    ),
                    html.Span(error, className="muted"),
                ],
                className="big",
            ),
        ],
    )
    return card([total, _star(data, lang), _chances(data, context), _facts(data, context)], "headline")


def _star(data: Community, lang: str) -> html.Div:
    row = data.row
    head = html.H2(say(lang, "page_community.star"), className="minor")
    if data.state != "rated":
        text = say(lang, f"dash_words.state_{data.state}", n=numbers.points(row["n"]))
        return html.Div(
            [
                head,
                html.P(text, className=f"state-big state-{data.state}"),
                html.P(" · ".join(x for x in (_remedy(data, lang), title_held(row, lang)) if x), className="hint"),
            ]
        )
    earlier = data.before
    last = say(lang, "page_community.last_year_none")
    if earlier is not None and earlier["star"] is not None:
        last = say(lang, "page_community.last_year", star=numbers.star_word(lang, int(earlier["star"])))
    titled = title_held(row, lang)
    parts = ([titled] if titled else [last] if earlier is not None else []) + [_gap(data, lang)]
    return html.Div(
        [
            head,
            html.P(stars(lang, row["star"]), className="stars-big"),
            html.P(stability(lang, row, data.year.changes(row)), className="sure"),
            html.P(" · ".join(parts), className="hint"),
        ]
    )


def _gap(data: Community, lang: str) -> str:
    from dashboard.figures.numbers import gap

    if data.row["star_next_gap"] is None:
        return say(lang, "page_community.top")
    star = numbers.star_word(lang, int(data.row["star"]) + 1)
    return say(lang, "page_community.gap", star=star, points=gap(data.row["star_next_gap"]))


def _remedy(data: Community, lang: str) -> str:
    """What is still to come before there is a star; nothing where the street's year is archived."""
    if data.year.archived(data.row["sub_district"] or ""):
        return ""
    if data.state == "too_few":
        minimum = int(data.year.meta["min_responses"])
        return say(lang, "page_community.too_few", missing=minimum - int(data.row["n"] or 0), minimum=minimum)
    if data.state == "no_objective":
        return say(lang, "page_community.no_objective", missing=data.missing_indicators)
    return ""


def _chances(data: Community, context: Context) -> html.Div:
    """One bar cut into the chances of each star; choices, which they do not speak of, have a page of their own."""
    lang = context.lang
    head = html.H2(say(lang, "page_community.chances"), className="minor")
    found = [(star, float(data.row[f"star_p{star}"])) for star in range(6) if data.row.get(f"star_p{star}") is not None]
    shown = [(star, p) for star, p in found if p >= 0.005]
    if data.state != "rated":
        return html.Div(className="chances")
    if not shown:
        why = "dash_words.open_sample" if "open_sample" in notes_of(data.row) else "page_community.no_chances"
        return html.Div([head, html.P(say(lang, why), className="muted")], className="chances")
    most = max(shown, key=lambda x: x[1])[0]
    whole = sum(p for _, p in shown)
    pieces, words = [], []
    for star, p in shown:
        text = say(lang, "page_community.chance_of", star=numbers.star_word(lang, star), chance=numbers.chance(p))
        width = {"width": f"{100 * p / whole:.2f}%"}
        pieces.append(html.I(className="piece most" if star == most else "piece", style=width, title=text))
        words.append(html.Span(text))
    label = {"aria-label": enumerated(lang, (str(w.children) for w in words))}
    words.append(link(say(lang, "page_community.robustness"), context.address.link("/robustness")))
    return html.Div(
        [
            head,
            html.Div(pieces, className="chance-bar", role="img", **label),
            html.Div(words, className="chance-words"),
        ],
        className="chances",
        title=say(lang, "dash_words.sampling_only"),
    )


def _facts(data: Community, context: Context) -> html.Div:
    lang, row, meta = context.lang, data.row, data.year.meta
    error = numbers.half_width(row["subjective_low"], row["subjective_high"], around=row["subjective"])
    own = say(
        lang,
        "page_community.parts",
        objective=numbers.points(row["objective"]),
        objective_full=numbers.points(sum(float(d["objective_points"]) for d in meta["dimensions"])),
        subjective=" ".join(x for x in (numbers.points(row["subjective"]), error) if x),
        subjective_full=numbers.points(sum(float(d["subjective_points"]) for d in meta["dimensions"])),
    )
    lines: list[Any] = [
        traced(own, context.address, row["community_code"]),
        _changes(data, lang),
    ]
    if data.flow is not None:
        flow = data.flow
        out = int((flow["stored"] or 0) - (flow["scored"] or 0))
        detail = say(
            lang,
            "page_community.sample_detail",
            **{k: numbers.count(flow[k]) for k in ("received", "duplicate", "refused", "ineligible", "incomplete")},
        )
        text = modes_line(parts(flow["modes"] or {}), lang, "page_community.sample_modes")
        quality = link(say(lang, "page_community.sample_quality"), context.address.link("/quality"))
        lines.append(
            [
                html.Span(text + say(lang, "page_community.not_scored", out=numbers.count(out)), title=detail),
                " · ",
                quality,
            ]
        )
    notes = ";".join(n for n in notes_of(row) if n.split(":")[0] not in TOLD)
    if notes:
        lines.append(html.Span(note_text(notes, lang), className="note"))
    return html.Div([html.P(x) for x in lines], className="facts")


def _decided(data: Community, lang: str) -> html.P | None:
    """What was decided in the year: decision, naming and payment, beside each other where there is room."""
    if data.verdict is None:
        return None
    parts = words(data.verdict, lang)
    said = [html.Span(say(lang, f"page_community.{part}", text=text)) for part, text in parts.items()]
    return html.P(said, className="decided")


def _changes(data: Community, lang: str) -> Any:
    row = data.row
    if area_from(row):
        return area_hint(lang, row)
    if common_items(row) and row.get("change_common_word"):
        return html.Span(
            [say(lang, "dash_words.changed"), say(lang, "page_community.common"), common_change(lang, row)]
        )
    if broken(row) and not row["change_word"]:
        return say(lang, "dash_words.changed")
    if row["change_objective"] is None and not row["change_word"]:
        return say(lang, "page_community.no_change")
    word = row["change_word"]
    text = say(
        lang,
        "page_community.changes",
        objective=numbers.signed(row["change_objective"]),
        subjective=numbers.signed(row["change_subjective"]),
        word=say(lang, f"dash_words.{word}") if word else numbers.DASH,
    )
    hint = (
        ""
        if row["change_q"] is None
        else say(
            lang,
            "page_overview.change_hint",
            p=f"{row['change_q']:.3f}",
            change=numbers.signed(row["change_subjective"]),
        )
    )
    return html.Span(text, title=hint, className=f"word-{word or 'none'}")
