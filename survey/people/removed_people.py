"""Who was removed on request is not brought back by a file that comes in later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import foldings, of_mode
from survey.coding.coded_sheet import CodedSheet
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.people.duplicates import FIRST_ROWS
from survey.people.removal import CALLED
from survey.store import settings
from survey.store.upkeep import removals
from survey.store.year import register

#: what is said of their rows
LEFT_OUT = "removal.left_out"


def leave_out(conn: Connection, questionnaire: str, coded: CodedSheet) -> CodedSheet:
    """The sheet without the rows of those who were removed on their request; they are named in a note."""
    gone = removals.known(conn, questionnaire)
    if gone is None:
        return coded
    ids = {c.name: c.id for c in register.communities(conn)}
    names, places, years_ = (coded.keys[k].tolist() for k in ("respondent", "place", "year"))
    usable, called, left_out = coded.usable.copy(), coded.called.copy(), coded.left_out.copy()
    rows = [
        i
        for i, (name, place, year) in enumerate(zip(names, places, years_, strict=True))
        if isinstance(name, str)
        and (usable[i] or (len(called) and called[i]))
        and any(gone(int(year), ids.get(place), said) for said in _marks(name, coded.modes[i]))
    ]
    if not rows:
        return coded
    left_out[rows] |= usable[rows]
    usable[rows] = False
    if len(called):
        called[rows] = False
    first = rows[0]
    note = left_out_note(
        coded.sheet.name,
        [coded.row_numbers[i] for i in rows],
        cell=coded.respondent_cells[first],
        header=coded.respondent_header,
    )
    numbers = {coded.row_numbers[i] for i in rows}  # nothing is asked about a row that is left out
    said = [f for f in coded.findings if f.level == "note" or f.scope == "sheet" or f.row not in numbers]
    return replace(coded, usable=usable, called=called, left_out=left_out, findings=(*said, note))


def holds_removed(coded: CodedSheet) -> bool:
    """Whether rows were left out because their people were removed: the file itself is then not kept either."""
    return any(finding.code == LEFT_OUT for finding in coded.findings)


def _marks(number: str, mode: str | None) -> tuple[str, ...]:
    """What a mark of this person may rest on: the number, or the number with how they were asked."""
    return (*(found := foldings(number)), *(of_mode(fold, mode) for fold in found))


def left_out_note(sheet: str, rows: Sequence[int], *, cell: str = "", header: str = "") -> Finding:
    """The note about rows of removed people, which do not enter."""
    shown = "、".join(str(row) for row in rows[:FIRST_ROWS])
    params = {"n": len(rows), "rows": shown}
    return Finding(LEFT_OUT, "note", "row", sheet, cell, row=rows[0], header=header, params=params)


def removed_calls(conn: Connection, questionnaire: str, frame: pd.DataFrame) -> pd.Series[bool]:
    """Which call records (``year, community`` code, ``respondent``) are of somebody who was removed."""
    gone = removals.known(conn, questionnaire)
    if gone is None:
        return pd.Series(False, index=frame.index, dtype=bool)
    ids = {c.code: c.id for c in register.communities(conn)}
    cases = zip(frame["year"].tolist(), frame["community"].tolist(), frame["respondent"].tolist(), strict=True)
    found = [
        isinstance(who, str) and bool(who) and any(gone(int(y), ids.get(p), said) for said in _marks(who, CALLED))
        for y, p, who in cases
    ]
    return pd.Series(found, index=frame.index, dtype=bool)


def refuse_removed_file(conn: Connection, target: str, digest: str, sheet: str) -> None:
    """Raise Refused if this sheet of this file came in once and was removed as a whole."""
    line = removals.whole_batch(conn, ("answers", "calls"), target, digest, sheet)
    if line is not None:
        when = settings.local(conn, line.at)
        raise Refused("removal.file_again", batch=line.batch_id, when=when, reason=line.reason)
