"""The smallest difference that a number of responses will most likely show: 80 % power, two-sided 5 %.

Of two means: Student's t with the noncentral distribution, as R ``power.t.test(n, sd = sd * sqrt(deff))`` solves it.  Of
two shares: as R ``power.prop.test(n / deff, p1 = share)``.  "Among m communities" is the harder question of the pages:
that a community alone among m has changed is seen under false-discovery control only if its p is below 5 % / m, and
that two of m differ only beyond the critical value of all pairs (``ranks``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy

from analysis.quality.measure import Body, Measure, Table
from analysis.scoring.results import Results
from analysis.statistics.differences import known_error
from analysis.statistics.ranks import critical_values
from survey.core.columns import CODE, NUMBER, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say

POWER, LEVEL = 0.80, 0.05
#: responses a community for which a table is given when none are asked for
USUAL = (50, 100, 200, 400)
COLUMNS = columns(
    Column("n", WHOLE),
    Column("measure", CODE),
    Column("sd", NUMBER),
    Column("deff", NUMBER),
    Column("communities", WHOLE),
    Column("detectable", NUMBER),
    Column("detectable_among", NUMBER),
)


def detectable_mean(n: float, sd: float, *, level: float = LEVEL, power: float = POWER) -> float:
    """The difference of two independent means of n each that a two-sided t test shows with this power; NaN below n = 2."""
    if n < 2 or not sd >= 0:
        return float("nan")
    df = 2 * (n - 1)
    limit = float(scipy.special.stdtrit(df, 1 - level / 2))
    return _root(_shortfall(df, limit, power), 1.5 * limit + 3) * sd * float(np.sqrt(2 / n))


def detectable_share(n: float, share: float, *, level: float = LEVEL, power: float = POWER) -> float:
    """How far a share of n must move from ``share`` to be shown with this power; NaN where no move is enough.

    Towards one half, where shares vary more: above one half that is a fall.
    """
    low = min(share, 1 - share)
    limit, beyond = float(scipy.special.ndtri(1 - level / 2)), float(scipy.special.ndtri(power))

    def gap(step: float) -> float:
        other = low + step
        both = (low + other) / 2
        spread = np.sqrt(2 * both * (1 - both))
        return float(np.sqrt(n) * step - limit * spread - beyond * np.sqrt(low * (1 - low) + other * (1 - other)))

    most = 1 - low
    if n < 2 or gap(most) < 0:
        return float("nan")
    return _root(gap, most)


def detectable_pair(n: float, sd: float, communities: int) -> float:
    """The difference of two of so many communities, n each, that is told apart among all pairs with 80 % power."""
    if n < 2:
        return float("nan")
    critical = critical_values(np.ones(communities), np.full(communities, n - 1.0)).simultaneous
    return (critical + float(scipy.special.ndtri(POWER))) * sd * float(np.sqrt(2 / n))


def _shortfall(df: float, limit: float, power: float) -> Callable[[float], float]:
    """Noncentrality → how much of the power it reaches is more than asked for."""
    return lambda x: 1 - float(scipy.special.nctdtr(df, x, limit)) - power


def _root(excess: Callable[[float], float], high: float) -> float:
    """Where a rising function between 0 and ``high`` is 0."""
    return float(scipy.optimize.brentq(excess, 0.0, high, xtol=1e-13))


def usual_spread(results: Results) -> float | None:
    """Standard deviation of a person's 300 points that would have given the errors of a year: root mean square of
    se · √n over its communities, the year's design effect in it; None where no error is known."""
    se, _ = known_error(results.scores)
    n = results.scores["n"].to_numpy(dtype=np.float64)
    squares = np.square(se) * n
    known = squares > 0
    return float(np.sqrt(squares[known].mean())) if known.any() else None


def power_table(
    sizes: Sequence[int], sd: float, communities: int, *, deff: float = 1.0, share: float = 0.5
) -> pd.DataFrame:
    """``COLUMNS``, one row a number of responses and measure: points of 300, for ``share`` parts of 1.

    ``detectable`` for one comparison by itself, ``detectable_among`` for one of all ``communities``; ``sd`` is that of a
    person's 300 points (for ``share`` empty), ``deff`` comes on top of it.
    """
    level = LEVEL / max(communities, 1)
    wide = sd * deff**0.5
    rows: list[tuple[object, ...]] = []
    for n in sizes:
        alone = detectable_mean(n, wide)
        among = {"years": detectable_mean(n, wide, level=level), "pair": detectable_pair(n, wide, communities)}
        part = [detectable_share(n / deff, share, level=p) for p in (LEVEL, level)]
        rows += [(n, measure, sd, deff, communities, alone, among[measure]) for measure in ("years", "pair")]
        rows.append((n, "share", float("nan"), deff, communities, *part))
    return pd.DataFrame(rows, columns=list(COLUMNS.names))


def shown_by(
    results: Results | None,
    *,
    sizes: Sequence[int] = USUAL,
    sd: float | None = None,
    communities: int | None = None,
    deff: float = 1.0,
    share: float = 0.5,
) -> dict[str, Any]:
    """``rows`` of ``power_table``, the ``sd`` and ``communities`` used: those given, else as in the results.

    ``results`` may be None where both are given.  Raises Refused where the results know no error.
    """
    if results is not None:
        spread = usual_spread(results)
        if sd is None and spread is None:
            raise Refused("power.no_spread", year=results.meta["year"])
        sd = spread if sd is None else sd
        communities = communities or max(2, int(results.scores.groupby("sub_district", dropna=False).size().max()))
    assert sd is not None
    assert communities is not None
    return {
        "rows": power_table(sizes, sd, communities, deff=deff, share=share),
        "sd": sd,
        "communities": communities,
    }


def _said(body: Body, lang: str) -> list[str]:
    return [say(lang, "power.said", sd=f"{body['sd']:.1f}", m=body["communities"])]


MEASURE = Measure(
    "power",
    0,
    shown_by,
    (
        Table(
            "power",
            COLUMNS,
            lambda body, lang: body["rows"],
            "n measure detectable detectable_among sd deff communities",
        ),
    ),
    _said,
)
