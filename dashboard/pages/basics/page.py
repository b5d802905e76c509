"""What everything rests on: register, questionnaires and schemes, and the place to bring new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.figures import numbers
from dashboard.pages.basics import service
from dashboard.pages.basics.remembered import remembered
from dashboard.pages.basics.service import Kept, Line, Version
from dashboard.parts.basic import badge, card, download, heading, link
from dashboard.parts.context import Context, View
from dashboard.parts.drop_zone import drop_zone
from dashboard.web.access import may
from dashboard.web.address import Address
from survey.core.lang import enumerated, say
from survey.form.model import in_language

_COLUMNS = (
    "code",
    "name",
    "aliases",
    "sub_district",
    "adult_population",
    "population",
    "type",
    "feature",
    "valid",
    "successor",
)
#: changes told of one version; the rest is counted
_MOST_CHANGES = 60


def page(context: Context) -> View:
    """New ones first, then what there is."""
    lang, viewer, address = context.lang, context.viewer, context.address
    title = say(lang, "page_basics.title")
    next_year = max(context.source.years(), default=0) + 1
    begin = link(say(lang, "page_basics.next_year", year=next_year), address.link("/start", year=next_year), "button")
    actions = (
        [begin] if context.source.years() else [link(say(lang, "page_basics.start"), address.link("/start"), "button")]
    )
    if not (may(viewer, "edit_register") or may(viewer, "import")):  # a year begins with what somebody brings
        actions = []
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [html.H1(title), html.Span(say(lang, "page_basics.hint"), className="hint")], className="top-start"
                ),
                html.Div(actions, className="actions"),
            ],
            className="top",
        )
    ]
    if may(viewer, "edit_register"):
        body.append(_bring(context))
    body += [
        _register(service.communities(viewer, context.store), context),
        _versions("questionnaire", service.forms(viewer, context.store), address),
        *remembered(context),
        _versions("scheme", service.scheme_list(viewer, context.store), address),
    ]
    return View(title, "basics", html.Div(body, className="basics"))


def _bring(context: Context) -> html.Section:
    lang, address = context.lang, context.address
    links = [
        download(say(lang, f"page_basics.template_{kind}"), address.link(f"/download/empty/{kind}"), "button small")
        for kind in ("register", "questionnaire", "scheme", "annex")
    ]
    links.append(
        link(
            say(lang, "page_basics.map"),
            address.link("/basics/map"),
            "button small",
            title=say(lang, "page_basics.map_hint"),
        )
    )
    if may(context.viewer, "edit_questionnaire"):
        links.append(link(say(lang, "page_basics.bank"), address.link("/questionnaire/bank"), "button small"))
        links.append(link(say(lang, "page_basics.draft"), address.link("/questionnaire/draft"), "button small"))
    return card(
        [
            heading(say(lang, "page_basics.bring"), say(lang, "page_basics.bring_hint")),
            drop_zone(lang),
            html.Div(links, className="actions basics-links"),
        ],
        "basics-bring",
    )


def _register(lines: Sequence[Line], context: Context) -> html.Section:
    lang = context.lang
    adults = sum(line.community.adult_population or 0 for line in lines)
    hint = say(lang, "page_basics.register_hint", n=len(lines), adults=numbers.count(adults))
    if not lines:
        return card(
            [
                heading(say(lang, "page_basics.register")),
                html.P(say(lang, "page_basics.register_none"), className="muted"),
            ]
        )
    right = ("adult_population", "population")
    head = html.Tr(
        [
            html.Th(say(lang, f"page_basics.col_{c}"), scope="col", className="number" if c in right else "")
            for c in _COLUMNS
        ]
    )
    rows = [html.Tr(_cells(line, lang)) for line in lines]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="lines basics-register")
    changed = [
        html.Li(say(lang, "page_basics.since", name=line.community.name, year=year, what=_told(other, lang)))
        for line in lines
        for year, other in line.before
    ]
    more = (
        html.Details([html.Summary(say(lang, "page_basics.facts", n=len(changed))), html.Ul(changed)])
        if changed
        else None
    )
    workbook = None
    if may(context.viewer, "edit_register") and may(context.viewer, "see_all"):
        url = context.address.link("/download/basics/register")
        words, about = (say(lang, f"page_basics.{key}") for key in ("workbook", "register_workbook"))
        workbook = html.Div(download(words, url, "button small", title=about), className="actions basics-links")
    title = heading(say(lang, "page_basics.register"), hint)
    return card([title, html.Div(table, className="scroll tall", tabIndex="0"), more, workbook])


def _cells(line: Line, lang: str) -> list[Any]:
    one = line.community
    adults = numbers.count(one.adult_population) if one.adult_population is not None else numbers.DASH
    newest = sorted(line.population.items(), reverse=True)
    people = enumerated(
        lang,
        [f"{numbers.count(n)}（{year}）" if lang == "zh" else f"{numbers.count(n)} ({year})" for year, n in newest],
        3,
    )
    valid = " – ".join((one.valid_from or "", one.valid_to or "")) if one.valid_from or one.valid_to else numbers.DASH
    return [
        html.Td(one.code),
        html.Th(one.name, scope="row", className="strong"),
        html.Td(enumerated(lang, one.aliases) or numbers.DASH),
        html.Td(one.sub_district or numbers.DASH),
        html.Td(adults, className="number"),
        html.Td(people or numbers.DASH, className="number"),
        html.Td(one.type or numbers.DASH),
        html.Td(one.feature or numbers.DASH),
        html.Td(valid),
        html.Td(one.successor or numbers.DASH),
    ]


def _told(other: Any, lang: str) -> str:
    columns = {"valid_from": "valid", "valid_to": "valid"}
    said = [
        f"{say(lang, 'page_basics.district') if name == 'district' else say(lang, f'page_basics.col_{columns.get(name, name)}')} {value or numbers.DASH}"
        for name, value in other.items()
    ]
    return enumerated(lang, said)


def _versions(kind: str, found: Sequence[Kept], address: Address) -> html.Section:
    lang = address.lang
    parts: list[Any] = [heading(say(lang, f"page_basics.{kind}s"), say(lang, f"page_basics.{kind}s_hint"))]
    for kept in found:
        items = [_version(kind, one, address) for one in kept.versions]
        parts += [
            html.H3(f"{in_language(kept.title, lang, kept.name)} · {kept.name}"),
            html.Ol(items, className="scheme-versions"),
        ]
    return card(parts, f"basics-{kind}")


def _version(kind: str, one: Version, address: Address) -> html.Li:
    lang = address.lang
    held = say(lang, f"page_basics.{kind}_holds", n=one.holds[0], of=one.holds[1])
    if kind == "questionnaire":
        held = f"{held} · {say(lang, 'page_basics.key_by_mode' if one.by_mode else 'page_basics.key_by_number')}"
    head: list[Any] = [
        html.B(say(lang, "page_scheme.version", n=one.version)),
        html.Span(" · ".join(text for text in (one.at, one.by, one.reason, held) if text)),
    ]
    if one.years:
        years = enumerated(lang, map(str, one.years))
        head.append(badge(say(lang, f"page_basics.{kind}_years", years=years), "info"))
    head.append(
        download(say(lang, "page_basics.workbook"), address.link(f"/download/basics/{kind}/{one.id}"), "button small")
    )
    if one.changes is None:
        return html.Li([html.Div(head), html.P(say(lang, "page_scheme.first_version"), className="muted small")])
    if not one.changes:
        return html.Li([html.Div(head), html.P(say(lang, "scheme_diff.same"), className="muted small")])
    told = [html.Li(change[lang]) for change in one.changes[:_MOST_CHANGES]]
    if len(one.changes) > _MOST_CHANGES:
        told.append(html.Li(say(lang, "page_scheme.more", n=len(one.changes) - _MOST_CHANGES)))
    summary = html.Summary(say(lang, "page_scheme.changes", n=len(one.changes)))
    return html.Li([html.Div(head), html.Details([summary, html.Ul(told)], open=len(one.changes) <= 6)])
