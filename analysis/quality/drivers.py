"""What goes with overall happiness: how much of its variance each dimension and each item carries.

Outcome: an overall question that is not scored.  Predictors: a respondent's mean score (0–100) in each
dimension, and the items.  Dimensions by exact LMG, items by Johnson's relative weights, within their
dimension and among all items (``analysis.statistics.importance``); survey weights honoured, intervals by the
bootstrap of the design (``analysis.statistics.bootstrap``).  An association: nothing here says what causes what.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.item_values import item_scores, levelled, own_values
from analysis.sample.person_scores import PersonScores
from analysis.scoring.score_weights import ScoreWeights, Weights, weigh_people
from analysis.statistics.bootstrap import covariances, draw_counts, interval, moments
from analysis.statistics.design import Bools, Floats
from analysis.statistics.estimation import base_of
from analysis.statistics.importance import MOST_PREDICTORS, Fit, correlations, fit, lmg, relative_weights
from analysis.statistics.notes import join_notes
from survey.core.columns import CODE, FLAG, NUMBER, SHARE, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.form.model import Question, Questionnaire

#: complete cases below which nothing is said
LEAST = 200
#: a predictor that the others explain to more than 90 % can't be told apart from them
COLLINEAR = 10.0
COLUMNS = columns(
    Column("level", CODE),
    Column("dimension", CODE),
    Column("name", CODE),
    Column("n", WHOLE),
    Column("score", NUMBER),
    Column("correlation", NUMBER),
    Column("beta", NUMBER),
    Column("vif", NUMBER),
    Column("importance", NUMBER),
    Column("share", SHARE),
    Column("share_low", SHARE),
    Column("share_high", SHARE),
    Column("among_all", SHARE),
    Column("among_all_low", SHARE),
    Column("among_all_high", SHARE),
    Column("priority", CODE),
    Column("clear", FLAG),
    Column("note", CODE),
    Column("weights", CODE),
)
PRIORITIES = ("improve_first", "keep", "improve_later", "maintain")


@dataclass(frozen=True)
class Drivers:
    """The drivers of one outcome in one place.

    ``frame``: ``COLUMNS``; one row a dimension (``level`` dimension), then one an item (``level`` item).
    ``importance`` is a part of R², ``share`` the same as a part of 1: of all dimensions, or of the items of the
    dimension; ``among_all`` of all items.  ``score`` is the mean, 0–100; ``priority`` one of ``PRIORITIES``;
    ``clear`` whether the interval of the importance lies on one side of the average.  NaN where not known.
    ``r2`` with interval: what the dimensions explain together; ``n`` complete cases of ``asked`` responses.
    ``leading`` the first dimension, ``leads`` whether it is surely ahead of the second; ``weights`` those that were
    used; ``notes`` stable codes.
    """

    frame: pd.DataFrame
    r2: float
    r2_low: float
    r2_high: float
    n: int
    asked: int
    leading: str
    leads: bool
    weights: Weights
    notes: tuple[str, ...]


def candidates(form: Questionnaire) -> list[Question]:
    """The questions that can be an outcome: not scored, no role, a number or ordered choices; numbers first."""
    free = [q for q in form.questions if not q.scored and not q.role]
    numbers = [q for q in free if q.coding == "step"]
    return [*numbers, *(q for q in free if q.coding == "number" or (q.coding == "choice" and levelled(q)))]


def outcome_of(form: Questionnaire, name: str | None) -> Question:
    """The question named, else the first bounded number that is not scored.

    Raises Refused where there is none, or the one named can't be an outcome.
    """
    known = candidates(form)
    names = [q.name for q in known] or "—"
    if name is None:
        if not known:
            raise Refused("drivers.no_outcome")
        return known[0]
    found = next((q for q in known if q.name == name), None)
    if found is None:
        raise Refused("drivers.bad_outcome", name=name, known=names)
    return found


def outcome_values(person: PersonScores, name: str) -> Floats:
    """(n,) the outcome: 0–100 where the question can be scored, else its own number; NaN where not answered."""

    def values(form: Questionnaire, block: object) -> Floats | None:
        if name not in form.position:
            return None
        scored = item_scores(form, block, name, person.scheme)  # type: ignore[arg-type]
        return own_values(form, block, name) if scored is None else scored  # type: ignore[arg-type]

    return person.sample.stack(values)


@dataclass(frozen=True)
class _Decomposed:
    """One decomposition: per predictor (p,), draws (B, p) of the shares; ``parts`` of R² in ``importance``."""

    n: int
    fit: Fit
    importance: Floats
    share: Floats
    draws: Floats
    r2_draws: Floats

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """95 % of the shares (p,)."""
        return interval(self.draws)


def find_drivers(
    person: PersonScores,
    outcome: Floats,
    inside: Bools,
    populations: Mapping[str, float],
    score: ScoreWeights | None = None,
    weights: Weights = Weights.SCORE,
) -> Drivers:
    """The drivers among the scored responses of a mask (n,); ``score`` as in ``scoring.score_weights.weigh_people``.

    Raises Refused with fewer than ``LEAST`` complete cases, without scored dimensions, or where everyone
    gave the outcome alike.
    """
    if not person.used:
        raise Refused("drivers.no_items")
    kept = inside & person.scored & ~np.isnan(outcome) & (person.sample.design.weight > 0)
    complete = kept & ~np.isnan(person.dimensions).any(axis=1)
    asked, n = int((inside & person.scored).sum()), int(complete.sum())
    if n < LEAST:
        raise Refused("drivers.too_few", n=n, least=LEAST)
    if np.ptp(outcome[complete]) == 0:
        raise Refused("drivers.no_variation")
    weighed = weigh_people(person.sample, inside & person.scored, populations, score, weights)
    domains, happy = weighed.domains, weighed.take(outcome)
    blocks = [_block(weighed.take(person.dimensions), happy)]
    sets = [person.places(d.code) for d in person.used]
    for places in (*sets, list(range(len(person.items)))):
        blocks.append(_block(weighed.take(person.scores[:, places]), happy))
    enough = [int(b[:, -1].sum()) >= LEAST for b in blocks]
    counts = draw_counts(domains)
    second = moments(domains, [b for b, e in zip(blocks, enough, strict=True) if e], counts)
    pieces = iter(second)
    found = [
        _decompose(next(pieces), b, exact=i == 0) if e else None
        for i, (b, e) in enumerate(zip(blocks, enough, strict=True))
    ]
    base = base_of(domains)
    kinds = set(person.sample.column("sample_type")[inside & person.scored].dropna())
    notes = [
        note
        for note, holds in (
            ("open_sample", "open" in kinds),
            ("quota_sample", "quota" in kinds and "open" not in kinds),
            ("one_psu", bool(base.lonely[0])),
            ("no_population", weighed.lacking),
            ("many_dimensions", len(person.used) > MOST_PREDICTORS),
        )
        if holds
    ]
    drivers = _result(person, found, _means(person, inside, weighed.weight), asked, notes)
    drivers.frame["weights"] = weighed.used.value
    return replace(drivers, weights=weighed.used, notes=(*drivers.notes, *weighed.notes))


def _block(predictors: Floats, outcome: Floats) -> Floats:
    """(m, p + 2) predictors, outcome and ones about their means; rows of zeros for who lacks one of them."""
    values = np.column_stack([predictors, outcome])
    whole = np.asarray(~np.isnan(values).any(axis=1))
    middle = values[whole].mean(axis=0) if whole.any() else np.zeros(values.shape[1])
    return np.where(whole[:, None], np.column_stack([values - middle, np.ones(len(values))]), 0.0)


def _decompose(second: Floats, block: Floats, *, exact: bool) -> _Decomposed:
    correlation = correlations(covariances(second))
    every_order = exact and correlation.shape[1] <= MOST_PREDICTORS + 1
    parts = lmg(correlation) if every_order else relative_weights(correlation)
    r2 = parts.sum(axis=1)
    share = parts / np.where(r2 > 0, r2, 1.0)[:, None]
    return _Decomposed(int(block[:, -1].sum()), fit(correlation[:1]), parts[0], share[0], share[1:], r2[1:])


def _means(person: PersonScores, inside: Bools, weight: Floats) -> Floats:
    """(J,) weighted mean score of each item over everyone who is scored and has an opinion, as in the results."""
    rows = np.flatnonzero(inside & person.scored)
    scores, known = person.scores[rows], ~np.isnan(person.scores[rows])
    total = (known * weight[rows, None]).sum(axis=0)
    sums = (np.where(known, scores, 0.0) * weight[rows, None]).sum(axis=0)
    return np.where(total > 0, sums / np.where(total > 0, total, 1.0), np.nan)


def _result(
    person: PersonScores, found: Sequence[_Decomposed | None], means: Floats, asked: int, notes: list[str]
) -> Drivers:
    whole, every = found[0], found[-1]
    assert whole is not None
    blind = bool({"open_sample", "one_psu"} & set(notes))
    worth = person.weights.max(axis=0, initial=0.0)
    dimension_means = np.array([_average(means[p], worth[p]) for p in (person.places(d.code) for d in person.used)])
    frame = pd.concat(
        [
            _dimension_rows(person, whole, dimension_means),
            *(_item_rows(person, d.code, part, every, means) for d, part in zip(person.used, found[1:-1], strict=True)),
        ],
        ignore_index=True,
    )
    frame = _with_priorities(frame)
    if blind:
        bounds = [c for c in COLUMNS.names if c.endswith(("_low", "_high"))]
        frame[bounds], frame["clear"] = np.nan, False
    low, high = interval(whole.r2_draws)
    order = np.argsort(-whole.share, kind="stable")
    ahead = not blind and len(order) > 1
    if ahead:
        ahead = float(interval(whole.draws[:, order[0]] - whole.draws[:, order[1]])[0]) > 0
    ends = (np.nan, np.nan) if blind else (float(low), float(high))
    return Drivers(
        frame[[name for name in COLUMNS.names if name != "weights"]].copy(),
        float(whole.importance.sum()),
        *ends,
        whole.n,
        asked,
        person.used[int(order[0])].code,
        bool(ahead),
        Weights.SCORE,
        tuple(notes),
    )


def _average(means: Floats, worth: Floats) -> float:
    """Mean of the items that anybody answered; NaN where nobody did."""
    known = ~np.isnan(means) & (worth > 0)
    return float(np.average(means[known], weights=worth[known])) if known.any() else math.nan


def _dimension_rows(person: PersonScores, found: _Decomposed, means: Floats) -> pd.DataFrame:
    low, high = found.interval
    codes = [d.code for d in person.used]
    return pd.DataFrame(
        {
            "level": "dimension",
            "dimension": codes,
            "name": codes,
            "n": found.n,
            "score": means,
            "correlation": found.fit.correlation[0],
            "beta": found.fit.beta[0],
            "vif": _finite(found.fit.vif[0]),
            "importance": found.importance,
            "share": found.share,
            "share_low": low,
            "share_high": high,
            "among_all": np.nan,
            "among_all_low": np.nan,
            "among_all_high": np.nan,
            "note": _warnings(found.fit),
        }
    )


def _item_rows(
    person: PersonScores, dimension: str, part: _Decomposed | None, every: _Decomposed | None, means: Floats
) -> pd.DataFrame:
    places = person.places(dimension)
    frame = pd.DataFrame(
        {
            "level": "item",
            "dimension": dimension,
            "name": [person.items[j].name for j in places],
            "score": means[places],
        }
    )
    numbers = [c for c in COLUMNS.names if c not in (*frame, "priority", "clear", "note", "weights")]
    frame[numbers] = np.nan
    frame["note"] = "too_few_complete" if part is None else _warnings(part.fit)
    if part is not None:
        frame["n"], frame["importance"], frame["share"] = part.n, part.importance, part.share
        frame["share_low"], frame["share_high"] = part.interval
        frame["correlation"], frame["beta"] = part.fit.correlation[0], part.fit.beta[0]
        frame["vif"] = _finite(part.fit.vif[0])
    if every is not None:
        low, high = every.interval
        frame["among_all"], frame["among_all_low"], frame["among_all_high"] = (
            every.share[places],
            low[places],
            high[places],
        )
    return frame


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _warnings(found: Fit) -> list[str]:
    """By predictor: it repeats the others; or goes against the outcome, alone or beside the others."""
    collinear = np.asarray(~(found.vif[0] <= COLLINEAR))
    against = np.asarray(found.correlation[0] < 0)
    turned = ~against & np.asarray(found.beta[0] < 0)
    size = len(found.vif[0])
    return [*join_notes(size, (collinear, "collinear"), (against, "against_outcome"), (turned, "turned"))]


def _with_priorities(frame: pd.DataFrame) -> pd.DataFrame:
    """``priority`` and ``clear``: importance and score against their averages, among dimensions, among items."""
    frame["priority"] = pd.Series([None] * len(frame), dtype=object)
    frame["clear"] = False
    for level, column in (("dimension", "share"), ("item", "among_all")):
        rows = frame.index[(frame["level"] == level) & frame[column].notna() & frame["score"].notna()]
        if not len(rows):
            continue
        share, score = frame.loc[rows, column], frame.loc[rows, "score"]
        important, good = share >= 1 / len(rows), score >= score.mean()
        frame.loc[rows, "priority"] = np.select(
            [important & ~good, important & good, ~important & ~good], PRIORITIES[:3], PRIORITIES[3]
        )
        low, high = frame.loc[rows, f"{column}_low"], frame.loc[rows, f"{column}_high"]
        frame.loc[rows, "clear"] = (low > 1 / len(rows)) | (high < 1 / len(rows))
    return frame
