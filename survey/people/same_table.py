"""People without numbers: a table that says what a stored one says is the same table, whatever its file, sheet or format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.store.intake import batches, responses
from survey.store.year import register

SAME = "checking.same_table"
#: so many rows at least, and this share of the smaller table, say the same
FEWEST, SHARE = 3, 0.8
#: … and they do so in this share of their order, or most rows are like no other
IN_ORDER, DISTINCT = 0.5, 0.8

_Key = tuple[Any, Any, str]


def same_table(conn: Connection, coded: CodedSheet, questionnaire: str) -> tuple[npt.NDArray[np.bool_], Finding | None]:
    """Which rows without a number stand in a stored table without numbers, and the question about them.

    Answered with yes they are the same people, and only the others are stored.
    """
    named = coded.keys["respondent"].notna().to_numpy()
    rows = np.flatnonzero(coded.usable & ~named)
    skip = np.zeros(len(coded.usable), dtype=bool)
    if len(rows) < FEWEST:
        return skip, None
    names = {c.id: c.name for c in register.communities(conn)}
    stored = responses.unnamed(conn, questionnaire, list(coded.years))
    here = _keys(coded.keys.iloc[rows])
    best: tuple[int, int, list[int]] = (0, 0, [])
    for batch, frame in stored.groupby("batch_id", sort=True):
        places = [names.get(i, "") if pd.notna(i) else "" for i in frame["community_id"]]
        there = _keys(frame.assign(place=places, digest=frame["answers_hash"]))
        found = _in_both(here, there)
        if len(found) > best[0] and _is_same(here, there, found):
            best = (len(found), int(str(batch)), found)
    if not best[0]:
        return skip, None
    skip[rows[best[2]]] = True
    first = int(rows[best[2][0]])
    file = batches.get(conn, best[1]).file
    params = {"n": best[0], "batch": best[1], "file": file, "rest": len(rows) - best[0]}
    cell = coded.sheet.address(coded.first + first, 0)
    return skip, Finding(SAME, "ask", "sheet", coded.sheet.name, cell, params=params)


def _keys(frame: pd.DataFrame) -> list[_Key]:
    return list(zip(*(frame[c].tolist() for c in ("year", "place", "digest")), strict=True))


def _in_both(here: Sequence[_Key], there: Sequence[_Key]) -> list[int]:
    """Positions of ``here`` whose answers stand in ``there``, each stored response once."""
    left = Counter(there)
    found = []
    for i, key in enumerate(here):
        if left[key] > 0:
            left[key] -= 1
            found.append(i)
    return found


def _is_same(here: Sequence[_Key], there: Sequence[_Key], found: Sequence[int]) -> bool:
    """Whether so much is alike that it is no chance: nearly all of the smaller table, in its order or of its own kind."""
    if len(found) < max(FEWEST, SHARE * min(len(here), len(there))):
        return False
    following = set(pairwise(there))
    pairs = list(pairwise(here))
    in_order = sum(pair in following for pair in pairs) >= IN_ORDER * max(1, min(len(pairs), len(following)))
    return in_order or len(set(here)) >= DISTINCT * len(here)
