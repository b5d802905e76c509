"""What an upload was taken for, what is wrong with it, and the button that stores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import numbers
from dashboard.address import Address
from dashboard.components.basic import badge, card, download, heading, link
from dashboard.services.imports import Checked, Group
from survey.lang import say

_BADGES = {"ready": "good", "partial": "warn", "ask": "warn", "refused": "bad", "nothing": "info"}
PREVIEW_COLUMNS = 12


def preview(checked: Sequence[Checked], address: Address, token: str, titles: Mapping[str, str]) -> list[Any]:
    """Everything below the form while files wait for a decision; ``titles`` are those of the questionnaires."""
    lang = address.lang
    return [
        card([_files(checked, lang, titles), _decision(checked, address), _question(checked, lang)], "files-card"),
        *[_findings(c, address, token, len(checked) > 1) for c in checked],
        *[_details(c, lang) for c in checked if c.inspection is not None],
    ]


def _files(checked: Sequence[Checked], lang: str, titles: Mapping[str, str]) -> html.Div:
    keys = ("file", "taken", "questionnaire", "where", "result")
    head = [html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in keys]
    rows = [html.Tr(_file(c, lang, titles)) for c in checked]
    table = html.Table([html.Thead(html.Tr([*head, html.Th("")])), html.Tbody(rows)], className="lines files")
    return html.Div(table, className="scroll")


def _file(checked: Checked, lang: str, titles: Mapping[str, str]) -> list[Any]:
    state = badge(say(lang, f"page_import.state_{checked.state}"), _BADGES[checked.state])
    found = checked.inspection
    name = html.Th(checked.file, scope="row", className="strong")
    if found is None:
        why = checked.refused.word(lang) if checked.refused else ""
        return [name, html.Td(why, colSpan=4, className="refused"), html.Td(state)]
    taken = (
        say(lang, "page_import.taken", sheet=found.sheet) if found.sheet else say(lang, "page_import.taken_no_sheet")
    )
    title = titles.get(found.questionnaire, found.questionnaire)
    return [
        name,
        html.Td(taken),
        html.Td(title),
        html.Td(_where(checked, lang)),
        html.Td(result(checked, lang)),
        html.Td(state),
    ]


def _where(checked: Checked, lang: str) -> str:
    assert checked.inspection is not None
    tally = checked.inspection.tally
    places, years = sorted({str(p) for p in tally["place"] if p}), sorted({int(y) for y in tally["year"]})
    span = "—" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    if len(places) == 1:
        return say(lang, "page_import.where_one", community=places[0], year=span)
    return say(lang, "page_import.where_many", count=len(places), year=span)


def result(checked: Checked, lang: str) -> str:
    """209 行：208 份可入库，2 格留空."""
    assert checked.inspection is not None
    counts = checked.inspection.counts
    text = say(lang, "page_import.result", rows=numbers.count(counts.rows), storable=numbers.count(counts.storable))
    for key, params in (
        ("cells", {"cells": counts.refused_cells}), ("rows", {"rows": counts.refused_rows}),
        ("duplicates", {"duplicates": counts.duplicates}), ("questions", {"questions": counts.questions}),
    ):  # fmt: skip
        if next(iter(params.values())):
            text += say(lang, f"page_import.result_{key}", **{k: numbers.count(v) for k, v in params.items()})
    return text


def storable(checked: Sequence[Checked]) -> int:
    """Responses that the button would store."""
    return sum(c.inspection.counts.storable for c in checked if c.inspection and c.state in ("ready", "partial"))


def _decision(checked: Sequence[Checked], address: Address) -> html.Div:
    lang, n = address.lang, storable(checked)
    text = say(lang, "page_import.commit", n=numbers.count(n)) if n else say(lang, "page_import.commit_none")
    return html.Div(
        [
            html.Span(say(lang, "page_import.promise"), className="hint"),
            html.Div(
                [
                    link(say(lang, "page_import.cancel"), address.link("/import"), "button"),
                    html.Button(text, id="import-commit", className="button primary", type="button", disabled=not n),
                ],
                className="actions",
            ),
        ],
        className="decision",
    )


def _question(checked: Sequence[Checked], lang: str) -> Any:
    """Asked once where cells or rows stay out."""
    some = [c.inspection.counts for c in checked if c.inspection and c.state in ("ready", "partial")]
    cells, rows = sum(c.refused_cells for c in some), sum(c.refused_rows for c in some)
    n = storable(checked)
    lines = [say(lang, "page_import.confirm_text", cells=cells, rows=rows, stored=numbers.count(n))]
    out = sum(c.state in ("refused", "ask") for c in checked)
    if out:
        lines.append(say(lang, "page_import.confirm_files", files=out))
    return dmc.Modal(
        [
            *[html.P(line) for line in lines],
            html.Div(
                [
                    html.Button(say(lang, "page_import.back"), id="import-back", className="button", type="button"),
                    html.Button(say(lang, "page_import.confirm", n=numbers.count(n)), id="import-confirm",
                                className="button primary", type="button"),
                ],
                className="actions end",
            ),
        ],
        id="import-question", title=say(lang, "page_import.confirm_title", n=cells + rows), centered=True, size="md",
    )  # fmt: skip


def _findings(checked: Checked, address: Address, token: str, named: bool) -> Any:
    lang = address.lang
    title = say(lang, "page_import.findings") + (f" · {checked.file}" if named else "")
    if not checked.groups:
        if checked.inspection is None:
            return None
        return card([heading(title), html.P(say(lang, "page_import.findings_none"), className="muted")])
    files = [
        download(
            say(lang, f"page_import.download_{kind}"),
            address.link(f"/download/findings/{token}.{kind}"),
            "button small",
        )
        for kind in ("csv", "xlsx")
    ]
    count = say(lang, "page_import.findings_count", n=numbers.count(sum(g.count for g in checked.groups)))
    return card(
        [
            html.Div([heading(title, count), html.Div(files, className="actions")], className="card-top"),
            html.Div(groups_table(checked.groups, lang), className="scroll"),
        ],
        "findings-card",
    )


def groups_table(groups: Sequence[Group], lang: str) -> html.Table:
    """One row a kind of finding."""
    head = [html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in ("level", "problem", "count", "cells")]
    return html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_group(g, lang) for g in groups])], className="lines findings"
    )


def _group(group: Group, lang: str) -> html.Tr:
    key = f"refuse_{group.scope}" if group.level == "refuse" else group.level
    kind = {"refuse": "bad", "ask": "warn", "note": "info"}[group.level]
    more = say(lang, "page_import.more_cells") if group.count > len(group.where) and group.where else ""
    return html.Tr([
        html.Td(badge(say(lang, f"page_import.level_{key}"), kind), className="level"),
        html.Td([html.B(f"{group.first.header}  ") if group.first.header else "", group.first.word(lang)], className="problem"),
        html.Td(numbers.count(group.count), className="number"),
        html.Td(say(lang, "dash_words.list_comma").join(group.where) + more, className="cells"),
    ])  # fmt: skip


def _details(checked: Checked, lang: str) -> Any:
    """Columns and first rows, folded away."""
    found = checked.inspection
    assert found is not None
    matched = [c for c in found.columns if c.question]
    text = say(lang, "page_import.columns", matched=len(matched), ignored=len(found.columns) - len(matched))
    head = [html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in ("cell", "header", "question")]
    rows = [
        html.Tr([
            html.Td(c.cell, className="cells"), html.Td(c.header),
            html.Td(f"{c.question}{' / ' + c.choice if c.choice else ''} · {say(lang, f'page_import.how_{c.how}')}" if c.question
                    else say(lang, "page_import.ignored"), className="" if c.question else "muted"),
        ])
        for c in found.columns
    ]  # fmt: skip
    return card(
        [
            html.Details([html.Summary(f"{checked.file} · {text}"),
                          html.Div(html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines"), className="scroll tall")]),
            html.Details([html.Summary(say(lang, "page_import.preview", n=len(found.preview))), _rows(checked, lang)], open=False),
        ],
        "details-card",
    )  # fmt: skip


def _rows(checked: Checked, lang: str) -> html.Div:
    found = checked.inspection
    assert found is not None
    headers = [c.header for c in found.columns][:PREVIEW_COLUMNS]
    left = len(found.columns) - len(headers)
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(h, scope="col") for h in headers])),
            html.Tbody([html.Tr([html.Td(cell) for cell in row[:PREVIEW_COLUMNS]]) for row in found.preview]),
        ],
        className="lines",
    )
    note = html.P(say(lang, "page_import.preview_left", n=left), className="hint") if left > 0 else None
    return html.Div([table, note], className="scroll")
