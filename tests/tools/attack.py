"""An outsider's attack on published tables: what follows of a held-back group from everything that is shown.

Built without the program's own decision: groups are sets of respondents, the finest cells are what all variables tell
apart, and what is shown are the sums (or the distributions) of the groups that the door of ``disclosure.audit`` lets
through, or of those that any other rule would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.optimize._highspy import _core as highs
from scipy.sparse import csr_matrix, hstack, vstack

from analysis.disclosure.family import Factor
from analysis.sample.grouping import Grouping
from analysis.sample.pooled_sample import Pool, group_by

Array = np.ndarray[Any, Any]
VARIABLES = ("sex", "age_band", "mode", "batch_id", "interviewer")
#: ``rule(grouping, answered, levels)`` → (G,) groups that show nothing, and those whose distribution is held back
Rule = Callable[[Grouping, Array, Array], tuple[Array, Array]]


def grouping(sample: Pool, columns: Sequence[str], more: Mapping[str, Factor] | None = None) -> Grouping:
    """Groups by columns of the responses, or by factors that are given."""
    factors = {c: (more or {}).get(c) or sample.factor(c) for c in columns}
    return Grouping(factors, group_by(factors, len(sample)))


def tables(*more: str) -> Iterator[list[str]]:
    """The columns of every table of the family: by community or street, and year, and at most two variables."""
    for area in ("community_code", "sub_district"):
        for count in (0, 1, 2):
            for split in combinations((*VARIABLES, *more), count):
                yield [area, "year", *split]


@dataclass(frozen=True)
class Shown:
    """A published group: its members (n,), whether its distribution is shown beside its mean, and whether it is always
    public: a community's total, and from fifty respondents its table by sex."""

    members: Array
    spread: bool
    always: bool


