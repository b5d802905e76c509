"""The door that every split table passes: what each of its groups may show of an item, and why not more.

Tables of the family (``family``) are answered from the one decision.  Any other table, deeper or over several years or
streets, is answered only where nothing small stands beside it: every group, and what is left of the next table once the
groups that are shown are taken away, has enough respondents.  Such a table is not for publication, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from analysis.disclosure.blocks import DISTRIBUTION, STEPS, TOTALS, least_of
from analysis.disclosure.decision import Decision, Kept
from analysis.disclosure.family import CONTEXT, VARIABLES, CellKey, Factor, Family, make_family
from analysis.sample.grouping import AREAS, Grouping
from analysis.sample.pooled_sample import Groups, Pool, group_by
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.notes import join_notes
from survey.core import limits
from survey.core.lazily import cached_property

Texts = npt.NDArray[np.object_]
COMMUNITY, STREET, YEAR = AREAS
#: a question or another column beside the variables of the family, by name
Context = tuple[str, Factor]
#: in the name of a column that stands for several values of another; no question's name holds it
MERGED = "="
#: grows when the same responses show something else
METHOD = 11


@dataclass(frozen=True)
class Shown:
    """By group (G,): whether it shows nothing, whether its distribution is held back, and the notes that go with it."""

    hidden: Bools
    spread_hidden: Bools
    note: Texts


class Audit:
    """What may be shown of the responses of a sample; the decisions are made when first asked for.

    ``kept`` is what decisions over such responses have shown before: what they rest on is part of their name, so that of
    other responses, or by another method, none is found.  Those go, what is decided comes.
    """

    def __init__(self, sample: Pool, kept: Kept | None = None) -> None:
        self.sample = sample
        self._kept: Kept = {} if kept is None else kept
        self._decisions: dict[tuple[str, bytes, bytes], Decision] = {}
        self._families: dict[str, Family] = {}
        self._tables: dict[tuple[str, ...], TableAudit] = {}

    def table(self, grouping: Grouping) -> TableAudit:
        """The audit of a table with these groups."""
        return TableAudit(self, dict(grouping.factors))

    def by(self, *columns: str) -> TableAudit:
        """The audit of a table by columns of the responses."""
        return TableAudit(self, {name: self.sample.factor(name) for name in columns})

    def beside(self, factors: dict[str, Factor]) -> TableAudit:
        """The audit of a table that stands beside another one, made once."""
        names = tuple(sorted(factors))
        if names not in self._tables:
            self._tables[names] = TableAudit(self, {name: factors[name] for name in names})
        return self._tables[names]

    def decision(self, context: Context | None, answered: Bools | None = None, levels: Ints | None = None) -> Decision:
        """The decision of everybody, or of those who answered an item (n,), over the variables and one context.

        ``levels`` (n,) the place of each answer in their order, where the item has one.
        """
        asked = b"" if answered is None else np.packbits(answered).tobytes()
        key = (context[0] if context else "", asked, b"" if levels is None else levels.tobytes())
        if key not in self._decisions:
            self._decisions[key] = self._made(context, answered, levels)
        return self._decisions[key]

    def _made(self, context: Context | None, answered: Bools | None, levels: Ints | None) -> Decision:
        mask = np.ones(len(self.sample), dtype=bool) if answered is None else answered
        if context is None and answered is None:
            return Decision(make_family(self.sample), mask)
        family = self.decision(None).family if context is None else self._family_of(context)
        kept = self._kept.setdefault(self._name(family, mask, levels), {})
        if context is not None:
            return Decision(family, mask, plain=self.decision(None, answered, levels), levels=levels, kept=kept)
        return Decision(family, mask, self.decision(None), levels=levels, kept=kept)

    def _name(self, family: Family, mask: Bools, levels: Ints | None) -> str:
        """What a decision rests on: a mark of everybody's responses, and one of what it adds."""
        added = () if levels is None else (levels,)
        return f"{self._everybody}:{_mark(family.codes[:, len(VARIABLES) :], family.missing, mask, *added)}"

    @cached_property
    def _everybody(self) -> str:
        family = self.decision(None).family
        limit = np.array([METHOD, *limits.small_groups(), limits.BESIDE_BELOW])
        found = _mark(limit, family.codes, family.missing, family.block, family.area)
        for name in [name for name in self._kept if not name.startswith(found)]:
            del self._kept[name]
        return found

    def _family_of(self, context: Context) -> Family:
        name, factor = context
        if name not in self._families:
            self._families[name] = make_family(self.sample, factor)
        return self._families[name]

    @cached_property
    def single(self) -> frozenset[str]:
        """The areas and years of which there is one only, so that a table need not name them."""
        return frozenset(name for name in AREAS if self._one(self.sample.factor(name)[0]))

    @cached_property
    def counts(self) -> Bools:
        """(n,) responses that count as respondents: those of weight 0 do not."""
        return np.asarray(self.sample.design.weight > 0)

    @staticmethod
    def _one(codes: Ints) -> bool:
        return len(codes) > 0 and bool((codes == codes[0]).all())


