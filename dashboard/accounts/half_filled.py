"""Half-filled forms of the pages: what somebody types is kept for them until it is sent, and put back where it was.

Which forms there are the pages say (``Page.forms``); one of a year is another than that of the next year, where it is a
year's at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import ALL, Input, dcc, html
from dash.development.base_component import Component
from flask import has_request_context, request

from dashboard.web.access import Viewer, may, require
from dashboard.web.address import Address
from dashboard.web.permissions import known
from survey.core import limits
from survey.store import Store, drafts


@dataclass(frozen=True)
class Form:
    """A form that is kept while it is filled in.

    ``fields``: ids of its components; ``groups``: of those that a page has many of, their type and what else is in their
    ids; ``needs``: the permission to send it; ``of``: the filter of the address that says what it is about, besides the
    year where it is one of a year (``yearly``).
    """

    name: str
    fields: tuple[str, ...]
    needs: str
    of: str = ""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    yearly: bool = True

    def __post_init__(self) -> None:
        known(self.needs)

    @property
    def at(self) -> str:
        """The id of what stands beside it and takes its changes."""
        return f"kept-{self.name}"

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What a callback listens to: each field, then each group."""
        groups = (Input({"type": kind, **dict.fromkeys(keys, ALL)}, "value") for kind, keys in self.groups)
        return (*(Input(field, "value") for field in self.fields), *groups)

    def has(self, at: Any) -> bool:
        """Whether an id is of one of its groups."""
        named = {kind: {"type", *keys} for kind, keys in self.groups}
        return isinstance(at, dict) and set(at) == named.get(str(at.get("type")))


def note(
    viewer: Viewer,
    store: Store | None,
    form: Form,
    address: Address,
    said: Sequence[Any],
    changed: Sequence[tuple[Any, Any]] = (),
) -> None:
    """Keep what stands in the fields of a form, in their order, and of its groups what ``changed`` (id, value).

    Raises Refused for who may not send it.
    """
    require(viewer, form.needs)
    if store is None or store.read_only:  # nothing can be stored of the form either
        return
    words = dict(zip(form.fields, map(_word, said), strict=True))
    new = {_key(at): _word(value) for at, value in changed if form.has(at)}
    with store.write(aside=True) as conn:
        before = drafts.read(conn, viewer.user, _name(form, address)) if form.groups else None
        turn, old = sent(), {} if before is None else before.said
        said = {**old, **new, **words}
        if before is not None and before.after(turn):  # of what was overtaken only what nothing later was said of
            turn, said = before.sent, {**new, **old}
        drafts.keep(conn, viewer.user, _name(form, address), said, turn)


def sent() -> str:
    """Which request of which page this one is (``drafts.keep``), where its browser says so."""
    return request.headers.get("X-Turn", "")[:40] if has_request_context() else ""


def _word(value: Any) -> str:
    """A value as it is kept: a text, or a list of choices as JSON; anything else is nothing."""
    if isinstance(value, list):
        return json.dumps([one for one in value if isinstance(one, str)], ensure_ascii=False) if value else ""
    return value[: limits.TYPED_TEXT] if isinstance(value, str) else ""


def _key(at: Any) -> str:
    """An id as a name."""
    return at if isinstance(at, str) else json.dumps(at, sort_keys=True, ensure_ascii=False)


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
    year = (str(address.year),) if form.yearly else ()
    return "/".join((form.name, *year, *([address.filters.get(form.of, "")] if form.of else [])))


def _fill(part: Any, said: Mapping[str, str]) -> bool:
    """Put words into the fields of these ids, a choice only where it is offered still; whether there were any."""
    if isinstance(part, (list, tuple)):
        return max([_fill(one, said) for one in part], default=False)
    if not isinstance(part, Component):
        return False
    name, found = getattr(part, "id", None), False
    word = said.get(_key(name), "") if isinstance(name, (str, dict)) else ""
    offered = getattr(part, "data", None) or getattr(part, "options", None)
    if word and isinstance(getattr(part, "value", None), list):
        chosen = [one for one in json.loads(word) if one in set(_offered(getattr(part, "children", None)))]
        found = part.value != chosen
        part.value = chosen
    elif word and (not offered or word in [one["value"] for one in offered]):
        found = getattr(part, "value", None) != word
        part.value = word
    found |= _fill(getattr(part, "children", None), said)
    if found and isinstance(part, html.Details):
        part.open = True
    return found


def _offered(part: Any) -> Iterator[Any]:
    """The values of everything below a group of choices."""
    if isinstance(part, (list, tuple)):
        for one in part:
            yield from _offered(one)
    elif isinstance(part, Component):
        yield getattr(part, "value", None)
        yield from _offered(getattr(part, "children", None))
