"""From a total to the next star: now, and what each of the largest single measures would come to, on one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.improvement.lost_points import answering
from analysis.improvement.next_star import Lift, chance, margin
from analysis.statistics.estimation import CONFIDENCE
from analysis.tables import number_words as numbers
from survey.core.lang import say

Row = Mapping[str, Any]
#: measures that a page has room for
WAYS = 4
#: points left and right of what the axis must show
MARGIN = 4.0


def star_name(lang: str, star: float | None) -> str:
    """三星, 未达标, or a dash."""
    return numbers.DASH if star is None else say(lang, f"export.star.{star:.0f}")


def way_lines(
    row: Row, way: Lift | None, losses: Sequence[Row], se: float, df: float, lang: str
) -> dict[str, Any] | None:
    """Now, and what each of the largest single measures would come to; None where no star is to be gained.

    ``se, df`` of the total; places (``at, low, high``) are parts of the axis's length.
    """
    if way is None:
        return None
    exact, steps = float(row["total_exact"]), [r for r in losses if r["kind"] == "objective"][:WAYS]
    alone = [losses[place] for place in way.singles]
    best = min((r for r in steps if r in alone), key=lambda r: float(r["possible"]), default=None)
    totals = [exact, *(exact + float(r["possible"]) for r in steps)]
    half = margin(se, df, 0.5 + CONFIDENCE / 2)
    ends = [end for t in totals for end in (t - (half or 0.0), t + (half or 0.0))]
    low, high = min([*ends, way.minimum]) - MARGIN, max([*ends, way.minimum]) + MARGIN
    low, high = max(low, 0.0), max(high, low + 1.0)

    def at(value: float) -> float:
        return round(min(max((value - low) / (high - low), 0.0), 1.0), 5)

    def line(total: float, what: str, offices: str, gain: str, *, chosen: bool) -> dict[str, Any]:
        return {
            "what": what,
            "offices": offices,
            "gain": gain,
            "total": numbers.total(total, [way.minimum]),
            "chance": numbers.chance(chance(total, way.minimum, se, df)),
            "at": at(total),
            "low": None if half is None else at(total - half),
            "high": None if half is None else at(total + half),
            "best": chosen,
        }

    name = f"name_{lang}"
    rows = [line(exact, say(lang, "papers.diagnosis.now"), "", "", chosen=False)]
    rows += [
        line(
            exact + float(r["possible"]),
            str(r[name] or r["name_zh"]),
            "、".join(answering(r)),
            numbers.won(float(r["possible"])),
            chosen=r is best,
        )
        for r in steps
    ]
    return {
        "star": star_name(lang, way.star),
        "title": say(lang, "papers.diagnosis.ways", star=star_name(lang, way.star)),
        "gap": numbers.gap(way.gap),
        "note": _ways_note(way, lang),
        "minimum": numbers.points(way.minimum),
        "minimum_at": at(way.minimum),
        "now_at": at(exact),
        "rows": rows,
    }


def _ways_note(way: Lift, lang: str) -> str:
    key = "ways_head" if way.sure is not None else "ways_head_no_error"
    sure = "" if way.sure is None else numbers.points(float(np.ceil(10 * way.sure - 1e-9) / 10), 1)
    return say(
        lang, f"papers.diagnosis.{key}", star=star_name(lang, way.star), minimum=numbers.points(way.minimum), sure=sure
    )
