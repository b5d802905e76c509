"""Steps of the cycle taken in the store: checked by ``propose``, all of a call kept or none of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from analysis.cycle.decided_results import overlay
from analysis.cycle.stages import standings
from analysis.cycle.step_log import Log
from analysis.cycle.stored_steps import read_log, read_steps
from analysis.cycle.transitions import propose
from analysis.cycle.vetoes import covers
from analysis.cycle.workbooks import read_lines
from analysis.keeping.packed import pack
from analysis.publication import snapshots
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking
from survey.fieldwork.outside import require_inside
from survey.fieldwork.register import Register
from survey.store import Store, audit, settings
from survey.store.intake import responses
from survey.store.year import cycle, register, results, schemes, years
from survey.store.year.cycle import Event

#: steps whose day is today where none was said; those of others carry the day of their document
_TODAY = ("applied", "withdrawn", "reviewed", "objection", "objection_answered")
#: steps that rest on reviewed indicator values
_ON_REVIEWED = ("publicised", "decided", "closed")
#: how far ahead a veto can count
_AHEAD = 6


def take(store: Store, step: Event) -> Event:
    """Take one step; raises Refused and keeps nothing if it may not be taken now."""
    return take_all(store, [step])[0]


def take_all(store: Store, steps: Sequence[Event]) -> list[Event]:
    """Take several steps of one year in one transaction, each after the one before it."""
    compute_fixed(store, steps[0].year)
    with store.write() as conn:
        return keep(conn, read_log(conn, steps[0].year, partial(_values_for, steps)), steps)[1]


def _values_for(steps: Sequence[Event], log: Log) -> set[str]:
    """The communities whose indicator values must be reviewed before these steps: reading all of them for one is slow."""
    found: set[str] = set()
    for step in steps:
        if step.community and step.kind in _ON_REVIEWED:
            found.add(step.community)
        elif step.kind in _ON_REVIEWED:
            found |= {code for code in log.codes if log.streets.get(code, step.street) == step.street}
    return found


def compute_fixed(store: Store, year: int) -> None:
    """Bring a year's numbers up to date where some are fixed, so that a step can tell which of them have moved."""
    with store.read() as conn:
        fixed = any(e.kind == "calculated" for e in cycle.events(conn, year))
        wanted = fixed and years.state(conn, year) == "open" and year in snapshots.data_years(conn)
    if wanted:
        snapshots.keep_current(store, year)


def keep(conn: Connection, log: Log, steps: Sequence[Event], book: cycle.Book | None = None) -> tuple[Log, list[Event]]:
    """Check and keep steps one after the other; the log after them, and the steps as they were kept.

    ``book``: where they are kept, for whoever keeps many.  Raises Refused for the day of a document that has not come yet; a
    period of publication may begin after today.
    """
    kept, now, book = [], "", book or cycle.Book(conn)
    for step in steps:
        if not step.date and step.kind in _TODAY:
            now = now or today(conn)
            step = replace(step, date=now)
        if step.community and step.community not in log.names:
            _require_there(conn, log.year, step.community)
        done = propose(log, step)
        if done.kind != "publicised" and done.date > (now := now or today(conn)):
            raise Refused("cycle.in_future", date=done.date, today=now)
        if done.kind == "publicised":
            _after_the_survey(conn, log, done)
        done = replace(done, id=book.append(done, touches=_touched(conn, log, done)))
        log = log.after(done)
        kept.append(done)
    return log, kept


def _after_the_survey(conn: Connection, log: Log, step: Event) -> None:
    """Raise Refused for a publication that begins before the first answer it rests on, where answers carry their day."""
    codes = [step.community] if step.community else log.around(step).names if log.streets else None
    first = responses.first_day(conn, log.year, codes)
    if first and step.date < first:
        raise Refused("cycle.before_answers", date=step.date, year=log.year, first=first)


def _require_there(conn: Connection, year: int, code: str) -> None:
    """Raise Refused for a community that ended before the year or began after it, naming who stands for it then."""
    known = Register(register.communities(conn), register.history(conn))
    place = known.find(code)
    if place is not None:
        require_inside(known, place, year)


