"""The decision over a data version: what every block and street may show of everybody, and of each item.

Decided once for the people of a block, and narrowed for each item to those who answered it: whoever left an item out is
missing from every sum of it, so that the difference between two large groups may be one answer.
"""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np

from analysis.disclosure.alike import Surroundings, cost_of, unlike
from analysis.disclosure.blocks import (
    DISTRIBUTION,
    STEPS,
    TOTALS,
    BlockPattern,
    block_pattern,
    context_pattern,
    narrowed,
    without_following,
)
from analysis.disclosure.family import CellKey, Family
from analysis.disclosure.solving.feasible import Sums, widened, widened_beside
from analysis.disclosure.solving.joint import Joint, Part
from analysis.disclosure.solving.others import pool
from analysis.disclosure.street_sums import Merged, StreetPattern, merged_cells, street_pattern, unlike_street
from analysis.statistics.design import Bools, Floats, Ints
from survey.core import limits
from survey.core.lazily import cached_property

#: communities, those of the smallest cell, of which it is looked at what they would hold back along with it; of three it
#: costs a quarter more time and keeps 2 in 1,000 more cells of the sample data visible
_TRIED = 1
#: what decisions show, to be kept: the name of each (``audit``) → "block 3 0" or "street 1 1" (which one, which step) →
#: the cells that are shown, as packed bits
Kept = dict[str, dict[str, str]]
#: rounds in which communities hold back more; what is still open after them the street holds back
_ROUNDS = 12


