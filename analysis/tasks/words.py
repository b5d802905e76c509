"""How tasks are worded, once for files, commands and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.tasks.listing import TaskList, TaskRow
from survey.lang import say

MINUS = "−"


def signed(value: float) -> str:
    """A change of points with its sign, one decimal."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else ("+" if value > 0 else MINUS) + text


def state_word(lang: str, state: str) -> str:
    """已补上, 待填措施 …"""
    return say(lang, f"tasks.state.{state}")


def outcome_words(lang: str, outcome: Mapping[str, Any]) -> str:
    """What became of a loss: the state, with the points and for items their error."""
    state, regained = outcome["state"], outcome["regained"]
    if regained is None:
        return state_word(lang, state)
    points = signed(regained)
    if state == "none" and points == "0.0":
        return state_word(lang, state)
    if outcome["regained_half"] is not None:
        points = say(lang, "tasks.with_error", points=points, error=f"{outcome['regained_half']:.1f}")
    return say(lang, "tasks.outcome", state=state_word(lang, state), points=points)


def earlier_words(lang: str, found: TaskList, row: TaskRow) -> str:
    """How the same point stood the year before (上年情况), with what was planned then."""
    if not found.known_before:
        return say(lang, "tasks.no_year_before")
    if row.earlier is None:
        return say(lang, "tasks.not_lost_before")
    text = say(
        lang, "tasks.earlier", lost=f"{row.earlier['points_lost']:.1f}", outcome=outcome_words(lang, row.earlier)
    )
    if row.before and row.before.action:
        text += say(lang, "tasks.earlier_action", action=row.before.action)
    return text


def kind_word(lang: str, kind: str) -> str:
    """客观 or 主观."""
    return say(lang, f"tasks.kind.{kind}")
