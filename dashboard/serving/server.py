"""Serving the dashboard: waitress on a port that is held before it is told, for this machine or, with accounts, for others."""

from __future__ import annotations

import errno
import gc
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dashboard.accounts import people
from dashboard.serving import workers as team
from dashboard.serving.log_lines import lines_to
from dashboard.web import tls
from dashboard.web.access import LOCAL_HOSTS
from dashboard.web.front import Front, plain
from survey.core.errors import Refused, Surroundings, WrongUsage
from survey.core.lang import DEFAULT_LANGUAGE
from survey.files.shelf import Shelf
from survey.files.waiting import UPLOADS, Held
from survey.people.retention import daily
from survey.store import Store
from survey.store.upkeep.serving import serving

THREADS = 32
#: seconds that a thread computes before another may: a short answer that reads the store ten times waits for as many turns
SWITCH = 0.001
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


@dataclass(frozen=True)
class Way:
    """How others reach the server: by a proxy that does TLS (its addresses), by TLS of our own, or in clear."""

    proxies: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    plain: bool = False

    def __post_init__(self) -> None:
        """Raise WrongUsage for half a pair, or two ways at once."""
        if (self.certificate is None) != (self.key is None):
            raise WrongUsage("dash_errors.half_a_pair")
        if bool(self.proxies) + (self.certificate is not None) + self.plain > 1:
            raise WrongUsage("dash_errors.one_way")

    @property
    def front(self) -> Front:
        """What requests are seen through; raises Refused for an address of a proxy that is none."""
        found = frozenset(map(plain, self.proxies))
        if "" in found:
            raise Refused("dash_errors.bad_proxy", address=next(p for p in self.proxies if not plain(p)))
        return Front(found, self.certificate is not None)


#: nobody else reaches it
ALONE = Way()


def alone(store: Store, host: str, way: Way) -> bool:
    """Whether only this machine reaches the server.

    Raises Refused where others would while there is no account, or where their passwords would travel in clear.
    """
    if host in LOCAL_HOSTS and not way.proxies:
        return True
    with store.read() as conn:
        if not people.any_there(conn):
            raise Refused("dash_errors.bad_host", host=host)
    if way == ALONE:
        raise Refused("dash_errors.in_clear", host=host)
    return False


def serve(
    store: Store,
    host: str = "127.0.0.1",
    port: int = 8050,
    lang: str = DEFAULT_LANGUAGE,
    *,
    move_on: bool = False,
    way: Way = ALONE,
    ready: Callable[[int], None] = lambda port: None,
    log: str = "",
    workers: int = 1,
) -> None:
    """Serve until interrupted; ``ready`` is told the port once it answers, ``log`` is where its log goes (``log_lines``).

    ``workers``: how many processes answer.  Raises Refused as ``alone`` and ``tls.context`` do, Surroundings as ``listen``
    and ``workers.run`` do, WrongUsage where there can't be several.
    """
    if workers > 1:
        team.require_here()
    here, front = alone(store, host, way), way.front
    secure = None if way.certificate is None or way.key is None else tls.context(way.certificate, way.key)
    held = listen(host, port, move_on=move_on)
    together = Held(UPLOADS) if workers > 1 else None
    try:
        from dashboard.accounts import views
        from dashboard.accounts.identity import identify
        from dashboard.app import create_app
        from dashboard.data.uploads import Uploads
        from dashboard.web import connections, intake

        uploads = Uploads(_within(together, "uploads"))
        shelf = Shelf(_within(together, "notes"))
        app = create_app(store, identify=identify(store, alone=here), uploads=uploads, lang=lang, shelf=shelf)
        views.install(app.server, store, app.default_language, alone=here)

        def made() -> Any:
            sys.setswitchinterval(SWITCH)
            return connections.make(
                front.before(app.server, app.default_language),
                held,
                THREADS,
                judge=front.judged(partial(intake.refusal, app.server)),
                lang=app.default_language,
                secure=secure,
                proxies=front.proxies,
            )

        found = held[0].getsockname()[1]
        with lines_to(log), serving(store):
            if together is None:
                with daily(store), uploads.swept():
                    server = made()
                    ready(found)
                    server.run()
            else:
                _together(workers, store, app, uploads, shelf, made, lambda: ready(found))
    finally:
        close(held)
        if together is not None:
            together.drop()


def _within(folder: Held | None, name: str) -> Path | None:
    if folder is None:
        return None
    place = folder.path / name
    place.mkdir(mode=0o700)
    return place


def _together(
    workers: int,
    store: Store,
    app: Any,
    uploads: Any,
    shelf: Shelf,
    made: Callable[[], Any],
    ready: Callable[[], None],
) -> None:
    """Several processes behind the address; the first has the uploads, and does what is done once a day."""
    from dashboard.data.slow_pages import SLOW_PAGES
    from dashboard.pages import PAGES
    from dashboard.serving.first_worker import FirstWorker

    assert shelf.folder is not None
    try:
        first = FirstWorker(app, PAGES, shelf.folder.with_name("first"), THREADS)
    except OSError as error:
        raise Surroundings("dash_errors.worker_fails", reason=str(error)) from error

    def work(number: int, up: Callable[[], object]) -> None:
        store.resume()
        with ExitStack() as held:
            if not number:
                held.enter_context(daily(store))
                held.enter_context(uploads.swept())
                first.answer()
            server = made()
            up()
            server.run()
        uploads.end()
        store.close()

    gc.collect()
    gc.freeze()  # what is loaded stays in memory that all share: the collector would write to it
    store.close()  # each process makes its own connections: two on one would spoil the file
    SLOW_PAGES.share(shelf)
    try:
        team.run(workers, work, ready, app.default_language)
    finally:
        SLOW_PAGES.share(Shelf())
        first.close()
