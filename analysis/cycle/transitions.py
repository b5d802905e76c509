"""Which step may follow: ``propose`` takes a wished-for step and gives it back complete, or refuses in one sentence.

Pure: nothing is stored here.  Whoever enters something never approves it, unless the rule of two persons is off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from analysis.cycle.decisions import decided, decision_withdrawn, values_reviewed
from analysis.cycle.stages import NO_NUMBER, Standing, published, standing, standings
from analysis.cycle.step_log import Log, need, open_objections, two_persons, upheld_objections
from analysis.cycle.vetoes import veto, veto_approved, veto_lifted
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.store.year.cycle import TITLE_EVENTS, Event

OUTCOMES = ("upheld", "partly", "rejected")
#: who is named anew after a revocation rose by the words of older workbooks
_ROSE = ("promoted", "renamed")
#: steps of one community
ALONE = (
    "applied",
    "withdrawn",
    "reviewed",
    "veto",
    "veto_approved",
    "veto_lifted",
    "objection",
    "objection_answered",
    "unchanged",
    "decided",
    "decision_withdrawn",
    "title",
)


def propose(log: Log, step: Event) -> Event:
    """The step as it may be kept; raises Refused if it may not be taken now."""
    if log.closed and step.kind != "corrected":
        raise Refused("cycle.frozen", year=log.year)
    if (step.kind in ALONE or step.community) and step.community not in log.names:
        raise Refused("store.unknown_community", community=step.community)
    log = log.around(step)
    if log.closed and step.kind != "corrected":
        raise Refused("store.street_archived", streets=f"{log.street} {log.year}")
    step = replace(
        step,
        street="" if step.community else log.street,
        year=log.year,
        document=step.document.strip(),
        reason=step.reason.strip(),
        who=step.who.strip(),
        date=_day(step.date),
        until=_day(step.until),
    )
    if not step.who:
        raise Refused("cycle.who")
    return _RULES[step.kind](log, step)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Refused("cycle.bad_date", found=text) from None


def _applied(log: Log, step: Event) -> Event:
    need(step, "date")
    _not_before(log, step, log.year - 1)  # some apply before the year begins
    _star(log, step, low=1)
    if any(e.subject == "history" for e in log.events if e.year == log.year):
        raise Refused("cycle.history_year", year=log.year)
    before = standing(log, step.community)
    if any(v.state == "active" for v in before.vetoes):
        raise Refused("cycle.vetoed", community=log.name(step.community))
    _before_publication(log, step.community)
    if before.applied is not None and not step.reason:
        raise Refused("cycle.applied_already", community=log.name(step.community), star=before.applied.star)
    return step


def _not_before(log: Log, step: Event, year: int) -> None:
    if int(step.date[:4]) < year:
        raise Refused("cycle.before_year", date=step.date, year=log.year)


def _withdrawn(log: Log, step: Event) -> Event:
    if standing(log, step.community).applied is None:
        raise Refused("cycle.not_applied", community=log.name(step.community), year=log.year)
    _before_publication(log, step.community)
    need(step, "reason")
    return step


def _before_publication(log: Log, code: str) -> None:
    told = log.last_of(code, "publicised")
    if told is not None:
        raise Refused("cycle.published_already", year=log.year, date=told.date)


def _star(log: Log, step: Event, low: int = 0) -> None:
    if step.star is None or not low <= step.star <= log.rules.top:
        raise Refused("cycle.bad_star", found="" if step.star is None else step.star, low=low, top=log.rules.top)


def _reviewed(log: Log, step: Event) -> Event:
    now = standing(log, step.community)
    if now.next == "approve_veto":
        raise Refused("cycle.veto_pending", community=log.name(step.community))
    if now.vetoed:
        raise Refused("cycle.vetoed", community=log.name(step.community))
    if now.next != "review":
        raise Refused(
            "cycle.review_not_due" if now.taking_part else "cycle.not_applied",
            community=log.name(step.community),
            year=log.year,
        )
    return step


def _calculated(log: Log, step: Event) -> Event:
    """Of everybody while nobody is decided; then, with its reason, of one community that is not."""
    if step.community:
        return _calculated_anew(log, step)
    if not any(s.taking_part for s in standings(log).values()):
        raise Refused("cycle.nobody", year=log.year)
    _all_past(log, ("review", "approve_veto"), "cycle.not_reviewed")
    _undecided(log)
    if log.last("calculated") is not None and not step.reason:
        raise Refused("cycle.calculated_already", year=log.year)
    return step


def _calculated_anew(log: Log, step: Event) -> Event:
    if log.last("calculated") is None:
        raise Refused("cycle.not_calculated", year=log.year)
    now = standing(log, step.community)
    if now.next in ("review", "approve_veto"):
        raise Refused("cycle.not_reviewed", year=log.year, n=1, communities=log.name(step.community))
    _not_decided(log, now)
    need(step, "reason")
    return step


def _not_decided(log: Log, now: Standing) -> None:
    if now.decision is not None:
        raise Refused("cycle.decided_already", community=log.name(now.code))


def _publicised(log: Log, step: Event) -> Event:
    need(step, "date", "until")
    if step.until < step.date:
        raise Refused("cycle.ends_first", start=step.date, end=step.until)
    _not_before(log, step, log.year)  # nobody was asked yet
    if step.community:
        return _publicised_anew(log, step)
    if log.last("calculated") is None:
        raise Refused("cycle.not_calculated", year=log.year)
    _all_past(log, ("review", "approve_veto", "calculate"), "cycle.calculation_old")
    _undecided(log)
    if log.moved:
        raise Refused("cycle.moved", year=log.year)
    everyone = standings(log)
    values_reviewed(log, [s.code for s in everyone.values() if s.taking_part or s.vetoed])
    _said_before(log, step, [*everyone])
    return step


def _said_before(log: Log, step: Event, codes: Sequence[str]) -> None:
    """The same calculation for the same days under the same document once more would be a list that says nothing new."""
    for code in codes:
        told = published(log, code)
        if told is None or (told.date, told.until, told.document) != (step.date, step.until, step.document):
            return
    raise Refused("cycle.published_so", year=log.year, start=step.date, end=step.until)


def _publicised_anew(log: Log, step: Event) -> Event:
    now = standing(log, step.community)
    if log.last("publicised") is None:  # everybody is published together first
        raise Refused("cycle.publicise_all", year=log.year)
    if now.next in ("review", "approve_veto", "calculate"):
        raise Refused("cycle.calculation_old", year=log.year, n=1, communities=log.name(step.community))
    _not_decided(log, now)
    if step.community in log.moved:
        raise Refused("cycle.moved", year=log.year)
    values_reviewed(log, [step.community])
    _said_before(log, step, [step.community])
    return step


def _undecided(log: Log) -> None:
    """What reaches everybody waits until nobody stands on the version before: decisions without a total stand on none."""
    for code, now in standings(log).items():
        if now.decision is not None and now.decision.outcome not in NO_NUMBER:
            raise Refused("cycle.decided_already", community=log.name(code))


def _all_past(log: Log, waits: tuple[str, ...], key: str) -> None:
    waiting = [log.name(s.code) for s in standings(log).values() if s.next in waits and s.taking_part]
    if waiting:
        raise Refused(key, year=log.year, n=len(waiting), communities=list(waiting[:12]))


def _objection(log: Log, step: Event) -> Event:
    need(step, "date", "reason")
    told = log.last_of(step.community, "publicised")
    if told is None:
        raise Refused("cycle.not_published", year=log.year)
    if step.date < told.date:
        raise Refused("cycle.objection_early", start=told.date, date=step.date)
    _not_decided(log, standing(log, step.community))
    if step.date > told.until and step.outcome != "late":
        raise Refused("cycle.objection_late", until=told.until, date=step.date)
    return replace(step, outcome="late" if step.date > told.until else "")


def _objection_answered(log: Log, step: Event) -> Event:
    raised = next((e for e in open_objections(log, step.community) if e.id == step.ref), None)
    if raised is None:
        raise Refused("cycle.no_objection", number=step.ref, community=log.name(step.community), year=log.year)
    if step.outcome not in OUTCOMES:
        raise Refused("cycle.bad_outcome", found=step.outcome)
    need(step, "reason", "subject", "date")
    if step.date < raised.date:
        raise Refused("cycle.answered_before", date=step.date, raised=raised.date)
    return step


def _unchanged(log: Log, step: Event) -> Event:
    """An upheld objection after which the result stays as it is, and why."""
    waiting = upheld_objections(log, step.community)
    found = next((e for e in waiting if step.ref in (None, e.ref)), None)
    if found is None:
        raise Refused("cycle.nothing_upheld", community=log.name(step.community), year=log.year)
    need(step, "reason")
    return replace(step, ref=found.ref)


def _closed(log: Log, step: Event) -> Event:
    everyone = [s for s in standings(log).values() if s.taking_part or s.vetoed]
    if not everyone and log.alone:  # one of several streets may have a year in which nobody takes part
        raise Refused("cycle.nobody", year=log.year)
    waiting = [log.name(s.code) for s in everyone if s.next not in ("close", "nothing")]
    if waiting:
        raise Refused("cycle.not_done", year=log.year, n=len(waiting), communities=list(waiting[:12]))
    values_reviewed(log, [s.code for s in everyone])
    late = [log.name(code) for code in log.codes if code in log.moved or _waits(log, code)]
    if late:
        raise Refused("cycle.late_data", year=log.year, n=len(late), communities=list(late[:12]))
    return step


def _waits(log: Log, code: str) -> bool:
    """Whether a published community was calculated anew and not published since."""
    return log.last_of(code, "publicised") is not None and published(log, code) is None


def _corrected(log: Log, step: Event) -> Event:
    """``subject`` is who approves it."""
    if not log.closed:
        raise Refused("cycle.not_closed", year=log.year)
    need(step, "reason")
    approver = step.subject.strip()
    if not approver:
        raise Refused("cycle.need_approver")
    two_persons(log, step, approver)
    return replace(step, subject=approver)


def _title(log: Log, step: Event) -> Event:
    now = standing(log, step.community)
    if step.subject == "history":
        return _history(log, now, step)
    need(step, "document", "date")
    if step.subject == "ruling":
        return _ruling(log, now, step)
    if now.vetoed:
        raise Refused("cycle.vetoed", community=log.name(step.community))
    decision = now.decision
    if decision is None or not now.final:
        raise Refused("cycle.not_decided", community=log.name(step.community))
    if decision.outcome in NO_NUMBER:
        raise Refused("cycle.no_title_due", community=log.name(step.community))
    if step.community in log.moved:
        raise Refused("cycle.late_data", year=log.year, n=1, communities=log.name(step.community))
    if not decision.star and now.held is None:
        raise Refused("cycle.no_star", community=log.name(step.community))
    if now.title is not None and not step.reason:
        raise Refused("cycle.named_already", community=log.name(step.community))
    if step.date < decision.date:
        raise Refused("cycle.named_before", date=step.date, decided=decision.date)
    star = decision.star or 0
    if step.star is not None and step.star != star:
        raise Refused("cycle.title_mismatch", community=log.name(step.community), star=star, found=step.star)
    body = log.rules.body_of(star)
    if step.body not in ("", body):
        named = {of: {lang: say(lang, f"cycle_words.named_by.{of}") for lang in LANGUAGES} for of in (body, step.body)}
        place = log.name(step.community)
        raise Refused("cycle.naming_body", community=place, star=star, right=named[body], found=named[step.body])
    event = event_of(log, step.community, star)
    if step.outcome not in ("", event) and (step.outcome, event) != _ROSE:
        raise Refused("cycle.event_mismatch", community=log.name(step.community), event=event, found=step.outcome)
    return replace(step, star=star, body=body, outcome=event)


def event_of(log: Log, code: str, star: int) -> str:
    """What a star means to a community that holds, or once held, another; named anew after a revocation: renamed."""
    earlier = [e for e in log.titles(code) if e.year < log.year]
    last = max(earlier, key=lambda e: (e.year, e.id), default=None)
    before = (last.star or 0) if last else 0
    if star == 0:
        return "revoked"
    if star < before:
        return "demoted"
    if star == before:
        return "kept"
    return "first" if last is None else "promoted" if before else "renamed"


def _held_before(log: Log, code: str) -> bool:
    """Whether the newest title of an earlier year is one: there is something that can be revoked."""
    earlier = [e for e in log.titles(code) if e.year < log.year]
    return bool(earlier and max(earlier, key=lambda e: (e.year, e.id)).star)


def _ruling(log: Log, now: Standing, step: Event) -> Event:
    """What becomes of the title of a holder under a veto."""
    if not now.vetoed or now.held is None:
        raise Refused("cycle.nothing_to_rule", community=log.name(now.code))
    if step.outcome not in log.rules.rulings():
        raise Refused("cycle.bad_ruling", found=step.outcome, expected=list(log.rules.rulings()))
    if now.title is not None and not step.reason:
        raise Refused("cycle.named_already", community=log.name(now.code))
    star = 0 if step.outcome == "revoked" else now.held.star
    return replace(step, star=star, body=now.held.body)


def _history(log: Log, now: Standing, step: Event) -> Event:
    """A title from the years before the tool."""
    _star(log, step)
    if step.date:
        _not_before(log, step, log.year)
    steps = [e for e in (*log.whole, *log.by_community.get(now.code, ())) if e.year == log.year]
    if any(e.subject != "history" for e in steps):
        raise Refused("cycle.has_cycle", year=log.year)
    if steps and [e for e in steps if e.community] and not step.reason:
        raise Refused("cycle.title_there", community=log.name(now.code), year=log.year)
    star = step.star or 0
    if star == 0 and not _held_before(log, now.code):
        raise Refused("cycle.nothing_to_revoke", community=log.name(now.code), year=log.year)
    event = event_of(log, now.code, star)
    outcome = event if (step.outcome, event) == _ROSE else step.outcome or event
    if outcome not in TITLE_EVENTS or (outcome == "revoked") != (star == 0):
        raise Refused("cycle.bad_event", found=outcome, star=star)
    return replace(step, body=step.body or log.rules.body_of(star), outcome=outcome)


_RULES: Mapping[str, Callable[[Log, Event], Event]] = {
    "applied": _applied,
    "withdrawn": _withdrawn,
    "reviewed": _reviewed,
    "veto": veto,
    "veto_approved": veto_approved,
    "veto_lifted": veto_lifted,
    "calculated": _calculated,
    "publicised": _publicised,
    "objection": _objection,
    "objection_answered": _objection_answered,
    "unchanged": _unchanged,
    "decided": decided,
    "decision_withdrawn": decision_withdrawn,
    "title": _title,
    "closed": _closed,
    "corrected": _corrected,
}
