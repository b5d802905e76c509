"""Communities that a year does not have: ended or not begun, and who stands for them then.

What is stored of such a community is shown nowhere, so it is asked about where it arrives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.fieldwork.register import Register
from survey.fieldwork.successors import exists_in, first_year, last_year, successors
from survey.store.year import facts
from survey.store.year.register import Community

#: rows that a sentence names
FIRST = 10


@dataclass(frozen=True)
class Outside:
    """Why a year does not have a community: the ``code`` of the question, with its parameters."""

    code: str
    params: Mapping[str, Any]


def outside(register: Register, place: int, year: int) -> Outside | None:
    """Why a year does not have the community at this position of the register; None where it has it."""
    own = register.communities[place]
    then = _of_year(register, own, year)
    if then is not None and exists_in(then, year):
        return None
    last = last_year(then) if then is not None else None
    if then is not None and last is not None and last < year:
        found = _followers(register, then, year)
        params = {"community": own.name, "year": year, "end": last, "others": list(found) or "—"}
        if len(found) == 1:
            return Outside("checking.community_merged", {**params, "suggestion": found[0]})
        return Outside("checking.community_ended", params)
    start = first_year(then or own) or min(register.history.get(own.code, {year + 1: {}}))
    before = [c.name for c in _communities(register, year) if own.code in _led_to(register, c)]
    params = {"community": own.name, "year": year, "start": start, "others": list(before) or "—"}
    if len(before) == 1:
        return Outside("checking.community_was_part", {**params, "suggestion": before[0]})
    return Outside("checking.community_not_begun", params)


def question(found: Outside, sheet: str, cell: str, header: str, said: str, rows: Sequence[int]) -> Finding:
    """The question about ``rows`` (of the sheet, 1-based) of such a community, at the cell of the first of them.

    ``same_rows``: how many rows one answer may change, if all cells that say the same are meant.
    """
    numbers = "、".join(map(str, rows[:FIRST])) + (" …" if len(rows) > FIRST else "")
    params = {"found": said, "n": len(rows), "rows": numbers, "same_rows": len(rows), **found.params}
    return Finding(found.code, "ask", "row", sheet, cell, rows[0], header, params)


def require_inside(register: Register, place: int, year: int) -> None:
    """Raise Refused where an option names a community that the year does not have."""
    found = outside(register, place, year)
    if found is not None:
        span = f"{found.params.get('start', '')}–{found.params.get('end', '')}"
        said = {name: found.params[name] for name in ("community", "year", "others")}
        raise Refused("intake.community_outside", span=span, **said)


def _of_year(register: Register, own: Community, year: int) -> Community | None:
    """A community as the register of a year has it; as it is where nothing is known of other years."""
    periods = register.history.get(own.code)
    if periods is None:
        return own
    then = facts.at(periods, year)
    return None if then is None else Community(own.code, **then)


def _communities(register: Register, year: int) -> list[Community]:
    then = (_of_year(register, own, year) for own in register.communities)
    return [c for c in then if c is not None and exists_in(c, year)]


def _led_to(register: Register, one: Community) -> tuple[str, ...]:
    """Codes that continue a community, whenever that was entered."""
    own = next(c for c in register.communities if c.code == one.code)
    return successors(own)


def _followers(register: Register, ended: Community, year: int) -> list[str]:
    """Names of those that continue it and are there in the year, over any that ended in between."""
    there = {c.code: c for c in _communities(register, year)}
    known = {c.code: c for c in register.communities}
    waiting, seen, found = list(successors(ended)), {ended.code}, []
    while waiting:
        code = waiting.pop(0)
        if code in seen or code not in known:
            continue
        seen.add(code)
        if code in there:
            found.append(there[code].name)
        else:
            waiting += successors(known[code])
    return found
