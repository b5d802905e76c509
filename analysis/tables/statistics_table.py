"""The table of ``estimate --stat``: one row a group, item, choice and statistic, in the columns of ``estimate``.

What may be shown is asked of the disclosure room: totals and standard deviations as means, shares and totals of choices
and the two best levels as distributions, quantiles as distributions and only where five respondents lie on either side, ratios as tables outside
of the published family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.disclosure.audit import Shown
from analysis.sample.calibrated_domains import Weighted
from analysis.sample.filters import make_filters
from analysis.sample.item_values import levelled
from analysis.statistics.descriptive.linear import Linear, concluded, deviation, ratio, total
from analysis.statistics.descriptive.quantiles import quantile
from analysis.statistics.design import Bools, Floats
from analysis.statistics.estimation import Base, Domains, Estimate, base_of, linearise, measure
from analysis.statistics.notes import join_notes
from analysis.tables.asked_statistics import COMPARED, Statistic, asked_items
from analysis.tables.estimates import MEASURES, Answers, EstimateTable, assembled
from analysis.tables.group_pairs import PAIR, PAIR_ERRORS, Pair, make_pair
from survey.core import limits
from survey.core.errors import Refused

#: what stands behind the columns of ``estimate``: which statistic a row is, and its value
STAT, VALUE = "stat", "value"
_ERRORS = ("se", "low", "high", "df", "deff", "share_low", "share_high")


@dataclass(frozen=True)
class StatisticsTable:
    """``table`` what estimates rest on · ``pairs`` by design: differences asked for, with the usual weights and the
    expanded."""

    table: EstimateTable
    pairs: tuple[Pair, Pair] | None

    def rows(self, items: Sequence[str], statistics: Sequence[Statistic], *, named: bool) -> list[pd.DataFrame]:
        """All rows; ``named``: the items were asked for, so one that has no such statistic is refused."""
        found: list[pd.DataFrame] = []
        for i, name in enumerate(items):
            answers = self.table.answers(name)
            for j, one in enumerate(s for s in statistics if s.kind != "ratio"):
                pieces = list(self._of_item(answers, one))
                if not pieces and named and len(statistics) == 1:
                    raise Refused("estimation.no_values", name=name, stat=one.word)
                found += [piece.assign(_item=i, _order=piece["_order"] * 100 + j) for piece in pieces]
        ratios = [s for s in statistics if s.kind == "ratio"]
        return found + [self._ratio(one).assign(_item=len(items) + i) for i, one in enumerate(ratios)]

    # ── ONE ITEM

    def _of_item(self, a: Answers, one: Statistic) -> Iterator[pd.DataFrame]:
        own = self.table.own(a)
        if one.kind == "top2":
            best = self._best_two(a)
            if best is not None:
                yield self._choice(a, one, "", 0, best)
        elif one.kind in ("share", "total") and (one.kind == "share" or own is None):
            for order, (choice, ticked) in enumerate(a.chosen.items(), 1):
                yield self._choice(a, one, choice, order, ticked)
        elif own is not None and one.kind != "share":
            yield self._valued(a, one, own)

    def _best_two(self, a: Answers) -> Bools | None:
        """(n,) who chose one of the two best levels of an item; None where it has fewer than three levels."""
        questions = [self.table.sample.parts[p][0].question(a.name) for p in a.positions]
        if a.several or not all(map(levelled, questions)) or len(a.chosen) < 3:
            return None
        return np.logical_or(*list(a.chosen.values())[:2])

    def _valued(self, a: Answers, one: Statistic, own: Floats) -> pd.DataFrame:
        """The rows of a statistic of an item's own values."""
        weighted = self._weighted(one)
        domains = weighted.domains
        x, known = domains.take(own), ~np.isnan(own)
        base = base_of(domains, ~np.isnan(x))
        shown, hidden = a.shown, a.shown.hidden
        of: Callable[[Domains, Base], Linear] | None = None
        if one.kind == "quantile":
            e = quantile(domains, base, x, one.p)
            few = (base.n > 0) & (base.n * min(one.p, 1 - one.p) < limits.NOTHING_BELOW)
            hidden = shown.spread_hidden | few
            shown = replace(shown, note=join_notes(len(few), (few & ~shown.hidden, "quantile_few"), start=shown.note))
        elif one.kind == "sd":
            e = concluded(domains, base, deviation(domains, base, x))
        elif one.kind == "total":
            of = _of(own, total)
            e = concluded(domains, base, of(domains, base))
        else:
            of = _of(own, linearise)
            e, _ = measure(domains, base, x)
        columns = {"mean": e.mean} if one.kind == "mean" else {}
        pair = self._difference(one, of, known, hidden)
        return self._frame(a.name, "", one, 0, base, e, columns, pair, shown, hidden, weighted, base.n > 0)

    def _choice(self, a: Answers, one: Statistic, choice: str, order: int, ticked: Bools) -> pd.DataFrame:
        """The rows of one choice, or of the two best: its share, or how many people it stands for."""
        weighted = self._weighted(one)
        domains = weighted.domains
        x, base = ticked.astype(np.float64), base_of(domains, domains.take(a.places) >= 0)
        columns: dict[str, Floats] = {}
        if one.kind != "total":
            of = _of(x, linearise)
            e, _ = measure(domains, base, domains.take(x), share=True)
            columns = {"share": e.mean, "share_low": e.low, "share_high": e.high}
        else:
            of = _of(x, total)
            e = concluded(domains, base, of(domains, base))
        item = f"{a.name}/{choice}" if a.several else a.name
        hidden = a.shown.spread_hidden
        where = (base.n >= limits.TOTALS_BELOW) & ~hidden
        pair = self._difference(one, of, a.places >= 0, hidden)
        return self._frame(item, choice, one, order, base, e, columns, pair, a.shown, hidden, weighted, where)

    # ── RATIOS

    def _ratio(self, one: Statistic) -> pd.DataFrame:
        """The rows of a ratio of two questions, of those who answered both."""
        sides = [self._side(name) for name in (one.top, one.bottom)]
        (top, bottom), domains = sides, self.table.domains
        both = ~np.isnan(top) & ~np.isnan(bottom)
        x, there = domains.take(bottom), domains.take(both)
        base = base_of(domains, there)
        low = float(np.min(bottom[both], initial=np.inf))
        if low < 0 or (domains.total(base.weight * base.filled(x))[base.sum_weight > 0] <= 0).any():
            raise Refused("estimation.ratio_zero", name=one.bottom)
        of = _of_two(top, bottom)
        e = concluded(domains, base, of(domains, base))
        shown = self._ratio_shown(top, bottom, both)
        pair = self._difference(one, of, both, shown.hidden)
        item = f"{one.top}/{one.bottom}"
        weighted = self.table.weighted
        return self._frame(item, "", one, 0, base, e, {}, pair, shown, shown.hidden, weighted, base.n > 0)

    def _side(self, name: str) -> Floats:
        """(n,) own values of a question of a ratio; raises Refused for one without."""
        asked_items(self.table.sample, [name])
        own = self.table.own(self.table.answers(name))
        if own is None:
            raise Refused("estimation.no_values", name=name, stat="ratio")
        return own

    def _ratio_shown(self, top: Floats, bottom: Floats, both: Bools) -> Shown:
        """A ratio is none of the published tables: who answered both, and who answered one only, must be enough."""
        shown = self.table.shown(both, np.zeros(len(both), dtype=bool))
        count = self.table.grouping.groups.count
        counts = self.table.weighted.design.weight > 0
        few = np.zeros(len(shown.hidden), dtype=bool)
        for mask, least in ((both, 1), (~np.isnan(top) & ~both, 0), (~np.isnan(bottom) & ~both, 0)):
            n = count(mask & counts)
            few |= (n >= max(least, 1)) & (n < limits.TOTALS_BELOW)
        n = count(both & counts)
        note = join_notes(
            len(few),
            ((n > 0) & few & ~shown.hidden, "complement"),
            (np.ones(len(few), dtype=bool), "not_for_publication"),
            start=shown.note,
        )
        return Shown(shown.hidden | few, shown.spread_hidden | few, note)

    # ── ROWS

    def _weighted(self, one: Statistic) -> Weighted:
        return self.table.expanded if one.kind == "total" else self.table.weighted

    def _difference(
        self, one: Statistic, of: Callable[[Domains, Base], Linear] | None, answered: Bools, hidden: Bools
    ) -> Mapping[str, Floats]:
        """``PAIR`` by group, at the first group of each line where both may be shown."""
        if self.pairs is None:
            return {}
        if of is None or one.kind not in COMPARED:
            raise Refused("estimation.difference_stat", stat=one.word)
        pair = self.pairs[one.kind == "total"]
        found = pair.compare(of, answered)
        shown = (pair.first >= 0) & (pair.second >= 0)
        for missing in (hidden, self._weighted(one).silent):
            shown &= ~missing[pair.first] & ~missing[pair.second]
        lines = np.flatnonzero(shown)
        result = {name: np.full(len(hidden), np.nan) for name in PAIR}
        for name, column in found.items():
            result[name][pair.first[lines]] = column[lines]
        return result

    def _frame(
        self,
        item: str,
        choice: str,
        one: Statistic,
        order: int,
        base: Base,
        e: Estimate,
        columns: Mapping[str, Floats],
        pair: Mapping[str, Floats],
        shown: Shown,
        hidden: Bools,
        weighted: Weighted,
        where: Bools,
    ) -> pd.DataFrame:
        """Rows of the groups ``where``, without what open samples, missing populations and small groups leave out."""
        open_ = self.table.open_
        given: dict[str, Floats] = {"n": base.n, "sum_weight": base.sum_weight, VALUE: e.mean}
        given |= {name: getattr(e, name) for name in ("se", "low", "high", "df", "deff")} | dict(columns) | dict(pair)
        names = [*MEASURES, VALUE, *(PAIR if self.pairs is not None else ())]
        values = {}
        for name in names:
            errors = name in (*_ERRORS, *PAIR_ERRORS)
            blank = (shown.hidden if name == "n" else hidden | weighted.silent) | (open_ & errors)
            values[name] = np.where(blank, np.nan, given.get(name, np.nan))[where]
        spoken = ~open_ & ~weighted.silent & ~hidden
        note = join_notes(
            len(where),
            (shown.note != "", shown.note),
            *weighted.notes(hidden),
            (spoken & (e.note != ""), e.note),
            (~hidden & (self.table.sampled != ""), self.table.sampled),
        )
        frame = {"_group": np.flatnonzero(where), "_order": order, "item": item, "choice": choice, STAT: one.word}
        return pd.DataFrame({**frame, **values, "note": note[where]})


