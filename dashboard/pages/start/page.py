"""A year from nothing to its score: the line of six steps, the one that is open, and what the next ones need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dash import html

from dashboard.data.definitions import may_adopt
from dashboard.pages.start import service
from dashboard.pages.start.service import STEPS, Step
from dashboard.parts.basic import badge, card, download, heading, link, years_switch
from dashboard.parts.context import Context, View
from dashboard.parts.drop_zone import drop_zone
from dashboard.web.access import may
from dashboard.web.address import Address, in_path
from survey.core.lang import say

#: step → what it takes to bring what it needs; any other takes ``import``
NEEDED = {"register": "edit_register", "questionnaire": "edit_questionnaire", "scheme": "edit_scheme"}
_MARKS = {"done": "✓", "default": "", "open": "", "waits": ""}


def page(context: Context) -> View:
    """The line on top, the open step with its ways in, the others below."""
    lang, viewer = context.lang, context.viewer
    year = context.address.year or service.first_year(context.source)
    address = Address("/start", lang, year, filters={k: v for k, v in context.address.filters.items() if k == "at"})
    found = service.steps(viewer, context.store, context.source, year)
    asked = address.filters.get("at", "")
    chosen = asked if asked in STEPS else next((s.key for s in found if s.state in ("open", "default")), STEPS[-1])
    here = next(s for s in found if s.key == chosen)
    can = may(viewer, NEEDED.get(chosen, "import"))
    title = say(lang, "page_start.heading", year=year)
    return View(
        title,
        "start",
        html.Div(
            [
                _top(context, address, title, found),
                _line(found, chosen, address),
                html.Div(
                    [_open(here, address, can, found), _ways(here, address, context, can)], className="start-columns"
                ),
                _rest([s for s in found if s.key != chosen], address),
                html.P(say(lang, "page_start.sample_text"), className="hint start-sample"),
            ],
            className="start-page",
        ),
    )


def _top(context: Context, address: Address, title: str, found: Sequence[Step]) -> html.Div:
    lang, done = context.lang, sum(s.state == "done" for s in found)
    told = "text" if may(context.viewer, "import") else "text_reader"
    assert address.year is not None
    years = [
        (str(y), address.link("/start", year=y), y == address.year) for y in service.years(context.source, address.year)
    ]
    state = badge(say(lang, "page_start.progress", n=done, of=len(found)), "good" if done == len(found) else "info")
    return html.Div(
        [
            html.Div(
                [
                    html.H1(title),
                    years_switch(lang, years),
                    state,
                    html.Span(say(lang, f"page_start.{told}"), className="hint"),
                ],
                className="top-start",
            )
        ],
        className="top",
    )


def _line(found: Sequence[Step], chosen: str, address: Address) -> html.Nav:
    """The six steps; each leads to itself."""
    lang = address.lang
    items = []
    for number, step in enumerate(found, 1):
        mark = _MARKS[step.state] or str(number)
        current = {"aria-current": "step"} if step.key == chosen else {}
        items.append(
            html.Li(
                link(
                    [
                        html.Span(mark, className="step-mark"),
                        html.B(say(lang, f"page_start.{step.key}")),
                        html.Span(_state(step, lang), className="step-said"),
                    ],
                    address.link(at=step.key),
                    "",
                    **current,
                ),
                className=f"year-step step-{step.state}" + (" step-here" if step.key == chosen else ""),
            )
        )
    return html.Nav(
        card(html.Ol(items, className="step-line")),
        **{"aria-label": say(lang, "page_start.line")},
        className="step-nav",
    )


def _state(step: Step, lang: str) -> str:
    """In a few words: done, a default to take, to do, or after which step."""
    if step.state == "waits":
        return say(lang, "page_start.state_waits", n=step.after)
    return say(lang, f"page_start.state_{step.state}")


def _open(step: Step, address: Address, can: bool, found: Sequence[Step]) -> html.Section:
    lang, number = address.lang, STEPS.index(step.key) + 1
    body: list[Any] = [
        heading(
            say(lang, "page_start.step", n=number, name=say(lang, f"page_start.{step.key}")),
            say(lang, f"page_start.{step.key}_why"),
        ),
        html.P(step.word(lang), className="start-there"),
    ]
    if step.key == "score":
        body.append(_to_the_score(step, address, found))
    elif can:
        body += [drop_zone(lang), html.P(say(lang, "page_start.checked_first"), className="hint")]
    else:
        body.append(html.P(say(lang, "page_start.read_only"), className="hint"))
    return card(body, "start-open")


def _to_the_score(step: Step, address: Address, found: Sequence[Step]) -> html.Div:
    lang = address.lang
    missing = [s for s in found if s.key != "score" and s.state != "done"]
    lines = [
        html.P([link(say(lang, f"page_start.{s.key}"), address.link(at=s.key)), " · ", s.word(lang)]) for s in missing
    ]
    if step.state == "done":
        lines.append(
            html.Div(link(say(lang, "page_start.see_score"), address.link("/"), "button primary"), className="actions")
        )
    return html.Div(lines, className="start-missing")


def _ways(step: Step, address: Address, context: Context, can: bool) -> html.Div:
    """Other ways to what the step needs: the default, the workbook to fill in, what the office has already; for who may go them."""
    lang, year = address.lang, address.year

    def file(text: str, path: str) -> Any:
        return download(say(lang, text), address.link(path))

    ways: list[Any] = []
    if not can and step.key != "indicators":
        return html.Div(ways, className="start-ways")
    if step.key == "register":
        ways.append(_way("template", "register", [file("page_start.download", "/download/empty/register")], lang))
    elif step.key == "questionnaire":
        if may_adopt(context.viewer, "questionnaire"):
            draft = link(say(lang, "page_start.draft"), address.link("/questionnaire/draft"), "button primary")
            bank = link(say(lang, "page_start.bank"), address.link("/questionnaire/bank"), "button")
            ways.append(_way("draft", "questionnaire", [draft, bank], lang))
        ways.append(_default(step, context))
        ways.append(
            _way("template", "questionnaire", [file("page_start.download", "/download/empty/questionnaire")], lang)
        )
    elif step.key == "scheme":
        ways.append(_default(step, context))
        ways.append(_way("annex", "scheme", [file("page_start.download", "/download/empty/annex")], lang))
        ways.append(_way("template", "scheme", [file("page_start.download", "/download/empty/scheme")], lang))
    elif step.key == "answers":
        ways += [
            card(
                [
                    html.H3(title),
                    html.P(say(lang, "page_start.template_answers"), className="hint"),
                    html.Div(
                        [
                            file("page_start.paper", f"/download/template/{quote(in_path(name))}"),
                            file("page_start.phone", f"/download/template/{quote(in_path(name))}/phone"),
                        ],
                        className="actions",
                    ),
                ]
            )
            for name, title in step.names
        ]
        ways.append(_way("platform", "answers", [], lang))
    elif step.key == "indicators" and step.state != "waits":
        if can:
            blank = file("page_start.download", f"/download/empty/indicators/{year}")
            ways.append(_way("template", "indicators", [blank], lang))
        if may(context.viewer, "fill_in"):
            typed = link(say(lang, "page_start.fill_in"), address.link("/indicators"), "button")
            ways.append(_way("typed", "indicators", [typed], lang))
    return html.Div(ways, className="start-ways")


def _way(kind: str, key: str, actions: Sequence[Any], lang: str) -> html.Section:
    return card(
        [
            html.H3(say(lang, f"page_start.way_{kind}")),
            html.P(say(lang, f"page_start.{kind}_{key}"), className="hint"),
            html.Div(list(actions), className="actions"),
        ]
    )


def _default(step: Step, context: Context) -> Any:
    """The default to take, by who may."""
    lang = context.lang
    if step.state != "default" or not may_adopt(context.viewer, step.key):
        return None
    take = html.Button(
        say(lang, "page_start.take"), id={"type": "take-default", "kind": step.key}, type="button", className="button"
    )
    return _way("default", step.key, [take], lang)


def _rest(others: Sequence[Step], address: Address) -> html.Section:
    lang = address.lang
    rows = [
        html.Div(
            [
                html.Span(
                    _MARKS[step.state] or str(STEPS.index(step.key) + 1),
                    className="step-mark",
                    **{"aria-hidden": "true"},
                ),
                html.B(say(lang, f"page_start.{step.key}")),
                html.Span(step.word(lang), className="hint"),
                link(
                    say(lang, f"page_start.{'look' if step.state == 'done' else 'go'}"),
                    address.link(at=step.key),
                    "button small",
                )
                if step.state != "waits"
                else html.Span(_state(step, lang), className="rest-after muted"),
            ],
            className=f"rest-step step-{step.state}",
        )
        for step in others
    ]
    return card(rows, "start-rest")