class Decision:
    """The patterns over the responses of ``mask`` (n,).

    ``within`` is the decision of everybody where this is an item's; ``plain`` is the decision of the same responses
    without the context where the family has one: it goes first, whatever the context is.  ``levels`` (n,) are the
    answers to the item, the place of each in their order, where it has such.  What is in ``kept`` is not decided again, what
    is decided is put there; not that of everybody, of which items need more than what it shows.
    """

    def __init__(
        self,
        family: Family,
        mask: Bools,
        within: Decision | None = None,
        plain: Decision | None = None,
        levels: Ints | None = None,
        kept: dict[str, str] | None = None,
    ) -> None:
        self.family, self._mask, self._within, self._plain, self._levels = family, mask, within, plain, levels
        self._kept: dict[str, str] = {} if kept is None else kept
        self._blocks: dict[tuple[int, int], BlockPattern] = {}
        self._streets: dict[tuple[int, int], StreetPattern] = {}
        self._cells: dict[int, Merged] = {}
        self._of_those: dict[tuple[int, bytes], tuple[BlockPattern, BlockPattern]] = {}
        self._around: dict[int, Surroundings] = {}
        self._held: dict[tuple[int, int], Bools] = {}  # by block and step: what is held back for another's sake

    @cached_property
    def _count(self) -> Floats:
        return self.family.count(self._mask)

    @cached_property
    def _people(self) -> Ints:
        """(B,) everybody of each block, whether they answered or not."""
        return np.bincount(self.family.block[self.family.block >= 0], minlength=len(self.family.area))

    def block(self, block: int, step: int) -> BlockPattern:
        """The pattern of a block; ``step`` TOTALS or DISTRIBUTION."""
        if (block, step) not in self._blocks:
            self._decide(int(self.family.area[block]))
        return self._blocks[block, step]

    def _keep(self, block: int) -> None:
        for step in STEPS:
            self._kept[f"block {block} {step}"] = _packed(self._blocks[block, step].shown)

    def _recalled(self, block: int) -> bool:
        """Whether what a block shows was kept."""
        cells = self.family.cells(block)
        found = [_unpacked(self._kept.get(f"block {block} {step}"), len(cells.key)) for step in STEPS]
        count = self._count[self.family.bounds[block]]
        for step, shown in zip(STEPS, found, strict=True):
            if shown is not None:
                self._blocks[block, step] = BlockPattern(cells, count @ cells.columns, shown, count > 0)
        return all(shown is not None for shown in found)

    def _decide_item(self, block: int) -> None:
        """The patterns of one block from those that go before, so that no answer follows from few answers either."""
        if self._plain is not None:
            for step in STEPS:
                self._blocks[block, step] = self._beside(block, step, self._plain)
        elif self._within is not None:
            for step, pattern in zip(STEPS, self._within.of_those(block, self._count), strict=True):
                self._blocks[block, step] = pattern
        answers = self._answers
        totals, spread = (self._blocks[block, step] for step in STEPS)
        few = _few(totals)
        if answers is None or not few.any():
            return
        mine = answers[self.family.bounds[block]]
        around = None if self._within is None else self._within.surroundings(block)
        shown = unlike(totals.cells, mine, totals.shown, spread.shown, few, around)
        self._show(block, widened(totals.cells, mine, *shown, few, cost_of(totals.cells, totals.n)))

    def _show(self, block: int, shown: tuple[Bools, Bools]) -> None:
        """A block shows no more than these of its cells (C,), of totals and of distributions."""
        for step in STEPS:
            self._blocks[block, step] = self._blocks[block, step].without(shown[step])

    def surroundings(self, block: int) -> Surroundings:
        """What everybody's decision of a block shows."""
        if block not in self._around:
            totals, spread = (self.block(block, step).shown for step in STEPS)
            self._around[block] = Surroundings(self.family.cells(block), totals, spread)
        return self._around[block]

    @cached_property
    def _answers(self) -> Floats | None:
        """(R, L) responses by finest cell and level."""
        if self._levels is None or not (self._levels > 0).any():
            return None
        levels = range(int(self._levels.max()) + 1)
        return np.column_stack([self.family.count(self._mask & (self._levels == level)) for level in levels])

    def street(self, area: int, step: int) -> StreetPattern:
        """The pattern of a street and year."""
        if (area, step) not in self._streets:
            self._streets[area, step] = self._recalled_street(area, step) or self._decided_street(area, step)
        return self._streets[area, step]

    def _recalled_street(self, area: int, step: int) -> StreetPattern | None:
        place, keys, where = self._merged(area)
        shown = _unpacked(self._kept.get(f"street {area} {step}"), len(keys))
        if shown is None:
            return None
        n = np.zeros(len(keys))
        for block, at in zip(self.family.blocks(area), where, strict=True):
            mine = self._count[self.family.bounds[block]] @ self.family.cells(block).columns
            n += np.where(at >= 0, mine[at], 0)
        return StreetPattern(place, n, shown, ())

    def _decided_street(self, area: int, step: int) -> StreetPattern:
        for b in self.family.blocks(area):
            self.block(b, step)
        if (area, step) in self._streets:  # deciding the blocks has decided the street
            return self._streets[area, step]
        allowed = self.street(area, TOTALS) if step == DISTRIBUTION else None
        pattern = self._street(area, step, allowed)
        self._kept[f"street {area} {step}"] = _packed(pattern.shown)
        return pattern

    def _street(self, area: int, step: int, allowed: StreetPattern | None) -> StreetPattern:
        """What a street may show beside what its blocks show now."""
        blocks = self.family.blocks(area)
        found = [(self.family.cells(b), self._blocks[b, step]) for b in blocks]
        plain = None if self._plain is None else self._plain.street(area, step)
        pattern = street_pattern(self._merged(area), found, step, allowed, plain)
        if self._answers is not None:
            answers = [self._answers[self.family.bounds[b]] for b in blocks]
            pattern = unlike_street(pattern, self._merged(area), found, answers, step)
        return pattern if plain is None else self._as_without(pattern, plain, blocks)

    def _as_without(self, pattern: StreetPattern, plain: StreetPattern, blocks: list[int]) -> StreetPattern:
        """What a street shows without the context it shows whatever comes; of few no more than that."""
        shown = pattern.shown & (self._people[blocks].sum() >= limits.BESIDE_BELOW)
        shown[[pattern.place[key] for key in plain.place]] = plain.shown[[*plain.place.values()]]
        return replace(pattern, shown=shown)

    def _merged(self, area: int) -> Merged:
        """The cells of a street: those of everybody are those of an item."""
        if self._within is not None:
            return self._within._merged(area)
        if area not in self._cells:
            self._cells[area] = merged_cells([self.family.cells(b) for b in self.family.blocks(area)])
        return self._cells[area]

    def _beside(self, block: int, step: int, plain: Decision) -> BlockPattern:
        """The pattern of a block with a context: that without it, and what may be shown beside."""
        cells = self.family.cells(block)
        given = np.zeros(len(cells.key), dtype=bool)
        without = plain.family.cells(block)
        count = self._count[self.family.bounds[block]]
        shown = plain.block(block, step).shown
        given[[cells.place[key] for key, place in without.place.items() if shown[place]]] = True
        if self._people[block] < limits.BESIDE_BELOW:
            return BlockPattern(cells, count @ cells.columns, given, count > 0)
        allowed = self.block(block, TOTALS).shown if step == DISTRIBUTION else None
        return context_pattern(cells, count, step, given, allowed)

    def of_those(self, block: int, count: Floats) -> tuple[BlockPattern, BlockPattern]:
        """The patterns of a block for ``count`` (R,) of everybody's responses: what everybody's shows, if it may be of
        these.  Items that the same people answered, or as many of the same, have the same."""
        mine = count[self.family.bounds[block]]
        key = block, mine.tobytes()
        if key not in self._of_those:
            cells, (whole, spread) = self.family.cells(block), (self.block(block, step) for step in STEPS)
            if np.array_equal(mine, self._count[self.family.bounds[block]]):
                self._of_those[key] = whole, spread
            else:
                totals = narrowed(cells, mine, TOTALS, whole.shown, self._held[block, TOTALS], whole)
                allowed = spread.shown & totals.shown
                held = self._held[block, DISTRIBUTION]
                self._of_those[key] = totals, narrowed(cells, mine, DISTRIBUTION, allowed, held, spread)
        return self._of_those[key]

    def _decide(self, area: int) -> None:
        """All blocks of a street, and the street: where a sum of the street would give something of one community away,
        another community holds the same cell back, too, so that the street's can stand."""
        blocks, everybody = self.family.blocks(area), self._within is None and self._plain is None
        if not everybody and all(self._recalled(b) for b in blocks):
            return
        for b in blocks:
            for step in STEPS:
                self._held[b, step] = np.zeros(len(self.family.cells(b).key), dtype=bool)
            if not everybody:
                self._decide_item(b)
        for step in STEPS:
            if everybody:
                for b in blocks:
                    self._blocks[b, step] = self._decided(b, step)
            totals = self._streets[area, TOTALS] if step == DISTRIBUTION else None
            for round_ in range(_ROUNDS + 1):
                pattern = self._streets[area, step] = self._street(area, step, totals)
                if round_ == _ROUNDS or self._plain is not None or not self._hold_back(pattern, blocks, step):
                    break
        if not everybody:
            if self._answers is not None:
                self._widen(area, blocks, self._answers)
            for b in blocks:
                self._keep(b)
            for step in STEPS:
                self._kept[f"street {area} {step}"] = _packed(self._streets[area, step].shown)

    def _widen(self, area: int, blocks: list[int], answers: Floats) -> None:
        """Hold back what tells, of a street and its communities together, what a few answered to less than a level."""
        _, keys, where = self._merged(area)
        sums = self._sums_beside(area, blocks)
        if not len(sums):
            return
        parts = []
        for b, at in zip(blocks, where, strict=True):
            own, rest = (self._blocks[b, step].shown for step in STEPS)
            mine = answers[self.family.bounds[b]]
            parts.append(Part(self.family.cells(b).columns, mine, own, rest & own, at[sums]))
        joint = Joint(parts)
        left = [self._streets[area, step].shown[sums] for step in STEPS]
        cost = self._streets[area, TOTALS].n[sums]
        for i, b in enumerate(blocks):
            totals, spread = (self._blocks[b, step] for step in STEPS)
            cells, few = totals.cells, np.flatnonzero(_few(totals))
            if totals.n.max(initial=0) < limits.NOTHING_BELOW or not len(few):
                continue
            narrow = np.zeros(len(totals.n), dtype=bool)
            narrow[few[joint.narrow(i, parts[i].columns[:, few])]] = True
            if not narrow.any():
                continue
            beside = Sums(
                parts[i].at, left[TOTALS], left[DISTRIBUTION], cost, pool(joint, parts, [keys[c] for c in sums], i)
            )
            shown, rest_of = widened_beside(
                cells,
                joint.people[i],
                totals.shown,
                spread.shown,
                narrow,
                cost_of(cells, totals.n),
                beside,
            )
            left = [before & after for before, after in zip(left, rest_of, strict=True)]
            self._show(b, shown)
        self._shrink(area, blocks, sums, left)

    def _sums_beside(self, area: int, blocks: list[int]) -> Ints:
        """(E,) cells that a street shows although a community does not, so that something of that one is told.  Where a
        community shows nothing at all there are none: of the street's total, of which five and more are not shown
        otherwise, several are left who answered otherwise (``unlike_street``), and nothing else is said of them."""
        place, _, where = self._merged(area)
        told = np.zeros(len(self._streets[area, TOTALS].n), dtype=bool)
        nothing = any(0 < self._blocks[b, TOTALS].n.max(initial=0) < limits.NOTHING_BELOW for b in blocks)
        for step in STEPS:
            street = self._streets[area, step]
            for b, at in zip(blocks, where, strict=True):
                block = self._blocks[b, step]
                told |= street.shown & (at >= 0) & block.hidden[at]
        if nothing:
            whole = np.arange(len(told)) == place.get((), -1)
            for step in STEPS:
                street = self._streets[area, step]
                self._streets[area, step] = replace(street, shown=street.shown & (~told | whole))
            told &= whole & np.any([self._of_five(b) for b in blocks])
        return np.flatnonzero(told)

    def _of_five(self, block: int) -> bool:
        """Whether a block shows the total of an item and not its distribution."""
        return bool(limits.NOTHING_BELOW <= self._blocks[block, TOTALS].n.max(initial=0) < limits.TOTALS_BELOW)

    def _shrink(self, area: int, blocks: list[int], sums: Ints, left: list[Bools]) -> None:
        """What a street shows once its communities hold more back: what follows from them, or was asked with them."""
        place, _, where = self._merged(area)
        for step in STEPS:
            before = self._streets[area, step]
            shown = before.shown.copy()
            shown[sums] &= left[TOTALS] & left[step]
            held = np.zeros(len(shown), dtype=bool)
            for b, at in zip(blocks, where, strict=True):
                held |= (at >= 0) & self._blocks[b, step].hidden[at]
            held[sums] = False
            if () in place:
                held[place[()]] = False
            again = self._street(area, step, self._streets[area, TOTALS] if step == DISTRIBUTION else None)
            self._streets[area, step] = replace(before, shown=shown & ~held & again.shown)

    def _decided(self, block: int, step: int) -> BlockPattern:
        held = self._held[block, step]
        allowed = self._blocks[block, TOTALS].shown if step == DISTRIBUTION else ~held
        return block_pattern(self.family.cells(block), self._count[self.family.bounds[block]], step, allowed, held)

    def _hold_back(self, street: StreetPattern, blocks: list[int], step: int) -> bool:
        """Whether a block holds a cell more back beside those that alone hold it back: the one of the smallest cells that
        takes the least along, where that costs readers less than the street's sum."""
        changed = False
        for key in street.lost:
            worth = _worth(key, float(street.n[street.place[key]]))
            ways = self._ways(key, blocks, step) if worth > 0 else []
            cost, b, place, less = min(ways, key=lambda way: way[:2], default=(np.inf, 0, 0, None))
            if less is None or cost > worth:
                continue
            changed = self._held[b, step][place] = True
            self._blocks[b, step] = less
            if step == TOTALS and self._within is not None:
                spread = self._blocks[b, DISTRIBUTION]
                self._blocks[b, DISTRIBUTION] = spread.without(spread.shown & less.shown)
        return changed

    def _ways(self, key: CellKey, blocks: list[int], step: int) -> list[tuple[float, int, int, BlockPattern | None]]:
        """Blocks that can hold a cell back: what that costs, the block, the cell's place, and the pattern then."""
        others = []
        for b in blocks:
            place, pattern = self.family.cells(b).place.get(key), self._blocks[b, step]
            if place is not None and pattern.shown[place] and pattern.may_go[place]:
                others.append((float(pattern.n[place]), b, place))
        found = [(b, place, without_following(self._blocks[b, step], place)) for _, b, place in sorted(others)[:_TRIED]]
        return [(less.costs(self._blocks[b, step]), b, place, less) for b, place, less in found if less is not None]


def _few(totals: BlockPattern) -> Bools:
    """(C,) cells of so few that nothing of them may be known to less than a level."""
    return np.asarray((totals.n > 0) & (totals.n < limits.NOTHING_BELOW))


def _worth(key: CellKey, n: float) -> float:
    """What a sum of a street is worth to readers, in respondents of cells of its communities; nothing where these don't hold
    anything back for it."""
    return n if key else 0.0


def _packed(shown: Bools) -> str:
    """Cells that are shown (C,) as text."""
    return base64.b64encode(np.packbits(shown).tobytes()).decode("ascii")


def _unpacked(text: str | None, size: int) -> Bools | None:
    """The same back; None where nothing is kept, or not of so many cells."""
    bits = np.frombuffer(base64.b64decode(text or ""), dtype=np.uint8)
    return np.unpackbits(bits, count=size).astype(bool) if text and len(bits) == -(-size // 8) else None
