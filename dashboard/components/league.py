"""The league table: one row a community, its dot and whisker over the star bands, its rates by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from analysis.notes import note_text
from dashboard import numbers
from dashboard.address import Address
from dashboard.components.basic import link, stars
from dashboard.components.standing import title_held, verdict, verdict_short, vetoed
from dashboard.figures.bands import bands, gradient, heat, position, spaced
from dashboard.services.overview import Overview, span
from dashboard.services.street import Row, area_from, broken, common_items, name_of, notes_of
from survey.lang import say


def league(data: Overview, address: Address) -> html.Div:
    """The table; every number of the chart stands in its row, so the table is the chart's twin."""
    lang = address.lang
    found = bands(data.year.thresholds, data.scale)
    background = gradient(found)
    return html.Div(
        html.Table(
            [
                html.Caption(say(lang, "page_overview.league"), className="visually-hidden"),
                html.Thead(_head(data, address, found)),
                html.Tbody([_row(data, row, address, background, joined) for row, joined in _joined(data, address)], id="league-rows"),
            ],
            className="league", role="table",
        ),
        className="league-scroll",
    )  # fmt: skip


def _head(data: Overview, address: Address, found: Any) -> html.Tr:
    lang = address.lang
    sorts = {
        "rank": "total",
        "total": "total",
        "objective": "objective",
        "subjective": "subjective",
        "change": "change",
    }

    def th(key: str, class_name: str) -> html.Th:
        text = say(lang, f"page_overview.col_{key}")
        sort = "register" if key == "community" else sorts.get(key)
        if sort is None or key == "rank":
            return html.Th(text, className=class_name, scope="col")
        title = (
            say(lang, "page_overview.sort_register")
            if sort == "register"
            else say(lang, "page_overview.sort_by", column=text)
        )
        on = address.sort == sort
        mark = html.Span("↓", className="sorted", **{"aria-hidden": "true"}) if on and sort != "register" else None
        order = {"aria-sort": "descending" if sort != "register" else "other"} if on else {}
        href = address.link(sort=None if sort == "total" else sort)
        return html.Th(link([text, mark], href, title=title), className=class_name, scope="col", **order)

    chart = html.Th(
        [html.Span(say(lang, "page_overview.col_chart"), className="visually-hidden"), axis(data.year.thresholds, data.scale, lang)],
        className="chart", scope="col",
    )  # fmt: skip
    heats = []
    for dimension in data.year.meta["dimensions"]:
        first, second = name_of(dimension, lang)
        heats.append(
            html.Th([html.Span(first), html.Small(second)], className="heat", scope="col", title=f"{first} {second}")
        )
    return html.Tr([
        th("community", "name"), th("rank", "rank"), th("total", "num"), th("objective", "num"), th("subjective", "num wide"),
        chart, th("star", "star"), th("stability", "word"), th("change", "change"), html.Td(className="gap"), *heats,
    ])  # fmt: skip


def axis(thresholds: Sequence[float], scale: tuple[float, float], lang: str) -> html.Div:
    """Star names over their bands, and the thresholds between them."""
    names, ticks = [], []
    for band in bands(thresholds, scale):
        text = say(lang, "page_overview.band_0") if band.star == 0 else numbers.star_word(lang, band.star)
        names.append(html.Span(text, style={"left": f"{band.left + band.width / 2}%"}))
    for threshold, left in spaced(thresholds, scale):
        ticks.append(html.Span(numbers.points(threshold), style={"left": f"{left}%"}))
    return html.Div([html.Div(names, className="names"), html.Div(ticks, className="ticks")], className="axis",
                    **{"aria-hidden": "true"})  # fmt: skip


def _joined(data: Overview, address: Address) -> list[tuple[Row, bool]]:
    """Each row, and whether a mark joins it to the next because nothing tells the two apart."""
    by_rank = address.sort in ("", "total")
    following = [*(r["rank"] is not None for r in data.rows[1:]), False]
    return [
        (r, by_rank and ranked and r.get("differs_next") == 0) for r, ranked in zip(data.rows, following, strict=True)
    ]


def _rank_hint(row: Row, joined: bool, lang: str) -> str:
    """What the range of ranks means: for this community by itself, and for all at once."""
    parts = [say(lang, "page_overview.rank_hint")]
    if row.get("rank_sim_low") is not None:
        both = numbers.ranks(row["rank"], row["rank_sim_low"], row["rank_sim_high"])
        parts.append(say(lang, "page_overview.rank_hint_all", ranks=both))
    if joined:
        parts.append(say(lang, "page_overview.rank_hint_next"))
    return say(lang, "page_overview.rank_hint_joint").join(parts)


def _row(data: Overview, row: Row, address: Address, background: str, joined: bool) -> html.Tr:
    lang, code = address.lang, row["community_code"]
    exact = (
        say(lang, "page_overview.exact_hint", exact=numbers.points(row["total"], 2)) if row["total"] is not None else ""
    )
    pm = numbers.half_width(row["subjective_low"], row["subjective_high"])
    return html.Tr(
        [
            html.Th(link(row["community"], address.link(f"/community/{code}"), "row-link"), className="name", scope="row"),
            html.Td(numbers.ranks(row["rank"], row["rank_low"], row["rank_high"]),
                    className="rank joined" if joined else "rank", title=_rank_hint(row, joined, lang)),
            html.Td(numbers.total(row["total"], data.year.thresholds), className="num total", title=exact),
            html.Td(numbers.points(row["objective"]), className="num objective"),
            html.Td([numbers.points(row["subjective"]), html.Span(f" {pm}" if pm else "", className="pm")],
                    className="num wide"),
            html.Td(_dot(data, row, lang, background), className="chart"),
            *_verdict(data, row, lang),
            html.Td(className="gap"),
            *[_heat(data, row, d, lang) for d in data.year.meta["dimensions"]],
        ],
        **{"data-name": row["community"]},
    )  # fmt: skip


