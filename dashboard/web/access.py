"""Who is looking, how far they see, and what they may do.

While nobody has an account there is one viewer, the local administrator on this machine's own address; who it is
otherwise an ``Identify`` tells, which the server is given.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request

from dashboard.web.permissions import BOUND, LOCAL_ROLE, PERMISSIONS, ROLES, WHOLE, granted, known, only_reads, sees_now
from survey.core import commits
from survey.core.errors import Refused, Surroundings, XingfuError
from survey.store import Store, settled
from survey.store.audit import LOCAL, asked_from, machine_user
from survey.store.year import register

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
#: marks a request that somebody handed on to a server that was not told of a proxy
HANDED_ON = "xingfu.handed_on"
#: open to anyone who can reach the server: nothing of it tells what the store holds
OPEN_PATHS = ("/healthz", "/sign-in", "/sign-in/token")
#: forms of accounts: small, and written by the server
FORMS = ("/sign-in", "/account")
OPEN_PREFIXES = ("/assets/", "/_dash-component-suites/")
#: what tells who is looking, kept by the server among its extensions
IDENTIFY = "xingfu_identify"


#: what tells where each community lies, kept there too: register of a year → code → (sub-district, district)
REGISTER = "xingfu_register"
#: kinds of scope an account may have → the field of ``Viewer`` that holds them
SCOPES = {"district": "districts", "street": "streets", "community": "communities", "office": "offices"}
_PLACES = ("communities", "streets", "districts")

Register = Callable[[int | None], Mapping[str, tuple[str, str]]]


@dataclass(frozen=True)
class Viewer:
    """One person at one request.

    ``communities`` (codes), ``streets`` and ``districts`` (names as the register says them) are what may be seen, all
    of it together; every community where all three are None. ``offices``: whose indicators may be filled in, None for
    all. ``register`` tells what lies in a street; ``address``: from where the request came.
    """

    user: str
    role: str
    communities: frozenset[str] | None = None
    streets: frozenset[str] | None = None
    districts: frozenset[str] | None = None
    offices: frozenset[str] | None = None
    register: Register | None = field(default=None, compare=False, repr=False)
    address: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"no role is called {self.role!r}: {', '.join(ROLES)}")
        bound = BOUND.get(self.role)  # who is bound to a place or an office and has none reaches nothing
        if bound == "office" and self.offices is None:
            object.__setattr__(self, "offices", frozenset())
        elif bound == "community" and self.everywhere:
            object.__setattr__(self, "communities", frozenset())

    @property
    def everywhere(self) -> bool:
        """Whether nothing limits which communities are seen."""
        return all(getattr(self, name) is None for name in _PLACES)

    def at(self, year: int | None = None) -> Viewer:
        """The same person with the codes of what lies in their streets and districts, by the register of the year.

        Without a year by the register as it stands. Whose streets and districts are all there are sees everything.
        """
        if self.streets is None and self.districts is None:
            return self
        if self.register is None:
            raise ValueError(f"{self.user}: nothing tells which communities lie in a street")
        places, streets, districts = self.register(year), self.streets or (), self.districts or ()
        within = {c for c, (street, district) in places.items() if street in streets or district in districts}
        if places and within >= places.keys():
            return replace(self, communities=None, streets=None, districts=None)
        return replace(self, communities=frozenset(within | (self.communities or set())), streets=None, districts=None)

    def sees(self, code: str) -> bool:
        """Whether the community of this code is within the scope; ValueError for streets that ``at`` did not look up."""
        if self.streets is not None or self.districts is not None:
            raise ValueError(f"{self.user}: which communities lie in a street depends on the year")
        return self.communities is None or code in self.communities

    def answers_for(self, office: str) -> bool:
        """Whether the indicators of this office are the viewer's to fill in."""
        return self.offices is None or office in self.offices


def viewer_of(user: str, role: str, scopes: Iterable[tuple[str, str]], address: str = "") -> Viewer:
    """The viewer of an account: its role, and the (kind, value) of everything it is limited to.

    Raises ValueError for an unknown role or kind.
    """
    found: dict[str, set[str]] = {}
    for kind, value in scopes:
        if kind not in SCOPES:
            raise ValueError(f"no scope is called {kind!r}: {', '.join(SCOPES)}")
        found.setdefault(SCOPES[kind], set()).add(value)
    return Viewer(user, role, **{name: frozenset(values) for name, values in found.items()}, address=address)  # type: ignore[arg-type]


