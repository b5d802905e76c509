"""The year at a glance: one row a community, and every step ever taken as a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.decided_results import status_said
from analysis.cycle.stages import STAGES, Standing, standings
from analysis.cycle.step_log import Log
from analysis.cycle.stored_steps import fixed_results, published_results, read_log
from analysis.cycle.versions import read_back
from analysis.publication import snapshots
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import Results
from survey.core.columns import CODE, DATE, FLAG, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.store import Store, settings
from survey.store.year import cycle, register
from survey.store.year import results as stored_results
from survey.store.year.cycle import Event

COLUMNS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("sub_district", TEXT),
    Column("year", WHOLE),
    Column("title_before", WHOLE),
    Column("title_before_year", WHOLE),
    Column("applied_star", WHOLE),
    Column("applied_date", DATE),
    Column("vetoes", TEXT),
    Column("calculated_total", NUMBER),
    Column("calculated_star", WHOLE),
    Column("objections_open", WHOLE),
    Column("decided_by", CODE),
    Column("decided_total", NUMBER),
    Column("star_awarded", WHOLE),
    Column("status", CODE),
    Column("title_event", CODE),
    Column("stage", CODE),
    Column("next", CODE),
)
STEP_COLUMNS = columns(
    Column("id", WHOLE),
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("kind", CODE),
    Column("star", WHOLE),
    Column("total", NUMBER),
    Column("body", CODE),
    Column("subject", TEXT),
    Column("outcome", CODE),
    Column("document", TEXT),
    Column("date", DATE),
    Column("until", DATE),
    Column("months", WHOLE),
    Column("ref", WHOLE),
    Column("reason", TEXT),
    Column("who", TEXT),
    Column("at", DATE),
    Column("sub_district", TEXT),
)
VETO_COLUMNS = columns(
    Column("id", WHOLE),
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("subject", TEXT),
    Column("state", CODE),
    Column("date", DATE),
    Column("months", WHOLE),
    Column("until", DATE),
    Column("document", TEXT),
    Column("reason", TEXT),
    Column("who", TEXT),
)
OBJECTION_COLUMNS = columns(
    Column("id", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("subject", TEXT),
    Column("date", DATE),
    Column("document", TEXT),
    Column("reason", TEXT),
    Column("state", CODE),
    Column("answer", TEXT),
    Column("answered_by", TEXT),
    Column("answered", DATE),
)
CLOSED_COLUMNS = columns(
    Column("version", WHOLE),
    Column("closed_at", DATE),
    Column("who", TEXT),
    Column("reason", TEXT),
    Column("approved_by", TEXT),
    Column("current", FLAG),
    Column("sub_district", TEXT),
)


@dataclass(frozen=True)
class Cycle:
    """One year: its steps, where each community stands, and what the street calculated (``calculated``, by code)."""

    log: Log
    standings: Mapping[str, Standing]
    calculated: Mapping[str, Mapping[str, Any]]
    streets: Mapping[str, str]
    fixed: Event | None

    @property
    def stage(self) -> str:
        """The first stage that somebody who takes part, or a street of several, has not done."""
        if self.log.closed:
            return STAGES[-1]
        if self.log.streets:
            return min((part.stage for part in self.parts().values()), key=STAGES.index)
        at = [STAGES.index(s.stage) for s in self.standings.values() if s.taking_part or s.vetoed]
        return STAGES[min(at, default=0)]

    @property
    def stands(self) -> str:
        """The stage as it is said of a street: one that is archived does not wait for its archive."""
        return "archived" if self.log.closed else self.stage

    def parts(self) -> dict[str, Cycle]:
        """Street → its own cycle, in register order; without a name where there is one street only."""
        if not self.log.streets:
            return {"": self}
        return {street: self._within(street) for street in self.log.parts}

    def _within(self, street: str) -> Cycle:
        log = self.log.within(street)
        mine = {code: at for code, at in self.standings.items() if code in log.names}
        return replace(self, log=log, standings=mine, fixed=log.last("calculated"))

    def counts(self) -> dict[str, int]:
        """How many of those who take part wait in each stage."""
        return stage_counts(self.standings)


def stage_counts(standings: Mapping[str, Standing]) -> dict[str, int]:
    """How many of those who take part wait in each stage."""
    waiting = [s.stage for s in standings.values() if s.taking_part or s.vetoed]
    return {stage: waiting.count(stage) for stage in STAGES}


def read_cycle(store: Store, year: int, street: str = "") -> Cycle:
    """The year's cycle, of all streets or of one; raises Refused for a year without a scheme and a street it has not.

    A published community is shown as it was published, another as its calculation was fixed.
    """
    with store.read() as conn:
        has_data = year in snapshots.data_years(conn)
    # first, for whether data have moved since is told by what is computed of them
    rows = _by_code(snapshots.published(store, year)) if has_data else {}
    with store.read() as conn:
        log = read_log(conn, year)
        log = log.within(street) if street else log
        published = {} if log.closed else published_results(log)
        waiting = {} if log.closed else {c: n for c, n in fixed_results(log).items() if c not in published}
        texts = {result: stored_results.get(conn, result) for result in sorted({*waiting.values()})}
        streets = {c.code: c.sub_district for c in communities_in(conn, year)}
    kept = {result: _by_code(read_back(text)) for result, text in texts.items()}
    rows |= {code: kept[result][code] for code, result in waiting.items() if code in kept[result]}
    return Cycle(log, standings(log), rows, streets, log.last("calculated"))


def _by_code(found: Results) -> dict[str, Mapping[str, Any]]:
    return {str(row["community_code"]): row for row in found.rows("scores")}


def cycle_table(found: Cycle) -> pd.DataFrame:
    """``COLUMNS``, one row a community of the year in register order."""
    rows = [_row(found, standing) for standing in found.standings.values()]
    frame = pd.DataFrame(rows, columns=list(COLUMNS.names))
    typed: pd.DataFrame = COLUMNS.typed(frame)
    return typed


def _row(found: Cycle, at: Standing) -> dict[str, Any]:
    score = found.calculated.get(at.code, {})
    last, title, calculated = at.decision, at.title, str(score.get("status") or "")
    star = title.star if title is not None and title.subject == "history" else at.star_awarded
    return {
        "community_code": at.code,
        "community": found.log.name(at.code),
        "sub_district": found.streets.get(at.code),
        "year": found.log.year,
        "title_before": at.held.star if at.held else None,
        "title_before_year": at.held.year if at.held else None,
        "applied_star": at.applied.star if at.applied else None,
        "applied_date": at.applied.date if at.applied else None,
        "vetoes": "、".join(f"{v.event.subject}:{v.state}" for v in at.vetoes if v.state != "lifted") or None,
        "calculated_total": score.get("total"),
        "calculated_star": score.get("star"),
        "objections_open": len(at.objections),
        "decided_by": last.body if last else None,
        "decided_total": last.total if last else None,
        "star_awarded": star,
        "status": (calculated if found.log.closed and calculated else status_said(at, calculated)) or None,
        "title_event": at.title_event or None,
        "stage": at.stage,
        "next": at.next,
    }


def steps_table(
    conn: Connection, year: int | None = None, code: str | None = None, street: str | None = None
) -> pd.DataFrame:
    """``STEP_COLUMNS``: every step in the order it was taken, times in the store's zone; of a community or a street."""
    places = register.communities(conn, year)
    names = {c.code: c.name for c in places} if year is None else register.names(conn, year)
    streets = {c.code: c.sub_district for c in places}
    of = streets.get(code) if code is not None else street
    several = len({*filter(None, streets.values())}) > 1
    found = [
        e
        for e in cycle.events(conn, year)
        if (code is None or e.community in ("", code))
        and (not of or not several or (streets.get(e.community) if e.community else e.street or of) == of)
    ]
    rows = [
        {
            **{c: getattr(e, c) for c in STEP_COLUMNS.names if c in Event.__dataclass_fields__},
            "community_code": e.community,
            "community": names.get(e.community, ""),
            "at": settings.local(conn, e.at) if e.at else "",
            "sub_district": e.street,
        }
        for e in found
    ]
    typed: pd.DataFrame = STEP_COLUMNS.typed(pd.DataFrame(rows, columns=list(STEP_COLUMNS.names)))
    return typed


