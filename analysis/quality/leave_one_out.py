"""A year's scores without one interviewer or one batch, from the store: subjective score, total and star."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.disclosure.audit import Audit
from analysis.disclosure.family import ALSO
from analysis.publication import inputs as year_inputs
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.sample.pooled_sample import Groups, pool
from analysis.sample.populations import no_population
from analysis.sample.small_groups import too_few
from analysis.sample.weights import weigh_sample
from analysis.scheme import Scheme
from analysis.scoring.objective import objective_totals, score_indicators
from analysis.scoring.rating import round_half_up, stars_of
from analysis.scoring.subjective import points_where, score_subjective
from analysis.scoring.weighting_effect import method_of
from analysis.statistics.design import Bools, Design, Floats, Ints
from analysis.statistics.estimation import Domains, base_of, conclude, lay_domains, linearise, variance
from analysis.statistics.weighting import Calibration
from survey.core.errors import Refused
from survey.form.answer_codes import ResponseBlock
from survey.store.intake import batches

# ── The 300 points without one interviewer, or without one batch: for every one of them at once


#: responses laid out at a time
_ROOM = 1_000_000
_RESULTS = ("n", "subjective", "se", "df")


def leave_out(
    person: PersonScores, keys: tuple[Ints, pd.Index], population: pd.DataFrame | None = None
) -> pd.DataFrame:
    """``community_code, key, removed, n, subjective, se, df``: every community without each of its keys.

    ``keys``: codes (n,), −1 for none, and their values; the responses are of one year.  ``removed`` are the scored
    responses of the key, ``n`` those that are left; NaN where nothing can be known, as in the results.
    ``population`` (``store.register.population``) serves the scheme's weighting.
    """
    sample = person.sample
    community, places = sample.community
    code, names = keys
    table = _pairs(community, code, person.scored, len(names))
    used = [_remain(community[rows], code[rows], table) for rows in sample.bounds]
    worth, needed = points_where(person.scheme, sample, used, person.items)
    design = replace(sample.design, lonely=person.scheme.lonely_psu)
    lost = _lost_psus(design, code)
    pieces = [pd.DataFrame(columns=list(_RESULTS), dtype=np.float64)]
    for chunk, rows, group in _laid_out(community, code, person.scored, table, [b.stop for b in sample.bounds]):
        key = table["key"].to_numpy()[chunk]
        left = _design_left(design, lost, rows, group, key)
        domains = _domains(person, left, rows, group, table["community"].to_numpy()[chunk], population)
        pieces.append(_scored(person, domains, worth[chunk], needed[chunk]))
    front = pd.DataFrame(
        {
            "community_code": places[table["community"]].to_numpy(),
            "key": names[table["key"]].to_numpy(),
            "removed": table["removed"],
        }
    )
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


def _laid_out(
    community: Ints, code: Ints, scored: Bools, table: pd.DataFrame, ends: Sequence[int]
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Some pairs at a time, the responses that are left to them, and the pair (0 … of these) of each.

    ``ends``: where each questionnaire's responses end.
    """
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
        kept = np.flatnonzero(code[left] != table["key"].to_numpy()[chunk][group])
        kept = kept[np.argsort(np.searchsorted(ends, left[kept], side="right"), kind="stable")]  # part by part
        yield chunk, left[kept], group[kept]


def _design_left(design: Design, lost: tuple[Ints, Floats], rows: Ints, group: Ints, key: Ints) -> Design:
    """The design of ``rows`` (r,), with repetitions: a stratum of its own for every key that is gone.

    Where people within PSUs were drawn, PSUs count as drawn with replacement: how many of a PSU would have been asked
    without the key is not known.
    """
    strata = len(design.psus)
    stratum, found = pd.factorize(key[group] * strata + design.stratum[rows])
    numbers, counts = np.append(lost[0], -1), np.append(lost[1], 0.0)
    place = np.searchsorted(lost[0], found)
    gone = np.where(numbers[place] == found, counts[place], 0.0)
    home = np.asarray(found, dtype=np.int64) % strata
    return replace(
        design,
        weight=design.weight[rows],
        stratum=np.asarray(stratum, dtype=np.int64),
        psu=None if design.psu is None else design.psu[rows],
        brought=None if design.brought is None else design.brought[rows],
        psus=design.psus[home] - gone,
        population=design.population[home] if design.second is None else np.full(len(home), np.inf),
        second=None,
        left_out=None,
        third=None,
    )


def _domains(
    person: PersonScores, left: Design, rows: Ints, group: Ints, community: Ints, population: pd.DataFrame | None
) -> Domains:
    """The groups laid over what is left to each, weighted as the scheme says; ``community`` (G,) codes."""
    calibration = None
    if person.scheme.weighting != "none" and len(rows):
        left, calibration = _weighted(person, left, rows, group, community, population)
    domains = lay_domains(left, group, len(community), calibration)
    return replace(domains, rows=rows if domains.rows is None else rows[domains.rows])


