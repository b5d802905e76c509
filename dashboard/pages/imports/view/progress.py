"""How far the files of an upload are: what the import page shows while something is at work."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.data.jobs import Job, Line
from dashboard.parts.basic import card
from survey.core.lang import say
from survey.core.masking import masked
from survey.core.progress import STAGES, Stage

#: how often the page asks (ms); it asks only while this card is shown
TICK = 700
#: what a job of storing finds done already
_BEFORE = {"look": 0, "store": STAGES.index("storing")}


def stages_card(kind: str, job: Job, lang: str) -> html.Section:
    """The stages of every file, asked for anew until the job has ended."""
    return card(
        [
            html.Div(stage_lines(kind, job, lang), id="import-stages", className="stages", **{"data-kind": kind}),
            dcc.Interval(id="import-tick", interval=TICK),
        ],
        "stages-card",
        **{"aria-busy": "true"},
    )


def stage_lines(kind: str, job: Job, lang: str) -> list[Any]:
    """One sentence that is read out when it changes, and a line a file."""
    return [
        html.P(_sentence(kind, job, lang), className="stages-head", role="status", **{"aria-live": "polite"}),
        html.Ul([_line(kind, line, job.stage, lang) for line in job.lines], className="stages-files"),
        html.P(say(lang, f"page_import.leave_{kind}"), className="hint"),
    ]


def _sentence(kind: str, job: Job, lang: str) -> str:
    if job.stage is not None:
        return say(lang, "page_import.at_computing")
    done = sum(line.done for line in job.lines)
    if all(line.stage is None for line in job.lines):
        return say(lang, "page_import.at_queue")
    return say(lang, f"page_import.at_{kind}", done=done, n=len(job.lines))


def _line(kind: str, line: Line, common: Stage | None, lang: str) -> html.Li:
    now = common if common is not None and line.stage is not None else line.stage
    reached = STAGES.index(now.name) if now is not None else _BEFORE[kind]
    if line.done and common is None:
        reached, now = reached + 1, None
    steps = [_step(place, reached, now, lang) for place in range(len(STAGES))]
    state = say(lang, "page_import.file_waits") if line.stage is None else ""
    return html.Li(
        [
            html.Div([html.B(masked(line.file)), html.Span(state, className="muted small")], className="stages-file"),
            html.Ol(steps, className="steps-chain", **{"aria-label": masked(line.file)}),
        ]
    )


def _step(place: int, reached: int, now: Stage | None, lang: str) -> html.Li:
    current = now is not None and place == reached
    name = now.word(lang) if current and now is not None else Stage(STAGES[place]).word(lang)  # type: ignore[arg-type]
    kind = "done" if place < reached else "now" if current else "later"
    return html.Li(name, className=kind, **({"aria-current": "step"} if current else {}))
