"""A group against the rest: whether women, one mode, one age band answer otherwise than all others of the same area.

The rest of a group are the other groups of its line: same community, sub-district and year where the table is split by
these.  Group and rest share strata and PSUs, so the difference is one linear expression, its linearised variable that
of the group's mean less that of the rest's, and its variance taken over the whole line (R ``svyby(covmat = TRUE)`` of
both and ``svycontrast``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sample.grouping import AREAS, Grouping
from analysis.sample.pooled_sample import group_by
from analysis.statistics.design import Bools, Design, Floats, Ints
from analysis.statistics.differences import benjamini_hochberg, difference_test
from analysis.statistics.estimation import Domains, base_of, conclude, lay_domains, linearise, variance
from analysis.statistics.replicates import ReplicateSample
from survey.core.errors import Refused

REST = ("rest_n", "rest", "difference", "difference_se", "difference_df", "difference_p", "difference_q")
#: those that a sample without a known error leaves empty
REST_ERRORS = REST[3:]


@dataclass(frozen=True)
class Rest:
    """G groups in their lines: ``domains`` of the lines · ``order`` puts (m,) values of the table's domains in theirs ·
    ``slot`` (m,) place of a response's group in its line · ``line_of``, ``slot_of`` (G,)."""

    domains: Domains
    order: Ints
    slot: Ints
    line_of: Ints
    slot_of: Ints

    def compare(self, values: Floats, answered: Bools) -> dict[str, Floats]:
        """``REST`` but its q, by group (G,), of (m,) values; NaN where there is no rest."""
        x, there = values[self.order], answered[self.order]
        whole = base_of(self.domains, there)
        found = {name: np.full(len(self.line_of), np.nan) for name in REST[:-1]}
        for slot in range(int(self.slot_of.max(initial=-1)) + 1):
            inside = self.slot == slot
            mine, others = base_of(self.domains, there & inside), base_of(self.domains, there & ~inside)
            (mean, own), (rest, other) = (linearise(self.domains, base, x) for base in (mine, others))
            scale = np.maximum(np.abs(mean), np.abs(rest))
            result = conclude(whole, mean - rest, variance(self.domains, own - other), scale=scale)
            se = np.where(np.isnan(result.low), np.nan, result.se)
            p = difference_test(mean - rest, se, result.df)
            group = np.flatnonzero(self.slot_of == slot)
            columns = (others.n, rest, mean - rest, se, result.df, p)
            for name, column in zip(found, columns, strict=True):
                found[name][group] = column[self.line_of[group]]
        return found

    def q(self, p: Floats) -> Floats:
        """(G,) q of each line's groups as one family (Benjamini & Hochberg)."""
        q = np.full(len(p), np.nan)
        for line in np.unique(self.line_of):
            mine = self.line_of == line
            q[mine] = benjamini_hochberg(p[mine])
        return q


def make_rest(grouping: Grouping, design: Design, domains: Domains, replicates: Sequence[ReplicateSample] = ()) -> Rest:
    """The lines of a table's groups; raises Refused where it is split by areas and years only."""
    if not grouping.along:
        raise Refused("estimation.no_rest")
    code, size = grouping.groups.code, len(grouping.groups)
    areas = {name: factor for name, factor in grouping.factors.items() if name in AREAS}
    lines = group_by(areas, len(code))
    inside = np.flatnonzero(code >= 0)
    line_of = np.zeros(size, dtype=np.int64)
    line_of[code[inside]] = lines.code[inside]
    slot_of = np.zeros(size, dtype=np.int64)
    order = np.argsort(line_of, kind="stable")
    starts = np.searchsorted(line_of[order], np.arange(len(lines)))
    slot_of[order] = np.arange(size) - starts[line_of[order]]
    laid = lay_domains(design, np.where(code >= 0, lines.code, -1), len(lines), None, replicates)
    place = np.empty(len(code), dtype=np.int64)
    place[_rows(domains, len(code))] = np.arange(len(domains.group))
    rows = _rows(laid, len(code))
    return Rest(laid, place[rows], slot_of[code[rows]], line_of, slot_of)


def _rows(domains: Domains, size: int) -> Ints:
    return np.arange(size) if domains.rows is None else domains.rows
