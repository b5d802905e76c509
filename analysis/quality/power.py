"""The smallest difference that a number of responses will most likely show: 80 % power, two-sided 5 %.

Of two means: Student's t with the noncentral distribution, as R ``power.t.test(n, sd = sd * sqrt(deff))`` solves it.  Of
two shares: as R ``power.prop.test(n / deff, p1 = share)``.  "Among m communities" is the harder question of the pages:
that a community alone among m has changed is seen under false-discovery control only if its p is below 5 % / m, and
that two of m differ only beyond the critical value of all pairs (``ranks``).

Where people are drawn in clusters, an error has as many degrees of freedom as there are clusters less one, and the test is the
one that will be used: Satterthwaite's degrees of freedom of the two estimated variances (``differences``), the c of all pairs
with these (``ranks.critical_values``, as ``compare``).  With ν each, the sum of the two variances is independent of their
ratio, so the power is the noncentral t with 2ν degrees of freedom beyond the limit of each ratio, averaged over its beta
distribution.
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
#: errors with fewer degrees of freedom than this part of the responses are those of clusters
CLUSTERED = 0.9
#: points at which the ratio of two variances is looked at
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
COLUMNS = columns(
    Column("n", WHOLE),
    Column("measure", CODE),
    Column("sd", NUMBER),
    Column("deff", NUMBER),
    Column("communities", WHOLE),
    Column("detectable", NUMBER),
    Column("detectable_among", NUMBER),
    Column("df", NUMBER),
)


def detectable_mean(
    n: float, sd: float, *, level: float = LEVEL, power: float = POWER, df: float | None = None
) -> float:
    """The difference of two independent means of n each that a two-sided t test shows with this power; NaN below n = 2.

    ``df`` degrees of freedom of each error where it is one of clusters; None: people one by one, as R ``power.t.test``.
    """
    if n < 2 or not sd >= 0 or (df is not None and df < 1):
        return float("nan")
    return sum(_separation(n, level, power, df)) * sd * float(np.sqrt(2 / n))


def _separation(n: float, level: float, power: float, df: float | None) -> tuple[float, float]:
    """The limit of the test and what must come on top of it for this power, in standard errors of the difference."""
    if df is None:
        freedom, limits, weights = (
            2 * (n - 1),
            np.array([scipy.special.stdtrit(2 * (n - 1), 1 - level / 2)]),
            np.ones(1),
        )
    else:
        ratio, weights = scipy.special.betaincinv(df / 2, df / 2, (_NODES + 1) / 2), _WEIGHTS / 2
        freedom = 2 * df
        limits = scipy.special.stdtrit(df / (np.square(ratio) + np.square(1 - ratio)), 1 - level / 2)
    limit = float(weights @ limits)
    found = _root(lambda x: float(weights @ (1 - scipy.special.nctdtr(freedom, x, limits))) - power, 2 * limit + 6)
    return limit, found - limit


def detectable_share(
    n: float, share: float, *, level: float = LEVEL, power: float = POWER, df: float | None = None
) -> float:
    """How far a share of n must move from ``share`` to be shown with this power; NaN where no move is enough.

    Towards one half, where shares vary more: above one half that is a fall.  ``df`` as in ``detectable_mean``.
    """
    low = min(share, 1 - share)
    limit, beyond = float(scipy.special.ndtri(1 - level / 2)), float(scipy.special.ndtri(power))
    if df is not None:
        limit, beyond = _separation(n, level, power, df) if df >= 1 else (np.inf, 0.0)

    def gap(step: float) -> float:
        other = low + step
        both = (low + other) / 2
        spread = np.sqrt(2 * both * (1 - both))
        return float(np.sqrt(n) * step - limit * spread - beyond * np.sqrt(low * (1 - low) + other * (1 - other)))

    most = 1 - low
    if n < 2 or gap(most) < 0:
        return float("nan")
    return _root(gap, most)


def detectable_pair(n: float, sd: float, communities: int, df: float | None = None) -> float:
    """The difference of two of so many communities, n each, that ``compare`` tells apart among all pairs with 80 % power.

    ``df`` of each error (n − 1 where people are drawn one by one): a pair is told apart beyond c times its own error, which
    has 2 df.
    """
    df = n - 1 if df is None else df
    if n < 2 or df < 1:
        return float("nan")
    critical = critical_values(np.ones(communities), np.full(communities, float(df))).simultaneous
    return _root(_shortfall(2 * df, critical, POWER), 2 * critical + 6) * sd * float(np.sqrt(2 / n))


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


def usual_df(results: Results) -> float | None:
    """Degrees of freedom of a community's error where the year's people were drawn in clusters: the median over its
    communities; None where they were drawn one by one, or where no error is known."""
    _, df = known_error(results.scores)
    n = results.scores["n"].to_numpy(dtype=np.float64)
    known = (df >= 1) & (n > 1)
    if not known.any() or float(np.median(df[known] / (n[known] - 1))) >= CLUSTERED:
        return None
    return float(np.median(df[known]))


def power_table(
    sizes: Sequence[int],
    sd: float,
    communities: int,
    *,
    deff: float = 1.0,
    share: float = 0.5,
    df: float | None = None,
) -> pd.DataFrame:
    """``COLUMNS``, one row a number of responses and measure: points of 300, for ``share`` parts of 1.

    ``detectable`` for one comparison by itself, ``detectable_among`` for one of all ``communities``; ``sd`` is that of a
    person's 300 points (for ``share`` empty), ``deff`` comes on top of it; ``df`` of a community's error where people are
    drawn in clusters (at most n − 1).
    """
    level = LEVEL / max(communities, 1)
    wide = sd * deff**0.5
    rows: list[tuple[object, ...]] = []
    for n in sizes:
        own = None if df is None else min(df, n - 1.0)
        alone = detectable_mean(n, wide, df=own)
        years = detectable_mean(n, wide, level=level, df=own)
        among = {"years": years, "pair": detectable_pair(n, wide, communities, own)}
        part = [detectable_share(n / deff, share, level=p, df=own) for p in (LEVEL, level)]
        freedom = n - 1.0 if own is None else own
        rows += [(n, measure, sd, deff, communities, alone, among[measure], freedom) for measure in ("years", "pair")]
        rows.append((n, "share", float("nan"), deff, communities, *part, freedom))
    return pd.DataFrame(rows, columns=list(COLUMNS.names))


def shown_by(
    results: Results | None,
    *,
    sizes: Sequence[int] = USUAL,
    sd: float | None = None,
    communities: int | None = None,
    deff: float = 1.0,
    share: float = 0.5,
    clusters: int | None = None,
) -> dict[str, Any]:
    """``rows`` of ``power_table``, the ``sd``, ``communities`` and ``df`` used: those given, else as in the results.

    ``clusters`` drawn in a community; 0: people one by one.

    ``results`` may be None where both are given.  Raises Refused where the results know no error.
    """
    if results is not None:
        spread = usual_spread(results)
        if sd is None and spread is None:
            raise Refused("power.no_spread", year=results.meta["year"])
        sd = spread if sd is None else sd
        communities = communities or max(2, int(results.scores.groupby("sub_district", dropna=False).size().max()))
    df = None if not clusters else clusters - 1.0
    if clusters is None and results is not None:
        df = usual_df(results)
    assert sd is not None
    assert communities is not None
    return {
        "rows": power_table(sizes, sd, communities, deff=deff, share=share, df=df),
        "df": df,
        "sd": sd,
        "communities": communities,
    }


def _said(body: Body, lang: str) -> list[str]:
    said = [say(lang, "power.said", sd=f"{body['sd']:.1f}", m=body["communities"])]
    return said if body.get("df") is None else [*said, say(lang, "power.clusters", df=f"{body['df']:g}")]


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
