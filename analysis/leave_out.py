"""The 300 points without one interviewer, or without one batch: for every one of them at once.

Exactly what ``score_subjective`` would give if the responses had never come, by the same kernel: each
community's responses are laid out once for every key (interviewer, batch) that occurs in it, without those
of the key, and their strata lose the PSUs that consist of the key alone.  Nothing is imported or scored again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.design import Bools, Design, Floats, Ints
from analysis.estimation import Domains, base_of, conclude, lay_domains, linearise, variance
from analysis.person_scores import PersonScores
from analysis.subjective import points_where

#: responses laid out at a time
_ROOM = 1_000_000
_RESULTS = ("n", "subjective", "se", "df")


def leave_out(person: PersonScores, keys: tuple[Ints, pd.Index]) -> pd.DataFrame:
    """``community_code, key, removed, n, subjective, se, df``: every community without each of its keys.

    ``keys``: codes (n,), −1 for none, and their values; the responses are of one year.  ``removed`` are the scored
    responses of the key, ``n`` those that are left; NaN where nothing can be known, as in the results.
    """
    sample = person.sample
    community, places = sample.community
    code, names = keys
    table = _pairs(community, code, person.scored, len(names))
    used = [_remain(community[rows], code[rows], table) for rows in sample.bounds]
    worth, needed = points_where(person.scheme, sample, used, person.items)
    lost = _lost_psus(sample.design, code)
    pieces = [pd.DataFrame(columns=list(_RESULTS), dtype=np.float64)]
    for chunk, rows, group in _laid_out(community, code, person.scored, table):
        key = table["key"].to_numpy()[chunk]
        domains = _domains(sample.design, lost, rows, group, key)
        pieces.append(_scored(person, domains, worth[chunk], needed[chunk]))
    front = pd.DataFrame({
        "community_code": places[table["community"]].to_numpy(), "key": names[table["key"]].to_numpy(),
        "removed": table["removed"],
    })  # fmt: skip
    return pd.concat([front, pd.concat(pieces[min(1, len(table)) :], ignore_index=True)], axis=1)


def _pairs(community: Ints, code: Ints, scored: Bools, keys: int) -> pd.DataFrame:
    """``community, key, removed``: the pairs that occur among scored responses, by community."""
    inside = scored & (community >= 0) & (code >= 0)
    pairs, removed = np.unique(community[inside] * keys + code[inside], return_counts=True)
    return pd.DataFrame({"community": pairs // max(keys, 1), "key": pairs % max(keys, 1), "removed": removed})


def _remain(community: Ints, code: Ints, table: pd.DataFrame) -> Bools:
    """By pair, whether the community has responses among these once those of the key are gone."""
    every = pd.Series(community).value_counts()
    mine = pd.DataFrame({"community": community, "key": code}).value_counts()
    whole = every.reindex(table["community"], fill_value=0).to_numpy()
    gone = mine.reindex(pd.MultiIndex.from_frame(table[["community", "key"]]), fill_value=0).to_numpy()
    return np.asarray(whole > gone)


def _lost_psus(design: Design, code: Ints) -> tuple[Ints, Floats]:
    """Keys × strata, as one sorted number, and how many PSUs of the stratum consist of the key alone."""
    if design.psu is None:
        key, stratum = code, design.stratum
    else:
        order = np.argsort(design.psu, kind="stable")
        starts = np.flatnonzero(np.diff(design.psu[order], prepend=-1))
        least, most = (f.reduceat(code[order], starts) for f in (np.minimum, np.maximum))
        key, stratum = np.where(least == most, least, -1), design.stratum[order][starts]
    inside = key >= 0
    numbers, counts = np.unique(key[inside] * len(design.psus) + stratum[inside], return_counts=True)
    return numbers, counts.astype(np.float64)


def _laid_out(community: Ints, code: Ints, scored: Bools, table: pd.DataFrame) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Some pairs at a time, the responses that are left to them, and the pair (0 … of these) of each."""
    rows = np.flatnonzero(scored & (community >= 0))
    rows = rows[np.argsort(community[rows], kind="stable")]
    size = np.bincount(community[rows], minlength=int(table["community"].max()) + 1 if len(table) else 0)
    start = np.cumsum(size) - size
    home = table["community"].to_numpy()
    room = np.cumsum(size[home]) // _ROOM
    for part in np.unique(room):
        chunk = np.flatnonzero(room == part)
        counts = size[home[chunk]]
        group = np.repeat(np.arange(len(chunk)), counts)
        place = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts) + start[home[chunk]][group]
        left = rows[place]
        kept = code[left] != table["key"].to_numpy()[chunk][group]
        yield chunk, left[kept], group[kept]


def _domains(design: Design, lost: tuple[Ints, Floats], rows: Ints, group: Ints, key: Ints) -> Domains:
    """The groups laid over the design that is left to each; ``rows`` (r,) of the design, with repetitions."""
    strata = len(design.psus)
    stratum, found = pd.factorize(key[group] * strata + design.stratum[rows])
    found = np.asarray(found, dtype=np.int64)
    numbers, counts = lost
    place = np.searchsorted(numbers, found)
    hit = numbers[np.minimum(place, max(len(numbers) - 1, 0))] == found if len(numbers) else np.zeros(len(found), bool)
    gone = np.where(hit, counts[np.minimum(place, max(len(numbers) - 1, 0))], 0.0) if len(numbers) else 0.0
    left = replace(
        design, weight=design.weight[rows], stratum=np.asarray(stratum, dtype=np.int64),
        psu=None if design.psu is None else design.psu[rows], psus=design.psus[found % strata] - gone,
        population=design.population[found % strata],
    )  # fmt: skip
    domains = lay_domains(left, group, len(key))
    return replace(domains, rows=rows if domains.rows is None else rows[domains.rows])


def _scored(person: PersonScores, domains: Domains, worth: Floats, needed: Bools) -> pd.DataFrame:
    """``n, subjective, se, df`` of each group, as ``score_subjective`` has them."""
    total, influence = np.zeros(domains.size), np.zeros(len(domains.group))
    for j in range(len(person.items)):
        values = domains.take(person.scores[:, j])
        base = base_of(domains, ~np.isnan(values))
        mean, linearised = linearise(domains, base, values)
        total += np.where(needed[:, j], worth[:, j] * mean / 100, 0.0)
        influence += (worth[:, j] / 100)[domains.group] * linearised
    for dimension in person.scheme.dimensions:
        if dimension.subjective_points:
            total[~needed[:, person.places(dimension.code)].any(axis=1)] = np.nan
    base = base_of(domains)
    result = conclude(base, np.where(base.n > 0, total, np.nan), variance(domains, influence))
    return pd.DataFrame({"n": base.n, "subjective": result.mean, "se": result.se, "df": result.df})
