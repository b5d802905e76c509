"""Serving the dashboard: waitress on this machine's own address, on a port that is free."""

from __future__ import annotations

import socket

from dashboard.web.access import LOCAL_HOSTS
from survey.core.errors import Refused, Surroundings
from survey.core.lang import DEFAULT_LANGUAGE
from survey.people.retention import daily
from survey.store import Store
from survey.store.upkeep.serving import serving

THREADS = 8
#: so many ports are tried after the first
TRIED = 50


def free_port(first: int) -> int:
    """``first``, or the next port that nobody listens on; raises Surroundings after 50 of them."""
    for port in range(first, min(first + TRIED, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Surroundings("dash_errors.port_busy", first=first, tried=TRIED)


def require_local(host: str) -> None:
    """Raise Refused for any address that others could reach: there are no accounts yet."""
    if host not in LOCAL_HOSTS:
        raise Refused("dash_errors.bad_host", host=host)


def serve(store: Store, host: str = "127.0.0.1", port: int = 8050, lang: str = DEFAULT_LANGUAGE) -> None:
    """Serve until interrupted; raises Refused for a host other than this machine."""
    require_local(host)
    import waitress

    from dashboard.app import create_app

    app = create_app(store, lang=lang)
    address = f"[{host}]" if ":" in host else host
    with serving(store), daily(store):
        waitress.serve(app.server, listen=f"{address}:{port}", threads=THREADS, ident="xingfu")
