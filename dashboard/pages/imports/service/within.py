"""How far an import reaches: who sees a part of the register brings what is of it, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from analysis.indicators.imports import IndicatorInspection
from analysis.indicators.stored import plain_rows, stored
from analysis.scheme.serial import from_dict
from dashboard.web.access import Viewer, require
from dashboard.web.permissions import granted
from survey.core.errors import Refused
from survey.intake.answers import Inspection
from survey.store import Store
from survey.store.intake.batches import Batch
from survey.store.intake.tallies import reached
from survey.store.year import register

#: what of a row of values an office enters; a community says its own score and why
_ENTERED = {
    **dict.fromkeys(("value", "value_text", "assessor_score", "method", "date")),
    **dict.fromkeys(("kind", "assessor"), ""),
}
#: years and codes of communities; None for what is of the whole area, or of a community that the register does not have
Places = Collection[tuple[int | None, str | None]]


def require_kind(viewer: Viewer, kind: str) -> None:
    """Raise Refused for a register that somebody brings who may not; definitions ask for themselves."""
    if kind == "register":
        require(viewer, "edit_register")


def own(viewer: Viewer, store: Store, found: Any) -> Any:
    """A checked line (``checks.Checked``) as this viewer may store it.

    Raises Refused where it holds rows, or fields, that are another's to bring.
    """
    require_kind(viewer, found.kind)
    if found.inspection is not None:
        if not viewer.at().everywhere:
            _require(viewer, _of_answers(store, found.inspection))
    elif found.calls is not None:
        frame = found.calls.read.frame
        _require(viewer, list(zip(frame["year"].tolist(), frame["community"].tolist(), strict=True)))
    elif found.values is not None:
        values = _of_values(viewer, store, found.values)
        counts = replace(found.counts, storable=min(found.counts.storable, values.count))
        return replace(found, values=values, counts=counts)
    return found


def reaches(viewer: Viewer, conn: Connection, batch: Batch) -> bool:
    """Whether all that a batch brought, refused rows too, is of communities that the viewer sees."""
    if viewer.at().everywhere:
        return True
    places = [*reached(conn, batch.id)]
    return bool(places) and not _others(viewer, places)


def _of_answers(store: Store, inspection: Inspection) -> Places:
    """Where the rows of a sheet belong, those too that are refused or that a person left out."""
    coded = inspection.coded
    assert coded is not None
    with store.read() as conn:
        codes = {c.name: c.code for c in register.communities(conn)}
    rows = coded.filled | coded.called if len(coded.called) else coded.filled
    keys = coded.keys.loc[rows, ["year", "place"]].assign(usable=coded.usable[rows])
    found: set[tuple[int | None, str | None]] = set()
    for year, place, usable in keys.drop_duplicates().itertuples(index=False):
        if place or usable:  # a community that is in doubt is asked about, or refused, in its row
            found.add((None if pd.isna(year) else int(year), codes.get(place)))
    return found


def _of_values(viewer: Viewer, store: Store, seen: IndicatorInspection) -> IndicatorInspection:
    """Values without what stands already and was another's to enter; raises Refused where such a thing is new."""
    if seen.values is None:
        return seen
    frame = seen.values.frame
    _require(viewer, [(seen.year, code) for code in frame["community_code"].unique()])
    offices = {i.code: i.office for i in from_dict(seen.scheme.definition).scored_indicators}
    for code in frame["indicator"].unique():
        if not viewer.answers_for(offices.get(code, "")):
            raise Refused("page_entry.other_office", office=offices.get(code, ""), code=code)
    if granted(viewer.role, "enter_values") or frame.empty:
        return seen
    with store.read() as conn:
        known = stored(conn, seen.year)
    if not all(known.reported_as(row) for row in plain_rows(frame)):
        raise Refused("page_entry.own_only")
    told = frame.assign(**_ENTERED, exempt=False)
    says = told["self_score"].notna()
    cells = tuple(cell for cell, kept in zip(seen.values.cells, says.tolist(), strict=True) if kept)
    return replace(seen, values=replace(seen.values, frame=told[says].reset_index(drop=True), cells=cells))


def _require(viewer: Viewer, places: Places) -> None:
    others = _others(viewer, places)
    if others:
        raise Refused("page_import.other_places")


def _others(viewer: Viewer, places: Iterable[tuple[int | None, str | None]]) -> bool:
    """Whether any of these places is outside of what the viewer sees, by the register of its year."""
    known: dict[int | None, Viewer] = {}
    for year, code in places:
        here = known.setdefault(year, viewer.at(year))
        if not here.everywhere and (code is None or not here.sees(code)):
            return True
    return False
