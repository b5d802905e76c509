"""A resident or a batch removed for good: what would go, and that it went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.publication import snapshots
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import Refused, XingfuError
from survey.people import removal
from survey.people.removal import Found, Wanted
from survey.store import Store


def wanted(fields: Mapping[str, Any]) -> Wanted:
    """What the form says; raises Refused for a batch or row that is no number."""
    text = {name: str(value or "").strip()[: limits.TYPED_TEXT] for name, value in fields.items()}
    return Wanted(_whole(text["batch"]), _whole(text["row"]), text["respondent"])


def look(viewer: Viewer, store: Store, fields: Mapping[str, Any]) -> Found:
    """What would be removed."""
    require(viewer, "remove_people")
    return removal.look(store, wanted(fields))


def remove(viewer: Viewer, store: Store, fields: Mapping[str, Any]) -> tuple[Found, XingfuError | None]:
    """Remove it; returns what went, and why the years could not be computed again."""
    require(viewer, "remove_people")
    found = removal.remove(store, wanted(fields), str(fields.get("reason") or "")[: limits.TYPED_TEXT], viewer.user)
    try:
        snapshots.recompute(store, set(found.years) - set(found.closed))
    except XingfuError as error:
        return found, error
    return found, None


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("page_import.removal_number", found=text)
    return int(text)
