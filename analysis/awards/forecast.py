"""What a year will cost if its calculation holds (预算测算), by payer, beside the money there is.

The calculated star decides; what the sampling error leaves open is said beside it: each community's star is drawn by its
probabilities, independently of the others.  The expected amount is exact; its range holds at least 95 % of what the draws
cost, and the expected amount: where a payment is nearly certain not to fall due, 95 % of the draws may cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.awards.amounts import Amounts
from analysis.awards.payments import Payment, totals, what_if
from analysis.cycle.stages import NO_NUMBER

#: fixed, so that the same data give the same range
SEED, DRAWS = 2013, 4000
STARS = 6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PayerForecast:
    """One payer, all in fen: ``amount`` if the calculation holds; ``expected``, ``low``, ``high`` under the sampling
    error, ``low`` ≤ ``expected`` ≤ ``high`` (None where no community has one); ``balance`` entered by hand (None: not
    entered)."""

    payer: str
    amount: int
    expected: float | None
    low: float | None
    high: float | None
    balance: int | None

    @property
    def short(self) -> int | None:
        """What the balance lacks; None where it is not known."""
        return None if self.balance is None else max(0, self.amount - self.balance)


@dataclass(frozen=True)
class Forecast:
    """``payments``: by community in the order given; ``payers``; ``unknown``: communities without a total;
    ``to_set``: communities whose rise the scheme leaves to be set by hand; ``everybody``: nobody applied yet, so all
    communities are counted; ``decided``: how many count with the star that district or city decided."""

    payments: tuple[Payment, ...]
    payers: tuple[PayerForecast, ...]
    unknown: tuple[str, ...]
    to_set: tuple[str, ...]
    everybody: bool
    decided: int = 0

    @property
    def total(self) -> int:
        """All payers together, fen."""
        return sum(p.amount or 0 for p in self.payments)


def forecast(
    scores: pd.DataFrame, titles: pd.DataFrame, year: int, amounts: Amounts, balances: Mapping[str, int]
) -> Forecast:
    """The forecast of a year from its score rows (``star, star_p0 … star_p5, status, star_awarded, applied_star,
    title_before``).

    A star that district or city have decided counts as decided, without any sampling error; else the calculated one.
    Communities under a veto, and those of which something else than a star was decided, are paid nothing; those that neither applied nor hold a title are left out once anybody has
    applied.
    """
    everybody = scores["applied_star"].isna().all()
    part = scores if everybody else scores[scores["applied_star"].notna() | scores["title_before"].notna()]
    decided = part["star_awarded"].notna()
    chances = [f"star_p{k}" for k in range(STARS)]
    part = part.assign(
        star=part["star_awarded"].where(decided, part["star"]), **{name: part[name].mask(decided) for name in chances}
    )
    vetoed = part["status"].isin(["vetoed", *NO_NUMBER])
    known = part[part["star"].notna() & ~vetoed]
    codes = [str(c) for c in known["community_code"]]
    stars = {c: int(s) for c, s in zip(codes, known["star"], strict=True)}
    named = what_if(titles, stars, year, amounts)
    found = tuple(named[c] for c in codes if c in named)
    return Forecast(
        payments=found,
        payers=_payers(known, codes, found, titles, year, amounts, balances),
        unknown=tuple(str(c) for c in part.loc[part["star"].isna() & ~vetoed, "community_code"]),
        to_set=tuple(p.community_code for p in found if p.amount is None),
        everybody=bool(everybody),
        decided=int((decided & ~vetoed).sum()),
    )


def _payers(
    known: pd.DataFrame,
    codes: Sequence[str],
    found: Sequence[Payment],
    titles: pd.DataFrame,
    year: int,
    amounts: Amounts,
    balances: Mapping[str, int],
) -> tuple[PayerForecast, ...]:
    sums = totals(found)
    names = list(dict.fromkeys(name for shares in amounts.payers.values() for name in shares))
    names += [name for name in balances if name not in names]
    chances = known[[f"star_p{k}" for k in range(STARS)]].to_numpy(dtype=np.float64)
    cost = _costs(codes, names, titles, year, amounts)
    drawn = (
        _drawn(chances, known["star"].to_numpy(dtype=np.float64)) if np.isfinite(chances).all(axis=1).any() else None
    )
    rows = []
    for i, name in enumerate(names):
        expected = low = high = None
        if drawn is not None:
            paid = cost[np.arange(len(codes))[:, None], drawn, i].sum(axis=0)
            expected = float(_expected(chances, cost[:, :, i], known["star"].to_numpy(dtype=np.int64)))
            low, high = _range(paid, expected)
        rows.append(PayerForecast(name, sums.get(name, 0), expected, low, high, balances.get(name)))
    return tuple(rows)


def _range(paid: Floats, expected: float) -> tuple[float, float]:
    """Ends that hold at least 95 % of the draws (n,), and what is expected.

    An expectation may lie beyond the middle 95 %: a rare payment moves it and none of the quantiles.
    """
    low, high = (float(q) for q in np.quantile(paid, [0.025, 0.975], method="inverted_cdf"))
    return min(low, expected), max(high, expected)


def _costs(codes: Sequence[str], names: Sequence[str], titles: pd.DataFrame, year: int, amounts: Amounts) -> Floats:
    """(communities, stars 0 … 5, payers) fen if the community were named with the star."""
    cost = np.zeros((len(codes), STARS, len(names)))
    for star in range(1, STARS):
        for at, payment in enumerate(what_if(titles, dict.fromkeys(codes, star), year, amounts).values()):
            for i, name in enumerate(names):
                cost[at, star, i] = payment.shares.get(name, 0)
    return cost


def _certain(chances: Floats, star: npt.NDArray[np.int64]) -> Floats:
    """Probabilities with those of communities without any put on the calculated star."""
    unknown = np.isnan(chances).any(axis=1)
    result = chances.copy()
    result[unknown] = np.eye(STARS)[star[unknown]]
    return result


def _expected(chances: Floats, cost: Floats, star: npt.NDArray[np.int64]) -> float:
    return float((_certain(chances, star) * cost).sum())


def _drawn(chances: Floats, star: Floats) -> npt.NDArray[np.int64]:
    """(communities, draws) stars drawn by their probabilities."""
    bounds = _certain(chances, star.astype(np.int64)).cumsum(axis=1)
    uniform = np.random.default_rng(SEED).random((len(bounds), DRAWS))
    drawn: npt.NDArray[np.int64] = (uniform[:, :, None] > bounds[:, None, :]).sum(axis=2).astype(np.int64)
    drawn[drawn >= STARS] = STARS - 1  # rounding: the last bound may lie just below 1
    return drawn
