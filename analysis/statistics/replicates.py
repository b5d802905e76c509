"""Replicate weights: the error of an estimate from how it moves under the replicates that a survey team brings.

For replicate r with factor c_r (scale × rscales) an estimate θ_r is the same expression under its weights, and

    V = Σ_r c_r (θ_r − θ̄)²

with θ̄ the mean of the replicates that count (as R ``svrepdesign``), or the estimate itself under ``mse`` (Wolter 2007,
ch. 3–5).  All groups and replicates of a sample are one product of a sparse matrix (groups × responses) and the
matrix of weights, which is read once and never copied.

An *influence* of the kernel (``estimation``) has the deviations θ_rg − θ_g of every group behind its linearised
variable, so whatever is linear in means treats both alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from analysis.statistics.design import Bools, Floats, Ints, sum_by
from survey.core.lazily import cached_property
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire
from survey.form.workbook.replicate_weights import replication

#: a direction of the weights shorter than this part of the longest is none (R ``qr(tol = 1e-5)``, squared)
RANK = 1e-10
#: numbers in the matrices of one piece of work on ranks
_PIECE = 4_000_000

Part = tuple[Questionnaire, ResponseBlock]


@dataclass(frozen=True)
class ReplicateSample:
    """One sample with its R replicates.

    ``rows`` (k,) its responses in the design · ``place`` (k,) their rows of ``weights`` (…, R) · ``factor`` (R,) ·
    ``mse`` · ``method``.
    """

    rows: Ints
    place: Ints
    weights: Floats
    factor: Floats
    mse: bool
    method: str


@dataclass(frozen=True)
class LaidSample:
    """A sample laid under G groups: ``at`` (k,) places among the domains' m responses, in the order of their ``home``
    (k,), groups that begin at ``bounds`` (G + 1,) · ``place`` (k,) their rows of ``weights``.

    Responses of one PSU have proportional weights in all replicates, which is all that a rank sees: ``kind`` (k,)
    0 … Q − 1 tells the kinds of a group apart, ``kind_home`` (Q,) ascending, ``kind_place`` (Q,) a row of each.
    """

    at: Ints
    home: Ints
    place: Ints
    bounds: Ints
    kind: Ints
    kind_home: Ints
    kind_place: Ints
    weights: Floats
    factor: Floats
    mse: bool

    def totals(self, values: Floats) -> Floats:
        """(G, R) sums of (m,) values times each replicate weight."""
        shape = (len(self.bounds) - 1, len(self.weights))
        return np.asarray(
            scipy.sparse.csr_array((values[self.at], self.place, self.bounds), shape=shape) @ self.weights
        )

    def kinds(self, answered: Bools) -> Bools:
        """(Q,) kinds of which somebody answered (m,)."""
        there: Bools = np.bincount(self.kind, answered[self.at], len(self.kind_home)) > 0
        return there

    def ranks(self, there: Bools, groups: Ints, most: Floats) -> Floats:
        """Rank of the weights of the kinds that are ``there`` (Q,), for some groups; none is above its ``most``."""
        result = np.zeros(len(groups))
        width = self.weights.shape[1]
        ends = np.searchsorted(self.kind_home, np.append(groups, groups + 1)).reshape(2, -1).T
        rows = [self.kind_place[start:stop][there[start:stop]] for start, stop in ends.tolist()]
        for piece in _pieces(len(groups), width * width):
            few = np.array([self._gram(rows[i][: 2 * width]) for i in piece.tolist()])
            result[piece] = _ranks(few)
        short = [i for i in np.flatnonzero(result < most).tolist() if len(rows[i]) > 2 * width]
        for i in short:  # a part of the rows was not enough to tell
            result[i] = _ranks(self._gram(rows[i])[None])[0]
        return result

    def _gram(self, rows: Ints) -> Floats:
        weights = self.weights[rows]
        product: Floats = weights.T @ weights
        return product


def _ranks(grams: Floats) -> Floats:
    """(G,) ranks of matrices from their products X′X: by the pivots of Cholesky, else by eigenvalues."""
    size: Floats = np.sqrt(np.maximum(np.einsum("gii->gi", grams), np.finfo(float).tiny))
    scaled = grams / (size[:, :, None] * size[:, None, :])
    try:
        pivots = np.einsum("gii->gi", np.linalg.cholesky(scaled))
    except np.linalg.LinAlgError:  # one of them at least is singular
        pivots = np.zeros(1)
    if np.square(pivots).min() > RANK:  # what R's qr looks at: how much of each column the ones before it leave
        return np.full(len(grams), float(grams.shape[1]))
    lengths = np.linalg.eigvalsh(scaled)
    rank: Floats = np.count_nonzero(lengths > RANK * lengths[:, -1:].clip(min=0.5), axis=1).astype(np.float64)
    return rank


def _pieces(size: int, each: int) -> Iterator[Ints]:
    step = max(_PIECE // each, 1)
    for start in range(0, size, step):
        yield np.arange(start, min(start + step, size))


def _lay(sample: ReplicateSample, at: Ints, group: Ints, size: int) -> LaidSample:
    """A sample's responses ``at`` their places (k,; −1: in no group) under groups (m,)."""
    kept = np.flatnonzero(at >= 0)
    kept = kept[np.argsort(group[at[kept]], kind="stable")]
    at, place = at[kept], sample.place[kept]
    home = group[at]
    _, kind = np.unique(_kinds(sample.weights)[place], return_inverse=True)
    pairs, first, code = np.unique(home * (len(at) + 1) + kind, return_index=True, return_inverse=True)
    bounds = np.searchsorted(home, np.arange(size + 1))
    return LaidSample(
        at, home, place, bounds, code, pairs // (len(at) + 1), place[first], sample.weights, sample.factor, sample.mse
    )