def _touched(conn: Connection, log: Log, step: Event) -> list[int]:
    """Years whose calculation a veto enters or leaves, the closed ones excepted."""
    matter = log.find(step.ref, "veto") if step.kind in ("veto_approved", "veto_lifted") else None
    if matter is None:
        return []
    reached = [y for y in range(log.year, log.year + _AHEAD) if covers(matter, y)]
    return [y for y in reached if years.state(conn, y) == "open"]


def today(conn: Connection) -> str:
    """This day in the store's time zone."""
    return f"{datetime.now(ZoneInfo(settings.get(conn, 'timezone', settings.TIME_ZONE))):%Y-%m-%d}"


def streets(store: Store, year: int) -> tuple[str, ...]:
    """The streets of a year that has several, in register order, else one that is not named."""
    with store.read() as conn:
        log = read_steps(conn, year)
    return log.parts if log.streets else ("",)


def closed(store: Store, year: int) -> bool:
    """Whether the year is closed, with every street of it."""
    with store.read() as conn:
        return years.state(conn, year) == "closed"


def review(
    store: Store, year: int, who: str, codes: Collection[str] = (), *, date: str = "", street: str = ""
) -> list[Event]:
    """Nothing stands against these communities (all of the street that wait for it, if none is named): they may go on."""
    with store.write() as conn:
        log = read_steps(conn, year)
        part = log.within(street) if street else log
        wanted = list(codes) or [s.code for s in standings(part).values() if s.next == "review"]
        if not wanted:
            raise Refused("cycle.frozen" if part.closed else "cycle.review_nobody", year=year)
        return keep(conn, log, [Event("reviewed", year, code, date=date, who=who) for code in wanted])[1]


def name(store: Store, step: Event, codes: Collection[str] = ()) -> list[Event]:
    """Name these communities (all of ``step.street`` that wait for it and that ``step.body`` names, if none is said).

    Raises Refused for a community whose star another body names.
    """
    compute_fixed(store, step.year)
    with store.write() as conn:
        log = read_steps(conn, step.year)
        part = log.within(step.street) if step.street else log
        waiting = [s for s in standings(part).values() if s.next == "name"]
        bodies = {s.code: log.rules.body_of((s.decision.star or 0) if s.decision else 0) for s in waiting}
        wanted = list(codes) or [code for code, body in bodies.items() if step.body in ("", body)]
        if not wanted:
            raise Refused("cycle.frozen" if part.closed else "cycle.name_nobody", year=step.year)
        return keep(conn, log, [replace(step, kind="title", community=code) for code in wanted])[1]


def calculate(store: Store, year: int, who: str, reason: str = "", code: str = "", street: str = "") -> Event:
    """Fix the current results as a street's calculation, of everybody or of one community; another one needs a reason."""
    snapshots.keep_current(store, year)
    with store.write() as conn:
        log = read_steps(conn, year)
        step = Event("calculated", year, code, reason=reason, who=who, street=street)
        propose(log, step)
        stamp = snapshots.stamp(conn, year)
        kept = results.current_snapshot(conn, year, stamp["scheme"])
        if kept is None or kept.data_version != stamp["data_version"]:
            raise Refused("cycle.meanwhile", year=year)
        return keep(conn, log, [replace(step, result=kept.id)])[1][0]


def close(store: Store, year: int, who: str, street: str = "") -> Event:
    """Freeze a street's year with its results as they stand, every community having come to its end.

    Its own rows are kept; the year itself is closed with the last of its streets, and with it the rows of all.
    """
    compute_fixed(store, year)
    asked = Event("closed", year, who=who, street=street)
    with store.read() as conn:
        propose(read_log(conn, year, partial(_values_for, [asked])), asked)
        before = snapshots.mark(conn, year)
    computed = snapshots.published(store, year)
    with store.write() as conn:
        if snapshots.mark(conn, year) != before:
            raise Refused("cycle.meanwhile", year=year)
        log = read_log(conn, year, partial(_values_for, [asked]))
        why, last = log.around(asked).correcting, not _others(log, street)
        if last:  # who keeps everybody tells how everybody's values were reviewed
            log = read_log(conn, year)
        else:
            computed = computed.within(street)
        done = replace(log, closed=True) if last else replace(log, archived=log.archived | {street})
        scheme = schemes.applicable(conn, year)
        number = results.save(
            conn,
            year,
            scheme.id,
            before["data_version"],
            pack(overlay(computed, done)),
            reason=why.reason if why else "",
            approved_by=why.subject if why else "",
            pointed=last,  # what an open year is read from is never a version with decisions in it
        )
        step = keep(conn, log, [replace(asked, result=number)])[1][0]
        if last:
            years.close(conn, year, who)
    return step


