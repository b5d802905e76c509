"""Every year by its own scheme, also where years stand side by side or are put together.

A response is scored, weighted and judged by the scheme of the year it was given in; a scheme for a later year changes
nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.calibrated_domains import Weighted, lay_weighted
from analysis.sample.grouping import weigh
from analysis.sample.item_values import item_scores
from analysis.sample.pooled_sample import Groups, Pool
from analysis.scheme.model import Scheme, Weighting
from analysis.statistics.design import Bools, Floats, Ints, LonelyPsu, LonelyRule, unlike
from analysis.statistics.estimation import lay_domains


@dataclass(frozen=True)
class YearSchemes:
    """K schemes (None: a year that has none) and, for each of the n responses, which of them is its year's."""

    sample: Pool
    schemes: tuple[Scheme | None, ...]
    which: Ints

    @classmethod
    def of(cls, sample: Pool, by_year: Mapping[int, Scheme], otherwise: Scheme | None = None) -> YearSchemes:
        """``otherwise`` is that of the years which are not named."""
        numbers = sample.numbers("year")
        found: list[Scheme | None] = [otherwise]
        which = np.zeros(len(sample), dtype=np.int64)
        for year, scheme in by_year.items():
            if scheme not in found:
                found.append(scheme)
            which[numbers == year] = found.index(scheme)
        used = np.unique(which) if len(which) else np.zeros(1, dtype=np.int64)
        return cls(sample, tuple(found[k] for k in used.tolist()), np.searchsorted(used, which))

    def scores(self, name: str, positions: Sequence[int]) -> Floats:
        """(n,) scores 0–100 of an item, NaN where there is none."""
        result = np.full(len(self.sample), np.nan)
        for k, scheme in enumerate(self.schemes):
            stacked = self.sample.stack(
                lambda form, block, scheme=scheme: item_scores(form, block, name, scheme),  # type: ignore[misc]
                positions,
            )
            result = np.where(self.which == k, stacked, result)
        return result

    def lonely(self, groups: Groups) -> LonelyRule:
        """The rule for single PSUs of the groups: one for all, or (G,); ``unknown`` where years of a group disagree."""
        rules: list[LonelyPsu] = [scheme.lonely_psu if scheme else "unknown" for scheme in self.schemes]
        if len(set(rules)) == 1:
            return rules[0]
        found = np.full(len(groups), "", dtype=object)
        for rule in dict.fromkeys(rules):
            there = groups.any(np.array([one == rule for one in rules])[self.which])
            found = np.where(there, np.where(found == "", rule, "unknown"), found)
        return np.where(found == "", "unknown", found).astype(np.str_)

    def weighted_otherwise(self, groups: Groups, weighting: Weighting) -> Bools:
        """(G,) whether the scheme of a response in the group weights otherwise than this."""
        other = np.array([scheme is not None and scheme.weighting != weighting for scheme in self.schemes])
        return groups.any(other[self.which])

    def weigh(
        self,
        groups: Groups,
        weighting: Weighting,
        population: pd.DataFrame | None,
        populations: Mapping[str, float],
        *,
        every: bool = False,
    ) -> Weighted:
        """The groups by base weights (``grouping.weigh``, ``every`` as there), or weighted by the margins of each year's
        scheme (``calibrated_domains.lay_weighted``); with the rule of its years for single PSUs."""
        rule = self.lonely(groups)
        # what lays other groups over the design knows one rule: where years disagree, none
        design = replace(self.sample.design, lonely=rule if isinstance(rule, str) else "unknown")
        if weighting == "none":
            base, lacking = weigh(self.sample, groups, populations, every=every)
            design, none = replace(design, weight=base.weight), np.zeros(len(groups), dtype=bool)
            domains = lay_domains(design, groups.code, len(groups), None, self.sample.replicates)
            apart = unlike(design.brought, groups.code, len(groups), design.weight > 0)
            found = Weighted(design, domains, lacking, none, apart)
        else:
            by = (self.schemes, self.which, weighting, population, populations)
            found = lay_weighted(self.sample, design, groups, *by, every=every)
        return replace(found, domains=replace(found.domains, lonely=rule))
