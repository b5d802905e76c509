"""A year's steps as an immutable value, and the first things to be read from them: titles held, objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.cycle.title_rules import Rules
from survey.core.errors import Refused
from survey.store.audit import is_among
from survey.store.year import reviews
from survey.store.year.cycle import Event, standing_titles


@dataclass(frozen=True)
class Log:
    """``events``: all steps up to ``year``, oldest first; ``names``: code → name of the communities of the year.

    ``moved``: the communities whose numbers have changed since their calculation was fixed; ``reviews``: (community, folded code of an
    indicator of the scheme) → the indicator value that counts, and its review.
    """

    year: int
    events: tuple[Event, ...]
    rules: Rules
    names: Mapping[str, str]
    closed: bool = False
    one_person: bool = False
    moved: frozenset[str] = frozenset()
    reviews: Mapping[tuple[str, str], reviews.Standing] = field(default_factory=dict)

    @cached_property
    def unreviewed(self) -> Mapping[str, int]:
        """Community → its indicator values that nobody has approved, if there are any."""
        return Counter(code for (code, _), value in self.reviews.items() if value.state != "reviewed")

    @property
    def codes(self) -> tuple[str, ...]:
        """The communities of the year, in register order."""
        return tuple(self.names)

    def name(self, code: str) -> str:
        """What a community is called; its code where the year does not know it."""
        return self.names.get(code, code)

    @cached_property
    def whole(self) -> tuple[Event, ...]:
        """This year's steps that concern all communities."""
        return tuple(e for e in self.events if e.year == self.year and not e.community)

    @cached_property
    def by_community(self) -> Mapping[str, tuple[Event, ...]]:
        """Every step of each community, earlier years too."""
        found: dict[str, list[Event]] = {}
        for event in self.events:
            if event.community:
                found.setdefault(event.community, []).append(event)
        return {code: tuple(events) for code, events in found.items()}

    def mine(self, code: str, *kinds: str) -> tuple[Event, ...]:
        """This year's steps of a community, of these kinds."""
        return tuple(e for e in self.by_community.get(code, ()) if e.year == self.year and e.kind in kinds)

    def last(self, kind: str) -> Event | None:
        """The last step of the whole year of this kind."""
        return next((e for e in reversed(self.whole) if e.kind == kind), None)

    def steps_of(self, code: str) -> tuple[Event, ...]:
        """This year's steps that reach a community, its own and those of all, in the order they were taken."""
        if code in self._steps:
            return self._steps[code]
        return tuple(e for e in self.events if e.year == self.year and self._reaches(e, code))

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = {code: [] for code in self.names}
        for event in self.events:
            if event.year == self.year:
                for code in (event.community,) if event.community else self.names:
                    if code in found and self._reaches(event, code):
                        found[code].append(event)
        return {code: tuple(events) for code, events in found.items()}

    def _reaches(self, event: Event, code: str) -> bool:
        """Whether a step reaches a community: its own, or one of the whole year."""
        return event.community in ("", code)

    def last_of(self, code: str, kind: str, before: int | None = None) -> Event | None:
        """The last step of this kind (``before`` the step of this number) that reaches a community."""
        wanted = (e for e in reversed(self.steps_of(code)) if e.kind == kind)
        return next((e for e in wanted if before is None or e.id < before), None)

    def titles(self, code: str) -> tuple[Event, ...]:
        """The titles of a community in all years, without those whose decision was withdrawn afterwards."""
        return tuple(standing_titles(self.by_community.get(code, ())))

    def find(self, number: int | None, kind: str) -> Event | None:
        """The step of this number, if it is of this kind."""
        return next((e for e in self.events if e.id == number and e.kind == kind), None)

    @property
    def correcting(self) -> Event | None:
        """The correction under way: the year was closed and opened again."""
        last = next((e for e in reversed(self.whole) if e.kind in ("closed", "corrected")), None)
        return last if last and last.kind == "corrected" else None


def held(log: Log, code: str) -> Event | None:
    """The title that a community brings into the year (its newest of any earlier year); None if it has none."""
    earlier = [e for e in log.titles(code) if e.year < log.year]
    last = max(earlier, key=lambda e: (e.year, e.id), default=None)
    return last if last and last.star else None


def open_objections(log: Log, code: str) -> tuple[Event, ...]:
    """Objections of the year that nobody has answered."""
    answered = {e.ref for e in log.mine(code, "objection_answered")}
    return tuple(e for e in log.mine(code, "objection") if e.id not in answered)


def upheld_objections(log: Log, code: str) -> tuple[Event, ...]:
    """Answers that upheld an objection, wholly or in part, and that nothing followed: no calculation anew, no reason why none."""
    kept = {e.ref for e in log.mine(code, "unchanged")}
    anew = log.last_of(code, "calculated")
    answers = {e.ref: e for e in log.mine(code, "objection_answered")}
    return tuple(
        e
        for e in answers.values()
        if e.outcome in ("upheld", "partly") and e.ref not in kept and (anew is None or anew.id < e.id)
    )


def need(step: Event, *names: str) -> None:
    """Raise Refused if a step lacks one of these fields."""
    for name in names:
        if not getattr(step, name):
            raise Refused(f"cycle.need_{name}")


def two_persons(log: Log, step: Event, entered_by: str) -> None:
    """Raise Refused if the one who entered a matter would approve it."""
    if not log.one_person and is_among(step.who, [entered_by]):
        raise Refused("cycle.own", who=step.who)
