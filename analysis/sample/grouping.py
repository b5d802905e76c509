"""What results can be split by: roles of the questionnaire, else its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.item_values import own_values
from analysis.sample.pooled_sample import Groups, Pool, group_by
from analysis.statistics.design import Bools, Design, Floats, Ints
from survey.core.errors import Refused

#: role → design column, where they differ; a phone number is never kept with the answers
_COLUMNS = {"community": "community_code", "start": "started", "end": "ended"}
_ROLES = (
    "community",
    "sub_district",
    "year",
    "mode",
    "respondent",
    "household",
    "interviewer",
    "weight",
    "psu",
    "ssu",
    "stratum",
    "fpc",
    "fpc2",
    "sex",
    "age",
    "age_band",
    "start",
    "end",
    "submitted",
    "duration",
    "disposition",
)
#: every response has these, whether or not the questionnaire asks for them
_ALWAYS = ("community", "sub_district", "year", "mode")
#: areas and years are reported each for itself; the groups of the other columns add up to a total
AREAS = ("community_code", "sub_district", "year")


@dataclass(frozen=True)
class Grouping:
    """Groups by ``--by``: ``factors`` column → codes (n,) and values, in the order asked for.

    The column of ``community`` is ``community_code``.
    """

    factors: Mapping[str, tuple[Ints, pd.Index]]
    groups: Groups

    @property
    def along(self) -> list[str]:
        """Columns whose groups add up to a total that someone may ask for."""
        return [name for name in self.factors if name not in AREAS]


def positions_of(sample: Pool, name: str) -> tuple[int, ...]:
    """The parts whose questionnaire has the question."""
    return tuple(p for p, (form, _) in enumerate(sample.parts) if name in form.position)


def make_grouping(sample: Pool, by: Sequence[str]) -> Grouping:
    """Lay out the groups; raises Refused for a name that is neither a role nor a question with closed answers."""
    factors = {_COLUMNS.get(name, name) if _is_role(sample, name) else name: _factor(sample, name) for name in by}
    return Grouping(factors, group_by(factors, len(sample)))


def column_of(sample: Pool, name: str) -> tuple[str, tuple[Ints, pd.Index]]:
    """The column that a name of ``--by`` stands for, its codes (n,) and values; raises Refused as ``make_grouping``."""
    return _COLUMNS.get(name, name) if _is_role(sample, name) else name, _factor(sample, name)


def _is_role(sample: Pool, name: str) -> bool:
    return name in _ALWAYS or (name in _ROLES and any(name in form.roles for form, _ in sample.parts))


def _factor(sample: Pool, name: str) -> tuple[Ints, pd.Index]:
    if _is_role(sample, name):
        return sample.factor(_COLUMNS.get(name, name))
    positions = positions_of(sample, name)
    if not positions:
        known = dict.fromkeys([*_ALWAYS, *(r for form, _ in sample.parts for r in form.roles if r in _ROLES)])
        raise Refused("estimation.unknown_by", name=name, known=list(known))
    question = sample.parts[positions[-1]][0].question(name)
    if question.coding == "choice":
        choices = best_first(sample, name, positions)
        places = answer_places(sample, name, positions, choices)
        return np.where(places < len(choices), places, -1).clip(-1).astype(np.int64), pd.Index(
            [c.name for c in choices], dtype=object
        )
    if question.coding not in ("step", "number"):
        raise Refused("estimation.by_open", name=name)
    values = sample.stack(lambda form, block: own_values(form, block, name), positions)
    codes, uniques = pd.factorize(values, sort=True)
    return np.asarray(codes, dtype=np.int64), pd.Index(uniques)


def of_year(code: str, year: int) -> str:
    """Under which key ``populations`` holds the adults of a community in one year, where years differ."""
    return f"{code}\0{year}"


def weigh(
    sample: Pool, groups: Groups, populations: Mapping[str, float], *, every: bool = False
) -> tuple[Design, Bools]:
    """The design with the weights these groups need, and the groups (G,) that lack a population for them.

    Role ``weight`` stands; without it every response weighs 1 (or its household selection weight), but where
    communities that were sampled on their own come together in a group, that makes up the adult population of
    the community and year (``populations``: code → adults, or by ``of_year``); ``every``: also in a group of one community, so that weights sum to people.
    """
    loose = sample.separate & ~sample.weighted & (groups.code >= 0)
    community = sample.community[0]
    lacking = np.zeros(len(groups), dtype=bool)
    pairs = np.unique(np.column_stack([groups.code[loose], community[loose]]), axis=0)
    together = np.bincount(pairs[:, 0], minlength=len(groups)) > (0 if every else 1)
    rows = np.flatnonzero(loose)
    rows = rows[together[groups.code[rows]]]
    if not len(rows):
        return sample.design, lacking
    base = _base_weights(sample, populations)[rows]
    lacking[groups.code[rows[np.isnan(base)]]] = True
    weight = sample.design.weight.copy()
    weight[rows] = np.where(np.isnan(base), 1.0, base)
    return replace(sample.design, weight=weight), lacking


def _base_weights(sample: Pool, populations: Mapping[str, float]) -> Floats:
    """(n,) weights that sum to the adult population of a community and year; NaN where the register has none."""
    (codes, names), (year, years) = sample.community, sample.factor("year")
    people = np.full((len(names) + 1, len(years) + 1), np.nan)  # who lacks either has nothing
    for place, name in enumerate(names):
        whole = populations.get(str(name), np.nan)
        people[place, :-1] = [populations.get(of_year(str(name), int(y)), whole) for y in years]
    people = np.where(people > 0, people, np.nan)
    cell = sample.place
    counted = sample.separate & ~sample.weighted
    each = sample.design.weight
    n = np.bincount(cell, counted * each)
    return np.asarray(people[codes, year] * each / np.where(n > 0, n, 1.0)[cell], dtype=np.float64)
