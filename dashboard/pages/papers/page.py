"""Two cards: what there is of the whole year, and of each community."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.data.year import Row
from dashboard.pages.papers.service import Papers, Taken, papers
from dashboard.parts.basic import badge, card, download, heading, link, stars
from dashboard.parts.context import Context, View
from survey.core.lang import say

#: address → the part of the keys that name and describe it
NAMES = {
    "/download/brief": "brief",
    "/download/street": "street",
    "/download/letters": "letters",
    "/download/diagnoses": "diagnoses",
    "/download/year": "workbooks",
    "/download/data": "data",
    "/download/archive": "archive",
    "/download/check": "check",
    "/download/responses": "responses",
}


def page(context: Context) -> View:
    """All papers of a year."""
    lang = context.lang
    found = papers(context.viewer, context.source, context.store, context.year)
    title = say(lang, "page_papers.title")
    top = html.Div(
        html.Div([html.H1(title), context.years(), *_tags(found, lang)], className="top-start"), className="top"
    )
    return View(title, "papers", html.Div([top, _whole(context, found), _each(context, found)], className="papers"))


def _tags(found: Papers, lang: str) -> list[Any]:
    tags = [badge(say(lang, "dash_words.sample"), "sample")] if found.year.meta.get("sample") else []
    if found.year.provisional:
        tags.append(badge(say(lang, "export.notice.provisional"), "info"))
    return tags


def _whole(context: Context, found: Papers) -> html.Section:
    lang = context.lang
    rows = [
        html.Tr(
            [
                html.Th([html.B(say(lang, f"page_papers.{NAMES[address]}"))], scope="row"),
                html.Td(say(lang, f"page_papers.about_{NAMES[address]}"), className="wide"),
                html.Td(_last(taken, lang)),
                html.Td(
                    download(
                        say(lang, "page_papers.take"),
                        context.address.link(address),
                        "button small",
                        **{
                            "aria-label": say(
                                lang, "page_papers.take_of", of=say(lang, f"page_papers.{NAMES[address]}")
                            )
                        },
                    )
                ),
            ]
        )
        for address, taken in found.whole.items()
    ]
    title = say(lang, "page_papers.whole")
    return card([heading(title), _table(lang, title, ("paper", "about", "last", "file"), rows)])


def _each(context: Context, found: Papers) -> html.Section:
    lang = context.lang
    rows = []
    for row in found.rows:
        code = str(row["community_code"])
        rows.append(
            html.Tr(
                [
                    html.Th(link(row["community"], context.address.link(f"/community/{code}")), scope="row"),
                    html.Td(stars(lang, row["star"])),
                    html.Td(_last(found.one.get(code), lang)),
                    html.Td(
                        [
                            download(
                                say(lang, "page_papers.diagnosis"),
                                context.address.link(f"/download/diagnosis/{code}"),
                                "button small",
                                **{"aria-label": say(lang, "page_papers.diagnosis_of", of=row["community"])},
                            ),
                            *([_notice(context, row)] if code in found.hung else []),
                            download(
                                say(lang, "page_papers.workbook"),
                                context.address.link(f"/download/community/{code}"),
                                "button small",
                                **{"aria-label": say(lang, "page_papers.workbook_of", of=row["community"])},
                            ),
                        ],
                        className="buttons",
                    ),
                ]
            )
        )
    title = say(lang, "page_papers.each")
    return card(
        [
            heading(title, say(lang, "page_papers.each_hint")),
            _table(lang, title, ("community", "star", "last", "file"), rows),
        ]
    )


def _notice(context: Context, row: Row) -> Any:
    return download(
        say(context.lang, "page_papers.notice"),
        context.address.link(f"/download/notice/{row['community_code']}"),
        "button small",
        **{"aria-label": say(context.lang, "page_papers.notice_of", of=row["community"])},
    )


def _table(lang: str, title: str, columns: tuple[str, ...], rows: list[Any]) -> html.Div:
    head = html.Thead(html.Tr([html.Th(say(lang, f"page_papers.col_{c}"), scope="col") for c in columns]))
    table = html.Table([head, html.Tbody(rows)], className="lines papers-table")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": title})


def _last(taken: Taken | None, lang: str) -> Any:
    if taken is None:
        return html.Span(say(lang, "page_papers.never"), className="muted")
    key = "by_command" if taken.command else "last"
    said: list[Any] = [say(lang, f"page_papers.{key}", at=taken.at, who=taken.who or say(lang, "page_papers.here"))]
    if taken.stale:
        said += [" ", badge(say(lang, "page_papers.stale"), "warn", say(lang, "page_papers.stale_hint"))]
    return said
