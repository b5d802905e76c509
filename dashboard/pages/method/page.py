"""How it is computed, with the scheme's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html

from dashboard.data.year import Year, name_of, read_year
from dashboard.figures import numbers
from dashboard.pages.method.service import detectable, may_check
from dashboard.parts.basic import card, download, stars
from dashboard.parts.context import Context, View
from survey.core.lang import say


def page(context: Context) -> View:
    """The rules of the year that is shown."""
    lang = context.lang
    found = read_year(context.viewer, context.source, context.year)
    meta = found.meta
    top = html.Div([html.H1(say(lang, "page_method.title")), context.years()], className="top-start")
    body = [
        top,
        _lead(meta, lang),
        _total(meta, lang),
        _subjective(found, lang),
        _error(lang),
        _power(found, lang),
        _stars(meta, lang),
        _sources(meta, lang),
        *_check(context),
    ]
    return View(say(lang, "page_method.title"), "method", html.Div(body, className="method"))


def _lead(meta: Mapping[str, Any], lang: str) -> html.P:
    names = meta["scheme_names"]
    when = f"{datetime.fromisoformat(meta['computed_at']):%Y-%m-%d %H:%M}"
    text = say(
        lang,
        "page_method.lead",
        year=meta["year"],
        scheme=names.get(lang) or names.get("zh") or meta["scheme"],
        version=meta["scheme_version"],
        data=meta["data_version"],
        when=when,
    )
    return html.P(text, className="hint")


def _sum(meta: Mapping[str, Any], part: str) -> str:
    return numbers.points(sum(float(d[f"{part}_points"]) for d in meta["dimensions"]))


def _total(meta: Mapping[str, Any], lang: str) -> Any:
    text = say(
        lang,
        "page_method.total",
        full=numbers.points(meta["full_marks"]),
        objective=_sum(meta, "objective"),
        subjective=_sum(meta, "subjective"),
        minimum=meta["min_responses"],
    )
    columns = ("dimension", "objective", "subjective", "office", "responsible")
    head = html.Tr([html.Th(say(lang, f"page_method.col_{c}"), scope="col") for c in columns])
    between = say(lang, "dash_words.list_comma")
    rows = [
        html.Tr(
            [
                html.Th(" ".join(name_of(d, lang)), scope="row"),
                html.Td(numbers.points(d["objective_points"])),
                html.Td(numbers.points(d["subjective_points"])),
                html.Td(d["lead_office"] or numbers.DASH),
                html.Td(between.join(d["responsible_offices"]) or numbers.DASH),
            ]
        )
        for d in meta["dimensions"]
    ]
    notice = [html.P(say(lang, "page_method.illustrative"), className="hint")] if meta.get("illustrative") else []
    table = html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="lines"), className="scroll")
    return card(
        [
            html.H2(say(lang, "page_method.total_title")),
            html.P(text),
            html.H3(say(lang, "page_method.points_title")),
            table,
            *notice,
        ]
    )


def _subjective(found: Year, lang: str) -> Any:
    meta = found.meta
    scores = meta.get("preset_scores") or {}
    presets = [
        html.P(
            say(
                lang,
                "page_method.preset",
                levels=levels,
                name=meta["preset"],
                scores=" / ".join(numbers.points(s) for s in values),
            )
        )
        for levels, values in sorted(scores.items(), key=lambda x: int(x[0]))
        if int(levels) == 5 or len(scores) == 1
    ]
    return card(
        [
            html.H2(say(lang, "page_method.subjective_title")),
            *presets,
            html.P(say(lang, "page_method.item")),
            html.P(
                say(
                    lang,
                    "page_method.complete",
                    complete=numbers.share(meta["complete_share"]),
                    partial=numbers.share(meta["partial_share"]),
                )
            ),
            html.P(weighting_words(found, lang)),
        ]
    )


def weighting_words(found: Year, lang: str) -> str:
    """How responses and communities were weighted, and of how many that could be said."""
    way = found.meta.get("weighting") or "none"
    effects = [row for row in found.results.extra.get("weights", ()) if row["official"]]
    if way == "none":
        text = say(lang, "page_method.weighting_none")
    else:
        counts = {"n": sum(bool(row["applied"]) for row in effects), "all": len(effects)}
        key = "weighting_applied" if effects else "weighting_other"
        text = say(lang, f"page_method.{key}", name=say(lang, f"export.weighting.{way}"), **counts)
    totals = [row for row in found.results.rows("streets") if row["mean_total"] is not None]
    if not totals:
        return text
    known = all(row["weighted_total"] is not None for row in totals)
    street = say(lang, f"page_method.street_{'weighted' if known else 'unweighted'}")
    return text + (" " if lang == "en" else "") + street


def _error(lang: str) -> Any:
    lines = [
        html.Li(say(lang, f"page_method.{k}")) for k in ("error", "rank", "stability", "change", "robustness", "small")
    ]
    return card([html.H2(say(lang, "page_method.error_title")), html.Ul(lines)])


def _power(found: Year, lang: str) -> Any:
    """Which changes so many responses a community show."""
    title = html.H2(say(lang, "power.page.title"))
    known = detectable(found)
    if known is None:
        return card([title, html.P(say(lang, "power.page.unknown"), className="muted")])
    keys = ("n", "years", "years_among", "pair_among", "share")
    head = html.Tr([html.Th(say(lang, f"power.page.{k}", m=known.communities), scope="col") for k in keys])
    rows = [
        html.Tr(
            [
                html.Th(numbers.points(r.n), scope="row"),
                *(html.Td(numbers.points(v, 1)) for v in r.points),
                html.Td(numbers.points(100 * r.share, 0)),
            ]
        )
        for r in known.rows
    ]
    hint = say(lang, "power.page.hint", year=found.meta["year"], sd=numbers.points(known.sd))
    if known.df is not None:
        hint += " " + say(lang, "power.page.hint_clusters", year=found.meta["year"], df=f"{known.df:g}")
    table = html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="lines"), className="scroll")
    return card([title, html.P(hint, className="hint"), table])


def _stars(meta: Mapping[str, Any], lang: str) -> Any:
    head = html.Tr([html.Th(say(lang, f"page_method.col_{c}"), scope="col") for c in ("star", "minimum", "decided")])
    decided = ("district", "city")
    rows = [
        html.Tr(
            [
                html.Th(stars(lang, int(s["star"])), scope="row"),
                html.Td(numbers.points(s["minimum"])),
                html.Td(say(lang, f"page_method.{s['decided_by']}") if s["decided_by"] in decided else s["decided_by"]),
            ]
        )
        for s in meta["stars"]
    ]
    body = [
        html.H2(say(lang, "page_method.stars_title")),
        html.Table([html.Thead(head), html.Tbody(rows)], className="lines"),
        html.P(say(lang, "page_method.stars_note")),
    ]
    if meta["targets"]:
        body.append(html.H3(say(lang, "page_method.targets_title")))
        body.append(
            html.Ul(
                [
                    html.Li(
                        say(
                            lang,
                            "page_method.target",
                            year=t["due_year"],
                            share=numbers.share(t["share"]),
                            star=numbers.star_word(lang, int(t["star"])),
                        )
                    )
                    for t in meta["targets"]
                ]
            )
        )
    return card(body)


def _sources(meta: Mapping[str, Any], lang: str) -> Any:
    forms = [
        html.Li(say(lang, "page_method.form", title=f["title"] or f["name"], version=f["version"]))
        for f in meta["questionnaires"]
    ]
    return card([html.H2(say(lang, "page_method.forms_title")), html.Ul(forms or [html.Li(numbers.DASH)])])


def _check(context: Context) -> list[Any]:
    """The download that lets R compute the points again, for those who may have single responses."""
    if not may_check(context.viewer):
        return []
    link = download(say(context.lang, "verification.download"), context.address.link("/download/check"))
    return [
        card(
            [
                html.H2(say(context.lang, "verification.title")),
                html.P(say(context.lang, "verification.hint")),
                html.Div(link, className="actions"),
            ]
        )
    ]