def _others(log: Log, street: str) -> set[str]:
    """Streets that are neither this one nor archived; communities without one count as one where they take part."""
    without = {log.streets[at.code] for at in standings(log).values() if log.streets and at.taking_part}
    return {*(log.parts if log.streets else ()), *without} - log.archived - {street}


def correct(store: Store, year: int, who: str, *, reason: str, approver: str, street: str = "") -> Event:
    """Open a closed year, or a street of it, for a correction: its version stays readable, closing it again makes the next."""
    with store.write() as conn:
        log = read_steps(conn, year)
        step = propose(log, Event("corrected", year, reason=reason, subject=approver, who=who, street=street))
        if log.closed:
            years.reopen(conn, year, who)
        years.bump(conn, [year])  # what is computed from now on is not the version that was closed
        return replace(step, id=cycle.append(conn, step))


# ── A workbook of the cycle into the store: every row checked in its place, all of them kept or none


@dataclass(frozen=True)
class CycleReceipt:
    """What was kept of a workbook."""

    kind: str
    kept: int
    years: tuple[int, ...]
    findings: tuple[Finding, ...]


def import_lines(store: Store, kind: str, file: str, data: bytes, *, year: int | None, who: str) -> CycleReceipt:
    """Read a workbook (``applications``, ``decisions``, ``titles``) and take its steps, in one transaction.

    Titles of a year that has no cycle of its own are history; of any other year they name what was decided.  Rows that
    say what is entered already are noted and not taken again.
    Raises Refused with a finding for every row that may not be taken; nothing is kept then.
    """
    with store.read() as conn:
        known = register.communities(conn)
    lines, findings = read_lines(kind, file, data, known, year)
    for one in sorted({line.step.year for line in lines}):
        compute_fixed(store, one)
    with store.write() as conn:
        years = sorted({line.step.year for line in lines})
        kept = 0
        for one in years:
            mine = [x for x in lines if x.step.year == one]
            log, book = read_log(conn, one, partial(_values_for, [x.step for x in mine])), cycle.Book(conn)
            for line in mine:
                try:
                    if line.step.community not in log.names:
                        _require_there(conn, one, line.step.community)
                    step = _told(log, kind, replace(line.step, who=who))
                    if _entered(log, step):
                        findings.append(replace(line.finding(Refused("cycle_file.already")), level="note"))
                        continue
                    log, done = keep(conn, log, [step], book)
                    kept += len(done)
                except Refused as refused:
                    findings.append(line.finding(refused))
        stops = blocking(findings)
        if stops:
            told = sorted(findings, key=lambda f: f.level == "note")  # what stops it goes first
            raise Refused("cycle_file.refused", findings=told, file=file, n=len(stops))
        audit.record(conn, who, f"cycle import {kind}", file, {"kept": kept, "years": years})
    return CycleReceipt(kind, kept, tuple(years), tuple(findings))


def _told(log: Log, kind: str, step: Event) -> Event:
    """A title of a year without steps of its own is one from before the tool."""
    own = any(e.year == log.year and e.subject != "history" for e in log.around(step).events)
    return replace(step, subject="history") if kind == "titles" and not own else step


def _entered(log: Log, step: Event) -> bool:
    """Whether the newest step of this kind (of the same body) already says all that this one says: a workbook that comes
    again changes nothing, and asks for no reason to."""
    mine = [e for e in log.by_community.get(step.community, ()) if (e.kind, e.year) == (step.kind, step.year)]
    last = max((e for e in mine if step.body in ("", e.body)), key=lambda e: e.id, default=None)
    said = ("star", "total", "body", "subject", "outcome", "document", "date", "reason")
    return last is not None and all(getattr(step, f) in (None, "", getattr(last, f)) for f in said)
