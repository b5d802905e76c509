"""The cycle of the sample's years: workbooks, reviews and steps as a person would bring and take them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.cycle import acting
from analysis.cycle.importing import import_lines
from analysis.cycle.sheets import KINDS as CYCLE_KINDS
from analysis.importing_indicators import import_indicators
from analysis.indicator_review import review
from survey.errors import Refused
from survey.store import Store, cycle, reviews, settings
from survey.store.cycle import Event

__all__ = ["CYCLE_KINDS", "cycle_entry", "indicator_entry"]

#: two invented persons: nobody approves what they entered
ENTERS, APPROVES = "示例经办人", "示例复核人"
_DONE = "sample_cycle"


def cycle_entry(store: Store, entry: Mapping[str, Any], data: bytes) -> int:
    """One workbook of the cycle and the steps ``then``; returns the rows taken, 0 where they were taken before."""
    with store.read() as conn:
        done = settings.get(conn, _DONE, "").split("|")
    if entry["path"] in done:
        return 0
    kept = import_lines(store, entry["kind"], entry["path"], data, year=entry["year"], who=ENTERS).kept
    for step in entry.get("then", ()):
        _take(store, entry["year"], step)
    with store.write() as conn:
        settings.put(conn, _DONE, "|".join([*filter(None, done), entry["path"]]))
    return kept


def _take(store: Store, year: int, step: Mapping[str, Any]) -> None:
    values = {key: value for key, value in step.items() if key != "do"}
    if step["do"] == "review":
        acting.review(store, year, ENTERS, **values)
    elif step["do"] == "calculate":
        acting.calculate(store, year, ENTERS)
    elif step["do"] == "close":
        acting.close(store, year, APPROVES)
    elif step["do"] == "veto_approved":
        with store.read() as conn:
            matter = next(e.id for e in cycle.events(conn, year) if e.kind == "veto")
        acting.take(store, Event("veto_approved", year, ref=matter, who=APPROVES, **values))
    else:
        acting.take(store, Event(step["do"], year, who=ENTERS, **values))


def indicator_entry(store: Store, entry: Mapping[str, Any], data: bytes) -> int:
    """A year's indicator values, reviewed but for those of the communities ``waiting`` and the ones ``returned``."""
    year, kept = entry["year"], 0
    try:
        kept = import_indicators(store, entry["path"], data, year, who=ENTERS).values
    except Refused as error:
        if error.key != "intake.file_again":
            raise
    with store.read() as conn:
        found = reviews.standings(conn, year)
    wanted = {at for at, value in found.items() if value.state == "entered" and at[0] not in entry.get("waiting", ())}
    if wanted:
        review(store, year, "approve", who=APPROVES, only=wanted)
    for one in entry.get("returned", ()):
        if found[one["community"], one["indicator"]].state == "entered":
            review(store, year, "return", who=APPROVES, **one)
    return kept
