"""What would lift a community to its next star, and what would make that star 95 % certain (提分重点).

The objective points move exactly, the residents' points with their sampling error, which is taken to be as large then
as it is now.  With the total T (unrounded), its standard error s and degrees of freedom df, the chance of reaching the
threshold m after a gain of g is P(T + g + s·t(df) ≥ m), so to be sure (p = ``limits.STABLE``) asks for g = m − T + t(p, df)·s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy

from analysis.improvement.lost_points import loss_frame
from analysis.scoring.rating import round_half_up
from analysis.scoring.results import Results, records
from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import known_error
from survey.core import limits
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns

LIFT_COLUMNS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("total", NUMBER),
    Column("star", WHOLE),
    Column("next_star", WHOLE),
    Column("minimum", NUMBER),
    Column("gap", NUMBER),
    Column("sure", NUMBER),
    Column("lost", NUMBER),
    Column("possible", NUMBER),
    Column("singles", WHOLE),
    Column("fewest", WHOLE),
    Column("fewest_points", NUMBER),
    Column("fewest_sure", WHOLE),
    Column("fewest_sure_points", NUMBER),
    Column("lift_note", CODE),
)


@dataclass(frozen=True)
class Lift:
    """The way to the next star.

    ``gap``: points missing, rounded as a total; ``sure``: points to be sure of that star or a higher one, None where
    the error is not known.  ``singles``: places of the measures that suffice alone; ``fewest`` and ``fewest_sure``: the
    smallest number of measures that reaches the star, or ``sure``; None where all together do not.
    """

    star: int
    minimum: float
    gap: float
    sure: float | None
    singles: tuple[int, ...]
    fewest: tuple[int, ...] | None
    fewest_sure: tuple[int, ...] | None


def margin(se: float, df: float, certainty: float) -> float | None:
    """t(certainty, df)·se of a total; None where the error is not known."""
    if not np.isfinite(se) or (se > 0 and not df > 0):
        return None
    return float(scipy.special.stdtrit(df, certainty)) * se if se > 0 else 0.0


def certain_gain(exact: float, minimum: float, se: float, df: float) -> float | None:
    """Points that the total must gain to reach ``minimum`` with 95 % certainty; None where the error is not known."""
    needed = margin(se, df, limits.STABLE)
    return None if needed is None else max(0.0, minimum - exact + needed)


def chance(exact: float, minimum: float, se: float, df: float) -> float | None:
    """P(exact + se·t(df) ≥ minimum); None where the error is not known."""
    if margin(se, df, limits.STABLE) is None:
        return None
    return float(scipy.special.stdtr(df, (exact - minimum) / se)) if se > 0 else float(exact >= minimum)


def smallest(gains: Sequence[float], enough: Any) -> tuple[int, ...] | None:
    """Places of the fewest gains whose sum is ``enough`` (a function of it); of the last one the smallest that will do.

    Greedy by size gives the fewest, since no k gains sum to more than the k largest.  None where all are not enough.
    """
    values = np.asarray(gains, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    order = order[values[order] > 0]
    taken = 0.0
    for count, place in enumerate(order.tolist()):
        if enough(taken + values[place]):
            last = next(p for p in reversed(order[count:].tolist()) if enough(taken + values[p]))
            return (*order[:count].tolist(), last)
        taken += values[place]
    return None


def lift(
    exact: float, star: int, stars: Sequence[tuple[int, float]], se: float, df: float, gains: Sequence[float]
) -> Lift | None:
    """The way from an unrounded total to the star after ``star``; None at the top.

    ``stars``: (star, minimum); ``gains``: points that each measure may bring.
    """
    higher = sorted((minimum, one) for one, minimum in stars if one > star)
    if not higher:
        return None
    minimum, following = higher[0]

    def reached(gain: float) -> bool:
        return bool(round_half_up(np.array([exact + gain]))[0] >= minimum)

    sure = certain_gain(exact, minimum, se, df)
    return Lift(
        star=following,
        minimum=minimum,
        gap=round(minimum - float(round_half_up(np.array([exact]))[0]), limits.TOTAL_DECIMALS),
        sure=sure,
        singles=tuple(place for place, gain in enumerate(gains) if gain > 0 and reached(gain)),
        fewest=smallest(gains, reached),
        fewest_sure=None if sure is None else smallest(gains, lambda gain: gain >= sure and reached(gain)),
    )


def lifts(results: Results, losses: pd.DataFrame) -> dict[str, Lift]:
    """Community code → its way to the next star, for those with a total, no veto and a star above theirs.

    ``losses``: ``loss_frame`` of the same results; places are those of a community's rows in it.
    """
    stars = [(int(s["star"]), float(s["minimum"])) for s in results.meta["stars"]]
    se, df = known_error(results.scores)
    gains = {str(code): rows["possible"].tolist() for code, rows in losses.groupby("community_code")}
    found = {}
    for place, row in enumerate(records(results.scores)):
        if row["total_exact"] is None or row["star"] is None or row["status"] == "vetoed":
            continue
        code = str(row["community_code"])
        way = lift(row["total_exact"], int(row["star"]), stars, se[place], df[place], gains.get(code, []))
        if way is not None:
            found[code] = way
    return found


def lift_table(results: Results, cap: str = "full") -> tuple[pd.DataFrame, pd.DataFrame]:
    """(``loss_frame`` with ``alone, fewest, fewest_sure``, ``LIFT_COLUMNS``).

    The three say whether a row suffices alone for the next star and whether it is one of the fewest for it, or for its
    certainty.  The summary has a row a community: ``singles`` how many suffice alone, ``fewest`` how many at least and
    ``fewest_points`` what they bring; ``lift_note``: ``no_total, vetoed, top, out_of_reach`` or empty.
    """
    losses = loss_frame(results, cap)
    ways = lifts(results, losses)
    flags: dict[str, Bools] = {name: np.zeros(len(losses), dtype=bool) for name in ("alone", "fewest", "fewest_sure")}
    rows = []
    places = losses.groupby("community_code").indices
    for row in records(results.scores):
        code = str(row["community_code"])
        at, way = places.get(code, np.zeros(0, dtype=np.intp)), ways.get(code)
        if way is not None:
            for name, chosen in (("alone", way.singles), ("fewest", way.fewest), ("fewest_sure", way.fewest_sure)):
                flags[name][at[np.array(chosen or (), dtype=np.intp)]] = True
        rows.append(_summary(row, way, losses.iloc[at]))
    return losses.assign(**flags), pd.DataFrame(rows, columns=list(LIFT_COLUMNS.names))


def _summary(row: Mapping[str, Any], way: Lift | None, mine: pd.DataFrame) -> dict[str, Any]:
    shown = {name: row[name] for name in ("community_code", "community", "year", "total", "star")}
    shown |= {"lost": float(mine["points_lost"].sum()), "possible": float(mine["possible"].sum())}
    if way is None:
        vetoed = row["status"] == "vetoed"
        return {**shown, "lift_note": "vetoed" if vetoed else "no_total" if row["total"] is None else "top"}
    gains: Floats = mine["possible"].to_numpy(dtype=np.float64)
    for name, chosen in (("fewest", way.fewest), ("fewest_sure", way.fewest_sure)):
        shown[name] = None if chosen is None else len(chosen)
        shown[f"{name}_points"] = None if chosen is None else float(gains[np.array(chosen, dtype=np.intp)].sum())
    return {
        **shown,
        "next_star": way.star,
        "minimum": way.minimum,
        "gap": way.gap,
        "sure": way.sure,
        "singles": len(way.singles),
        "lift_note": "out_of_reach" if way.fewest is None else "",
    }
