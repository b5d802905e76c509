"""Where each community stands in the year and what comes next: a pure function of the steps taken.

The way is 社区申报 → 资格审查 → 街道测算 → 公示与异议 → 评定 → 命名表彰 → 归档锁定.  A step counts only after the one before
it, so whatever is done again (an application changed, a calculation fixed anew) has its successors done again.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cycle.step_log import Log, held, open_objections, upheld_objections
from analysis.cycle.vetoes import Veto, vetoes
from survey.store.year.cycle import Event

STAGES = ("apply", "review", "calculate", "publicise", "decide", "name", "archive")
#: what comes next → the stage it belongs to
NEXT = {
    "apply": "apply",
    "approve_veto": "review",
    "review": "review",
    "calculate": "calculate",
    "publicise": "publicise",
    "answer": "publicise",
    "change": "publicise",
    "late": "publicise",
    "decide": "decide",
    "city": "decide",
    "name": "name",
    "rule": "name",
    "close": "archive",
    "nothing": "archive",
}

#: what a decision may say instead of a total: 未参评, 暂缓评定, 沿用上年
NO_NUMBER = ("not_rated", "deferred", "kept_previous")


@dataclass(frozen=True)
class Standing:
    """One community in one year.

    ``held``: the title it came with; ``applied``: its application (a holder is re-evaluated without one); ``decision``:
    the last word of district or city; ``title``: this year's title, once the decision's; ``next``: key of ``NEXT``.
    """

    code: str
    held: Event | None
    applied: Event | None
    vetoes: tuple[Veto, ...]
    objections: tuple[Event, ...]
    decision: Event | None
    title: Event | None
    next: str

    @property
    def stage(self) -> str:
        """The stage that is not done yet."""
        return NEXT[self.next]

    @property
    def taking_part(self) -> bool:
        """Whether the community applied or holds a title, which is re-evaluated every year."""
        return self.applied is not None or self.held is not None

    @property
    def vetoed(self) -> bool:
        """Whether a veto is in force."""
        return any(v.state == "active" for v in self.vetoes)

    @property
    def final(self) -> bool:
        """Whether district or city have decided for good."""
        return self.decision is not None and self.decision.outcome != "recommended"

    @property
    def status(self) -> str:
        """``vetoed, named, confirmed, recommended`` or one of ``NO_NUMBER`` where somebody has spoken, else empty."""
        if self.vetoed:
            return "vetoed"
        if self.decision is None:
            return ""
        if not self.final:
            return "recommended"
        if self.decision.outcome in NO_NUMBER:
            return self.decision.outcome
        return "named" if self.title is not None and self.title.star else "confirmed"

    @property
    def star_awarded(self) -> int | None:
        """The star that was decided; None before, and under a veto."""
        return self.decision.star if self.decision is not None and self.final and not self.vetoed else None

    @property
    def title_event(self) -> str:
        """``first, renamed, promoted, kept, demoted, revoked, suspended``; ``pending`` while a vetoed title waits for a ruling."""
        if self.title is not None:
            return self.title.outcome
        return "pending" if self.vetoed and self.held is not None else ""


def standings(log: Log) -> dict[str, Standing]:
    """Every community of the year, in their order."""
    return {code: standing(log, code) for code in log.codes}


def standing(log: Log, code: str) -> Standing:
    """One community."""
    applied = _application(log, code)
    before, matters, open_ = held(log, code), vetoes(log, code), open_objections(log, code)
    decision = _decision(log, code, applied)
    vetoed = any(v.state == "active" for v in matters)
    title = _title(log, code, decision, matters if vetoed else ())
    step = _next(log, code, applied, before, matters, open_, decision, title)
    return Standing(code, before, applied, matters, open_, decision, title, step)


def _application(log: Log, code: str) -> Event | None:
    said = log.mine(code, "applied", "withdrawn")
    return said[-1] if said and said[-1].kind == "applied" else None


def _after(event: Event | None, *earlier: Event | None) -> Event | None:
    """The event, if it came after all of these."""
    return event if event is not None and all(e is not None and e.id < event.id for e in earlier) else None


def published(log: Log, code: str) -> Event | None:
    """The publication of the calculation that holds for a community."""
    return _after(log.last_of(code, "publicised"), log.last_of(code, "calculated"))


def _decision(log: Log, code: str, applied: Event | None) -> Event | None:
    """The last decision, if nobody withdrew it and everything before it was done and still holds."""
    last = next(iter(reversed(log.mine(code, "decided", "decision_withdrawn"))), None)
    if last is None or last.kind == "decision_withdrawn":
        return None
    if last.outcome in NO_NUMBER:  # rests on no calculation
        return last
    return _after(last, published(log, code), *([applied] if applied else []))


def _title(log: Log, code: str, decision: Event | None, in_force: tuple[Veto, ...]) -> Event | None:
    """This year's title: what the decision led to, or under a veto the ruling on the old one."""
    last = next((e for e in reversed(log.titles(code)) if e.year == log.year), None)
    if last is None or last.subject == "history":
        return last
    if in_force:
        return last if last.outcome in ("suspended", "revoked") and last.subject == "ruling" else None
    return last if last.subject != "ruling" and _after(last, decision) else None


def _next(
    log: Log,
    code: str,
    applied: Event | None,
    before: Event | None,
    matters: tuple[Veto, ...],
    open_: tuple[Event, ...],
    decision: Event | None,
    title: Event | None,
) -> str:
    if log.closed_of(code) or (title is not None and title.subject == "history"):
        return "nothing"
    if any(v.state == "pending" for v in matters):
        return "approve_veto"
    if any(v.state == "active" for v in matters):
        return "rule" if before is not None and title is None else "close"
    if applied is None and before is None:
        return "apply" if published(log, code) is None else "nothing"
    if decision is not None and decision.outcome in NO_NUMBER:
        return "close"
    if not _reviewed(log, code, applied):
        return "review"
    calculated = _after(log.last_of(code, "calculated"), *([applied] if applied else []))
    if calculated is None:
        return "calculate"
    if published(log, code) is None:
        return "publicise"
    if decision is None:
        if open_:
            return "answer"
        if upheld_objections(log, code):
            return "change"
    if code in log.moved:
        return "late"
    if decision is None:
        return "decide"
    if decision.outcome == "recommended":
        return "city"
    return "name" if title is None and (decision.star or before is not None) else "close"


def _reviewed(log: Log, code: str, applied: Event | None) -> bool:
    """Whether the conditions were looked at after the application and after any veto was lifted."""
    last = next(iter(reversed(log.mine(code, "reviewed"))), None)
    lifts = log.mine(code, "veto_lifted")
    return _after(last, *([applied] if applied else []), *lifts[-1:]) is not None
