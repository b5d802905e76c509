"""Audit record: who did what, when, from where, and is it as it was written?"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import numbers
from dashboard.pages.audit import service
from dashboard.pages.audit.detail_words import besides, subject_word
from dashboard.pages.audit.service import DONE, FILTERS, REFUSED, Break, Checked, Entry, Record
from dashboard.parts.basic import badge, card, download, heading, link
from dashboard.parts.context import Context, View
from survey.core.lang import known, said_who, say


def page(context: Context) -> View:
    """The filters, the newest entries, the way to older ones, and the check."""
    lang, address = context.lang, context.address
    found = service.record(context.viewer, context.store, address.filters)
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [
                        html.H1(say(lang, "page_audit.title")),
                        html.Span(say(lang, "page_audit.hint"), className="hint"),
                    ],
                    className="top-start",
                ),
                html.Div(
                    [
                        link(say(lang, "page_audit.check"), address.link(do="check"), "button"),
                        download(say(lang, "page_audit.file"), address.link("/download/audit", **found.filters)),
                    ],
                    className="actions",
                ),
            ],
            className="top",
        )
    ]
    if found.checked is not None:
        body.append(_checked(found.checked, lang))
    body.append(card([_filters(context, found), _entries(found, lang), _older(context, found)]))
    return View(say(lang, "page_audit.title"), "audit", html.Div(body, className="audit"))


def _checked(found: Checked, lang: str) -> html.Section:
    told = [html.P(say(lang, "page_audit.whole", n=numbers.count(found.entries)))] if not found.breaks else []
    told += [html.P(break_words(one, lang), className="refused") for one in found.breaks]
    if found.linked:
        told.append(html.P(say(lang, "page_audit.linked", last=found.linked), className="muted"))
    return card([heading(say(lang, "page_audit.checked")), *told], role="status")


def break_words(found: Break, lang: str) -> str:
    """What happened to an entry, in one sentence."""
    return say(lang, f"page_audit.break_{found.kind}", first=found.first, last=found.last, place=found.place)


def action_word(action: str, lang: str) -> str:
    """The word for an action; one that has none is shown as the record writes it."""
    group, _, rest = action.partition(" ")
    if group == "cycle" and known(f"page_cycle.step_{rest}"):
        return say(lang, "page_audit.action_cycle", step=say(lang, f"page_cycle.step_{rest}"))
    key = f"page_audit.action_{action.replace(' ', '_')}"
    return say(lang, key) if known(key) else action


def outcome_word(outcome: str, lang: str) -> str:
    """The word for what came of it."""
    return say(lang, f"page_audit.outcome_{outcome}") if outcome in (DONE, REFUSED) else outcome


def _filters(context: Context, found: Record) -> html.Div:
    lang = context.lang
    offered = {
        "who": [(who, who) for who in found.people],
        "action": [(a, action_word(a, lang)) for a in found.actions],
        "state": [(o, outcome_word(o, lang)) for o in (DONE, REFUSED)],
    }
    parts: list[Any] = [_select(context, found, name, offered[name]) for name in FILTERS]
    if found.filters:
        clear = dict.fromkeys((*FILTERS, "at"))
        parts.append(link(say(lang, "page_audit.clear"), context.address.link(**clear), "button small"))
    return html.Div(parts, className="entry-filters")


def _select(context: Context, found: Record, name: str, entries: list[tuple[str, str]]) -> Any:
    """A choice of addresses: what is chosen stands in the link."""
    lang, address = context.lang, context.address
    every = address.link(**{name: None, "at": None, "do": None})
    data = [{"value": every, "label": say(lang, f"page_audit.all_{name}")}]
    data += [{"value": address.link(**{name: v, "at": None, "do": None}), "label": text} for v, text in entries]
    chosen = found.filters.get(name)
    value = address.link(**{name: chosen, "at": None, "do": None}) if chosen in dict(entries) else every
    words = {"aria-label": say(lang, f"page_audit.all_{name}")}
    return dmc.Select(
        id=f"audit-{name}", data=data, value=value, allowDeselect=False, searchable=len(data) > 8, **words
    )


def _entries(found: Record, lang: str) -> Any:
    if not found.entries:
        return html.P(say(lang, "page_audit.none"), className="muted")
    names = ("entry", "at", "who", "address", "action", "subject", "outcome", "detail")
    head = [html.Th(say(lang, f"page_audit.col_{n}"), scope="col", className=_class(n)) for n in names]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_entry(found, e, lang) for e in found.entries])],
        className="lines audit-table",
    )
    words = {"aria-label": say(lang, "page_audit.title")}
    return html.Div(table, className="scroll", tabIndex=0, role="region", **words)


def _class(name: str) -> str:
    return "number" if name == "entry" else ""


def _entry(found: Record, entry: Entry, lang: str) -> html.Tr:
    refused = entry.outcome == REFUSED
    return html.Tr(
        [
            html.Th(str(entry.id), scope="row", className="number"),
            html.Td(found.at(entry), className="cells"),
            html.Td(said_who(entry.who, lang) or numbers.DASH),
            html.Td(entry.address or numbers.DASH, className="muted"),
            html.Td(action_word(entry.action, lang)),
            html.Td(subject_word(entry, lang)),
            html.Td(badge(outcome_word(entry.outcome, lang), "warn" if refused else "good")),
            html.Td(besides(entry, lang), className="muted cells"),
        ]
    )


def _older(context: Context, found: Record) -> Any:
    if found.older is None:
        return None
    return link(
        say(context.lang, "page_audit.older", n=service.SHOWN),
        context.address.link(at=found.older, do=None),
        "button small",
    )
