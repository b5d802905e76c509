"""One indicator value: the form that its rule asks for, what it earns as it is typed, its review and its history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.scheme.rules.words import is_percent, number, words_for
from dashboard.pages.entry.history import history_table
from dashboard.pages.entry.list import spread, state_badge
from dashboard.pages.entry.service import Board, Desk
from dashboard.parts.basic import card, heading, link
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core.lang import said_who, say
from survey.files.own_workbooks import header_key

#: more standards than this are counted, not ticked
_TICKED = 12


def desk_cards(found: Board, here: Desk, address: Address, viewer: Viewer) -> list[Any]:
    """The card of the form and the one of everything that was said."""
    lang, indicator = address.lang, here.entry.indicator
    code = here.place[0]
    title = f"{found.names[code]} · {indicator.code} {indicator.names.get(lang, indicator.code)}"
    top = html.Div(
        [
            heading(title, indicator.office),
            html.Div(
                [
                    state_badge(lang, here.row["review"], over=found.over(code)),
                    link(say(lang, "page_entry.close"), address.link(at=None), "button small"),
                ],
                className="actions",
            ),
        ],
        className="card-top",
    )
    text = _asked(here, lang)
    parts: list[Any] = [
        dcc.Store(id="entry-at", data={"at": here.at, "year": found.year, "after": here.after, "seen": here.newest}),
        top,
        html.P(text, className="entry-text muted"),
        html.P(_now(here, lang), id="entry-preview", className="entry-preview", role="status"),
    ]
    if here.row["review_reason"] and here.row["review"] == "returned":
        parts.append(
            html.P(
                say(
                    lang,
                    "page_entry.returned",
                    who=said_who(here.row["reviewed_by"], lang),
                    reason=here.row["review_reason"],
                ),
                className="entry-returned",
            )
        )
    if here.may & {"own", "enter"}:
        parts += [_assessors(here, address), *_form(found, here, lang, viewer)]
    elif code in found.archived:
        parts.append(html.P(say(lang, "page_entry.over"), className="muted"))
    elif found.may & {"own", "enter"}:
        parts.append(html.P(say(lang, "page_entry.not_yours", office=indicator.office), className="muted"))
    if "review" in here.may:
        parts.append(_review(found, here, lang))
    return [
        card(parts, "entry-form"),
        card(
            [
                heading(say(lang, "page_entry.history"), say(lang, "page_entry.history_hint")),
                html.P(say(lang, "page_entry.folded", at=here.folded), className="hint") if here.folded else None,
                history_table(here, lang),
            ]
        ),
    ]


def _asked(here: Desk, lang: str) -> str:
    """What the indicator asks for, with the rule in words where its own text does not say it."""
    indicator = here.entry.indicator
    key, params = here.entry.rule.describe(float(indicator.points or 0), indicator.unit)
    text, rule = (indicator.text_zh if lang == "zh" else indicator.text_en) or "", say(lang, key, **params)
    return text if rule in text else " ".join(filter(None, (text, rule)))


def _now(here: Desk, lang: str) -> str:
    return say(lang, here.row["reason"], **here.row["reason_params"])


def _assessors(here: Desk, address: Address) -> Any:
    """Whose report the form holds, where there are several."""
    if "enter" not in here.may or (len(here.assessors) < 2 and not here.row["assessors"]):
        return None
    lang = address.lang
    given = spread(here.row, lang)
    links = [
        link(name, address.link(at=f"{here.at}~{name}"), "chosen" if name == here.assessor else "")
        for name in here.assessors
    ]
    return html.Div(
        [
            html.Span(say(lang, "page_entry.whose"), className="muted"),
            html.Nav(links, className="segmented"),
            html.Span(given, className="muted"),
        ],
        className="entry-whose",
    )


def _form(found: Board, here: Desk, lang: str, viewer: Viewer) -> list[Any]:
    """The fields; who fills in for a community has the self-score and the evidence, an office all but the self-score."""
    full = "enter" in here.may
    fields = _values(here, lang) if full else []
    points = number(float(here.entry.indicator.points or 0))
    if "own" in here.may:
        own = here.known.selves.get(here.place)
        fields.append(
            _text("self_score", say(lang, "page_entry.self_score", points=points), "" if own is None else number(own))
        )
    if full:
        given = here.known.scores.get((*here.place, header_key(here.assessor)))
        method = here.word("method")
        fields += [
            _text("assessor", say(lang, "page_entry.assessor"), here.assessor),
            _text(
                "assessor_score",
                say(lang, "page_entry.assessor_score", points=points),
                "" if given is None else number(given),
            ),
            dmc.Autocomplete(
                id=_id("method"),
                label=say(lang, "page_entry.method"),
                value=method,
                className="field",
                data=[words_for("method", m)[lang] for m in _methods(here)],
            ),
            _text("date", say(lang, "page_entry.date"), here.word("date"), "2014-11-05"),
        ]
    fields.append(_text("evidence", say(lang, "page_entry.evidence"), here.word("evidence"), wide=True))
    fields.append(_text("note", say(lang, "page_entry.note"), here.word("note"), wide=True))
    changing = here.row["review"] == "reviewed" and full
    fields.append(
        _text("reason", say(lang, "page_entry.reason_needed" if changing else "page_entry.reason"), "", wide=True)
    )
    if full:
        exempt = (*here.place, header_key(here.assessor)) in here.known.exempt
        fields.append(
            dmc.Checkbox(
                id={"type": "entry-check", "name": "exempt"},
                checked=exempt,
                size="sm",
                label=say(lang, "page_entry.exempt_label"),
                className="entry-exempt",
            )
        )
    tools: list[Any] = [
        html.Button(
            say(lang, "page_entry.save"),
            id={"type": "entry-save", "then": "stay"},
            type="button",
            className="button primary",
        )
    ]
    if here.after:
        tools.append(
            html.Button(
                say(lang, "page_entry.save_next"),
                id={"type": "entry-save", "then": "next"},
                type="button",
                className="button",
            )
        )
    told = _drafted(fields, here, lang)
    return [*told, html.Div(fields, className="entry-fields"), html.Div(tools, className="actions")]


def _drafted(fields: Sequence[Any], here: Desk, lang: str) -> list[Any]:
    """Fill in what was typed before and not stored; says so, with the way to let go of it."""
    if here.draft is None:
        return []
    for field in fields:
        name, word = field.id["name"], here.draft.said
        if field.id["type"] == "entry-check":
            field.checked = name in word
        elif name == "standards":
            field.value = word.get(name, "").split(",") if word.get(name) else []
        else:
            field.value = word.get(name, "")
    drop = html.Button(
        say(lang, "page_entry.drop_draft"), id="entry-draft-drop", type="button", className="button small"
    )
    return [html.P([say(lang, "page_entry.draft", at=here.draft.at), " ", drop], className="hint")]


def _values(here: Desk, lang: str) -> list[Any]:
    """What the rule asks for: a grade, counts by kind, standards to tick, or a number."""
    rule, unit = here.entry.rule, here.entry.indicator.unit
    if rule.grades:
        return [
            dmc.Select(
                allowDeselect=False,
                id=_id("value"),
                label=say(lang, "page_entry.grade"),
                data=list(rule.grades),
                clearable=True,
                value=here.report().get("value_text"),
                className="field",
            )
        ]
    if rule.kinds:
        single = len(rule.kinds) == 1
        return [
            _text(
                "value" if single else f"value:{kind}",
                words_for("kind", kind)[lang],
                _shown(here.report(kind).get("value")),
            )
            for kind in rule.kinds
        ]
    report = here.report()
    if rule.standards is not None and rule.standards <= _TICKED:
        return [_standards(here, lang, rule.standards, report)]
    if rule.out_of is not None:
        label = say(lang, "page_entry.spots", of=number(rule.out_of))
    else:
        word = words_for("unit", unit)[lang] if unit and not is_percent(unit) else ""
        label = (
            say(lang, "page_entry.percent")
            if is_percent(unit)
            else say(lang, "page_entry.value_unit", unit=word)
            if word
            else say(lang, "page_entry.value")
        )
    return [_text("value", label, _shown(report.get("value")))]


def _standards(here: Desk, lang: str, of: int, report: Any) -> Any:
    """The standards to tick; where an import gave only their number, it is said instead of guessed."""
    names = standards(here.entry.indicator.text_zh if lang == "zh" else here.entry.indicator.text_en, of, lang)
    ticked = [t for t in str(report.get("value_text") or "").split(",") if t]
    count = report.get("value")
    hint = say(lang, "page_entry.only_number", n=number(count)) if count is not None and not ticked and count else ""
    boxes = [dmc.Checkbox(value=str(i + 1), label=name, size="sm") for i, name in enumerate(names)]
    boxes.append(dmc.Checkbox(value="0", label=say(lang, "page_entry.none_met"), size="sm"))
    return dmc.CheckboxGroup(
        id=_id("standards"),
        label=say(lang, "page_entry.standards", of=of),
        description=hint or None,
        value=ticked,
        children=html.Div(boxes, className="entry-standards"),
        className="entry-wide",
    )


def standards(text: str, of: int, lang: str) -> list[str]:
    """The names of so many standards, where the indicator's text lists exactly as many; else their numbers."""
    listed = re.split(r"[:：]", text or "", maxsplit=1)[-1]
    parts = [p.strip(" 。.") for p in re.split(r"[;；]", re.split(r"。|\. ", listed)[0])]
    if len(parts) == of and all(parts):
        return parts
    return [say(lang, "page_entry.standard", n=i + 1) for i in range(of)]


