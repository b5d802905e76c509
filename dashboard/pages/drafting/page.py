"""A draft beside its source: what it asks first, then every column as the question that it would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.figures import numbers
from dashboard.pages.drafting import service
from dashboard.pages.drafting.service import Drawn
from dashboard.parts.basic import badge, card, download, heading, link
from dashboard.parts.context import Context, View
from dashboard.parts.drop_zone import drop_zone
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.lang import say
from survey.drafting.guesses import ORDER, OTHERWISE, TYPES, Asked, order_of
from survey.drafting.questionnaire import Drafted
from survey.form.model import ROLES, Question, in_language

_SURE = {"sure": "good", "likely": "info", "guess": "warn"}
#: rows whose fields can be changed on the page; what comes after is corrected in the workbook
MOST_ROWS = 150
_SHOWN_CHOICES = 7


def page(context: Context) -> View:
    """The place to drop an answer file, or its draft."""
    lang, address = context.lang, context.address
    token = address.filters.get("token", "")
    title = say(lang, "page_draft.title")
    one, refused = _drawn(context, token) if token else (None, None)
    body: list[Any] = [
        html.Div(
            html.Div(
                [html.H1(title), html.Span(say(lang, "page_draft.hint"), className="hint")], className="top-start"
            ),
            className="top",
        ),
        dcc.Store(id={"type": "draft-token", "of": "draft"}, data=token if one else None),
    ]
    if refused is not None:
        body.append(html.P(refused.word(lang), className="inline-notice", role="alert"))
    if one is None:
        body.append(drop_zone(lang, "/questionnaire/draft/upload", "/questionnaire/draft", "page_draft.drop_hint"))
        body.append(html.P(say(lang, "page_draft.promise"), className="hint"))
    else:
        body += [_head(one, address), _asked_card(one, lang), _rows_card(one, lang), _left_out(one, lang)]
    return View(title, "start", html.Div(body, className="draft"))


def _drawn(context: Context, token: str) -> tuple[Drawn | None, Refused | None]:
    try:
        return service.drawn(context.viewer, context.store, context.uploads, token), None
    except Refused as refused:
        return None, refused


def _head(one: Drawn, address: Address) -> Any:
    """What the draft holds, its name, and the button that adopts it."""
    lang = address.lang
    scored = sum(bool(q.dimension) for q in one.rows.values())
    asked = sum(not q.role for q in one.rows.values())
    text = say(lang, "page_draft.sentence", file=one.file, n=asked, scored=scored, roles=len(one.rows) - asked)
    adopt = say(lang, "page_draft.adopt_open", n=one.open) if one.open else say(lang, "page_draft.adopt")
    return card(
        [
            html.P(text, className="sentence"),
            html.Div(
                [
                    dmc.TextInput(
                        id={"type": "draft-title", "of": "draft"},
                        value=one.title,
                        label=say(lang, "page_draft.name"),
                        debounce=True,
                        className="draft-name",
                    ),
                    html.Div(
                        [
                            link(say(lang, "page_draft.other_file"), address.link("/questionnaire/draft"), "button"),
                            download(
                                say(lang, "page_draft.workbook"), address.link(f"/download/draft/{one.upload.token}")
                            ),
                            html.Button(
                                adopt,
                                id={"type": "draft-adopt", "of": "draft"},
                                type="button",
                                className="button primary",
                                disabled=bool(one.open),
                            ),
                        ],
                        className="actions",
                    ),
                ],
                className="decision",
            ),
            html.P(say(lang, "page_draft.promise"), className="hint"),
        ],
        "draft-head",
    )


def _asked_card(one: Drawn, lang: str) -> Any:
    """Every guess as a question with the guess filled in; those that wait first."""
    rows = [_asked_row(asked, one, lang) for asked in one.asked]
    every = html.Button(
        say(lang, "page_draft.settle_all", n=one.open),
        id={"type": "draft-all", "of": "draft"},
        type="button",
        className="button",
        hidden=one.open < 2,
    )
    if not rows:
        return card([heading(say(lang, "page_draft.asked"), say(lang, "page_draft.asked_none")), every])
    head = html.Tr(
        [html.Th(say(lang, f"page_draft.asked_{c}"), scope="col") for c in ("state", "where", "guess", "what", "act")]
    )
    return card(
        [
            html.Div(
                [heading(say(lang, "page_draft.asked"), say(lang, "page_draft.asked_hint", n=one.open)), every],
                className="card-top",
            ),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)], className="lines draft-asked"), className="scroll"
            ),
        ]
    )


def _asked_row(asked: Asked, one: Drawn, lang: str) -> html.Tr:
    done = asked.key in one.said.settled
    turned = asked.key in one.said.turned
    first = one.draft.rows[asked.rows[0]]
    where = [html.Span(first.source, className="cells"), " ", first.question.label(lang)]
    if len(asked.rows) > 1:
        where.append(html.Span(say(lang, "page_draft.and_more", n=len(asked.rows)), className="muted"))
    guess = asked.guessed(lang)
    if turned:
        mark = ORDER if ORDER in guess else " – "
        guess = mark.join(reversed(guess.split(mark)))
    said = one.rows.get(asked.rows[0])
    if asked.orders and said is not None:
        guess = order_of(said) or say(lang, "drafting.not_scored")
    other = one.said.has_other(asked)
    if other and asked.code in OTHERWISE:
        guess = say(lang, f"page_draft.now_{_other_word(asked)}")
    acts: list[Any] = []
    acts += [
        html.Button(
            order,
            id={"type": "draft-order", "key": asked.key, "order": order},
            type="button",
            className="button small",
            title=say(lang, "page_draft.order_hint"),
        )
        for order in asked.orders
    ]
    if not done:
        acts.append(
            html.Button(
                say(lang, "page_draft.settle"),
                id={"type": "draft-settle", "key": asked.key},
                type="button",
                className="button small",
            )
        )
    if asked.turns:
        acts.append(
            html.Button(
                say(lang, "page_draft.turn"),
                id={"type": "draft-turn", "key": asked.key},
                type="button",
                className="button small",
            )
        )
    if asked.code in OTHERWISE:
        acts.append(
            html.Button(
                say(lang, "page_draft.as_guessed" if other else f"page_draft.other_{_other_word(asked)}"),
                id={"type": "draft-other", "key": asked.key},
                type="button",
                className="button small",
            )
        )
    state = badge(say(lang, "page_draft.state_done" if done else "page_draft.state_open"), "good" if done else "warn")
    return html.Tr(
        [
            html.Td(state),
            html.Td(where),
            html.Td(guess),
            html.Td(asked.word(lang)),
            html.Td(html.Div(acts, className="act-row")),
        ]
    )


def _other_word(asked: Asked) -> str:
    """How the texts call the other reading: a field, with the type where it is one."""
    name, value = OTHERWISE[asked.code]
    return f"{name}_{value}" if name == "type" else name


def _rows_card(one: Drawn, lang: str) -> Any:
    columns = ("keep", "source", "label", "type", "choices", "dimension", "role", "sure")
    head = html.Tr([html.Th(say(lang, f"page_draft.col_{c}"), scope="col") for c in columns])
    rows = [_row(place, d, one, lang) for place, d in enumerate(one.draft.rows[:MOST_ROWS])]
    more = len(one.draft.rows) - len(rows)
    return card(
        [
            heading(say(lang, "page_draft.rows"), say(lang, "page_draft.rows_hint")),
            html.Div(
                html.Table([html.Thead(head), html.Tbody(rows)], className="lines draft-rows"), className="scroll"
            ),
            html.P(say(lang, "page_draft.more_rows", n=more), className="hint") if more > 0 else None,
        ]
    )


def _row(place: int, drafted: Drafted, one: Drawn, lang: str) -> html.Tr:
    kept = place in one.rows
    row = one.rows.get(place, drafted.question)
    types = [*TYPES, *([row.type] if row.type not in TYPES else [])]
    scored = bool(row.dimension) or any(c.level is not None for c in row.choices) or row.maximum is not None

    def select(name: str, value: str, entries: Sequence[tuple[str, str]]) -> Any:
        return dmc.Select(
            id={"type": "draft-field", "row": place, "name": name},
            value=value,
            data=[{"value": v, "label": t} for v, t in entries],
            size="xs",
            allowDeselect=False,
            disabled=not kept,
            **{"aria-label": f"{drafted.source} {say(lang, f'page_draft.col_{name}')}"},
        )

    dimensions = [
        ("", say(lang, "drafting.not_scored")),
        *((c, in_language(n, lang, c)) for c, n in one.dimensions.items()),
    ]
    roles = [("", say(lang, "page_draft.question")), *((r, say(lang, f"page_draft.role_{r}")) for r in ROLES)]
    return html.Tr(
        [
            html.Td(
                dmc.Checkbox(
                    id={"type": "draft-keep", "row": place},
                    checked=kept,
                    size="xs",
                    **{"aria-label": say(lang, "page_draft.keep_row", source=drafted.source)},
                )
            ),
            html.Td(
                [
                    html.Span(drafted.source, className="cells"),
                    html.Div(drafted.header, className="draft-header"),
                    html.Div(say(lang, "page_draft.answered", n=numbers.count(drafted.n)), className="muted small"),
                ]
            ),
            html.Td(
                dmc.TextInput(
                    id={"type": "draft-field", "row": place, "name": "label"},
                    value=row.label("zh"),
                    debounce=True,
                    size="xs",
                    disabled=not kept,
                    **{"aria-label": f"{drafted.source} {say(lang, 'page_draft.col_label')}"},
                )
            ),
            html.Td(select("type", row.type, [(t, say(lang, f"drafting.type_{t}")) for t in types])),
            html.Td(_choices(row, place, kept, lang), className="draft-choices"),
            html.Td(select("dimension", row.dimension, dimensions) if scored and not row.role else "—"),
            html.Td(select("role", row.role, roles)),
            html.Td(
                [
                    badge(say(lang, f"drafting.{drafted.sure}"), _SURE[drafted.sure]),
                    html.Div(say(lang, drafted.why), className="muted small"),
                ]
            ),
        ],
        className="" if kept else "taken-back",
    )


def _choices(row: Question, place: int, kept: bool, lang: str) -> Any:
    """The choices in order; below them, where one is chosen, the levels, the best first."""
    if row.type != "select_one" or not row.choices:
        return _listed(row, lang)
    levels = dmc.TextInput(
        id={"type": "draft-field", "row": place, "name": "order"},
        value=order_of(row),
        placeholder=say(lang, "page_draft.no_levels"),
        debounce=True,
        size="xs",
        disabled=not kept,
        **{"aria-label": say(lang, "page_draft.levels_of", label=row.label(lang))},
    )
    return [html.Div(_listed(row, lang)), levels]


def _listed(row: Question, lang: str) -> Any:
    if not row.choices:
        if row.minimum is not None and row.maximum is not None:
            return f"{row.minimum:g} – {row.maximum:g}"
        return "—"
    ordered = sorted(row.choices, key=lambda c: (c.level is None, c.level or 0))
    levelled = any(c.level is not None for c in ordered)
    words = [c.label(lang) for c in ordered]
    text = (" > " if levelled else " / ").join(words[:_SHOWN_CHOICES])
    return text + (
        say(lang, "page_draft.more_choices", n=len(words) - _SHOWN_CHOICES) if len(words) > _SHOWN_CHOICES else ""
    )


def _left_out(one: Drawn, lang: str) -> Any:
    """Columns that are no question: names and numbers of persons."""
    if not one.draft.left_out:
        return None
    lines = [html.Li(say(lang, why, place=place, header=header)) for place, header, why in one.draft.left_out]
    return card([heading(say(lang, "page_draft.left_out"), say(lang, "page_draft.left_out_hint")), html.Ul(lines)])
