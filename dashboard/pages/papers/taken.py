"""When each paper of a year was last taken, and whether anything that it tells of is another since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboard.data.year import Year
from survey.store import Store, audit, change_mark, settings
from survey.store.change_mark import Moved

#: entries of the record that are looked through for the last time something was taken
LOOKED_AT = 2_000


@dataclass(frozen=True)
class Taken:
    """When something was last taken, in the store's time, and by whom; ``stale``: another one would be made now; ``command``: not
    from a page."""

    at: str
    who: str
    stale: bool
    command: bool = False


#: address and community
Key = tuple[str, str]
#: action of a command → what it is on the page; of one community the diagnosis and the workbook
_COMMANDS = ("export", "archive")
_FORMATS = {"pdf": "/download/diagnoses", "docx": "/download/letters", "data": "/download/data"}
#: what papers tell of beside results, steps and reviews, which all of them do: of the year, and of the year before
_TELLS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "/download/brief": (("money",), ()),
    "/download/street": (("money",), ()),
    "/download/letters": (("money", "tasks", "due dates"), ("tasks",)),
    "/download/diagnoses": (("money",), ("tasks",)),
    "/download/diagnosis/<code>": (("money",), ("tasks",)),
    "/download/year": (("money",), ()),
    "/download/community/<code>": (("money",), ()),
    "/download/archive": (("money", "tasks", "due dates"), ("tasks",)),
}


def taken(store: Store | None, found: Year) -> dict[Key, Taken]:
    """(address, community) → the newest entry of the record, of this year: files of pages, and what commands wrote."""
    if store is None:
        return {}
    year = int(found.meta["year"])
    computed = datetime.fromisoformat(str(found.meta["computed_at"]))
    entries: list[tuple[Key, audit.Entry, bool]] = []
    with store.read() as conn:
        for action in ("download", *_COMMANDS):
            for entry in audit.listing(conn, LOOKED_AT, action=action):
                key = _told(action, entry, year)
                if key is not None:
                    entries.append((key, entry, action != "download"))
        moves = change_mark.moves(conn, year)
        last: dict[Key, Taken] = {}
        for key, entry, command in sorted(entries, key=lambda one: one[1].at, reverse=True):
            if key not in last:
                stale = entry.at < max((computed, *_since(key, moves, year)))
                last[key] = Taken(settings.local(conn, entry.at), entry.who, stale, command)
    return last


def _since(key: Key, moves: Iterable[Moved], year: int) -> list[datetime]:
    """When that which a paper tells of was entered; steps of anybody's move a rank, money and tasks only their own papers."""
    address, code = key
    now, before = _TELLS.get(address, ((), ()))
    return [
        one.at
        for one in moves
        if one.what == "steps"
        or (one.what == "reviews" and one.year == year)
        or (
            (not code or one.community in ("", code))
            and ((one.what in now and one.year == year) or (one.what in before and one.year == year - 1))
        )
    ]


def _told(action: str, entry: audit.Entry, year: int) -> Key | None:
    """Which paper of which community an entry tells of; None for another year's."""
    detail = entry.detail
    if action == "download":
        return (entry.subject, str(detail.get("code") or "")) if detail.get("year") == year else None
    if entry.subject != str(year):
        return None
    if action == "archive":
        return "/download/archive", ""
    kind = str(detail.get("format") or "")
    if code := str(detail.get("community") or ""):
        return {"pdf": "/download/diagnosis/<code>"}.get(kind, "/download/community/<code>"), code
    return _FORMATS.get(kind, "/download/year"), ""
