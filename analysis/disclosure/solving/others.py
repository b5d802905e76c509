"""What the other communities of a street leave open to one: so much of its sums as they can take over from each other.

Whoever knows a street's sums and those of its communities solves one system.  That what a community holds back is not told
by it takes one other solution, and that may be a simple one: this community's people answer otherwise, and what they
change of the street's sums the others change back, without a change of anything that they show themselves.  What the
others can do for sure is a **pool** beside the community: of each line of the street's cells and each level so many people
as may all be in any one of its cells.  The others' part in every sum moves from a solution in which everybody is possible
(``joint``) along the shortest way, in parts of each people, and no further than nobody anywhere; moves of all lines may
come together.  With the pool as finest cells more, the community's own system says what the street's would (``feasible``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.disclosure.family import CellKey
from analysis.disclosure.solving.joint import Joint, Part
from analysis.statistics.design import Floats, Ints

#: an eigenvalue, relative to the largest, that counts as nothing
_RANK = 1e-9
#: what a move may miss
_WRONG = 1e-7
#: people in a cell of a pool below which there are none
_SOMEBODY = 0.02
#: what is taken of what the others can do, so that no rounding takes more
_SURE = 0.99


@dataclass(frozen=True)
class Pool:
    """``people`` (P, L) beside a community, ``sums`` (P, E) which of the street's sums each of its cells is in, ``lines``
    (P, G) the lines whose people are as many whatever comes."""

    people: Floats
    sums: Floats
    lines: Floats


def pool(joint: Joint, parts: Sequence[Part], keys: Sequence[CellKey], block: int) -> Pool:
    """What the others leave open to one of the communities of a street that shows the sums of ``keys`` (E,)."""
    mine = np.flatnonzero(parts[block].held(parts[block].spread))
    variables = [keys[e][0][0] if keys[e] else -1 for e in mine.tolist()]
    lines = [np.flatnonzero(np.array(variables) == v) for v in sorted(set(variables))]
    sums, of = np.zeros((len(mine), len(keys))), np.zeros((len(mine), len(lines)))
    sums[np.arange(len(mine)), mine] = 1
    people = np.zeros((len(mine), len(joint.ways)))
    several = [line for line in lines if len(line) > 1]
    for g, line in enumerate(lines):
        of[line, g] = 1
    for level in range(people.shape[1]):
        room = Room([way for b, way in enumerate(joint.ways[level]) if b != block])
        for line in several:
            places, each = room.of_line(sums, line)
            people[places, level] = each / len(several)
    people[people < _SOMEBODY] = 0
    return Pool(people, sums, of)


class Room:
    """How far others can move at one level: ``ways`` (R, E) of each, as ``Joint.ways``."""

    def __init__(self, ways: Sequence[Floats]) -> None:
        self._ways = np.concatenate(ways) if ways else np.zeros((0, 0))
        values, vectors = np.linalg.eigh(self._ways.T @ self._ways)
        there = values > _RANK * max(float(values[-1:].max(initial=0.0)), 1.0)
        self._inside, self._values = vectors[:, there], values[there]

    def of_line(self, sums: Floats, line: Ints) -> tuple[Ints, float]:
        """The cells of a line, of ``sums`` (P, E), that may exchange people, and how many each has of those who may all be
        in any one of them; those that leave least room are left out until there is some."""
        places = line
        while len(places) > 1:
            each = self._most(sums[places]) / len(places)
            if each >= _SOMEBODY:
                return places, each
            without = [np.delete(places, k) for k in range(len(places))] if len(places) > 2 else []
            places = max(without, key=lambda some: self._most(sums[some]), default=line[:0])
        return line[:0], 0.0

    def _most(self, cells: Floats) -> float:
        """How many people may all be in any one of the cells (k, E) instead of as many in each."""
        moves = cells - cells.mean(axis=0)
        told = moves @ self._inside
        if not len(self._values) or np.abs(moves - told @ self._inside.T).max() > _WRONG:
            return 0.0
        change = self._ways @ (self._inside / self._values @ told.T)
        least = float(-change.min(initial=0.0))
        return _SURE / least if least > 0 else 0.0