def vetoes_table(found: Cycle) -> pd.DataFrame:
    """``VETO_COLUMNS``, veto matters that count in the year: ``state`` pending, active or lifted; ``until`` the last month it counts."""
    rows = []
    for at in found.standings.values():
        for matter in at.vetoes:
            event = matter.event
            last = int(event.date[:4]) * 12 + int(event.date[5:7]) - 1 + (event.months or 1) - 1
            rows.append(
                {
                    "id": event.id,
                    "year": event.year,
                    "community_code": at.code,
                    "community": found.log.name(at.code),
                    "subject": event.subject,
                    "state": matter.state,
                    "date": event.date,
                    "months": event.months,
                    "until": f"{last // 12}-{last % 12 + 1:02d}",
                    "document": event.document,
                    "reason": event.reason,
                    "who": event.who,
                }
            )
    typed: pd.DataFrame = VETO_COLUMNS.typed(pd.DataFrame(rows, columns=list(VETO_COLUMNS.names)))
    return typed


def objections_table(found: Cycle) -> pd.DataFrame:
    """``OBJECTION_COLUMNS``, objections of the year: ``state`` open, upheld, partly or rejected, with the answer and who gave it."""
    rows = []
    for code in found.log.codes:
        answers = {e.ref: e for e in found.log.mine(code, "objection_answered")}
        for event in found.log.mine(code, "objection"):
            answer = answers.get(event.id)
            rows.append(
                {
                    "id": event.id,
                    "community_code": code,
                    "community": found.log.name(code),
                    "subject": event.subject,
                    "date": event.date,
                    "document": event.document,
                    "reason": event.reason,
                    "state": answer.outcome if answer else "open",
                    "answer": answer.reason if answer else "",
                    "answered_by": answer.subject if answer else "",
                    "answered": answer.date if answer else "",
                }
            )
    typed: pd.DataFrame = OBJECTION_COLUMNS.typed(pd.DataFrame(rows, columns=list(OBJECTION_COLUMNS.names)))
    return typed


