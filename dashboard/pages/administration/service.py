"""What the page knows of accounts, and what it does to them; everything is asked of the viewer first and recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.accounts import people, sessions, sign_in
from dashboard.accounts.people import Account
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import register


@dataclass(frozen=True)
class Accounts:
    """All accounts; ``sessions``: account → how many are open; ``places``: kind → (value, name) that one may be limited to."""

    all: Sequence[Account]
    sessions: Mapping[int, int]
    places: Mapping[str, Sequence[tuple[str, str]]]

    def called(self, name: str) -> Account | None:
        """The account of a name, None where there is none."""
        return next((one for one in self.all if people.folded(one.name) == people.folded(name)), None)


def accounts(viewer: Viewer, store: Store) -> Accounts:
    """What the page shows; raises Refused for whoever may not manage accounts."""
    require(viewer, "manage_accounts")
    with store.read() as conn:
        there = register.communities(conn)
        places = {
            "community": [(c.code, c.name) for c in there],
            "street": [(s, s) for s in sorted({c.sub_district for c in there if c.sub_district})],
            "district": [(d, d) for d in sorted({c.district for c in there if c.district})],
        }
        return Accounts(people.listing(conn), sessions.open_now(conn), places)


def add(viewer: Viewer, store: Store, name: str, role: str, scopes: Iterable[tuple[str, str]]) -> str:
    """A new account; returns its one-time token. Raises Refused where it may not be."""
    require(viewer, "manage_accounts")
    if not name.strip():
        raise Refused("page_administration.no_name")
    if not role:
        raise Refused("page_administration.no_role")
    return sign_in.add(store, name, role, scopes, viewer.user)


def change(viewer: Viewer, store: Store, name: str, role: str, scopes: Iterable[tuple[str, str]]) -> bool:
    """Another role or other limits; returns whether anything changed."""
    require(viewer, "manage_accounts")
    return sign_in.change(store, name, viewer.user, role, scopes)


def reset(viewer: Viewer, store: Store, name: str) -> str:
    """Take the password away; returns the one-time token of the next."""
    require(viewer, "manage_accounts")
    return sign_in.reset(store, name, viewer.user)


def turn(viewer: Viewer, store: Store, name: str, *, on: bool) -> None:
    """Disable an account, or let it sign in again."""
    require(viewer, "manage_accounts")
    (sign_in.enable if on else sign_in.disable)(store, name, viewer.user)


def scopes_of(chosen: Iterable[str], offices: str) -> list[tuple[str, str]]:
    """What was chosen (``community=SL01``) and typed (offices, parted by commas) as kinds and values."""
    places = [(kind, value) for kind, _, value in (one.partition("=") for one in chosen) if value]
    return places + [("office", one.strip()) for one in re.split(r"[,，、;；\n]", offices) if one.strip()]
