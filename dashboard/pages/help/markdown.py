"""A document's text as parts of a page: headings, lists, tables, code, links, pictures; what else is in it is shown as text.

Nothing of a text becomes HTML of its own, so that a page needs no script and no exception of the security policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from dash import html
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Part = Any
#: forms that are an element of the same meaning
_PLAIN = {
    "bullet_list": html.Ul,
    "ordered_list": html.Ol,
    "list_item": html.Li,
    "blockquote": html.Blockquote,
    "strong": html.B,
    "em": html.Em,
    "thead": html.Thead,
    "tbody": html.Tbody,
    "tr": html.Tr,
}
_HEADINGS = {"h1": html.H1, "h2": html.H2, "h3": html.H3, "h4": html.H4}


def anchor(heading: str) -> str:
    """The id of a heading: lower case, marks left out, ``-`` for a space, as readers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def rendered(text: str, leads: Callable[[str, Part], Part], picture: Callable[[str], str]) -> list[Part]:
    """The parts of a text.

    ``leads``: what a link is shown as, of its target and its content, also asked for each word in code marks that is an
    address; ``picture``: the address of a picture, of its name.
    """
    tree = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).enable("table").parse(text))
    return [_part(node, leads, picture) for node in tree.children]


def _part(node: SyntaxTreeNode, leads: Callable[[str, Part], Part], picture: Callable[[str], str]) -> Part:
    inner = [_part(one, leads, picture) for one in node.children if one.content or one.type != "text"]
    kind = node.type
    if kind in _PLAIN:
        return _PLAIN[kind](inner)
    if kind == "heading":
        said = node.children[0].content
        return _HEADINGS[node.tag](inner, id=anchor(said.replace("`", "")))
    if kind == "inline":
        return html.Span(inner) if len(inner) != 1 else inner[0]
    if kind == "paragraph":
        return html.Span(inner) if node.hidden else html.P(inner)
    if kind in ("th", "td"):
        return html.Th(inner, scope="col") if kind == "th" else html.Td(inner)
    if kind == "table":
        return html.Div(html.Table(inner, className="lines"), className="scroll")
    if kind in ("fence", "code_block"):
        return html.Div(html.Pre(html.Code(node.content)), className="scroll")
    if kind == "code_inline":
        code = html.Code(node.content)
        return leads(node.content, code) if re.fullmatch(r"/[a-z/]*", node.content) else code
    if kind == "link":
        return leads(unquote(str(node.attrs["href"])), inner)
    if kind == "image":
        return html.Img(src=picture(str(node.attrs["src"])), alt=node.content, className="picture")
    return {"softbreak": " ", "hardbreak": html.Br(), "hr": html.Hr()}.get(kind, node.content)
