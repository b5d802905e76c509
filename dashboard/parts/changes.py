"""Stars, their chances and changes in a row of a table: the axis, the words, the hints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from analysis.publication.fixed_versions import left_out
from dashboard.data.history import Moment
from dashboard.data.year import Row, area_from, broken, common_items, notes_of, read_year
from dashboard.figures import numbers
from dashboard.figures.star_bands import bands, spaced
from dashboard.parts.context import Context
from survey.core.lang import say


def breaks(moments: Sequence[Moment], lang: str) -> list[str]:
    """Why the line breaks: the area, or the scheme and its questions."""
    said = [
        say(lang, "dash_words.area_cut", year=m.year, names=m.area.replace(",", say(lang, "dash_words.list_comma")))
        for m in moments
        if m.area
    ]
    if any(m.broken and not m.area for m in moments):
        said.append(say(lang, "dash_words.changed"))
    return said


def newest_data(context: Context, rescored: bool = False) -> list[html.P]:
    """Above numbers of the newest data: whose published results do not count all of them; nothing where they do.

    ``rescored``: scores computed anew stand among them, which leave those communities out.
    """
    late = read_year(context.viewer, context.source, context.year).late
    if not late:
        return []
    key, words = left_out(context.year, [*late.values()])
    told = [say(context.lang, name, **words) for name in ("cycle.newest_data", *([key] if rescored else []))]
    return [html.P(text, className="inline-notice", role="note") for text in told]


def axis(thresholds: Sequence[float], scale: tuple[float, float], lang: str) -> html.Div:
    """Star names over their bands, and the thresholds between them."""
    names, ticks = [], []
    for band in bands(thresholds, scale):
        text = say(lang, "page_overview.band_0") if band.star == 0 else numbers.star_word(lang, band.star)
        names.append(html.Span(text, style={"left": f"{band.left + band.width / 2}%"}))
    for threshold, left in spaced(thresholds, scale):
        ticks.append(html.Span(numbers.points(threshold), style={"left": f"{left}%"}))
    return html.Div(
        [html.Div(names, className="names"), html.Div(ticks, className="ticks")],
        className="axis",
        **{"aria-hidden": "true"},
    )


def stability(lang: str, row: Row, changes: bool) -> html.Span:
    """How sure a star is: as to sampling, and beside it whether the method alone would change it."""
    found: list[Any] = [_sampling(lang, row)]
    if changes:
        hint = say(lang, "dash_words.method_changes_hint")
        found += [" ", html.Small(say(lang, "dash_words.method_changes"), className="method-changes", title=hint)]
    return html.Span(found)


def stability_words(lang: str, row: Row, changes: bool) -> str:
    """The same as words in a sentence; empty where the sampling error is not known."""
    key = numbers.stability(row["star_probability"])
    words = [say(lang, f"dash_words.{name}") for name in (key, "method_changes" if changes else "") if name]
    return say(lang, "dash_words.list_comma").join(words) if key else ""


def _sampling(lang: str, row: Row) -> html.Span:
    """抽样上稳定, 抽样上较稳定 or 抽样上临界, the chance on hover; or why it cannot be said."""
    key = numbers.stability(row["star_probability"])
    if not key:
        open_sample = "open_sample" in notes_of(row)
        return html.Span(
            say(lang, "dash_words.open_sample_short") if open_sample else numbers.DASH,
            className="muted",
            title=say(lang, "dash_words.open_sample" if open_sample else "dash_words.no_error"),
        )
    hint = say(
        lang,
        "dash_words.probability_hint",
        star=numbers.star_word(lang, int(row["star"])),
        chance=numbers.chance(row["star_probability"]),
    )
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
        hint = {
            "title": say(
                lang,
                "page_overview.change_hint",
                change=numbers.signed(row["change_subjective"]),
                p=f"{row['change_q']:.3f}",
            )
        }
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
    return say(lang, "dash_words.area_cut", year=int(row["year"]), names=names)


def common_change(lang: str, row: Row) -> html.Span:
    """The change over the items that both years have, in a word."""
    word = row["change_common_word"]
    hint = say(
        lang,
        "dash_words.common_hint",
        items=common_items(row),
        change=numbers.signed(row["change_common"], 1),
        points=numbers.points(row["change_common_points"]),
        p=f"{row['change_common_q']:.3f}",
    )
    mark = {"up": "▲ ", "down": "▼ "}.get(word, "")
    return html.Span(
        say(lang, "dash_words.common_short", word=mark + say(lang, f"dash_words.{word}")),
        className=f"word-{word}",
        title=hint,
    )
