"""What a merger or a split does to titles: the founding document does not say, the scheme's ``merger_titles`` does.

``none`` leaves every community its own title; with ``highest`` or ``lowest`` whoever continues others holds the highest, or
the lowest, of their titles and its own from the first year of the new area on, and the same of the highest star paid before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.scheme.options import MERGER_TITLES, chosen
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import break_year
from survey.core.errors import Refused
from survey.fieldwork.successors import first_year, successors
from survey.store.year import register, schemes
from survey.store.year.cycle import Event, standing_titles

#: what a title that was taken over is called; no step of the cycle, so nobody enters it
INHERITED = "inherited"
#: numbers of steps that nobody took, beyond those of the store
_BEYOND = 10**9


@dataclass(frozen=True)
class Merger:
    """``code`` continues ``sources`` (itself among them, where it was there before) from the year ``since`` on; ``names``: theirs."""

    since: int
    code: str
    sources: tuple[str, ...]
    rule: str
    names: tuple[str, ...] = ()

    def pick(self, stars: Iterable[int]) -> int:
        """The star that is taken over."""
        return (max if self.rule == "highest" else min)(stars)


def mergers(conn: Connection, upto: int | None = None) -> list[Merger]:
    """Mergers and splits up to a year (None: all) in which a scheme lets titles go over, the earliest first."""
    known = {c.code: c for c in register.communities(conn, upto)}
    found: dict[tuple[int, str], list[str]] = {}
    for ended in known.values():
        since = break_year(ended)
        for code in successors(ended):
            if since is not None and (upto is None or since <= upto) and code in known:
                found.setdefault((since, code), []).append(ended.code)
    told = []
    for (since, code), sources in sorted(found.items()):
        began = first_year(known[code])
        own = () if began is not None and began >= since else (code,)
        rule = _rule(conn, since)
        if rule != "none":
            whole = (*own, *sources)
            told.append(Merger(since, code, whole, rule, tuple(known[source].name for source in whole)))
    return told


def _rule(conn: Connection, year: int) -> str:
    try:
        scheme = from_dict(schemes.applicable(conn, year).definition)
    except Refused:  # a year from before any scheme: nothing says that titles go over
        return "none"
    return chosen(scheme.settings, MERGER_TITLES)


def taken_over(titles: Sequence[tuple[int, str, int]], merged: Sequence[Merger]) -> list[tuple[Merger, int]]:
    """Each merger with the star that is held after it; ``titles``: year, community, star, in their order."""
    every = list(titles)
    found = []
    for one in merged:
        held = {code: star for year, code, star in sorted(every, key=lambda t: t[0]) if year < one.since}
        star = one.pick(held.get(code, 0) for code in one.sources)
        if star or held.get(one.code):
            found.append((one, star))
            every.append((one.since - 1, one.code, star))
    return found


def with_inherited(
    events: Sequence[Event], merged: Sequence[Merger], body_of: Callable[[int], str]
) -> tuple[Event, ...]:
    """The steps with what was taken over, as titles of the year before the new area's first; ``subject`` names from whom."""
    titles = [(e.year, e.community, e.star or 0) for e in standing_titles(events)]
    more = [
        Event(
            "title",
            one.since - 1,
            one.code,
            star=star,
            body=body_of(star),
            outcome=INHERITED,
            subject="、".join(one.names or one.sources),
            id=_BEYOND + number,
        )
        for number, (one, star) in enumerate(taken_over(titles, merged))
    ]
    return (*events, *more)


def titles_with_inherited(titles: pd.DataFrame, merged: Sequence[Merger]) -> pd.DataFrame:
    """``survey.store.year.cycle.titles`` with a row ``inherited`` for what was taken over, after those of its year.

    ``sources`` (joined by ``|``) and ``rule`` say from whom, for who counts what was paid.
    """
    columns = (titles[name].tolist() for name in ("year", "community_code", "star"))
    known = [(int(year), str(code), int(star)) for year, code, star in zip(*columns, strict=True)]
    rows = [
        {
            "community_code": one.code,
            "year": one.since - 1,
            "star": star,
            "decided_by": "",
            "document": "",
            "date": "",
            "event": INHERITED,
            "sources": "|".join(one.sources),
            "rule": one.rule,
        }
        for one, star in taken_over(known, merged)
    ]
    if not rows:
        return titles
    whole = pd.concat([titles, pd.DataFrame(rows)], ignore_index=True)
    return whole.sort_values("year", kind="stable", ignore_index=True)
