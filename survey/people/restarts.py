"""Numbers that begin anew (a list of papers and one of calls, two sheets, two files, two exports pasted): one question for all.

The later ones are read with a prefix, so that the file can be checked as if they were other people; nothing is stored before a
person has said that they are, or that they are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import any_twice, folded, occurrences, respondent_keys
from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding, Level
from survey.decisions.carried_out import TAKE_NEW, Decision
from survey.store.intake import batches, responses
from survey.store.year import register

#: within a sheet, and against other sheets and what is stored
RESTARTS, AGAIN = "checking.numbers_restart", "checking.numbers_again"
#: the same questionnaires typed by two people, a few answers otherwise
TWICE = "checking.typed_twice"
#: from so many rows on, and this share of all, numbers that come again are a cause and no slip of the pen
FEWEST, SHARE = 3, 0.05
FIRST_ROWS = 20
#: what stands before a sheet: who, what they answered, how they were asked, and where that is
COLUMNS = ("year", "place", "respondent", "digest", "mode", "where")

#: nothing that stands before a sheet
NOBODY = pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True)
class Restarts:
    """``respondents``: by data row, the later ones prefixed; ``again``: rows whose number stands before them with other
    answers; ``finding``: what is asked; ``by_mode``: whether how they were asked tells them apart."""

    respondents: Sequence[str | None]
    again: Sequence[int]
    finding: Finding
    by_mode: bool = False


def find_restarts(coded: CodedSheet, prefix: str = "") -> Restarts | None:
    """The respondents told apart where their numbers restart within the sheet; None where they do not."""
    if not _numbered(coded):
        return None
    again = _again(coded)
    if not _many(coded, again) or _same_within(coded) >= len(again):
        return None
    runs = _prefixes(coded)
    respondents = [f"{prefix or p}-{r}" if p and r is not None else r for r, p in zip(coded.named, runs, strict=True)]
    return Restarts(respondents, again, _finding(coded, RESTARTS, again, respondents))


def find_again(coded: CodedSheet, before: pd.DataFrame, prefix: str = "") -> Restarts | None:
    """The same against what stands ``before`` the sheet (``COLUMNS``): all its respondents get one prefix, what they were
    asked by where that tells them apart, else a number.

    None where few numbers come again, or most of those that do come with the same answers.
    """
    if before.empty or not _numbered(coded):
        return None
    again, same, met = _met(coded, before)
    if not _many(coded, again) or same >= len(again):
        return None
    theirs = set(before["mode"].iloc[met])
    mine = {m for m, r in zip(coded.modes, coded.named, strict=True) if r is not None}
    by_mode = not mine & theirs and len(mine) == 1
    said = prefix or (mine.pop() if by_mode else _free(coded, before))
    respondents = [None if r is None else f"{said}-{r}" for r in coded.named]
    where = list(dict.fromkeys(before["where"].iloc[met]))
    return Restarts(respondents, again, _finding(coded, AGAIN, again, respondents, where=where), by_mode)


def find_typed_twice(coded: CodedSheet, before: pd.DataFrame) -> Restarts | None:
    """The rows that another clerk typed otherwise: most people of the sheet stand ``before`` it, or a third of its rows above in
    itself, most with the same answers.

    None where all answers are the same (they are skipped), and where the people are few of the sheet.
    """
    if not _numbered(coded):
        return None
    again, same, met = _met(coded, before) if len(before) else (_again(coded), _same_within(coded), [])
    people = sum(r is not None for r in coded.named) * (1 if len(before) else 2 / 3)
    if not again or same < max(FEWEST, len(again)) or 2 * (same + len(again)) < people:
        return None
    where = list(dict.fromkeys(before["where"].iloc[met])) if met else [coded.sheet.name]
    finding = _finding(coded, TWICE, again, coded.named, where=where)
    return Restarts(coded.named, again, replace(finding, params={**finding.params, "same": same}))


def _met(coded: CodedSheet, before: pd.DataFrame) -> tuple[list[int], int, list[int]]:
    """The rows of people who stand ``before`` with other answers, how many stand there with the same, and where (rows of
    ``before``) the others stand."""
    known: dict[tuple[int, str, str], list[int]] = {}
    there = respondent_keys(before["respondent"], before["mode"], with_mode=coded.form.mode_in_key)
    keys = zip(before["year"].tolist(), before["place"].tolist(), there, strict=True)
    for at, (year, place, key) in enumerate(keys):
        known.setdefault((int(year), place, str(key)), []).append(at)
    digests = before["digest"].tolist()
    again, same, met = [], 0, set()
    rows = zip(*(coded.keys[c].tolist() for c in ("year", "place", "digest")), coded.folds, strict=True)
    for row, (year, place, digest, fold) in enumerate(rows):
        found = known.get((year, place, fold), ()) if fold is not None else ()
        if any(digests[at] == digest for at in found):
            same += 1
        elif found:
            again.append(row)
            met |= set(found)
    return again, same, sorted(met)


def stored_before(conn: Connection, coded: CodedSheet, questionnaire: str) -> pd.DataFrame:
    """``COLUMNS`` of the active responses to a questionnaire."""
    stored = responses.identities(conn, questionnaire, list(coded.years))
    names = {c.id: c.name for c in register.communities(conn)}
    files = {n: batches.get(conn, n).file for n in stored["batch_id"].unique().tolist()}
    return pd.DataFrame(
        {
            "year": stored["year"],
            "place": [names.get(i, "") if pd.notna(i) else "" for i in stored["community_id"]],
            "respondent": stored["respondent"],
            "digest": stored["answers_hash"],
            "mode": stored["mode"],
            "where": [files[n] for n in stored["batch_id"].tolist()],
        }
    )


def coded_before(sheets: Sequence[tuple[str, CodedSheet]]) -> pd.DataFrame:
    """``COLUMNS`` of sheets that come in with this one, each with its name."""
    frames = [
        pd.DataFrame(
            {
                **{name: coded.keys[name].tolist() for name in ("year", "place", "digest")},
                "respondent": coded.named,
                "mode": coded.modes,
                "where": name,
            }
        )
        for name, coded in sheets
    ]
    said = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))
    return said[said["respondent"].notna() & said["year"].notna()]


def told_apart(coded: CodedSheet, found: Restarts, answer: Decision | None) -> CodedSheet:
    """The sheet with its respondents told apart and the question about it, or without the rows that are the same people's."""
    if answer is None or answer.value in TAKE_NEW:  # of what comes in with it there is nothing stored to correct
        return coded.renumbered(found.respondents, found.finding)
    said = answered(found.finding, answer)
    if answer.action == "leave_out":
        return left_behind(coded, found.again, said)
    return coded.renumbered(found.respondents, said)


