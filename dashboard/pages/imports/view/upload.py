"""Where files are dropped, and what can be chosen in the line of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html

from dashboard.data.uploads import Upload
from dashboard.pages.imports.service.file_lines import KINDS, MODES, SAMPLE_TYPES, Choices, Part
from dashboard.pages.imports.service.templates import Entry
from dashboard.parts.basic import card, download, heading, link
from dashboard.parts.drop_zone import marks
from dashboard.web.address import Address, in_path
from survey.core.lang import say

#: uploads under way that the page lists
MOST_UNDER_WAY = 12
#: what each kind of file is asked, beside what it is
ASKED = {
    "answers": ("questionnaire", "mode", "sample_type", "community", "year", "sheet"),
    "calls": ("questionnaire", "community", "year", "sheet"),
    "indicators": ("year",),
    "register": ("year",),
    "questionnaire": (),
    "scheme": (),
    "unknown": (),
}


def add_files(lang: str) -> html.Div:
    """A button that adds files, or a filled list of findings, to those that wait; files can be dropped on it, too."""
    return html.Div(
        [
            html.Button(
                say(lang, "page_import.add"),
                className="button",
                type="button",
                **{"data-pick": "1"},
                title=say(lang, "page_import.add_hint"),
            ),
            html.Div(id="upload-status", className="upload-status", role="status"),
        ],
        id="drop",
        className="drop-small",
        **marks(lang),
    )


def templates_menu(found: Sequence[Entry], address: Address) -> html.Details:
    """The workbooks to fill in, behind one button."""
    lang = address.lang
    return html.Details(
        [
            html.Summary(
                [say(lang, "page_import.template"), html.Span(" ▾", **{"aria-hidden": "true"})], className="button"
            ),
            html.Div([download(*_template(e, address), "") for e in found], className="more-list"),
        ],
        className="more-menu templates",
    )


def _template(entry: Entry, address: Address) -> tuple[str, str]:
    """What a workbook of the menu is called, and where it is."""
    lang = address.lang
    if entry.kind in ("answers", "phone"):
        text = say(lang, f"page_import.template_{entry.kind}", title=entry.title)
        path = f"/download/template/{quote(in_path(entry.name))}"
        return text, address.link(path + ("/phone" if entry.kind == "phone" else ""))
    if entry.kind == "indicators":
        return say(lang, "page_import.template_indicators", year=entry.name), address.link(
            f"/download/empty/indicators/{entry.name}"
        )
    return say(lang, "page_import.template_register"), address.link("/download/empty/register")


def field(number: int, part: Part, name: str, offered: Choices, lang: str) -> Any:
    """One choice of a line; what is not sure is marked, and says on what it rests."""
    entries = _entries(name, part, offered, lang)
    chosen = str(part.said.get(name) or "")
    if chosen not in [value for value, _ in entries]:
        entries.append((chosen, chosen))
    why = part.why.get(name)
    select = dmc.Select(
        id={"type": "part-field", "part": number, "name": name},
        value=chosen,
        size="xs",
        allowDeselect=False,
        searchable=len(entries) > 8,
        data=[{"value": v, "label": t} for v, t in entries],
        className="field" + ("" if why is None or why.sure else " unsure"),
        **{"aria-label": say(lang, f"page_import.{name}")},
    )
    return html.Div(
        select,
        title=f"{say(lang, f'page_import.{name}')} · {why.word(lang)}" if why else say(lang, f"page_import.{name}"),
        className=f"pick pick-{name}",
    )


def _entries(name: str, part: Part, offered: Choices, lang: str) -> list[tuple[str, str]]:
    def words(keys: Sequence[str], stem: str) -> list[tuple[str, str]]:
        return [(key, say(lang, f"{stem}{key}")) for key in keys]

    def blank(key: str) -> tuple[str, str]:
        return "", say(lang, f"page_import.{key}")

    if name == "kind":
        return words(KINDS, "recognition.kind.")
    if name == "questionnaire":
        return list(offered.questionnaires)
    if name == "mode":
        return [blank("mode_from_file"), *words(MODES, "dash_words.mode_")]
    if name == "sample_type":
        return words(SAMPLE_TYPES, "page_import.sample_")
    if name == "community":
        return [blank("community_from_file"), *offered.communities]
    if name == "year":
        first = {"indicators": "year_choose", "register": "year_of_register"}.get(part.kind, "year_from_file")
        return [blank(first), *((str(y), str(y)) for y in offered.years)]
    return [blank("sheet_found"), *((s, s) for s in part.sheets)]


def under_way_card(found: Sequence[Upload], address: Address) -> html.Section:
    """What was brought before and waits to be stored, each with the way back to it."""
    lang = address.lang
    rows = [
        html.Li(link(say(lang, "dash_words.list_comma").join(u.files), address.link("/import", token=u.token)))
        for u in found[:MOST_UNDER_WAY]
    ]
    return card([heading(say(lang, "page_import.under_way", n=len(found))), html.Ul(rows)], "under-way")


def year_of_all(parts: Sequence[Part], offered: Choices, lang: str) -> Any:
    """One choice of the year for all lines that are asked one; None where only one is."""
    asked = [p for p in parts if "year" in ASKED[p.kind]]
    if len(asked) < 2:
        return None
    said = {str(p.said.get("year") or "") for p in asked}
    return html.Div(
        [
            html.Span(say(lang, "page_import.year_of_all"), className="muted small"),
            dmc.Select(
                id={"type": "year-of-all", "part": 0},
                value=next(iter(said)) if len(said) == 1 else None,
                placeholder=say(lang, "page_import.year_choose"),
                size="xs",
                allowDeselect=False,
                data=[{"value": str(y), "label": str(y)} for y in offered.years],
                className="field",
                **{"aria-label": say(lang, "page_import.year_of_all")},
            ),
        ],
        className="picks year-of-all",
    )
