"""Do intervals, rank sets and chances of stars hit what they claim?  Samples drawn again and again from a known town.

``python -m benchmarks.coverage_simulation`` prints the tables of docs/methods.md (section 16); nine CPU minutes.
Nothing is re-implemented: replications are further communities and sub-districts of one ordinary score, and the
numbers judged are those that a reader would get.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.scheme import default_scheme
from analysis.scheme.model import Scheme
from analysis.scoring.rating import rate, stars_of
from analysis.scoring.subjective import score_subjective
from benchmarks.measure import show
from benchmarks.simulated_town import COMMUNITIES, Plan, Town, build, draw
from survey.form.default import default_questionnaire

Floats = npt.NDArray[np.float64]
SEED = 2013
REPLICATIONS = 2000
#: responses that are scored at once
AT_ONCE = 400_000
#: towns, so that no table hangs on the communities of one
TOWNS = 4
NAMES = {
    "people drawn one by one": Plan(0),
    "clusters": Plan(0, clusters=1),
    "uneven response, raked": Plan(0, uneven=True, weighting="rake"),
    "uneven response, post-stratified": Plan(0, uneven=True, weighting="poststratify"),
    "uneven response, clusters, raked": Plan(0, clusters=1, uneven=True, weighting="rake"),
    "uneven response, not weighted": Plan(0, uneven=True),
}
#: size → clusters it is drawn in
CLUSTERS_OF = {30: 6, 50: 10, 200: 20}
PLANS = [
    (name, replace(plan, n=n, clusters=plan.clusters and CLUSTERS_OF[n]))
    for name, plan in NAMES.items()
    for n in CLUSTERS_OF
]
PLANS.insert(6, ("few clusters", Plan(200, clusters=4)))
#: claimed chances of a star are compared with what came true in these bands (words of the product)
BANDS = {"under 80 %": (0.0, 0.8), "80–95 %": (0.8, 0.95), "from 95 %": (0.95, 1.01)}
#: points of the objective part where the town as a whole lies on the edge of a star (700)
EDGE = 700.0


@dataclass(frozen=True)
class Judged:
    """A plan's replications, one row a community of each: ``frame`` with ``replication`` and ``truth``, its scores
    (subjective and errors); true totals, rank sets, stars and their chances where totals lie anywhere (``wide_…``) and
    where the whole town lies on the edge of a star, close together (``edge_…``)."""

    frame: pd.DataFrame

    def column(self, name: str) -> Floats:
        """(R, C) values of a column."""
        return self.frame[name].to_numpy(dtype=np.float64).reshape(-1, COMMUNITIES)


def simulate(plan: Plan, replications: int, *, towns: int = TOWNS, seed: int = SEED) -> Judged:
    """Draw, score and rate ``replications`` samples, divided over so many towns."""
    frames = []
    for town_number in range(towns):
        town = build(seed + town_number)
        rng = np.random.default_rng((seed, town_number, plan.n, plan.clusters or 0, plan.uneven))
        left = replications // towns
        while left:
            now = min(left, max(1, AT_ONCE // (plan.n * COMMUNITIES)))
            frames.append(_judge(town, plan, now, rng))
            left -= now
    frame = pd.concat(frames, ignore_index=True)
    return Judged(frame.assign(replication=np.arange(len(frame)) // COMMUNITIES))


def _judge(town: Town, plan: Plan, replications: int, rng: np.random.Generator) -> pd.DataFrame:
    scheme = replace(default_scheme(), weighting=plan.weighting, min_responses=min(plan.n, 50))
    block, register = draw(town, plan, replications, rng)
    scores = score_subjective(scheme, [(default_questionnaire(), block)], register).communities
    scores = scores.sort_values("community_code", ignore_index=True)
    truth = np.tile(town.truth, replications)
    wide = rng.uniform(600, 950, len(scores)) - truth  # totals everywhere, evenly
    edge = np.full(len(scores), EDGE - town.truth.mean())
    ready = scores.assign(note="")
    far, near = (rate(scheme, ready.assign(objective=points)) for points in (wide, edge))
    judged = scores[["subjective", "subjective_se", "subjective_low", "subjective_high", "n"]].assign(truth=truth)
    for name, rated, points in (("wide", far, wide), ("edge", near, edge)):
        for column in ("rank_low", "rank_high", "rank_sim_low", "rank_sim_high"):
            judged[f"{name}_{column}"] = rated[column]
        judged[f"{name}_total"] = truth + points
        judged[f"{name}_claimed"] = rated["star_probability"]
        judged[f"{name}_hit"] = _true_stars(scheme, truth + points) == rated["star"]
    return judged


def _true_stars(scheme: Scheme, total: Floats) -> Floats:
    return np.asarray(stars_of(scheme, total), dtype=np.float64)


def share(hits: Floats) -> tuple[float, float]:
    """Share of hits (R, …) and its Monte Carlo standard error; the rows are what is independent."""
    by_row = hits.reshape(len(hits), -1).mean(axis=1)
    return float(by_row.mean()), float(by_row.std(ddof=1) / np.sqrt(len(by_row)))


def intervals(judged: Judged) -> dict[str, tuple[float, float]]:
    """Coverage, where the interval missed, bias, error claimed over error found."""
    truth, mean, se = (judged.column(name) for name in ("truth", "subjective", "subjective_se"))
    low, high = judged.column("subjective_low"), judged.column("subjective_high")
    found = np.sqrt(np.mean(np.var(mean - truth, axis=0)))
    ratio = np.sqrt(np.mean(se**2)) / found
    return {
        "covered": share(((low <= truth) & (truth <= high)).astype(float)),
        "too low": share((high < truth).astype(float)),
        "too high": share((low > truth).astype(float)),
        "bias": share(mean - truth),
        "width": share(high - low),
        "se ratio": (float(ratio), float(ratio / np.sqrt(2 * mean.size))),
    }


def rank_sets(judged: Judged, kind: str) -> dict[str, tuple[float, float]]:
    """Coverage of the marginal and the simultaneous sets and their mean width in places, for ``wide`` or ``edge``."""
    truth = judged.column(f"{kind}_total")
    rank = 1.0 + (truth[:, None, :] > truth[:, :, None]).sum(axis=2)
    holds, width = {}, {}
    for name in ("rank", "rank_sim"):
        low, high = judged.column(f"{kind}_{name}_low"), judged.column(f"{kind}_{name}_high")
        holds[name] = ((low <= rank) & (rank <= high)).astype(float)
        width[name] = high - low + 1
    return {
        "marginal": share(holds["rank"]),
        "places": share(width["rank"]),
        "simultaneous": share(holds["rank_sim"].all(axis=1).astype(float)),
        "sim places": share(width["rank_sim"]),
    }


def stars(judged: Judged, kind: str) -> Iterator[tuple[str, float, float, float, float]]:
    """(band, part of all, claimed, hit, Monte Carlo error of the hits) for ``wide`` or ``edge``."""
    claimed, hit = judged.column(f"{kind}_claimed"), judged.column(f"{kind}_hit")
    for name, (low, high) in {"all": (0.0, 1.01), **BANDS}.items():
        inside = (claimed >= low) & (claimed < high)
        n = inside.sum(axis=1)
        if inside.sum() < 100:
            yield name, float(inside.mean()), np.nan, np.nan, np.nan
            continue
        rate_ = hit[inside].mean()
        error = np.sqrt(np.sum(((hit * inside).sum(axis=1) - rate_ * n) ** 2)) / inside.sum()
        yield name, float(inside.mean()), float(claimed[inside].mean()), float(rate_), float(error)


def percent(value: tuple[float, float], digits: int = 1) -> str:
    """``94.8 ± 0.1``: a share in percent and its Monte Carlo error."""
    return f"{value[0] * 100:.{digits}f} ± {value[1] * 100:.{digits}f}"


def main(replications: int = REPLICATIONS) -> None:
    first: list[Sequence[object]] = []
    second: list[Sequence[object]] = []
    third: list[Sequence[object]] = []
    for name, plan in PLANS:
        judged = simulate(plan, replications)
        one = intervals(judged)
        label = f"{plan.clusters} clusters" if plan.clusters else ""
        head = (name, plan.n, label)
        first.append(
            (
                *head,
                percent(one["covered"]),
                f"{one['too low'][0] * 100:.1f} / {one['too high'][0] * 100:.1f}",
                f"{one['se ratio'][0]:.3f}",
                f"{one['bias'][0]:+.2f}",
                f"{one['width'][0] / 2:.1f}",
            )
        )
        for kind in ("wide", "edge"):
            two = rank_sets(judged, kind)
            second.append(
                (
                    *head,
                    kind,
                    percent(two["marginal"]),
                    f"{two['places'][0]:.1f}",
                    percent(two["simultaneous"]),
                    f"{two['sim places'][0]:.1f}",
                )
            )
            cells = [
                f"{c * 100:.1f} / {h * 100:.1f} ± {e * 100:.1f}" if c == c else "–"
                for _, _, c, h, e in stars(judged, kind)
            ]
            third.append((*head, kind, *cells))
        print(name, plan, file=sys.stderr)
    design = ("sample", "n", "")
    show(
        f"Intervals of the subjective total, {replications:,} samples of {COMMUNITIES} communities",
        (*design, "95 % holds", "truth above / below", "se claimed / found", "bias", "± points"),
        first,
    )
    show("Rank sets", (*design, "totals", "marginal", "places", "simultaneous", "places"), second)
    show("Stars: claimed / hit", (*design, "totals", "all", *BANDS), third)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
