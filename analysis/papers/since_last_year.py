"""Which indicators of a community won or lost points since the year before, exactly, where both years count them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.improvement.lost_points import SMALLEST, answering, lines_of
from analysis.scheme.rules.words import counts_worded, number
from analysis.tables import number_words as numbers
from survey.core.lang import LANGUAGES, say, separator

#: lines that a page has room for
MOVES = 5


@dataclass(frozen=True)
class Moved:
    """An indicator whose points moved: by how much, what it is called, who answers for it, its value in words then and now."""

    code: str
    points: float
    names: Mapping[str, str]
    offices: tuple[str, ...]
    values: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})

    def name(self, lang: str) -> str:
        """Its name in the reader's language."""
        return self.names.get(lang) or self.names["zh"]

    def way(self, lang: str) -> str:
        """``91.2% → 96.1%``; empty where a value is not known or both are the same."""
        return way(self.values[0].get(lang, ""), self.values[1].get(lang, ""), lang)


def way(before: str, now: str, lang: str) -> str:
    """From one value in words to another, of several counts those that changed; empty where there is nothing to say."""
    between = separator(lang)
    parts = [text.split(between) for text in (before, now)]
    if len(parts[0]) == len(parts[1]) > 1:
        other = [(a, b) for a, b in zip(*parts, strict=True) if a != b]
        before, now = (between.join(pair[side] for pair in other) for side in (0, 1))
    return f"{before} → {now}" if before and now and before != now else ""


def value_words(row: Mapping[str, Any]) -> dict[str, str]:
    """What was reported of an indicator, by language: with its unit where the rule's words have it; empty where nothing was."""
    said = (row.get("reason_params") or {}).get("value")
    if isinstance(said, Mapping):
        return {lang: str(said.get(lang, "")) for lang in LANGUAGES}
    value = row.get("value")
    if value is None or value != value:
        return dict.fromkeys(LANGUAGES, "")
    if isinstance(value, str):
        return {lang: counts_worded(value, lang) for lang in LANGUAGES}
    return dict.fromkeys(LANGUAGES, number(float(value)))


def moved(
    now: pd.DataFrame, before: pd.DataFrame, code: str, reported: Sequence[Mapping[str, Mapping[str, str]]] = ({}, {})
) -> list[Moved]:
    """The indicators of a community that are worth as much in both years and got another number of points.

    ``now``, ``before``: ``scored_lines`` of the two years; ``reported``: indicator → ``value_words``, before and now.
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
            values = [one.get(str(row["code"]), {}) for one in reported]
            found.append(Moved(str(row["code"]), points, names, tuple(answering(row)), (values[0], values[1])))
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
            "head": say(lang, "papers.diagnosis.moves", n=len(rows), points=numbers.won(total)) if rows else "",
            "rows": [
                {
                    "name": one.name(lang),
                    "way": one.way(lang),
                    "points": numbers.won(one.points),
                    "offices": "、".join(one.offices),
                }
                for one in rows[:MOVES]
            ],
            "rest": say(lang, "papers.diagnosis.moves_rest", n=len(rest)) if rest else "",
            "rest_points": numbers.won(sum(one.points for one in rest)) if rest else "",
        }

    up = sorted((one for one in change if one.points > 0), key=lambda one: -one.points)
    down = sorted((one for one in change if one.points < 0), key=lambda one: one.points)
    return {"better": part(up), "worse": part(down)}
