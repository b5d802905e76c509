"""The tables of the page of tasks: lost points with who is in charge of them, and what each office answers for."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.improvement.lost_points import answering, counted, lines_of, offices_of, reason
from analysis.improvement.task_list import (
    MINOR_ITEM,
    TaskGroup,
    TaskRow,
    earlier_words,
    grouped,
    outcome_words,
    state_word,
)
from dashboard.figures import numbers
from dashboard.pages.tasks.service import Tasks
from dashboard.parts.basic import badge, card, download, heading, link, traced
from dashboard.web.address import Address, in_path
from survey.core.lang import enumerated, say

#: tasks that the page lists one by one; where there are more, they stand above by indicator and item
MOST = 100
_LOOK = {"full": "good", "part": "info", "none": "bad", "open": "warn", "done": "good"}


def task_card(data: Tasks, address: Address) -> html.Section:
    """The tasks that the filters leave, by indicator and item, the most points lost first."""
    lang = address.lang
    shown = data.rows[:MOST]
    hint = say(lang, "page_tasks.hint", n=len(data.rows))
    if len(shown) < len(data.rows):
        hint += say(lang, "page_tasks.first", n=len(shown))
    title: list[Any] = [heading(say(lang, "page_tasks.list"), hint)]
    if data.item:
        title.append(link(say(lang, "page_tasks.all_items"), address.link(item=None), "button small"))
    if not shown:
        return card([*title, html.P(say(lang, "page_tasks.nothing"), className="muted")])
    names = ("community", "item", "lost", "why", "office", "action", "state")
    head = [html.Th(say(lang, f"page_tasks.col_{c}"), scope="col", className=f"col-{c}") for c in names]
    body = [_task(data, row, address) for row in shown]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines task-table")
    return card([*title, html.Div(table, className="scroll tall")])


def group_card(data: Tasks, address: Address) -> html.Section:
    """One line an indicator or item with all its communities, the most points lost first, small items last."""
    lang, groups = address.lang, grouped(data.rows)
    title = heading(
        say(lang, "page_tasks.groups"), say(lang, "page_tasks.hint_groups", n=len(data.rows), groups=len(groups))
    )
    names = ("item", "communities", "lost", "largest", "office", "set")
    head = [html.Th(say(lang, f"page_tasks.col_{c}"), scope="col", className=f"col-{c}") for c in names]
    body: list[Any] = []
    for place, group in enumerate(groups):
        if group.small and (place == 0 or not groups[place - 1].small):
            small = say(lang, "page_tasks.small_items", share=f"{100 * MINOR_ITEM:g}")
            body.append(html.Tr(html.Td(small, colSpan=len(names), className="muted small"), className="task-small"))
        body.append(_group(group, address))
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines task-groups")
    return card([title, html.Div(table, className="scroll tall")])


def _group(group: TaskGroup, address: Address) -> html.Tr:
    lang, first = address.lang, group.rows[0].loss
    name = first[f"name_{lang}"] or first["name_zh"]
    largest = f"{first['community']} {numbers.MINUS}{numbers.least(first['points_lost'])}"
    return html.Tr(
        [
            html.Th(
                [
                    link(name, address.link(item=first["code"]), "quiet"),
                    " ",
                    badge(say(lang, f"dash_words.{first['kind']}"), first["kind"]),
                ],
                scope="row",
                className="col-item",
            ),
            html.Td(numbers.count(len(group.rows)), className="number"),
            html.Td(html.B(f"{numbers.MINUS}{numbers.least(group.lost)}"), className="col-lost"),
            html.Td(largest, className="muted"),
            html.Td(enumerated(lang, answering(first)) or numbers.DASH, className="col-office"),
            html.Td(say(lang, "page_tasks.set_of", n=group.entered, of=len(group.rows)), className="muted"),
        ]
    )


def _task(data: Tasks, row: TaskRow, address: Address) -> html.Tr:
    lang, loss = address.lang, row.loss
    lead, own = offices_of(loss["lead_office"]), answering(loss)
    offices: list[Any] = [html.B(enumerated(lang, own) or numbers.DASH)]
    if lead and lead != own:
        offices.append(html.Div(say(lang, "page_tasks.lead", offices=lead), className="muted small"))
    return html.Tr(
        [
            html.Td(
                link(loss["community"], address.link(f"/community/{in_path(loss['community_code'])}"), "quiet"),
                className="col-community",
            ),
            html.Th(
                [
                    html.Span(loss[f"name_{lang}"] or loss["name_zh"]),
                    " ",
                    badge(say(lang, f"dash_words.{loss['kind']}"), loss["kind"]),
                ],
                scope="row",
                className="col-item",
            ),
            html.Td(
                traced(
                    f"{numbers.MINUS}{numbers.least(loss['points_lost'])}",
                    address,
                    loss["community_code"],
                    item=loss["code"],
                ),
                className="col-lost",
            ),
            html.Td(reason(loss, lang), className="col-why muted"),
            html.Td(offices, className="col-office"),
            html.Td(_entered(row, lang), className="col-action"),
            html.Td(_state(data, row, lang), className="col-state"),
        ]
    )


def _entered(row: TaskRow, lang: str) -> list[Any]:
    """What the office entered: the action, then who and until when."""
    if row.task is None:
        return [html.Span(numbers.DASH, className="muted")]
    below = " · ".join(x for x in (row.task.person, row.task.deadline) if x)
    parts: list[Any] = [html.Span(row.task.action or numbers.DASH)]
    if below:
        parts.append(html.Div(below, className="muted small"))
    return parts


def _state(data: Tasks, row: TaskRow, lang: str) -> list[Any]:
    """The state, and below it what the year before says."""
    text = outcome_words(lang, row.outcome) if row.outcome else state_word(lang, row.entered)
    parts: list[Any] = [badge(text, _LOOK.get(row.state, "info"))]
    if data.found.known_before:
        parts.append(html.Div(earlier_words(lang, data.found, row), className="muted small"))
    return parts


def office_card(data: Tasks, address: Address) -> html.Section:
    """Points lost in the charge of each office, or of the one chosen by community."""
    lang = address.lang
    chosen = data.office
    rows = lines_of(data.offices)
    title = say(lang, "page_tasks.one_office", office=chosen) if chosen else say(lang, "page_tasks.offices")
    head = heading(title, say(lang, "page_tasks.offices_hint"))
    file = download(say(lang, "page_tasks.download_offices"), address.link("/download/tasks/offices"), "button small")
    first = "community" if chosen else "office"
    names = (first, "lost", "objective", "subjective", "losses", "as_lead")
    cells = [
        html.Th(say(lang, f"page_tasks.col_{c}"), scope="col", className="" if c == first else "number") for c in names
    ]
    body = [_office(row, first, address) for row in rows]
    parts: list[Any] = [html.Div([head, html.Div(file, className="actions")], className="card-top")]
    if not chosen:
        sums, total, shared = counted(data.offices)
        if shared:
            parts.append(
                html.P(
                    say(
                        lang,
                        "tasks.not_added",
                        counted=numbers.points(sums, 1),
                        total=numbers.points(total, 1),
                        shared=numbers.points(shared, 1),
                    ),
                    className="hint",
                )
            )
    parts.append(
        html.Div(html.Table([html.Thead(html.Tr(cells)), html.Tbody(body)], className="lines"), className="scroll")
    )
    return card(parts)


def _office(row: dict[str, Any], first: str, address: Address) -> html.Tr:
    lang = address.lang
    if first == "community":
        name: Any = link(row["community"], address.link(at=row["community_code"]), "quiet")
    elif row["office"]:
        name = link(row["office"], address.link(office=row["office"]), "quiet")
    else:
        name = html.B(say(lang, "tasks.everybody"))
    numbers_ = [numbers.points(row[c], 1) for c in ("lost", "objective", "subjective")]
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(html.B(numbers_[0]), className="number"),
            *[html.Td(text, className="number") for text in (*numbers_[1:], numbers.count(row["losses"]))],
            html.Td(numbers.points(row["as_lead"], 1), className="number muted"),
        ]
    )
