"""Response headers, the content security policy, and the small plotly bundle in place of the big one."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from dash import Dash
from flask import Response, request

from dashboard.web.frame import packed
from survey.core.masking import masked

PLOTLY_PATH = "/_dash-component-suites/plotly/package_data/plotly.min.js"
PLOTLY_FILE = Path(__file__).parent.parent / "assets" / "plotly-cartesian.min.js"
#: the token that pages send back with what changes something: the cookie that they read it from, the header it goes in
COOKIE_TOKEN, TOKEN_HEADER = "xingfu_token", "X-CSRFToken"
#: an answer that carries its tag may be kept by the program that asked, if it asks each time whether it still holds
RE_ASKED = "private, no-cache"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: said over TLS alone: that this name answers over TLS, for a year
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}
#: a cookie that is called so is taken from this host alone, over TLS, whatever a neighbour's page sets
HOST_ONLY = "__Host-"


def cookie(name: str, *, secure: bool) -> str:
    """What a cookie is called, by whether its answer goes over TLS; over TLS it holds for the path ``/``."""
    return f"{HOST_ONLY}{name}" if secure else name


def content_policy(hashes: list[str]) -> str:
    """Everything from this server only; styles inline because Mantine and plotly set them so."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


class MaskedRecord(logging.LogRecord):
    """A line of a log, its traceback too, with numbers of persons masked."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.exc_info:
            self.exc_text = masked(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 (the library's name)
        """The line itself."""
        return masked(super().getMessage())


def mask_logs() -> None:
    """Let every log of this process mask numbers of persons, whoever writes it."""
    logging.setLogRecordFactory(MaskedRecord)


def install(app: Dash) -> None:
    """Hang headers, policy and the plotly bundle on the app's server, and mask what is logged."""
    mask_logs()
    server = app.server
    policy: list[str] = []

    @server.before_request
    def small_plotly() -> Response | None:
        """Graphs ask for the full bundle (1.4 MB compressed) only when one is drawn; ours has what we draw."""
        if request.path != PLOTLY_PATH:
            return None
        return packed(PLOTLY_FILE.read_bytes(), "text/javascript").answer(seconds=24 * 3600)

    @server.after_request
    def headers(response: Response) -> Response:
        for name, value in {**HEADERS, **(OVER_TLS if request.is_secure else {})}.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html" and "Content-Security-Policy" not in response.headers:
            if not policy:  # Dash adds inline scripts until the first page is asked for
                policy.append(content_policy(list(app.csp_hashes())))
            response.headers["Content-Security-Policy"] = policy[0]
        if not request.path.startswith(("/assets/", "/_dash-component-suites/")):
            response.headers["Cache-Control"] = RE_ASKED if "ETag" in response.headers else "no-store"
        return response
