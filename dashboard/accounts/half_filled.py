"""Half-filled forms of the pages: what somebody types is kept for them until it is sent, and put back where it was.

Which forms there are the pages say (``Page.forms``); one of a year is another than that of the next year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.web.access import Viewer, may, require
from dashboard.web.address import Address
from dashboard.web.permissions import known
from survey.core import limits
from survey.store import Store, drafts


@dataclass(frozen=True)
class Form:
    """A form that is kept while it is filled in.

    ``fields``: ids of its components; ``needs``: the permission to send it; ``of``: the filter of the address that says
    what it is about, besides the year.
    """

    name: str
    fields: tuple[str, ...]
    needs: str
    of: str = ""

    def __post_init__(self) -> None:
        known(self.needs)

    @property
    def at(self) -> str:
        """The id of what stands beside it and takes its changes."""
        return f"kept-{self.name}"


def note(viewer: Viewer, store: Store | None, form: Form, address: Address, said: Sequence[Any]) -> None:
    """Keep what stands in the fields of a form, in their order; raises Refused for who may not send it."""
    require(viewer, form.needs)
    words = [value[: limits.TYPED_TEXT] if isinstance(value, str) else "" for value in said]
    if store is None or store.read_only:  # nothing can be stored of the form either
        return
    with store.write(aside=True) as conn:
        drafts.keep(conn, viewer.user, _name(form, address), dict(zip(form.fields, words, strict=True)))


def forget(viewer: Viewer, store: Store, form: Form, address: Address) -> None:
    """Let go of what was kept: it was sent."""
    with store.write(aside=True) as conn:
        drafts.drop(conn, viewer.user, _name(form, address))


def put_back(viewer: Viewer, store: Store | None, forms: Sequence[Form], address: Address, shown: Any) -> list[Any]:
    """What a page shows, with what was typed into its forms before; each has beside it where its changes go."""
    beside: list[Any] = []
    for form in forms:
        if store is None or not may(viewer, form.needs, year=address.year):
            continue
        with store.read() as conn:
            kept = drafts.read(conn, viewer.user, _name(form, address))
        if kept is not None:
            _fill(shown, kept.said)
        beside.append(dcc.Store(id=form.at))
    return [shown, *beside]


def _name(form: Form, address: Address) -> str:
    return "/".join((form.name, str(address.year), *([address.filters.get(form.of, "")] if form.of else [])))


def _fill(part: Any, said: Mapping[str, str]) -> bool:
    """Put words into the fields of these ids, a choice only where it is offered still; whether there were any."""
    if isinstance(part, (list, tuple)):
        return max([_fill(one, said) for one in part], default=False)
    if not isinstance(part, Component):
        return False
    name, found = getattr(part, "id", None), False
    word = said.get(name, "") if isinstance(name, str) else ""
    offered = getattr(part, "data", None) or getattr(part, "options", None)
    if word and (not offered or word in [one["value"] for one in offered]):
        found = getattr(part, "value", None) != word
        part.value = word
    found |= _fill(getattr(part, "children", None), said)
    if found and isinstance(part, html.Details):
        part.open = True
    return found
