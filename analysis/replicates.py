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
from scipy import sparse

from analysis.design import Bools, Floats, Ints, sum_by
from survey.answers import ResponseBlock
from survey.form.model import Questionnaire
from survey.form.replication import replication

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
    (k,), groups that begin at ``bounds`` (G + 1,) · ``place`` (k,) their rows of ``weights``."""

    at: Ints
    home: Ints
    place: Ints
    bounds: Ints
    weights: Floats
    factor: Floats
    mse: bool

    def totals(self, values: Floats) -> Floats:
        """(G, R) sums of (m,) values times each replicate weight."""
        shape = (len(self.bounds) - 1, len(self.weights))
        return np.asarray(sparse.csr_array((values[self.at], self.place, self.bounds), shape=shape) @ self.weights)

    def ranks(self, answered: Bools, groups: Ints) -> Floats:
        """Rank of the matrix of weights of those who answered (m,), for some groups."""
        result = np.zeros(len(groups))
        width = self.weights.shape[1]
        for piece in _pieces(len(groups), width * width):
            grams = np.zeros((len(piece), width, width))
            for i, group in enumerate(groups[piece]):  # one product each: groups differ in size
                mine = slice(self.bounds[group], self.bounds[group + 1])
                weights = self.weights[self.place[mine][answered[self.at[mine]]]]
                grams[i] = weights.T @ weights
            size = np.sqrt(np.maximum(np.einsum("gii->gi", grams), np.finfo(float).tiny))
            lengths = np.linalg.eigvalsh(grams / (size[:, :, None] * size[:, None, :]))
            result[piece] = np.count_nonzero(lengths > RANK * lengths[:, -1:].clip(min=0.5), axis=1)
        return result


def _pieces(size: int, each: int) -> Iterator[Ints]:
    step = max(_PIECE // each, 1)
    for start in range(0, size, step):
        yield np.arange(start, min(start + step, size))


@dataclass(frozen=True)
class Replicated:
    """The samples with replicates under the G groups of m responses.

    ``covered`` (m,) responses of these samples: their part of a variance comes from the replicates · ``touched``
    (S, G) groups with responses of each sample · ``ranks`` (S, G) of everybody's weights.
    """

    samples: tuple[LaidSample, ...]
    covered: Bools
    touched: Bools
    ranks: Floats
    size: int

    @property
    def width(self) -> int:
        """Replicates of all samples."""
        return sum(len(s.factor) for s in self.samples)

    def deviations(self, group: Ints, values: Floats, weight: Floats) -> Floats:
        """(G · replicates,) θ_r − θ of weighted means of (m,) values that are centred on their group's mean.

        ``weight`` (m,) 0 where not answered.  NaN where a replicate leaves nobody of a group that has somebody.
        """
        parts = []
        there = (weight > 0).astype(np.float64)
        for sample, touched in zip(self.samples, self.touched, strict=True):
            others = weight.copy()
            others[sample.at] = 0.0
            top = sum_by(group, others * values, self.size)[:, None] + sample.totals(there * values)
            below = sum_by(group, others, self.size)[:, None] + sample.totals(there)
            somebody = touched & (sum_by(group, there, self.size) > 0)
            with np.errstate(divide="ignore", invalid="ignore"):
                moved = np.where(below > 0, top / below, np.nan)
            parts.append(np.where(somebody[:, None], moved, 0.0).ravel())
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
            there = sum_by(sample.home, answered[sample.at].astype(np.float64), self.size)
            fewer = np.flatnonzero(touched & (there < np.diff(sample.bounds)))
            ranks = known.copy()
            ranks[fewer] = sample.ranks(answered, fewer)
            total += np.where(touched, np.maximum(ranks - 1, 0.0), 0.0)
        return total


def lay_replicates(samples: Sequence[ReplicateSample], rows: Ints, group: Ints, size: int) -> Replicated:
    """Lay samples under groups: ``rows`` (m,) of the design, each once, and their ``group`` (m,) 0 … size − 1."""
    place_of = np.full(max((int(r.max(initial=-1)) for r in (rows, *(s.rows for s in samples))), default=-1) + 1, -1)
    place_of[rows] = np.arange(len(rows))
    covered = np.zeros(len(rows), dtype=bool)
    laid = []
    for sample in samples:
        at = place_of[sample.rows]
        kept = np.flatnonzero(at >= 0)
        kept = kept[np.argsort(group[at[kept]], kind="stable")]
        at = at[kept]
        covered[at] = True
        bounds = np.searchsorted(group[at], np.arange(size + 1))
        laid.append(LaidSample(at, group[at], sample.place[kept], bounds, sample.weights, sample.factor, sample.mse))
    touched = np.array([np.diff(one.bounds) > 0 for one in laid])
    everybody = np.ones(len(rows), dtype=bool)
    ranks = np.zeros(touched.shape)
    for row, one, mine in zip(ranks, laid, touched, strict=True):
        row[mine] = one.ranks(everybody, np.flatnonzero(mine))
    return Replicated(tuple(laid), covered, touched, ranks, size)


def errors_of(forms: Iterable[Questionnaire]) -> list[dict[str, Any]]:
    """How the errors of these questionnaires are computed, each way once: ``method`` linearisation, or that of the
    replicates with their number ``replicates`` and ``mse``."""
    ways: list[dict[str, Any]] = []
    for form in forms:
        made = replication(form)
        way = {"method": "linearisation"} if made is None else {
            "method": made.method, "replicates": len(made.factor), "mse": made.mse
        }  # fmt: skip
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
