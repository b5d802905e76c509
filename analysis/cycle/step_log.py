"""A year's steps as an immutable value, and the first things to be read from them: titles held, objections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.cycle.title_rules import Rules
from survey.core.errors import Refused
from survey.core.lazily import cached_property
from survey.store.audit import is_among
from survey.store.year import reviews
from survey.store.year.cycle import Event, standing_titles


@dataclass(frozen=True)
class Log:
    """``events``: all steps up to ``year``, oldest first; ``names``: code → name of the communities of the year.

    ``streets``: code → street of the year, where it has several (publication, close … are then one street's each), else
    empty; ``street``: the one that this log is of (``within``), empty: all; ``closed``: its archive stands;
    ``archived``: the streets whose archive stands while the year is open for others; ``alone``: not one of several.
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
    streets: Mapping[str, str] = field(default_factory=dict)
    street: str = ""
    archived: frozenset[str] = frozenset()
    alone: bool = True

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The streets of the year in register order; one, called as it may be, where there are not several."""
        return tuple(dict.fromkeys(street for street in self.streets.values() if street)) or (self.street,)

    def closed_of(self, code: str) -> bool:
        """Whether the archive of a community's street stands."""
        return self.closed or self.streets.get(code) in self.archived

    def within(self, street: str) -> Log:
        """The log of one street, as if there were no other; the log itself where it is of one street already."""
        if street not in (self.parts if self.streets else ("", self.street)):
            raise Refused("cycle.unknown_street", street=street, year=self.year, known=list(self.parts))
        if not self.streets:
            return self
        if street not in self._within:
            self._within[street] = self._part(street)
        return self._within[street]

    def _part(self, street: str) -> Log:
        names = {code: name for code, name in self.names.items() if self.streets[code] == street}
        return replace(
            self,
            events=tuple(e for e in self.events if (e.community in names if e.community else e.street in ("", street))),
            names=names,
            closed=self.closed or street in self.archived,
            moved=self.moved & names.keys(),
            reviews={at: value for at, value in self.reviews.items() if at[0] in names},
            streets={},
            street=street,
            archived=frozenset(),
            alone=False,
        )

    @cached_property
    def _within(self) -> dict[str, Log]:
        """The logs of the streets that were asked for."""
        return {}

    def after(self, step: Event) -> Log:
        """The log with one more step; of one community's step, what was read of everybody else is not read again."""
        later, code = replace(self, events=(*self.events, step)), step.community
        if code not in self.names or step.year != self.year:
            return later
        known, mine = self.__dict__, later.__dict__
        mine |= {name: known[name] for name in ("parts", "unreviewed", "whole") if name in known}
        for name in ("by_community", "_steps"):
            if name in known:
                mine[name] = {**known[name], code: (*known[name].get(code, ()), step)}
        if "_within" in known:
            street = self.streets.get(code, "")
            mine["_within"] = {name: log.after(step) if name == street else log for name, log in self._within.items()}
        return later

    def around(self, step: Event) -> Log:
        """The log of the street that a step is of: its community's, or the one that it names.

        Raises Refused where there are several and the step tells none, or one that is none.
        """
        if not self.streets:
            return self.within(step.street)
        if step.community in self.names and not self.streets[step.community]:
            raise Refused("cycle.no_street", community=self.name(step.community), year=self.year)
        street = self.streets.get(step.community, step.street) if step.community else step.street
        if not street:
            raise Refused("cycle.which_street", year=self.year, known=list(self.parts))
        return self.within(street)

    def _reaches(self, event: Event, code: str) -> bool:
        """Whether a step is a community's: its own, or one of its whole street."""
        return event.community == code or not (
            event.community or (self.streets and event.street not in ("", self.streets.get(code, "")))
        )

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
        """This year's steps that concern all communities of a street, or of the year."""
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
        """The last step of this kind of a whole street, or of the year."""
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
        """The correction under way: the year, or a street of it, was closed and opened again."""
        for street in self.parts:
            steps = (e for e in reversed(self.whole) if not self.streets or e.street in ("", street))
            last = next((e for e in steps if e.kind in ("closed", "corrected")), None)
            if last is not None and last.kind == "corrected":
                return last
        return None


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
