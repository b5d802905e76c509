"""Which community continues which: the successors of a register, and what is wrong with them.

A community that ended names those it was merged into or split into, by code; several are joined by ``|``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.store.year.register import Community


def successors(community: Community) -> tuple[str, ...]:
    """Codes of the communities that continue it."""
    return tuple(code for code in community.successor.split("|") if code)


def first_year(community: Community) -> int | None:
    """The first year that knows the community; None: always there."""
    return int(community.valid_from[:4]) if community.valid_from else None


def last_year(community: Community) -> int | None:
    """The last year that knows the community; None: still there."""
    return int(community.valid_to[:4]) if community.valid_to else None


def exists_in(community: Community, year: int) -> bool:
    """Whether a community exists in a year (register columns valid_from and valid_to, inclusive)."""
    first, last = first_year(community), last_year(community)
    return (first is None or first <= year) and (last is None or year <= last)


def problems(communities: Sequence[Community]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(code of the community, name of the problem, what was found) of each successor that can't be right.

    ``successor_without_end`` it goes on itself, ``successor_gone`` the successor ended before it, ``successor_circle`` it
    would continue itself, ``successor_beside`` (worth a look only) both are counted in some years although the
    successor only began then.
    """
    known = {c.code: c for c in communities}
    for community in communities:
        followers = [known[code] for code in successors(community) if code in known]
        if not followers:
            continue
        last = last_year(community)
        if last is None:
            yield community.code, "successor_without_end", {"found": [c.name for c in followers]}
            continue
        if _circle(community, known):
            yield community.code, "successor_circle", {"found": [c.name for c in followers]}
        for follower in followers:
            gone, began = last_year(follower), first_year(follower)
            if gone is not None and gone < last:
                yield community.code, "successor_gone", {"found": follower.name, "end": gone, "last": last}
            elif began is not None and began <= last:
                yield community.code, "successor_beside", {"found": follower.name, "start": began, "last": last}


def _circle(start: Community, known: Mapping[str, Community]) -> bool:
    """Whether following the successors leads back."""
    waiting, seen = list(successors(start)), set()
    while waiting:
        code = waiting.pop()
        if code == start.code:
            return True
        if code not in seen and code in known:
            seen.add(code)
            waiting += successors(known[code])
    return False
