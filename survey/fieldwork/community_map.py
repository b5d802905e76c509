"""The map of the communities: a GeoJSON file looked over without storing anything, then kept, shown, replaced or taken away.

What is kept is what is drawn: a few corners of each outline, by the code of its community.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.fieldwork.geojson import Area, corners, read_areas
from survey.fieldwork.outlines import owned
from survey.fieldwork.register import Register
from survey.store import Store, audit, settings
from survey.store.engine.base import now
from survey.store.year import register

#: settings: the map itself, and what changes with it
_MAP, _MARK = "community_map", "community_map_mark"


@dataclass(frozen=True)
class CommunityMap:
    """Outlines by community code; ``degrees``: longitude and latitude, else metres; ``by``: the property that named them."""

    file: str
    by: str
    degrees: bool
    outlines: Mapping[str, tuple[Area, ...]]
    at: str = ""

    @property
    def points(self) -> int:
        """How many corners are kept."""
        return sum(map(corners, self.outlines.values()))


def inspect_map(store: Store, file: str, data: bytes, by: str = "") -> tuple[CommunityMap, tuple[Finding, ...]]:
    """The map that a file would be, and what is worth knowing of it; nothing is stored.

    ``by``: the property that holds the community.  Raises Refused for a file that is no map of these communities, and
    ``WhichProperty`` where a person must say which property it is.
    """
    found = read_areas(file, data)
    with store.read() as conn:
        known = Register(register.communities(conn), register.history(conn))
    if not known.communities:
        raise Refused("outlines.no_register", file=file)
    one = owned(file, found, known, by)
    return CommunityMap(file, one.by, one.degrees, one.outlines), one.findings


def keep_map(store: Store, found: CommunityMap, *, who: str = "") -> None:
    """Keep a map in place of the one before."""
    kept = {"file": found.file, "by": found.by, "degrees": found.degrees, "outlines": found.outlines}
    with store.write() as conn:
        text = json.dumps({**kept, "at": settings.local(conn, now())}, ensure_ascii=False, separators=(",", ":"))
        settings.put(conn, _MAP, text)
        settings.put(conn, _MARK, sha256(text.encode()).hexdigest())
        audit.record(conn, who, "map add", found.file, {"n": len(found.outlines)})


def remove_map(store: Store, *, who: str = "") -> bool:
    """Take the map away; whether there was one."""
    with store.write() as conn:
        if not settings.get(conn, _MAP, ""):
            return False
        settings.put(conn, _MAP, "")
        settings.put(conn, _MARK, "")
        audit.record(conn, who, "map remove", "")
    return True


def map_mark(conn: Connection) -> str:
    """Another value whenever the map is another; empty where there is none."""
    return settings.get(conn, _MARK, "")


def kept_map(conn: Connection) -> CommunityMap | None:
    """The map that is kept."""
    text = settings.get(conn, _MAP, "")
    if not text:
        return None
    found = json.loads(text)
    outlines = {
        code: tuple(tuple(tuple((x, y) for x, y in ring) for ring in area) for area in areas)
        for code, areas in found["outlines"].items()
    }
    return CommunityMap(found["file"], found["by"], found["degrees"], outlines, found["at"])
