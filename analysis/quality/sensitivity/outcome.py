"""How far the year's stars and ranks rest on choices, beside how far they rest on the sample.

Sampling error is that of the score as it stands; the choices are those of ``sensitivity.plan``.  Both together: the
average over the joint runs of the chance of the calculated star, each with the sampling error around its own total.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy
from sqlalchemy.engine import Connection

from analysis.publication import inputs as year_inputs
from analysis.quality.sensitivity.item_means import ANY, Alternatives, Tables, item_tables, presets_of
from analysis.quality.sensitivity.scenarios import (
    DRAWS,
    FACTORS,
    JOINT_DRAWS,
    SEED,
    SPREAD,
    Means,
    Runs,
    plan,
    ranks,
    totals,
)
from analysis.scheme import Scheme
from analysis.scoring.rating import round_half_up, stars_of
from analysis.scoring.score import Inputs, score_year
from analysis.statistics.design import Bools, Floats
from survey.core import limits

#: fewest responses for a total that are tried beside the scheme's
MINIMA = (30.0, 50.0, 100.0)
#: 1 − 0.95 is a little more than 5 of 100
ROUNDING = 1e-9
#: choices of which one other value is enough to say that the method decides, and those whose weights are drawn at random
DECIDED, DRAWN = ("preset", "weighting"), ("dimensions", "items")


@dataclass(frozen=True)
class Outcome:
    """R runs over the G communities that have both parts.

    ``scores`` their score rows · ``total`` (R, G) rounded, NaN where a run gives none · ``exact`` unrounded ·
    ``star``, ``rank`` (R, G).
    """

    tried: Alternatives
    minima: tuple[float, ...]
    items: tuple[str, ...]
    runs: Runs
    scores: pd.DataFrame
    exact: Floats
    total: Floats
    star: Floats
    rank: Floats


def measure(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """``communities`` and ``factors`` (rows), ``tried``, and how many ``runs``; for pages and tables."""
    out = outcome(year_inputs.gather(conn, year, scheme))
    return {"communities": community_rows(scheme, out), "factors": factor_rows(out), **_settings(scheme, out)}


def measure_runs(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """``parameters`` one row a run, ``totals`` (R, G), ``stars``, ``ranks``, ``communities`` (code and name)."""
    out = outcome(year_inputs.gather(conn, year, scheme))
    names = out.scores[["community_code", "community"]]
    return {
        "parameters": run_rows(scheme, out),
        "communities": names,
        "totals": out.total,
        "stars": out.star,
        "ranks": out.rank,
    }


def outcome(inputs: Inputs) -> Outcome:
    """All runs of a year."""
    scheme = inputs.scheme
    tables = item_tables(inputs)
    scores = score_year(inputs, None, {}).scores
    known = scores["objective"].notna() & scores["subjective"].notna() & scores["community_code"].isin(tables.codes)
    scores = scores[known].reset_index(drop=True)
    minima = (float(scheme.min_responses), *(m for m in MINIMA if m != scheme.min_responses))
    tried = tables.tried
    sizes = (len(tried.presets), len(tried.limits), len(tried.weightings))
    runs = plan(*sizes, minima, len(scheme.dimensions), len(tables.items))
    exact = totals(_means(scheme, tables, scores), runs)
    total = round_half_up(exact)
    ranked = (
        (scores["status"] != "vetoed") & ~scores["note"].str.split(";").map(lambda n: "open_sample" in n)
    ).to_numpy(bool)
    street = pd.factorize(scores["sub_district"].fillna(""))[0].astype(np.int64)
    items = tuple(item.name for item in tables.items)
    star = stars_of(scheme, total)
    return Outcome(tried, minima, items, runs, scores, exact, total, star, ranks(total, ranked, street))


def _means(scheme: Scheme, tables: Tables, scores: pd.DataFrame) -> Means:
    rows = [tables.codes.index(code) for code in scores["community_code"]]
    place = {d.code: k for k, d in enumerate(scheme.dimensions)}
    return Means(
        item=tables.mean[:, :, :, rows],
        worth=tables.worth[rows],
        n=tables.n[:, rows],
        dimension=np.array([place[item.dimension.code] for item in tables.items], dtype=np.int64),
        subjective_points=np.array([d.subjective_points for d in scheme.dimensions]),
        objective_points=np.array([d.objective_points for d in scheme.dimensions]),
        objective=np.column_stack([scores[f"objective_{d.code}"].fillna(0.0) for d in scheme.dimensions]).reshape(
            len(scores), len(scheme.dimensions)
        ),
    )


def community_rows(scheme: Scheme, out: Outcome) -> pd.DataFrame:
    """One row a community that has a total: what sampling does to it, what choices do, and both.

        ``sub_district, community_code, community, total, star, rank, se, total_low, total_high, star_probability``
    as scored, the last four from sampling · from the runs: ``star_kept`` share of them with the same star, ends of what they give as
        ``runs_total_low … runs_rank_high``, ``runs_sd`` standard deviation of the joint runs · ``both_se,
        both_probability`` from sampling and the joint runs · ``method_changes`` yes or no, of ``_method_changes``.
    """
    scores = out.scores
    frame = scores[["sub_district", "community_code", "community", "total", "star", "rank"]].copy()
    frame["se"] = scores["subjective_se"]
    for name in ("total_low", "total_high", "star_probability"):
        frame[name] = scores[name]
    frame["star_kept"] = (out.star[1:] == out.star[0]).mean(axis=0)
    for name, values in (("total", out.total), ("star", out.star), ("rank", out.rank)):
        frame[f"runs_{name}_low"], frame[f"runs_{name}_high"] = _ends(values)
    joint = out.exact[_of(out.runs, "joint")]
    frame["runs_sd"] = _deviation(joint)
    frame["both_se"] = np.hypot(frame["se"], frame["runs_sd"])
    frame["both_probability"] = _both(scheme, scores, joint)
    frame["method_changes"] = np.where(_method_changes(out), "yes", "no")
    return frame[scores["total"].notna()].reset_index(drop=True)


def _method_changes(out: Outcome) -> Bools:
    """(G,) whether the answer scale or weights alone would change the star.

    So where any other preset or weighting gives another star, or more than 1 − ``limits.STABLE`` of the runs that draw the
    weights of dimensions, or of items, do: a single draw far out is no reasonable choice of anybody.
    """
    other = out.star != out.star[0]
    found = np.zeros(other.shape[1], dtype=bool)
    for factors, least in ((DECIDED, 0.0), (DRAWN, 1 - limits.STABLE)):
        for factor in factors:
            mine = other[_of(out.runs, factor)]
            if len(mine):
                found |= mine.mean(axis=0) > least + ROUNDING
    return found


def _of(runs: Runs, factor: str) -> Bools:
    return np.array([name == factor for name in runs.factor], dtype=bool)


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """(G,) lowest and highest of (R, G), NaN where there is none."""
    known = ~np.isnan(values)
    low, high = np.where(known, values, np.inf).min(axis=0), np.where(known, values, -np.inf).max(axis=0)
    return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)


def _deviation(values: Floats) -> Floats:
    """(G,) standard deviation of (r, G); NaN under two known."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(known, values - mean, 0.0) ** 2
    return np.where(n > 1, np.sqrt(squares.sum(axis=0) / np.maximum(n - 1, 1)), np.nan)


