"""What district and city have said, laid over what was calculated: status, star awarded, titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.cycle.stages import Standing, standings
from analysis.cycle.step_log import Log
from analysis.scoring.results import DECIDED_COLUMNS, Results
from analysis.statistics.notes import join_notes
from survey.core.columns import COUNTED
from survey.files.own_workbooks import header_key
from survey.store.year.reviews import Standing as Review


def overlay(results: Results, log: Log) -> Results:
    """The results with ``status`` and ``star_awarded`` as decided, ``DECIDED_COLUMNS``, and ``extra["cycle"]``.

    ``extra["cycle"]``: ``closed``, ``archived`` (streets whose archive stands while the year is open), ``correcting`` (the reason of a correction under way), ``one_person``, and by
    community ``vetoes`` (the kinds in force, named by ``veto_names``) and ``recommended`` (the star that the district
    recommended and the city has not decided).  The calculation itself stays as it is.
    """
    scores = results.scores.copy()
    known = standings(log)
    rows = [known.get(str(code)) for code in scores["community_code"]]
    scores["status"] = [status_said(row, str(old)) for row, old in zip(rows, scores["status"], strict=True)]
    scores["star_awarded"] = pd.array([_number(r.star_awarded if r else None) for r in rows], dtype="float64")
    added = [_added(row) for row in rows]
    for name in DECIDED_COLUMNS.names:
        scores[name] = pd.Series([cells[name] for cells in added], index=scores.index, dtype=_dtype(name))
    waits = scores["community_code"].isin(set(log.unreviewed)) | log.one_person
    scores["note"] = join_notes(len(scores), (waits.to_numpy(), "not_reviewed"), start=scores["note"])
    if log.closed or log.archived:
        done = [log.closed_of(str(code)) for code in scores["community_code"]]
        scores["provisional"] = scores["provisional"].astype(bool) & ~np.array(done, dtype=bool)
    meta = {**results.meta, **({"provisional": False} if log.closed else {})}
    results = with_reviews(results, log.reviews)
    return replace(results, meta=meta, scores=scores, extra={**results.extra, "cycle": _extra(log, known)})


def with_reviews(results: Results, known: Mapping[tuple[str, str], Review]) -> Results:
    """The results with what became of each indicator value (``lay_reviews``)."""
    return replace(results, indicators=lay_reviews(results.indicators, known))


def lay_reviews(frame: pd.DataFrame, known: Mapping[tuple[str, str], Review]) -> pd.DataFrame:
    """Indicators with ``review, reviewed_by, reviewed_at, review_reason`` as they are now.

    ``known`` by (community, folded code of the indicator); a value that is not there is as it was calculated.
    """
    places = zip(frame["community_code"], frame["indicator"], strict=True)
    found = [known.get((str(code), header_key(name))) for code, name in places]
    laid = {
        column: [getattr(f, name) if f else old for f, old in zip(found, frame[column], strict=True)]
        for column, name in (
            ("review", "state"),
            ("reviewed_by", "reviewed_by"),
            ("reviewed_at", "reviewed_at"),
            ("review_reason", "reason"),
        )
    }
    return frame.assign(**laid)


def _dtype(name: str) -> str:
    return "float64" if DECIDED_COLUMNS.kinds([name])[name] in COUNTED else "object"


def _number(value: int | None) -> float:
    return float("nan") if value is None else float(value)


def status_said(row: Standing | None, calculated: str) -> str:
    """A decision stands above the calculation; a title does not make an incomplete calculation a complete one.

    Older calculations called a star that the city decides ``recommended`` before anybody had recommended it.
    """
    if row is not None and row.status:
        return row.status
    return "calculated" if calculated == "recommended" else calculated


def _added(row: Standing | None) -> dict[str, Any]:
    if row is None:
        return dict.fromkeys(DECIDED_COLUMNS.names)
    return {
        "stage": row.stage if row.taking_part or row.vetoed else None,
        "applied_star": _number(row.applied.star if row.applied else None),
        "title_before": _number(row.held.star if row.held else None),
        "title_before_year": _number(row.held.year if row.held else None),
        "title_event": row.title_event or None,
    }


def _extra(log: Log, known: dict[str, Standing]) -> dict[str, Any]:
    correcting = log.correcting
    told = {code: s.decision.star for code, s in known.items() if s.decision is not None and not s.final}
    in_force = {code: [v.event.subject for v in s.vetoes if v.state == "active"] for code, s in known.items()}
    return {
        "closed": log.closed,
        "archived": sorted(log.archived),
        "correcting": correcting.reason if correcting and not log.closed else "",
        "one_person": log.one_person,
        "vetoes": {code: kinds for code, kinds in in_force.items() if kinds},
        "veto_names": {code: dict(names) for code, names in log.rules.veto_names.items()},
        "recommended": told,
    }
