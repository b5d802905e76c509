"""Somebody who is stored under another community: the number and all answers are the same, only the community is not.

Numbers begin anew in every community of many offices, so that another community alone says nothing.  The whole contents do, where
they tell people apart; whether it is one person is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding

MOVED = "checking.moved_stored"
#: where so many of the stored responses are like no other, equal contents are no chance
DISTINCT = 0.8
#: share of a batch's people who are no longer where they were, up to which a sheet is that batch again
MOST_GONE = 0.5
#: people of a batch whose numbers are all elsewhere, with the same answers, before that is no chance
FEWEST_MET = 5
#: rows and pairs named in the question; the count is always complete
FIRST_ROWS, FIRST_PAIRS = 20, 6
#: year, community and number as it is compared
Who = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """``row``: data row of the sheet; ``batch``, ``who`` and ``id``: the stored response of which only the community differs."""

    row: int
    batch: int
    who: Who
    id: int


def people(coded: CodedSheet) -> list[Who | None]:
    """Who each data row is; None where it has no number or does not enter."""
    columns = zip(coded.keys["year"].tolist(), coded.keys["place"].tolist(), coded.folds, strict=True)
    return [None if fold is None else (int(year), place, fold) for year, place, fold in columns]


def find_moved(coded: CodedSheet, known: pd.DataFrame) -> tuple[Moved, ...]:
    """The rows that nobody is stored for where they stand, but somebody elsewhere who does not stand in the sheet there.

    ``known``: year, place, fold, digest, batch, id of the stored responses.  Contents that several people gave tell of nobody, where
    that is no exception, unless the sheet is a stored batch again.
    """
    if known.empty:
        return ()
    digests = coded.keys["digest"].tolist()
    there = set(known["digest"].tolist()).intersection(digests)
    who = people(coded) if there else []
    rows = [i for i, w in enumerate(who) if w is not None and digests[i] in there]
    if rows:
        stored = set(zip(*(known[c].tolist() for c in ("year", "place", "fold")), strict=True))
        rows = [i for i in rows if who[i] not in stored]
    if not rows:
        return ()
    wanted = {digests[i] for i in rows}
    alike: dict[tuple[int, str], list[tuple[Who, int, int]]] = {}
    some = known[known["digest"].isin(wanted)]
    columns = (some[c].tolist() for c in ("year", "place", "fold", "digest", "batch", "id"))
    for year, place, fold, digest, batch, number in zip(*columns, strict=True):
        alike.setdefault((int(year), digest), []).append(((int(year), place, fold), int(batch), int(number)))
    tell = known["digest"].nunique() >= DISTINCT * len(known)
    given: dict[str, set[str]] = {}  # in the sheet: who gave these answers
    for w, digest in zip(who, digests, strict=True):
        if w is not None and digest in wanted:
            given.setdefault(digest, set()).add(w[2])
    here = set(who)
    again = set() if tell else _again(known, who, digests, {b for told in alike.values() for _, b, _ in told})
    found = []
    for i in rows:
        year, _, fold = who[i] or (0, "", "")
        candidates = alike.get((year, digests[i]), [])
        plain = tell or {w[2] for w, _, _ in candidates} | given[digests[i]] == {fold}
        same = next((c for c in candidates if c[0][2] == fold and c[0] not in here and (plain or c[1] in again)), None)
        if same is not None:
            found.append(Moved(i, same[1], same[0], same[2]))
    return tuple(found)


def _again(known: pd.DataFrame, who: Sequence[Who | None], digests: Sequence[str], batches: set[int]) -> set[int]:
    """Those of the batches that come again in the sheet, however often answers repeat: nearly all of their people are where they
    were, or all whose numbers are elsewhere now gave the same answers there."""
    here = set(who)
    whole: Counter[int] = Counter()
    gone: dict[int, dict[tuple[int, str], str]] = {b: {} for b in batches}
    some = known[known["batch"].isin(batches)]
    columns = (some[c].tolist() for c in ("year", "place", "fold", "digest", "batch"))
    for year, place, fold, digest, batch in zip(*columns, strict=True):
        whole[batch] += 1
        if (int(year), place, fold) not in here:
            gone[batch][int(year), fold] = digest
    said = {(w[0], w[2]): digest for w, digest in zip(who, digests, strict=True) if w is not None}
    found = set()
    for batch, lost in gone.items():
        met = [said[key] == digest for key, digest in lost.items() if key in said]
        if 0 < len(lost) <= MOST_GONE * whole[batch] or (len(met) >= FEWEST_MET and all(met)):
            found.add(batch)
    return found


def moved_question(coded: CodedSheet, found: Sequence[Moved]) -> Finding:
    """The one question about all of them: other people, or the same."""
    cells, places = coded.respondent_cells, coded.keys["place"].tolist()
    params = {
        "n": len(found),
        "batches": "、".join(str(b) for b in sorted({m.batch for m in found})),
        "pairs": "、".join(f"{cells[m.row]} {m.who[1]}→{places[m.row]}" for m in found[:FIRST_PAIRS]),
        "rows": "、".join(str(coded.row_numbers[m.row]) for m in found[:FIRST_ROWS]),
    }
    return Finding(MOVED, "ask", "sheet", coded.sheet.name, cells[found[0].row], 0, coded.respondent_header, params)
