"""The year's cycle: where does each community stand, and what comes next?"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from analysis.cycle.stages import NEXT
from dashboard.figures import numbers
from dashboard.pages.cycle.form import FIELDS, form
from dashboard.pages.cycle.published_lists import versions
from dashboard.pages.cycle.service import YearCycle, typed, year_cycle
from dashboard.pages.cycle.table import communities, stage_line
from dashboard.parts.basic import badge, card, heading, link, rich
from dashboard.parts.context import Context, View
from survey.core.lang import said_who, say

#: steps offered above the table, those of the whole year first
_OFFERED = (
    "import",
    "apply",
    "withdraw",
    "review",
    "calculate",
    "publicise",
    "veto",
    "lift_veto",
    "objection",
    "keep",
    "decide",
    "withdraw_decision",
    "name",
)
_ENDS = ("close", "correct", "persons")
#: the stage that each of them belongs to; what belongs to none stands behind
_STAGE_OF = {
    **{do: stage for do, stage in NEXT.items() if do in (*_OFFERED, *_ENDS)},
    "import": "apply",
    "withdraw": "apply",
    "veto": "review",
    "lift_veto": "review",
    "objection": "publicise",
    "keep": "publicise",
    "withdraw_decision": "decide",
}


def page(context: Context) -> View:
    """The stage line, the form that was asked for, the communities, the last steps."""
    lang, address = context.lang, context.address
    data = year_cycle(context.viewer, context.store, context.year, street=address.filters.get("street", ""))
    do = address.filters.get("do", "")
    log = data.found.log
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [html.H1(say(lang, "page_cycle.title")), context.years(), *_badges(data, lang)],
                    className="top-start",
                ),
            ],
            className="top",
        ),
        html.P(rich(sentence(data, lang)), className="sentence"),
        _streets(context, data),
        card(stage_line(data, lang), "stage-card"),
        _offers(context, data),
    ]
    if do in FIELDS and do in data.may and (do in ("correct", "persons") or not log.closed):
        body.append(
            form(
                data,
                do,
                address.filters.get("at", ""),
                address,
                typed(context.viewer, context.store, context.year, data.street, do),
            )
        )
    else:
        body.append(dcc.Store(id="cycle-do"))
    body += [
        card([heading(say(lang, "page_cycle.table"), say(lang, "page_cycle.table_hint")), communities(data, address)]),
        *versions(data, lang),
        _steps(data, lang),
    ]
    return View(say(lang, "page_cycle.title"), "cycle", html.Div(body, className="cycle"))


def _streets(context: Context, data: YearCycle) -> Any:
    """Where every street stands, each a way there; nothing where there is one."""
    if not data.stages:
        return None
    lang, said = context.lang, []
    for name, stage in data.stages.items():
        text = say(lang, "page_cycle.street_at", street=name, stage=say(lang, f"cycle_words.stage.{stage}"))
        chosen = " primary" if name == data.street else ""
        said.append(link(text, context.address.link(street=name, do=None, at=None), f"button small{chosen}"))
    return html.Nav(said, className="actions", **{"aria-label": say(lang, "page_shell.street")})


def sentence(data: YearCycle, lang: str) -> str:
    """How far the year is, in one sentence."""
    mine = data.standings.values()
    part = [s for s in mine if s.taking_part or s.vetoed]
    if not part:
        told = "nobody" if "apply" in data.may else "nobody_yet"
        return say(lang, f"page_cycle.{told}", year=data.found.log.year)
    if data.found.log.closed:
        return say(lang, "page_cycle.closed", year=data.found.log.year, n=sum(bool(s.star_awarded) for s in part))
    stage = say(lang, f"cycle_words.stage.{data.found.stage}")
    text = say(
        lang,
        "page_cycle.sentence",
        year=data.found.log.year,
        n=len(part),
        stage=stage,
        applied=sum(s.applied is not None for s in part),
        held=sum(s.held is not None for s in part),
    )
    for key, count in (("sentence_vetoed", sum(s.vetoed for s in part)), ("sentence_objections", len(data.objections))):
        if count:
            text += (" " if lang == "en" else "") + say(lang, f"page_cycle.{key}", n=count)
    return text


def _badges(data: YearCycle, lang: str) -> list[Any]:
    log, found = data.found.log, []
    if log.closed:
        found.append(badge(say(lang, "page_cycle.badge_closed"), "good"))
    elif log.correcting:
        found.append(badge(say(lang, "page_cycle.badge_correcting", reason=log.correcting.reason), "warn"))
    if log.moved and not log.closed:
        found.append(badge(say(lang, "page_cycle.badge_moved"), "warn"))
    if log.one_person:
        found.append(badge(say(lang, "page_cycle.badge_one_person"), "warn"))
    if data.without:
        found.append(badge(say(lang, "page_cycle.badge_no_street", n=data.without), "warn"))
    waiting = sum(log.unreviewed.get(code, 0) for code in data.standings)
    if waiting and not log.closed:
        found.append(badge(say(lang, "page_cycle.badge_values", n=waiting), "warn"))
    return found


def _offers(context: Context, data: YearCycle) -> Any:
    address, closed = context.address, data.found.log.closed
    wanted = [d for d in _OFFERED if not closed] + [d for d in _ENDS if d == "persons" or (d == "correct") == closed]
    pointless = {"withdraw": not any(s.applied for s in data.standings.values()), "lift_veto": not data.vetoes}
    pointless["keep"] = not any(s.next == "change" for s in data.standings.values())
    pointless["withdraw_decision"] = not any(s.decision for s in data.standings.values())
    shown = [d for d in wanted if d in data.may and not pointless.get(d)]
    stages = {data.found.stage, *(NEXT[s.next] for s in data.standings.values() if s.next != "nothing")}
    now = [d for d in shown if _STAGE_OF.get(d) in stages]
    parts: list[Any] = []
    for word, group in (("offers_now", now), ("offers_other", [d for d in shown if d not in now])):
        if group:
            parts.append(html.Span(say(context.lang, f"page_cycle.{word}"), className="muted"))
        parts += [
            link(
                say(context.lang, f"page_cycle.do_{d}"),
                address.link(do=d, at=None),
                "button small" + (" primary" if address.filters.get("do") == d else ""),
            )
            for d in group
        ]
    return html.Div(parts, className="actions cycle-offers") if parts else None


def _steps(data: YearCycle, lang: str) -> html.Section:
    """The last steps, newest first."""
    rows = []
    for step in data.steps:
        words = [step["community"] or say(lang, "page_cycle.everybody"), say(lang, f"page_cycle.step_{step['kind']}")]
        if step["star"] is not None:
            words.append(numbers.star_word(lang, int(step["star"])))
        words += [x for x in (step["document"], step["reason"]) if x]
        rows.append(
            html.Li(
                [
                    html.Span(f"{step['at']} {said_who(step['who'], lang)}", className="muted"),
                    html.Span(" · ".join(words)),
                ]
            )
        )
    empty = html.P(say(lang, "page_cycle.no_steps"), className="muted")
    return card(
        [
            heading(say(lang, "page_cycle.steps"), say(lang, "page_cycle.steps_hint")),
            html.Ul(rows, className="cycle-steps") if rows else empty,
        ]
    )
