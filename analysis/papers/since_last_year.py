"""Which indicators of a community won or lost points since the year before, exactly, where both years count them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.improvement.lost_points import SMALLEST, answering, lines_of
from analysis.tables import number_words as numbers
from survey.core.lang import say

#: lines that a page has room for
MOVES = 5


@dataclass(frozen=True)
class Moved:
    """An indicator whose points moved: by how much, what it is called, who answers for it."""

    code: str
    points: float
    names: Mapping[str, str]
    offices: tuple[str, ...]

    def name(self, lang: str) -> str:
        """Its name in the reader's language."""
        return self.names.get(lang) or self.names["zh"]


def moved(now: pd.DataFrame, before: pd.DataFrame, code: str) -> list[Moved]:
    """The indicators of a community that are worth as much in both years and got another number of points.

    ``now``, ``before``: ``scored_lines`` of the two years.
    """
    old = {row["code"]: row for row in _lines(before, code)}
    found = []
    for row in _lines(now, code):
        last = old.get(row["code"])
        if last is None or float(last["points"]) != float(row["points"]):
            continue
        points = float(row["points_got"]) - float(last["points_got"])
        if abs(points) > SMALLEST:
            names = {"zh": str(row["name_zh"]), "en": str(row["name_en"] or "")}
            found.append(Moved(str(row["code"]), points, names, tuple(answering(row))))
    return found


def _lines(lines: pd.DataFrame, code: str) -> list[dict[str, Any]]:
    return lines_of(lines[(lines["community_code"] == code) & (lines["kind"] == "objective")])


def move_lines(change: Sequence[Moved] | None, lang: str) -> dict[str, Any] | None:
    """What was made good and what was lost since last year, the most first; None without a year to compare with."""
    if change is None:
        return None

    def part(rows: Sequence[Moved]) -> dict[str, Any]:
        rest = rows[MOVES:]
        total = sum(one.points for one in rows)
        return {
            "head": say(lang, "papers.diagnosis.moves", n=len(rows), points=numbers.signed(total, 1)) if rows else "",
            "rows": [
                {"name": one.name(lang), "points": numbers.signed(one.points, 1), "offices": "、".join(one.offices)}
                for one in rows[:MOVES]
            ],
            "rest": say(lang, "papers.diagnosis.moves_rest", n=len(rest)) if rest else "",
            "rest_points": numbers.signed(sum(one.points for one in rest), 1) if rest else "",
        }

    up = sorted((one for one in change if one.points > 0), key=lambda one: -one.points)
    down = sorted((one for one in change if one.points < 0), key=lambda one: one.points)
    return {"better": part(up), "worse": part(down)}
