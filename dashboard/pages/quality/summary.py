"""What the sections of data quality come to, in one sentence and a line each, before any number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dash import html

from analysis.quality import interviewers, modes
from analysis.quality.measure import Body, Measure
from analysis.quality.small_areas import reading as of_small_areas
from analysis.quality.weights import clearly
from analysis.quality.weights import reading as of_weights
from analysis.quality.without import star_changes
from dashboard.pages.quality import service
from dashboard.pages.quality.reliability import is_doubtful
from dashboard.pages.quality.reliability import reading as of_form
from dashboard.parts.basic import badge, card, rich
from dashboard.parts.context import Context
from survey.core.errors import Refused
from survey.core.lang import enumerated, say

#: there is something to look at, there is not, it can't be told, or it is no question of yes and no
State = Literal["look", "fine", "none", "beside"]
_BADGES: Mapping[State, str] = {"look": "warn", "fine": "good", "none": "info", "beside": "info"}


@dataclass(frozen=True)
class Line:
    """What a section comes to; ``name``: of its measure."""

    name: str
    title: str
    state: State
    text: str


def summary(context: Context, measures: Sequence[Measure]) -> Any:
    """The card that the page of these sections begins with."""
    lang, found = context.lang, [_line(context, measure) for measure in measures]
    entries = [
        html.Li(
            [
                badge(say(lang, f"page_quality.state_{one.state}"), _BADGES[one.state]),
                html.A(one.title, href=f"#{one.name}"),
                html.Span(one.text, className="muted"),
            ]
        )
        for one in found
    ]
    return card([html.P(rich(told(found, lang)), className="sentence"), html.Ul(entries, className="checks")])


def told(found: Sequence[Line], lang: str) -> str:
    """All of it in one sentence, and a second one where something can't be told."""
    by_state = {state: [one.title for one in found if one.state == state] for state in _BADGES}
    looks, n = by_state["look"], len(by_state["look"]) + len(by_state["fine"])
    parts = []
    if n:
        key = "page_quality.some_to_look_at" if looks else "page_quality.nothing_to_look_at"
        parts.append(say(lang, key, n=n, few=len(looks), names=enumerated(lang, looks)))
    if by_state["none"]:
        parts.append(say(lang, "page_quality.cannot_tell", names=enumerated(lang, by_state["none"])))
    return _joined(parts, lang)


def _joined(sentences: Sequence[str], lang: str) -> str:
    return ("" if lang == "zh" else " ").join(sentences)


def _line(context: Context, measure: Measure) -> Line:
    """What a section comes to; one that can't be shown says why."""
    lang, title = context.lang, say(context.lang, measure.title)
    try:
        body = service.section(context.viewer, context.source, context.store, context.year, measure.name).body
        state, text = JUDGED.get(measure.name, _said(measure))(body, lang)
    except Refused as refused:
        state, text = "none", refused.word(lang)
    return Line(measure.name, title, state, text)


Judged = Callable[[Body, str], tuple[State, str]]


def _said(measure: Measure) -> Judged:
    """Of a section that is no question of yes and no: the first sentence that its command says."""
    return lambda body, lang: ("beside", next(iter(measure.said(body, lang)), ""))


def _reliability(body: Body, lang: str) -> tuple[State, str]:
    forms = body["questionnaires"]
    if not forms:
        return "none", say(lang, "page_quality.nothing_scored")
    known = any(b["alpha"] is not None for form in forms for b in form["dimensions"] if b["dimension"])
    state: State = "none" if not known else "look" if any(map(is_doubtful, forms)) else "fine"
    if len(forms) == 1:
        return state, of_form(forms[0], lang)
    return state, enumerated(lang, (f"{form['title']} {of_form(form, lang)}" for form in forms))


def _weights(body: Body, lang: str) -> tuple[State, str]:
    applied = [row for row in body["rows"] if row["applied"]]
    state: State = "none" if not applied else "look" if any(map(clearly, applied)) else "fine"
    return state, of_weights(body, lang)


def _modes(body: Body, lang: str) -> tuple[State, str]:
    totals = [row for row in body["rows"] if row["measure"] == modes.TOTAL and row["difference"] is not None]
    said = modes.readings(body, lang)
    if not said:
        return "none", say(lang, "mode_effect.one_mode")
    clear = [text for row, text in zip(totals, said, strict=True) if row["word"] in ("higher", "lower")]
    return ("look", _joined(clear, lang)) if clear else ("fine", said[0])


def _interviewers(body: Body, lang: str) -> tuple[State, str]:
    added, who, *_ = interviewers.readings(body, lang)
    if interviewers.size(body) == "large":
        return "look", _joined([added, who], lang)
    if not body["interviewers"]:
        return "none", who
    return ("look" if any(row["word"].startswith("departs") for row in body["interviewers"]) else "fine"), who


def _without(body: Body, lang: str) -> tuple[State, str]:
    rows = body["rows"]
    if not rows:
        return "none", say(lang, "page_field.nothing_to_leave")
    moves = {kind: sum(bool(star_changes(r)) for r in rows if r["kind"] == kind) for kind in ("interviewer", "batch")}
    text = say(lang, "page_field.star_moves", people=moves["interviewer"], batches=moves["batch"])
    return ("look" if any(moves.values()) else "fine"), text


def _small_areas(body: Body, lang: str) -> tuple[State, str]:
    return "beside", of_small_areas(body, lang)


JUDGED: Mapping[str, Judged] = {
    "reliability": _reliability,
    "weights": _weights,
    "modes": _modes,
    "interviewers": _interviewers,
    "without": _without,
    "small_areas": _small_areas,
}
