"""Saved views of one reader: kept, renamed, shared, deleted, and what each shows as the data are now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.data.page_cache import told_by_key
from dashboard.data.questions.standing import Standing, standing
from dashboard.data.questions.subjects import READ
from dashboard.data.results import Source
from dashboard.web.access import Viewer, may, require
from dashboard.web.address import Address, parse
from survey.core import limits
from survey.core.errors import Refused
from survey.store import Store, views
from survey.store.views import SavedView

#: the pages whose views can be saved
PATHS = tuple(READ)


@dataclass(frozen=True)
class Listed:
    """A view, what is left of it, and what this reader may do: change it, share it."""

    view: SavedView
    standing: Standing
    mine: bool
    may_change: bool
    may_share: bool

    def link(self, address: Address) -> str:
        """Where it opens, in the reader's language; without what is gone."""
        kept = dict(self.standing.filters)
        return Address(self.view.path, address.lang, self.standing.year, filters=kept).link()


def mark(viewer: Viewer, store: Store | None) -> Hashable:
    """What ``mine`` gives: a page with that list rests on it, and is the same for whoever has the same views."""
    return mine(viewer, store)


def mine(viewer: Viewer, store: Store | None) -> tuple[SavedView, ...]:
    """The views of this reader's list, one's own first; none for who may keep none.  A kept page that asks rests on ``mark``."""
    if store is None or not may(viewer, "keep_views"):
        return ()
    with store.read() as conn:
        return tuple(views.listing(conn, told_by_key(viewer).user))


def can_save(viewer: Viewer, store: Store | None) -> bool:
    """Whether a view can be kept at all: an archive takes none."""
    return store is not None and not store.read_only and may(viewer, "keep_views")


def listed(viewer: Viewer, source: Source, store: Store | None) -> tuple[Listed, ...]:
    """Every view of this reader's list with what is left of it."""
    require(viewer, "keep_views")
    return tuple(_listed(viewer, source, store, view) for view in mine(viewer, store)) if store is not None else ()


def _listed(viewer: Viewer, source: Source, store: Store, view: SavedView) -> Listed:
    address = parse(view.path, view.query)
    own = view.owner == viewer.user
    change = not store.read_only and (own or may(viewer, "manage_accounts"))
    left = standing(viewer, source, store, address.year, address.filters, view.path)
    return Listed(view, left, own, change, change and (view.shared or may(viewer, "share_views")))


def query_of(year: int | None, filters: Mapping[str, str]) -> str:
    """The query string of a view: year and choices, without the language."""
    return "?" + urlencode({k: v for k, v in {"year": year, **filters}.items() if v not in (None, "")})


def save(viewer: Viewer, source: Source, store: Store, name: str, path: str, search: str, *, shared: bool) -> int:
    """Keep the address of a page under a name, without what is no part of the view (what was searched for); returns its number.

    Raises Refused for an address that shows nothing (its own sentence), and as ``survey.store.views`` does.
    """
    require(viewer, "keep_views")
    if shared:
        require(viewer, "share_views")
    address = parse(path, search)
    if address.path not in PATHS or len(search) > limits.ADDRESS_BYTES:
        raise Refused("page_views.no_view")
    kept = {name: value for name, value in address.filters.items() if name in READ[address.path][1]}
    left = standing(viewer, source, store, address.year, kept, address.path)
    if left.gone:
        raise left.gone[0]
    year = address.year if address.year is not None else left.year
    with store.write(aside=True) as conn:
        query = query_of(year, kept)
        return views.save(conn, viewer.user, name, address.path, query, shared=shared)


def rename(viewer: Viewer, store: Store, number: int, name: str) -> None:
    """Give a view another name; raises Refused where it is not this reader's to change."""
    with store.write(aside=True) as conn:
        views.rename(conn, viewer.user, _own(viewer, views.find(conn, number, viewer.user)), name)


def share(viewer: Viewer, store: Store, number: int, *, shared: bool) -> None:
    """Share a view with everybody, or keep it for its owner; raises Refused as ``rename`` does."""
    if shared:
        require(viewer, "share_views")
    with store.write(aside=True) as conn:
        views.share(conn, viewer.user, _own(viewer, views.find(conn, number, viewer.user)), shared=shared)


def drop(viewer: Viewer, store: Store, number: int) -> None:
    """Delete a view; raises Refused as ``rename`` does."""
    with store.write(aside=True) as conn:
        views.drop(conn, viewer.user, _own(viewer, views.find(conn, number, viewer.user)))


def _own(viewer: Viewer, view: SavedView) -> SavedView:
    """The view itself where the reader may change it: the owner, or for a shared one whoever keeps the accounts."""
    require(viewer, "keep_views")
    if view.owner != viewer.user:
        require(viewer, "manage_accounts")
    return view
