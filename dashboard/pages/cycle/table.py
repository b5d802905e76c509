"""Where the year stands: the line of stages, and the table of communities with what comes next."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.cycle.inherited_titles import INHERITED
from analysis.cycle.stages import NO_NUMBER, STAGES, Standing
from analysis.publication.cycle_table import stage_counts
from dashboard.figures import numbers
from dashboard.pages.cycle.form import veto_name
from dashboard.pages.cycle.service import YearCycle
from dashboard.parts.basic import link
from dashboard.parts.decisions import short
from dashboard.web.address import Address, in_path
from survey.core.lang import say
from survey.store.year.cycle import Event

#: what comes next → the step that does it
DOES = {
    "apply": "apply",
    "approve_veto": "approve_veto",
    "review": "review",
    "calculate": "calculate",
    "publicise": "publicise",
    "answer": "answer",
    "change": "calculate",
    "late": "calculate",
    "decide": "decide",
    "city": "decide",
    "name": "name",
    "rule": "rule",
    "close": "close",
}


def stage_line(data: YearCycle, lang: str) -> html.Ol:
    """The seven stages; how many communities in scope wait in each."""
    counts, closed = stage_counts(data.standings), data.found.log.closed
    at = len(STAGES) if closed else STAGES.index(data.found.stage)
    items = []
    for place, stage in enumerate(STAGES):
        state = "done" if place < at else "now" if place == at else "later"
        waiting = say(lang, "page_cycle.waiting", n=counts[stage]) if counts[stage] and not closed else ""
        current = {"aria-current": "step"} if state == "now" else {}
        items.append(
            html.Li(
                [
                    html.B(say(lang, f"cycle_words.stage.{stage}")),
                    html.Span(waiting or say(lang, f"page_cycle.state_{state}")),
                ],
                className=state,
                **current,
            )
        )
    return html.Ol(items, className="stage-line")


def communities(data: YearCycle, address: Address) -> html.Div:
    """One row a community."""
    lang = address.lang
    columns = ("community", "before", "applied", "calculated", "progress", "decided", "next")
    head = html.Tr([html.Th(say(lang, f"page_cycle.col_{c}"), scope="col") for c in columns])
    rows = [_row(data, at, address) for at in data.standings.values()]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="lines cycle-table", role="table"),
        className="scroll",
    )


def _held(title: Event, lang: str) -> str:
    """四星（2013）, or where a merger or a split passed it on: 四星（承接甲社区）."""
    star = numbers.star_word(lang, title.star or 0)
    if title.outcome != INHERITED:
        return say(lang, "page_cycle.held", star=star, year=title.year)
    names = title.subject.replace("、", say(lang, "dash_words.list_comma"))
    return say(lang, "page_cycle.held_inherited", star=star, names=names)


def _row(data: YearCycle, at: Standing, address: Address) -> html.Tr:
    lang = address.lang
    score = data.found.calculated.get(at.code, {})
    before = numbers.DASH if at.held is None else _held(at.held, lang)
    applied = say(lang, "page_cycle.re_evaluated") if at.held is not None else numbers.DASH
    if at.applied is not None:
        applied = numbers.star_word(lang, at.applied.star or 0)
    star = score.get("star")
    known = [numbers.points(score.get("total"), 2)] + ([numbers.star_word(lang, int(star))] if star is not None else [])
    cells: list[tuple[str, Any]] = [
        ("before", before),
        ("applied", applied),
        ("calculated", " · ".join(known) if score.get("total") is not None else numbers.DASH),
        ("progress", _progress(at, lang)),
        ("decided", _decided(data, at, lang)),
        ("next", _next(data, at, address)),
    ]
    name = link(data.found.log.name(at.code), address.link(f"/community/{in_path(at.code)}"), "cycle-link")
    body = [
        html.Td(value, className=f"cell-{key}", **{"data-label": say(lang, f"page_cycle.col_{key}")})
        for key, value in cells
    ]
    return html.Tr([html.Th(name, scope="row"), *body], className="vetoed" if at.vetoed else "")


def _progress(at: Standing, lang: str) -> html.Span:
    """Seven dots: what is done, and where it waits."""
    if not at.taking_part and not at.vetoed:
        return html.Span(numbers.DASH, className="muted")
    here = len(STAGES) if at.next == "nothing" else STAGES.index(at.stage)
    dots = [html.I(className="done" if i < here else "now" if i == here else "") for i in range(len(STAGES))]
    word = say(lang, "page_cycle.finished") if at.next == "nothing" else say(lang, f"cycle_words.stage.{at.stage}")
    return html.Span([*dots, html.Small(word)], className="dots", role="img", **{"aria-label": word})


def _decided(data: YearCycle, at: Standing, lang: str) -> Any:
    if at.vetoed:
        kinds = say(lang, "dash_words.list_comma").join(
            short(veto_name(data, v.event.subject, lang)) for v in at.vetoes if v.state == "active"
        )
        parts = [say(lang, "page_cycle.vetoed", kinds=kinds)]
        if at.title_event:
            parts.append(say(lang, f"cycle_words.title_event.{at.title_event}"))
        return html.Span(" · ".join(parts), className="bad")
    if at.decision is None:
        absent = at.next == "nothing" and not at.taking_part
        return html.Span(say(lang, "page_cycle.absent" if absent else "page_cycle.street_only"), className="muted")
    if at.decision.outcome in NO_NUMBER:
        return html.Span(say(lang, f"cycle_words.status.{at.decision.outcome}"), title=at.decision.document)
    star = numbers.star_word(lang, at.decision.star or 0)
    if not at.final:
        return say(lang, "page_cycle.recommended", star=star)
    text = say(lang, "page_cycle.decided_by", star=star, body=say(lang, f"cycle_words.decided_by.{at.decision.body}"))
    if at.title is not None:
        text = say(lang, "page_cycle.named", star=star, event=say(lang, f"cycle_words.title_event.{at.title.outcome}"))
    hint = [x for x in (at.decision.document, at.title.document if at.title else "") if x]
    return html.Span(text, title=" · ".join(hint))


def _next(data: YearCycle, at: Standing, address: Address) -> Any:
    text = say(address.lang, f"cycle_words.next.{at.next}")
    do = "withdraw_decision" if at.next == "late" and at.decision is not None else DOES.get(at.next)
    if do is None or do not in data.may or at.next == "close":
        return html.Span(text, className="muted")
    matter = next((str(m.id) for m in at.objections), "") if do == "answer" else ""
    if do == "approve_veto":
        matter = next((str(v.event.id) for v in at.vetoes if v.state == "pending"), "")
    return link(text, address.link(do=do, at=matter or at.code), "button small")