def versions_table(conn: Connection, year: int) -> pd.DataFrame:
    """Every version that the year was closed with: ``CLOSED_COLUMNS``."""
    known = {s.id: s for s in stored_results.versions(conn, year)}
    closings = [e for e in cycle.events(conn, year) if e.kind == "closed" and e.result in known]
    last = {event.street: event.id for event in closings}
    rows = []
    for number, event in enumerate(closings, 1):
        kept = known[event.result or 0]
        rows.append(
            {
                "version": number,
                "closed_at": settings.local(conn, kept.created_at),
                "who": event.who,
                "reason": kept.reason,
                "approved_by": kept.approved_by,
                "current": event.id == last[event.street],
                "sub_district": event.street,
            }
        )
    typed: pd.DataFrame = CLOSED_COLUMNS.typed(pd.DataFrame(rows, columns=list(CLOSED_COLUMNS.names)))
    return typed


def version(conn: Connection, year: int, number: int) -> Results:
    """The results that the year, or a street, was closed with the first, second … time, of what was closed then.

    Raises Refused if there is no such version.
    """
    closings = [e for e in cycle.events(conn, year) if e.kind == "closed" and e.result]
    if not 1 <= number <= len(closings):
        raise Refused("cycle.no_version", year=year, number=number, n=len(closings))
    event = closings[number - 1]
    found = read_back(stored_results.get(conn, event.result or 0))
    streets = found.scores["sub_district"]
    several = streets.replace("", None).nunique() > 1
    return replace(found, scores=found.scores[streets == event.street]) if event.street and several else found
