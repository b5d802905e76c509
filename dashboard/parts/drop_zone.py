"""Where files are dropped, whatever they are; assets/import.js sends them as one multipart request."""

from __future__ import annotations

from dash import html

from dashboard.parts.basic import card
from survey.core.lang import say


def marks(lang: str) -> dict[str, str]:
    """What the script says while files are on their way, and where they did not get through."""
    return {
        "data-busy": say(lang, "page_import.uploading"),
        "data-failed": say(lang, "page_import.upload_failed"),
        "data-large": say(lang, "page_import.too_large"),
    }


def drop_zone(lang: str, post: str = "", show: str = "", hint: str = "page_import.drop_hint") -> html.Section:
    """The place to drop files; ``post``: an address of its own that takes them, ``show``: the page that shows them."""
    to = {"data-post": post, "data-show": show} if post else {}
    zone = html.Div(
        [
            html.Span(say(lang, "page_import.drop")),
            html.Button(say(lang, "page_import.pick"), className="button primary", type="button", **{"data-pick": "1"}),
            html.Span(say(lang, hint), className="hint"),
            html.Div(id="upload-status", className="upload-status", role="status"),
        ],
        id="drop",
        className="drop",
        **marks(lang),
        **to,
    )
    return card(zone, "upload-card")