def _of(values: Floats, statistic: Callable[[Domains, Base, Floats], Linear]) -> Callable[[Domains, Base], Linear]:
    """A statistic of (n,) values in any domains."""
    return lambda domains, base: statistic(domains, base, domains.take(values))


def _of_two(top: Floats, bottom: Floats) -> Callable[[Domains, Base], Linear]:
    return lambda domains, base: ratio(domains, base, domains.take(top), domains.take(bottom))


def statistics_table(
    table: EstimateTable,
    items: Sequence[str] | None,
    statistics: Sequence[Statistic],
    difference: str | None = None,
) -> pd.DataFrame:
    """The columns of ``by``, ``item, choice, stat``, MEASURES, ``value``, with ``difference`` PAIR, ``note``.

    Raises Refused for what no such statistic can be given of.
    """
    sample, pairs = table.sample, None
    if difference is not None:
        (one,) = make_filters(sample, [difference])
        both = (table.weighted, table.expanded)
        usual, wide = (make_pair(table.grouping, one, weighted, sample.replicates) for weighted in both)
        pairs = (usual, wide)
    only_ratios = all(s.kind == "ratio" for s in statistics)
    names = [] if only_ratios and items is None else asked_items(sample, items)
    pieces = StatisticsTable(table, pairs).rows(names, statistics, named=items is not None)
    more = PAIR if pairs is not None else ()
    return assembled(sample, table.grouping, [STAT, *MEASURES, VALUE, *more], pieces)
