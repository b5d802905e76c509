"""Total, stars and their probability, ranks and what the ranks can say (docs/results.md)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from analysis.scheme.model import Scheme, Star
from analysis.scoring.change import add_changes
from analysis.scoring.pairs import add_standing
from analysis.scoring.results import SCORE_COLUMNS, Results
from analysis.statistics.design import Bools, Floats
from analysis.statistics.differences import known_error
from analysis.statistics.notes import SEPARATOR, join_notes
from analysis.statistics.ranks import competition_rank
from survey.core import limits

STARS = 6  # star_p0 … star_p5


def rate(
    scheme: Scheme,
    frame: pd.DataFrame,
    previous: Results | None = None,
    items: pd.DataFrame | None = None,
    together: pd.DataFrame | None = None,
    areas: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Score rows with ``SCORE_COLUMNS``, then ``objective_<d>, subjective_<d>, subjective_<d>_se``.

    ``frame``: one row a community and year with ``sub_district, community_code, community, year``, the columns
    of ``SubjectiveScores.communities``, ``objective`` and ``objective_<d>`` (NaN where not known); optional
    ``vetoed`` and ``provisional`` (bool; default no veto, provisional).  ``previous`` is the year before,
    ``items`` the items of this one (``SubjectiveScores.items``) to tell whether the questions are the same;
    ``together`` both years side by side (``two_years.compare_years``) for the communities that need it;
    ``areas`` community → whose area came to it this year (``merged_communities.broken_in``).
    ``note`` keeps what came and adds; ``note_text`` stays empty until someone reads it.
    """
    scores = _complete(scheme, frame)
    missing = _missing(scheme, scores)
    exact = (scores["objective"] + scores["subjective"]).to_numpy(dtype=np.float64)
    whole = ~np.logical_or.reduce([mask for mask, _ in missing])
    exact = np.where(whole, exact, np.nan)
    total = round_half_up(exact)
    star, lifted = _stars(scheme, total, exact)
    scores["total"], scores["total_exact"], scores["star"] = total, exact, star
    for end in ("low", "high"):
        scores[f"total_{end}"] = np.where(whole, scores["objective"] + scores[f"subjective_{end}"], np.nan)
    _add_probabilities(scheme, scores)
    scores["star_next_gap"] = _next_gap(scheme, total)
    vetoed = scores.pop("vetoed").to_numpy(dtype=bool)
    open_ = noted(scores, "open_sample")
    add_ranks(scores, whole & ~vetoed & ~open_)
    scores, changes = add_changes(scores, scheme, previous, items, together, areas)
    scores["status"] = status_of(star, vetoed)
    notes = [*missing, (lifted, "rounding_decided"), (vetoed, "vetoed"), *changes]
    scores["note"] = join_notes(len(scores), *notes, start=scores["note"])
    for empty in ("star_awarded", "note_text"):
        scores[empty] = pd.Series([None] * len(scores), dtype=object)
    return scores[[*SCORE_COLUMNS.names, *_dimension_columns(scheme)]]


def _dimension_columns(scheme: Scheme) -> list[str]:
    codes = [d.code for d in scheme.dimensions]
    return [name for d in codes for name in (f"objective_{d}", f"subjective_{d}", f"subjective_{d}_se")]


def _complete(scheme: Scheme, frame: pd.DataFrame) -> pd.DataFrame:
    """A copy with every column there, numbers as floats."""
    scores = frame.reset_index(drop=True).copy()
    numbers = [
        "n",
        "n_received",
        "n_partial",
        "n_excluded",
        "objective",
        "subjective",
        "subjective_se",
        "subjective_low",
        "subjective_high",
        "subjective_df",
        *_dimension_columns(scheme),
    ]
    known = [name for name in numbers if name in scores]
    cells = {name: pd.to_numeric(scores[name]).to_numpy(dtype=np.float64, na_value=np.nan) for name in known}
    scores = scores.assign(**dict.fromkeys(numbers, np.nan) | cells)
    scores["note"] = scores["note"].fillna("").astype(object) if "note" in scores else ""
    for name, default in (("vetoed", False), ("provisional", True)):
        scores[name] = scores[name].astype(bool) if name in scores else default
    return scores


def _missing(scheme: Scheme, scores: pd.DataFrame) -> list[tuple[Bools, str]]:
    """(mask, note) of every reason why there is no total."""
    suppressed = (scores["note"] == "suppressed").to_numpy(dtype=bool)
    n = scores["n"].fillna(0).to_numpy(dtype=np.float64)
    no_subjective = scores["subjective"].isna().to_numpy(dtype=bool)
    return [
        (suppressed, "suppressed"),
        (scores["objective"].isna().to_numpy(dtype=bool), "objective_missing"),
        (no_subjective & ~suppressed, "subjective_missing"),
        ((n < scheme.min_responses) & (n > 0) & ~suppressed, "sample_too_small"),
    ]