def may(who: Viewer, permission: str, community: str | None = None, year: int | None = None) -> bool:
    """Whether the viewer may do this, in a community where one is named, by the register of the year where one is.

    Raises ValueError for an unknown permission.
    """
    if not granted(who.role, permission):
        return False
    here = who.at(year)
    if PERMISSIONS[permission] == WHOLE:
        return here.everywhere
    return community is None or here.sees(community)


def require(who: Viewer, permission: str, community: str | None = None, year: int | None = None) -> None:
    """Raise Refused unless the viewer may do this."""
    if not may(who, permission, community, year):
        raise Refused("dash_errors.forbidden")


def register_of(store: Store | None) -> Register:
    """Year → code → (sub-district, district) by the store's register of that year; as it stands without a year.

    Without a store nothing lies anywhere.
    """

    def places(year: int | None = None) -> Mapping[str, tuple[str, str]]:
        if store is None:
            return {}
        with store.read() as conn:
            return {c.code: (c.sub_district, c.district) for c in register.communities(conn, year)}

    return places


Identify = Callable[[Request], Viewer | None]


def host_of(value: str) -> str:
    """The host of a Host header or an origin, without port and brackets."""
    try:
        return urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:  # brackets that enclose no address
        return ""


def local_administrator(incoming: Request) -> Viewer | None:
    """Everything for whoever sits at this machine; a foreign Host header (DNS rebinding) is nobody, and so is who comes
    through a proxy that the server was not told of."""
    here = host_of(incoming.host) in LOCAL_HOSTS and not incoming.environ.get(HANDED_ON)
    return Viewer(LOCAL, LOCAL_ROLE, address=incoming.remote_addr or "") if here else None


def cross_site(incoming: Request) -> bool:
    """Whether a browser sent this from another site (Sec-Fetch-Site, else Origin)."""
    fetch_site = incoming.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    origin = incoming.headers.get("Origin")
    return origin is not None and origin.partition("//")[2].partition("/")[0] != incoming.host


def admitted(incoming: Request, identify: Identify) -> tuple[Viewer | None, int]:
    """Who sends a request, told from its head, and the status it is refused with (0: it is not)."""
    if incoming.path in OPEN_PATHS or incoming.path.startswith(OPEN_PREFIXES):
        return None, 0
    if incoming.method not in ("GET", "HEAD", "OPTIONS") and cross_site(incoming):
        return None, 403
    who = identify(incoming)
    return who, 401 if who is None else 0


def install_gate(server: Flask, identify: Identify, places: Register | None = None) -> None:
    """Deny by default: every request needs a viewer except the allow-list; no POST from another site."""
    server.extensions[IDENTIFY] = identify
    server.extensions[REGISTER] = places

    @server.before_request
    def gate() -> Response | None:
        g.viewer, status = admitted(request, identify)
        if status:
            abort(status)
        return None


def viewer() -> Viewer:
    """The viewer of this request; 401 without one."""
    found: Viewer | None = g.get("viewer")
    if found is None:
        abort(401)
    return found if found.register else replace(found, register=current_app.extensions[REGISTER])


def person(user: str) -> str:
    """The name that stands in a file: on this machine's own address that of who is logged in."""
    return machine_user() if user == LOCAL else user


def guarded(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a callback or route run only for roles with this permission; it gets the viewer as its first argument.

    Hiding a button is no guard: every server-side callback and route of the dashboard goes through here, and what
    does not is not registered (``guard_of``). Which communities it is about, the service asks again.
    """
    known(permission)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            who = viewer()
            if not granted(who.role, permission):
                abort(403)
            with (
                asked_from(who.address),
                settled.reading(not sees_now(who.role)),
                settled.going_on(
                    only_reads(who.role) and who.everywhere
                ),  # what lies in a place may be another meanwhile
                commits.counted() as g.work,
            ):  # whoever words what went wrong knows what was stored by then
                return function(who, *args, **kwargs)

        run.guarded_by = permission  # type: ignore[attr-defined]
        return run

    return decorate


def failure(error: Exception, lang: str) -> str:
    """What went wrong in this request, and what was stored by then, in the reader's language."""
    work = g.get("work") or commits.Work()
    if isinstance(error, XingfuError):
        return commits.worded(error, work, lang)
    return commits.worded(Surroundings("dash_errors.failed"), work, lang, error)


def guard_of(function: Callable[..., Any]) -> str:
    """The permission that guards a callback or route; raises ValueError where none does."""
    found = getattr(function, "guarded_by", None)
    if not isinstance(found, str):
        raise ValueError(f"{function.__module__}.{function.__qualname__} is not guarded")
    return known(found)
