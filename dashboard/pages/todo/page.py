"""What is to be done: one's own first, then what others owe, each with a reminder; the due dates of the year."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.duties.duty import SOON, Duties, Duty, Owed, due_word, folded, owner_word, what_word
from dashboard.pages.todo.service import DUE, OVERDUE, PART, Todo, todo
from dashboard.parts.basic import badge, card, download, heading, link, rich
from dashboard.parts.context import Context, View
from dashboard.web.access import may
from dashboard.web.address import Address
from survey.core.lang import say

#: kind of duty → the page where it is done, and the permission without which nobody gets there
_WHERE = {
    "responses": ("/import", "see_imports"),
    "self_scores": ("/indicators", "see"),
    "values": ("/indicators", "see"),
    "reviews": ("/indicators", "see"),
    "objections": ("/cycle", "see"),
    "steps": ("/cycle", "see"),
    "payments": ("/awards", "see_all"),
    "tasks": ("/tasks", "see"),
}
#: with more communities than these their names are unfolded only when asked for
_NAMED = 3


def page(context: Context) -> View:
    """The sentence, one's own, the others', the dates."""
    lang = context.lang
    data = todo(context.viewer, context.source, context.store, context.year, context.address.filters)
    title = say(lang, "page_todo.title")
    body: list[Any] = [
        html.Div(
            [html.Div([html.H1(title), context.years()], className="top-start"), _tools(context, data)], className="top"
        ),
        html.P(rich(own_sentence(data, lang) + sentence(data, lang)), className="sentence"),
        *([_card(context, data, data.mine, "mine")] if data.mine.rows else []),
        *([_card(context, data, data.others, "others")] if data.others.rows else []),
        _dates(data, lang),
    ]
    return View(title, "todo", html.Div(body, className="todo"))


def own_sentence(data: Todo, lang: str) -> str:
    """What the reader owes themselves; empty for who owes nothing by their role."""
    if not data.owes:
        return ""
    lines = [owed for owner in data.mine.owners for owed in folded(data.mine.only(owed_by=owner).rows)]
    late = sum(owed.first.overdue for owed in lines)
    key = "own_late" if late else "own" if lines else "own_none"
    return say(lang, f"page_todo.{key}", n=len(lines), late=late) + (" " if lang == "en" else "")


def sentence(data: Todo, lang: str) -> str:
    """How many owe something, how much of it is past its day."""
    found = data.found
    if not found.rows:
        return say(lang, "page_todo.nothing", year=found.year)
    late = [d for d in found.rows if d.overdue]
    text = say(lang, "page_todo.sentence", year=found.year, owners=len(found.owners), today=found.today)
    if late:
        days = -min(d.days or 0 for d in late)
        text += say(lang, "page_todo.late", n=len({(d.owed_by, d.kind, d.step, d.due) for d in late}), days=days)
        return text
    return text + say(lang, "page_todo.in_time" if found.dates else "page_todo.no_dates")


def _tools(context: Context, data: Todo) -> html.Div:
    lang, address = context.lang, context.address
    tools: list[Any] = []
    if len(data.streets) > 1:
        every = address.link(street=None)
        tools.append(
            dmc.Select(
                id="todo-street",
                value=address.link(street=data.street) if data.street else every,
                data=[{"value": every, "label": say(lang, "page_todo.all_streets")}]
                + [{"value": address.link(street=s), "label": s} for s in data.streets],
                allowDeselect=False,
                w=200,
                **{"aria-label": say(lang, "page_shell.street")},
            )
        )
    key = "page_todo.show_all" if data.late_only else "page_todo.only_late"
    tools.append(link(say(lang, key), address.link(state=None if data.late_only else OVERDUE), "button"))
    tools.append(download(say(lang, "page_todo.download"), _file(address, "/download/todo"), "button primary"))
    return html.Div(tools, className="actions")


def _file(address: Address, path: str, **more: str) -> str:
    return address.link(path, street=address.filters.get("street"), state=address.filters.get("state"), **more)


def _card(context: Context, data: Todo, found: Duties, whose: str) -> html.Section:
    """What some owe: one group of lines an owner; nobody reminds themselves."""
    lang = context.lang
    names = ("owner", "what", "where", "due")
    head = html.Tr([html.Th(say(lang, f"page_todo.col_{n}"), scope="col") for n in names])
    bodies = [_owner(context, found, owner, data.urges and whose == "others") for owner in found.owners]
    table = html.Table([html.Thead(head), *bodies], className="lines todo-table")
    return card(
        [
            heading(say(lang, f"page_todo.{whose}"), say(lang, f"page_todo.{whose}_hint")),
            html.Div(table, className="scroll"),
        ],
        f"todo-{whose}",
    )


def _owner(context: Context, found: Duties, owner: tuple[str, str], urged: bool) -> html.Tbody:
    lang, address = context.lang, context.address
    lines = folded(found.only(owed_by=owner).rows)
    letter = _file(address, "/download/todo/letter", who=PART.join(owner))
    name = owner_word(lang, *owner, found.names)
    reminder = download(say(lang, "page_todo.letter"), letter, "small", **{"aria-label": _of(lang, name)})
    first = html.Th(
        [html.Div(name), *([reminder] if urged else [])],
        scope="rowgroup",
        rowSpan=len(lines),
        className="todo-owner",
    )
    return html.Tbody(
        [
            html.Tr([*([first] if not number else []), *_line(context, found, owed, owner[0] == "community")])
            for number, owed in enumerate(lines)
        ]
    )


def _of(lang: str, name: str) -> str:
    return say(lang, "page_todo.letter_of", name=name)


def _line(context: Context, found: Duties, owed: Owed, own_place: bool) -> list[Any]:
    lang = context.lang
    what: Any = what_word(lang, owed.first, owed.n)
    path, needed = _WHERE[owed.first.kind]
    if may(context.viewer, needed):
        what = link(what, context.address.link(path, **_filters(owed)))
    return [
        html.Td(what, className="todo-what"),
        html.Td("" if own_place else _places(found, owed, lang), className="todo-where"),
        html.Td(_due(owed.first, lang), className="todo-due"),
    ]


def _filters(owed: Owed) -> dict[str, str]:
    """What of a page's list is meant: the values of an office, in a state, of one community."""
    one = owed.communities[0] if len(owed.communities) == 1 else ""
    if owed.first.kind in ("values", "reviews", "self_scores"):
        state = "entered" if owed.first.kind == "reviews" else ""
        return {"office": owed.office, "community": one, "state": state}
    if owed.first.kind == "tasks":
        return {"office": owed.first.owner if "、" not in owed.first.owner else "", "at": one}
    return {}


