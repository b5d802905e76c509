"""The import form: what the answers are, and where to drop the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.basic import card
from dashboard.services.imports import MODES, SAMPLE_TYPES, Choices
from survey.lang import say

#: ids of the choices, in the order in which callbacks take them
FIELDS = ("questionnaire", "mode", "year", "community", "sample_type", "sheet", "add_communities")


def form(offered: Choices, chosen: Mapping[str, Any], lang: str, sheets: Sequence[str] = ()) -> html.Div:
    """The choices; their names are those of the upload's form fields. The sheet is asked where there are several."""

    def select(key: str, entries: list[tuple[str, str]], blank: str = "") -> Any:
        rows = ([("", say(lang, f"page_import.{blank}"))] if blank else []) + entries
        return dmc.Select(
            id=f"import-{key}", name=key, label=say(lang, f"page_import.{key}"), size="sm", allowDeselect=False,
            searchable=len(rows) > 8, value=str(chosen.get(key) or ""), className=f"field field-{key}" + (" hidden" if key == "sheet" and len(sheets) < 2 else ""),
            data=[{"value": v, "label": t} for v, t in rows],
        )  # fmt: skip

    modes = [(m, say(lang, f"dash_words.mode_{m}")) for m in MODES]
    samples = [(s, say(lang, f"page_import.sample_{s}")) for s in SAMPLE_TYPES]
    return html.Div(
        [
            select("questionnaire", list(offered.questionnaires)),
            select("mode", modes, "mode_from_file"),
            select("year", [(str(y), str(y)) for y in offered.years], "year_from_file"),
            select("community", list(offered.communities), "community_from_file"),
            select("sample_type", samples),
            select("sheet", [(s, s) for s in sheets], "sheet_found"),
            dmc.Checkbox(id="import-add_communities", radius="xs", label=say(lang, "page_import.add_communities"), size="sm",
                         checked=bool(chosen.get("add_communities")), className="field-check"),
        ],
        className="import-form", id="import-form",
    )  # fmt: skip


def drop_zone(offered: Choices, chosen: Mapping[str, Any], lang: str) -> html.Section:
    """The form with the place to drop files; assets/import.js sends them as one multipart request."""
    zone = html.Div(
        [
            html.Span(say(lang, "page_import.drop")),
            html.Button(say(lang, "page_import.pick"), className="button primary", type="button", **{"data-pick": "1"}),
            html.Span(say(lang, "page_import.drop_hint"), className="hint"),
            html.Div(id="upload-status", className="upload-status", role="status"),
        ],
        id="drop", className="drop",
        **{"data-busy": say(lang, "page_import.uploading"), "data-failed": say(lang, "page_import.upload_failed"),
           "data-large": say(lang, "page_import.too_large")},
    )  # fmt: skip
    return card([html.H2(say(lang, "page_import.step_say")), form(offered, chosen, lang), zone], "upload-card")
