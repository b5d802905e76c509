"""What an upload was taken for, line by line, and the button that stores it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import numbers
from dashboard.pages.imports.service.checks import Checked, Counts
from dashboard.pages.imports.service.file_lines import Choices
from dashboard.pages.imports.service.storing import round_of
from dashboard.pages.imports.view.upload import ASKED, field, year_of_all
from dashboard.parts.basic import badge, card, link
from dashboard.web.address import Address
from survey.core.lang import enumerated, say

_BADGES = {"ready": "good", "partial": "warn", "ask": "warn", "refused": "bad", "nothing": "info"}
#: what a line's findings say where ``add_communities`` would help
_COMMUNITY = "community"
#: names of new communities that a line shows
MOST_NAMES = 20


def files_card(checked: Sequence[Checked], address: Address, offered: Choices) -> html.Section:
    """One table of all files, and what the button would store."""
    lang = address.lang
    every = year_of_all([c.part for c in checked if c.part], offered, lang)
    table = _files(checked, lang, offered)
    return card([every, table, _decision(checked, address), _question(checked, lang)], "files-card")


def _files(checked: Sequence[Checked], lang: str, offered: Choices) -> html.Div:
    keys = ("file", "taken", "questionnaire", "where", "result")
    head = [html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in keys]
    bodies = [html.Tbody(_lines(c, lang, offered)) for c in checked]
    table = html.Table([html.Thead(html.Tr([*head, html.Td()])), *bodies], className="lines files")
    return html.Div(table, className="scroll")


def _lines(checked: Checked, lang: str, offered: Choices) -> list[html.Tr]:
    part, n = checked.part, checked.number
    assert part is not None
    asked, names = ASKED[part.kind], dict(offered.communities)

    def fields(*names: str) -> list[Any]:
        return [
            field(n, part, name, offered, lang)
            for name in names
            if name in asked and (name != "sheet" or len(part.sheets) > 1)
        ]

    if part.kind == "indicators":
        of: list[Any] = [_scheme(checked, lang)]
    elif checked.definition is not None:
        of = [checked.definition.name, _reason(checked, lang)]
    else:
        of = [
            html.Div(fields("questionnaire"), className="picks"),
            html.Div(fields("mode", "sample_type"), className="picks"),
        ]
    where: list[Any] = [
        html.Div(fields("community", "year"), className="picks"),
        _add_communities(checked, lang),
        _added(checked, lang),
    ]
    said = [html.Div(_where(checked, names, lang), className="muted small")] if checked.refused is None else []
    state = badge(say(lang, f"page_import.state_{checked.state}"), _BADGES[checked.state])
    outcome = checked.refused.word(lang) if checked.refused else result(checked, lang)
    waits = [html.Div(say(lang, key, **values), className="small") for key, values in checked.waits]
    row = html.Tr(
        [
            html.Th(
                [checked.file, html.Div(part.said["sheet"], className="muted small") if part.said["sheet"] else None],
                scope="row",
                className="strong",
            ),
            html.Td([field(n, part, "kind", offered, lang), *fields("sheet")]),
            html.Td(of),
            html.Td([*where, *said]),
            html.Td([outcome, *waits], className="refused" if checked.refused else "outcome"),
            html.Td(state),
        ]
    )
    why = _why(checked, lang)
    return [row, html.Tr(html.Td(why, colSpan=6), className="why")] if why else [row]


def _reason(checked: Checked, lang: str) -> Any:
    """Why a questionnaire that answers were given under counts otherwise; nothing where nobody needs to say."""
    assert checked.part is not None
    if checked.definition is None or checked.definition.settled is None:
        return None
    said = str(checked.part.said.get("reason", ""))
    return dmc.TextInput(
        id={"type": "part-field", "part": checked.number, "name": "reason"},
        value=said,
        size="xs",
        debounce=True,
        placeholder=say(lang, "page_import.reason_of_change"),
        className="field" + ("" if said.strip() else " unsure"),
        **{"aria-label": say(lang, "page_import.reason_of_change")},
    )


def _scheme(checked: Checked, lang: str) -> str:
    """The name of the scheme that the year's values belong to."""
    if checked.values is None:
        return "—"
    stored = checked.values.scheme
    names = stored.definition.get("names") or {}
    return str(names.get(lang) or next(iter(names.values()), stored.code))


def _why(checked: Checked, lang: str) -> str:
    """On what the line rests: what it is, and whatever is not sure."""
    assert checked.part is not None
    parts = []
    for name, why in checked.part.why.items():
        if name == "kind" and checked.refused is None:
            parts.append(
                say(lang, "page_import.why_kind", why=why.word(lang), percent=min(99, round(100 * why.certainty)))
            )
        elif name in ASKED[checked.kind] and not why.sure:
            parts.append(say(lang, "page_import.why_other", what=say(lang, f"page_import.{name}"), why=why.word(lang)))
    return "  ".join(parts)


def _add_communities(checked: Checked, lang: str) -> Any:
    part = checked.part
    assert part is not None
    unknown = any(_COMMUNITY in f.code for f in checked.findings)
    if part.kind != "answers" or not (part.said["add_communities"] or unknown):
        return None
    return dmc.Checkbox(
        id={"type": "part-check", "part": checked.number},
        checked=bool(part.said["add_communities"]),
        size="xs",
        radius="xs",
        label=say(lang, "page_import.add_communities"),
        className="field-check",
    )


