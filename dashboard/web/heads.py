"""The head of a request as it comes in: what it announces is judged before a byte of its body is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from werkzeug.wrappers import Request

from dashboard.web import error_pages
from dashboard.web.security import HEADERS
from survey.core import limits
from survey.core.lang import LANGUAGES

#: environ of a request with a body, without it → the status it is refused with (0: none), bytes it may have
Judge = Callable[[Mapping[str, Any]], tuple[int, int]]
_LANGUAGE = re.compile(rb"[?&]lang=([a-z]{2})(?=[&# ]|$)")
#: headers that WSGI calls by their own name
_BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")


class Answer:
    """What waitress writes in place of the application's answer; ``incoming`` None: no head that could be read."""

    def __init__(self, status: int, incoming: Request | None, lang: str) -> None:
        self.code = status
        self.line, self.headers, self.body = error_pages.answer(status, incoming, lang)

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and body."""
        return self.line, [*self.headers, *HEADERS.items()], self.body


class Head(HTTPRequestParser):
    """One request of a connection. ``cap``: bytes its body may have; ``announced``: what is to come, as far as it is known."""

    def __init__(self, adj: Adjustments, judge: Judge, lang: str, peer: str) -> None:
        super().__init__(adj)
        self.judge, self.lang, self.peer = judge, lang, peer
        self.begun = b""  # of a head that is not there yet, as far as an address may go
        self.cap = 0
        self.judged = False

    @property
    def announced(self) -> int:
        """Bytes of body that this request keeps or will."""
        return (self.cap if self.chunked else self.content_length) if self.judged else 0

    def received(self, data: bytes) -> int:
        """Take in what came; as waitress does, but that what is refused is refused at once."""
        if self.completed:
            return 0
        if not self.headers_finished:
            self.begun = (self.begun + data)[: limits.ADDRESS_BYTES]
        if not self.headers_finished and self._long_address(data):
            self.refuse(414)
            return len(data)
        try:
            taken: int = super().received(data)
        except ValueError:  # a length of more digits than a number may have, an address that is none
            self.refuse(400)
            return len(data)
        if self.error is not None and not isinstance(self.error, Answer):
            self.refuse(self.error.code)
        elif self.body_rcv is not None and not self.judged:
            self._judge()
        elif self.judged and self.body_bytes_received > self.cap:
            self.refuse(413)
        return taken

    def refuse(self, status: int) -> None:
        """End the request here with this status."""
        if not hasattr(self, "path"):  # what an answer needs to know of a request that was never understood
            self.parse_header(b"GET / HTTP/1.0\r\n")
            incoming = None
        else:
            incoming = Request(self.environ())
        self.error = Answer(status, incoming, self._asked_in())
        self.completed, self.expect_continue = True, False

    def _asked_in(self) -> str:
        """The language that the beginning of an address says, which may be all that is known of it."""
        line, _, _ = self.begun.lstrip().partition(b"\r\n")
        found = _LANGUAGE.search(line)
        asked = found[1].decode() if found else ""
        return asked if asked in LANGUAGES else self.lang

    def environ(self) -> dict[str, Any]:
        """The request as the application would see it, without a body."""
        host, _, port = self.headers.get("HOST", "").rpartition(":")
        return {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": host or "localhost",
            "SERVER_PORT": port if port.isdecimal() else "80",
            "SERVER_PROTOCOL": f"HTTP/{self.version}",
            "REMOTE_ADDR": self.peer,
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            **{name if name in _BARE else f"HTTP_{name}": value for name, value in self.headers.items()},
        }

    def _long_address(self, data: bytes) -> bool:
        """Whether the first line alone is over the cap, ended or not."""
        begun: bytes = (self.header_plus + data[: limits.ADDRESS_BYTES + 100]).lstrip()
        line, _, _ = begun.partition(b"\r\n")
        return len(line) > limits.ADDRESS_BYTES + len(b"OPTIONS  HTTP/1.1")

    def _judge(self) -> None:
        status, self.cap = self.judge(self.environ())
        self.judged = True
        if status:
            self.refuse(status)