def _weighted(
    person: PersonScores, left: Design, rows: Ints, group: Ints, community: Ints, population: pd.DataFrame | None
) -> tuple[Design, Calibration]:
    """The design with the weights that each group would have had; rows lie part by part."""
    sample, scheme = person.sample, person.scheme
    mine = [rows[(rows >= s.start) & (rows < s.stop)] - s.start for s in sample.bounds]
    there = pool([(form, _some(block, few)) for (form, block), few in zip(sample.parts, mine, strict=True)])
    year = int(sample.factor("year")[1][0])
    areas = Groups(group, pd.DataFrame({"year": year, "community_code": sample.community[1][community].to_numpy()}))
    people = no_population() if population is None else population
    everyone = np.ones(len(rows), dtype=bool)
    found = weigh_sample(there, left, areas, everyone, scheme, method_of(scheme), people)
    return found.design, found.calibration


def _some(block: ResponseBlock, rows: Ints) -> ResponseBlock:
    """Some rows of a block, with their closed answers."""
    return ResponseBlock(block.design.iloc[rows].reset_index(drop=True), block.codes[rows])


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


KINDS = ("interviewer", "batch")
NUMBERS = ("removed", "n", "subjective", "se", "df", "total", "star", "difference")


def measure(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """``rows``: one a kind (interviewer, batch), key and community: ``kind, key, label, community_code, community,
    removed, n, n_before, subjective_before, subjective, se_before, se, df, total_before, total, star_before, star,
    difference, note``; ``label`` is a batch's file.  ``before`` is what ``score`` gives.

    Fewer than 5 responses taken away or left are not shown, nor what would reveal them.  Raises Refused without
    responses.
    """
    inputs = year_inputs.gather(conn, year, scheme, ALSO)
    if not inputs.parts:
        raise Refused("without.no_responses", year=year)
    person = person_scores(scheme, inputs.parts)
    before = score_subjective(scheme, inputs.parts, inputs.population).communities
    places = [(c.code, c.name) for c in inputs.communities]
    objective = objective_totals(score_indicators(scheme, inputs.values, places), scheme)
    files = {b.id: b.file for b in batches.listing(conn)}
    audit, pieces = Audit(person.sample), []
    for kind in KINDS:
        column = "interviewer" if kind == "interviewer" else "batch_id"
        found = leave_out(person, person.sample.factor(column), inputs.population)
        found["held_back"] = held_back(audit, column, person.scored, found)
        found.insert(0, "kind", kind)
        found["label"] = [files.get(int(k), "") if kind == "batch" else "" for k in found["key"]]
        pieces.append(found)
    frame = pd.concat(pieces, ignore_index=True)
    frame["key"] = [str(k) for k in frame["key"]]
    return {"rows": with_totals(scheme, frame, before, objective), "min_responses": scheme.min_responses}


def held_back(audit: Audit, column: str, scored: Bools, found: pd.DataFrame) -> list[bool]:
    """Whether no table by community and ``column`` may show the scored responses of each row's key."""
    table = audit.by("year", "community_code", column)
    keys, hidden = table.groups.keys, table.shown(scored).hidden
    shown = set(zip(keys["community_code"][~hidden], keys[column][~hidden], strict=True))
    return [pair not in shown for pair in zip(found["community_code"], found["key"], strict=True)]


def with_totals(scheme: Scheme, frame: pd.DataFrame, before: pd.DataFrame, objective: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``leave_out`` (several kinds together) with totals and stars of before and after, small groups hidden."""
    known = before[["community_code", "community", "n", "subjective", "subjective_se", "note"]].rename(
        columns={
            "n": "n_before",
            "subjective": "subjective_before",
            "subjective_se": "se_before",
            "note": "note_before",
        }
    )
    frame = frame.merge(known, on="community_code", how="left")
    frame = frame.merge(objective[["community_code", "objective"]], on="community_code", how="left")
    hidden = _hidden(frame) | frame.pop("held_back").to_numpy(dtype=bool)
    frame["note"] = np.where(hidden, "suppressed", "")
    for column in NUMBERS:
        if column in frame:
            frame[column] = frame[column].astype(np.float64).mask(hidden)
    for moment in ("", "_before"):
        total, star = _rated(scheme, frame, moment)
        frame[f"total{moment}"], frame[f"star{moment}"] = total, star
    frame["difference"] = frame["subjective"] - frame["subjective_before"]
    self_selected = frame["note_before"].fillna("").str.split(";").map(lambda codes: "open_sample" in codes)
    frame.loc[self_selected, ["se", "df"]] = np.nan
    return frame.drop(columns=["objective", "note_before"])


def _rated(scheme: Scheme, frame: pd.DataFrame, moment: str) -> tuple[Floats, Floats]:
    """Total and star, empty where the objective part or enough responses are lacking, as in the results."""
    exact = (frame["objective"] + frame[f"subjective{moment}"]).to_numpy(dtype=np.float64)
    enough = (frame[f"n{moment}"] >= scheme.min_responses).to_numpy(dtype=bool)
    exact = np.where(enough, exact, np.nan)
    return round_half_up(exact), stars_of(scheme, round_half_up(exact))


def _hidden(frame: pd.DataFrame) -> Bools:
    """Where too few responses are left, or the community's own score is held back."""
    left = frame["n"].to_numpy(dtype=np.float64)
    return np.asarray(too_few(left) | frame["n_before"].isna().to_numpy())
