"""What is wrong in a file, and what can be done about it right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import numbers
from dashboard.pages.imports.service.checks import Checked, Group
from dashboard.pages.imports.service.decisions import (
    ALL,
    MOST_LINES,
    TAKE,
    TWINS,
    Alike,
    about_table,
    about_words,
    alike,
)
from dashboard.parts.basic import badge, card, download, heading
from dashboard.web.address import Address
from survey.coding.item_directions import AGAINST
from survey.core.lang import say
from survey.core.masking import masked
from survey.decisions.carried_out import SILENT, TAKE_NEW, WHOLE_SHEET, ZERO_CALLS, ZEROS, Decision
from survey.intake.compared_responses import Beside, Place
from survey.people.changed_rows import BY_PHONE, CHANGED, OLD
from survey.people.corrections import CORRECTED
from survey.people.duplicates import STORED
from survey.people.identities import STORED_BY_PHONE
from survey.people.moved import MOVED
from survey.people.restarts import AGAIN, RESTARTS, TWICE

# ── Two answer sheets of one person side by side, what differs marked


def beside_row(two: Beside, columns: int, lang: str) -> html.Tr:
    """Folded away below its finding, over ``columns`` columns of the table."""
    head = [
        html.Th(say(lang, "page_import.col_question_text"), scope="col"),
        *[html.Th(_place(place, lang), scope="col") for place in (two.here, two.there)],
    ]
    body = [
        html.Tr(
            [
                html.Th(header, scope="row"),
                *[html.Td(html.Mark(text or say(lang, "page_import.empty"))) for text in pair],
            ]
        )
        for header, *pair in two.differ
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines twins")
    text = say(lang, "page_import.twins", n=len(two.differ), same=two.same)
    shown = html.Details([html.Summary(text), html.Div(table, className="scroll tall")])
    return html.Tr(html.Td(shown, colSpan=columns), className="beside")


def _place(place: Place, lang: str) -> str:
    if not place.batch:
        return say(lang, "page_import.row_here", n=place.row)
    return say(lang, "page_import.row_stored", n=place.row, batch=place.batch, file=place.file, sheet=place.sheet)


#: what the answers to a question about a whole sheet are called
_CONFIRM = {
    **dict.fromkeys((RESTARTS, AGAIN), "act_other_people"),
    MOVED: "act_other_place",
    TWICE: "act_keep_first",
    **dict.fromkeys((SILENT, ZEROS), "act_leave_silent"),
    ZERO_CALLS: "act_calls_only",
    OLD: "act_keep_corrected",
    **dict.fromkeys((CORRECTED, CHANGED, BY_PHONE, STORED, STORED_BY_PHONE), "act_take_new"),
}
_LEAVE = {
    **dict.fromkeys((RESTARTS, AGAIN, MOVED), "act_same_people"),
    **dict.fromkeys((CORRECTED, CHANGED, BY_PHONE), "act_keep_old"),
}
#: (cell, code) of a finding about two answer sheets → the two side by side
Twos = Mapping[tuple[str, str], Beside]


def findings_card(checked: Checked, two: Twos, address: Address, token: str, named: bool) -> Any:
    """The findings of one line: what needs a person with its actions, then notes, then what was decided."""
    lang = address.lang
    title = say(lang, "page_import.findings") + (f" · {checked.named}" if named else "")
    decided = checked.part.decisions if checked.part else ()
    if not checked.groups and not decided:
        if checked.refused is not None:
            return None
        return card([heading(title), html.P(say(lang, "page_import.findings_none"), className="muted")])
    lines, notes = alike(checked), [g for g in checked.groups if g.level == "note" and g.code != AGAINST]
    words, table = about_words(checked), about_table(checked)
    count = say(lang, "page_import.findings_count", n=numbers.count(sum(a.count for a in lines)))
    return card(
        [
            html.Div([heading(title, count), _files(checked, address, token)], className="card-top"),
            _table(checked, lines[:MOST_LINES], two, lang) if lines else None,
            html.P(say(lang, "page_import.words_waiting", n=numbers.count(words)), className="hint") if words else None,
            html.P(say(lang, "page_import.table_waiting", n=numbers.count(table)), className="hint") if table else None,
            html.P(say(lang, "page_import.settled"), className="muted") if not (lines or words or table) else None,
            html.P(say(lang, "page_import.more_lines", n=len(lines) - MOST_LINES), className="hint")
            if len(lines) > MOST_LINES
            else None,
            *[html.P(f.word(lang), className="bad-text") for f in checked.findings if f.code == AGAINST],
            _decided(checked.number, decided, lang) if decided else None,
            html.Details(
                [
                    html.Summary(say(lang, "page_import.notes", n=sum(g.count for g in notes))),
                    html.Div(groups_table(notes, lang), className="scroll"),
                ]
            )
            if notes
            else None,
        ],
        "findings-card",
    )


def _files(checked: Checked, address: Address, token: str) -> html.Div:
    lang = address.lang
    links = [
        download(
            say(lang, f"page_import.download_{kind}"),
            address.link(f"/download/findings/{token}.{kind}"),
            "button small",
        )
        for kind in ("csv", "xlsx")
    ]
    copy = download(
        say(lang, "page_import.annotated"),
        address.link(f"/download/annotated/{token}/{checked.number}"),
        "button small",
        title=say(lang, "page_import.annotated_hint"),
    )
    return html.Div([*links, copy], className="actions")


def _table(checked: Checked, lines: Sequence[Alike], two: Twos, lang: str) -> html.Div:
    head = [
        html.Th(say(lang, f"page_import.col_{k}"), scope="col")
        for k in ("cell", "question_text", "found", "problem_one", "act")
    ]
    rows = [row for line in lines for row in _line(checked, line, two.get((line.first.cell, line.first.code)), lang)]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines findings")
    return html.Div(table, className="scroll")


def _line(checked: Checked, line: Alike, two: Beside | None, lang: str) -> list[html.Tr]:
    f = line.first
    where = line.where[0] if line.where else say(lang, "page_import.whole_file")
    more = (
        html.Div(say(lang, "page_import.and_more", n=line.count), className="muted small") if line.count > 1 else None
    )
    key = f"refuse_{f.scope}" if f.level == "refuse" else f.level
    if f.level == "refuse" and checked.kind in ("indicators", "register", "questionnaire", "scheme"):
        key = "refuse_file"  # these come in as a whole or not at all
    level = html.Div(say(lang, f"page_import.level_{key}"), className="muted small")
    rows = [
        html.Tr(
            [
                html.Td([where, more], className="cells as-written"),
                html.Td(f.header, className="header as-written"),
                html.Td(
                    line.found or ("" if "found" not in f.params else say(lang, "page_import.empty")),
                    className="said as-written",
                ),
                html.Td(
                    [html.Span(f.word(lang), className="ask" if f.level == "ask" else "bad-text"), level],
                    className="problem",
                ),
                html.Td(_actions(checked, line, lang), className="acts"),
            ]
        )
    ]
    if two is not None:
        rows.append(beside_row(two, 5, lang))
    return rows


def _actions(checked: Checked, line: Alike, lang: str) -> Any:
    f, n = line.first, checked.number
    if not line.actions:
        return html.Span(say(lang, "page_import.mend_file"), className="muted small")
    at = {"part": n, "cell": f.cell, "code": f.code}

    def button(action: str, text: str) -> html.Button:
        return html.Button(text, id={"type": "decide", **at, "action": action}, className="button small", type="button")

    def entry(name: str, value: str, label: str) -> dmc.TextInput:
        return dmc.TextInput(
            id={"type": f"decide-{name}", **at},
            value=value,
            placeholder=label,
            className="entry",
            size="xs",
            **{"aria-label": label},
        )

    first, more = [], []
    if "confirm" in line.actions:
        first.append(button("confirm", say(lang, f"page_import.{_CONFIRM.get(f.code, 'act_confirm')}")))
    if "set" in line.actions and line.suggestion:
        key = "act_prefix" if f.code in (CORRECTED, CHANGED) else "act_set"
        first.append(button("suggested", say(lang, f"page_import.{key}", value=line.suggestion)))
    if TAKE in line.actions:
        first.append(button(TAKE, say(lang, f"page_import.{'act_take_old' if f.code == OLD else 'act_same_new'}")))
    if ALL in line.actions:
        first.append(button(ALL, say(lang, "page_import.act_for_all")))
    if "blank" in line.actions:
        first.append(button("blank", say(lang, "page_import.act_blank")))
    if "set" in line.actions:
        more.append(
            html.Div(
                [
                    entry("value", "", say(lang, "page_import.new_value")),
                    button("set", say(lang, "page_import.act_write")),
                ]
            )
        )
    if "leave_out" in line.actions:
        reason = say(lang, "page_import.reason_default")
        leave_text = say(
            lang, f"page_import.{_LEAVE.get(f.code, 'act_leave_twin' if f.code in TWINS else 'act_leave_out')}"
        )
        reason_field, leave = entry("reason", reason, say(lang, "page_import.reason")), button("leave_out", leave_text)
        if (
            f.code in TWINS or f.code in WHOLE_SHEET
        ):  # what is done most often stands in front; its reason can be changed behind
            first.append(leave)
            more.append(reason_field)
        else:
            more.append(html.Div([reason_field, leave]))
    if more:
        label = "act_more" if "set" in line.actions else "act_leave_out"
        first.append(
            html.Details(
                [
                    html.Summary(say(lang, f"page_import.{label}"), className="button small"),
                    html.Div(more, className="corrections"),
                ],
                className="correct",
            )
        )
    if line.count > 1:
        first.append(
            dmc.Checkbox(
                id={"type": "decide-alike", **at},
                checked=True,
                size="xs",
                radius="xs",
                label=say(lang, "page_import.all_alike", n=line.count),
            )
        )
    return html.Div(first, className="act-row")


def _decided(number: int, decisions: Sequence[Decision], lang: str) -> html.Details:
    rows = [
        html.Tr(
            [
                html.Td(d.cell or d.header or d.code, className="cells as-written"),
                html.Td(_done(d, lang) + (say(lang, "page_import.did_alike") if d.alike else "")),
                html.Td(d.reason, className="muted"),
                html.Td(
                    html.Button(
                        say(lang, "page_import.undecide"),
                        id={"type": "undecide", "part": number, "which": i},
                        className="button small",
                        type="button",
                    ),
                    className="act",
                ),
            ]
        )
        for i, d in list(enumerate(decisions))[:MOST_LINES]
    ]
    table = html.Table(html.Tbody(rows), className="lines")
    return html.Details(
        [html.Summary(say(lang, "page_import.decided", n=len(decisions))), html.Div(table, className="scroll")]
    )


def _done(decision: Decision, lang: str) -> str:
    if decision.code in WHOLE_SHEET and decision.value in TAKE_NEW:
        return say(lang, f"page_import.{'act_take_old' if decision.code == OLD else 'act_same_new'}")
    found, value = masked(decision.found or ""), masked(decision.value)
    return say(lang, f"page_import.did_{decision.action}", found=found, value=value)


def groups_table(groups: Sequence[Group], lang: str) -> html.Table:
    """One row a kind of finding."""
    head = [html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in ("level", "problem", "count", "cells")]
    return html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_group(g, lang) for g in groups])], className="lines notes"
    )


def _group(group: Group, lang: str) -> html.Tr:
    key = f"refuse_{group.scope}" if group.level == "refuse" else group.level
    kind = {"refuse": "bad", "ask": "warn", "note": "info"}[group.level]
    more = say(lang, "page_import.more_cells") if group.count > len(group.where) and group.where else ""
    return html.Tr(
        [
            html.Td(badge(say(lang, f"page_import.level_{key}"), kind), className="level"),
            html.Td(
                [html.B(f"{group.first.header}  ") if group.first.header else "", group.first.word(lang)],
                className="problem",
            ),
            html.Td(numbers.count(group.count), className="number"),
            html.Td(say(lang, "dash_words.list_comma").join(group.where) + more, className="cells as-written"),
        ]
    )
