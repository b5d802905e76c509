"""What one process of a server alone knows: files that wait and what is under way for them.

Whichever worker a request for it reaches has looked it over as any other and hands it on to the first, by a socket in the
server's private folder; the first answers, and everything else is answered where it came.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Response, g, request

from dashboard.app import Dashboard
from dashboard.parts.page import Page, find
from dashboard.web.access import HANDED_ON
from dashboard.web.address import parse
from dashboard.web.intake import MESSAGES
from dashboard.web.request_log import ELSEWHERE
from survey.core.errors import Surroundings

#: kind of the socket, and how many wait at it
_KIND, _WAITING = "AF_UNIX", 128
#: bytes that the name of a socket has at most, on every system
_REACH = 100
#: what stands for one upload in the address of a file
_OF_AN_UPLOAD = "<token>"


def within_reach(place: Path) -> str:
    """A name of the place that is short enough for a socket: where its own is not, by an open handle of its folder (Linux),
    which processes that are forked have, too."""
    if len(os.fsencode(place)) <= _REACH or not Path("/proc/self/fd").is_dir():
        return str(place)
    return f"/proc/self/fd/{os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)}/{place.name}"


class FirstWorker:
    """The way to the first worker; made before there are any, so that who comes while it starts again waits for it.

    Raises OSError where there can't be a socket at the place.
    """

    def __init__(self, app: Dashboard, pages: Sequence[Page], place: Path, threads: int) -> None:
        self._app, self._place, self._threads = app, within_reach(place), threads
        self._pages = pages
        self._rules = {
            *(post.rule for page in pages if page.one_process for post in page.posts),
            *(d.rule for page in pages if page.one_process for d in page.downloads if _OF_AN_UPLOAD in d.rule),
        }
        self._here = False
        self._listener = Listener(self._place, _KIND, backlog=_WAITING)
        app.server.before_request(self._handed_on)

    def close(self) -> None:
        """Let go of the socket."""
        self._listener.close()

    def answer(self) -> None:
        """This process is the first: answer what others hand on, beside what comes by itself."""
        self._here = True
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="handed-on")

        def take() -> None:
            while True:
                try:
                    pool.submit(self._answered, self._listener.accept())
                except OSError:  # it was gone again before it was taken
                    continue

        Thread(target=take, name="handed-on", daemon=True).start()

    def _answered(self, asking: Connection) -> None:
        with asking:
            try:
                environ, body = asking.recv()
                asking.send(_run(self._app.server.wsgi_app, environ, body))
            except (EOFError, OSError):
                return  # who asked is gone

    def _handed_on(self) -> Response | None:
        """The first worker's answer to a request that is its to answer; None for any other."""
        if self._here or not self._is_first_s():
            return None
        told = {k: v for k, v in request.environ.items() if isinstance(v, str) or k == HANDED_ON}
        try:
            with Client(self._place, _KIND) as first:
                first.send((told, request.get_data()))
                status, headers, body = first.recv()
        except (EOFError, OSError) as error:
            raise Surroundings("dash_errors.worker_gone") from error
        setattr(g, ELSEWHERE, True)
        answer = Response(body, status)
        answer.headers.clear()
        for name, value in headers:
            answer.headers.add(name, value)
        return answer

    def _is_first_s(self) -> bool:
        rule = request.url_rule
        if rule is not None and rule.rule in self._rules:
            return True
        if request.path != MESSAGES or request.method != "POST":
            return False
        said = request.get_json()  # it has the shape of a message: ``intake`` looked at it
        if said["output"] in self._app.one_process:
            return True
        shown = [one.get("value") for one in said.get("inputs", []) if _is_address(one)]
        found = find(self._pages, parse(str(shown[0]), "").path) if shown else None
        return found is not None and found[0].one_process


def _is_address(given: Any) -> bool:
    """Whether an input of a message is the address that a page is asked for."""
    return isinstance(given, dict) and given.get("id") == "url" and given.get("property") == "pathname"


def _run(
    app: Callable[..., Iterable[bytes]], environ: dict[str, Any], body: bytes
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers and body of what an application answers."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    given = {
        **environ,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    made = app(given, lambda status, headers, _=None: told.append((status, headers)))
    try:
        data = b"".join(made)
    finally:
        if (close := getattr(made, "close", None)) is not None:
            close()
    return *told[-1], data
