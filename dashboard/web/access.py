"""Who is looking, and what they may do.

Until accounts exist there is one viewer, the local administrator on this machine's own address; everything already
goes through the permissions so that accounts only replace ``local_administrator``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, request

from dashboard.web.permissions import PERMISSIONS, ROLES, granted, known
from survey.core import commits
from survey.core.errors import Refused, Surroundings, XingfuError
from survey.store.audit import LOCAL

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
#: open to anyone who can reach the server: nothing of it depends on the store
OPEN_PATHS = ("/healthz", "/sign-in", "/sign-in/token")
#: forms of accounts: small, and written by the server
FORMS = ("/sign-in", "/account")
OPEN_PREFIXES = ("/assets/", "/_dash-component-suites/")
#: what tells who is looking, kept by the server among its extensions
IDENTIFY = "xingfu_identify"


@dataclass(frozen=True)
class Viewer:
    """``communities`` None: all; else the codes this viewer may see."""

    user: str
    role: str
    communities: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"no role is called {self.role!r}: {', '.join(ROLES)}")

    def sees(self, code: str) -> bool:
        """Whether the community of this code is within the viewer's scope."""
        return self.communities is None or code in self.communities


def may(who: Viewer, permission: str, community: str | None = None) -> bool:
    """Whether the viewer may do this, in a community where one is named; raises ValueError for an unknown permission."""
    if not granted(who.role, permission):
        return False
    if PERMISSIONS[permission]:
        return who.communities is None
    return community is None or who.sees(community)


def require(who: Viewer, permission: str, community: str | None = None) -> None:
    """Raise Refused unless the viewer may do this."""
    if not may(who, permission, community):
        raise Refused("dash_errors.forbidden")


Identify = Callable[[Request], Viewer | None]


def host_of(value: str) -> str:
    """The host of a Host header or an origin, without port and brackets."""
    try:
        return urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:  # brackets that enclose no address
        return ""


def local_administrator(incoming: Request) -> Viewer | None:
    """Everything for whoever sits at this machine; a foreign Host header (DNS rebinding) is nobody."""
    return Viewer(LOCAL, "admin") if host_of(incoming.host) in LOCAL_HOSTS else None


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


def install_gate(server: Flask, identify: Identify) -> None:
    """Deny by default: every request needs a viewer except the allow-list; no POST from another site."""
    server.extensions[IDENTIFY] = identify

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
    return found


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
            with commits.counted() as g.work:  # whoever words what went wrong knows what was stored by then
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
