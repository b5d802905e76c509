"""What district and city decide: a total and its star, an outcome without a total, and the decision taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.cycle.stages import NO_NUMBER, Standing, published, standing
from analysis.cycle.step_log import Log, need
from survey.core import limits
from survey.core.errors import Refused
from survey.store.year.cycle import Event


def decided(log: Log, step: Event) -> Event:
    """District or city; ``outcome`` ``refused`` is the city's no, else what follows from the total."""
    now = standing(log, step.community)
    need(step, "document", "date")
    if step.body not in ("district", "city"):
        raise Refused("cycle.bad_body", found=step.body)
    _eligible(log, now)
    if step.outcome in NO_NUMBER:
        return _without_number(log, now, step)
    _decidable(log, now, step)
    values_reviewed(log, [step.community])
    if step.body == "city" and step.outcome == "refused":
        return replace(step, star=log.rules.highest_of_district)
    if (
        step.total is None
        or not 0 <= step.total <= log.rules.full_marks
        or round(step.total, limits.TOTAL_DECIMALS) != step.total
    ):
        found = "" if step.total is None else f"{step.total:g}"
        raise Refused("cycle.bad_total", found=found, full=f"{log.rules.full_marks:g}")
    star = log.rules.star_for(step.total, (now.held.star or 0) if now.held else 0)
    city = log.rules.body_of(star) == "city"
    if step.body == "city" and not city:
        star, outcome = log.rules.highest_of_district, "refused"
    else:
        outcome = "recommended" if city and step.body == "district" else "confirmed"
    if step.star is not None and step.star != star:
        raise Refused("cycle.star_mismatch", total=f"{step.total:g}", star=star, found=step.star)
    return replace(step, star=star, outcome=outcome)


def _eligible(log: Log, now: Standing) -> None:
    """Whatever is decided, the community takes part and no veto stands against it."""
    if now.vetoed:
        raise Refused("cycle.vetoed", community=log.name(now.code))
    if now.next == "approve_veto":
        raise Refused("cycle.veto_pending", community=log.name(now.code))
    if not now.taking_part:
        raise Refused("cycle.not_applied", community=log.name(now.code), year=log.year)


def _without_number(log: Log, now: Standing, step: Event) -> Event:
    """未参评, 暂缓评定 or 沿用上年: nobody invents a total where there is none."""
    if step.total is not None or step.star is not None:
        raise Refused("cycle.no_number", community=log.name(now.code))
    need(step, "reason")
    if step.outcome == "kept_previous" and now.held is None:
        raise Refused("cycle.nothing_to_keep", community=log.name(now.code))
    return replace(step, star=now.held.star if step.outcome == "kept_previous" and now.held else None)


def decision_withdrawn(log: Log, step: Event) -> Event:
    """Takes back what was decided, and the naming that followed from it."""
    now = standing(log, step.community)
    if now.decision is None:
        raise Refused("cycle.nothing_decided", community=log.name(now.code), year=log.year)
    need(step, "reason")
    return replace(step, ref=now.decision.id)


def _decidable(log: Log, now: Standing, step: Event) -> None:
    told = published(log, now.code)
    if now.next == "answer":
        raise Refused("cycle.unanswered", community=log.name(now.code), n=len(now.objections))
    if now.next == "change":
        raise Refused("cycle.upheld", community=log.name(now.code))
    if told is None or now.next in ("review", "calculate", "publicise"):
        key = "not_calculated" if log.last_of(now.code, "calculated") is None else "not_published"
        raise Refused(
            "cycle.review_first" if now.next == "review" else f"cycle.{key}",
            year=log.year,
            community=log.name(now.code),
        )
    if step.date < told.until:
        raise Refused("cycle.still_public", until=told.until, date=step.date)
    if now.code in log.moved:
        raise Refused("cycle.late_data", year=log.year, n=1, communities=log.name(now.code))
    taken = max((e.id for e in log.mine(now.code, "decision_withdrawn")), default=0)
    said = [e for e in log.mine(now.code, "decided") if e.id > max(told.id, taken) and e.body == "district"]
    if step.body == "city":
        recommended = [e.date for e in said if e.outcome == "recommended"]
        if not recommended:
            raise Refused("cycle.not_recommended", community=log.name(now.code))
        if step.date < recommended[-1]:
            raise Refused("cycle.city_before", date=step.date, recommended=recommended[-1])
    again = now.decision is not None and not (step.body == "city" and now.next == "city")
    if again and not step.reason:
        raise Refused("cycle.decided_needs_reason", community=log.name(now.code))


def values_reviewed(log: Log, codes: Sequence[str]) -> None:
    """Nothing is published, decided or closed on indicator values that only who entered them has seen."""
    waiting = [code for code in codes if log.unreviewed.get(code)]
    if waiting and not log.one_person:
        raise Refused(
            "cycle.values_wait",
            year=log.year,
            n=sum(log.unreviewed[code] for code in waiting),
            communities=[log.name(code) for code in waiting[:12]],
        )
