"""A map between the file and the store: looked over, asked about once, then kept; what is kept is replaced or taken away."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dashboard.data.uploads import Upload, Uploads
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.fieldwork.community_map import CommunityMap, inspect_map, keep_map, kept_map, remove_map
from survey.fieldwork.outlines import WhichProperty
from survey.store import Store
from survey.store.year import register

#: under which an upload keeps which property names the community
_BY = "map_by"
#: place in the upload's memory, where lines of an import count from 0
_PLACE = -2


@dataclass(frozen=True)
class Brought:
    """A file that waits: the map it would be, or the properties among which a person chooses (property → features)."""

    upload: Upload
    found: CommunityMap | None
    findings: Sequence[Finding]
    asked: WhichProperty | None = None


def bring(viewer: Viewer, store: Store, uploads: Uploads, files: Sequence[tuple[str, bytes]]) -> str:
    """Let a file wait and look it over; the token.  Raises Refused, and nothing waits, for one that is no map."""
    require(viewer, "edit_register")
    if len(files) != 1:
        raise Refused("page_map.one_file")
    with suppress(WhichProperty):  # it waits to be asked
        inspect_map(store, *files[0])
    return uploads.keep(files, {_BY: ""}, viewer.user)


def brought(viewer: Viewer, store: Store, uploads: Uploads, token: str) -> Brought:
    """A file that waits.  Raises Refused for an unknown token, or one of another upload."""
    require(viewer, "edit_register")
    upload = uploads.find(token, viewer.user)
    if _BY not in upload.options:
        raise Refused("page_import.expired")
    by = str(upload.options[_BY])
    memory = uploads.memory(token)
    with memory.lock:
        known = memory.found.get(_PLACE)
        if known is None or known[0] != (by, store.changes()):
            memory.found[_PLACE] = known = ((by, store.changes()), _looked_over(store, uploads, upload, by))
    seen: Brought = known[1]
    return seen


def _looked_over(store: Store, uploads: Uploads, upload: Upload, by: str) -> Brought:
    try:
        found, findings = inspect_map(store, upload.files[0], uploads.data(upload, 0), by)
    except WhichProperty as asked:
        return Brought(upload, None, (), asked)
    return Brought(upload, found, findings)


def choose(viewer: Viewer, store: Store, uploads: Uploads, token: str, by: Any) -> None:
    """Say which property names the community; raises Refused for one that the file was not asked about."""
    one = brought(viewer, store, uploads, token)
    if one.asked is None or by not in one.asked.choices:
        raise Refused("page_import.expired")
    uploads.change(one.upload, {_BY: by}, viewer.user)


def keep(viewer: Viewer, store: Store, uploads: Uploads, token: str) -> int:
    """Keep the map that waits, in place of the one before; how many communities it has."""
    one = brought(viewer, store, uploads, token)
    if one.found is None:
        raise Refused("page_map.not_chosen")
    keep_map(store, one.found, who=viewer.user)
    uploads.drop(token)
    return len(one.found.outlines)


def remove(viewer: Viewer, store: Store) -> None:
    """Take the kept map away."""
    require(viewer, "edit_register")
    remove_map(store, who=viewer.user)


def stored(viewer: Viewer, store: Store) -> tuple[CommunityMap | None, dict[str, str]]:
    """The map that is kept, and the names of the communities that there are (code → name)."""
    require(viewer, "edit_register")
    with store.read() as conn:
        return kept_map(conn), {c.code: c.name for c in register.communities(conn)}
