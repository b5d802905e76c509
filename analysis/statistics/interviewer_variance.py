"""Interviewers: how much of the variance between answers is the interviewer's, and whose answers stand out.

Model: answer = level of the cell (community and mode) + interviewer + rest, interviewers and rest random.
Variance components by Henderson's method 3 (1953; Searle, Casella & McCulloch 1992, ch. 5.5), the analysis
of variance for unequal numbers; interviewers may work in one cell or in many.  Unweighted, as is usual:
the question is about interviews, not about residents.  Everything is a graph of interviewers that share
cells: its Laplacian is solved once, sparse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from analysis.statistics.design import Bools, Floats, Ints, sum_by
from analysis.statistics.differences import LEVEL, benjamini_hochberg, difference_test
from analysis.statistics.estimation import CONFIDENCE


@dataclass(frozen=True)
class Crossing:
    """Who interviewed where: m answers, ``interviewer`` 0 … I−1 and ``cell`` 0 … C−1 of each.

    ``laplacian`` (I, I) n_i − Σ n_ci n_cj / n_c · ``freedom`` between (its rank) and within · ``components``
    (I,) interviewers that can be compared with each other · ``size`` (I,) · ``others`` (I,) answers of others in
    the same cells · ``partners`` (I,) how many these are.
    """

    interviewer: Ints
    cell: Ints
    laplacian: scipy.sparse.csc_array
    components: Ints
    between: int
    within: int
    size: Floats
    others: Floats
    partners: Ints

    @property
    def trace(self) -> float:
        """Σ n_i − Σ n_ci² / n_c: how much the interviewers' variance adds to the sum of squares between them."""
        return float(self.laplacian.diagonal().sum())


def crossing(interviewer: Ints, cell: Ints) -> Crossing:
    """Lay out codes 0 … of equal length (m,), all of them used."""
    people, places = int(interviewer.max(initial=-1)) + 1, int(cell.max(initial=-1)) + 1
    table = scipy.sparse.csr_array((np.ones(len(cell)), (cell, interviewer)), shape=(places, people))
    table.sum_duplicates()
    in_cell, size = (sum_by(codes, np.ones(len(cell)), k) for codes, k in ((cell, places), (interviewer, people)))
    share = scipy.sparse.diags_array(1 / np.where(in_cell > 0, in_cell, 1.0)) @ table
    laplacian = (scipy.sparse.diags_array(size) - table.T @ share).tocsc()
    met = (table > 0).astype(np.float64)
    beside = (met.T @ met).tocsr()
    _, components = scipy.sparse.csgraph.connected_components(beside, directed=False)
    groups = int(components.max(initial=-1)) + 1
    between = people - groups
    # cells hang on the same components: cells + interviewers − components free constants
    within = len(cell) - places - between
    others = np.asarray(met.T @ in_cell).ravel() - size
    partners = np.diff(beside.indptr) - 1
    return Crossing(
        interviewer,
        cell,
        laplacian,
        components.astype(np.int64),
        between,
        within,
        size,
        others,
        partners.astype(np.int64),
    )


def solve(found: Crossing, right: Floats, ridge: float = 0.0) -> Floats:
    """(L + ridge I)⁻¹ right; without a ridge the solution whose first interviewer of every component is 0."""
    matrix = found.laplacian + ridge * scipy.sparse.eye_array(len(found.size), format="csc")
    if ridge > 0:
        return np.asarray(scipy.sparse.linalg.splu(scipy.sparse.csc_matrix(matrix)).solve(right))
    _, first = np.unique(found.components, return_index=True)
    free = np.setdiff1d(np.arange(len(found.size)), first)
    result = np.zeros_like(right)
    if len(free):
        inner = scipy.sparse.csc_matrix(scipy.sparse.csr_array(matrix)[free][:, free])
        result[free] = scipy.sparse.linalg.splu(inner).solve(right[free])
    return result


def centred(found: Crossing, values: Floats) -> Floats:
    """(m,) values less the mean of their cell.  R: ``residuals(lm(y ~ cell))``."""
    places = int(found.cell.max(initial=-1)) + 1
    n = sum_by(found.cell, np.ones(len(values)), places)
    result: Floats = values - (sum_by(found.cell, values, places) / np.where(n > 0, n, 1.0))[found.cell]
    return result


@dataclass(frozen=True)
class Components:
    """Variance between interviewers and within; NaN where it can't be known.

    ``rho`` the interviewer's share (intraclass correlation), not below 0, with a 95 % interval; ``mean_size`` answers
    an interviewer; ``deff`` 1 + (mean_size − 1) rho (Kish 1962); ``f``, ``p`` the test of no variance between.
    """

    n: int
    interviewers: int
    mean_size: float
    between: float
    within: float
    rho: float
    rho_low: float
    rho_high: float
    deff: float
    deff_low: float
    deff_high: float
    f: float
    p: float


