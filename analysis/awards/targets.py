"""The street's targets: so many communities at a star or above by a year, counted by calculation and by title.

达标 met, 基本达标 nearly met (within the tolerance below the share), 未达标 missed; 尚未可知 open where communities of which
nothing is known yet could still close the gap; 逾期未达标 overdue where it was due by an earlier year.  They nest: a community
with five stars counts for four and three as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from analysis.scheme.model import Phase, Scheme, Target
from analysis.scheme.options import TOLERANCE, chosen, share


@dataclass(frozen=True)
class Progress:
    """One target in one year.

    ``of``: communities that count; ``reached``: those at the star or above; ``required`` = share × ``of`` rounded half
    up; ``missing``: what lacks to it; ``state``: ``met, nearly, missed, open, overdue``, or ``''`` where nothing
    can be counted.
    ``unknown``: those of which nothing is known yet, counted in ``of`` and not in ``reached``.
    ``likely``: how many are expected at the star or above under the sampling error, None where that is not known.
    """

    target: Target
    of: int
    reached: int
    required: int
    state: str
    likely: float | None = None
    unknown: int = 0

    @property
    def missing(self) -> int:
        """How many communities are still lacking if none of the unknown reaches it."""
        return max(0, self.required - self.reached)

    @property
    def least_missing(self) -> int:
        """How many are lacking if all of the unknown reach it."""
        return max(0, self.missing - self.unknown)


@dataclass(frozen=True)
class Goal:
    """附件2: the star that a community aims at by a year, and its stars of the year looked at (None: there is none).

    ``unknown``: no star is calculated because there is no total yet; ``overdue``: the year looked at is after ``due_year``.
    """

    code: str
    name: str
    star: int
    due_year: int
    calculated: int | None
    title: int | None
    unknown: bool = False
    overdue: bool = False

    @property
    def state(self) -> str:
        """``named`` (the title reaches the goal), ``calculated`` (only the calculation does), ``unknown`` (there is no
        total yet), ``overdue`` (it was due by an earlier year), ``missing``."""
        if self.title is not None and self.title >= self.star:
            return "named"
        if self.calculated is not None and self.calculated >= self.star:
            return "calculated"
        return "unknown" if self.unknown else "overdue" if self.overdue else "missing"


def tolerance_of(scheme: Scheme) -> Decimal:
    """How far below the share a target is nearly met; raises Refused where the setting is no share."""
    return share(chosen(scheme.settings, TOLERANCE))


def required(wanted: float, of: int) -> int:
    """Communities that a share ``wanted`` of ``of`` asks for, rounded half up."""
    return int((Decimal(str(wanted)) * of).to_integral_value(ROUND_HALF_UP))


def progress(
    scheme: Scheme,
    stars: Mapping[str, int | None],
    chances: Mapping[str, Sequence[float]] | None = None,
    unknown: int = 0,
    year: int | None = None,
) -> tuple[Progress, ...]:
    """Every target of the scheme, the highest star first.

    ``stars``: community → calculated star or title, None where it has none (it counts among all, at no star).
    ``chances``: community → P(star = 0 … 5) where known; communities without take part with the star they have.
    ``unknown``: how many have no star because nothing is known yet.  ``year`` is held against the years that targets are due
    by; None: against none.
    """
    tolerance = tolerance_of(scheme)
    return tuple(
        _progress(target, stars, tolerance, chances, unknown, year is not None and year > target.due_year)
        for target in sorted(scheme.targets, key=lambda t: (t.due_year, -t.star))
    )


def _progress(
    target: Target,
    stars: Mapping[str, int | None],
    tolerance: Decimal,
    chances: Mapping[str, Sequence[float]] | None,
    unknown: int,
    overdue: bool,
) -> Progress:
    of = len(stars)
    reached = sum(star is not None and star >= target.star for star in stars.values())
    need = required(target.share, of)
    nearly = (Decimal(str(target.share)) - tolerance) * of
    state = _state(of, reached, need, nearly)
    if state == "missed":
        could = _state(of, reached + unknown, need, nearly)
        state = "open" if could != "missed" else "overdue" if overdue else "missed"
    likely = None
    if chances is not None:
        likely = math.fsum(
            math.fsum(chances[code][target.star :])
            if code in chances
            else float(star is not None and star >= target.star)
            for code, star in stars.items()
        )
    return Progress(target, of, reached, need, state, likely, unknown)


def _state(of: int, reached: int, need: int, nearly: Decimal) -> str:
    if of == 0:
        return ""
    return "met" if reached >= need else "nearly" if Decimal(reached) >= nearly else "missed"


def phases_of(scheme: Scheme, year: int) -> tuple[Phase, ...]:
    """The phases that a year belongs to, the later one last (by which progress is judged)."""
    found = [p for p in scheme.phases if p.first_year <= year <= p.last_year]
    return tuple(sorted(found, key=lambda p: (p.first_year, p.last_year)))
