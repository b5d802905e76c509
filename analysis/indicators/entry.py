"""One value entered by hand, from the page or the command: checked like a row of a file, kept as a change of its own.

Every change is a batch of kind ``entry``: it has who, when and why, and is taken back like an import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.indicators.columns import COLUMNS, REMARKS, TELLING
from analysis.indicators.file import IndicatorValues, values_of
from analysis.indicators.stored import only_new, plain_rows, settled, stored
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.objective import score_indicators
from survey.core import limits
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.fieldwork.outside import require_inside
from survey.fieldwork.register import Register, require_community
from survey.files.readers.sheet import Sheet
from survey.store import Store, change_mark
from survey.store.intake import batches
from survey.store.year import indicators, register, schemes, years
from survey.store.year.schemes import StoredScheme


@dataclass(frozen=True)
class Entered:
    """What was kept: the number of the change (a batch), and how many values it holds."""

    batch: int
    values: int


def enter(
    store: Store,
    year: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    who: str,
    via: str,
    beside: Callable[[Connection], object] = lambda conn: None,
) -> Entered:
    """Keep one change; ``rows`` are rows of the long form (column → text as typed), ``via`` ``page`` or ``command``, ``beside``
    what is done in the same transaction.

    Raises Refused, in the words that an import would use, and keeps nothing: a value out of range, nothing new, a
    reviewed value changed without a reason, a closed year.
    """
    if not who.strip():
        raise Refused("indicator_entry.who")
    for row in rows:
        _short(row)
    with store.read() as conn:
        at, (scheme, frame) = change_mark.moment(conn), _new(conn, year, rows)
    codes = set(frame["community_code"])
    with store.write() as conn:  # writers take turns: what the rows say was found out while others wrote
        if change_mark.values_moved(conn, at, year, codes):
            scheme, frame = _new(conn, year, rows)
        batch = batches.record(
            conn,
            kind="entry",
            target=scheme.code,
            version_id=scheme.id,
            file="",
            file_hash=uuid4().hex,
            sheet=str(year),
            who=who,
            counts={"rows": len(frame), "stored": len(frame)},
            options={"year": year, "via": via},
        )
        indicators.append(conn, batch, year, frame.assign(sheet=None, row=None))
        beside(conn)
        return Entered(batch, len(frame))


def _new(conn: Connection, year: int, rows: Sequence[Mapping[str, Any]]) -> tuple[StoredScheme, pd.DataFrame]:
    """What the rows say that is new, as ``indicators.append`` takes it, and the scheme that it was read by; raises Refused as
    ``enter`` does."""
    years.require_open(conn, [year])
    scheme = schemes.applicable(conn, year)
    values, questions, same = _read(conn, year, from_dict(scheme.definition), rows)
    _refuse(questions, "indicator_entry.reason_needed")
    if values.frame.empty:
        raise Refused("indicator_entry.unchanged" if same else "indicator_entry.empty")
    return scheme, values.frame


def foresee(store: Store, year: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The value of one community and indicator as it would stand with these rows (a row of ``score_indicators``).

    Raises Refused as ``enter`` does, but for reasons; nothing is stored.
    """
    code, name = str(rows[0]["community"]), str(rows[0]["indicator"])
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, year).definition)
        values, _, _ = _read(conn, year, scheme, rows)
        past = indicators.history(conn, year, code, name)
    frame = indicators.what_counts(indicators.with_more(past, values.frame))
    scored = score_indicators(scheme, frame, [(code, "")])
    return next(row for row in plain_rows(scored) if row["indicator"] == name)


def _read(
    conn: Connection, year: int, scheme: Scheme, rows: Sequence[Mapping[str, Any]]
) -> tuple[IndicatorValues, list[Finding], set[tuple[str, str]]]:
    """What the rows say that is new, the questions it raises, and what is stored already; refuses what is wrong."""
    told = register.communities(conn)
    values, findings = values_of([_sheet(rows)], scheme, told, (*TELLING, *REMARKS))
    if values is None:
        _refuse(findings, "indicator_entry.bad")
        raise Refused("indicator_entry.empty")
    places = Register(told, register.history(conn))
    for code in values.frame["community_code"].unique():
        require_inside(places, require_community(code, places), year)
    values = _with_standards(values, rows)
    known = stored(conn, year, _only(values.frame["community_code"]), _only(values.frame["indicator"]))
    values, questions, same = only_new(values, known)
    _refuse([f for f in settled(findings, same) if f.level != "note"], "indicator_entry.bad")
    return values, questions, same


def _only(names: pd.Series) -> str | None:
    """The name that all rows say; None where they say several, or nothing."""
    said = set(names)
    return said.pop() if len(said) == 1 else None


def _with_standards(values: IndicatorValues, rows: Sequence[Mapping[str, Any]]) -> IndicatorValues:
    """Which of k standards are met is kept beside their number, where a row says it."""
    told = next((str(row["standards"]) for row in rows if row.get("standards")), "")
    if not told or values.frame.empty:
        return values
    texts = [told if pd.notna(value) else None for value in values.frame["value"]]
    return replace(values, frame=values.frame.assign(value_text=pd.Series(texts, values.frame.index, dtype=object)))


def _sheet(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    keys = [column.key for column in COLUMNS]
    return Sheet("", "", [keys, *([row.get(key) or None for key in keys] for row in rows)])


def _short(row: Mapping[str, Any]) -> None:
    longest = max((len(str(value)) for value in row.values() if value is not None), default=0)
    if longest > limits.TYPED_TEXT:
        raise Refused("indicator_entry.too_long", n=longest, most=limits.TYPED_TEXT)


def _refuse(findings: Sequence[Finding], key: str) -> None:
    """Raise the first of them as a sentence of its own."""
    if findings:
        first = findings[0]
        raise Refused(key, why={lang: first.word(lang) for lang in LANGUAGES}, **first.params)
