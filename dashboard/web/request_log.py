"""One line of the server's log for each request: what was asked for and how long it took, nothing of who asked.

No account, no address, no words of an address: the route as the program knows it, the name of the page, the role.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import flask
from flask import Flask, Response, g, request

from survey.core import limits

#: whose lines these are; heard only where ``serve`` was told where to write them
LOG = logging.getLogger("xingfu.requests")
#: of whoever has not signed in
NOBODY = "nobody"
#: what a line of ours carries besides its words, as an attribute of its record
FIELDS = "fields"
#: marks a request that another process of the server answers, whose log has its line
ELSEWHERE = "xingfu_elsewhere"


def line(level: int, event: str, **fields: Any) -> None:
    """Log what happened with its fields: plain values, never what somebody typed or who somebody is."""
    LOG.log(level, event, extra={FIELDS: {"event": event, **fields}})


def of_page(name: str) -> None:
    """Note, for the line of the request that is served now, which page it shows; outside of a request nothing."""
    if flask.has_request_context():
        g.page_name = name


def install(server: Flask) -> None:
    """Hang the log on a server, before anything else that looks at its requests, so that it sees all that is answered."""

    @server.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @server.after_request
    def end(response: Response) -> Response:
        if not LOG.isEnabledFor(logging.INFO) or g.get(ELSEWHERE):
            return response
        seconds = time.monotonic() - g.began
        viewer = g.get("viewer")
        line(
            logging.WARNING if seconds >= limits.SLOW_SECONDS or response.status_code >= 500 else logging.INFO,
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            page=g.get("page_name"),
            status=response.status_code,
            seconds=round(seconds, 3),
            bytes=response.content_length,
            role=viewer.role if viewer is not None else NOBODY,
        )
        return response
