"""A group against the rest: whether women, one mode, one age band answer otherwise than all others of the same area.

The rest of a group are the other groups of its line: same community, sub-district and year where the table is split by
these.  Where it is split by nothing else the rest of a community are the others of its sub-district and year, together by
their adults; it is told where the sum of all of them may be.  Group and rest share strata and PSUs, so the difference is one linear expression, its linearised variable that
of the group's mean less that of the rest's, and its variance taken over the whole line (R ``svyby(covmat = TRUE)`` of
both and ``svycontrast``).  Beside it stands one test of all groups of the line that are shown (``equal_means``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.family import Factor
from analysis.disclosure.filtered import FilteredAudit
from analysis.sample.calibrated_domains import Weighted
from analysis.sample.grouping import AREAS, Grouping
from analysis.sample.pooled_sample import Groups, group_by
from analysis.sample.small_groups import too_few
from analysis.statistics.descriptive.equal_means import equal_means
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.differences import benjamini_hochberg, difference_test, holm
from analysis.statistics.estimation import Domains, base_of, conclude, linearise, variance
from survey.core.errors import Refused

COMMUNITY = AREAS[0]
_COMPARED = ("rest_n", "rest", "difference", "difference_se", "difference_df", "difference_p")
#: that all groups of a line have the same mean or share, as an F, and its p after Holm over the choices of an item
TOGETHER = ("statistic", "df1", "df2", "p", "p_holm")
REST = (*_COMPARED, "difference_q", "difference_holm", *TOGETHER)


@dataclass(frozen=True)
class Rest:
    """G groups in their lines: ``domains`` of the lines · ``order`` puts (m,) values of the table's domains in theirs ·
    ``slot`` (m,) place of a response's group in its line · ``line_of``, ``slot_of`` (G,) · ``silent`` (G,) nothing can be
    computed of their line · ``audit`` of the lines' sums where groups are communities, ``sum_of`` (G,) which of them."""

    domains: Domains
    order: Ints
    slot: Ints
    line_of: Ints
    slot_of: Ints
    silent: Bools
    audit: FilteredAudit | None
    sum_of: Ints

    def unsaid(self, answered: Bools, levels: Ints | None) -> tuple[Bools, Bools]:
        """(G,) groups whose line has a mean, or shares, that are held back; of an item that (n,) answered, as the audit takes it."""
        if self.audit is None:
            none = np.zeros(len(self.line_of), dtype=bool)
            return none, none
        found = self.audit.shown(answered, levels)
        return found.hidden[self.sum_of], found.spread_hidden[self.sum_of]

    def compare(self, values: Floats, answered: Bools) -> dict[str, Floats]:
        """Each group less the rest, by group (G,), of (m,) values; NaN where there is no rest."""
        x, there = values[self.order], answered[self.order]
        whole = base_of(self.domains, there)
        found = {name: np.full(len(self.line_of), np.nan) for name in _COMPARED}
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

    def columns(self, values: Floats, answered: Bools, shown: Bools, known: Bools, least: int) -> dict[str, Floats]:
        """``REST`` but the last by group (G,), of (m,) values; ``shown`` (G,) what may be seen, ``known`` (G,) where a sample
        has a known error, ``least`` respondents that the rest must have."""
        shown = shown & ~self.silent
        found = self.compare(values, answered)
        there = shown & ~too_few(np.nan_to_num(found["rest_n"]), least)
        columns: dict[str, Floats] = {
            name: np.where(there if name in _COMPARED[:3] else there & known, column, np.nan)
            for name, column in found.items()
        }
        p = np.asarray(columns["difference_p"], dtype=np.float64)
        columns |= {"difference_q": self._each(benjamini_hochberg, p), "difference_holm": self._each(holm, p)}
        return columns | self._together(values, answered, shown & known)

    def _together(self, values: Floats, answered: Bools, tested: Bools) -> dict[str, Floats]:
        """The test of all groups that are ``tested`` (G,), in the row of each."""
        group = np.full((self.domains.size, int(self.slot_of.max(initial=-1)) + 1), -1)
        group[self.line_of, self.slot_of] = np.arange(len(self.line_of))
        inside = tested[group[self.domains.group, self.slot]]
        e = equal_means(self.domains, self.slot, values[self.order], answered[self.order] & inside)
        found = {"statistic": e.statistic, "df1": e.df1, "df2": e.df2, "p": e.p}
        return {name: np.where(tested, column[self.line_of], np.nan) for name, column in found.items()}

    def _each(self, adjusted: Callable[[Floats], Floats], p: Floats) -> Floats:
        """(G,) p of each line's groups, adjusted as one family."""
        found = np.full(len(p), np.nan)
        for line in np.unique(self.line_of):
            mine = self.line_of == line
            found[mine] = adjusted(p[mine])
        return found


def over_choices(pieces: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """The rows of one item with ``p_holm``: of the mean its p, of the choices of a group their p as one family."""
    table = pd.concat(pieces, ignore_index=True)
    families = [table["_group"], table["choice"] == ""]
    table["p_holm"] = table.groupby(families)["p"].transform(lambda p: holm(p.to_numpy(dtype=np.float64)))
    return [table]


def lines_of(grouping: Grouping) -> Mapping[str, Factor]:
    """The columns that tell one line from another: areas and years, or all but the community where nothing else splits.

    Raises Refused where the table has no groups that are the rest of each other.
    """
    if not grouping.along and COMMUNITY not in grouping.factors:
        raise Refused("estimation.no_rest")
    known = AREAS if grouping.along else AREAS[1:]
    return {name: factor for name, factor in grouping.factors.items() if name in known}


def make_rest(
    grouping: Grouping,
    domains: Domains,
    weigh: Callable[[Groups], Weighted],
    sums: Callable[[Grouping], tuple[Grouping, FilteredAudit]],
) -> Rest:
    """The lines of a table's groups; ``weigh`` lays groups over the responses, ``sums`` gives what is left of a
    table of lines, and its audit.

    Raises Refused as ``lines_of``.
    """
    code, size = grouping.groups.code, len(grouping.groups)
    factors = dict(lines_of(grouping))
    lines = group_by(factors, len(code))
    inside = np.flatnonzero(code >= 0)
    line_of = np.zeros(size, dtype=np.int64)
    line_of[code[inside]] = lines.code[inside]
    slot_of = np.zeros(size, dtype=np.int64)
    order = np.argsort(line_of, kind="stable")
    starts = np.searchsorted(line_of[order], np.arange(len(lines)))
    slot_of[order] = np.arange(size) - starts[line_of[order]]
    weighted = weigh(Groups(np.where(code >= 0, lines.code, -1), lines.keys))
    place = np.empty(len(code), dtype=np.int64)
    place[_rows(domains, len(code))] = np.arange(len(domains.group))
    rows = _rows(weighted.domains, len(code))
    laid = weighted.domains, place[rows], slot_of[code[rows]], line_of, slot_of, weighted.silent[line_of]
    if grouping.along:
        return Rest(*laid, None, line_of)
    left, audit = sums(Grouping(factors, lines))
    sum_of = np.zeros(size, dtype=np.int64)
    sum_of[code[inside]] = left.groups.code[inside]
    return Rest(*laid, audit, sum_of)


def _rows(domains: Domains, size: int) -> Ints:
    return np.arange(size) if domains.rows is None else domains.rows
