"""The list of documents, and one of them beside it."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.pages.help import service
from dashboard.pages.help.markdown import anchor, rendered
from dashboard.pages.help.service import Document
from dashboard.parts.basic import card, link
from dashboard.parts.context import Context, View
from dashboard.parts.manual import DOCUMENTS, help_address, split
from survey.core.lang import say


def page(context: Context, document: str = "") -> View:
    """A document beside the list, or the list alone."""
    lang = context.lang
    found = service.documents(context.viewer)
    if not document:
        title = say(lang, "page_help.title")
        body = [html.Div(html.Div(html.H1(title), className="top-start"), className="top"), *_note(lang)]
        body.append(card(_list(context, found, ""), "manual-list"))
        return View(title, "help", html.Div(body, className="manual"))
    shown = service.document(context.viewer, document)
    text = html.Article(
        [html.H1(shown.title), *rendered(shown.text, _leads(context), _picture)],
        className="card manual-text",
        lang="zh-CN",
    )
    side = card(_list(context, found, document), "manual-list")
    return View(shown.title, "help", html.Div([*_note(lang), html.Div([side, text], className="manual-two")]))


def _note(lang: str) -> list[Any]:
    """In English: that these are in Chinese."""
    return [] if lang == "zh" else [html.P(say(lang, "page_help.note"), className="hint manual-note")]


def _list(context: Context, found: list[Document], chosen: str) -> html.Nav:
    """Each document with its sections, of the one that is read, or of all on the list alone."""
    lang, address = context.lang, context.address
    entries = []
    for one in found:
        current = {"aria-current": "true"} if one.name == chosen else {}
        parts: list[Any] = [link(html.B(one.title), help_address(address, one.name), lang="zh-CN", **current)]
        if lang != "zh" and not chosen:
            named = ", ".join(f"docs/{name}.md" for name in DOCUMENTS[one.name])
            parts.append(html.Span(say(lang, "page_help.english", documents=named), className="hint"))
        if chosen in ("", one.name):
            parts.append(html.Ul([html.Li(_section(context, one, s, chosen)) for s in one.sections], lang="zh-CN"))
        entries.append(html.Li(parts))
    return html.Nav(html.Ul(entries), **{"aria-label": say(lang, "page_help.documents")})


def _section(context: Context, one: Document, section: str, chosen: str) -> html.A:
    place = anchor(section)
    if chosen:
        return html.A(section, href=f"#{place}")
    return link(section, help_address(context.address, f"{one.name}#{place}"))


def _leads(context: Context) -> Any:
    """How links of a text are shown: other documents and pages open here, what is not here stays a name."""

    def leads(target: str, content: Any) -> Any:
        if target.startswith("#"):
            return html.A(content, href=target)
        if target.startswith("/"):
            return link(content, context.address.link(target))
        name, heading = split(target)
        name = name.removesuffix(".md")
        if name in DOCUMENTS:
            return link(content, help_address(context.address, f"{name}#{heading}" if heading else name))
        return html.Span(content)

    return leads


def _picture(source: str) -> str:
    return f"/download/picture/{source.rpartition('/')[2]}"
