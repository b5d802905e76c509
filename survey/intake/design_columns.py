"""The design columns of a coded sheet held against each other and against what is stored: findings with their cells.

A refused cell of a population stays empty and a refused row stays out, as everywhere; so what is stored in the end
contradicts nothing, and a score can use it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from survey.answers.respondents import as_first_typed
from survey.coding.coded_sheet import CodedSheet, Flags
from survey.coding.design_contradictions import UNIT_COLUMNS, Contradiction, contradicted_strata, contradictions, merged
from survey.core.findings import Finding
from survey.core.lang import first, say
from survey.form.answer_codes import INVALID
from survey.store.intake import batches, identities, responses
from survey.store.year import register

#: cells and strata that one finding names; its count is always complete
FIRST_CELLS = 20
FIRST_STRATA = 5
#: causes of one kind that are told one by one; more of them are told as one
FIRST_CAUSES = 20
_ROLES = ("weight", "psu", "fpc", "fpc2")


def hold_design(conn: Connection, coded: CodedSheet, entering: Flags, together: Collection[int] = ()) -> CodedSheet:
    """The sheet with what its ``entering`` rows contradict: refused populations empty, refused rows out, questions asked.

    ``together``: batches stored in the same transaction, which have no number yet that a person could look up.
    """
    if not _told(conn, coded):
        return coded
    causes: list[Contradiction] = []
    for year in coded.years:
        rows = np.flatnonzero(entering & (coded.keys["year"] == year).to_numpy(dtype=bool, na_value=False))
        if len(rows):
            causes += contradictions(_units(conn, coded, year, rows))
    if not causes:
        return coded
    sources = _named(conn, {b for cause in causes for b in cause.batches}, together)
    findings = [_finding(coded, cause, sources) for cause in _few(causes)]
    return _without(replace(coded, findings=(*coded.findings, *findings)), causes)


def contradicted_strata_stored(conn: Connection, years: Iterable[int]) -> dict[str, str]:
    """Stratum → its batches, numbers and files, where populations stored by an older version contradict each other."""
    if not identities.filled(conn, "fpc") and not identities.filled(conn, "fpc2"):
        return {}
    found: dict[str, tuple[int, ...]] = {}
    for year in sorted(set(years)):
        stored = _stored(conn, year)
        if len(stored):
            found |= contradicted_strata(_laid(stored, year))
    sources = _named(conn, {b for batches_ in found.values() for b in batches_})
    return {label: "、".join(sources[b] for b in batches_) for label, batches_ in found.items()}


def contradicted_sentences(conn: Connection, years: Iterable[int], lang: str) -> list[str]:
    """Which strata are stored with populations that no error can use: one sentence for all of the same batches."""
    by_source: dict[str, list[str]] = {}
    for stratum, source in contradicted_strata_stored(conn, years).items():
        by_source.setdefault(source, []).append(stratum)
    return [
        say(lang, "design.stored", stratum=strata[:FIRST_STRATA], n=len(strata), source=source)
        for source, strata in by_source.items()
    ]


def new_contradictions(before: CodedSheet, after: CodedSheet, known: Collection[tuple[str, str]]) -> list[Finding]:
    """What ``hold_design`` found beyond the sheet it was given, but for questions (code, cell) that are answered."""
    found = after.findings[len(before.findings) :]
    return [f for f in found if f.level != "note" and (f.code, f.cell) not in known]


def _told(conn: Connection, coded: CodedSheet) -> bool:
    """Whether there is anything to contradict: in the file, or stored (a population that more units exceed, weights)."""
    here = any(values.count(None) < len(values) for values in map(coded.design.__getitem__, _ROLES))
    return here or identities.filled(conn, "fpc") or identities.filled(conn, "weight")


def _units(
    conn: Connection, coded: CodedSheet, year: int, rows: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> pd.DataFrame:
    """``UNIT_COLUMNS`` of these data rows and of what is stored of the year in the same areas."""
    separate = coded.form.sampling == "by_community"
    alone = bool(coded.form.replicates)  # a sample of its own, whose errors rest on no psu and no population
    design = {
        name: [coded.design[name][i] for i in rows] for name in ("stratum", "psu", "ssu", "fpc", "fpc2", "weight")
    }
    design |= dict.fromkeys(("psu", "ssu", "fpc", "fpc2"), [None] * len(rows)) if alone else {}
    new = pd.DataFrame(design, dtype=object).assign(
        place=coded.keys["place"].to_numpy()[rows], separate=separate, n=1, batch=0, row=rows
    )
    new["low"] = new["high"] = pd.to_numeric(new["weight"]).where(lambda weight: weight > 0)
    stored = _stored(conn, year)
    stored = (
        stored.iloc[:0]
        if alone
        else stored[(stored["separate"] == separate) & (stored["place"].isin(new["place"]) | (not separate))]
    )
    shared = ["stratum", "psu", "ssu", "fpc", "fpc2", "place", "separate", "n", "batch", "row", "low", "high"]
    return _laid(pd.concat([new[shared].astype(object), stored[shared].astype(object)], ignore_index=True), year)


def _stored(conn: Connection, year: int) -> pd.DataFrame:
    """What is stored of a year, with the names of its communities."""
    stored = responses.designs_of(conn, year)
    names = {c.id: c.name for c in register.communities(conn)}
    places = [names.get(i, "") if pd.notna(i) else "" for i in stored["community_id"]]
    return stored.assign(place=places, batch=stored["batch_id"], row=-1)


def _laid(both: pd.DataFrame, year: int) -> pd.DataFrame:
    """Strata numbered and named, names and numbers in their types: ``UNIT_COLUMNS``."""
    numbers = {name: pd.to_numeric(both[name]).astype(float) for name in ("fpc", "fpc2", "low", "high")}
    texts = {name: _as_one(both[name].where(both[name].notna() & (both[name] != ""), None)) for name in ("psu", "ssu")}
    both = both.assign(**numbers, **texts, n=both["n"].astype(int), row=both["row"].astype(int))
    area = both["place"].where(both["separate"].astype(bool), "")
    stratum = _as_one(both["stratum"].fillna(""))
    codes = both.assign(area=area, name=stratum).groupby(["area", "name"], sort=False).ngroup()
    words = [" / ".join(filter(None, (str(year), str(a), str(s)))) for a, s in zip(area, stratum, strict=True)]
    return both.assign(stratum=codes, area=pd.factorize(area)[0], label=words)[list(UNIT_COLUMNS)]


def _as_one(names: pd.Series[Any]) -> pd.Series[Any]:
    """Names of units, stored as typed, each in the writing it has first; None where there is none."""
    told = names[names.notna()]
    return names.map(dict(zip(told, as_first_typed(told), strict=True)), na_action="ignore")


def _named(conn: Connection, numbers: Collection[int], together: Collection[int] = ()) -> dict[int, str]:
    """Batch → how a sentence names it: number and file, or the file alone where it has no number yet."""
    files = {b: batches.get(conn, b).file for b in numbers}
    return {b: file if b in together else f"{b}（{file}）" for b, file in files.items()}


def _few(causes: Sequence[Contradiction]) -> list[Contradiction]:
    """The causes as they are told: those of one kind as one where they are very many."""
    kinds: dict[str, list[Contradiction]] = {}
    for cause in causes:
        kinds.setdefault(cause.code, []).append(cause)
    return [one for same in kinds.values() for one in (same if len(same) <= FIRST_CAUSES else [merged(same)])]


def _finding(coded: CodedSheet, cause: Contradiction, sources: dict[int, str]) -> Finding:
    """The finding of one cause, at its first cell."""
    columns = (
        coded.matched.by_question.get(coded.form.roles[cause.role].name) if cause.role in coded.form.roles else None
    )
    column = columns[0] if columns else None
    cells = [] if column is None else [coded.sheet.address(coded.first + int(r), column.index) for r in cause.rows]
    cells = cells or [coded.respondent_cells[int(r)] for r in cause.rows]
    return Finding(
        cause.code,
        level=cause.level,
        scope=cause.scope,
        sheet=coded.sheet.name,
        cell=cells[0],
        row=coded.row_numbers[int(cause.rows[0])],
        header=column.header if column else coded.respondent_header,
        params={
            "found": cause.found,
            "n": len(cells),
            "cells": "、".join(cells[:FIRST_CELLS]) + (" …" if len(cells) > FIRST_CELLS else ""),
            "strata": first(cause.labels, FIRST_STRATA),
            "source": [sources[b] for b in cause.batches],
            "batches": list(cause.batches),
            **cause.params,
        },
    )


def _without(coded: CodedSheet, causes: Sequence[Contradiction]) -> CodedSheet:
    """The sheet without the refused cells and rows."""
    refused = [cause for cause in causes if cause.level == "refuse"]
    design, codes, usable = dict(coded.design), coded.codes.copy(), coded.usable.copy()
    for cause in refused:
        if cause.scope == "row":
            usable[cause.rows] = False
            continue
        values = list(design[cause.role])
        for row in cause.rows.tolist():
            values[row] = None
        design[cause.role] = values
        codes[cause.rows, coded.form.position[coded.form.roles[cause.role].name]] = INVALID
    return replace(coded, design=design, codes=codes, usable=usable)
