"""Serving the dashboard: waitress on this machine's own address, on a port that is held before it is told."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

from dashboard.web.access import LOCAL_HOSTS
from survey.core.errors import Refused, Surroundings
from survey.core.lang import DEFAULT_LANGUAGE
from survey.people.retention import daily
from survey.store import Store
from survey.store.upkeep.serving import serving

THREADS = 8
#: so many ports are tried after the first
TRIED = 50
#: connections that wait to be taken
WAITING = 1024


def listen(host: str, first: int, *, move_on: bool) -> list[socket.socket]:
    """Sockets that listen on ``first`` at every address of the host or, with ``move_on``, on the next port free at all.

    Raises Surroundings where the port is taken (50 of them with ``move_on``), or may not be used.
    """
    for port in range(first, min(first + TRIED, 65536) if move_on else first + 1):
        try:
            return _listening(host, port)
        except PermissionError:
            raise Surroundings("dash_errors.port_denied", port=port) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Surroundings("dash_errors.port_fails", port=port, reason=error.strerror or str(error)) from error
    if move_on:
        raise Surroundings("dash_errors.port_busy", first=first, tried=TRIED)
    raise Surroundings("dash_errors.port_taken", port=first)


def _listening(host: str, port: int) -> list[socket.socket]:
    """One socket an address of the host; an address that this machine does not have is passed over while another is there."""
    held: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                held.append(_bound(family, address))
            except OSError as error:
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                missing = error
        if not held and missing is not None:
            raise missing
    except BaseException:
        close(held)
        raise
    return held


def _bound(family: int, address: object) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if (
            sys.platform != "win32"
        ):  # what the last server left waiting to end is not in the way; there it is another thing
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)  # type: ignore[arg-type]
        made.listen(WAITING)
    except BaseException:
        made.close()
        raise
    return made


def close(held: Sequence[socket.socket]) -> None:
    """Let go of the port."""
    for one in held:
        one.close()


def require_local(host: str) -> None:
    """Raise Refused for any address that others could reach: there are no accounts yet."""
    if host not in LOCAL_HOSTS:
        raise Refused("dash_errors.bad_host", host=host)


def serve(
    store: Store,
    host: str = "127.0.0.1",
    port: int = 8050,
    lang: str = DEFAULT_LANGUAGE,
    *,
    move_on: bool = False,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Serve until interrupted; ``ready`` is told the port once it answers.

    Raises Refused for a host other than this machine, Surroundings as ``listen`` does.
    """
    require_local(host)
    held = listen(host, port, move_on=move_on)
    try:
        from dashboard.accounts import views
        from dashboard.accounts.identity import identify
        from dashboard.app import create_app
        from dashboard.data.uploads import Uploads
        from dashboard.web import connections, intake

        uploads = Uploads()
        app = create_app(store, identify=identify(store, alone=True), uploads=uploads, lang=lang)
        views.install(app.server, store, app.default_language, alone=True)
        with serving(store), daily(store), uploads.swept():
            judge = partial(intake.refusal, app.server)
            server = connections.make(app.server, held, THREADS, judge=judge, lang=app.default_language)
            ready(held[0].getsockname()[1])
            server.run()
    finally:
        close(held)
