"""Two cards: what there is of the whole year, and of each community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard.data.year import Row
from dashboard.pages.papers.packing import Packed
from dashboard.pages.papers.service import Papers, packings, papers
from dashboard.pages.papers.taken import Taken
from dashboard.parts.basic import badge, card, download, heading, link, stars
from dashboard.parts.context import Context, View
from dashboard.web.address import in_path
from survey.core.lang import enumerated, say

#: how often the page asks how far it is (ms); only while something is being made
TICK = 1_500
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

#: the same of the papers of one community
_ONE = {
    "/download/diagnosis/<code>": "diagnosis",
    "/download/notice/<code>": "notice",
    "/download/community/<code>": "workbook",
}


def page(context: Context) -> View:
    """All papers of a year."""
    lang = context.lang
    found = papers(context.viewer, context.source, context.store, context.year)
    made = packings(context)
    running = {address: one for address, one in made.items() if one.running}
    title = say(lang, "page_papers.title")
    top = html.Div(
        html.Div([html.H1(title), context.years(), *_tags(found, lang)], className="top-start"), className="top"
    )
    return View(
        title,
        "papers",
        html.Div(
            [top, _whole(context, found, made), *_following(running, lang), _each(context, found)], className="papers"
        ),
    )


def _tags(found: Papers, lang: str) -> list[Any]:
    tags = [badge(say(lang, "dash_words.sample"), "sample")] if found.year.meta.get("sample") else []
    if found.year.provisional:
        tags.append(badge(say(lang, "export.notice.provisional"), "info"))
    return tags


def under_way(running: Mapping[str, Packed], lang: str) -> list[Any]:
    """How many of how many papers are made, a line an archive."""
    return [
        html.P(
            say(
                lang,
                "page_papers.under_way" if one.total else "page_papers.gathering",
                of=say(lang, f"page_papers.{NAMES[address]}"),
                n=f"{one.done:,}",
                total=f"{one.total:,}",
            ),
            role="status",
        )
        for address, one in running.items()
    ]


def _following(running: Mapping[str, Packed], lang: str) -> list[Any]:
    if not running:
        return []
    lines = html.Div(under_way(running, lang), id="papers-under-way", **{"data-n": len(running)})
    leave = html.P(say(lang, "page_papers.leave"), className="hint")
    return [card([lines, leave, dcc.Interval(id="papers-tick", interval=TICK)], **{"aria-busy": "true"})]


def _taking(context: Context, address: str, packed: Packed | None) -> Any:
    """What gives the file: a link, or of many papers first a button that has them made."""
    lang, of = context.lang, say(context.lang, f"page_papers.{NAMES[address]}")
    if packed is None or packed.ready:
        place = address if packed is None else f"/download/packed/{address.removeprefix('/download/')}"
        label = {"aria-label": say(lang, "page_papers.take_of", of=of)}
        return download(say(lang, "page_papers.take"), context.address.link(place), "button small", **label)
    if packed.running:
        return say(lang, "page_papers.being_made")
    word = "go_on" if packed.done else "make"
    kind = {"type": "papers-make", "kind": address.removeprefix("/download/")}
    said: list[Any] = [html.P(packed.why[lang], className="hint", role="alert")] if packed.why else []
    if packed.done:
        said.append(html.P(say(lang, "page_papers.left_off", n=f"{packed.done:,}", total=f"{packed.total:,}")))
    label = {"aria-label": say(lang, f"page_papers.{word}_of", of=of)}
    return [*said, html.Button(say(lang, f"page_papers.{word}"), id=kind, className="button small", **label)]


def _whole(context: Context, found: Papers, made: Mapping[str, Packed]) -> html.Section:
    lang = context.lang
    rows = [
        html.Tr(
            [
                html.Th([html.B(say(lang, f"page_papers.{NAMES[address]}"))], scope="row"),
                html.Td(say(lang, f"page_papers.about_{NAMES[address]}"), className="wide"),
                html.Td(_last(taken, lang)),
                html.Td(_taking(context, address, made.get(address))),
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
                    html.Th(link(row["community"], context.address.link(f"/community/{in_path(code)}")), scope="row"),
                    html.Td(stars(lang, row["star"])),
                    html.Td(_last_of(found, code, lang)),
                    html.Td(
                        [
                            download(
                                say(lang, "page_papers.diagnosis"),
                                context.address.link(f"/download/diagnosis/{in_path(code)}"),
                                "button small",
                                **{"aria-label": say(lang, "page_papers.diagnosis_of", of=row["community"])},
                            ),
                            *([_notice(context, row)] if code in found.hung else []),
                            download(
                                say(lang, "page_papers.workbook"),
                                context.address.link(f"/download/community/{in_path(code)}"),
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
        context.address.link(f"/download/notice/{in_path(row['community_code'])}"),
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


def _last_of(found: Papers, code: str, lang: str) -> Any:
    """Of a community, when anything was last taken, and which of its papers are stale."""
    taken = found.one.get(code)
    said: list[Any] = [_last(None if taken is None else replace(taken, stale=False), lang)]
    names = [say(lang, f"page_papers.{word}") for address, word in _ONE.items() if address in found.old.get(code, ())]
    if names:
        told = say(lang, "page_papers.stale_of", of=enumerated(lang, names))
        said += [" ", badge(told, "warn", say(lang, "page_papers.stale_hint"))]
    return said
