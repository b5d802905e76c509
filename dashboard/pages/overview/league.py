"""The league table: one row a community, its dot and whisker over the star bands, its rates by dimension."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.awards.verdicts import words
from analysis.statistics.notes import note_text
from dashboard.data.year import Row, name_of
from dashboard.figures import numbers
from dashboard.figures.star_bands import bands, gradient, heat, position
from dashboard.pages.overview.service import Overview, span
from dashboard.parts.basic import link, stars, traced
from dashboard.parts.changes import axis, change, stability
from dashboard.parts.decisions import title_held, verdict, verdict_short, vetoed
from dashboard.web.address import Address, in_path
from survey.core import limits
from survey.core.lang import say


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
                html.Tbody(
                    [_row(data, row, address, background, joined) for row, joined in joined_rows(data, address)],
                    id="league-rows",
                ),
            ],
            className="league",
            role="table",
        ),
        className="league-scroll",
    )


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
        [
            html.Span(say(lang, "page_overview.col_chart"), className="visually-hidden"),
            axis(data.year.thresholds, data.scale, lang),
        ],
        className="chart",
        scope="col",
    )
    heats = []
    for dimension in data.year.meta["dimensions"]:
        first, second = name_of(dimension, lang)
        heats.append(
            html.Th([html.Span(first), html.Small(second)], className="heat", scope="col", title=f"{first} {second}")
        )
    return html.Tr(
        [
            th("community", "name"),
            th("rank", "rank"),
            th("total", "num"),
            th("objective", "num"),
            th("subjective", "num wide"),
            chart,
            th("star", "star"),
            th("stability", "word"),
            th("change", "change"),
            html.Td(className="gap"),
            *heats,
        ]
    )


def joined_rows(data: Overview, address: Address) -> list[tuple[Row, bool]]:
    """Each row, and whether a mark joins it to the next because nothing tells the two apart."""
    by_rank = address.sort in ("", "total")
    following = [*(r["rank"] is not None for r in data.rows[1:]), False]
    return [
        (r, by_rank and ranked and r.get("differs_next") == 0) for r, ranked in zip(data.rows, following, strict=True)
    ]


def _rank_hint(row: Row, joined: bool, lang: str) -> str:
    """What the range of ranks means: for this community by itself, and for all at once."""
    if row["rank_low"] is None:
        return ""
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
        say(lang, "page_overview.exact_hint", exact=numbers.points(row["total"], limits.TOTAL_DECIMALS))
        if row["total"] is not None
        else ""
    )
    pm = numbers.half_width(row["subjective_low"], row["subjective_high"], around=row["subjective"])
    return html.Tr(
        [
            html.Th(
                link(row["community"], address.link(f"/community/{in_path(code)}"), "row-link"),
                className="name",
                scope="row",
            ),
            html.Td(
                numbers.ranks(row["rank"], row["rank_low"], row["rank_high"]),
                className="rank joined" if joined else "rank",
                title=_rank_hint(row, joined, lang),
                **_labelled("rank", lang),
            ),
            html.Td(_total(data, row, address), className="num total", title=exact),
            html.Td(numbers.points(row["objective"]), className="num objective", **_labelled("objective", lang)),
            html.Td(
                [numbers.points(row["subjective"]), html.Span(f" {pm}" if pm else "", className="pm")],
                className="num wide",
                **_labelled("subjective", lang),
            ),
            html.Td(_dot(data, row, lang, background), className="chart"),
            *_verdict(data, row, lang),
            html.Td(className="gap"),
            *[_heat(data, row, d, address) for d in data.year.meta["dimensions"]],
        ],
        **{"data-name": row["community"]},
    )


def _total(data: Overview, row: Row, address: Address) -> Any:
    text = numbers.total(row["total"], data.year.thresholds)
    return text if row["total"] is None else traced(text, address, row["community_code"])


def _labelled(column: str, lang: str) -> dict[str, str]:
    """The heading of a cell, which stands beside it where a row is no line of a table (assets/overview.css)."""
    return {"data-label": say(lang, f"page_overview.col_{column}")}


def _dot(data: Overview, row: Row, lang: str, background: str) -> html.Div:
    """One row of the chart."""
    whole, low, high = span(row)
    state = data.states[row["community_code"]]
    marks: list[Any] = []
    text = say(lang, f"dash_words.state_short_{state}") if state != "rated" else ""
    if whole is not None:
        if low is not None and high is not None:
            left, right = position(low, data.scale), position(high, data.scale)
            marks.append(
                html.I(
                    className="whisker" if state == "rated" else "whisker dashed",
                    style={"left": f"{left}%", "width": f"{round(right - left, 2)}%"},
                )
            )
        if state in ("rated", "vetoed"):
            shown = numbers.total(row["total"], data.year.thresholds)
            text = (
                say(lang, "page_overview.dot_point", total=shown)
                if low is None or high is None
                else say(
                    lang, "page_overview.dot_text", total=shown, low=numbers.points(low), high=numbers.points(high)
                )
            )
            marks.append(
                html.I(
                    className="point" if state == "rated" else "point hollow",
                    style={"left": f"{position(whole, data.scale)}%"},
                )
            )
        else:
            text = say(lang, "page_overview.dot_unrated", total=numbers.points(whole))
    return html.Div(
        marks, className="strip", role="img", style={"background": background}, title=text, **{"aria-label": text}
    )


def _verdict(data: Overview, row: Row, lang: str) -> list[html.Td]:
    """Star, stability and change; or why there is none."""
    state = data.states[row["community_code"]]
    cycle = data.year.results.extra.get("cycle", {})
    if state != "rated":
        text = say(lang, f"dash_words.state_{state}", n=numbers.points(row["n"]))
        if state == "vetoed":
            text = vetoed(row, cycle, lang)
        why = "\n".join(x for x in (note_text(row["note"], lang), *_decided(data, row, lang)) if x)
        return [html.Td(text, className=f"state state-{state}", colSpan=3, title=why)]
    star = int(row["star"])
    said, kind = verdict(row, cycle, lang)
    hint = "\n".join([" · ".join(x for x in (said, title_held(row, lang)) if x), *_decided(data, row, lang)])
    brief = verdict_short(row, cycle, lang)
    word = html.Small(brief, className=f"verdict verdict-{kind}", title=hint) if brief else None
    return [
        html.Td([stars(lang, star, hint), word], className="star said" if brief else "star"),
        html.Td(stability(lang, row, data.year.changes(row)), className="word"),
        html.Td(change(lang, row), className="change"),
    ]


def _decided(data: Overview, row: Row, lang: str) -> list[str]:
    """What was decided of a community, a line each for decision, naming and payment."""
    one = data.decided.get(row["community_code"])
    return [] if one is None else list(words(one, lang).values())


def _heat(data: Overview, row: Row, dimension: Any, address: Address) -> html.Td:
    code, rate = row["community_code"], data.rates[row["community_code"]][dimension["code"]]
    name = name_of(dimension, address.lang)[0]
    told = html.Span(numbers.share(rate), style={"background": heat(rate)})
    shown = told if rate is None else traced(told, address, code, dimension=dimension["code"])
    return html.Td(shown, className="heat", **{"data-label": name})
