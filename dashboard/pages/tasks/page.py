"""Tasks: which points were lost, who is in charge of each, and were last year's made good?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.improvement.task_list import state_word, worse
from analysis.improvement.task_outcome import STATES
from dashboard.figures import numbers
from dashboard.pages.tasks.service import Tasks, year_tasks
from dashboard.pages.tasks.tables import MOST, group_card, office_card, task_card
from dashboard.parts.basic import card, download, link, rich
from dashboard.parts.context import Context, View
from dashboard.parts.selects import streets
from dashboard.web.access import may
from survey.core import limits
from survey.core.lang import say


def page(context: Context) -> View:
    """The sentence, the filters, the tasks, the offices."""
    lang, address = context.lang, context.address
    asked = [address.filters.get(name, "") for name in ("office", "at", "state", "item")]
    street = address.filters.get("street", "")
    data = year_tasks(context.viewer, context.source, context.store, context.year, *asked, street)
    title = say(lang, "page_tasks.title")
    body: list[Any] = [
        html.Div(
            [html.Div([html.H1(title), context.years()], className="top-start"), _tools(context, data)], className="top"
        ),
        html.P(rich(sentence(data, lang)), className="sentence"),
        *_since(context, data),
        card(_filters(context, data), "task-filters"),
        *([group_card(data, address)] if len(data.rows) > MOST else []),
        task_card(data, address),
        office_card(data, address),
    ]
    return View(title, "tasks", html.Div(body, className="tasks"))


def sentence(data: Tasks, lang: str) -> str:
    """How much was lost, and for how much of it something is planned."""
    rows = data.found.chosen([data.community] if data.community else (), data.office)
    lost = sum(float(row.loss["points_lost"]) for row in rows)
    set_ = sum(row.entered != "open" for row in rows)
    text = say(lang, "page_tasks.sentence", year=data.found.year, n=len(rows), lost=numbers.points(lost), set=set_)
    if data.found.known_after:
        states = {s: sum(r.state == s for r in rows) for s in STATES}
        return text + _counts(
            states, sum(worse(r.outcome) for r in rows), lang, "page_tasks.after", data.found.year + 1
        )
    return text


def _counts(states: dict[str, int], more: int, lang: str, key: str, year: int) -> str:
    """How many are in which state; of those that were not made good, how many got worse."""
    parts = []
    for state, n in states.items():
        if n:
            worse_ = say(lang, "page_tasks.count_worse", n=more) if state == "none" and more else ""
            parts.append(say(lang, "page_tasks.count", state=state_word(lang, state), n=n) + worse_)
    listed = say(lang, "dash_words.list_comma").join(parts)
    return say(lang, key, year=year, listed=listed) if listed else ""


def _since(context: Context, data: Tasks) -> list[Any]:
    """What became of last year's tasks, with the way there."""
    if not data.found.known_before:
        return []
    before = data.found.year - 1
    text = _counts({s: data.since[s] for s in STATES}, data.since_worse, context.lang, "page_tasks.since", before)
    there = link(say(context.lang, "page_tasks.see_last", year=before), context.address.link(year=before, state=None))
    open_ = any(row["provisional"] for row in data.year.of_street(data.street))
    late = say(context.lang, "page_tasks.provisional") if open_ else ""
    return [html.P([text, late, " ", there], className="hint")]


def _tools(context: Context, data: Tasks) -> html.Div:
    lang, address = context.lang, context.address
    file = address.link("/download/tasks", office=data.office, at=data.community, street=data.street)
    tools: list[Any] = [_street(context, data), download(say(lang, "page_tasks.download"), file, "button primary")]
    if may(context.viewer, "bring_tasks"):
        tools.insert(
            1,
            dcc.Upload(
                html.Span(say(lang, "page_tasks.upload")),
                id="tasks-file",
                className="button task-upload",
                accept=".xlsx,.csv",
                max_size=limits.SMALL_UPLOAD_BYTES,
            ),
        )
    return html.Div(tools, className="actions")


def _street(context: Context, data: Tasks) -> Any:
    """The choice of a street; another one lets go of the community that was chosen."""
    here = replace(context, address=replace(context.address, filters={**context.address.filters, "at": ""}))
    return streets(here, data.year.streets, data.street)


def _filters(context: Context, data: Tasks) -> list[Any]:
    lang, address = context.lang, context.address
    names = [(r["community_code"], r["community"]) for r in data.year.of_street(data.street)]
    offered = {
        "office": (data.office, "office", [(o, o) for o in data.found.offices]),
        "community": (data.community, "at", names),
        "state": (data.state, "state", [(s, state_word(lang, s)) for s in data.states]),
    }
    return [
        dmc.Select(
            id=f"tasks-{name}",
            value=address.link(**{key: value or None}),
            allowDeselect=False,
            searchable=True,
            w=190,
            label=say(lang, f"page_tasks.filter_{name}"),
            data=[
                {"value": address.link(**{key: None}), "label": say(lang, "page_tasks.all")},
                *({"value": address.link(**{key: v}), "label": text} for v, text in choices),
            ],
        )
        for name, (value, key, choices) in offered.items()
    ]
