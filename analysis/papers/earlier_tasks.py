"""One line of a diagnosis on the rectification tasks (整改任务) of the year before: how many there were, what this year says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.improvement.task_list import TaskList, TaskRow, compose, state_word
from analysis.improvement.task_outcome import STATES
from analysis.scoring.results import Results
from survey.core.lang import enumerated, say
from survey.store import Store

#: how many that were not made good are named
NAMED = 2


def tasks_before(store: Store | None, years: Sequence[Results]) -> TaskList | None:
    """The tasks of the year before the last of ``years``, held against that; None where there is no such year."""
    if len(years) < 2 or int(years[-2].meta["year"]) != int(years[-1].meta["year"]) - 1:
        return None
    return compose(store, years[-2], None, years[-1])


def task_line(found: TaskList | None, code: str, lang: str) -> str:
    """The line of one community; empty where the year before is not known or lost nothing."""
    if found is None:
        return ""
    rows = found.chosen([code])
    if not rows:
        return ""
    planned = [row for row in rows if row.entered != "open"]
    if not planned:
        return say(lang, "papers.diagnosis.tasks_none", year=found.year, n=len(rows))
    counts = Counter(row.state for row in planned)
    told = [
        say(lang, "papers.diagnosis.tasks_state", state=state_word(lang, state), n=counts[state])
        for state in STATES
        if counts[state]
    ]
    done = sum(row.entered == "done" for row in planned)
    text = say(lang, "papers.diagnosis.tasks", year=found.year, n=len(planned), done=done, told=enumerated(lang, told))
    left = [_name(row, lang) for row in planned if row.state == "none"]
    if left:
        more = len(left) - NAMED
        between = say(lang, "papers.diagnosis.tasks_between")
        names = between.join(left[:NAMED]) + (say(lang, "brief.more", n=more) if more > 0 else "")
        text += say(lang, "papers.diagnosis.tasks_left", names=names)
    return text


def _name(row: TaskRow, lang: str) -> str:
    return str(row.loss[f"name_{lang}"] or row.loss["name_zh"])
