"""Statistics: a question, a statistic, filters and a split, and the table that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from analysis.sample.item_values import levelled
from dashboard.data.questions.choices import OF_VALUES, denominators, items, statistics
from dashboard.pages.estimates import FILTERS
from dashboard.pages.estimates.service import Estimates, estimates
from dashboard.pages.estimates.table import table
from dashboard.parts.basic import card, heading, link, tables
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from dashboard.parts.question_words import column_label, question_label, value_label
from survey.core.errors import Refused
from survey.core.lang import say

Options = Sequence[tuple[str, str]]


def page(context: Context) -> View:
    """The page; what can't be said is one sentence below the choices."""
    lang = context.lang
    title = say(lang, "page_estimates.title")
    top = html.Div(html.Div([html.H1(title), context.years()], className="top-start"), className="top")
    try:
        found = estimates(context.viewer, context.source, context.store, context.year, context.address.filters)
    except Refused as refused:
        anew = link(say(lang, "page_estimates.anew"), context.address.link("/estimates"), "button")
        body = [top, card([html.P(refused.word(lang)), html.Div(anew, className="actions")])]
        return View(title, "estimates", html.Div(body, className="estimates"))
    body = [
        top,
        *newest_data(context),
        card([_choices(context, found), _reading(found, lang)]),
        _result(context, found),
    ]
    return View(title, "estimates", html.Div(body, className="estimates"))


def _choices(context: Context, found: Estimates) -> html.Div:
    lang, form = context.lang, found.form
    any_, none = (("", say(lang, f"page_estimates.{word}")) for word in ("no_filter", "no_split"))
    known = items(form)
    columns = {name: column_label(c, lang) for name, c in found.columns.items()}
    values = [
        (f"{name}={value}", say(lang, "page_estimates.filter", column=columns[name], value=value_label(c, value, lang)))
        for name, c in found.columns.items()
        for value in c.values
    ]
    first, second = (*found.where, "", "")[:2]
    offered: dict[str, tuple[str, Options]] = {
        "form": (found.form_name, found.forms),
        "item": (found.item.name, [(name, question_label(q, lang)) for name, q in known.items()]),
        "stat": (found.stat, [(s, _statistic(s, lang)) for s in statistics(found.item, form)]),
        "base": (found.base, [(name, question_label(known[name], lang)) for name in _bases(found)]),
        "community": (found.community, [("", say(lang, "page_estimates.all_communities")), *found.places]),
        "split": (found.split, [none, *columns.items()]),
        "where": (first, [any_, *values]),
        "also": (second, [any_, *values] if first else []),
    }
    return html.Div([_select(context, name, *offered[name]) for name in FILTERS], className="estimates-choices")


def _bases(found: Estimates) -> tuple[str, ...]:
    return denominators(found.item, found.form) if found.base else ()


def _select(context: Context, name: str, chosen: str, options: Options) -> Any:
    """One choice; what there is only one of is not asked. Another question or questionnaire begins anew."""
    if (len(options) < 2 and name != "base") or not options:
        return None
    gone: dict[str, None] = {}
    if name in ("form", "item"):
        gone = dict.fromkeys(("stat", "base", *(("item", "split", "where", "also") if name == "form" else ())))
    to = context.address.link
    return dmc.Select(
        id=f"estimates-{name}",
        label=say(context.lang, f"page_estimates.choose_{name}"),
        value=to(**{**gone, name: chosen or None}),
        data=[{"value": to(**{**gone, name: value or None}), "label": text} for value, text in options],
        allowDeselect=False,
        searchable=True,
    )


def _statistic(word: str, lang: str) -> str:
    return say(lang, f"page_estimates.stat_{word.replace(':0.', '_')}")


def _reading(found: Estimates, lang: str) -> html.P:
    """What the numbers are of."""
    said = [say(lang, "page_estimates.reading")]
    if levelled(found.item) and found.stat in OF_VALUES:
        said.append(say(lang, "page_estimates.levels"))
    if found.stat == "total":
        said.append(say(lang, "page_estimates.totals"))
    return html.P(" ".join(said), className="hint")


def _result(context: Context, found: Estimates) -> html.Section:
    """The table, or the sentence in its place."""
    lang = context.lang
    title = say(lang, "page_estimates.table", item=question_label(found.item, lang), stat=_statistic(found.stat, lang))
    if found.why is not None:
        return card([heading(title), html.P(found.why.word(lang))])
    if found.table.empty:
        return card([heading(title), html.P(say(lang, "page_estimates.nobody"))])
    hidden = html.P(say(lang, "page_estimates.nothing_shown")) if found.table["value"].isna().all() else None
    where = {name: found.where[i] if i < len(found.where) else None for i, name in enumerate(("where", "also"))}
    chosen = {"form": found.form_name, "item": found.item.name, "stat": found.stat, "base": found.base or None}
    chosen |= {"split": found.split or None, "community": found.community or None, **where}
    file = tables(say(lang, "page_estimates.download"), context.address.link("/download/estimates", **chosen))
    head = html.Div([heading(title), html.Div(file, className="actions")], className="card-top")
    return card([head, hidden, table(context, found)])
