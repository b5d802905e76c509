"""The audit record for the page: its newest entries, what they can be filtered by, and whether it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.web.access import Viewer, require
from survey.store import Store, audit, breaks, settings
from survey.store.audit import DONE, REFUSED, Entry
from survey.store.breaks import Break, Checked
from survey.store.engine.base import to_json

__all__ = ["DONE", "FILTERS", "REFUSED", "Break", "Checked", "Entry", "Record", "detail", "frame", "record"]

#: entries shown at once
SHOWN = 100
#: the filter as it stands in an address → how the record calls it
FILTERS = {"who": "who", "action": "action", "state": "outcome"}
COLUMNS = ("entry", "at", "who", "address", "action", "subject", "outcome", "detail", "hash")


@dataclass(frozen=True)
class Record:
    """``entries`` newest first, their times in ``zone``; ``older``: the number before which more follow, None for none;
    ``people`` and ``actions`` that there are; ``checked``: what a walk along the whole record found, if it was asked for.
    """

    entries: tuple[Entry, ...]
    zone: ZoneInfo
    older: int | None
    people: tuple[str, ...]
    actions: tuple[str, ...]
    filters: Mapping[str, str]
    checked: Checked | None = None

    def at(self, entry: Entry) -> str:
        """When it was, to the second, in the store's time zone."""
        return f"{entry.at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"


def record(viewer: Viewer, store: Store, asked: Mapping[str, str]) -> Record:
    """The entries of an address; what is no number of an entry asks for the newest."""
    require(viewer, "read_audit")
    said, before = _said(asked), asked.get("at", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    with store.read() as conn:
        found = audit.listing(conn, SHOWN + 1, before=number, **said)
        people, actions = audit.named(conn)
        checked = breaks.check(conn) if asked.get("do") == "check" else None
        zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    shown = found[:SHOWN]
    older = shown[-1].id if len(found) > SHOWN else None
    known = {name: asked[name] for name in FILTERS if asked.get(name)}
    return Record(tuple(shown), zone, older, tuple(filter(None, people)), tuple(actions), known, checked)


def frame(viewer: Viewer, store: Store, asked: Mapping[str, str]) -> pd.DataFrame:
    """All entries that the filters leave, as ``COLUMNS``."""
    require(viewer, "read_audit")
    with store.read() as conn:
        found = audit.listing(conn, None, **_said(asked))
        zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    told = Record(tuple(found), zone, None, (), (), {})
    return pd.DataFrame([_row(told, entry) for entry in found], columns=list(COLUMNS))


def _row(told: Record, entry: Entry) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in ("who", "address", "action", "subject", "outcome")}
    return {"entry": entry.id, "at": told.at(entry), **plain, "detail": detail(entry), "hash": entry.chain}


def detail(entry: Entry) -> str:
    """What an entry says besides, as JSON; empty where it says nothing."""
    return to_json(entry.detail, sort_keys=True) if entry.detail else ""


def _said(asked: Mapping[str, str]) -> dict[str, str]:
    return {column: asked[name] for name, column in FILTERS.items() if asked.get(name)}
