"""Where the line of a community breaks: years from which its area is another, because others were merged or split.

A community that ended continues in its successors (register columns ``valid_to``, ``successor``).  From the first year
without it, a successor's results are of another area than before: no change is given, no line is drawn across, and
nothing is summed.  A day within a year as its end breaks the line in that year, which the new area already covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from survey.fieldwork.successors import exists_in, last_year, successors
from survey.store.year import register
from survey.store.year.register import Community

_MARKS = str.maketrans({";": "；", ",": "，", ":": "："})


def break_year(community: Community) -> int | None:
    """The first year in which the successors' area is another; None where it did not end."""
    last = last_year(community)
    if last is None:
        return None
    end = community.valid_to or ""
    within = len(end) > 4 and not end.endswith("12-31")
    return last if within else last + 1


def predecessors(communities: Sequence[Community]) -> dict[str, list[dict[str, Any]]]:
    """Community code → all that went before it, those of those too: ``code, name, last, since`` (first year without)."""
    direct: dict[str, list[Community]] = {}
    for community in communities:
        for code in successors(community) if community.valid_to else ():
            direct.setdefault(code, []).append(community)
    return {code: _ancestors(code, direct) for code in direct}


def _ancestors(code: str, direct: Mapping[str, Sequence[Community]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    waiting = list(direct.get(code, ()))
    while waiting:
        one = waiting.pop(0)
        if one.code not in found and one.code != code:
            entry = {"code": one.code, "name": one.name, "last": last_year(one), "since": break_year(one)}
            found[one.code] = {**entry, "direct": one in direct[code]}
            waiting += direct.get(one.code, ())
    return list(found.values())


def broken_in(lineage: Mapping[str, Sequence[Mapping[str, Any]]], year: int) -> dict[str, str]:
    """Community code → names of those whose end breaks its line in this year, joined by commas."""
    names = {
        code: [str(p["name"]).translate(_MARKS) for p in before if p["direct"] and p["since"] == year]
        for code, before in lineage.items()
    }
    return {code: ",".join(found) for code, found in names.items() if found}


# ── Which communities a year has


def communities_in(conn: Connection, year: int) -> list[register.Community]:
    """The communities that exist in a year, in register order."""
    return [c for c in register.communities(conn, year) if exists_in(c, year)]
