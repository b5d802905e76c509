"""Responses of several questionnaires or versions side by side: one frame of who answered, one design.

Items that several questionnaires share by name are one item; each part brings its own scale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.item_values import own_values
from analysis.statistics.design import Bools, Design, Floats, Ints, sum_by, told_design
from analysis.statistics.notes import CONTRADICTS, join_notes
from analysis.statistics.replicates import ReplicateSample, replicate_samples
from survey.answers.respondents import folded
from survey.core.cells import clean
from survey.core.lazily import cached_property
from survey.form.answer_codes import ResponseBlock
from survey.form.model import HOUSEHOLD_ADULTS, Questionnaire

# ── Household selection weights: where households were drawn and adults within them, an adult of a large one had less chance


#: what is stored as typed → by what two writings of it are one
_COMPARED: Mapping[str, Callable[[str], str]] = {
    "respondent": folded,
    **dict.fromkeys(("interviewer", "household", "psu", "ssu", "stratum", "disposition"), clean),
}


def asks_adults(form: Questionnaire) -> bool:
    """Whether a questionnaire says how many adults the household has."""
    return bool(form.settings.get(HOUSEHOLD_ADULTS))


def selection_weights(sample: Pool) -> Floats:
    """(n,) weights; where a questionnaire does not ask, 1, beside one that does the mean weight of those it asked there.

    An answer under 1 or none at all takes the mean of its community and year (of the year where there is none).
    Respondents of one household (role ``household``) share its adults; without the role each is the only one.
    """
    asked = sample.by_part(asks_adults)
    positions = [p for p, (form, _) in enumerate(sample.parts) if asks_adults(form)]
    adults = sample.stack(lambda form, block: own_values(form, block, form.settings[HOUSEHOLD_ADULTS]), positions)
    known = asked & (adults >= 1)
    place, year = sample.place, sample.factor("year")[0] + 1
    adults = np.where(known, adults, _mean((place, year), adults, known))
    weight = adults / _people(sample, place)
    return np.where(asked, weight, _mean((place, year) if _one_sample(sample) else (place,), weight, asked))


def _one_sample(sample: Pool) -> bool:
    """Whether communities are domains of one sample, in which a weight counts against those of other communities."""
    return not bool(sample.separate.all())


def _mean(levels: Sequence[Ints], values: Floats, known: Bools) -> Floats:
    """(n,) mean value of those known in the same place of the first level, else of the next, else 1."""
    rows, found = np.flatnonzero(known), np.full(len(values), np.nan)
    for place in levels:
        size = int(place.max(initial=0)) + 1
        n, total = np.bincount(place[rows], minlength=size), sum_by(place[rows], values[rows], size)
        mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)[place]
        found = np.where(np.isnan(found), mean, found)
    return np.where(np.isnan(found), 1.0, found)


def _people(sample: Pool, place: Ints) -> Floats:
    """(n,) respondents of the same household in the same place."""
    household = sample.factor("household")[0]
    part = np.repeat(np.arange(len(sample.parts)), [len(block) for _, block in sample.parts])
    key = (place * (len(sample.parts) + 1) + part) * (household.max(initial=0) + 2) + household + 1
    _, code, count = np.unique(key, return_inverse=True, return_counts=True)
    return np.where(household >= 0, count[code], 1).astype(np.float64)


Part = tuple[Questionnaire, ResponseBlock]


@dataclass(frozen=True)
class Groups:
    """G groups of responses: ``code`` (n,) 0 … G−1 or −1, and one row a group in ``keys`` (sorted)."""

    code: Ints
    keys: pd.DataFrame

    def __len__(self) -> int:
        return len(self.keys)

    def count(self, mask: Bools | None = None) -> Ints:
        """(G,) responses, or those of a mask (n,)."""
        inside = self.code >= 0 if mask is None else (self.code >= 0) & mask
        return np.bincount(self.code[inside], minlength=len(self))

    def any(self, mask: Bools) -> Bools:
        """(G,) whether a response of the mask (n,) is in the group."""
        return self.count(mask) > 0


@dataclass(frozen=True)
class Pool:
    """n responses of all parts, one part after the other."""

    parts: tuple[Part, ...]

    @cached_property
    def bounds(self) -> tuple[slice, ...]:
        """The rows of each part."""
        ends = np.cumsum([0, *(len(block) for _, block in self.parts)]).tolist()
        return tuple(slice(a, b) for a, b in pairwise(ends))

    def __len__(self) -> int:
        return sum(len(block) for _, block in self.parts)

    def column(self, name: str) -> pd.Series:
        """A design column of all responses, None where a block does not have it; empty text counts as none."""
        pieces = [
            block.design[name] if name in block.design else pd.Series([None] * len(block), dtype=object)
            for _, block in self.parts
        ]
        filled = [piece for piece in pieces if len(piece) and piece.notna().any()]
        if not filled:
            return pd.Series([None] * len(self), dtype=object)
        if len(pieces) > 1:
            pieces = [p if p.notna().any() else p.astype(object) for p in pieces]
        column = pieces[0] if len(pieces) == 1 else pd.concat(pieces)
        column = column.reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(column.dtype):
            column = column.mask(column.isin([""]))
        return column

    def numbers(self, name: str) -> Floats:
        """A numeric design column, NaN where empty."""
        return pd.to_numeric(self.column(name)).to_numpy(dtype=np.float64, na_value=np.nan)

    def factor(self, name: str) -> tuple[Ints, pd.Index]:
        """Codes of a design column (−1 where empty) and its sorted values."""
        column = _as_one(self.column(name), name)
        try:
            codes, values = pd.factorize(column, sort=True)
        except TypeError:  # numbers and words in one column
            codes, values = pd.factorize(column.map(str, na_action="ignore"), sort=True)
        return _in_order(np.asarray(codes, dtype=np.int64), pd.Index(values), name)

    def by_part(self, flag: Callable[[Questionnaire], bool]) -> Bools:
        """(n,) a property of the questionnaire that each response belongs to."""
        return np.repeat([flag(form) for form, _ in self.parts], [len(block) for _, block in self.parts]).astype(bool)

    def stack(
        self,
        values: Callable[[Questionnaire, ResponseBlock], npt.NDArray[np.float64] | None],
        positions: Sequence[int] | None = None,
    ) -> Floats:
        """(n,) values of each part (or those at ``positions``), NaN for the others and where it gives None."""
        wanted = range(len(self.parts)) if positions is None else positions
        pieces = {p: values(*self.parts[p]) for p in wanted}
        whole = pieces.get(0) if len(self.parts) == 1 else None
        if whole is not None:
            return whole
        result = np.full(len(self), np.nan)
        for position, piece in pieces.items():
            if piece is not None:
                result[self.bounds[position]] = piece
        return result

    @cached_property
    def community(self) -> tuple[Ints, pd.Index]:
        """Codes and values of ``community_code``."""
        return self.factor("community_code")

    @cached_property
    def place(self) -> Ints:
        """(n,) community and year as one number; who lacks either has one, too."""
        year = self.factor("year")[0]
        return np.asarray((self.community[0] + 1) * (year.max(initial=0) + 2) + year + 1)

    @cached_property
    def weighted(self) -> Bools:
        """(n,) whether the questionnaire brings weights."""
        return self.by_part(lambda form: "weight" in form.roles)

    @cached_property
    def weighs(self) -> Bools:
        """(n,) whether a response stands for anybody; one of weight 0 counts nowhere as a respondent."""
        if not self.weighted.any():
            return np.ones(len(self), dtype=bool)
        weightless: Bools = self.weighted & (self.numbers("weight") == 0)
        return ~weightless

    @cached_property
    def selection(self) -> Floats | None:
        """(n,) adults of the household by respondent of it; None where no questionnaire asks for them."""
        if not any(asks_adults(form) for form, _ in self.parts):
            return None
        return selection_weights(self)

    @cached_property
    def separate(self) -> Bools:
        """(n,) whether communities were sampled on their own (``sampling: by_community``)."""
        return self.by_part(lambda form: form.sampling == "by_community")

    @cached_property
    def replicates(self) -> tuple[ReplicateSample, ...]:
        """The samples whose survey team brought replicate weights."""
        return replicate_samples(self.parts)

    @cached_property
    def replicated(self) -> Bools:
        """(n,) whether a response is of such a sample."""
        result = np.zeros(len(self), dtype=bool)
        for one in self.replicates:
            result[one.rows] = True
        return result

    @cached_property
    def strata(self) -> tuple[Ints, pd.DataFrame]:
        """Codes of year × (community if sampled on its own) × stratum (with replicates and without are two), and one
        row a stratum."""
        community = np.where(self.separate, self.community[0], -2)
        factors = {
            "year": self.factor("year"),
            "community_code": (community, self.community[1]),
            "stratum": self.factor("stratum"),
        }
        if self.replicates:
            factors["replicated"] = (np.where(self.replicated, -1, -2), pd.Index([], dtype=object))
        return combine(factors)

    @cached_property
    def design(self) -> Design:
        """The sampling design of all responses; raises Refused where weights or fpc mean nothing."""
        weight = self.selection
        if self.weighted.any():
            weight = np.where(self.weighted, self.numbers("weight"), 1.0 if weight is None else weight)
        psu, ssu = self.factor("psu")[0], self.factor("ssu")[0]
        codes, names = self.strata
        fpc = self._told("fpc")
        lost = self._other_units(codes, fpc)
        if fpc is not None and lost.any():
            fpc = np.where(lost[codes], np.nan, fpc)
        told = told_design(
            weight,
            codes,
            psu if (psu >= 0).any() else None,
            fpc,
            ssu=ssu if (ssu >= 0).any() else None,
            fpc2=self._told("fpc2"),
            stratum_name=lambda h: " / ".join(str(v) for v in names.iloc[h] if v is not None),
        )
        if lost.any():
            told = replace(told, left_out=lost if told.left_out is None else told.left_out | lost)
        some = self.weighted.any() and not self.weighted.all()
        return replace(told, brought=self.weighted) if some else told

    def _other_units(self, codes: Ints, fpc: Floats | None) -> Bools:
        """(H,) strata told of a population of PSUs in which a questionnaire without PSUs was answered, too: it drew persons."""
        size = len(self.strata[1])
        if fpc is None:
            return np.zeros(size, dtype=bool)
        drawn = self.by_part(lambda form: "psu" in form.roles)
        told, single = (np.bincount(codes[rows], minlength=size) > 0 for rows in (drawn & ~np.isnan(fpc), ~drawn))
        return np.asarray(told & single)

    def _told(self, name: str) -> Floats | None:
        """(n,) numbers of a population, None where nobody told one."""
        numbers = self.numbers(name)
        return None if np.isnan(numbers).all() else numbers

    def sample_notes(self, groups: Groups) -> tuple[Bools, npt.NDArray[np.object_]]:
        """(G,) whether self-selected responses are in the group, and the note on how it was sampled."""
        kind = self.column("sample_type")
        open_, quota = (groups.any((kind == name).to_numpy(dtype=bool, na_value=False)) for name in ("open", "quota"))
        wrong, codes = self._contradicted(groups)
        notes = ((open_, "open_sample"), (quota & ~open_, "quota_sample"), (wrong & ~open_, codes))
        return open_, join_notes(len(groups), *notes)

    def _contradicted(self, groups: Groups) -> tuple[Bools, list[str]]:
        """(G,) whether what was told of a stratum in the group contradicts itself, and the note that names its batches."""
        contradicts = self.design.contradicts
        if contradicts is None:
            return np.zeros(len(groups), dtype=bool), [""] * len(groups)
        rows = contradicts[self.strata[0]] & ~self.replicated & (groups.code >= 0)
        pairs = pd.DataFrame({"group": groups.code[rows], "batch": self.column("batch_id")[rows]}).drop_duplicates()
        named = (
            pairs.dropna()
            .sort_values("batch")
            .groupby("group")["batch"]
            .agg(lambda b: ",".join(f"{int(i)}" for i in b))
        )
        codes = [f"{CONTRADICTS}:{named[g]}" if g in named.index else CONTRADICTS for g in range(len(groups))]
        return groups.any(rows), codes


def _as_one(column: pd.Series[Any], name: str) -> pd.Series[Any]:
    """The column with what a person or a unit is known by in one writing, the first; it is stored as typed and compared folded."""
    compared = _COMPARED.get(name)
    written = [] if compared is None else [word for word in column.dropna().unique() if isinstance(word, str)]
    keys = [] if compared is None else [compared(word) for word in written]
    if len({*keys}) == len(keys):
        return column
    first: dict[str, str] = {}
    one = {word: first.setdefault(key, word) for word, key in zip(written, keys, strict=True)}
    return column.map(lambda word: one.get(word, word), na_action="ignore")


def _in_order(codes: Ints, values: pd.Index, name: str) -> tuple[Ints, pd.Index]:
    """Codes and values of a column sorted by what its names are compared by: ``Ａ１`` stands before ``A2``."""
    if _COMPARED.get(name) is not clean or all(isinstance(v, str) and v.isascii() for v in values):
        return codes, values
    order = np.argsort(np.array([clean(v) for v in values], dtype=object), kind="stable")
    place = np.full(len(values) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(values))
    return place[codes], values[order]


def combine(factors: dict[str, tuple[Ints, pd.Index]]) -> tuple[Ints, pd.DataFrame]:
    """Codes of the combinations that occur (negative codes are combinations too) and their values.

    Combinations are numbered in the order of their codes; an empty or unused value is None.
    """
    first = next(iter(factors.values()))[0]
    key = np.zeros(len(first), dtype=np.int64)
    for codes, values in factors.values():
        key = key * (len(values) + 2) + codes + 2
    combined, keys = pd.factorize(key, sort=True)
    frame: dict[str, list[object]] = {}
    for name, (_, values) in reversed(factors.items()):
        base = len(values) + 2
        lookup = np.array([None, None, *values.tolist()], dtype=object)
        frame[name] = lookup[keys % base].tolist()
        keys = keys // base
    return np.asarray(combined, dtype=np.int64), pd.DataFrame({n: pd.Series(frame[n], dtype=object) for n in factors})


def group_by(factors: dict[str, tuple[Ints, pd.Index]], size: int) -> Groups:
    """Groups of the (size,) responses that have every value; no factor: one group of all."""
    if not factors:
        return Groups(np.zeros(size, dtype=np.int64), pd.DataFrame(index=range(1 if size else 0)))
    whole = np.logical_and.reduce([codes >= 0 for codes, _ in factors.values()])
    rows = np.flatnonzero(whole)
    codes, keys = combine({name: (codes[rows], values) for name, (codes, values) in factors.items()})
    result = np.full(size, -1, dtype=np.int64)
    result[rows] = codes
    return Groups(result, keys)


def pool(parts: Sequence[Part]) -> Pool:
    """Put parts side by side."""
    return Pool(tuple(parts))