def _places(found: Duties, owed: Owed, lang: str) -> Any:
    names = [found.names.get(code, code) for code in owed.communities]
    listed = say(lang, "dash_words.list_comma").join(names)
    if len(names) <= _NAMED:
        return listed
    return html.Details([html.Summary(say(lang, "page_todo.places", n=len(names))), html.Div(listed)])


def _due(duty: Duty, lang: str) -> Any:
    """Until when, in words; past or soon due stands out by its shape, not by colour alone."""
    text = due_word(lang, duty)
    if duty.days is None:
        return html.Span(text, className="muted")
    kind = "bad" if duty.overdue else "warn" if duty.days <= SOON else ""
    return badge(text, kind) if kind else text


def _dates(data: Todo, lang: str) -> html.Section:
    """The due dates of the year: to set, or to read."""
    known = data.found.dates
    words = {kind: say(lang, f"duties.kind.{kind}") for kind in DUE}
    head = heading(say(lang, "page_todo.dates", year=data.found.year), say(lang, "page_todo.dates_hint"))
    if not data.sets:
        told = [html.Li(say(lang, "page_todo.date", what=words[k], due=day)) for k, day in known.items()]
        return card([head, html.Ul(told) if told else html.P(say(lang, "page_todo.none_set"), className="muted")])
    fields = [
        dmc.TextInput(
            id={"type": "todo-date", "name": kind},
            label=words[kind],
            value=known.get(kind, ""),
            placeholder=f"{data.found.year}-10-31",
            w=170,
        )
        for kind in DUE
    ]
    return card(
        [
            head,
            dcc.Store(id="todo-year", data=data.found.year),
            html.Div(fields, className="todo-dates"),
            html.Div(
                html.Button(say(lang, "page_todo.save"), id="todo-save", type="button", className="button primary"),
                className="actions",
            ),
        ]
    )
