"""Vetoes (一票否决): which matters count in a year, and how one is recorded, approved by another person, and lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.cycle.step_log import Log, need, two_persons
from analysis.cycle.title_rules import OTHER, OTHER_MONTHS
from survey.core.errors import Refused
from survey.store.year.cycle import Event

#: months that a matter may count at most
LONGEST = 60


@dataclass(frozen=True)
class Veto:
    """A veto matter that counts in the year; ``state``: pending (one person recorded it), active, lifted."""

    event: Event
    state: str


def covers(event: Event, year: int) -> bool:
    """Whether a veto counts in a year: its day lies in the ``months`` that end with the year's December."""
    distance = year * 12 + 11 - (int(event.date[:4]) * 12 + int(event.date[5:7]) - 1)
    return 0 <= distance < (event.months or 0)


def vetoes(log: Log, code: str) -> tuple[Veto, ...]:
    """The veto matters of a community that count in the year, those of earlier years too."""
    events = log.by_community.get(code, ())
    lifted = {e.ref for e in events if e.kind == "veto_lifted"}
    approved = {e.ref for e in events if e.kind == "veto_approved"}
    return tuple(
        Veto(e, "lifted" if e.id in lifted else "active" if e.id in approved else "pending")
        for e in events
        if e.kind == "veto" and covers(e, log.year)
    )


def veto(log: Log, step: Event) -> Event:
    """A matter as one person records it, complete with its months; raises Refused for one that does not count."""
    if step.subject != OTHER and step.subject not in log.rules.vetoes:
        raise Refused("cycle.unknown_veto", found=step.subject, known=[*log.rules.vetoes, OTHER])
    need(step, "document", "date", "reason")
    months = log.rules.vetoes.get(step.subject, OTHER_MONTHS) if step.months is None else step.months
    if not 1 <= months <= LONGEST:
        raise Refused("cycle.bad_months", found=months, most=LONGEST)
    step = replace(step, months=months)
    if not covers(step, log.year):
        raise Refused("cycle.veto_outside", date=step.date, months=months, year=log.year)
    return step


def _matter(log: Log, step: Event) -> Veto:
    found = next((v for v in vetoes(log, step.community) if v.event.id == step.ref), None)
    if found is None:
        raise Refused("cycle.no_veto", number=step.ref, community=log.name(step.community), year=log.year)
    if found.state == "lifted":
        raise Refused("cycle.veto_is_lifted", number=step.ref)
    return found


def veto_approved(log: Log, step: Event) -> Event:
    """The approval of another person, which puts the matter in force."""
    found = _matter(log, step)
    if found.state == "active":
        raise Refused("cycle.veto_is_active", number=step.ref)
    two_persons(log, step, found.event.who)
    return step


def veto_lifted(log: Log, step: Event) -> Event:
    """Its author may take back what is not approved yet; lifting one in force takes another person."""
    found = _matter(log, step)
    need(step, "reason")
    if found.state == "active":
        two_persons(log, step, found.event.who)
    return step