def kept_first(coded: CodedSheet, found: Restarts, answer: Decision | None) -> CodedSheet:
    """The sheet without the rows that somebody typed before it; as other people's, where a person gave them a prefix."""
    if answer is None or answer.value in TAKE_NEW:
        return left_behind(coded, found.again, found.finding)
    said = answered(found.finding, answer)
    if prefix := prefix_of(answer):
        return coded.renumbered([None if r is None else f"{prefix}-{r}" for r in coded.named], said)
    return left_behind(coded, found.again, said)


def left_behind(coded: CodedSheet, rows: Sequence[int], finding: Finding) -> CodedSheet:
    """The sheet without some rows, as a person decided about all of them at once."""
    usable, left = coded.usable.copy(), coded.left_out.copy()
    left[list(rows)] |= usable[list(rows)]
    usable[list(rows)] = False
    numbers = {coded.row_numbers[i] for i in rows}  # nothing is asked about a row that is left out
    said = [f for f in coded.findings if f.level == "note" or f.scope == "sheet" or f.row not in numbers]
    return replace(coded, usable=usable, left_out=left, findings=(*said, finding))


def answered(finding: Finding, answer: Decision) -> Finding:
    """A question as the note that says what a person answered."""
    said: Mapping[str, Any] = {"decision": answer.action, "reason": answer.reason, "value": answer.value}
    level: Level = "note"
    return replace(finding, level=level, params={**finding.params, **said})


