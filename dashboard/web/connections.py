"""Connections of the server: how many, how slow they may be, and who makes room when there are too many.

waitress holds a request back until it is there and works on few at a time; what it lacks is a limit of a connection's
whole time (its own is renewed by every byte), of connections of one address, and of a body before it is read.
"""

from __future__ import annotations

import functools
import select
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from dashboard.web import tls
from dashboard.web.heads import Answer, Head, Judge
from survey.core import limits

#: what a connection waits for: a request, its head, its body, us, that the client takes the answer, that it ends
IDLE, HEAD, BODY, WORK, TAKEN, LINGER = "idle", "head", "body", "work", "taken", "linger"
#: and, before anything else, that both sides of TLS agree
SHAKE = "shake"
#: seconds after which a head that is not there is no longer in time, where room is needed
TARDY = 1.0


class Channel(HTTPChannel):
    """One connection; ``since`` (s) and ``moved`` (bytes) tell how it does what it now waits for."""

    def __init__(self, server: Server, sock: socket.socket, addr: Any, adj: Adjustments, map: Any = None) -> None:
        self.turn = self.moved = 0
        self.since = time.monotonic()
        self.lingers = self.ended = False  # after a refusal: until the other side ends; our side is said to have ended
        self.waits_for: tuple[str, int] = (IDLE, 0)
        self.shaken: bool | None = server.secure is None  # None: once there is room to send
        self.ahead: bytes | None = None  # what came over TLS and was not looked at yet
        if server.secure is not None:
            sock.setblocking(False)
            sock = server.secure.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        super().__init__(server, sock, addr, adj, map=map)
        self.parser_class = functools.partial(self._parser, server.judge, server.lang)

    def _parser(self, judge: Judge, lang: str, adj: Adjustments) -> Head:
        self.turn += 1
        return Head(adj, functools.partial(self._judged, judge), lang, str(self.addr[0]))

    def _judged(self, judge: Judge, environ: Any) -> tuple[int, int]:
        """The application's judgement; 503 where what is announced goes over what may come in at one moment."""
        status, cap = judge(environ)
        coming = int(environ.get("CONTENT_LENGTH") or cap)
        arriving = sum(other.arriving for other in self.server.all_channels())
        return (503 if not status and arriving + coming > limits.ARRIVING_BYTES else status), cap

    @property
    def arriving(self) -> int:
        """Bytes of the bodies that this connection keeps, or announced."""
        return sum(r.announced for r in (*self.requests, *([self.request] if self.request else ())))

    def state(self) -> str:
        """What it waits for."""
        if not self.shaken:
            return SHAKE
        if self.ended:
            return LINGER
        if self.total_outbufs_len:
            return TAKEN
        if self.requests:
            return WORK
        if self.request is None:
            return IDLE
        return BODY if self.request.headers_finished else HEAD

    def look(self, now: float) -> str:
        """Its state; the clock begins anew with every new one."""
        state = self.state()
        if (state, self.turn) != self.waits_for:
            self.waits_for, self.since, self.moved = (state, self.turn), now, 0
        return state

    def overdue(self, now: float) -> bool:
        """Whether it had the time that what it does may take."""
        state, took = self.look(now), now - self.since
        if state == WORK:
            return False
        if state in (BODY, TAKEN):
            return took > limits.PACE_AFTER_SECONDS and self.moved < limits.PACE_BYTES * took
        return took > _ALLOWED[state]()

    def give_up(self) -> None:
        """End it: with a word where a request is on its way, else as it is."""
        if self.look(time.monotonic()) not in (HEAD, BODY):
            self.handle_close()
            return
        with self.requests_lock:
            request, self.request = self.request, None
            request.refuse(408)
            self.requests.append(request)
        self.server.add_task(self)

    def recv(self, size: int) -> bytes:
        """Bytes that came; counted."""
        if self.ahead is None:
            data: bytes = super().recv(size)
        else:
            data, self.ahead = self.ahead, None
            if not data:
                self.handle_close()
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Bytes that went; counted."""
        sent: int = super().send(data, do_close=do_close)
        self.moved += sent
        return sent

    def service(self) -> None:
        """One request; the time of what comes after it begins now."""
        self.lingers = self.lingers or isinstance(self.requests[0].error, Answer)
        super().service()
        self.turn += 1

    def readable(self) -> bool:
        """Whether anything more is taken: also what is thrown away so that a refusal arrives."""
        return (self.lingers and not self.will_close) or bool(super().readable())

    def handle_read(self) -> None:
        """Take in what came, or throw it away."""
        if not self._ready():
            return
        if not self.lingers:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # which closes where there is no more
        except OSError:
            self.handle_close()
            return
        if self.moved > limits.request_bytes():
            self.handle_close()

    def _ready(self) -> bool:
        """Whether there is something to take in: over TLS that is not so before both sides agree, or a record is whole."""
        if self.server.secure is None:
            return True
        if not self.shaken and not self._shake():
            return False
        try:
            self.ahead = self.socket.recv(self.adj.recv_bytes)
        except BlockingIOError:
            return False
        except OSError:
            self.handle_close()
            return False
        return True

    def _shake(self) -> bool:
        """Go on with the handshake; whoever does not speak TLS is let go."""
        try:
            self.shaken = self.socket.shaken()
        except (OSError, ValueError):
            self.handle_close()
            return False
        return bool(self.shaken)

    def writable(self) -> bool:
        """Whether something is to be sent, or the connection to be ended."""
        if not self.shaken:
            return self.shaken is None
        return bool(self.total_outbufs_len or self.will_close or (self.close_when_flushed and not self.ended))

    def handle_write(self) -> None:
        """Send; after a refusal say that this was all, and wait for the other side to end.

        Who closes with bytes unread takes the answer away from the client again (TCP resets the connection).
        """
        if not self.shaken:
            self._shake()
            return
        if not self.lingers or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some_if_lockable if self.requests else self._flush_some)
        if self.close_when_flushed and not self.total_outbufs_len and not self.will_close:
            self.ended = True
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()


#: seconds that a connection may be in a state, where that is all that counts
_ALLOWED: Mapping[str, Callable[[], float]] = {
    SHAKE: lambda: limits.HEAD_SECONDS,
    IDLE: lambda: limits.IDLE_SECONDS,
    HEAD: lambda: limits.HEAD_SECONDS,
    LINGER: lambda: limits.LINGER_SECONDS,
}


class Server(TcpWSGIServer):
    """One listening socket.

    ``judge``: of requests with a body; ``lang``: of answers before an address is known; ``secure``: TLS, if it does it;
    ``proxies``: addresses of which each brings the requests of many, so that no limit of one address holds for them.
    """

    channel_class = Channel

    def __init__(
        self,
        *args: Any,
        judge: Judge,
        lang: str,
        secure: ssl.SSLContext | None = None,
        proxies: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        self.judge, self.lang, self.secure, self.proxies = judge, lang, secure, proxies
        super().__init__(*args, **kwargs)

    def all_channels(self) -> Iterator[Channel]:
        """Every open connection, of all sockets."""
        return (one for one in list(self._map.values()) if isinstance(one, Channel))

    def maintenance(self, now: float) -> None:
        """End what had its time."""
        clock = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.overdue(clock):
                channel.give_up()

    def handle_accept(self) -> None:
        """Take one connection in; beyond the limits the one that kept us waiting longest goes, or the new one."""
        before = set(self.active_channels.values())
        try:
            super().handle_accept()
        except OSError:  # gone again before it could become a connection of TLS
            return
        for new in set(self.active_channels.values()) - before:
            everybody = [c for c in self.all_channels() if c is not new]
            neighbours = [c for c in everybody if c.addr[0] == new.addr[0]]
            if len(neighbours) >= limits.CONNECTIONS_OF_ADDRESS and new.addr[0] not in self.proxies:
                _make_room(neighbours, new)
            elif len(everybody) >= limits.CONNECTIONS:
                _make_room(everybody, new)


def _make_room(held: Sequence[Channel], new: Channel) -> None:
    """Close the connection that can best be spared: a head that does not come, then an idle one; else the new one."""
    now = time.monotonic()
    ranks = [(_spared(channel, now), channel.since, n) for n, channel in enumerate(held)]
    rank, _, n = min(ranks)
    (held[n] if rank < len(_SPARED) else new).handle_close()


_SPARED: Sequence[Callable[[str, float], bool]] = (
    lambda state, took: state == LINGER,
    lambda state, took: state in (HEAD, SHAKE) and took > TARDY,
    lambda state, took: state == IDLE,
    lambda state, took: state in (HEAD, SHAKE),
)


def _spared(channel: Channel, now: float) -> int:
    """How well a connection can be spared, 0 best."""
    state = channel.look(now)
    return next((n for n, fits in enumerate(_SPARED) if fits(state, now - channel.since)), len(_SPARED))


def make(
    app: Any,
    sockets: Sequence[socket.socket],
    threads: int,
    *,
    judge: Judge,
    lang: str,
    secure: ssl.SSLContext | None = None,
    proxies: Collection[str] = (),
) -> MultiSocketServer:
    """The server of an application on sockets that listen; ``run`` serves until interrupted."""
    adj = Adjustments(
        sockets=list(sockets),
        threads=threads,
        ident="xingfu",
        url_scheme="http" if secure is None else "https",
        asyncore_use_poll=hasattr(select, "poll"),  # select itself ends at 1,024 files
        cleanup_interval=1,
        connection_limit=2 * limits.CONNECTIONS + 50,  # ours come first
        max_request_header_size=limits.HEAD_BYTES,
        max_request_body_size=2**62,  # each address has its own
        clear_untrusted_proxy_headers=False,  # whose word is taken, ``front`` says, and drops all others
        **({} if secure is None else {"recv_bytes": tls.RECORD}),
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    channels: dict[int, Any] = {}
    servers = [
        Server(
            app,
            channels,
            True,
            one,
            dispatcher=dispatcher,
            adj=adj,
            sockinfo=(one.family, one.type, one.proto, one.getsockname()),
            bind_socket=False,
            judge=judge,
            lang=lang,
            secure=secure,
            proxies=proxies,
        )
        for one in sockets
    ]
    listens = [(one.effective_host, one.effective_port) for one in servers]
    return MultiSocketServer(channels, adj, listens, dispatcher, servers[-1].log_info)
