"""How well the questions of a year hold together, by questionnaire, dimension and survey mode.

Rows: scored responses with an opinion on every item of the dimension (listwise, as R ``svycralpha(na.rm = TRUE)``);
beside it alpha from all pairs of answers, which shows whether leaving the others out matters.  Values: the 0–100
scores that the 300 points are made of.  Weights: those of the score, over several communities as in ``estimate``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.engine import Connection

from analysis.publication import inputs as year_inputs
from analysis.quality.measure import WEIGHTS, Body, Measure, Table
from analysis.quality.question_warnings import warnings_of, worded
from analysis.sample.completeness import Item, completeness, scored_items
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.item_values import NO_OPINION, item_scores
from analysis.sample.pooled_sample import Part, Pool, pool
from analysis.scheme import Scheme
from analysis.scoring.score_weights import ScoreWeights, Weighed, Weights, score_weights, weigh_people
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.notes import note_text
from analysis.statistics.reliability import (
    alpha,
    alpha_interval,
    alpha_without,
    covariance,
    item_rest,
    omega,
    one_factor,
    pairwise,
    variance_shares,
)
from survey.core.columns import CODE, NUMBER, SHARE, TEXT, WHOLE, Column, columns
from survey.core.lang import say

#: complete responses below which nothing is said, and below which it is said with a warning
NONE_BELOW, UNSURE_BELOW = 30, 100
_ALPHA = ("alpha", "alpha_low", "alpha_high")
_EMPTY: Mapping[str, Any] = dict.fromkeys((*_ALPHA, "alpha_pairwise", "omega", "best_share"))


@dataclass(frozen=True)
class Answers:
    """Scored responses (m) to the J items of one questionnaire.

    ``scores`` (m, J) 0–100, NaN without an opinion; ``best``, ``worst`` (m, J) the ends of the scale were chosen;
    ``none`` (m, J) responded without an opinion; ``mode`` (m,) index into ``modes``, −1 unknown.
    """

    items: tuple[Item, ...]
    scores: Floats
    best: Bools
    worst: Bools
    none: Bools
    weight: Floats
    mode: Ints
    modes: tuple[str, ...]


def measure(conn: Connection, year: int, scheme: Scheme, weights: str = "score") -> dict[str, Any]:
    """``questionnaires``: per questionnaire ``name, title`` and what ``of_questionnaire`` says.

    ``weights`` those of the score, or ``base``.
    """
    inputs = year_inputs.gather(conn, year, scheme)
    populations = {c.code: float(c.adult_population) for c in inputs.communities if c.adult_population}
    by_name: dict[str, list[Part]] = {}
    titles: dict[str, str] = {}
    for known, part in zip(inputs.questionnaires, inputs.parts, strict=True):
        by_name.setdefault(known["name"], []).append(part)
        titles[known["name"]] = known["title"]
    score = score_weights(scheme, inputs.parts, inputs.population)
    names = [known["name"] for known in inputs.questionnaires]
    mine = [score and score.at([i for i, known in enumerate(names) if known == name]) for name in by_name]
    found = [
        of_questionnaire(scheme, parts, populations, at, Weights(weights))
        for parts, at in zip(by_name.values(), mine, strict=True)
    ]
    heads = [{"name": name, "title": titles[name] or name} for name in by_name]
    return {"questionnaires": [{**h, **f} for h, f in zip(heads, found, strict=True) if f["dimensions"]]}


def of_questionnaire(
    scheme: Scheme,
    parts: Sequence[Part],
    populations: Mapping[str, float],
    score: ScoreWeights | None = None,
    weights: Weights = Weights.SCORE,
) -> dict[str, Any]:
    """``n`` scored responses, how they are ``weighted``, whose ``weights``, ``notes`` on them, and ``dimensions``: a
    block each, then one of all items."""
    answers, weighed, weighted = read_answers(scheme, parts, populations, score, weights)
    pairs = pairwise(answers.scores, answers.weight)
    blocks = []
    for dimension in scheme.dimensions:
        mine = [j for j, item in enumerate(answers.items) if item.dimension.code == dimension.code]
        if mine:
            names = {f"name_{lang}": dimension.names.get(lang, dimension.code) for lang in ("zh", "en")}
            blocks.append({**names, **_block(answers, mine, dimension.code, pairs)})
    if len(blocks) > 1:
        blocks.append({"name_zh": "", "name_en": "", **_block(answers, range(len(answers.items)), "", pairs)})
    head = {"n": len(answers.scores), "weighted": weighted, "weights": weighed.used.value, "notes": list(weighed.notes)}
    return {**head, "dimensions": blocks}


def read_answers(
    scheme: Scheme,
    parts: Sequence[Part],
    populations: Mapping[str, float],
    score: ScoreWeights | None = None,
    weights: Weights = Weights.SCORE,
) -> tuple[Answers, Weighed, str]:
    """The scored answers to the items of the newest version, their weights, and how they were weighted.

    ``score`` as in ``scoring.score_weights.weigh_people``.
    ``weighted``: ``score`` (to the population, as the scheme says), ``design`` (the questionnaire's weights),
    ``population`` (adult population / n where several communities come together), ``none`` (a population is missing, or
    there is one community without weights).
    """
    sample = pool(parts)
    newest = len(sample.parts) - 1
    items = [item for item in scored_items(scheme, parts) if newest in item.parts]
    rows = np.flatnonzero(completeness(scheme, sample, items).scored)
    weighed = weigh_people(sample, np.ones(len(sample), dtype=bool), populations, score, weights)
    weight = (sample.design if weighed.lacking else weighed).weight[rows]
    weighted = "score" if weighed.calibration is not None else _base_weights(sample, weighed)
    codes, names = sample.factor("mode")
    columns = [_column(scheme, sample, item) for item in items]
    scores = _beside([c[0] for c in columns], rows)
    best, worst, none = (
        _flags([c[1] for c in columns], rows),
        _flags([c[2] for c in columns], rows),
        _flags([c[3] for c in columns], rows),
    )
    modes = tuple(str(m) for m in names)
    answers = Answers(tuple(items), scores, best, worst, none, weight, codes[rows], modes)
    return answers, weighed, weighted


def _beside(columns: Sequence[Floats], rows: Ints) -> Floats:
    """(m, J) some rows of J columns."""
    return np.column_stack([c[rows] for c in columns]) if columns else np.zeros((len(rows), 0))


def _flags(columns: Sequence[Bools], rows: Ints) -> Bools:
    """(m, J) the same of flags."""
    return np.column_stack([c[rows] for c in columns]) if columns else np.zeros((len(rows), 0), dtype=bool)


def _base_weights(sample: Pool, weighed: Weighed) -> str:
    """``design``, ``population`` or ``none``."""
    if "equal_weights" in weighed.notes:
        return "none"
    if sample.weighted.any():
        return "design"
    several = len(np.unique(sample.community[0])) > 1
    return "population" if several and not weighed.lacking else "none"


def _column(scheme: Scheme, sample: Pool, item: Item) -> tuple[Floats, Bools, Bools, Bools]:
    """(n,) scores, best and worst answers, and responses without an opinion, of one item."""
    scores = sample.stack(lambda form, block: item_scores(form, block, item.name, scheme), item.parts)
    choices = best_first(sample, item.name, item.parts)
    places = answer_places(sample, item.name, item.parts, choices)
    if choices:
        best, worst = places == 0, places == len(choices) - 1
    else:
        best, worst = scores == 100, scores == 0
    return scores, best, worst, np.isin(places, NO_OPINION)


def _block(answers: Answers, columns: Sequence[int], dimension: str, pairs: Floats) -> dict[str, Any]:
    """One dimension (or all items: ``dimension`` empty): ``dimension, k, n, n_scored, alpha, alpha_low, alpha_high, alpha_pairwise, omega, best_share, heywood, modes,
    items (of a dimension), warnings, state``; ``pairs`` (J, J) covariances of all pairs of answers; ``state`` is ``ok``, ``unsure`` (few complete responses) or ``too_few``.
    """
    mine = list(columns)
    x, w = answers.scores[:, mine], answers.weight
    complete = ~np.isnan(x).any(axis=1) & (w > 0)
    n = int(complete.sum())
    head: dict[str, Any] = {"dimension": dimension, "k": len(mine), "n": n, "n_scored": len(x)}
    if n < NONE_BELOW:
        return {**head, **_EMPTY, "heywood": False, "modes": [], "items": [], "warnings": [], "state": "too_few"}
    matrix = covariance(x[complete], w[complete])
    head.update(_measures(matrix, w[complete]), alpha_pairwise=alpha(pairs[np.ix_(mine, mine)]))
    head["best_share"] = _share(np.logical_and.reduce(answers.best[:, mine], axis=1), complete, w)
    head["modes"] = _modes(answers, mine, complete)
    head["items"] = _items(answers, mine, complete, matrix) if dimension else []
    head["state"] = "ok" if n >= UNSURE_BELOW else "unsure"
    return {**head, "warnings": warnings_of(head)}


def _measures(matrix: Floats, weight: Floats) -> dict[str, Any]:
    fitted, found = one_factor(matrix), alpha(matrix)
    low, high = alpha_interval(found, len(matrix), weight)
    return {
        "alpha": found,
        "alpha_low": low,
        "alpha_high": high,
        "omega": None if fitted is None else omega(matrix, fitted),
        "heywood": fitted is not None and fitted.bound,
    }


def _modes(answers: Answers, mine: Sequence[int], complete: Bools) -> list[dict[str, Any]]:
    """``mode, n, alpha, alpha_low, alpha_high, omega`` where several modes have enough complete responses."""
    found = []
    for code, mode in enumerate(answers.modes):
        rows = complete & (answers.mode == code)
        if rows.sum() >= NONE_BELOW:
            weight = answers.weight[rows]
            measures = _measures(covariance(answers.scores[rows][:, mine], weight), weight)
            found.append({"mode": mode, "n": int(rows.sum()), **{k: measures[k] for k in (*_ALPHA, "omega")}})
    return found if len(found) > 1 else []


def _items(answers: Answers, mine: Sequence[int], complete: Bools, matrix: Floats) -> list[dict[str, Any]]:
    rest, without = item_rest(matrix), alpha_without(matrix)
    parts = variance_shares(matrix, np.array([answers.items[j].question.weight for j in mine]))
    x, w = answers.scores[complete], answers.weight[complete]
    mean = w @ x / w.sum()
    rows = []
    for place, j in enumerate(mine):
        question, there = answers.items[j].question, ~np.isnan(answers.scores[:, j])
        responded = there | answers.none[:, j]
        rows.append(
            {
                "item": question.name,
                "place": place + 1,
                "label_zh": question.label("zh"),
                "label_en": question.label("en"),
                "n": int(there.sum()),
                "mean": mean[j],
                "sd": np.sqrt(matrix[place, place]),
                "item_rest": rest[place],
                "alpha_without": without[place],
                "variance_share": parts[place],
                "best_share": _share(answers.best[:, j], there, answers.weight),
                "worst_share": _share(answers.worst[:, j], there, answers.weight),
                "no_opinion": _share(answers.none[:, j], responded, answers.weight),
            }
        )
    return rows


def _share(mask: Bools, base: Bools, weight: Floats) -> float:
    """Weighted share of the mask among the base; NaN for an empty one."""
    total = float(weight[base].sum())
    return float(weight[base & mask].sum()) / total if total > 0 else float("nan")


# ── Reliability as one table: a row a dimension, then a row each of its items


#: ``item`` empty is the dimension, ``dimension`` ``all`` stands for all scored items, ``mode`` empty for all modes;
#: ``note`` holds the warnings in words
COLUMNS = columns(
    Column("questionnaire", TEXT),
    Column("dimension", CODE),
    Column("item", TEXT),
    Column("label", TEXT),
    Column("mode", CODE),
    Column("k", WHOLE),
    Column("n", WHOLE),
    Column("n_scored", WHOLE),
    Column("alpha", NUMBER),
    Column("omega", NUMBER),
    Column("alpha_pairwise", NUMBER),
    Column("item_rest", NUMBER),
    Column("alpha_without", NUMBER),
    Column("mean", NUMBER),
    Column("sd", NUMBER),
    Column("best_share", SHARE),
    Column("worst_share", SHARE),
    Column("no_opinion", SHARE),
    Column("variance_share", SHARE),
    Column("note", TEXT),
    Column("alpha_low", NUMBER),
    Column("alpha_high", NUMBER),
    Column("weights", CODE),
)


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [
        row
        for form in body["questionnaires"]
        for block in form["dimensions"]
        for row in _table_block(form, block, lang)
    ]


def label_of(block: Mapping[str, Any], lang: str) -> str:
    """The name of a dimension, or that it is all items."""
    return str(block[f"name_{lang}"]) if block["dimension"] else say(lang, "reliability.all_items")


def _table_block(form: Mapping[str, Any], block: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    head = {"questionnaire": form["name"], "dimension": block["dimension"] or "all", "weights": form["weights"]}
    note = " ".join(worded(w, lang) for w in block["warnings"])
    if block["state"] == "too_few":
        note = say(lang, "reliability.too_few", n=block["n"], least=NONE_BELOW)
    whole = {name: block.get(name) for name in ("k", "n", "n_scored", *_ALPHA, "omega", "alpha_pairwise", "best_share")}
    rows = [{**head, "label": label_of(block, lang), **whole, "note": note}]
    rows += [{**head, "label": label_of(block, lang), **mode} for mode in block["modes"]]
    if block["dimension"]:
        rows += [{**head, "label": item[f"label_{lang}"], **item} for item in block["items"]]
    return rows


def _said(body: Body, lang: str) -> list[str]:
    """What weights there are to be said of, a sentence a questionnaire."""
    told = [(form["title"], note_text(";".join(form["notes"]), lang)) for form in body["questionnaires"]]
    return [say(lang, "reliability.about", title=title, note=note) for title, note in told if note]


MEASURE = Measure(
    "reliability",
    4,
    measure,
    (
        Table(
            "reliability",
            COLUMNS,
            _rows,
            "dimension item label mode n alpha alpha_low alpha_high omega item_rest alpha_without no_opinion note",
            "page_quality.file_reliability",
        ),
    ),
    _said,
    options=(WEIGHTS,),
    place=1,
    title="page_quality.title_reliability",
)