#: what a reviewer may say of a value: the outcome, its word, and the state in which it says nothing new
_JUDGEMENTS = (
    ("approve", "approve", "reviewed"),
    ("return", "return", "returned"),
    ("withdraw", "review_back", "entered"),
)


def _review(found: Board, here: Desk, lang: str) -> Any:
    if here.row["review"] == "empty":
        return None
    if here.mine and not found.one_person:
        return html.P(say(lang, "page_entry.own"), className="entry-review muted")
    done = here.row["review"] == "reviewed"
    tools: list[Any] = [
        dmc.TextInput(
            id="entry-review-reason",
            value="",
            placeholder=say(lang, "page_entry.review_reason"),
            className="field",
            **{"aria-label": say(lang, "page_entry.review_reason")},
        )
    ]
    tools += [
        html.Button(
            say(lang, f"page_entry.{words}"),
            id={"type": "entry-judge", "outcome": outcome},
            type="button",
            className="button",
        )
        for outcome, words, state in _JUDGEMENTS
        if here.row["review"] != state
    ]
    who = (
        say(lang, "page_entry.reviewed", who=said_who(here.row["reviewed_by"], lang), at=here.row["reviewed_at"])
        if done
        else ""
    )
    return html.Div(
        [
            html.B(say(lang, "page_entry.review")),
            html.Span(who, className="muted") if who else None,
            html.Div(tools, className="actions"),
        ],
        className="entry-review",
    )


def _methods(here: Desk) -> Sequence[str]:
    return [m for m in re.split(r"[\s,;、，；/|+]+", here.entry.indicator.methods) if m]


def _id(name: str) -> dict[str, str]:
    return {"type": "entry-field", "name": name}


def _text(name: str, label: str, value: str, placeholder: str = "", *, wide: bool = False) -> Any:
    return dmc.TextInput(
        id=_id(name),
        label=label,
        value=value,
        placeholder=placeholder,
        debounce=300,
        className="field entry-wide" if wide else "field",
    )


def _shown(value: Any) -> str:
    """A stored number as it is typed."""
    return "" if value is None else number(float(value))
