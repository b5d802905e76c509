"""A duty as a value: who owes what, how much of it, until when; and the same in words and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from analysis.awards.tables import payer_name
from analysis.improvement.lost_points import offices_of
from survey.core.columns import CODE, DATE, TEXT, WHOLE, Column, columns
from survey.core.lang import say

#: who may owe: an office of the scheme, a community, whoever reviews, the street's clerk, who pays an award
OWNERS = ("office", "community", "review", "street", "payer")
#: a day is soon due from so many days before on
SOON = 7
COLUMNS = columns(
    Column("year", WHOLE),
    Column("owner_kind", CODE),
    Column("owner", TEXT),
    Column("duty", CODE),
    Column("what", TEXT),
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("due_by", DATE),
    Column("days_left", WHOLE),
    Column("due_words", TEXT),
)


@dataclass(frozen=True)
class Duty:
    """``n`` things of a ``kind`` (``survey.store.year.plans.DUE``) that one ``owner`` owes about one community.

    ``owner_kind``: one of ``OWNERS``; ``owner``: the office's name, the community's code, the payer, empty for the
    others; ``step``: key of ``analysis.cycle.stages.NEXT`` where it is a step; ``office``: whose indicators it is about,
    if any; ``due``: YYYY-MM-DD, empty where nobody set a day; ``days``: until then, below 0 where it is past.
    """

    kind: str
    owner_kind: str
    owner: str
    community: str
    n: int = 1
    step: str = ""
    office: str = ""
    due: str = ""
    days: int | None = None

    @property
    def overdue(self) -> bool:
        """Whether its day is past."""
        return self.days is not None and self.days < 0

    @property
    def owed_by(self) -> tuple[str, str]:
        """Kind and name of the owner."""
        return self.owner_kind, self.owner

    def until(self, due: str, today: str) -> Duty:
        """The same with its day."""
        days = (date.fromisoformat(due) - date.fromisoformat(today)).days if due else None
        return replace(self, due=due, days=days)

    def of_office(self, office: str) -> bool:
        """Whether it is owed by this office, alone or with others."""
        return self.owner_kind == "office" and (office == self.owner or office in offices_of(self.owner))


@dataclass(frozen=True)
class Duties:
    """What is owed in a year as of ``today``; ``dates``: kind → due date; ``names``, ``streets``: community → what it is
    called, its street."""

    year: int
    today: str
    rows: tuple[Duty, ...]
    dates: Mapping[str, str]
    names: Mapping[str, str]
    streets: Mapping[str, str]

    def only(
        self,
        *,
        street: str = "",
        community: str = "",
        office: str = "",
        overdue: bool = False,
        owed_by: tuple[str, str] | None = None,
    ) -> Duties:
        """Those of a street, about a community, of an office, past their day, owed by one: whatever is asked for."""
        rows = (
            d
            for d in self.rows
            if (not street or self.streets.get(d.community) == street)
            and (not community or d.community == community)
            and (not office or d.of_office(office))
            and (not overdue or d.overdue)
            and (owed_by is None or d.owed_by == owed_by)
        )
        return replace(self, rows=tuple(rows))

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """Who owes anything: who is longest overdue first, then in the order of ``OWNERS``."""
        late: dict[tuple[str, str], int] = {}
        for duty in self.rows:
            days = duty.days if duty.overdue and duty.days is not None else 0
            late[duty.owed_by] = min(late.get(duty.owed_by, 0), days)
        return tuple(sorted(late, key=lambda who: (late[who], OWNERS.index(who[0]))))

    @property
    def offices(self) -> tuple[str, ...]:
        """Every office that owes anything."""
        owners = (d.owner for d in self.rows if d.owner_kind == "office")
        return tuple(dict.fromkeys(office for owner in owners for office in offices_of(owner)))


@dataclass(frozen=True)
class Owed:
    """Duties of one owner that are the same but for the community: ``n`` together, about these ``communities``, and the
    indicators of one ``office`` where it is one."""

    first: Duty
    n: int
    communities: tuple[str, ...]
    office: str = ""


def folded(rows: Iterable[Duty]) -> tuple[Owed, ...]:
    """Duties of one kind, step and day together; the longest overdue first, then by day, those without one last."""
    found: dict[tuple[str, str, str], list[Duty]] = {}
    for duty in rows:
        found.setdefault((duty.kind, duty.step, duty.due), []).append(duty)
    made = [
        Owed(
            each[0],
            sum(d.n for d in each),
            tuple(dict.fromkeys(d.community for d in each)),
            each[0].office if len({d.office for d in each}) == 1 else "",
        )
        for each in found.values()
    ]
    return tuple(sorted(made, key=lambda owed: owed.first.due or "9999"))


def owner_word(lang: str, owner_kind: str, owner: str, names: Mapping[str, str]) -> str:
    """An owner as the reader knows it."""
    if owner_kind == "community":
        return names.get(owner, owner)
    if owner_kind == "payer":
        return say(lang, "duties.owner.payer", payer=payer_name(lang, owner))
    return owner or say(lang, f"duties.owner.{owner_kind}")


def what_word(lang: str, duty: Duty, n: int) -> str:
    """What is to be done, and how much of it."""
    if duty.kind == "steps":
        return say(lang, "duties.what.steps", step=say(lang, f"cycle_words.next.{duty.step}"), n=n)
    return say(lang, f"duties.what.{duty.step or duty.kind}", n=n)


def due_word(lang: str, duty: Duty) -> str:
    """Until when, in words: overdue by so many days, so many left."""
    if duty.days is None:
        return say(lang, "duties.due.none")
    if duty.days == 0:
        return say(lang, "duties.due.today", due=duty.due)
    return say(lang, "duties.due.past" if duty.overdue else "duties.due.left", due=duty.due, days=abs(duty.days))


def duty_frame(found: Duties, lang: str) -> pd.DataFrame:
    """``COLUMNS``, one row a duty, in the order of ``folded`` by owner."""
    rows = [_row(found, duty, lang) for duty in in_order(found)]
    typed: pd.DataFrame = COLUMNS.typed(pd.DataFrame(rows, columns=list(COLUMNS.names)))
    return typed


def in_order(found: Duties) -> Sequence[Duty]:
    """By owner as ``Duties.owners`` says, within one by day."""
    place = {owner: i for i, owner in enumerate(found.owners)}
    return sorted(found.rows, key=lambda d: (place[d.owed_by], d.due or "9999"))


def _row(found: Duties, duty: Duty, lang: str) -> dict[str, Any]:
    return {
        "year": found.year,
        "owner_kind": duty.owner_kind,
        "owner": owner_word(lang, *duty.owed_by, found.names),
        "duty": duty.kind,
        "what": what_word(lang, duty, duty.n),
        "sub_district": found.streets.get(duty.community) or None,
        "community_code": duty.community,
        "community": found.names.get(duty.community, duty.community),
        "due_by": duty.due or None,
        "days_left": duty.days,
        "due_words": due_word(lang, duty),
    }


def urging(found: Duties, owner: tuple[str, str], lang: str, sample: bool = False) -> str:
    """The letter that urges one owner (催办单), as plain text: what, where, until when."""
    mine = found.only(owed_by=owner)
    name = owner_word(lang, *owner, found.names)
    title = say(lang, "duties.urging.title", name=name, year=found.year)
    lines = [title, say(lang, "duties.urging.as_of", today=found.today)]
    if sample:
        lines.append(say(lang, "duties.urging.sample"))
    lines.append("")
    for number, owed in enumerate(folded(mine.rows), 1):
        what, due = what_word(lang, owed.first, owed.n), due_word(lang, owed.first)
        lines.append(say(lang, "duties.urging.line", number=number, what=what, due=due))
        if owner[0] != "community":
            places = say(lang, "duties.urging.comma").join(found.names.get(c, c) for c in owed.communities)
            lines.append(say(lang, "duties.urging.places", places=places))
    late = sum(d.n for d in mine.rows if d.overdue)
    lines += ["", say(lang, "duties.urging.late" if late else "duties.urging.please", n=late), ""]
    return "\n".join(lines)
