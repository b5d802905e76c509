"""Drivers in words and as one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.drivers import COLUMNS
from analysis.notes import note_text
from survey.lang import say

Body = Mapping[str, Any]
TABLE = (*COLUMNS[:3], "label", *COLUMNS[3:-3], "priority", "priority_text", "clear", "note")
SHOWN = [
    "level",
    "name",
    "label",
    "n",
    "score",
    "share",
    "share_low",
    "share_high",
    "among_all",
    "priority_text",
    "note",
]


def drivers_table(body: Body, lang: str) -> pd.DataFrame:
    """``TABLE`` of what ``drivers_year.measure`` made: dimensions first, then items; ``note`` in words."""
    rows = [
        {**row, "label": row[f"label_{lang}"], "note": note_text(row["note"], lang),
         "priority_text": priority_text(row["priority"], lang)}
        for row in body["rows"]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(TABLE))
    words = {"level", "dimension", "name", "label", "priority", "priority_text", "note"}
    types = {c: "string" if c in words else "Float64" for c in TABLE}
    return frame.astype({**types, "n": "Int64", "clear": "boolean"})


def priority_text(code: str | None, lang: str) -> str | None:
    """优先改进, 继续保持 …; None where nothing can be said."""
    return say(lang, f"drivers.priority.{code}") if code else None


def percent(value: float) -> str:
    """A share in whole percent."""
    return f"{int(100 * value + 0.5)}%"


def outcome_label(body: Body, lang: str) -> str:
    """What the outcome asks, without its number on the scale."""
    return str(body["outcome"][f"label_{lang}"])


def reading(body: Body, lang: str) -> str:
    """What the numbers say, in two sentences, the second that it is no cause."""
    rows = [row for row in body["rows"] if row["level"] == "dimension"]
    first = next(row for row in rows if row["name"] == body["leading"])
    return say(
        lang, "drivers.reading", outcome=outcome_label(body, lang), k=len(rows), r2=percent(body["r2"]),
        r2_range=_range(body["r2_low"], body["r2_high"], lang), first=first[f"label_{lang}"],
        share=percent(first["share"]), share_range=_range(first["share_low"], first["share_high"], lang),
        leads=say(lang, "drivers.leads" if body["leads"] else "drivers.not_leads"),
    )  # fmt: skip


def _range(low: float | None, high: float | None, lang: str) -> str:
    if low is None or high is None:
        return ""
    return say(lang, "drivers.range", low=percent(low), high=percent(high))