def _dot(data: Overview, row: Row, lang: str, background: str) -> html.Div:
    """One row of the chart."""
    whole, low, high = span(row)
    state = data.states[row["community_code"]]
    marks: list[Any] = []
    text = say(lang, f"dash_words.state_short_{state}") if state != "rated" else ""
    if whole is not None:
        if low is not None and high is not None:
            left, right = position(low, data.scale), position(high, data.scale)
            marks.append(html.I(className="whisker" if state == "rated" else "whisker dashed",
                                style={"left": f"{left}%", "width": f"{round(right - left, 2)}%"}))  # fmt: skip
        if state in ("rated", "vetoed"):
            shown = numbers.total(row["total"], data.year.thresholds)
            text = (say(lang, "page_overview.dot_point", total=shown) if low is None or high is None else
                    say(lang, "page_overview.dot_text", total=shown, low=numbers.points(low), high=numbers.points(high)))  # fmt: skip
            marks.append(html.I(className="point" if state == "rated" else "point hollow",
                                style={"left": f"{position(whole, data.scale)}%"}))  # fmt: skip
        else:
            text = say(lang, "page_overview.dot_unrated", total=numbers.points(whole))
    return html.Div(marks, className="strip", role="img", style={"background": background}, title=text,
                    **{"aria-label": text})  # fmt: skip


def _verdict(data: Overview, row: Row, lang: str) -> list[html.Td]:
    """Star, stability and change; or why there is none."""
    state = data.states[row["community_code"]]
    cycle = data.year.results.extra.get("cycle", {})
    if state != "rated":
        text = say(lang, f"dash_words.state_{state}", n=numbers.points(row["n"]))
        if state == "vetoed":
            text = vetoed(row, cycle, lang)
        return [html.Td(text, className=f"state state-{state}", colSpan=3, title=note_text(row["note"], lang))]
    star = int(row["star"])
    said, kind = verdict(row, cycle, lang)
    hint = " · ".join(x for x in (said, title_held(row, lang)) if x)
    brief = verdict_short(row, cycle, lang)
    word = html.Small(brief, className=f"verdict verdict-{kind}", title=hint) if brief else None
    return [
        html.Td([stars(lang, star, hint), word], className="star said" if brief else "star"),
        html.Td(stability(lang, row), className="word"),
        html.Td(change(lang, row), className="change"),
    ]


def stability(lang: str, row: Row) -> html.Span:
    """稳定, 较稳定 or 临界, the chance on hover; or why it cannot be said."""
    key = numbers.stability(row["star_probability"])
    if not key:
        open_sample = "open_sample" in notes_of(row)
        return html.Span(
            say(lang, "dash_words.open_sample_short") if open_sample else numbers.DASH, className="muted",
            title=say(lang, "dash_words.open_sample" if open_sample else "dash_words.no_error"),
        )  # fmt: skip
    hint = say(lang, "dash_words.probability_hint", star=numbers.star_word(lang, int(row["star"])),
               chance=numbers.chance(row["star_probability"]))  # fmt: skip
    return html.Span(say(lang, f"dash_words.{key}"), className=f"stability {key}", title=hint)


def change(lang: str, row: Row) -> list[Any]:
    """Objective as a number, subjective in a word, coloured only where it is real."""
    if area_from(row):
        return [html.Span(say(lang, "dash_words.area_short"), className="muted", title=area_hint(lang, row))]
    if common_items(row) and row.get("change_common_word"):
        return [common_change(lang, row)]
    if broken(row) and not row["change_word"]:
        return [
            html.Span(say(lang, "dash_words.changed_short"), className="muted", title=say(lang, "dash_words.changed"))
        ]
    if row["change_objective"] is None and not row["change_word"]:
        return [html.Span(say(lang, "dash_words.no_change_known"), className="muted")]
    word = row["change_word"]
    hint = {}
    if row["change_q"] is not None:
        hint = {"title": say(lang, "page_overview.change_hint", change=numbers.signed(row["change_subjective"]),
                             p=f"{row['change_q']:.3f}")}  # fmt: skip
    mark = {"up": "▲ ", "down": "▼ "}.get(word or "", "")
    return [
        html.Span(numbers.signed(row["change_objective"])),
        html.Span(" / ", className="muted"),
        html.Span(
            mark + say(lang, f"dash_words.{word}") if word else numbers.DASH, className=f"word-{word or 'none'}", **hint
        ),
    ]


def area_hint(lang: str, row: Row) -> str:
    """Whose area came to this community, so that its years are not comparable."""
    names = area_from(row).replace(",", say(lang, "dash_words.list_comma"))
    return say(lang, "dash_words.area_cut", year=row["year"], names=names)


def common_change(lang: str, row: Row) -> html.Span:
    """The change over the items that both years have, in a word."""
    word = row["change_common_word"]
    hint = say(lang, "dash_words.common_hint", items=common_items(row), change=numbers.signed(row["change_common"], 1),
               points=numbers.points(row["change_common_points"]), p=f"{row['change_common_q']:.3f}")  # fmt: skip
    mark = {"up": "▲ ", "down": "▼ "}.get(word, "")
    return html.Span(say(lang, "dash_words.common_short", word=mark + say(lang, f"dash_words.{word}")),
                     className=f"word-{word}", title=hint)  # fmt: skip


def _heat(data: Overview, row: Row, dimension: Any, lang: str) -> html.Td:
    rate = data.rates[row["community_code"]][dimension["code"]]
    name = name_of(dimension, lang)[0]
    return html.Td(
        html.Span(numbers.share(rate), style={"background": heat(rate)}), className="heat", **{"data-label": name}
    )
