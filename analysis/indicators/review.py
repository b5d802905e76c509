"""Approving indicator values and sending them back: never by who entered them, unless one person does everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from survey.core.errors import Refused
from survey.store import Store
from survey.store.audit import is_among
from survey.store.year import cycle, reviews, years
from survey.store.year.reviews import Outcome, Standing

Place = tuple[str, str]


@dataclass(frozen=True)
class Reviewed:
    """``done``: values reviewed; ``own``: values left waiting because the reviewer had entered them."""

    done: int
    own: int


@dataclass(frozen=True)
class Asked:
    """Which values of a year: of a community, an indicator, a batch, or ``only`` these (community, indicator); all
    where nothing is said."""

    community: str = ""
    indicator: str = ""
    batch: int | None = None
    only: Collection[Place] | None = None

    @property
    def single(self) -> bool:
        """Whether it names one value."""
        return bool(self.community and self.indicator)

    @property
    def everything(self) -> bool:
        """Whether it names nothing."""
        return not self.community and not self.indicator and self.batch is None and self.only is None

    def holds(self, standing: Standing) -> bool:
        """Whether a value is among them."""
        return (
            self.community in ("", standing.community)
            and self.indicator in ("", standing.indicator)
            and (self.batch is None or self.batch in standing.batches)
            and (self.only is None or standing.place in self.only)
        )


def review(
    store: Store,
    year: int,
    outcome: Outcome,
    *,
    who: str,
    reason: str = "",
    community: str = "",
    indicator: str = "",
    batch: int | None = None,
    only: Collection[Place] | None = None,
    seen: Mapping[Place, str] | None = None,
) -> Reviewed:
    """Review all values of a year that wait, of a community, an indicator, a batch, or ``only`` these (community,
    indicator); a single value may be reviewed again.

    ``withdraw`` takes reviews back, so that the values wait again; where nothing is named, those of the newest action of
    this person that still stand.  ``seen``: what the reviewer had before them (``Standing.mark`` by community and
    indicator): these and no others, none of them where one has changed since.

    Raises Refused where nothing waits, where everything was entered by the reviewer, in a closed year, for sending back
    without a reason, and where what was seen is not what stands.
    """
    if not who.strip():
        raise Refused("indicator_entry.who")
    if outcome == "return" and not reason.strip():
        raise Refused("indicator_review.need_reason")
    asked = Asked(community, indicator, batch, only if seen is None else seen)
    with store.write() as conn:
        years.require_open(conn, [year])
        left, mine = _choose(
            reviews.standings(conn, year, community or None).values(), outcome, asked, who, cycle.one_person(conn)
        )
        now = dict(_marks(left))
        moved = [place for place, mark in (seen or {}).items() if now.get(place) != mark]
        if moved:
            raise Refused("indicator_review.moved", n=len(moved), year=year)
        if not left:
            raise Refused(
                "indicator_review.own"
                if mine
                else "indicator_review.nothing_back"
                if outcome == "withdraw"
                else "indicator_review.nothing",
                who=who,
                year=year,
                n=len(mine),
            )
        return Reviewed(reviews.save(conn, year, outcome, left, who, reason.strip()), len(mine))


def waiting(store: Store, year: int, outcome: Outcome, *, who: str, asked: Asked) -> dict[Place, str]:
    """What ``review`` would review now, as its ``seen``; raises Refused for a closed year."""
    with store.read() as conn:
        years.require_open(conn, [year])
        known = reviews.standings(conn, year, asked.community or None)
        left, _ = _choose(known.values(), outcome, asked, who, cycle.one_person(conn))
    return dict(_marks(left))


def last_action(known: Iterable[Standing], who: str) -> list[Standing]:
    """What the newest review action of this person left as it still stands; empty where there is none."""
    mine = [s for s in known if s.moment is not None and is_among(who, [s.reviewed_by])]
    newest = max((s.moment for s in mine if s.moment is not None), default=None)
    return [s for s in mine if s.moment == newest]


def _choose(
    known: Iterable[Standing], outcome: Outcome, asked: Asked, who: str, one_person: bool
) -> tuple[list[Standing], list[Standing]]:
    """The values to review, and those left out because the reviewer entered a part of them."""
    wanted = [s for s in known if asked.holds(s) and _waits(s, outcome, single=asked.single)]
    if outcome == "withdraw" and asked.everything:
        wanted = last_action(wanted, who)
    mine = [] if one_person else [s for s in wanted if is_among(who, s.entered_by)]
    return [s for s in wanted if s not in mine], mine


def _marks(standings: Iterable[Standing]) -> list[tuple[Place, str]]:
    return [(s.place, s.mark) for s in standings]


def _waits(standing: Standing, outcome: Outcome, *, single: bool) -> bool:
    if outcome == "withdraw":
        return standing.state in ("reviewed", "returned")
    if standing.state == "entered":
        return True
    return single and standing.state != {"approve": "reviewed", "return": "returned"}[outcome]
