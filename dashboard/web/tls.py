"""TLS that the server does itself: the certificate, and a connection's socket that does not wait.

``connections`` holds its limits of size, time and number over these sockets as over any other, from before the
handshake on.
"""

from __future__ import annotations

import errno
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from survey.core import limits
from survey.core.errors import Refused

#: what one record of TLS holds at most (bytes): who reads as much leaves nothing behind that no poll would tell of
RECORD = 16_384


class Socket(ssl.SSLSocket):
    """A socket that says as a plain one does that there is nothing yet, or that the other side is gone.

    A thread that answers and the one that reads use it at once, which OpenSSL does not allow: they take turns.
    """

    _turn: threading.RLock | None = None

    @property
    def turn(self) -> threading.RLock:  # type: ignore[valid-type]
        """Whose turn it is; made with the first use, which is before there are two."""
        if self._turn is None:
            self._turn = threading.RLock()
        return self._turn

    def shaken(self) -> bool | None:
        """Whether the two sides are agreed; None while it waits for room to send. Raises OSError where they never will be."""
        with self.turn:  # type: ignore[attr-defined]
            try:
                self.do_handshake()
            except ssl.SSLWantReadError:
                return False
            except ssl.SSLWantWriteError:
                return None
            return True

    def recv(self, buflen: int = RECORD, flags: int = 0) -> bytes:
        """What came, ``b""`` at the end; raises BlockingIOError while nothing whole is there."""
        return bytes(self._turned(super().recv, buflen, flags))

    def send(self, data: Any, flags: int = 0) -> int:
        """How much went; raises BlockingIOError while nothing can go."""
        return int(self._turned(super().send, data, flags))

    def shutdown(self, how: int) -> None:
        """Say that this was all, in TLS and below it."""
        with self.turn:  # type: ignore[attr-defined]
            with suppress(OSError, ValueError):  # the other side need not answer
                self.unwrap()
            super().shutdown(how)

    def _turned(self, does: Any, *arguments: Any) -> Any:
        with self.turn:  # type: ignore[attr-defined]
            try:
                return does(*arguments)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise BlockingIOError(errno.EWOULDBLOCK, "not yet") from None
            except ssl.SSLError as error:
                raise ConnectionResetError(errno.ECONNRESET, str(error.reason)) from error


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """What a server needs to do TLS 1.2 and newer; raises Refused for files that are missing, no pair, or too old."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.sslsocket_class = Socket
    made.set_alpn_protocols(["http/1.1"])
    no_pair = Refused("dash_errors.tls_no_pair", certificate=str(certificate), key=str(key))
    for path in (certificate, key):
        try:
            if path.exists() and not path.is_dir() and not _small(path):
                raise no_pair
            path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Refused("dash_errors.tls_unreadable", path=str(path), reason=reason) from None
    try:
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
        made.load_cert_chain(certificate, key, password=lambda: "")  # an encrypted key is refused, not asked for
    except (ssl.SSLError, ValueError):
        raise no_pair from None
    if ends < datetime.now(UTC):
        raise Refused("dash_errors.tls_expired", certificate=str(certificate), date=f"{ends:%Y-%m-%d}")
    return made


def _small(path: Path) -> bool:
    """Whether it is a plain file no larger than a key may be: a device has no end, and neither is read to find out."""
    return path.is_file() and path.stat().st_size <= limits.KEY_FILE_BYTES