class Attack:
    """The attack on one item: ``levels`` (n,) the place of each answer in their order, −1 for none."""

    def __init__(self, sample: Pool, levels: Array, rule: Rule, **more: Factor) -> None:
        self.levels = levels
        answered = levels >= 0
        names = ("community_code", "year", *VARIABLES, *more)
        keys = np.column_stack([(more.get(c) or sample.factor(c))[0] for c in names])
        self.rows = np.flatnonzero(answered)
        finest, self.finest = np.unique(keys[self.rows], axis=0, return_inverse=True)
        self.finest = np.asarray(self.finest).reshape(-1)
        self.block = np.unique(finest[:, :2], axis=0, return_inverse=True)[1].reshape(-1)
        self.answers = np.zeros((len(finest), int(levels.max()) + 1))
        np.add.at(self.answers, (self.finest, levels[self.rows]), 1)
        self.shown: list[Shown] = []
        self.few: dict[tuple[Any, ...], Array] = {}
        whole = grouping(sample, ["community_code", "year"]).groups
        large = np.isin(whole.code, np.flatnonzero(whole.count(answered) >= 50))[self.rows]
        for columns in tables(*more):
            table = grouping(sample, columns, more)
            hidden, spread = rule(table, answered, levels)
            code = table.groups.code[self.rows]
            for g in np.unique(code[code >= 0]).tolist():
                members = np.zeros(len(finest))
                members[self.finest[code == g]] = 1
                n = int((code == g).sum())
                if not hidden[g]:
                    always = columns[:2] == ["community_code", "year"] and (
                        len(columns) == 2 or (columns[2:] == ["sex"] and bool(large[code == g].all()))
                    )
                    self.shown.append(Shown(members, not spread[g], always))
                elif n < 5 and columns[0] == "community_code":
                    self.few[*columns, *table.groups.keys.iloc[g]] = members

    @property
    def value(self) -> Array:
        """(R,) sum of the levels of each finest cell."""
        return np.asarray(self.answers @ np.arange(self.answers.shape[1]))

    def found(self) -> dict[tuple[Any, ...], float]:
        """Held-back groups of few of which the sum follows from the shown ones by adding and taking away, with it."""
        columns = np.column_stack([s.members for s in self.shown])
        sums = columns.T @ self.value
        names = [*self.few]
        targets = np.column_stack([self.few[n] for n in names]) if names else np.zeros((len(columns), 0))
        weight, *_ = np.linalg.lstsq(columns, targets, rcond=1e-9)
        exact = np.abs(columns @ weight - targets).max(axis=0, initial=0) < 1e-6
        return {names[i]: float(sums @ weight[:, i]) for i in np.flatnonzero(exact)}

    def true(self, name: tuple[Any, ...]) -> float:
        """The sum of a group's answers."""
        return float(self.few[name] @ self.value)

    def excepted(self, name: tuple[Any, ...]) -> bool:
        """Whether the group is inside of a shown one that all answers alike."""
        inside = [s.members for s in self.shown if not (self.few[name] * (1 - s.members)).any()]
        return any((members @ self.answers > 0).sum() == 1 for members in inside)

    def _rows(self, name: tuple[Any, ...], street: bool) -> Array:
        """The finest cells of a group's community, or (``street``) of all communities that sums are shown of with it."""
        block = self.block[self.few[name] > 0][0]
        if not street:
            return np.flatnonzero(self.block == block)
        reached = {block}
        for mine in [set(self.block[s.members > 0].tolist()) for s in self.shown]:
            reached |= mine if block in mine else set()
        return np.flatnonzero(np.isin(self.block, [*reached]))

    def _system(self, rows: Array, always: bool = False) -> tuple[csr_matrix, Array]:
        """What is shown (or ``always`` public), as equations over respondents by finest cell (of ``rows``) and level."""
        levels = self.answers.shape[1]
        left, right = [], []
        for s in [s for s in self.shown if s.always or not always]:
            members = s.members[rows]
            if not members.any() or s.members.sum() != members.sum():
                continue  # of others, too: of one community the street's sums are left to ``found``
            for weight in np.eye(levels) if s.spread else (np.ones(levels), np.arange(levels)):
                left.append(np.kron(members, weight))
                right.append(float(s.members @ self.answers @ weight))
        return csr_matrix(np.array(left)), np.array(right)

    def width(self, name: tuple[Any, ...], always: bool = False, street: bool = False) -> float:
        """How wide the interval of a group's mean is, in levels, by linear programmes: every answer in any fraction.

        ``always`` by what is public whatever is held back: where that is narrow, no holding back can help.  ``street`` by the
        tables of its street and all its communities as one system.
        """
        rows = self._rows(name, street)
        system, right = self._system(rows, always)
        levels = self.answers.shape[1]
        members = self.few[name][rows]
        total, number = np.kron(members, np.arange(levels)), np.kron(members, np.ones(levels))
        equations = vstack([hstack([system, csr_matrix(-right[:, None])]), csr_matrix(np.append(number, 0))]).tocsr()
        goal = np.append(np.zeros(len(right)), 1)
        ends = [linprog(sign * np.append(total, 0), A_eq=equations, b_eq=goal, method="highs") for sign in (1, -1)]
        assert all(end.status == 0 for end in ends), ends
        return float(-ends[1].fun - ends[0].fun)

    def widths(self, names: Sequence[tuple[Any, ...]], street: bool = False) -> dict[tuple[Any, ...], float]:
        """The same of many groups, in a hundredth of the time: no limit where it is a level or more."""
        systems: dict[bytes, dict[bytes, list[tuple[Any, ...]]]] = {}
        for name in names:
            people = systems.setdefault(self._rows(name, street).tobytes(), {})
            people.setdefault(self.few[name].tobytes(), []).append(name)
        found: dict[tuple[Any, ...], float] = {}
        for key, people in systems.items():
            rows = np.frombuffer(key, dtype=np.int64)
            told = any(s.members[rows].any() and s.members.sum() == s.members[rows].sum() for s in self.shown)
            wide = np.full(len(people), np.inf)
            if told:
                programme = Programme(*self._system(rows), self.answers[rows])
                wide = programme.widths(np.array([self.few[same[0]][rows] for same in people.values()]))
            found |= {name: float(w) for same, w in zip(people.values(), wide, strict=True) for name in same}
        return found

    def whole_width(self, name: tuple[Any, ...], street: bool = False) -> float:
        """The same in whole respondents, of whom everybody knows how many are in the group; no limit where it is a level or
        more."""
        rows = self._rows(name, street)
        system, right = self._system(rows)
        levels = self.answers.shape[1]
        members = self.few[name][rows]
        total, number = np.kron(members, np.arange(levels)), np.kron(members, np.ones(levels))
        n = float(number @ self.answers[rows].ravel())
        limits = [LinearConstraint(system, right, right), LinearConstraint(number[None], n, n)]
        ends = [
            milp(sign * total, constraints=limits, integrality=np.ones(len(total)), bounds=Bounds(0, np.inf))
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends), ends
        return float(-ends[1].fun - ends[0].fun) / n


