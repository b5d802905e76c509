"""Bringing in a scheme workbook: the form, and what the checker found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.parts.basic import badge, card, download, heading
from dashboard.web.address import Address
from survey.core import limits
from survey.core.findings import Finding
from survey.core.lang import say

_KINDS = {"refuse": "bad", "ask": "warn", "note": "info"}
#: findings listed on the page; all are in the list that the command gives
MOST = 200


def upload_card(address: Address) -> html.Section:
    """The two workbooks to start from, and the way back in."""
    lang = address.lang
    return card(
        [
            heading(say(lang, "page_scheme.upload"), say(lang, "page_scheme.upload_hint")),
            html.Div(
                [
                    download(say(lang, "page_scheme.download_scheme"), address.link("/download/scheme/scheme")),
                    download(say(lang, "page_scheme.download_annex"), address.link("/download/scheme/annex")),
                ],
                className="actions",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.Span(say(lang, "page_scheme.file"), className="label"),
                            dcc.Upload(
                                html.Span(say(lang, "page_scheme.choose"), id="scheme-file-name"),
                                id="scheme-file",
                                className="cycle-upload",
                                accept=".xlsx",
                                max_size=limits.SMALL_UPLOAD_BYTES,
                            ),
                        ],
                        className="field",
                    ),
                    dmc.TextInput(
                        id="scheme-author", value="", label=say(lang, "page_scheme.author"), className="field"
                    ),
                    dmc.TextInput(
                        id="scheme-reason", value="", label=say(lang, "page_scheme.reason"), className="field"
                    ),
                    html.Button(
                        say(lang, "page_scheme.submit"), id="scheme-submit", type="button", className="button primary"
                    ),
                ],
                className="cycle-fields",
            ),
            html.Div(id="scheme-findings", role="status"),
        ],
        "scheme-upload",
    )


def found(sentence: str, findings: Sequence[Finding], lang: str) -> list[Any]:
    """Why nothing was stored, and every finding at its cell."""
    return [html.P(sentence, className="bad-text", **{"data-about": "scheme-file"}), _table(findings, lang)]


def stored(findings: Sequence[Finding], lang: str) -> list[Any]:
    """That the version is stored, with the remarks on it."""
    text = html.P(say(lang, "page_scheme.stored_notes" if findings else "page_scheme.stored"))
    return [text, _table(findings, lang)] if findings else [text]


def _table(findings: Sequence[Finding], lang: str) -> html.Div:
    rows = [
        html.Tr(
            [
                html.Td(badge(say(lang, f"page_scheme.level_{f.level}"), _KINDS[f.level]), className="level"),
                html.Th(f.where, scope="row", className="cells"),
                html.Td(f.word(lang)),
            ]
        )
        for f in findings[:MOST]
    ]
    more = say(lang, "page_scheme.more", n=len(findings) - MOST) if len(findings) > MOST else ""
    return html.Div([html.Table(html.Tbody(rows), className="lines scheme-findings"), html.P(more)], className="scroll")
