"""Who it was where a sheet has telephone numbers and no respondent numbers: an id made of the number, never the number.

The id is HMAC-SHA256 of the number under a random secret of the questionnaire and year (``survey.store.intake.phone_secrets``),
shortened to 80 bits.  Somebody who is stored with this number under a respondent number is that respondent.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from survey.answers.phones import mask, read_phones
from survey.answers.values import blank_words
from survey.coding.coded_sheet import CodedSheet, Respondents
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.people.contacts import AREA_CODE, Phones, read_columns
from survey.store import Store, keyring, settings
from survey.store.intake import contacts, phone_secrets
from survey.store.keyring import Keyring

#: every id made of a number begins so; 80 bits follow: of a million people two are alike with a chance of 4 · 10⁻¹³
PREFIX, BYTES = "tel-", 10
#: the question about somebody who is stored with other answers, worded with the number
STORED_BY_PHONE = "identities.other_answers_stored"
_WORDED = {
    "checking.other_answers": "identities.other_answers",
    "checking.other_answers_stored": STORED_BY_PHONE,
}


class People:
    """Respondents by telephone number, for one questionnaire, as they are known in one open transaction.

    The secret of a year is made when it is first needed, in a transaction of its own: whoever comes second finds it.
    """

    def __init__(self, store: Store, conn: Connection, ring: Keyring, questionnaire: str) -> None:
        self._store, self._conn, self._ring, self._questionnaire = store, conn, ring, questionnaire
        self._secrets: dict[int, bytes] = {}
        self._known: dict[int, Callable[[str], list[tuple[str, str]]]] = {}
        self.area_code = settings.get(conn, AREA_CODE, "")

    def who(self, year: int, place: str, number: str) -> str:
        """The respondent of a number: the one who is stored with it in this community, else an id made of it.

        Raises Refused where the secret of the year was deleted, so that nobody could be known again.
        """
        if year not in self._known:
            self._known[year] = contacts.respondents(self._conn, self._ring, self._questionnaire, year)
        stored = {respondent for where, respondent in self._known[year](number) if where == place}
        return stored.pop() if len(stored) == 1 else made_of(self._secret(year), number)

    def of_cell(self, year: int, place: str, cell: Any) -> str:
        """``who`` of the first number of a cell, '' where it holds none."""
        numbers = () if cell is None else read_phones(cell, self.area_code).numbers
        return self.who(year, place, numbers[0]) if numbers else ""

    def _secret(self, year: int) -> bytes:
        if year not in self._secrets:
            found = phone_secrets.get(self._conn, self._ring, self._questionnaire, year)
            if found is None:
                with self._store.write(aside=True) as writing:
                    found = phone_secrets.make(writing, self._ring, self._questionnaire, year)
            if not found:
                raise Refused("identities.deleted", year=year)
            self._secrets[year] = found
        return self._secrets[year]


def made_of(secret: bytes, number: str) -> str:
    """The id of a number: ``tel-`` and 16 characters."""
    digest = hmac.digest(secret, number.encode(), "sha256")[:BYTES]
    return PREFIX + base64.b32encode(digest).decode().lower()


def known_by_number(
    store: Store, conn: Connection, ring: Keyring | None, questionnaire: str, coded: CodedSheet
) -> Respondents | None:
    """The respondents of a sheet by their numbers, None where a column says who they are or there are no numbers.

    A row of answers without a number is unknown where the questionnaire asks who it was.  Raises Refused where that
    needs a key and there is none.
    """
    if any(coded.respondent_cells) or not coded.phone_columns or not len(coded.keys):
        return None
    needed, column = "respondent" in coded.form.roles, coded.phone_columns[0]
    if ring is None:
        if needed:
            raise Refused("identities.no_key", header=column.header, path=str(keyring.key_file()))
        return None
    people = People(store, conn, ring, questionnaire)
    wanted = coded.usable | coded.called if len(coded.called) else coded.usable
    phones = read_columns(coded.phone_columns, blank_words(coded.form), people.area_code, wanted)
    names: list[str | None] = [None] * len(wanted)
    shown: dict[str, str] = {}
    years, places = coded.keys["year"].tolist(), coded.keys["place"].tolist()
    for row in np.flatnonzero(wanted).tolist() if phones.said else ():
        if phones.numbers[row] and not pd.isna(years[row]):
            number = phones.numbers[row][0]
            names[row] = who = people.who(int(years[row]), places[row], number)
            shown[who] = mask(number)
    unknown = [row for row in np.flatnonzero(coded.usable).tolist() if needed and names[row] is None]
    findings = (*_note(coded, shown), *_without(coded, phones, unknown))
    cells = [column.address(i) for i in range(len(names))]
    return Respondents(names, cells, column.header, unknown, findings, shown)


def _note(coded: CodedSheet, shown: Mapping[str, str]) -> list[Finding]:
    column = coded.phone_columns[0]
    head = coded.sheet.address(coded.first - 1, column.index)
    note = Finding(
        "identities.by_phone",
        "note",
        "sheet",
        coded.sheet.name,
        head,
        header=column.header,
        params={"n": len(shown), "header": column.header},
    )
    return [note] if shown else []


def _without(coded: CodedSheet, phones: Phones, rows: Sequence[int]) -> list[Finding]:
    """A refusal for each row without a readable number, saying what is wrong with it."""
    column = coded.phone_columns[0]
    found = {f.row: f.params.get("found", "") for f in phones.findings if f.level != "note"}
    return [
        Finding(
            "identities.bad_phone" if column.number(row) in found else "identities.no_phone",
            scope="row",
            sheet=coded.sheet.name,
            cell=column.address(row),
            row=column.number(row),
            header=column.header,
            params={"found": found.get(column.number(row), "")},
        )
        for row in rows
    ]


def by_number(findings: Iterable[Finding], shown: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings about respondents who are known by their number, worded so, the number masked (``shown``: by id)."""
    return tuple(_worded(f, shown) for f in findings) if shown else tuple(findings)


def _worded(finding: Finding, shown: Mapping[str, str]) -> Finding:
    params = {k: shown.get(v, v) if isinstance(v, str) else v for k, v in finding.params.items()}
    if params == finding.params:
        return finding
    return replace(finding, code=_WORDED.get(finding.code, finding.code), params=params)
