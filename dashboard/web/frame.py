"""What every page needs in the browser, as one script and one style instead of forty files.

Both have their content in their address and are kept for good.  The script is Dash's own (React, the renderer, its parts) with
our small ones; left out is what no page uses (tables of Dash, stand-ins for browsers that are turned away anyhow).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from dash import Dash
from dash.fingerprint import check_fingerprint
from flask import Response, abort, request

from survey.core.lazily import cached_property

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


# ── The script and the style of all pages

#: the folder from which Dash's parts ask for what they load later, each beside the script it came in
PLACE = "/_dash-component-suites/dash/dcc"
#: scripts that no page uses
_UNUSED = ("polyfill@", "dash_table/")
#: scripts by themselves: one runs before anything else, also in browsers that cannot read the rest; one is seldom needed
FIRST = "browser.js"
APART = (FIRST, "plotly-cartesian.min.js")
_SOURCE = re.compile(r'<script src="/_dash-component-suites/([^"/]+)/([^"]+)"></script>')
#: after all scripts the pages begin
_BEGIN = b"var renderer = new DashRenderer();"


class Frame:
    """Script and style of one app."""

    def __init__(self, app: Dash) -> None:
        self._app, self._folder = app, Path(app.config.assets_folder)
        app.server.add_url_rule(f"{PLACE}/frame.<tag>.<kind>", "frame", self._answer)

    @cached_property
    def script(self) -> Packed:
        """The scripts that Dash names and, after React, those of the folder; then the pages begin."""
        named = _SOURCE.findall(self._app._generate_scripts_html())
        library = [
            _file(package, name) for package, name in named if not any(n in f"{package}/{name}" for n in _UNUSED)
        ]
        own = [one for one in sorted(self._folder.glob("*.js")) if one.name not in APART]
        files = [one.read_bytes() for one in (*own, *library)]
        return packed(b"\n;\n".join([*files, _BEGIN]), "text/javascript")

    @cached_property
    def style(self) -> Packed:
        """The styles of the folder, in the order of their names."""
        return packed(b"\n".join(one.read_bytes() for one in sorted(self._folder.glob("*.css"))), "text/css")

    @cached_property
    def addresses(self) -> tuple[str, str]:
        """Where the script and the style are."""
        return f"{PLACE}/frame.{self.script.tag}.js", f"{PLACE}/frame.{self.style.tag}.css"

    def _answer(self, tag: str, kind: str) -> Response:
        found = {"js": self.script, "css": self.style}.get(kind)
        if found is None or found.tag != tag:
            abort(404)
        return found.answer()


def _file(package: str, name: str) -> Path:
    """The file of an address below Dash's own."""
    where = sys.modules[package].__file__
    assert where is not None
    return Path(where).parent / check_fingerprint(name)[0]
