"""The words of a file beside the choices they mean: a whole scale confirmed with one press, each word open to correction."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import numbers
from dashboard.pages.imports.service import decisions, wording
from dashboard.pages.imports.service.checks import Checked
from dashboard.parts.basic import badge, heading
from survey.core.lang import say
from survey.matching.choice_words import Word, Wording


def wording_lists(checked: Checked, lang: str) -> html.Div | None:
    """One part a list of choices that is worded otherwise; None where the file speaks as the questionnaire does."""
    found = wording.shown(checked)
    if not found:
        return None
    return html.Div(
        [
            heading(say(lang, "page_import.words"), say(lang, "page_import.words_hint"), level=3),
            *[_list(checked, w, lang) for w in found],
        ],
        className="contents-part",
    )


def _list(checked: Checked, found: Wording, lang: str) -> html.Div:
    at = {"part": checked.number, "list": found.list_name}
    first = found.columns[0]
    where = say(lang, "page_import.words_where", n=len(found.columns), cell=first.cell, header=first.header)
    if found.mapped:
        state = [badge(say(lang, "page_import.words_mapped"), "good")]
        told: list[Any] = []
        act = html.Button(
            say(lang, "page_import.words_forget"),
            id={"type": "words-forget", **at},
            type="button",
            className="button small",
        )
    else:
        percent = min(99, round(100 * found.scale.certainty))
        state = [
            badge(say(lang, "page_import.words_open"), "warn"),
            html.Span(say(lang, "page_import.words_certainty", percent=percent), className="muted small"),
        ]
        told = [html.Li(text) for text in found.scale.sentences(lang)]
        act = html.Div(
            [
                html.Button(
                    say(lang, "page_import.words_accept", n=numbers.count(found.cells)),
                    id={"type": "words-accept", **at},
                    type="button",
                    className="button primary small",
                ),
                *_as_it_stands(checked, found, lang),
            ],
            className="actions",
        )
    head = [html.Th(say(lang, f"page_import.words_{k}"), scope="col") for k in ("word", "cells", "own", "means")]
    rows = [_word(at, i, w, found, lang) for i, w in enumerate(found.words)]
    return html.Div(
        [
            html.Div([html.Div([html.B(where), *state], className="words-top"), act], className="card-top"),
            html.Ul(told, className="words-why") if told else None,
            html.Div(
                html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines words"), className="scroll"
            ),
        ],
        className="words-list",
    )


def _as_it_stands(checked: Checked, found: Wording, lang: str) -> list[Any]:
    """The other answer to the question, where there is one: every word as the questionnaire reads it."""
    cell = found.columns[0].cell
    asked = any(f.code == "scales.ask" and f.level == "ask" and f.cell == cell for f in checked.findings)
    at = {"part": checked.number, "cell": cell, "code": "scales.ask", "action": decisions.OWN}
    text = say(lang, "page_import.words_own_reading")
    return [html.Button(text, id={"type": "decide", **at}, type="button", className="button small")] if asked else []


def _word(at: dict[str, Any], place: int, word: Word, found: Wording, lang: str) -> html.Tr:
    data = [
        {"value": c.name, "label": c.label(lang) if c.label(lang) == c.name else f"{c.label(lang)} ({c.name})"}
        for c in found.choices
    ]
    data.append({"value": wording.EMPTY, "label": say(lang, "page_import.words_empty")})
    meant = word.meant
    select = dmc.Select(
        id={"type": "words-word", **at, "word": place},
        data=data,
        size="xs",
        allowDeselect=False,
        value=None if meant is None else meant or wording.EMPTY,
        placeholder=say(lang, "page_import.words_choose"),
        className="field" + (" unsure" if not found.mapped and word in found.new else ""),
        **{"aria-label": word.text},
    )
    own = "—" if word.own is None else found.label(word.own, lang)
    return html.Tr(
        [
            html.Th(word.text, scope="row"),
            html.Td(numbers.count(word.count), className="number"),
            html.Td(own, className="muted"),
            html.Td(select),
        ]
    )
