"""Programs that read, for whoever manages accounts: what there is, one added, one taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.accounts import programs
from dashboard.accounts.programs import Program
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.store import Store, settings

__all__ = ["Line", "Program", "add", "listing", "revoke"]


@dataclass(frozen=True)
class Line:
    """A program with its times in the store's zone; ``seen`` is empty where it was never used."""

    program: Program
    until: str
    seen: str


def listing(viewer: Viewer, store: Store) -> Sequence[Line]:
    """Every program, the newest first; raises Refused for whoever may not manage accounts."""
    require(viewer, "manage_accounts")
    with store.read() as conn:
        return [
            Line(
                one,
                settings.local(conn, one.until)[:10],
                "" if one.seen_at is None else settings.local(conn, one.seen_at),
            )
            for one in reversed(programs.listing(conn))
        ]


def add(viewer: Viewer, store: Store, name: str, role: str, scopes: Iterable[tuple[str, str]], days: int | None) -> str:
    """A new program; returns its token."""
    require(viewer, "manage_accounts")
    if not name.strip():
        raise Refused("page_administration.no_program")
    if not role:
        raise Refused("page_administration.no_program_role")
    return programs.add(store, name, role, scopes, viewer.user, days)


def revoke(viewer: Viewer, store: Store, name: str) -> bool:
    """Take a token back; returns whether it counted until now."""
    require(viewer, "manage_accounts")
    if not name:
        raise Refused("page_administration.no_program_chosen")
    return programs.revoke(store, name, viewer.user)
