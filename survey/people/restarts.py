"""Numbers that begin anew within one file (a list of papers and one of calls, two exports pasted): one question for the file.

The later runs are read with a prefix, so that the file can be checked as if they were other people; nothing is stored before a
person has confirmed that they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.answers.respondents import any_twice, occurrences
from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding

RESTARTS = "checking.numbers_restart"
#: from so many rows on, and this share of all, numbers that come again are a cause and no slip of the pen
FEWEST, SHARE = 3, 0.05
FIRST_ROWS = 20


@dataclass(frozen=True)
class Restarts:
    """``respondents``: by data row, the later ones prefixed; ``finding``: what is asked."""

    respondents: Sequence[str | None]
    finding: Finding


def find_restarts(coded: CodedSheet) -> Restarts | None:
    """The respondents told apart where their numbers restart; None where they do not."""
    if coded.by_phone or not coded.respondent_header or coded.matched.identities:
        return None
    named = coded.named
    again = _again(coded)
    if len(again) < FEWEST or len(again) < SHARE * sum(r is not None for r in named):
        return None
    prefixes = _prefixes(coded)
    respondents = [f"{p}-{r}" if p and r is not None else r for r, p in zip(named, prefixes, strict=True)]
    first = again[0]
    shown = "、".join(f"{named[i]}→{respondents[i]}" for i in again[:3])
    rows = "、".join(str(coded.row_numbers[i]) for i in again[:FIRST_ROWS])
    params = {"n": len(again), "row": coded.row_numbers[first], "rows": rows, "pairs": shown, "found": named[first]}
    cell = coded.respondent_cells[first]
    return Restarts(
        respondents, Finding(RESTARTS, "ask", "sheet", coded.sheet.name, cell, 0, coded.respondent_header, params)
    )


def apart(coded: CodedSheet, restarts: Restarts) -> CodedSheet:
    """The sheet with its respondents told apart, and the question about it."""
    return coded.renumbered(restarts.respondents, restarts.finding)


def _again(coded: CodedSheet) -> list[int]:
    """Rows whose respondent stands before them in the same year and community with other answers."""
    if not any_twice(coded.folds):  # whatever the year and place
        return []
    first: dict[tuple[Any, Any, str | None], str] = {}
    said = zip(*(coded.keys[c].tolist() for c in ("year", "place", "digest")), coded.folds, strict=True)
    return [i for i, (y, p, d, fold) in enumerate(said) if fold is not None and first.setdefault((y, p, fold), d) != d]


def _prefixes(coded: CodedSheet) -> list[str]:
    """By row ``""`` for those who come first, else the mode where it tells them apart, else which run it is (2, 3 …)."""
    fold = coded.folds
    keys = list(zip(coded.keys["year"].tolist(), coded.keys["place"].tolist(), fold, strict=True))
    with_mode = occurrences((*key, mode) for key, mode in zip(keys, coded.modes, strict=True))
    known = np.array([f is not None for f in fold])
    if not (np.array(with_mode) * known).any():
        firsts: dict[Any, str] = {}
        for key, mode in zip(keys, coded.modes, strict=True):
            firsts.setdefault(key, mode)
        return ["" if mode == firsts[key] else mode for key, mode in zip(keys, coded.modes, strict=True)]
    return ["" if n == 0 else str(n + 1) for n in occurrences(keys)]
