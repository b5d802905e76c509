"""What anybody needs to compute a year's 300 points again with R ``survey``: pseudonymous rows and a script.

The script knows nothing of this program's formulas: it declares the design, calibrates with R's own functions and
asks R for ratios of totals.  Communities of which the results do not show the whole breakdown have no rows here,
because the rows would show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.family import ALSO
from analysis.exports.flat_files import to_csv_text
from analysis.exports.recognisable import Recognisable, recognisable
from analysis.exports.row_order import row_order
from analysis.publication import inputs as year_inputs
from analysis.publication.kept_measures import scheme_of
from analysis.sample.completeness import Completeness, Item, completeness, scored_items
from analysis.sample.item_values import item_scores
from analysis.sample.pooled_sample import Groups, Pool, group_by, pool
from analysis.sample.populations import no_population
from analysis.sample.weights import Axis, Weighted, weigh_sample
from analysis.scheme.model import Scheme
from analysis.scoring.results import Results
from analysis.scoring.score import Inputs
from analysis.scoring.subjective import item_points
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.notes import LATE, SEPARATOR, note_text
from survey.core import limits
from survey.core.lang import say
from survey.core.masking import masked_frame
from survey.core.plain_table import protected
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire
from survey.store import Store, audit

FOLDER = "verify"
#: computes the 300 points again in R
SCRIPT = Path(__file__).with_name("verify.R")
#: a number of PSUs that stands for a population without end: R's 1 − n/N is 1
_ENDLESS = 1e300
_README = ("what", "how", "rows", "files", "weighting", "withheld", "keep")


@dataclass(frozen=True)
class Verification:
    """The files of the folder by name, and how easily the people in them are recognised."""

    files: dict[str, bytes]
    risk: Recognisable


def year_verification(
    store: Store, results: Results, lang: str, who: str, *, classes: bool = True
) -> Verification | None:
    """``verification`` of a year's results from the store, with a line in the audit record; None where nobody answered."""
    year = int(results.meta["year"])
    with store.read() as conn:
        inputs = year_inputs.gather(conn, year, scheme_of(conn, year), ALSO)
    if not inputs.parts:
        return None
    found = verification(results, inputs, lang, classes=classes)
    with store.write(aside=True) as conn:
        detail = {"data_version": results.meta["data_version"], "rows": found.risk.rows, "classes": classes}
        audit.record(conn, who, "export verify", str(year), detail)
    return found


def verification(results: Results, inputs: Inputs, lang: str, *, classes: bool = True) -> Verification:
    """The files of the folder ``verify``; ``inputs`` are what ``results`` were computed from.

    Single responses, for a named receiver: outside of what docs/privacy.md guarantees of tables.  Without ``classes`` the
    communities that are weighted stay out, because their weights tell the sex and age of each row.

    ``responses.csv``  one row a stored response of the communities that can be checked, ordered and numbered by
                       contents (``row_order``) and never as stored: ``id, community, year, stratum, psu, ssu, fpc,
                       fpc2`` (only where they are stated and count), ``base_weight, weight, scored``, ``margin_<k>`` its class of each
                       margin where the year is weighted, then the 0–100 score of every item (``item_<name>``).  A
                       row that only belongs to a stratum of others has no community and no answers.
    ``points.csv``     what each item is worth in each of these communities.
    ``replicates.csv`` the factor of each replicate weight (``rep_<sample>_<r>`` of ``responses.csv``).
    ``margins.csv``    population by class of each margin, of the communities that are weighted.
    ``scores.csv``     the published numbers of all communities.
    ``settings.csv``   weighting, lonely-PSU rule, trimming.  ``verify.R`` and ``README.txt``.
    """
    found = _found(results, _by_contents(results, inputs, classes), classes)
    rows, shown, codes = _in_order(found), found.shown, found.codes
    beside = [str(column) for column in found.rows if str(column).startswith("margin_")]
    risk = recognisable(found.sample, found.rows.index.to_numpy(), found.rows, beside)
    tables = {
        "replicates.csv": _replicates(found.sample),
        "points.csv": _points(codes, found.items, found.worth, found.needed & shown[:, None]),
        "margins.csv": _margins(codes, found.weighted, shown),
        "scores.csv": _published(results, lang),
        "settings.csv": _settings(results, inputs.scheme),
    }
    files = {name: to_csv_text(frame).encode() for name, frame in tables.items()}
    files["responses.csv"] = masked_frame(rows).to_csv(index=False, lineterminator="\n").encode()
    about = [say(lang, f"verification.{key}", year=inputs.year) for key in _README]
    if not classes:
        about.append(say(lang, "verification.without_classes"))
    about.append(risk.told(lang))
    text = "\n\n".join(about) + "\n"
    return Verification({**files, "verify.R": SCRIPT.read_bytes(), "README.txt": text.encode()}, risk)