def _kinds(weights: Floats) -> Floats:
    """A number for each row (n,) that rows which are multiples of each other share, and no others."""
    mark = np.random.default_rng(2013).random(weights.shape[1])
    total = weights.sum(axis=1)
    return np.round((weights @ mark) / np.where(total > 0, total, 1.0), 12)


@dataclass(frozen=True)
class Replicated:
    """The samples with replicates under the G groups of m responses.

    ``covered`` (m,) responses of these samples: their part of a variance comes from the replicates · ``touched``
    (S, G) groups with responses of each sample.
    """

    samples: tuple[LaidSample, ...]
    covered: Bools
    touched: Bools
    size: int

    @cached_property
    def ranks(self) -> Floats:
        """(S, G) of everybody's weights."""
        result = np.zeros(self.touched.shape)
        for row, sample, mine in zip(result, self.samples, self.touched, strict=True):
            most = np.minimum(np.bincount(sample.kind_home, minlength=self.size), sample.weights.shape[1])[mine]
            row[mine] = sample.ranks(np.ones(len(sample.kind_home), dtype=bool), np.flatnonzero(mine), most)
        return result

    def sums(self, group: Ints, weight: Floats) -> tuple[Floats, ...]:
        """(G, R) of each sample: Σ weights by group with its own taken from each replicate, ``weight`` (m,) 0 where not
        answered."""
        there = (weight > 0).astype(np.float64)
        return tuple(self._replaced(sample, group, weight, there) for sample in self.samples)

    def _replaced(self, sample: LaidSample, group: Ints, weighted: Floats, values: Floats) -> Floats:
        """(G, R) sums of (m,) weighted values, those of the sample weighted by each replicate instead."""
        others = weighted.copy()
        others[sample.at] = 0.0
        rest: Floats = sum_by(group, others, self.size)[:, None]
        return rest + sample.totals(values)

    def deviations(self, group: Ints, values: Floats, weight: Floats, sums: Sequence[Floats]) -> Floats:
        """(G · replicates,) θ_r − θ of weighted means of (m,) values that are centred on their group's mean.

        ``weight`` and ``sums`` as above.  NaN where a replicate leaves nobody of a group that has somebody.
        """
        parts = []
        there = (weight > 0).astype(np.float64)
        somebody = sum_by(group, there, self.size) > 0
        for sample, below, touched in zip(self.samples, sums, self.touched, strict=True):
            top = self._replaced(sample, group, weight * values, there * values)
            with np.errstate(divide="ignore", invalid="ignore"):
                moved = np.where(below > 0, top / below, np.nan)
            parts.append(np.where((touched & somebody)[:, None], moved, 0.0).ravel())
        return np.concatenate(parts)

    def by_sample(self, deviations: Floats) -> list[Floats]:
        """Deviations as (G, R), sample by sample."""
        ends = np.cumsum([self.size * len(s.factor) for s in self.samples])[:-1]
        return [part.reshape(self.size, -1) for part in np.split(deviations, ends)]

    def variance(self, deviations: Floats) -> Floats:
        """(G,) Σ over samples and replicates of factor · squared deviation."""
        total = np.zeros(self.size)
        for sample, moved in zip(self.samples, self.by_sample(deviations), strict=True):
            centre = 0.0 if sample.mse else moved[:, sample.factor > 0].mean(axis=1, keepdims=True)
            total += np.square(moved - centre) @ sample.factor
        return total

    def df(self, answered: Bools) -> Floats:
        """(G,) rank of the weights of those who answered (m,) less 1, summed over samples (R ``degf(subset(…))``)."""
        total = np.zeros(self.size)
        for sample, touched, known in zip(self.samples, self.touched, self.ranks, strict=True):
            there = sample.kinds(answered)
            fewer = np.unique(sample.kind_home[~there])
            ranks = known.copy()
            ranks[fewer] = sample.ranks(there, fewer, known[fewer])
            total += np.where(touched, np.maximum(ranks - 1, 0.0), 0.0)
        return total