class Programme:
    """One set of equations and many goals, each solved from where the last one ended (HiGHS).

    Every solution says something of all groups: those that two of them leave a level wide need no programme of their own.
    """

    def __init__(self, system: csr_matrix, right: Array, answers: Array) -> None:
        """``answers`` (R, L), which solve it."""
        may = np.asarray(system[right < 0.5].sum(axis=0)).ravel() == 0  # nobody there where a sum is of nobody
        equations = csr_matrix(system[right > 0.5][:, may])
        self._may, self._levels = may, np.arange(answers.shape[1], dtype=float)
        self._found = [answers.ravel()[may]]
        model = highs.HighsLp()
        model.num_row_, model.num_col_ = equations.shape
        model.col_cost_, model.col_lower_ = np.zeros(may.sum()), np.zeros(may.sum())
        model.col_upper_ = np.full(may.sum(), 10 * answers.sum())  # of people of whom nothing is known, too
        model.row_lower_ = model.row_upper_ = right[right > 0.5]
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.num_row_, model.a_matrix_.num_col_ = equations.shape
        model.a_matrix_.start_, model.a_matrix_.index_ = equations.indptr, equations.indices
        model.a_matrix_.value_ = equations.data
        self._solver = highs._Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)

    def _solve(self, cost: Array) -> Array:
        """The solution of least cost."""
        self._solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self._solver.run()
        status = self._solver.getModelStatus()
        assert status == highs.HighsModelStatus.kOptimal, status
        self._found.append(np.maximum(self._solver.getSolution().col_value, 0))
        return self._found[-1]

    def widths(self, groups: Array) -> Array:
        """(f,) how wide the means of groups (f, R) are, in levels; no limit where it is a level or more."""
        people, total = (
            np.array([np.outer(g, weight).ravel()[self._may] for g in groups])
            for weight in (np.ones_like(self._levels), self._levels)
        )
        open_, result, rng = np.arange(len(groups)), np.full(len(groups), np.inf), np.random.default_rng(0)
        for _ in range(6):
            if len(open_):
                low, high = self._seen(people[open_], total[open_])
                turned = rng.choice([-1.0, 1.0], len(open_)) @ (
                    total[open_] - ((low + high) / 2)[:, None] * people[open_]
                )
                self._solve(turned), self._solve(-turned)
                low, high = self._seen(people[open_], total[open_])
                open_ = open_[high - low < 1 - 1e-6]
        for g in open_.tolist():
            for sign in (1.0, -1.0):
                for _ in range(50):  # the ratio that the last one reached (Dinkelbach 1967)
                    low, high = (float(end[0]) for end in self._seen(people[[g]], total[[g]]))
                    mean = high if sign > 0 else low
                    solution = self._solve(-sign * (total[g] - mean * people[g]))
                    if high - low >= 1 - 1e-6 or sign * float((total[g] - mean * people[g]) @ solution) < 1e-7:
                        break
            low, high = (float(end[0]) for end in self._seen(people[[g]], total[[g]]))
            result[g] = high - low if high - low < 1 - 1e-6 else np.inf
        return result

    def _seen(self, people: Array, total: Array) -> tuple[Array, Array]:
        """The least and the highest mean of groups in the solutions that were found."""
        found = np.array(self._found).T
        n = people @ found
        means = np.where(n > 1e-6, (total @ found) / np.maximum(n, 1e-6), np.nan)
        return np.nanmin(means, axis=1), np.nanmax(means, axis=1)


