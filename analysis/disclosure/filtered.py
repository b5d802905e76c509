"""What may be shown of the responses that filters leave: a table that is split by the filters' columns, too.

One value of one column is a cell of the family or of a deeper table, and goes by that.  Several values together are no
such cell: they, and the rest beside them, need enough respondents in every group, and the table is not for publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.audit import MERGED, Audit, Shown, TableAudit
from analysis.sample.filters import Filter, narrowed
from analysis.sample.grouping import Grouping
from analysis.statistics.design import Bools, Ints


@dataclass(frozen=True)
class FilteredAudit:
    """``table`` the audit of the table that is split by the filters, too · ``place`` (G,) the group of it that each
    group of the filtered table is."""

    table: TableAudit
    place: Ints

    def shown(self, answered: Bools, levels: Ints | None = None) -> Shown:
        """As ``TableAudit.shown``, by group of the filtered table."""
        found = self.table.shown(answered, levels)
        return Shown(found.hidden[self.place], found.spread_hidden[self.place], found.note[self.place])


def filtered(audit: Audit, grouping: Grouping, filters: Sequence[Filter]) -> FilteredAudit:
    """The audit of ``narrowed(grouping, filters)``, without filters that of the table as it is."""
    factors = dict(grouping.factors)
    for one in (f for f in filters if f.column not in grouping.factors):
        name, factor = one.column, one.factor
        if len(one.chosen) > 1 or name in factors:
            codes = np.where(factor[0] < 0, -1, np.where(one.mask, 0, 1)).astype(np.int64)
            name, factor = f"{name}{MERGED}{len(factors)}", (codes, pd.Index([0, 1]))
        factors[name] = factor
    table = TableAudit(audit, factors)
    code = narrowed(grouping, filters).groups.code if filters else grouping.groups.code
    rows = np.flatnonzero(code >= 0)
    place = np.zeros(int(code.max(initial=-1)) + 1, dtype=np.int64)
    place[code[rows]] = table.groups.code[rows]
    return FilteredAudit(table, place)


def left_of(audit: Audit, grouping: Grouping, filters: Sequence[Filter]) -> tuple[Grouping, FilteredAudit]:
    """What filters leave of a table, and its audit."""
    return narrowed(grouping, filters) if filters else grouping, filtered(audit, grouping, filters)
