"""The documents in Chinese: which there are, and the way to them from the page that each explains."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.basic import link
from dashboard.web.address import Address
from survey.core.lang import say

#: name of a document, in the order of the list → the documents in English that say the same
DOCUMENTS = {
    "first-year": ("pages", "roles"),
    "questionnaire": ("questionnaire",),
    "intake": ("intake", "mapping"),
    "scheme": ("scheme",),
    "indicators": ("indicators",),
    "year": ("cycle", "awards"),
    "privacy": ("privacy", "roles"),
    "leaders": ("results", "methods"),
}


def split(target: str) -> tuple[str, str]:
    """``intake#撤回`` → document and heading; the heading is empty where there is none."""
    document, _, heading = target.partition("#")
    return document, heading


def help_address(address: Address, target: str) -> str:
    """The address of a document, at one of its headings where the target names one."""
    document, heading = split(target)
    return address.link(f"/help/{document}") + (f"#{heading}" if heading else "")


def help_link(address: Address, target: str) -> html.A:
    """The small link that leads from a page to what explains it."""
    lang = address.lang
    return link(
        say(lang, "page_help.link"), help_address(address, target), "help-link", title=say(lang, "page_help.hint")
    )


def help_button(address: Address) -> html.A:
    """The button that leads to all documents."""
    return link(say(address.lang, "page_help.title"), address.link("/help", street=None), "button primary")


def beside_title(part: Any, beside: Component) -> bool:
    """Put something behind a page's title, whoever made it, or at the end of the line where the title is not seen.

    ``part``: the page; gives whether it has a title.
    """
    inside = part if isinstance(part, list) else getattr(part, "children", None)
    if isinstance(inside, html.H1) and isinstance(part, Component):
        part.children = inside = [inside]
    for place, one in enumerate(inside if isinstance(inside, list) else ()):
        if isinstance(one, html.H1):
            hidden = "visually-hidden" in str(getattr(one, "className", ""))
            inside.insert(len(inside) if hidden else place + 1, beside)
            return True
        if isinstance(one, (list, Component)) and beside_title(one, beside):
            return True
    return isinstance(inside, Component) and beside_title(inside, beside)
