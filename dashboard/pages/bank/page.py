"""The bank of questions by dimension, each with its choices and from where it is; what is chosen becomes a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.pages.bank import service
from dashboard.parts.basic import card, heading
from dashboard.parts.context import Context, View
from survey.core.lang import enumerated, say
from survey.drafting.bank import Item
from survey.form.model import in_language

#: choices shown of one item
_MOST_CHOICES = 6


def page(context: Context) -> View:
    """One card a dimension, and the button on top."""
    lang = context.lang
    found = service.items(context.viewer, context.store)
    names = service.dimensions(context.store)
    title = say(lang, "page_bank.title")
    total = sum(len(some) for some in found.values())
    top = html.Div(
        html.Div(
            [html.H1(title), html.Span(say(lang, "page_bank.hint", n=total), className="hint")], className="top-start"
        ),
        className="top",
    )
    return View(
        title,
        "basics",
        html.Div(
            [top, _take(lang), *(_dimension(c, some, names, lang) for c, some in found.items())], className="basics"
        ),
    )


def _take(lang: str) -> Any:
    return card(
        html.Div(
            [
                dmc.TextInput(
                    id={"type": "bank-title", "of": "bank"},
                    value="",
                    label=say(lang, "page_bank.name"),
                    className="draft-name",
                ),
                html.Div(
                    [
                        html.Span(say(lang, "page_bank.exact"), className="hint"),
                        html.Button(
                            say(lang, "page_bank.take"),
                            id={"type": "bank-take", "of": "bank"},
                            type="button",
                            className="button primary",
                        ),
                    ],
                    className="actions",
                ),
            ],
            className="decision",
        )
    )


def _dimension(code: str, some: Sequence[Item], names: Mapping[str, Mapping[str, str]], lang: str) -> Any:
    title = in_language(names.get(code, {}), lang, code) if code else say(lang, "page_bank.not_scored")
    boxes = [dmc.Checkbox(value=item.key, label=_label(item, lang), size="sm") for item in some]
    items = dmc.CheckboxGroup(
        html.Div(boxes, className="bank-items"),
        id={"type": "bank-items", "of": code or "none"},
        value=[],
        label=title,
        labelProps={"className": "visually-hidden"},
    )
    return card([heading(title, say(lang, "page_bank.count", n=len(some))), items])


def _label(item: Item, lang: str) -> str:
    question = item.question
    words = enumerated(lang, [c.label(lang) for c in question.choices], _MOST_CHOICES)
    said = say(lang, "page_bank.item", label=question.label(lang), form=item.form, name=question.name)
    return said + (say(lang, "page_bank.choices", words=words) if words else "")
