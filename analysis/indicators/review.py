"""Approving indicator values and sending them back: never by who entered them, unless one person does everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import cycle, reviews, years
from survey.store.year.reviews import Outcome, Standing


@dataclass(frozen=True)
class Reviewed:
    """``done``: values reviewed; ``own``: values left waiting because the reviewer had entered them."""

    done: int
    own: int


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
    only: Collection[tuple[str, str]] | None = None,
) -> Reviewed:
    """Review all values of a year that wait, of a community, an indicator, a batch, or ``only`` these (community,
    indicator); a single value may be reviewed again.

    Raises Refused where nothing waits, where everything was entered by the reviewer, in a closed year, and for sending
    back without a reason.
    """
    if not who.strip():
        raise Refused("indicator_entry.who")
    if outcome == "return" and not reason.strip():
        raise Refused("indicator_review.need_reason")
    with store.write() as conn:
        years.require_open(conn, [year])
        known = reviews.standings(conn, year, community or None)
        single = bool(community and indicator)
        wanted = [
            s
            for s in known.values()
            if _waits(s, outcome, single=single)
            and indicator in ("", s.indicator)
            and (batch is None or batch in s.batches)
            and (only is None or (s.community, s.indicator) in only)
        ]
        mine = [] if cycle.one_person(conn) else [s for s in wanted if who in s.entered_by]
        left = [s for s in wanted if s not in mine]
        if not left:
            raise Refused(
                "indicator_review.own" if mine else "indicator_review.nothing", who=who, year=year, n=len(mine)
            )
        return Reviewed(reviews.save(conn, year, outcome, left, who, reason.strip()), len(mine))


def _waits(standing: Standing, outcome: Outcome, *, single: bool) -> bool:
    if standing.state == "entered":
        return True
    return single and standing.state != {"approve": "reviewed", "return": "returned"}[outcome]
