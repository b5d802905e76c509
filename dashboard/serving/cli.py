"""Commands that show things: the demonstration and the server."""

from __future__ import annotations

from pathlib import Path
from socket import gethostname
from typing import Annotated

import typer

from analysis.commands.score import SCORE_SHOWN
from analysis.publication import snapshots
from analysis.tables.scores import scores_for
from dashboard.serving.server import ALONE, Way
from dashboard.serving.server import serve as serve_store
from survey.commands.console import Session, session_of
from survey.core import limits
from survey.core.lang import enumerated
from survey.store import Store

HOST, PORT = "127.0.0.1", 8050
#: hosts that stand for every address of this machine
EVERY = ("0.0.0.0", "::")
DEMO_STORE = "demo.db"


def demo(
    context: typer.Context,
    port: Annotated[int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="cli.option.port")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="cli.option.no_serve")] = False,
) -> None:
    """Load the sample data into demo.db, score them, show the result, serve the dashboard."""
    from dashboard.serving import demonstration  # who serves a store of their own need not wait for it

    session = session_of(context)
    session.place = DEMO_STORE
    loaded = demonstration.load(session, Path(DEMO_STORE))
    with session.store() as store:
        with store.read() as conn:
            years = snapshots.data_years(conn)
        newest = snapshots.results(store, years[-1])
        session.emit(scores_for([newest], session.lang), shown=SCORE_SHOWN, sample=True, loaded=loaded)
        if not no_serve:
            _serve(session, store, HOST, port, move_on=True)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="H", help="cli.option.host")] = HOST,
    port: Annotated[int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="cli.option.port")] = None,
    proxy: Annotated[list[str] | None, typer.Option("--proxy", metavar="ADDRESS", help="cli.option.proxy")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="cli.option.certificate")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="cli.option.key")] = None,
    plain_http: Annotated[bool, typer.Option("--plain-http", help="cli.option.plain_http")] = False,
    log: Annotated[str, typer.Option("--log", metavar="FILE", help="cli.option.log")] = "",
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=limits.WORKERS, help="cli.option.workers")
    ] = 1,
) -> None:
    """Serve the dashboard on this machine, or for others."""
    session = session_of(context)
    way = Way(tuple(proxy or ()), certificate, key, plain_http)
    with session.store() as store:
        _serve(session, store, host, port, move_on=port is None, way=way, log=log, workers=workers)


def _serve(
    session: Session,
    store: Store,
    host: str,
    port: int | None,
    *,
    move_on: bool,
    way: Way = ALONE,
    log: str = "",
    workers: int = 1,
) -> None:
    """Serve; the address is told once it answers, and that it is another port than the one asked for."""
    wanted = PORT if port is None else port

    def ready(found: int) -> None:
        if found != wanted:
            session.tell("cli.port_moved", wanted=wanted, port=found)
        name = "localhost" if host == HOST else gethostname() if host in EVERY else f"[{host}]" if ":" in host else host
        scheme = "http" if way.certificate is None else "https"
        session.tell("cli.serving", url=f"{scheme}://{name}:{found}/?lang={session.lang}")
        if workers > 1:
            session.tell("cli.workers", n=workers)
        if way.proxies:
            session.tell("cli.behind_proxy", addresses=enumerated(session.lang, way.proxies))
        if way.plain:
            session.tell("cli.plain_http")

    serve_store(store, host, wanted, session.lang, move_on=move_on, way=way, ready=ready, log=log, workers=workers)