@dataclass(frozen=True)
class _Found:
    """What the files are written from; ``rows``: ``responses.csv`` as the sample has it, the index its places."""

    sample: Pool
    rows: pd.DataFrame
    codes: list[str]
    shown: Bools
    weighted: Weighted | None
    items: Sequence[Item]
    worth: Floats
    needed: Bools


def _found(results: Results, inputs: Inputs, classes: bool) -> _Found:
    scheme, sample = inputs.scheme, pool(inputs.parts)
    items = scored_items(scheme, inputs.parts)
    taken = completeness(scheme, sample, items)
    groups = group_by({"year": sample.factor("year"), "community_code": sample.community}, len(sample))
    codes = [str(code) for code in groups.keys["community_code"]]
    shown = np.isin(codes, _whole(results)) & ~_mixed(sample, groups, taken.scored)
    weighted = _weighted(inputs, sample, groups, taken)
    if not classes and weighted is not None:
        shown &= ~weighted.applied
        weighted = None
    worth, needed = item_points(scheme, sample, groups, items)
    rows = _rows(sample, groups, taken.scored, shown, weighted)
    for item in items:
        values = sample.stack(partial(_item_scores, scheme, item.name), item.parts)[rows.index]
        rows[f"item_{item.name}"] = np.where(rows["scored"] == 1, values, np.nan)
    rows = pd.concat([rows, *_replicate_weights(sample, rows.index)], axis=1)
    return _Found(sample, rows, codes, shown, weighted, items, worth, needed)


def _by_contents(results: Results, inputs: Inputs, classes: bool) -> Inputs:
    """The same responses, ordered by their contents before anything is computed of them.

    Calibrated weights are sums, and a sum taken in another order ends in another last digit: they would tell.
    """
    found = _found(results, inputs, classes)
    places, stratum, psu, ssu = _labels(found)
    order = row_order(found.rows.drop(columns="weight"), stratum, psu, ssu)[0]
    rank = np.full(len(found.sample), len(found.sample))
    rank[places[order]] = np.arange(len(places))
    parts, start = [], 0
    for form, block in inputs.parts:
        parts.append((form, block.take(np.argsort(rank[start : start + len(block)], kind="stable"))))
        start += len(block)
    return replace(inputs, parts=parts)


def _labels(found: _Found) -> tuple[Ints, Ints, Ints, Ints | None]:
    """Places of the rows in the sample, and a label of each one's stratum, PSU and SSU (None: each its own)."""
    design, places = found.sample.design, found.rows.index.to_numpy()
    psu = np.arange(len(found.sample)) if design.psu is None else design.psu
    ssu = None if design.second is None else design.second.unit
    return places, design.stratum[places], psu[places], None if ssu is None else ssu[places]


def _whole(results: Results) -> list[str]:
    """Communities of which every number and every spread of answers is shown: their rows give nothing more away.

    Where data came in that the published version does not count, the responses of now are not those of the numbers.
    """
    items, scores = results.items, results.scores
    counts = pd.to_numeric(items["n"])
    held_back = set(items.loc[~(counts >= limits.TOTALS_BELOW), "community_code"])
    enough = scores["subjective"].notna() & (scores["n"] >= limits.TOTALS_BELOW)
    enough &= ~np.array([LATE in str(note).split(SEPARATOR) for note in scores["note"]], dtype=bool)
    return [str(code) for code in scores.loc[enough, "community_code"] if code not in held_back]


def _mixed(sample: Pool, groups: Groups, scored: Bools) -> Bools:
    """(G,) some responses have replicate weights and others have none or those of another sample: variances add there,
    which R has no single design for."""
    kinds = np.zeros(len(sample), dtype=np.int64)
    for k, one in enumerate(sample.replicates, 1):
        kinds[one.rows] = k
    found = [groups.any(scored & (kinds == k)) for k in range(len(sample.replicates) + 1)]
    return np.asarray(np.sum(found, axis=0) > 1)


def _replicate_weights(sample: Pool, rows: pd.Index) -> list[pd.DataFrame]:
    """The replicate weights of each sample that brought some, empty for the responses of others."""
    frames = []
    for k, one in enumerate(sample.replicates, 1):
        names = [f"rep_{k}_{r}" for r in range(1, len(one.factor) + 1)]
        frame = pd.DataFrame(one.weights[one.place], columns=names, index=one.rows)
        frames.append(frame.reindex(rows))
    return frames


def _replicates(sample: Pool) -> pd.DataFrame:
    rows = [
        (k, r, factor, int(one.mse))
        for k, one in enumerate(sample.replicates, 1)
        for r, factor in enumerate(one.factor.tolist(), 1)
    ]
    return pd.DataFrame(rows, columns=["sample", "replicate", "factor", "mse"])


def _weighted(inputs: Inputs, sample: Pool, groups: Groups, taken: Completeness) -> Weighted | None:
    """The weights that count, None where the scheme does not weight."""
    method = inputs.scheme.weighting
    if method == "none":
        return None
    people = no_population() if inputs.population is None else inputs.population
    return weigh_sample(sample, sample.design, groups, taken.scored, inputs.scheme, method, people)


