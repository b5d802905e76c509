"""The form of one step of the cycle: which fields it has, and what they offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.cycle.stages import NO_NUMBER
from dashboard.figures.numbers import star_word
from dashboard.pages.cycle.service import YearCycle
from dashboard.parts.basic import card, download, heading, link
from dashboard.web.address import Address
from survey.core import limits
from survey.core.lang import say

#: step → its fields, in order; a field that ends in ? may stay empty
FIELDS: Mapping[str, Sequence[str]] = {
    "apply": ("community", "star", "date?", "document?", "reason?"),
    "withdraw": ("community", "reason"),
    "review": ("community?",),
    "veto": ("community", "kind", "date", "document", "reason"),
    "approve_veto": ("matter",),
    "lift_veto": ("matter", "reason"),
    "calculate": ("community?", "reason?"),
    "publicise": ("community?", "date", "until", "document?"),
    "objection": ("community", "about?", "reason", "date?", "document?", "late?"),
    "keep": ("community", "reason"),
    "answer": ("matter", "outcome", "reason", "answered_by", "date?"),
    "decide": ("community", "body", "total?", "refused?", "document", "date", "reason?"),
    "withdraw_decision": ("community", "reason"),
    "name": ("community?", "document", "date", "reason?"),
    "rule": ("community", "ruling", "document", "date", "reason?"),
    "import": ("workbook", "file"),
    "close": (),
    "correct": ("reason", "approver"),
    "persons": ("switch",),
}
#: fields whose value goes by another name in a step
STEP_NAMES = {
    "kind": "subject",
    "about": "subject",
    "answered_by": "subject",
    "approver": "subject",
    "refused": "outcome",
    "late": "outcome",
    "ruling": "outcome",
    "switch": "outcome",
    "workbook": "kind",
}
#: fields that are chosen, not typed; an optional one ends in ? above
CHOSEN = ("community", "star", "kind", "matter", "outcome", "body", "ruling", "workbook", "switch")
_CHOICES = {
    "body": ("district", "city"),
    "outcome": ("upheld", "partly", "rejected"),
    "refused": ("refused", *NO_NUMBER),
    "late": ("late",),
    "workbook": ("applications", "decisions", "titles"),
    "switch": ("on", "off"),
}
#: what a community must be waiting for to be offered first
_WAITS = {
    "keep": ("change",),
    "review": ("review",),
    "decide": ("decide", "city"),
    "name": ("name",),
    "rule": ("rule",),
}

#: steps that reach everybody until they were taken once: the kind of step
_FIRST_FOR_ALL = {"calculate": "calculated", "publicise": "publicised"}


def form(data: YearCycle, do: str, at: str, address: Address, typed: Mapping[str, str] | None = None) -> html.Section:
    """The card of one step; ``typed``: what was filled in before and not sent."""
    lang = address.lang
    names = [f.rstrip("?") for f in FIELDS[do]]
    fields = [_field(data, do, f.rstrip("?"), at, lang, optional=f.endswith("?")) for f in FIELDS[do]]
    _fill(fields, typed or {})
    about = say(lang, f"page_cycle.about_{do}")
    tools: list[Any] = [
        html.Button(say(lang, "page_cycle.submit"), id="cycle-submit", type="button", className="button primary"),
        link(say(lang, "page_cycle.cancel"), address.link(do=None, at=None), "button"),
    ]
    if do == "import":
        tools += [
            download(
                say(lang, f"page_cycle.template_{kind}"),
                address.link(f"/download/cycle/{kind}", street=data.street),
                "button",
            )
            for kind in _CHOICES["workbook"]
        ]
    return card(
        [
            heading(say(lang, f"page_cycle.do_{do}"), about),
            dcc.Store(
                id="cycle-do", data={"do": do, "year": data.found.log.year, "street": data.street, "fields": names}
            ),
            dcc.Store(id="kept-cycle"),
            html.Div(fields, className="cycle-fields"),
            html.Div(tools, className="actions"),
        ],
        "cycle-form",
    )


def _fill(fields: Sequence[Any], typed: Mapping[str, str]) -> None:
    """Put back what was typed; a choice only where it is offered still."""
    for field in fields:
        word = typed.get(field.id["name"], "") if hasattr(field, "value") else ""
        offered = getattr(field, "data", None)
        if word and (offered is None or word in [one["value"] for one in offered]):
            field.value = word


def _field(data: YearCycle, do: str, name: str, at: str, lang: str, *, optional: bool) -> Any:
    label = say(lang, f"page_cycle.field_{name}")
    if optional:
        label += say(lang, "page_cycle.optional")
    shared = {"label": label, "id": {"type": "cycle-field", "name": name}, "className": "field"}
    offered = _offered(data, do, name, lang)
    if name == "file":
        return html.Div(
            [
                html.Span(label, className="label"),
                dcc.Upload(
                    html.Span(say(lang, "page_cycle.choose")),
                    id={"type": "cycle-field", "name": "file"},
                    className="cycle-upload",
                    accept=".xlsx,.csv",
                    max_size=limits.SMALL_UPLOAD_BYTES,
                ),
            ],
            className="field",
        )
    if offered is not None:
        codes = [value for value, _ in offered]
        if do in _FIRST_FOR_ALL and data.found.log.last(_FIRST_FOR_ALL[do]) is None:
            at = ""  # the first time it is everybody's; afterwards that of the community whose row was pressed
        value = at if at in codes else codes[0] if len(codes) == 1 and not optional else None
        if name == "body" and do == "decide":
            standing = data.standings.get(at)
            value = "city" if standing is not None and standing.next == "city" else "district"
        return dmc.Select(
            allowDeselect=False,
            data=[{"value": v, "label": t} for v, t in offered],
            value=value,
            clearable=optional,
            searchable=len(offered) > 8,
            **shared,
        )
    if name in ("date", "until"):
        return dmc.TextInput(value="", placeholder="2014-11-05", debounce=300, **shared)
    return dmc.TextInput(value="", debounce=300, **shared)


def _offered(data: YearCycle, do: str, name: str, lang: str) -> list[tuple[str, str]] | None:
    """(value, text) of what a field offers; None for one that is typed."""
    log = data.found.log
    if name == "community":
        waits = _WAITS.get(do, ())
        codes = [c for c, s in data.standings.items() if not waits or s.next in waits] or list(data.standings)
        if do == "withdraw_decision":
            codes = [c for c, s in data.standings.items() if s.decision is not None]
        return [(code, log.name(code)) for code in codes]
    if name == "star":
        return [(str(star), star_word(lang, star)) for star, _, _ in log.rules.stars]
    if name == "kind":
        return [
            *((c, veto_name(data, c, lang)) for c in log.rules.vetoes),
            ("other", say(lang, "page_cycle.veto_other")),
        ]
    if name == "matter" and do == "answer":
        return [(str(o.id), f"{log.name(o.community)} · {o.reason}") for o in data.objections]
    if name == "matter":
        wanted = ("pending",) if do == "approve_veto" else ("pending", "active")
        return [
            (str(v.event.id), f"{log.name(v.event.community)} · {veto_name(data, v.event.subject, lang)}")
            for v in data.vetoes
            if v.state in wanted
        ]
    if name == "ruling":
        return [(r, say(lang, f"cycle_words.title_event.{r}")) for r in log.rules.rulings()]
    if name in _CHOICES:
        return [(c, say(lang, f"page_cycle.choice_{c}")) for c in _CHOICES[name]]
    return None


def veto_name(data: YearCycle, code: str, lang: str) -> str:
    """What a kind of veto is called."""
    names = data.found.log.rules.veto_names.get(code)
    return names.get(lang, code) if names else say(lang, "page_cycle.veto_other")
