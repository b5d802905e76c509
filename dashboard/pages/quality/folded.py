"""A long table of the page: its first rows, the rest on a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import html

from survey.core.lang import say

#: rows that are shown at once
FIRST = 8


def folded(rows: Sequence[Any], table: Callable[[Sequence[Any]], Any], lang: str, first: int = FIRST) -> list[Any]:
    """``table`` of the first rows, and of the rest below a summary that says how many they are."""
    if len(rows) <= first + 1:  # a click for one row is none spared
        return [table(rows)]
    rest = html.Summary(say(lang, "page_quality.more_rows", n=len(rows) - first))
    return [table(rows[:first]), html.Details([rest, table(rows[first:])])]
