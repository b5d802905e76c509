"""The table of ``estimate --cross A B``: the shares of two questions' cells in each group, and whether they go together.

Such a table is deeper than what is published: it is given where every cell, and what is left of each answer beside its
cells, has enough respondents, and says ``not_for_publication``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.disclosure.audit import Audit
from analysis.disclosure.decision import Kept
from analysis.disclosure.family import Factor
from analysis.disclosure.filtered import FilteredAudit, filtered
from analysis.sample.filters import make_filters, narrowed, written
from analysis.sample.grouping import Grouping, column_of, make_grouping
from analysis.sample.pooled_sample import group_by
from analysis.statistics.descriptive.chi_squared import Association, association
from analysis.statistics.design import Bools
from analysis.statistics.estimation import Base, Domains, base_of, conclude
from analysis.statistics.notes import Codes, join_notes
from analysis.tables.estimates import MEASURES, EstimateTable, assembled
from survey.core.errors import Refused

TEST = ("test", "statistic", "df1", "df2", "p")
#: Pearson's X² after Rao and Scott, as an F
RAO_SCOTT = "rao_scott"


def cross_table(
    table: EstimateTable,
    by: Sequence[str],
    where: Sequence[str],
    names: tuple[str, str],
    kept: Kept | None = None,
) -> pd.DataFrame:
    """The columns of ``by``, ``item`` (``A*B``), ``choice`` (``a*b``), MEASURES, TEST, ``note``: for each group the row of
    the test (``choice`` empty), then a row a cell with its share among those who answered both.

    ``kept`` as ``lay_table`` takes it.  Raises Refused for names that a table can't be split by, the same twice, and one
    that ``by`` names already.
    """
    sample = table.sample
    (one, first), (other, second) = (column_of(sample, name) for name in names)
    if one == other or {one, other} & {*table.grouping.factors}:
        raise Refused("estimation.cross_twice", one=names[0], other=names[1])
    out = np.zeros(len(sample), dtype=bool)
    both = (first[0] >= 0) & (second[0] >= 0)
    for name in (one, other):
        out |= table.counted.left_out(name, both)
    both &= ~out
    domains = table.domains
    base = base_of(domains, domains.take(both))
    shape = len(first[1]), len(second[1])
    found = association(domains, base, domains.take(first[0]), domains.take(second[0]), shape)
    deep = {**make_grouping(sample, by).factors, one: first, other: second}
    either = ((first[0] >= 0) | (second[0] >= 0)) & ~out
    hidden, note = _shown(table, deep, where, both, either, kept)
    words = [f"{written(a)}*{written(b)}" for a in first[1] for b in second[1]]
    return _rows(table, f"{names[0]}*{names[1]}", words, domains, base, found, hidden, note)


def _shown(
    table: EstimateTable,
    deep: Mapping[str, Factor],
    where: Sequence[str],
    both: Bools,
    either: Bools,
    kept: Kept | None,
) -> tuple[Bools, Codes]:
    """(G,) groups that are held back because one of their cells must be, and the notes."""
    sample, code = table.sample, table.grouping.groups.code
    cells = Grouping(deep, group_by(dict(deep), len(sample)))
    filters, audit = make_filters(sample, where), Audit(sample, kept)
    asked: FilteredAudit = filtered(audit, cells, filters)
    groups = narrowed(cells, filters).groups if filters else cells.groups
    shown = asked.shown(either)  # who answered one only is left beside the cells of that answer
    size = len(table.grouping.groups)
    held, small = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    rows = np.flatnonzero((groups.code >= 0) & both & (code >= 0))
    held[code[rows[shown.hidden[groups.code[rows]]]]] = True
    of_small_area = np.array(["small_area" in note for note in shown.note], dtype=bool)
    small[code[rows[of_small_area[groups.code[rows]]]]] = True
    own = table.shown(both, np.zeros(len(both), dtype=bool))
    return own.hidden | held, join_notes(
        size,
        (own.hidden, own.note),
        (held & small & ~own.hidden, "small_area"),
        (held & ~small & ~own.hidden, "complement"),
        (np.ones(size, dtype=bool), "not_for_publication"),
    )


def _rows(
    table: EstimateTable,
    item: str,
    words: Sequence[str],
    domains: Domains,
    base: Base,
    found: Association,
    hidden: Bools,
    note: Codes,
) -> pd.DataFrame:
    open_, without = table.open_, table.weighted.silent
    plain = conclude(base, np.where(base.n > 0, 1.0, np.nan), np.zeros(len(base.n)))
    blank, silent = hidden | without, hidden | without | open_
    test = {"statistic": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p}
    spoken = join_notes(
        len(hidden),
        (note != "", note),
        *table.weighted.notes(hidden),
        (~silent & np.isnan(found.p) & base.lonely, "one_psu"),
        (~silent & found.fixed & ~base.census, "no_variation"),
        (~hidden & (table.sampled != ""), table.sampled),
    )
    there = base.n > 0
    head = {
        "_group": np.flatnonzero(there),
        "_order": 0,
        "item": item,
        "choice": "",
        "n": np.where(hidden, np.nan, base.n)[there],
        "sum_weight": np.where(blank, np.nan, base.sum_weight)[there],
        "df": np.where(silent, np.nan, plain.df)[there],
        "test": np.where(silent | np.isnan(found.p), "", RAO_SCOTT)[there],
        **{name: np.where(silent, np.nan, column)[there] for name, column in test.items()},
        "note": spoken[there],
    }
    pieces = [pd.DataFrame(head)]
    for k, word in enumerate(words):
        share = found.share[:, k]
        inside = there & ~hidden & (share > 0)
        if not inside.any():
            continue
        e = conclude(base, share, found.variance[:, k], scale=np.sqrt(share), share=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            deff = np.square(e.se) * (base.n - 1) / (share * (1 - share))
        errors = {"se": e.se, "df": e.df, "share_low": e.low, "share_high": e.high, "deff": deff}
        cell = {
            "n": base.n,
            "sum_weight": np.where(blank, np.nan, base.sum_weight),
            "share": np.where(blank, np.nan, share),
            **{name: np.where(silent, np.nan, column) for name, column in errors.items()},
            "note": join_notes(len(hidden), (spoken != "", spoken), (~silent & (e.note != ""), e.note)),
        }
        rows = {name: column[inside] for name, column in cell.items()}
        pieces.append(
            pd.DataFrame({"_group": np.flatnonzero(inside), "_order": k + 1, "item": item, "choice": word, **rows})
        )
    columns = ["_group", "_order", "item", "choice", *MEASURES, *TEST, "note"]
    whole = [piece.reindex(columns=columns).assign(_item=0) for piece in pieces]
    return assembled(table.sample, table.grouping, [*MEASURES, *TEST], whole)
