"""Objective indicator values that add up to the plan: each rule's plausible values, then the nearest sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.scheme.model import Indicator, Scheme
from analysis.scheme.rules.count_target import CountTarget
from analysis.scheme.rules.deduct_per_case import DeductPerCase
from analysis.scheme.rules.judged_levels import JudgedLevels
from analysis.scheme.rules.part_of import PartOf
from analysis.scheme.rules.ratio_banded import RatioBanded
from analysis.scheme.rules.ratio_linear import RatioLinear
from analysis.scheme.rules.rule import Rule, Value
from analysis.scheme.rules.rules import parse_rule

from .chance import Floats, stream
from .second_street import FIXED as SECOND_FIXED
from .street import DIMENSIONS, PLACES, YEARS, objective_plan

#: what the story needs: a serious case in 大榕 in 2014, and 南塔 three points below four stars for these reasons
FIXED: Mapping[tuple[str, int, str], Value] = {
    ("SL09", 2014, "HX01"): {"major": 1, "order": 1, "rise": 1},
    ("SL06", 2014, "ST02"): 5,
    ("SL06", 2014, "WH02"): 8,
    ("SL06", 2014, "HX02"): 96.1,
    **SECOND_FIXED,
}
#: exempt with evidence: full points without a value
EXEMPT = ("SL02", 2014, "ST06")
EXEMPT_EVIDENCE = "示例区绿化示范社区命名文件（示发〔2014〕12号，虚构）"
#: more cases of a kind than this in a year would not be believed
_MOST_CASES = {"major": 1, "order": 3, "rise": 1, "missing": 2, "late": 3, "accident": 1, "overdue": 4}
#: values that hold for years: an election turnout, floor space, greenery
_LASTING = ("ZZ02", "FW01", "ST03", "WH01")


@dataclass(frozen=True)
class Reported:
    """One value: ``value`` as the rule takes it (None where exempt) and its points."""

    code: str
    year: int
    indicator: Indicator
    value: Value | None
    points: float
    exempt: bool = False


@dataclass(frozen=True)
class _Options:
    """What one indicator could report, and the points that each would earn."""

    indicator: Indicator
    values: tuple[Value, ...]
    points: np.ndarray
    likely: float
    #: points that the plan must gain for each point by which the value becomes less likely
    price: float = 0.15


def reported(scheme: Scheme) -> list[Reported]:
    """Every indicator of every community and year, in the order of the scheme."""
    found = []
    for year in YEARS:
        for place in PLACES:
            plan, last = objective_plan(place.code, year), objective_plan(place.code, YEARS[-1])
            found += reported_of(scheme, place.code, year, plan, last)
    return found


def reported_of(scheme: Scheme, code: str, year: int, plans: Floats, last: Floats) -> list[Reported]:
    """The same of one community and year; ``last``: the plan of the last year, which values that last follow."""
    found = []
    for dimension, plan, lasting in zip(DIMENSIONS, plans, last, strict=True):
        indicators = [i for i in scheme.scored_indicators if i.dimension == dimension]
        options = [_options(i, code, year, float(lasting if i.code in _LASTING else plan)) for i in indicators]
        found += _nearest(options, code, year, float(plan))
    return found


def _nearest(options: list[_Options], code: str, year: int, plan: float) -> list[Reported]:
    """The likeliest values, moved one at a time until the points add up to the plan."""
    chosen = [int(np.argmin(abs(o.points - o.likely))) for o in options]
    for _ in range(12):
        missing = plan - sum(o.points[c] for o, c in zip(options, chosen, strict=True))
        best = min(_moves(options, chosen, missing), default=None)
        if best is None or best[0] >= abs(missing) - 0.05:
            break
        chosen[best[1]] = best[2]
    return [
        Reported(code, year, o.indicator, None, float(o.indicator.points or 0), exempt=True)
        if (code, year, o.indicator.code) == EXEMPT
        else Reported(code, year, o.indicator, o.values[c], float(o.points[c]))
        for o, c in zip(options, chosen, strict=True)
    ]


def _moves(options: list[_Options], chosen: list[int], missing: float) -> list[tuple[float, int, int]]:
    """(distance to the plan with a price for being unlike, which indicator, which of its values)."""
    moves = []
    for which, option in enumerate(options):
        gain = option.points - option.points[chosen[which]]
        price = option.price * (abs(option.points - option.likely) - abs(option.points[chosen[which]] - option.likely))
        left = abs(missing - gain) + price
        value = int(np.argmin(left))
        moves.append((float(left[value]), which, value))
    return moves


def _options(indicator: Indicator, code: str, year: int, plan: float) -> _Options:
    full = float(indicator.points or 0)
    rule = parse_rule(indicator.rule, indicator.parameters)
    fixed = FIXED.get((code, year, indicator.code))
    if (code, year, indicator.code) == EXEMPT:
        return _Options(indicator, (0.0,), np.array([full]), full)
    habit = stream("indicator", code, indicator.code)
    usual = habit.normal(0, 0.075)
    this_year = 0.0 if indicator.code in _LASTING else stream("indicator", code, indicator.code, year).normal(0, 0.03)
    values = (fixed,) if fixed is not None else tuple(_values(rule, indicator, code, year))
    points = np.array([rule.score(v, full) for v in values])
    likely = full * min(1.0, max(0.2, plan / 140 + usual + this_year))
    return _Options(indicator, values, points, likely, 0.95 if indicator.code in _LASTING else 0.15)


def _values(rule: Rule, indicator: Indicator, code: str, year: int) -> list[Value]:
    """Values that a community could report; several may earn the same points."""
    if isinstance(rule, DeductPerCase):
        most = [_MOST_CASES.get(kind, 12) for kind in rule.kinds]
        counts = list(product(*(range(m + 1) for m in most)))
        if len(rule.kinds) == 1:
            return [float(c[0]) for c in counts]
        return [dict(zip(rule.kinds, map(float, c), strict=True)) for c in counts]
    if isinstance(rule, JudgedLevels):
        return list(rule.grades)
    if isinstance(rule, PartOf):
        return [float(k) for k in range(int(rule.of) + 1)]
    if isinstance(rule, CountTarget):
        return [float(k) for k in range(int(rule.target * 1.25) + 1)]
    lasting = indicator.code in _LASTING
    random = stream("value", code, indicator.code, *([] if lasting else [year]))
    if isinstance(rule, RatioBanded):
        cuts = [rule.bands[-1][0] - 8, *(cut for cut, _ in reversed(rule.bands)), 100.0]
        tops = [*cuts[1:-1], min(cuts[-1], cuts[-2] + 6)]
        return [round(low + (top - low) * random.uniform(0.08, 0.92), 1) for low, top in zip(cuts, tops, strict=False)]
    if isinstance(rule, RatioLinear):
        top = rule.full + 0.06 * (rule.full - rule.zero)
        if indicator.unit == "percent":
            top = min(top, 100.0)
        return [round(float(v), 1) for v in np.arange(rule.zero, top, 0.1)]
    raise TypeError(f"no values known for {rule}")
