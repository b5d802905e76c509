"""What the cards of a trace share: their tables, and what an item or indicator is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.pages.trace.service import Traced
from survey.core.lang import say

#: columns whose cells are numbers
_NUMBERS = ("objective", "subjective", "points", "batch", "n", "value", "score", "adds")


def table(
    columns: Sequence[str], body: list[html.Tr], lang: str, label: str, own: Mapping[str, str] | None = None
) -> html.Div:
    """A table in a box that scrolls by itself where it is narrow, by keyboard too; ``own``: headings that are no text of ours."""
    words = own or {}
    head = [
        html.Th(
            words[n] if n in words else say(lang, f"page_trace.col_{n}"),
            scope="col",
            className="number" if n in words or n in _NUMBERS else "",
        )
        for n in columns
    ]
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines"),
        className="scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": label},
    )


def name_in(row: Row, lang: str) -> str:
    """An item or indicator as it is called."""
    found = row.get(f"name_{lang}") or row.get("name_zh") or row.get(f"label_{lang}") or row.get("label_zh")
    return str(found or row.get("item") or row.get("indicator"))


def said_word(value: Any) -> str:
    """A value as it was said: whole numbers whole."""
    if value is None or value != value:
        return numbers.DASH
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def code_of(data: Traced) -> str:
    """The code of what is chosen."""
    assert data.chosen is not None
    return str(data.chosen["item" if data.kind == "subjective" else "indicator"])
