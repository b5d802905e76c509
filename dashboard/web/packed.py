"""Files that never change under their address, compressed once for everybody who asks for them."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import dataclass, field

import brotli
from flask import Response, request

#: how well text is compressed for the first who asks, and for all after them (of 0 to 11)
AT_ONCE, BEST = 5, 11
#: a year, which is what caches take for good
FOREVER = "public, max-age=31536000, immutable"


@dataclass
class Packed:
    """One file; ``tag`` names its content, so that an address with it may be kept for good."""

    data: bytes
    mimetype: str
    tag: str = field(init=False)
    _made: dict[str, bytes] = field(default_factory=dict, init=False, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self.tag = hashlib.sha256(self.data).hexdigest()[:16]

    def answer(self, seconds: int | None = None) -> Response:
        """The file as this request takes it, to be kept for good, or for some ``seconds`` where its address names no content."""
        coding = request.accept_encodings.best_match(("br", "gzip"), default="")
        found = Response(self.body(coding), mimetype=self.mimetype)
        if coding:
            found.headers["Content-Encoding"] = coding
        found.headers["Vary"] = "Accept-Encoding"
        found.headers["Cache-Control"] = FOREVER if seconds is None else f"public, max-age={seconds}"
        return found

    def body(self, coding: str) -> bytes:
        """The content, compressed as ``br``, as ``gzip`` or, for anything else, not at all.

        Whoever asks first gets what is compressed quickly, while a thread compresses it as well as can be.
        """
        if coding not in _CODED:
            return self.data
        with self._guard:
            if coding not in self._made:
                self._made[coding] = _CODED[coding](self.data)
                if coding == "br":
                    threading.Thread(target=self._best, daemon=True).start()
            return self._made[coding]

    def _best(self) -> None:
        self._made["br"] = brotli.compress(self.data, quality=BEST, lgwin=24)


_CODED = {
    "br": lambda data: brotli.compress(data, quality=AT_ONCE, lgwin=24),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
}


#: what was packed by this process: several apps have the same files
_KNOWN: dict[bytes, Packed] = {}


def packed(data: bytes, mimetype: str) -> Packed:
    """The packed file of this content, the same one however often it is asked for."""
    return _KNOWN.setdefault(hashlib.sha256(data).digest(), Packed(data, mimetype))
