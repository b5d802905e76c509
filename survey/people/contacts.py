"""Phone numbers on their way in: read from their column, compared, and handed to the contacts, never to the answers.

Nobody is counted twice: the same number under another respondent of the same community is an open question, which a
person may confirm (a household shares its landline).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from survey.answers.phones import PhoneCell, hidden, mask, read_phones
from survey.answers.respondents import folded
from survey.answers.validation import FIRST_CELLS, Column, factorise
from survey.answers.values import blank_words
from survey.coding.coded_sheet import CodedSheet
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.decisions.carried_out import Change
from survey.people import retention
from survey.store import keyring, settings
from survey.store.intake import contacts, originals
from survey.store.intake.contacts import Holder, SealedContact
from survey.store.intake.originals import SealedFile
from survey.store.keyring import Keyring

Flags = npt.NDArray[np.bool_]
#: setting of the store: the area code that completes local numbers
AREA_CODE = "area_code"


@dataclass(frozen=True)
class Phones:
    """The phone columns of a sheet, read: per data row its numbers and the address and text of its first cell."""

    numbers: Sequence[tuple[str, ...]] = field(default=(), repr=False)
    texts: Sequence[str] = field(default=(), repr=False)
    cells: Sequence[str] = field(default=(), repr=False)
    header: str = ""
    head: str = ""
    said: int = 0
    findings: tuple[Finding, ...] = ()

    def rows(self, keep: Flags) -> list[tuple[int, str]]:
        """(data row, number) of every number of the kept rows."""
        return [(i, number) for i in np.flatnonzero(keep).tolist() for number in self.numbers[i]] if self.said else []


def read_columns(columns: Sequence[Column], blank: frozenset[str], area_code: str, filled: Flags) -> Phones:
    """Read the phone columns, each distinct cell once; findings only of rows that say anything else, too."""
    if not columns:
        return Phones()
    numbers: list[tuple[str, ...]] = [()] * len(filled)
    cells, texts = [""] * len(filled), [""] * len(filled)
    findings: list[Finding] = []
    said = 0
    for column in columns:
        index, values = factorise(column.values)
        said_by = [clean(v) for v in values]
        read = [
            PhoneCell() if text.casefold() in blank else read_phones(value, area_code)
            for text, value in zip(said_by, values, strict=True)
        ]
        tidied: list[int] = []
        for row, place in enumerate(index.tolist()):
            if place < 0 or not filled[row] or not (read[place].numbers or read[place].problem):
                continue
            cell = read[place]
            said += 1
            if cell.problem:
                findings.append(_problem(column, row, cell))
            elif cell.tidied:
                tidied.append(row)
            numbers[row] = tuple(dict.fromkeys((*numbers[row], *cell.numbers)))
            if not cells[row]:
                cells[row], texts[row] = column.address(row), said_by[place]
        if tidied:
            findings.append(_tidied(column, tidied))
    first = columns[0]
    head = first.sheet.address(first.first - 1, first.index)
    return Phones(numbers, texts, cells, first.header, head, said, tuple(findings))


def _problem(column: Column, row: int, cell: PhoneCell) -> Finding:
    return Finding(
        cell.problem,
        level="ask" if cell.asked else "refuse",
        scope="cell",
        sheet=column.sheet.name,
        cell=column.address(row),
        row=column.number(row),
        header=column.header,
        params=cell.params,
    )


def _tidied(column: Column, rows: Sequence[int]) -> Finding:
    cells = [column.address(row) for row in rows[:FIRST_CELLS]]
    return Finding(
        "contacts.tidied",
        level="note",
        sheet=column.sheet.name,
        cell=cells[0],
        row=column.number(rows[0]),
        header=column.header,
        params={"n": len(rows), "cells": "、".join(cells)},
    )


def judge_phones(
    keys: pd.DataFrame,
    phones: Phones,
    held: Mapping[tuple[int, str], Sequence[Holder]],
    *,
    usable: Flags,
    skip: Flags,
    sheet: str,
    rows: Sequence[int],
) -> tuple[Finding, ...]:
    """Compare numbers with each other and with what is stored.

    ``keys``: year, place (community name or ''), respondent (None where there is none) of every data row.
    ``held``: (year, number) → who answered under it already (``survey.store.intake.contacts.holders``).
    ``skip``: rows that are stored already; they are compared with, and not asked about.
    The same number under another respondent of the community: an ``ask`` per row.  In another community: one note.
    """
    places, respondents = keys["place"].tolist(), keys["respondent"].tolist()
    years = [0 if pd.isna(y) else int(y) for y in keys["year"].tolist()]
    seen: dict[tuple[int, str], list[Holder]] = {}
    asks: list[Finding] = []
    elsewhere: list[int] = []
    known, fresh = np.flatnonzero(usable & skip).tolist(), np.flatnonzero(usable & ~skip).tolist()
    for i in [*known, *fresh]:
        me = Holder(places[i], respondents[i], 0, rows[i])
        others: list[tuple[str, Holder]] = []
        for number in phones.numbers[i]:
            mine = seen.setdefault((years[i], number), [])
            others += [(number, other) for other in (*held.get((years[i], number), ()), *mine) if not _same(me, other)]
            mine.append(me)
        if skip[i]:
            continue
        here = next(((n, other) for n, other in others if other.place == me.place), None)
        if here is not None:
            asks.append(
                _ask(me, *here, sheet=sheet, cell=phones.cells[i], found=hidden(phones.texts[i]), header=phones.header)
            )
        elif others:
            elsewhere.append(i)
    return (*asks, *_elsewhere(phones, elsewhere, sheet, rows))


def _same(me: Holder, other: Holder) -> bool:
    """Whether both are one respondent; without a number nobody is known again."""
    if me.respondent is None or other.respondent is None:
        return False
    return (me.place, folded(me.respondent)) == (other.place, folded(other.respondent))


def _ask(me: Holder, number: str, other: Holder, *, sheet: str, cell: str, found: str, header: str) -> Finding:
    params = {
        "found": found,
        "phone": mask(number),
        "respondent": me.respondent or "–",
        "other": other.respondent or "–",
        "row": other.row,
    }
    if other.batch:
        code, params = "contacts.same_phone_stored", {**params, "batch": other.batch}
    else:
        code = "contacts.same_phone"
    return Finding(code, level="ask", scope="row", sheet=sheet, cell=cell, row=me.row, header=header, params=params)


def _elsewhere(phones: Phones, at: Sequence[int], sheet: str, rows: Sequence[int]) -> tuple[Finding, ...]:
    if not at:
        return ()
    named = "、".join(str(rows[i]) for i in at[:FIRST_CELLS])
    return (
        Finding(
            "contacts.phone_elsewhere",
            level="note",
            scope="row",
            sheet=sheet,
            cell=phones.cells[at[0]],
            row=rows[at[0]],
            header=phones.header,
            params={"n": len(at), "rows": named},
        ),
    )


def sheet_phones(
    conn: Connection, ring: Keyring | None, target: str, coded: CodedSheet, skip: Flags
) -> tuple[Phones, tuple[Finding, ...]]:
    """The numbers of a sheet and everything to say about them.

    Without a key they are compared within the sheet only, and dropped.  ``skip``: rows that are stored already.
    """
    area = settings.get(conn, AREA_CODE, "")
    phones = read_columns(coded.phone_columns, blank_words(coded.form), area, coded.filled)
    if not phones.said:
        return phones, ()
    wanted: dict[int, set[str]] = {}
    for year, numbers in zip(coded.keys["year"].tolist(), phones.numbers, strict=True):
        if numbers and not pd.isna(year):
            wanted.setdefault(int(year), set()).update(numbers)
    sheet = coded.sheet.name
    held = contacts.holders(conn, ring, target, wanted) if ring else {}
    asks = judge_phones(coded.keys, phones, held, usable=coded.usable, skip=skip, sheet=sheet, rows=coded.row_numbers)
    if ring is None:
        return phones, (_about(phones, sheet, "intake.phones_dropped", n=phones.said, header=phones.header), *asks)
    unread = contacts.foreign(conn, ring, target, wanted)
    notes = (_about(phones, sheet, "contacts.not_compared", n=unread, place=ring.place),) if unread else ()
    kept = _about(phones, sheet, "contacts.kept_apart", n=phones.said, header=phones.header)
    refused = {f.cell for f in coded.findings if f.level == "refuse" and f.scope == "row"}
    return phones, (kept, *notes, *(f for f in phones.findings if f.cell not in refused), *asks)


def _about(phones: Phones, sheet: str, code: str, **params: object) -> Finding:
    return Finding(
        code, level="note", scope="sheet", sheet=sheet, cell=phones.head, header=phones.header, params=params
    )


def veil(findings: Iterable[Finding], columns: Sequence[Column]) -> tuple[Finding, ...]:
    """Findings as they may be shown and kept: personal numbers masked, those of phone columns in any writing."""
    headers = {column.header for column in columns}
    return tuple(_veiled(f, hidden if f.header in headers else masked) for f in findings)


def _veiled(finding: Finding, cover: Callable[[str], str]) -> Finding:
    params = {key: _covered(value, cover) for key, value in finding.params.items()}
    return finding if params == finding.params else replace(finding, params=params)


def _covered(value: Any, cover: Callable[[str], str]) -> Any:
    """A parameter with its texts covered, also those of a list; numbers of batches stay numbers."""
    if isinstance(value, str):
        return cover(value)
    return type(value)(_covered(one, cover) for one in value) if isinstance(value, (list, tuple)) else value


def veil_changes(changes: Iterable[Change], columns: Sequence[Column]) -> tuple[Change, ...]:
    """What decisions did to phone cells, as it may be kept."""
    headers = {column.header for column in columns}
    return tuple(
        replace(c, before=hidden(c.before), after=hidden(c.after)) if c.header in headers else c for c in changes
    )


def seal_file(conn: Connection, data: bytes) -> SealedFile | None:
    """A file as it is kept, or None where there is no key or the store keeps only hashes."""
    ring = keyring.load()
    return originals.seal(ring.newest, data) if ring and retention.keeps_originals(conn) else None


@dataclass(frozen=True)
class Sealed:
    """What a file leaves beside its answers, encrypted before the write lock is taken."""

    rows: Sequence[int] = ()
    contacts: Sequence[SealedContact] = ()
    original: SealedFile | None = None


def seal(target: str, coded: CodedSheet, phones: Phones, keep: Flags, original: bytes | None) -> Sealed:
    """Encrypt the numbers of the kept rows and the file itself; raises Surroundings if the key went away meanwhile."""
    ring = keyring.load()
    found = phones.rows(keep) if ring or original is not None else []
    if not found and original is None:
        return Sealed()
    key = (ring or keyring.need()).newest
    years = coded.keys["year"].tolist()
    return Sealed(
        [row for row, _ in found],
        [contacts.seal(key, target, int(years[row]), number) for row, number in found],
        None if original is None else originals.seal(key, original),
    )


def store(conn: Connection, batch: int, sealed: Sealed, coded: CodedSheet, keep: Flags, ids: Mapping[str, int]) -> None:
    """Store what was sealed under a batch whose kept rows are stored; ``ids`` maps community names."""
    if sealed.original is not None:
        originals.keep(conn, sealed.original)
    at = [i for i, row in enumerate(sealed.rows) if keep[row]]
    if not at:
        return
    rows = [sealed.rows[i] for i in at]
    nth = np.cumsum(keep) - 1 + contacts.first_response(conn, batch)
    years, places = coded.keys["year"].tolist(), coded.keys["place"].tolist()
    contacts.append(
        conn,
        batch,
        [sealed.contacts[i] for i in at],
        years=[int(years[r]) for r in rows],
        community_ids=[ids.get(places[r]) for r in rows],
        response_ids=[int(nth[r]) for r in rows],
    )