def _both(scheme: Scheme, scores: pd.DataFrame, joint: Floats) -> Floats:
    """(G,) mean over the joint runs of P(total of the run + se · t(df) in the band of the calculated star).

    A run without a total does not keep the star.  NaN where the sampling error is not known.
    """
    se, df = (scores[c].to_numpy(dtype=np.float64) for c in ("subjective_se", "subjective_df"))
    low, high = _band(scheme, scores["star"].to_numpy(dtype=np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = scipy.special.stdtr(df, (high - joint) / se) - scipy.special.stdtr(df, (low - joint) / se)
    inside = ((joint >= low) & (joint < high)).astype(np.float64)
    chance = np.where(np.isnan(joint), 0.0, np.where(se > 0, chance, inside))
    return np.where(np.isnan(se) | scores["star"].isna().to_numpy(), np.nan, chance.mean(axis=0))


def _band(scheme: Scheme, star: Floats) -> tuple[Floats, Floats]:
    """(G,) totals between which a star is given, the ends open."""
    steps = sorted((s.minimum, float(s.star)) for s in scheme.stars)
    edges = np.array([-np.inf, *(minimum for minimum, _ in steps), np.inf])
    place = np.searchsorted([number for _, number in steps], star, side="right")
    return edges[place], edges[place + 1]


def factor_rows(out: Outcome) -> pd.DataFrame:
    """One row a choice that was varied: ``factor, runs, changed_share`` of the runs' stars that differ from the
    calculated ones, ``communities`` whose star ever differs, ``mean_shift, largest_shift`` of totals,
    ``rank_shift`` the largest.

    A community that loses its total by a run counts as changed, without a shift.
    """
    rated = ~np.isnan(out.total[0])
    rows = []
    for factor in FACTORS:
        mine = _of(out.runs, factor)
        if not mine.any() or not rated.any():
            continue
        changed = (out.star[mine] != out.star[0])[:, rated]
        shift = np.abs(out.total[mine] - out.total[0])[:, rated]
        places = np.abs(out.rank[mine] - out.rank[0])[:, rated]
        known = shift[~np.isnan(shift)]
        rows.append(
            {
                "factor": factor,
                "runs": int(mine.sum()),
                "changed_share": float(changed.mean()),
                "communities": int(changed.any(axis=0).sum()),
                "mean_shift": known.mean() if len(known) else np.nan,
                "largest_shift": known.max() if len(known) else np.nan,
                "rank_shift": np.nan if np.isnan(places).all() else np.nanmax(places),
            }
        )
    return pd.DataFrame(
        rows, columns=["factor", "runs", "changed_share", "communities", "mean_shift", "largest_shift", "rank_shift"]
    )


def run_rows(scheme: Scheme, out: Outcome) -> pd.DataFrame:
    """The parameters of every run: ``run`` (0 = as scored), ``factor``, then what it was computed with."""
    runs, tried = out.runs, out.tried
    frame = pd.DataFrame(
        {
            "run": np.arange(len(runs)),
            "factor": runs.factor,
            "preset": np.array(tried.presets, dtype=object)[runs.preset],
            "answered_share": np.array(_shares(tried))[runs.limit],
            "weighting": np.array(tried.weightings, dtype=object)[runs.weighting],
            "min_responses": runs.minimum,
        }
    )
    dimensions = {f"dimension_{d.code}": runs.dimension[:, k] for k, d in enumerate(scheme.dimensions)}
    items = {f"item_{name}": runs.item[:, j] for j, name in enumerate(out.items)}
    return pd.concat([frame, pd.DataFrame({**dimensions, **items})], axis=1)


def _shares(tried: Alternatives) -> list[float]:
    """Shares of items that had to be answered; 0 stands for any at all."""
    return [0.0 if share == ANY else share for share in tried.limits]


def _settings(scheme: Scheme, out: Outcome) -> dict[str, Any]:
    known = presets_of(scheme)
    tried: Mapping[str, Any] = {
        "preset": out.tried.presets,
        "answered_share": _shares(out.tried),
        "weighting": out.tried.weightings,
        "min_responses": out.minima,
        "spread": SPREAD,
        "draws": DRAWS,
        "joint_draws": JOINT_DRAWS,
        "seed": SEED,
        "five_levels": {name: known[name][5] for name in out.tried.presets if 5 in known[name]},
    }
    return {"tried": tried, "runs": len(out.runs) - 1, "rated": int((~np.isnan(out.total[0])).sum())}
