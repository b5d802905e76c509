"""What every page needs in the browser, as one script and one style instead of forty files.

Both have their content in their address and are kept for good.  The script is Dash's own (React, the renderer, its parts) with
our small ones; left out is what no page uses (tables of Dash, stand-ins for browsers that are turned away anyhow).
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from pathlib import Path

from dash import Dash
from dash.fingerprint import check_fingerprint
from flask import Response, abort

from dashboard.web.packed import Packed, packed

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