def lay_replicates(samples: Sequence[ReplicateSample], rows: Ints, group: Ints, size: int) -> Replicated:
    """Lay samples under groups: ``rows`` (m,) of the design, each once, and their ``group`` (m,) 0 … size − 1.

    R: ``svrepdesign(weights = ~weight, repweights = …, type = …)``.
    """
    place_of = np.full(max((int(r.max(initial=-1)) for r in (rows, *(s.rows for s in samples))), default=-1) + 1, -1)
    place_of[rows] = np.arange(len(rows))
    covered = np.zeros(len(rows), dtype=bool)
    laid = []
    for sample in samples:
        at = place_of[sample.rows]
        laid.append(_lay(sample, at, group, size))
        covered[at[at >= 0]] = True
    touched = np.array([np.diff(one.bounds) > 0 for one in laid])
    return Replicated(tuple(laid), covered, touched, size)


def errors_of(forms: Iterable[Questionnaire]) -> list[dict[str, Any]]:
    """How the errors of these questionnaires are computed, each way once: ``method`` linearisation, or that of the
    replicates with their number ``replicates`` and ``mse``."""
    ways: list[dict[str, Any]] = []
    for form in forms:
        made = replication(form)
        way = (
            {"method": "linearisation"}
            if made is None
            else {"method": made.method, "replicates": len(made.factor), "mse": made.mse}
        )
        if way not in ways:
            ways.append(way)
    return ways


def replicate_samples(parts: Sequence[Part]) -> tuple[ReplicateSample, ...]:
    """The samples with replicates among questionnaires and their responses: one a questionnaire and year."""
    found, first = [], 0
    for form, block in parts:
        made = replication(form)
        if made is not None and block.replicates is not None:
            years = block.design["year"].to_numpy()
            weights = np.ascontiguousarray(block.replicates, dtype=np.float64)
            for year in np.unique(years):
                place = np.flatnonzero(years == year)
                found.append(
                    ReplicateSample(place + first, place, weights, np.array(made.factor), made.mse, made.method)
                )
        first += len(block)
    return tuple(found)
