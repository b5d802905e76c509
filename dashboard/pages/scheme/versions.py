"""Versions of a scheme with their differences, and a year under another scheme beside its own result."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.figures import numbers
from dashboard.pages.scheme.service import Beside, SchemeYear, Version
from dashboard.parts.basic import badge, card, heading, link
from dashboard.web.address import Address
from survey.core.lang import said_who, say

#: changes told of one version before the rest is only counted
MOST = 40


def versions_card(data: SchemeYear, lang: str) -> html.Section:
    """Newest first: who, when, why, and what changed."""
    items = [_version(version, lang) for version in data.versions]
    return card(
        [
            heading(say(lang, "page_scheme.versions"), say(lang, "page_scheme.versions_hint")),
            html.Ol(items, className="scheme-versions"),
        ]
    )


def _version(version: Version, lang: str) -> html.Li:
    row, changes = version.row, version.changes
    head: list[Any] = [
        html.B(say(lang, "page_scheme.version", n=row["version"])),
        html.Span(" · ".join(x for x in (row["added_at"], said_who(row["author"], lang), row["reason"]) if x)),
    ]
    if row["after_fieldwork"]:
        head.append(badge(say(lang, "page_scheme.after_fieldwork", years=row["after_fieldwork"]), "warn"))
    if changes is None:
        return html.Li([html.Div(head), html.P(say(lang, "page_scheme.first_version"), className="muted small")])
    if not changes:
        return html.Li([html.Div(head), html.P(say(lang, "scheme_diff.same"), className="muted small")])
    told = [html.Li(change.word(lang)) for change in changes[:MOST]]
    if len(changes) > MOST:
        told.append(html.Li(say(lang, "page_scheme.more", n=len(changes) - MOST)))
    summary = html.Summary(say(lang, "page_scheme.changes", n=len(changes)))
    return html.Li([html.Div(head), html.Details([summary, html.Ul(told)], open=len(changes) <= 6)])


def against_card(data: SchemeYear, beside: Beside | None, chosen: str, address: Address) -> html.Section:
    """The what-if: which schemes there are, and the year under the chosen one."""
    lang = address.lang
    body: list[Any] = [heading(say(lang, "page_scheme.against"), say(lang, "page_scheme.against_hint"))]
    if not data.others:
        return card([*body, html.P(say(lang, "page_scheme.no_others"), className="muted")])
    body.append(
        html.Div(
            [
                link(
                    names[lang],
                    address.link(against=None if code == chosen else code),
                    "button small" + (" primary" if code == chosen else ""),
                )
                for code, names in data.others
            ],
            className="actions",
        )
    )
    if beside is not None:
        body += _beside(beside, lang)
    return card(body, "scheme-against")


def _beside(beside: Beside, lang: str) -> list[Any]:
    moved = sum(bool(row["star_change"]) for row in beside.rows)
    known = sum(row["total_change"] is not None for row in beside.rows)
    text = say(lang, "page_scheme.reading", name=beside.names[lang], n=known, moved=moved)
    if beside.lacking:
        text += say(lang, "page_scheme.lacking", n=beside.lacking)
    columns = ("community", "total", "total_other", "total_change", "star", "star_other", "rank", "rank_other")
    words = ("community", "star", "star_other")
    head = html.Tr(
        [
            html.Th(say(lang, f"page_scheme.against_{c}"), scope="col", className="" if c in words else "number")
            for c in columns
        ]
    )
    rows = [
        html.Tr(
            [
                html.Th(row["community"], scope="row"),
                *(html.Td(numbers.points(row[c], 2), className="number") for c in ("total", "total_other")),
                html.Td(numbers.signed(row["total_change"], 2), className="number"),
                *(
                    html.Td(
                        _star(row[c], lang), className="changed" if row["star_change"] and c == "star_other" else ""
                    )
                    for c in ("star", "star_other")
                ),
                *(html.Td(numbers.points(row[c]), className="number") for c in ("rank", "rank_other")),
            ]
        )
        for row in beside.rows
    ]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="lines")
    told = [beside.out] if beside.out else []
    notices = [html.P(say(lang, key, **words), className="inline-notice", role="note") for key, words in told]
    return [
        *notices,
        html.P([badge(say(lang, "page_scheme.what_if"), "warn"), " ", text]),
        html.Div(table, className="scroll"),
    ]


def _star(star: float | None, lang: str) -> str:
    return numbers.DASH if star is None else numbers.star_word(lang, int(star))
