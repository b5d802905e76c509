"""Everything that was said about one value, newest first, each change with its way back."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.scheme.rules.words import ONLY, counts_worded, marks, number, words_for
from dashboard.figures import numbers
from dashboard.pages.entry.service import Desk, Row
from dashboard.parts.basic import asked_first, badge
from survey.core.lang import said_who, say

_KINDS = {"yes": "good", "no": "plain", "undone": "plain"}


def history_table(here: Desk, lang: str) -> Any:
    """One row a change or review."""
    if not here.past:
        return html.P(say(lang, "page_entry.no_history"), className="muted")
    columns = ("when", "what", "said", "why", "counts", "back")
    words = [say(lang, f"page_entry.past_{c}") for c in columns]
    head = html.Tr([html.Th(word, scope="col") if word else html.Td() for word in words])
    offered: set[int] = set()
    rows = []
    for row in here.past:
        rows.append(_row(row, here, lang, columns, offered))
        if row["change"] is not None:
            offered.add(row["change"])
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="lines entry-history"), className="scroll"
    )


def _row(row: Row, here: Desk, lang: str, columns: tuple[str, ...], offered: set[int]) -> html.Tr:
    source = say(lang, f"page_entry.what_{row['what']}")
    if row["what"] == "import":
        source = " ".join(filter(None, (source, row["file"])))
    counts = row["counts"]
    shown: dict[str, Any] = {
        "when": f"{row['at']} {said_who(row['who'], lang)}".strip(),
        "what": source,
        "said": said(row, lang),
        "why": row["reason"] or numbers.DASH,
        "counts": badge(say(lang, f"page_entry.counts_{counts}"), _KINDS[counts]) if counts else "",
        "back": _back(row, here, lang, offered),
    }
    cells = [
        html.Td(
            shown[c],
            className=f"cell-{c}" + (" none" if shown[c] in ("", numbers.DASH) else ""),
            **{"data-label": say(lang, f"page_entry.past_{c}")},
        )
        for c in columns
    ]
    return html.Tr(cells, className="undone" if counts == "undone" else "")


def said(row: Row, lang: str) -> str:
    """What a change said, in words."""
    parts = []
    if row["value"] is not None:
        value = number(row["value"]) if isinstance(row["value"], (int, float)) else str(row["value"])
        kind = row["kind"] or ""
        one = kind == ONLY and isinstance(row["value"], (int, float))
        plain = f"{words_for('kind', kind)[lang]} {value}" if kind else value
        parts.append(counts_worded(f"{kind}={value}", lang) if one else plain)
    if row["exempt"]:
        parts.append(say(lang, "page_entry.exempt"))
    if row["assessor_score"] is not None:
        parts.append(say(lang, "page_entry.said_score", who=row["assessor"] or "", score=marks(row["assessor_score"])))
    elif row["assessor"]:
        parts.append(row["assessor"])
    if row["self_score"] is not None:
        parts.append(say(lang, "page_entry.said_self", score=marks(row["self_score"])))
    parts += [row[name] for name in ("method", "date", "evidence", "note") if row[name]]
    return " · ".join(parts) or numbers.DASH


def _back(row: Row, here: Desk, lang: str, offered: set[int]) -> Any:
    number_ = row["change"]
    if number_ is None or number_ not in here.undoable or number_ in offered:
        return ""
    word = "bring_back" if row["counts"] == "undone" else "take_back"
    button = html.Button(
        say(lang, f"page_entry.sure_{word}_yes"),
        id={"type": "entry-switch", "change": int(number_)},
        type="button",
        className="button small",
    )
    covers = say(lang, f"page_entry.sure_{word}", at=row["at"], who=said_who(row["who"], lang) or numbers.DASH)
    return asked_first(say(lang, f"page_entry.{word}"), covers, button)