def components(found: Crossing, values: Floats) -> Components:
    """The components of (m,) values without NaN.

    Interval after Searle (1971, p. 414) with the effective number of answers an interviewer, trace / df, in place of
    the common one; exact for equal numbers, an approximation otherwise (Thomas & Hultquist 1978).
    R: ``anova(lm(y ~ cell + interviewer))``, Henderson's third method.
    """
    n, people = len(values), len(found.size)
    mean_size = n / people if people else np.nan
    unknown = dict.fromkeys(
        ("between", "within", "rho", "rho_low", "rho_high", "deff", "deff_low", "deff_high", "f", "p"), np.nan
    )
    if found.between < 1 or found.within < 1:
        return Components(n, people, mean_size, **unknown)
    y = centred(found, values)
    right = sum_by(found.interviewer, y, people)
    explained = float(right @ solve(found, right))
    rest = float(y @ y) - explained
    if not rest > 1e-12 * max(float(values @ values), 1e-300):
        return Components(n, people, mean_size, **unknown)
    within, mean_square = rest / found.within, explained / found.between
    between = (explained - found.between * within) / found.trace
    effective, f = found.trace / found.between, mean_square / within
    tail = (1 - CONFIDENCE) / 2
    ends = [f / scipy.special.fdtri(found.between, found.within, q) for q in (1 - tail, tail)]
    rhos = [max(0.0, between) / (max(0.0, between) + within), *((r - 1) / (r + effective - 1) for r in ends)]
    rho, low, high = (min(1.0, max(0.0, float(r))) for r in rhos)
    deff, deff_low, deff_high = (1 + (mean_size - 1) * r for r in (rho, low, high))
    p = float(scipy.special.fdtrc(found.between, found.within, f))
    return Components(n, people, mean_size, between, within, rho, low, high, deff, deff_low, deff_high, f, p)


@dataclass(frozen=True)
class Departures:
    """(I,) by interviewer, NaN where there are too few to compare.

    ``difference`` from the others in the same cells (community and mode), with ``se`` and ``p``; ``q`` over all of
    them · ``flagged`` beyond chance · ``partners`` (I,) how many others they were compared with.
    """

    difference: Floats
    se: Floats
    p: Floats
    q: Floats
    flagged: Bools
    partners: Ints


def shrunken(found: Crossing, values: Floats, parts: Components) -> Floats:
    """(I,) what of each interviewer's own effect is to be believed: best linear unbiased prediction (Henderson 1975).

    R: ``lme4::ranef(lmer(y ~ cell + (1 | interviewer)))`` at these components.
    """
    right = sum_by(found.interviewer, centred(found, values), len(found.size))
    return solve(found, right, parts.within / parts.between) if parts.between > 0 else np.zeros(len(found.size))


def departures(interviewer: Ints, cell: Ints, values: Floats, least: int) -> Departures:
    """Every interviewer with at least ``least`` answers against at least as many of others in the same cells.

    Whoever is farthest from the others, if beyond chance, is set aside and the rest compared again, so that one
    makes nobody else stand out; two who have only each other are set aside together.
    R: ``lm(y ~ cell + (interviewer == i))`` for each i.
    """
    people = int(interviewer.max(initial=-1)) + 1
    empty = [np.full(people, np.nan) for _ in range(4)]
    result = Departures(empty[0], empty[1], empty[2], empty[3], np.zeros(people, bool), np.zeros(people, np.int64))
    left = np.ones(people, dtype=bool)
    while left.any():
        rows = left[interviewer]
        codes, step = _compare(interviewer[rows], cell[rows], values[rows], least)
        for name in ("difference", "se", "p", "q", "partners"):
            getattr(result, name)[codes] = getattr(step, name)
        if not (step.q < LEVEL).any():
            break
        farthest = int(np.nanargmax(np.abs(step.difference / step.se)))
        gone = np.array([farthest]) if step.partners[farthest] > 1 else _pair(step, farthest)
        result.flagged[codes[gone]], left[codes[gone]] = True, False
    return result


def _pair(step: Departures, one: int) -> Ints:
    """Two who have only each other differ by the same amount, in opposite directions."""
    same = np.isclose(step.difference, -step.difference[one]) & (step.partners == 1)
    return np.flatnonzero(same | (np.arange(len(same)) == one))


def _compare(interviewer: Ints, cell: Ints, values: Floats, least: int) -> tuple[Ints, Departures]:
    """The codes that occur, and each against the others: y = cell + this interviewer + rest."""
    number, codes = pd.factorize(interviewer)
    places, names = pd.factorize(cell)
    found = crossing(np.asarray(number, dtype=np.int64), np.asarray(places, dtype=np.int64))
    y = centred(found, values)
    right, inside = sum_by(found.interviewer, y, len(codes)), found.laplacian.diagonal()
    freedom = len(values) - len(names) - 1
    known = (inside > 1e-9) & (found.size >= least) & (found.others >= least) & (freedom > 0)
    safe = np.where(known, inside, 1.0)
    difference = np.where(known, right / safe, np.nan)
    squares = np.maximum(float(y @ y) - np.where(known, right * right / safe, 0.0), 0.0)
    se = np.where(known, np.sqrt(squares / max(freedom, 1) / safe), np.nan)
    p = difference_test(difference, se, np.full(len(codes), float(freedom)))
    step = Departures(difference, se, p, benjamini_hochberg(p), np.zeros(len(codes), dtype=bool), found.partners)
    return np.asarray(codes, dtype=np.int64), step
