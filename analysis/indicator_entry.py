"""One value entered by hand, from the page or the command: checked like a row of a file, kept as a change of its own.

Every change is a batch of kind ``entry``: it has who, when and why, and is taken back like an import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from analysis.indicator_columns import COLUMNS
from analysis.indicator_file import values_of
from analysis.indicator_stored import only_new, settled, stored
from analysis.scheme.serial import from_dict
from survey.errors import Refused
from survey.findings import Finding
from survey.lang import LANGUAGES
from survey.sources.sheet import Sheet
from survey.store import Store, batches, indicators, register, schemes, years

#: longest text of one field
LONGEST = 500


@dataclass(frozen=True)
class Entered:
    """What was kept: the number of the change (a batch), and how many values it holds."""

    batch: int
    values: int


def enter(store: Store, year: int, rows: Sequence[Mapping[str, Any]], *, who: str, via: str) -> Entered:
    """Keep one change; ``rows`` are rows of the long form (column → text as typed), ``via`` ``page`` or ``command``.

    Raises Refused, in the words that an import would use, and keeps nothing: a value out of range, nothing new, a
    reviewed value changed without a reason, a closed year.
    """
    if not who.strip():
        raise Refused("indicator_entry.who")
    for row in rows:
        _short(row)
    with store.write() as conn:
        years.require_open(conn, [year])
        scheme = schemes.applicable(conn, year)
        values, findings = values_of([_sheet(rows)], from_dict(scheme.definition), register.communities(conn))
        codes = set() if values is None else set(values.frame["community_code"])
        code = next(iter(codes)) if len(codes) == 1 else None
        if values is not None:
            values, questions, same = only_new(values, stored(conn, year, code))
            findings = settled(findings, same)
            _refuse([f for f in findings if f.level != "note"], "indicator_entry.bad")
            _refuse(questions, "indicator_entry.reason_needed")
        else:
            _refuse([f for f in findings if f.level != "note"], "indicator_entry.bad")
        if values is None or values.frame.empty:
            raise Refused("indicator_entry.unchanged" if values and same else "indicator_entry.empty")
        batch = batches.record(
            conn, kind="entry", target=scheme.code, version_id=scheme.id, file="", file_hash=uuid4().hex,
            sheet=str(year), who=who, counts={"rows": len(values.frame), "stored": len(values.frame)},
            options={"year": year, "via": via},
        )  # fmt: skip
        indicators.append(conn, batch, year, values.frame.assign(sheet=None, row=None))
        return Entered(batch, len(values.frame))


def _sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    keys = [column.key for column in COLUMNS]
    return Sheet("", "", [keys, *([row.get(key) or None for key in keys] for row in rows)])


def _short(row: Mapping[str, Any]) -> None:
    longest = max((len(str(value)) for value in row.values() if value is not None), default=0)
    if longest > LONGEST:
        raise Refused("indicator_entry.too_long", n=longest, most=LONGEST)


def _refuse(findings: Sequence[Finding], key: str) -> None:
    """Raise the first of them as a sentence of its own."""
    if findings:
        first = findings[0]
        raise Refused(key, why={lang: first.word(lang) for lang in LANGUAGES}, **first.params)