def prefix_of(answer: Decision | None) -> str:
    """The prefix that a person gave, without the stroke that is set behind it."""
    prefix = answer is not None and answer.action == "set" and answer.value.strip() not in TAKE_NEW
    return answer.value.strip().rstrip("-—_") if prefix and answer is not None else ""


def _numbered(coded: CodedSheet) -> bool:
    return not (coded.by_phone or not coded.respondent_header or coded.matched.identities)


def _many(coded: CodedSheet, again: Sequence[int]) -> bool:
    return len(again) >= FEWEST and len(again) >= SHARE * sum(r is not None for r in coded.named)


def _finding(
    coded: CodedSheet,
    code: str,
    again: Sequence[int],
    respondents: Sequence[str | None],
    **more: list[str],
) -> Finding:
    named, first = coded.named, again[0]
    shown = "、".join(f"{named[i]}→{respondents[i]}" for i in again[:3])
    rows = "、".join(str(coded.row_numbers[i]) for i in again[:FIRST_ROWS])
    params = {
        "n": len(again),
        "row": coded.row_numbers[first],
        "rows": rows,
        "pairs": shown,
        "found": named[first],
        **more,
    }
    cell = coded.respondent_cells[first]
    return Finding(code, "ask", "sheet", coded.sheet.name, cell, 0, coded.respondent_header, params)


def _again(coded: CodedSheet) -> list[int]:
    """Rows whose respondent stands before them in the same year and community with other answers."""
    if not any_twice(coded.folds):  # whatever the year and place
        return []
    first: dict[tuple[Any, Any, str | None], str] = {}
    said = zip(*(coded.keys[c].tolist() for c in ("year", "place", "digest")), coded.folds, strict=True)
    return [i for i, (y, p, d, fold) in enumerate(said) if fold is not None and first.setdefault((y, p, fold), d) != d]


def _same_within(coded: CodedSheet) -> int:
    """How many rows hold somebody who stands above in the same year and community with the same answers."""
    if not any_twice(coded.folds):
        return 0
    columns = (*(coded.keys[c].tolist() for c in ("year", "place", "digest")), coded.folds)
    said = [key for key in zip(*columns, strict=True) if key[3] is not None]
    return len(said) - len(set(said))


def _prefixes(coded: CodedSheet) -> list[str]:
    """By row ``""`` for those who come first, else the mode where it tells them apart, else which run it is (2, 3 …)."""
    fold = coded.folds
    keys = list(zip(coded.keys["year"].tolist(), coded.keys["place"].tolist(), fold, strict=True))
    with_mode = occurrences((*key, mode) for key, mode in zip(keys, coded.modes, strict=True))
    known = np.array([f is not None for f in fold])
    if not (np.array(with_mode) * known).any():  # whoever was asked another way than the first row gets its name
        first = next((m for m, f in zip(coded.modes, fold, strict=True) if f is not None), "")
        return ["" if mode == first else mode for mode in coded.modes]
    return ["" if n == 0 else str(n + 1) for n in occurrences(keys)]


def _free(coded: CodedSheet, before: pd.DataFrame) -> str:
    """The first number, from 2 on, with which hardly anybody meets somebody who answered otherwise."""
    known: dict[str, set[str]] = {}
    for respondent, digest in zip(before["respondent"].tolist(), before["digest"].tolist(), strict=True):
        known.setdefault(folded(respondent), set()).add(digest)
    digests = coded.keys["digest"].tolist()
    for number in range(2, 100):
        met = [known.get(folded(f"{number}-{r}")) for r in coded.named if r is not None]
        mine = [d for d, r in zip(digests, coded.named, strict=True) if r is not None]
        others = sum(there is not None and d not in there for there, d in zip(met, mine, strict=True))
        if others < max(FEWEST, SHARE * len(mine)):
            return str(number)
    return "100"