def _rows(sample: Pool, groups: Groups, scored: Bools, shown: Bools, weighted: Weighted | None) -> pd.DataFrame:
    """``responses.csv`` as stored, without ids, strata, PSUs and items; the index is the place in the sample."""
    design = sample.design
    mine = (groups.code >= 0) & shown[groups.code]
    used = np.zeros(len(design.psus), dtype=bool)
    used[design.stratum[mine]] = True
    rows = np.flatnonzero(used[design.stratum])
    own, counts = mine[rows], (mine & scored)[rows]
    names = np.array([*(protected(str(code)) for code in groups.keys["community_code"]), None], dtype=object)
    weight = design.weight if weighted is None else weighted.design.weight
    frame: dict[str, Any] = {
        "community": names[np.where(own, groups.code[rows], len(groups))],
        "year": sample.numbers("year")[rows].astype(np.int64),
    }
    population = design.population[design.stratum[rows]]
    if np.isfinite(population).any():
        frame["fpc"] = np.where(np.isfinite(population), population, _ENDLESS)
        if design.second is not None:
            frame["fpc2"] = design.second.population[design.second.part[rows]]
    frame |= {
        "base_weight": np.where(own, design.weight[rows], 1.0),
        "weight": np.where(own, weight[rows], 1.0),
        "scored": counts.astype(np.int64),
    }
    for k, axis in enumerate(weighted.axes if weighted else (), 1):
        classes = axis.margin.classes[groups.code[rows], axis.code[rows]]
        frame[f"margin_{k}"] = pd.array(classes, dtype="Int64")
        frame[f"margin_{k}"][~counts] = pd.NA
    return pd.DataFrame(frame, index=rows)


def _in_order(found: _Found) -> pd.DataFrame:
    """The rows in an order that says nothing of how they were stored, with ids, strata and PSUs numbered in it."""
    rows, (_, stratum, psu, ssu) = found.rows, _labels(found)
    order, strata, psus, ssus = row_order(rows, stratum, psu, ssu)
    ordered = rows.iloc[order].reset_index(drop=True)
    ordered.insert(0, "id", [f"r{i:07d}" for i in range(1, len(rows) + 1)])
    ordered.insert(3, "stratum", strata)
    ordered.insert(4, "psu", psus)
    if "fpc2" in ordered:
        ordered.insert(5, "ssu", np.arange(1, len(rows) + 1) if ssus is None else ssus)
    return ordered


def _item_scores(scheme: Scheme, name: str, form: Questionnaire, block: ResponseBlock) -> Floats | None:
    return item_scores(form, block, name, scheme)


def _points(codes: Sequence[str], items: Sequence[Item], worth: Floats, used: Bools) -> pd.DataFrame:
    rows = [(codes[g], items[j].name, items[j].dimension.code, worth[g, j]) for g, j in np.argwhere(used)]
    return pd.DataFrame(rows, columns=["community", "item", "dimension", "points"])


def _margins(codes: Sequence[str], weighted: Weighted | None, shown: Bools) -> pd.DataFrame:
    """Targets as they were met: scaled to one total, without margins of a single class, which say nothing."""
    rows: list[tuple[Any, ...]] = []
    if weighted is not None:
        for k, axis in enumerate(weighted.axes, 1):
            for g in np.flatnonzero(weighted.applied & shown).tolist():
                target, held = axis.margin.target[g], _held(axis, g)
                if len(held) > 1 or len(weighted.axes) == 1:
                    scale = weighted.population[g] / target.sum()
                    rows += [(codes[g], k, "_".join(axis.names), c, target[c] * scale) for c in held.tolist()]
    return pd.DataFrame(rows, columns=["community", "margin", "of", "class", "population"])


def _held(axis: Axis, group: int) -> Ints:
    """The classes of a community that somebody is in."""
    return np.unique(axis.margin.classes[group][axis.n[group] > 0])


def _published(results: Results, lang: str) -> pd.DataFrame:
    """The subjective numbers of every community, and why there are none."""
    scores = results.scores
    numbers = ["n", *(c for c in scores.columns if c.startswith("subjective"))]
    frame = scores[["community_code", "community", *numbers]].rename(
        columns={"community_code": "community", "community": "name"}
    )
    frame["note"] = [note_text(note, lang) for note in scores["note"]]
    return frame


def _settings(results: Results, scheme: Scheme) -> pd.DataFrame:
    meta = results.meta
    title = f"{meta['year']}, {meta['scheme']} {meta['scheme_version']}, data version {meta['data_version']}"
    pairs = [
        ("title", title),
        ("weighting", scheme.weighting),
        ("lonely_psu", scheme.lonely_psu),
        ("trim", "none" if scheme.trim is None else f"{scheme.trim:g}"),
    ]
    return pd.DataFrame(pairs, columns=["key", "value"])