def round_half_up(values: Floats) -> Floats:
    """Rounded half up to ``limits.TOTAL_DECIMALS``, as people round; what floating point adds to a sum does not decide."""
    scale = 10.0**limits.TOTAL_DECIMALS
    result: Floats = np.floor(np.round(values * scale, 6) + 0.5) / scale
    return result


def _ladder(scheme: Scheme) -> list[Star]:
    return sorted(scheme.stars, key=lambda s: s.minimum)


def _stars(scheme: Scheme, total: Floats, exact: Floats) -> tuple[Floats, Bools]:
    """The calculated star, NaN where there is no total, and whether rounding lifted it."""
    star, strict = stars_of(scheme, total), stars_of(scheme, np.round(exact, 8))
    return star, ~np.isnan(total) & (star > strict)


def stars_of(scheme: Scheme, total: Floats) -> Floats:
    """The star of a total, 0 below the first, NaN where there is none."""
    ladder = _ladder(scheme)
    values = np.array([0.0, *(float(s.star) for s in ladder)])
    star = values[np.searchsorted([s.minimum for s in ladder], np.nan_to_num(total, nan=-1.0), side="right")]
    return np.where(np.isnan(total), np.nan, star)


def _add_probabilities(scheme: Scheme, scores: pd.DataFrame) -> None:
    """P(total in the band of each star), total + se·t(df); the lowest and the highest band are open."""
    ladder = _ladder(scheme)
    exact = scores["total_exact"].to_numpy(dtype=np.float64)
    se, df = known_error(scores)
    star = scores["star"].to_numpy(dtype=np.float64)
    known = ~np.isnan(exact) & ~np.isnan(se)
    below = [np.zeros(len(scores))]
    for step in ladder:
        with np.errstate(divide="ignore", invalid="ignore"):
            below.append(np.asarray(scipy.special.stdtr(df, (step.minimum - exact) / se), dtype=np.float64))
    below.append(np.ones(len(scores)))
    chances = {k: np.zeros(len(scores)) for k in range(STARS)}
    for band, number in enumerate([0, *(s.star for s in ladder)]):
        certain = (star == number).astype(np.float64)  # a census: the star itself
        chances[number] = np.where(se == 0, certain, below[band + 1] - below[band])
    for k in range(STARS):
        scores[f"star_p{k}"] = np.where(known, chances[k], np.nan)
    own = np.select([star == k for k in chances], list(chances.values()), default=np.nan)
    scores["star_probability"] = np.where(known, own, np.nan)


def _next_gap(scheme: Scheme, total: Floats) -> Floats:
    """Points missing to the next star; NaN at the top and where there is no total."""
    minima = np.array([*(s.minimum for s in _ladder(scheme)), np.nan])
    place = np.searchsorted(minima[:-1], np.nan_to_num(total, nan=-1.0), side="right")
    return np.round(minima[place] - total, limits.TOTAL_DECIMALS)


def noted(scores: pd.DataFrame, code: str) -> Bools:
    """Which score rows carry a note."""
    return np.array([code in str(note).split(SEPARATOR) for note in scores["note"]], dtype=bool)


def add_ranks(scores: pd.DataFrame, ranked: Bools) -> None:
    """Ranks among the ``ranked`` of each sub-district and year, and what the sampling error leaves of them, in place."""
    rank = np.full(len(scores), np.nan)
    place = scores["sub_district"].fillna("").astype(str) + "\0" + scores["year"].astype(str)
    total, league = scores["total"].to_numpy(dtype=np.float64), pd.factorize(place)[0]
    for one in np.unique(league[ranked]):
        rows = ranked & (league == one)
        rank[rows] = competition_rank(total[rows])
    scores["rank"] = rank
    add_standing(scores, ranked)


def status_of(star: Floats, vetoed: Bools) -> npt.NDArray[np.object_]:
    """``vetoed``, ``incomplete`` or ``calculated``: nobody has spoken yet, whoever will decide a star."""
    return np.where(vetoed, "vetoed", np.where(np.isnan(star), "incomplete", "calculated")).astype(object)


def stability(probability: float | None) -> str:
    """``stable`` 稳定, ``fairly_stable`` 较稳定, ``borderline`` 临界, or ``''`` where it is not known."""
    if probability is None or np.isnan(probability):
        return ""
    if probability >= limits.STABLE:
        return "stable"
    return "fairly_stable" if probability >= limits.FAIRLY_STABLE else "borderline"
