"""The field of the search, opened from the header or by Ctrl+K (assets/search.js)."""

from __future__ import annotations

from dash import dcc, html

from survey.core.lang import say


def search_button(lang: str, class_name: str = "search-open") -> html.Button:
    """What opens it: in the header, where there is room with its words, and in the drawer."""
    label = say(lang, "page_search.open")
    return html.Button(
        [
            html.Span("⌕", className="search-sign", **{"aria-hidden": "true"}),
            html.Span(label, className="search-words"),
            html.Kbd("Ctrl K"),
        ],
        type="button",
        className=class_name,
        **{"data-search": "1", "aria-label": label, "aria-keyshortcuts": "Control+K"},
    )


def search_dialog(lang: str) -> html.Dialog:
    """The field and what was found."""
    return html.Dialog(
        [
            dcc.Input(
                id="search-text",
                type="search",
                debounce=0.2,
                maxLength=60,
                autoComplete="off",
                placeholder=say(lang, "page_search.open"),
                className="search-text",
            ),
            html.Div(
                html.P(say(lang, "page_search.hint"), className="hint"),
                id="search-found",
                className="search-found",
                **{"aria-live": "polite"},
            ),
        ],
        id="search-dialog",
        className="search-dialog",
        **{"aria-label": say(lang, "page_search.title")},
    )