class WholeRows:
    """The attack on several items at once: whole respondents, each with an answer (or none) to every item, in whole numbers.

    Whoever attacks knows who was asked: how many respondents each finest cell has.  ``items`` name → (n,) places of answers,
    −1 for none; ``beside`` whether tables with one of the items beside a variable are shown, too.
    """

    def __init__(self, sample: Pool, items: Mapping[str, Array], rule: Rule, beside: bool = False) -> None:
        names = [*items]
        #: (P, items) every row of answers that there can be
        given = [np.unique(np.append(levels[levels >= 0], levels.min())) for levels in items.values()]
        self.rows = np.array(np.meshgrid(*given, indexing="ij")).reshape(len(names), -1).T
        keys = np.column_stack([sample.factor(c)[0] for c in ("community_code", "year", *VARIABLES)])
        finest, mine = np.unique(keys, axis=0, return_inverse=True)
        mine = np.asarray(mine).reshape(-1)
        self.block = finest[:, 0]
        true = np.column_stack([*items.values()])
        #: (R, P) how many respondents of each finest cell answered so
        self.true = np.array(
            [(true[mine == f][:, None] == self.rows).all(axis=2).sum(axis=0) for f in range(len(finest))]
        )
        factors: dict[str, Factor] = {n: (v, pd.Index(range(int(v.max()) + 1))) for n, v in items.items()}
        self._told: list[Array] = []
        self._alike: list[tuple[int, Array]] = []
        for columns in (c for c in tables(*(names if beside else ())) if c[0] == "community_code"):
            contexts = [c for c in columns if c in items]
            if len(contexts) > 1:
                continue
            table = grouping(sample, columns, factors)
            plain = grouping(sample, [c for c in columns if c not in contexts]).groups.code
            for j, name in enumerate(names):
                if name not in contexts:
                    hidden, spread = rule(table, items[name] >= 0, items[name])
                    for g in np.flatnonzero(~hidden & (table.groups.count(items[name] >= 0) > 0)).tolist():
                        first = int(np.flatnonzero(table.groups.code == g)[0])
                        people = np.isin(np.arange(len(finest)), mine[plain == plain[first]])
                        answers = np.ones(len(self.rows), dtype=bool)
                        for c in contexts:
                            answers &= self.rows[:, names.index(c)] == items[c][first]
                        self._tell(j, people, answers, bool(spread[g]))

    def _tell(self, j: int, people: Array, answers: Array, spread_hidden: bool) -> None:
        """What a group of the finest cells ``people`` (R,) and of the rows ``answers`` (P,) says of an item."""
        places = self.rows[:, j]
        answered = answers & (places >= 0)
        if spread_hidden:
            weights = [answered * 1.0, answered * places * 1.0]
        else:
            weights = [(answered & (places == level)) * 1.0 for level in np.unique(places[places >= 0])]
        self._told += [np.outer(people, w) for w in weights]
        members = self.true * np.outer(people, answered)
        if len(np.unique(places[members.sum(axis=0) > 0])) == 1:
            self._alike.append((j, np.outer(people, answers)))

    def alone(self) -> Array:
        """The finest cells of one respondent."""
        return np.flatnonzero(self.true.sum(axis=1) == 1)

    def determined(self, cell: int, seconds: float = 20.0) -> bool | None:
        """Whether the row of the one respondent of a finest cell follows, but for items of which a shown group that holds
        the respondent answers all alike; None where no answer was found in time, or all items are such."""
        row = int(self.true[cell].argmax())
        open_ = [j for j in range(self.rows.shape[1]) if not any(i == j and m[cell, row] for i, m in self._alike)]
        if not open_:
            return None
        same = (self.rows[:, open_] == self.rows[row, open_]).all(axis=1)
        block = self.block == self.block[cell]
        told = [t[block].ravel() for t in self._told if t[block].any()]
        size = int(block.sum())
        told += [np.outer(np.arange(size) == f, np.ones(len(self.rows))).ravel() for f in range(size)]
        system = np.unique(np.array(told), axis=0)
        right = system @ self.true[block].ravel()
        most = np.full((size, len(self.rows)), np.inf)
        most[np.flatnonzero(block) == cell, same] = 0
        found = milp(
            np.zeros(most.size),
            constraints=LinearConstraint(csr_matrix(system), right, right),
            integrality=np.ones(most.size),
            bounds=Bounds(0, most.ravel()),
            options={"time_limit": seconds},
        )
        return {0: False, 2: True}.get(found.status)