def _added(checked: Checked, lang: str) -> Any:
    """The names that the register would get, before anybody stores them."""
    coded = checked.inspection.coded if checked.inspection is not None else None
    if coded is None or not coded.new_communities:
        return None
    names = enumerated(lang, coded.new_communities, MOST_NAMES)
    said = say(lang, "page_import.new_communities", n=len(coded.new_communities), names=names)
    return html.Div(said, className="small as-written")


def _where(checked: Checked, names: dict[str, str], lang: str) -> str:
    if checked.inspection is not None:
        tally = checked.inspection.tally
        places, years = {str(p) for p in tally["place"] if p}, {int(y) for y in tally["year"]}
    elif checked.calls is not None:
        places, years = (
            {names.get(c, c) for c in checked.calls.frame["community"]},
            {int(y) for y in checked.calls.frame["year"]},
        )
    elif checked.values is not None and checked.values.values is not None:
        places, years = set(checked.values.values.frame["community_code"]), {checked.values.year}
    else:
        return ""
    span = "—" if not years else str(min(years)) if len(years) == 1 else f"{min(years)}–{max(years)}"
    if len(places) == 1 and checked.values is None:
        return say(lang, "page_import.where_one", community=next(iter(places)), year=span)
    return say(lang, "page_import.where_many", count=len(places), year=span)


def result(checked: Checked, lang: str) -> str:
    """209 行：208 份可入库，2 格留空."""
    counts = checked.counts
    if checked.definition is not None:
        needed = checked.definition.settled
        waits = needed is not None and not counts.storable and not checked.definition.same
        return (
            f"{checked.definition.word(lang)} {needed.word(lang)}"
            if needed and waits
            else checked.definition.word(lang)
        )
    if checked.kind in ("indicators", "register") and not counts.storable:
        return say(lang, "page_import.result_blocked", n=numbers.count(len(checked.findings)))
    if checked.kind in ("indicators", "register"):
        return say(lang, f"page_import.result_{checked.kind}", n=numbers.count(counts.storable))
    stem = "result_calls" if checked.kind == "calls" else "result"
    text = say(lang, f"page_import.{stem}", rows=numbers.count(counts.rows), storable=numbers.count(counts.storable))
    for key, params in (
        ("outcomes", {"outcomes": counts.outcomes}),
        ("cells", {"cells": counts.refused_cells}),
        ("rows", {"rows": counts.refused_rows}),
        ("left_out", {"rows": counts.left_out}),
        ("duplicates", {"duplicates": counts.duplicates}),
        ("questions", {"questions": counts.questions}),
    ):
        if next(iter(params.values())):
            text += say(lang, f"page_import.result_{key}", **{k: numbers.count(v) for k, v in params.items()})
    return text


def storable(checked: Sequence[Checked]) -> dict[str, int]:
    """Kind → what the button would store of it."""
    found: dict[str, int] = {}
    for one in round_of(checked):
        if one.state in ("ready", "partial"):
            found[one.kind] = found.get(one.kind, 0) + one.counts.storable
            if one.counts.calls:
                found["calls"] = found.get("calls", 0) + one.counts.calls
    return found


def what(found: dict[str, int], lang: str) -> str:
    """818 份答卷、372 个指标值."""
    order = ("answers", "calls", "indicators", "register", "questionnaire", "scheme")
    return say(lang, "dash_words.list_comma").join(
        say(lang, f"page_import.what_{kind}", n=numbers.count(found[kind])) for kind in order if kind in found
    )


def _decision(checked: Sequence[Checked], address: Address) -> html.Div:
    lang, found = address.lang, storable(checked)
    waits = any(one.state == "ask" for one in checked)
    text = say(lang, f"page_import.{'commit_waits' if waits else 'commit_none'}")
    text = say(lang, "page_import.commit", what=what(found, lang)) if found else text
    return html.Div(
        [
            html.Span(_promise(checked, lang), className="hint"),
            html.Div(
                [
                    link(say(lang, "page_import.cancel"), address.link("/import"), "button"),
                    html.Button(
                        text, id="import-commit", className="button primary", type="button", disabled=not found
                    ),
                ],
                className="actions",
            ),
        ],
        className="decision",
    )


def _promise(checked: Sequence[Checked], lang: str) -> str:
    """That nothing is stored yet, and what comes after what others rest on."""
    later = len(checked) - len(round_of(checked))
    text = say(lang, "page_import.promise")
    return text + (say(lang, "page_import.then_again", n=later) if later else "")


def _question(checked: Sequence[Checked], lang: str) -> Any:
    """Asked once where cells or rows stay out."""
    some: list[Counts] = [c.counts for c in checked if c.state in ("ready", "partial")]
    cells, rows = sum(c.refused_cells for c in some), sum(c.refused_rows for c in some)
    stored = what(storable(checked), lang)
    lines = [say(lang, "page_import.confirm_text", cells=cells, rows=rows, what=stored)]
    out = sum(c.state in ("refused", "ask") for c in checked)
    if out:
        lines.append(say(lang, "page_import.confirm_files", files=out))
    return dmc.Modal(
        [
            *[html.P(line) for line in lines],
            html.Div(
                [
                    html.Button(say(lang, "page_import.back"), id="import-back", className="button", type="button"),
                    html.Button(
                        say(lang, "page_import.confirm", what=stored),
                        id="import-confirm",
                        className="button primary",
                        type="button",
                    ),
                ],
                className="actions end",
            ),
        ],
        id="import-question",
        title=say(lang, "page_import.confirm_title", n=cells + rows),
        closeButtonProps={"aria-label": say(lang, "page_shell.close")},
        centered=True,
        size="md",
    )
