"""Groups of the survey sheet: which conditions a row inherits from those around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from survey.form.model import Question


def with_conditions(rows: Iterable[Question]) -> tuple[Question, ...]:
    """The rows with ``conditions`` set: ``relevant`` of the groups around each, outermost first, then its own."""
    open_groups: list[str] = []
    done = []
    for row in rows:
        if row.type == "end_group" and open_groups:
            open_groups.pop()
        conditions = tuple(c for c in (*open_groups, row.relevant) if c)
        done.append(replace(row, conditions=conditions))
        if row.type == "begin_group":
            open_groups.append(row.relevant)
    return tuple(done)
