"""Specialist results of a year: computed from the responses when first asked for, kept, and read from then on.

Pages, commands and exports ask ``kept``; none of them reads responses.  A result belongs to a scheme version and
a data version of its year and is computed again when one of these has moved; that of a closed year stays.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.publication import snapshots
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.results import plain, records
from survey.core import limits
from survey.store import Store, settings
from survey.store.engine.base import now
from survey.store.engine.failures import Unreadable
from survey.store.year import analyses, schemes, years
from survey.store.year import results as stored_results
from survey.store.year.analyses import StoredAnalysis
from survey.store.year.results import Snapshot
from survey.store.year.schemes import StoredScheme

#: ``compute(conn, year, scheme, **parameters)`` → a mapping that ``to_plain`` can turn into JSON
Compute = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True)
class Analysis:
    """A specialist result: ``body`` is what was computed, as JSON values (null for empty); the rest what from."""

    year: int
    name: str
    parameters: Mapping[str, Any]
    scheme: str
    scheme_version: int
    data_version: int
    computed_at: str
    sample: bool
    body: Mapping[str, Any]

    @property
    def meta(self) -> dict[str, Any]:
        """What a file or a command says about where the numbers come from."""
        return {
            "year": self.year,
            "analysis": self.name,
            **self.parameters,
            "scheme": self.scheme,
            "scheme_version": self.scheme_version,
            "data_version": self.data_version,
            "computed_at": self.computed_at,
            "sample": self.sample,
        }


#: ends the name of what is kept for who only reads, where that differs
SETTLED = "@settled"
_guard = threading.Lock()
#: one lock for each result that is being computed, held by whoever computes it
_locks: dict[tuple[str, int, str, str], threading.Lock] = {}


def kept(store: Store, year: int, name: str, compute: Compute, **parameters: Any) -> Analysis:
    """The specialist result ``name`` of a year with these (JSON) parameters, computed only if it is not there.

    While one thread of this program computes it, others that ask for it wait and then read what was kept: a
    page that says what is no longer so would be remembered as if it were.  Other programs on the same store go
    on; should two compute the same, either is right.  ``compute`` gets an open read transaction, the year and
    its scheme, and must be a plain function of them (a fixed seed where it draws).  ``name`` ends in a number that
    grows when what ``compute`` makes changes its shape or a formula.

    Of a year that who asks sees otherwise than it is (``survey.store.settled``) there is a result of its own.

    Raises Refused for a year without data, and whatever ``compute`` refuses; then nothing is kept.
    """
    asked = json.dumps(parameters, sort_keys=True, ensure_ascii=False)
    with store.read() as conn:
        name += SETTLED if snapshots.held_back(conn, year) else ""
    there = _there(store, year, name, asked)
    if there is not None:
        return there
    with _lock(store.where, year, name, asked):
        there = _there(store, year, name, asked)
        return there if there is not None else _compute(store, year, name, asked, compute)


def to_plain(value: Any) -> Any:
    """JSON values of nested mappings, sequences, frames (as rows), arrays and scalars; NaN becomes null."""
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, pd.DataFrame):
        return [to_plain(row) for row in records(value)]
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [to_plain(one) for one in value]
    return plain(value)


def _lock(*key: Any) -> threading.Lock:
    with _guard:
        return _locks.setdefault(key, threading.Lock())


def _there(store: Store, year: int, name: str, asked: str) -> Analysis | None:
    """What is kept, if it is up to date."""
    with store.read() as conn:
        snapshots.require_year(conn, year)
        found = analyses.get(conn, year, name, asked)
        return _read(conn, found) if found is not None and _current(conn, year, found) else None


def _current(conn: Connection, year: int, found: StoredAnalysis) -> bool:
    """Whether it rests on the year's data and scheme; in a closed year, on those that it was closed with.

    What was computed after a year was closed is as good: nothing that its results rest on moves any more.  What was
    held back under other limits for small groups is not: it would show what must not be shown now.
    """
    if _unpacked(found.payload)[1] != limits.small_groups():
        return False
    if found.scheme_id != _stored_scheme(conn, year).id:
        return False
    closed_with = _closed_with(conn, year)
    if closed_with is not None:
        return found.data_version >= closed_with.data_version
    return found.data_version == years.data_version(conn, year) or years.state(conn, year) == "closed"


def _closed_with(conn: Connection, year: int) -> Snapshot | None:
    """The results that a closed year was closed with."""
    return stored_results.current_snapshot(conn, year) if years.state(conn, year) == "closed" else None


def _compute(store: Store, year: int, name: str, asked: str, compute: Compute) -> Analysis:
    with store.read() as conn:
        scheme, version = _stored_scheme(conn, year), years.data_version(conn, year)
        made = to_plain(compute(conn, year, _definition(scheme), **json.loads(asked)))
    payload = json.dumps({"body": made, "small_groups": limits.small_groups()}, ensure_ascii=False, allow_nan=False)
    if store.read_only:
        with store.read() as conn:
            return _read(conn, StoredAnalysis(year, name, asked, scheme.id, version, now(), payload))
    with store.note() as conn:  # it follows from what is stored: nothing else moved
        found = analyses.save(conn, year, name, asked, scheme_id=scheme.id, data_version=version, payload=payload)
    with store.read() as conn:
        return _read(conn, found)


def _unpacked(payload: str) -> tuple[Any, list[int]]:
    """What was computed, and the limits for small groups that it was computed under."""
    try:
        kept = json.loads(payload)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if isinstance(kept, dict) and kept.keys() == {"body", "small_groups"}:
        return kept["body"], kept["small_groups"]
    return kept, limits.FIRST["small_groups"]


def scheme_of(conn: Connection, year: int) -> Scheme:
    """The scheme of a year; of a closed year, as it was when its results were computed."""
    return _definition(_stored_scheme(conn, year))


def _stored_scheme(conn: Connection, year: int) -> StoredScheme:
    """The scheme of the year; of a closed year the version that its results were computed under."""
    snapshot = _closed_with(conn, year)
    return schemes.applicable(conn, year) if snapshot is None else schemes.by_id(conn, snapshot.scheme_id)


def _definition(stored: StoredScheme) -> Scheme:
    return from_dict(stored.definition)


def _read(conn: Connection, found: StoredAnalysis) -> Analysis:
    scheme = schemes.by_id(conn, found.scheme_id)
    at: datetime = found.created_at.astimezone(settings.zone(conn))
    return Analysis(
        year=found.year,
        name=found.name.removesuffix(SETTLED),
        parameters=json.loads(found.parameters),
        scheme=scheme.code,
        scheme_version=scheme.version,
        data_version=found.data_version,
        computed_at=at.isoformat(timespec="seconds"),
        sample=settings.get(conn, "sample") == "1",
        body=_unpacked(found.payload)[0],
    )
