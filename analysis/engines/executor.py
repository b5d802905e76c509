"""What an executor does: rows of archived responses in, the scores of their communities out, by the kernel of one machine.

Nothing is computed here that is not computed there: ``score_subjective`` and ``compare_years`` see the same responses, those
of some communities at a time where each was sampled on its own (``in_parts``), else those of a whole year.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.engines.archived_rows import Register, block_of
from analysis.sample.pooled_sample import Part
from analysis.scheme.model import Scheme
from analysis.scoring.subjective import score_subjective
from analysis.scoring.two_years import compare_years
from survey.core.errors import Refused
from survey.form.model import PANEL, Questionnaire

#: responses that are scored at once; communities are never divided
AT_ONCE = 100_000
#: what comes back: rows of these columns, in Spark's words
SCHEMA = "year long, kind string, payload binary"
#: kinds of it: a year alone, and beside the year before
SCORES, TOGETHER = "scores", "together"
Form = tuple[str, int]


@dataclass(frozen=True)
class Year:
    """One year: its scheme, its questionnaires in the order of the store, and what is laid beside the year before.

    ``compared``: ``all`` communities that answered in both years, those that asked the same people or PSUs ``again``, or
    none (``""``); ``both`` the questionnaires of either year; ``panels`` names of those that ask the same people.
    """

    year: int
    scheme: Scheme
    forms: tuple[Form, ...]
    compared: Literal["all", "again", ""] = ""
    both: tuple[Form, ...] = ()
    panels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Task:
    """Everything that scoring needs beside the responses; small, and sent to every executor once.

    ``key``: the column whose rows stay together, ``community`` or ``task_year`` (one sample of the whole area, in which a
    year comes with the year before).
    """

    years: tuple[Year, ...]
    forms: Mapping[Form, Questionnaire]
    register: Register
    population: pd.DataFrame
    key: Literal["community", "task_year"]


def run(task: Task, frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """``SCHEMA`` of the rows that Spark brings sorted by ``task.key``, for ``mapInPandas``."""
    for rows in whole_groups(frames, task.key):
        try:
            told = list(scored(task, rows))
        except Refused as refused:
            told = [(0, "refused", (refused.key, dict(refused.params)))]
        yield pd.DataFrame(
            {
                "year": [year for year, _, _ in told],
                "kind": [kind for _, kind, _ in told],
                "payload": [zlib.compress(pickle.dumps(found), 1) for _, _, found in told],
            }
        )


def whole_groups(frames: Iterator[pd.DataFrame], key: str, most: int | None = None) -> Iterator[pd.DataFrame]:
    """Frames sorted by ``key`` put together and divided anew, about ``most`` rows each and no key in two of them."""
    most = AT_ONCE if most is None else most
    held: list[pd.DataFrame] = []
    size = 0
    for frame in frames:
        held.append(frame)
        size += len(frame)
        if size < most:
            continue
        whole = pd.concat(held, ignore_index=True)
        keys = whole[key].astype(object).fillna("")
        last = int(np.argmax((keys == keys.iloc[-1]).to_numpy()))  # where the key begins that may go on
        if last:
            yield whole.iloc[:last].reset_index(drop=True)
            whole = whole.iloc[last:].reset_index(drop=True)
        held, size = [whole], len(whole)
    if size:
        yield pd.concat(held, ignore_index=True)


def scored(task: Task, rows: pd.DataFrame) -> Iterator[tuple[int, str, Any]]:
    """(year, ``scores`` or ``together``, frames) of the communities in these rows."""
    groups = [(None, rows)] if task.key == "community" else list(rows.groupby(task.key))
    for only, mine in groups:
        for year in task.years:
            if only is not None and only != year.year:
                continue
            now = mine[mine["year"] == year.year]
            if not len(now):
                continue
            yield year.year, SCORES, score_subjective(year.scheme, _parts(task, now, year.forms), task.population)
            beside = _beside(mine, year)
            if len(beside):
                parts = _panels(_parts(task, beside, year.both), year)
                yield year.year, TOGETHER, compare_years(year.scheme, parts, year.year, task.population)


def _parts(task: Task, rows: pd.DataFrame, forms: Sequence[Form]) -> list[Part]:
    """The questionnaires with their responses; one that nobody here answered is among them, too."""
    found: list[Part] = []
    for name, version in forms:
        mine = rows[(rows["questionnaire"] == name) & (rows["version"] == version)]
        form = task.forms[name, version]
        found.append((form, block_of(name, form, mine.reset_index(drop=True), task.register)))
    return found


def _beside(rows: pd.DataFrame, year: Year) -> pd.DataFrame:
    """The responses of both years of the communities that are compared side by side."""
    two = rows[rows["year"].isin([year.year - 1, year.year])]
    if year.compared == "all":
        return two
    if not year.compared:
        return two.iloc[:0]
    again: set[str] = set()
    for unit in ("psu_key", "person"):
        named = two[two[unit].notna()]
        then, now = (
            set(map(tuple, named.loc[named["year"] == y, ["community", unit]].drop_duplicates().to_numpy().tolist()))
            for y in (year.year - 1, year.year)
        )
        again |= {place for place, _ in then & now}
    return two[two["community"].isin(again)]


def _panels(parts: Sequence[Part], year: Year) -> list[Part]:
    """What the later year says of asking the same people holds for the year before, too."""
    return [
        (replace(form, settings={**form.settings, PANEL: "yes"}) if name in year.panels else form, block)
        for (form, block), (name, _) in zip(parts, year.both, strict=True)
    ]