def _mark(*arrays: Ints | Bools) -> str:
    """The same for the same numbers."""
    found = sha256()
    for array in arrays:
        found.update(f"{array.shape}".encode())
        found.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return found.hexdigest()[:32]


class TableAudit:
    """A table by ``factors`` (column → codes (n,), values), groups as ``group_by`` lays them out."""

    def __init__(self, audit: Audit, factors: dict[str, Factor]) -> None:
        self._audit, self._factors = audit, factors
        self._size = len(audit.sample)
        self._groups = group_by(factors, self._size)
        self._hidden_of: dict[bytes, Bools] = {}

    @property
    def groups(self) -> Groups:
        """The groups of the table."""
        return self._groups

    @cached_property
    def splits(self) -> list[str]:
        """The columns that split an area and year."""
        return [name for name in self._factors if name not in AREAS]

    @cached_property
    def _by_block(self) -> bool:
        """Whether the groups are those of a community in a year."""
        named = {*self._factors} | self._audit.single
        return COMMUNITY in named and YEAR in named

    @cached_property
    def _by_street(self) -> bool:
        named = {*self._factors} | self._audit.single
        return not self._by_block and COMMUNITY not in self._factors and STREET in named and YEAR in named

    @cached_property
    def outside(self) -> bool:
        """Whether the table is outside of the family, and so not for publication."""
        other = [name for name in self.splits if name not in VARIABLES]
        if any(MERGED in name for name in self.splits):
            return True
        at_most = 1 if other else 2  # a question beside a variable would give whole rows of answers away
        return len(self.splits) > at_most or not (self._by_block or self._by_street)

    def shown(self, answered: Bools, levels: Ints | None = None) -> Shown:
        """What each group may show of an item that the responses of a mask (n,) answered.

        ``levels`` (n,) the place of each answer in their order, where the item has one; −1 for none.
        """
        answered = answered & self._audit.counts
        n = self._groups.count(answered).astype(np.float64)
        hidden, spread = self._hidden(n, answered, levels)
        few, small = (n > 0) & (n < limits.NOTHING_BELOW), self._of_small_area
        totals = ~hidden & (n > 0) & (n < limits.TOTALS_BELOW)
        note = join_notes(
            len(n),
            (few, "suppressed"),
            (hidden & ~few & small & (n > 0), "small_area"),
            (hidden & ~few & ~small & (n > 0), "complement"),
            (totals, "totals_only"),
            (~hidden & spread & ~totals & (n > 0), "complement_totals"),
            (np.full(len(n), self.outside), "not_for_publication"),
        )
        return Shown(hidden, spread, note)

    def hidden(self, answered: Bools) -> Bools:
        """(G,) groups that show nothing of those who answered (n,); kept for the item that was asked last."""
        key = np.packbits(answered).tobytes()
        if key not in self._hidden_of:
            self._hidden_of = {key: self.shown(answered).hidden}
        return self._hidden_of[key]

    def _hidden(self, n: Floats, answered: Bools, levels: Ints | None) -> tuple[Bools, Bools]:
        if self.outside:
            hidden = ~self._nothing_small(n, answered) | self._of_small_area
            return hidden, hidden
        few = [(n > 0) & (n < least_of(step)) for step in STEPS]
        if self._by_block and not self.splits:
            return few[TOTALS], few[DISTRIBUTION]
        decision = self._audit.decision(self._context, answered, levels)
        shown = [self._decided(decision, step) for step in STEPS]
        hidden = few[TOTALS] | ((n > 0) & ~shown[TOTALS])
        return hidden, hidden | few[DISTRIBUTION] | ((n > 0) & ~shown[DISTRIBUTION])

    @cached_property
    def _of_small_area(self) -> Bools:
        """(G,) groups by a question (or another column beside the variables) of a community or street, and year, with too few
        respondents for that."""
        size = len(self._groups)
        if all(name.split(MERGED)[0] in VARIABLES for name in self.splits):
            return np.zeros(size, dtype=bool)
        areas = self._audit.beside({name: f for name, f in self._factors.items() if name in AREAS})
        few = areas.groups.count(self._audit.counts) < limits.BESIDE_BELOW
        return np.asarray(few[areas.line_of(self._groups.code, size)])

    # ── IN THE FAMILY

    @cached_property
    def _context(self) -> Context | None:
        other = [name for name in self.splits if name not in VARIABLES]
        return (other[0], self._factors[other[0]]) if other else None

    @cached_property
    def _cells(self) -> list[tuple[int, CellKey] | None]:
        """The block and the cell of each group; None where all its responses count nowhere."""
        family = self._audit.decision(self._context).family
        rows = np.flatnonzero((self._groups.code >= 0) & (family.block >= 0))
        found: list[tuple[int, CellKey] | None] = [None] * len(self._groups)
        groups, first = np.unique(self._groups.code[rows], return_index=True)
        variables = sorted(VARIABLES.index(s) if s in VARIABLES else CONTEXT for s in self.splits)
        for g, row in zip(groups.tolist(), rows[first].tolist(), strict=True):
            found[g] = int(family.block[row]), tuple((v, int(family.codes[row, v])) for v in variables)
        return found

    def _decided(self, decision: Decision, step: int) -> Bools:
        """(G,) what the decision shows."""
        shown = np.zeros(len(self._groups), dtype=bool)
        for g, cell in enumerate(self._cells):
            if cell is not None and self._by_block:
                shown[g] = decision.block(cell[0], step).shown[decision.family.cells(cell[0]).place[cell[1]]]
            elif cell is not None:
                street = decision.street(int(decision.family.area[cell[0]]), step)
                shown[g] = street.shown[street.place[cell[1]]]
        return shown

    # ── OUTSIDE OF IT

    def _nothing_small(self, n: Floats, answered: Bools) -> Bools:
        """(G,) groups beside which nothing small is left: not in their own line, not in the table one column wider,
        not in the same table by community and year."""
        enough = n >= limits.TOTALS_BELOW
        for column in self.splits:
            wider = self._without(column)
            line = wider.line_of(self._groups.code, len(n))
            enough &= self._lines(column, wider, answered)[line]
            enough &= ~wider.hidden(answered)[line]
        if not self._by_block:
            enough &= self._finer(answered, len(n))
        return enough

    def _without(self, column: str) -> TableAudit:
        return self._audit.beside({name: f for name, f in self._factors.items() if name != column})

    def line_of(self, code: Ints, size: int) -> Ints:
        """(size,) the group of this table that each group of a finer one (n,) lies in."""
        result = np.zeros(size, dtype=np.int64)
        inside = code >= 0
        result[code[inside]] = self._groups.code[inside]
        return result

    def _lines(self, column: str, wider: TableAudit, answered: Bools) -> Bools:
        """(W,) lines of the wider table in which every group along a column, and who lacks its value, are enough."""
        codes, values = self._factors[column]
        inside = answered & (wider._groups.code >= 0)
        wide = len(values) + 1
        count = np.bincount(
            wider._groups.code[inside] * wide + np.where(codes < 0, len(values), codes)[inside],
            minlength=len(wider._groups) * wide,
        ).reshape(-1, wide)
        return np.asarray(((count == 0) | (count >= limits.TOTALS_BELOW)).all(axis=1))

    def _finer(self, answered: Bools, size: int) -> Bools:
        """(G,) groups of which the same table by community and year leaves nothing, or enough in several."""
        sample = self._audit.sample
        finer = self._audit.beside({**self._factors, COMMUNITY: sample.community, YEAR: sample.factor(YEAR)})
        hidden = finer.hidden(answered)
        n = finer._groups.count(answered)
        place = self.line_of(finer._groups.code, len(finer._groups))
        count = np.bincount(place[hidden], minlength=size)
        people = np.bincount(place[hidden], n[hidden], size)
        alone = self._groups.count(answered & (finer._groups.code < 0))  # of no community, or of no year
        return np.asarray(
            ((count == 0) | ((count > 1) & (people >= limits.TOTALS_BELOW)))
            & ((alone == 0) | (alone >= limits.TOTALS_BELOW))
        )
