"""问卷结果: questions at the left; what was found in words, the picture, and the table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.data.questions.asked import COMMUNITY, SORTS, Asked
from dashboard.data.questions.choices import items
from dashboard.pages.answers import CHOSEN
from dashboard.pages.answers.picture import picture
from dashboard.pages.answers.sentence import sentences
from dashboard.pages.answers.service import Answers, answers
from dashboard.pages.answers.table import notes_line, table
from dashboard.pages.answers.words import internal
from dashboard.parts.basic import badge, card, download, heading, link, rich
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from dashboard.parts.question_words import closed_or_words, column_label, question_label, value_label
from dashboard.parts.saved_views import instead, save_form, views_card
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.model import Question, in_language

Options = Sequence[tuple[str, str]]
#: files of the view, in the order of their buttons
KINDS = ("png", "svg", "csv", "xlsx")


def page(context: Context) -> View:
    """The page; what can't be said is one sentence with the way back."""
    lang = context.lang
    title = say(lang, "page_answers.title")
    switch = closed_or_words(context.address, lang, words=False)
    start = html.Div([html.H1(title), switch, context.years()], className="top-start")
    try:
        found = answers(context.viewer, context.source, context.store, context.year, context.address.filters)
    except Refused as refused:
        body = [html.Div(start, className="top"), instead(context, refused)]
        return View(title, "answers", html.Div(body, className="answers-page"))
    asked = found.asked
    top = html.Div([start, _files(context, asked)], className="top")
    shown = html.Div([_choices(context, found), *_result(found, context.address)], className="answers-shown")
    body = [top, *newest_data(context), html.Div([_questions(context, asked), shown], className="answers-columns")]
    return View(title, "answers", html.Div(body, className="answers-page"), asked.street)


def _files(context: Context, asked: Asked) -> html.Div:
    lang = context.lang
    named = {"form": asked.form_name, "item": asked.item.name}
    return html.Div(
        [
            html.Span(say(lang, "page_answers.download"), className="muted"),
            *(
                download(
                    say(lang, f"page_answers.as_{k}"),
                    context.address.link(f"/download/answers/{k}", **named),
                    "button small",
                )
                for k in KINDS
            ),
            save_form(context, asked),
        ],
        className="actions",
    )


def _questions(context: Context, asked: Asked) -> html.Div:
    """All questions under the heads of their dimensions; the chosen one's is open."""
    lang = context.lang
    known = items(asked.form)
    names = {d["code"]: str(d[f"name_{lang}"]) for d in _dimensions(asked)}
    groups: dict[str, list[Question]] = {}
    for question in known.values():
        groups.setdefault(question.dimension, []).append(question)
    order = [*(code for code in names if code in groups), *(code for code in groups if code not in names)]
    parts = []
    for code in order:
        head = names.get(code) or say(lang, "page_answers.other_questions")
        rows = [_question(context, question, asked) for question in groups[code]]
        summary = html.Summary([head, html.Span(say(lang, "page_answers.of", n=len(rows)), className="muted")])
        parts.append(html.Details([summary, html.Ul(rows)], open=any(q is asked.item for q in groups[code])))
    nav = html.Nav(card(parts), **{"aria-label": say(lang, "page_answers.questions")})
    return html.Div([nav, views_card(context)], className="answers-questions")


def _dimensions(asked: Asked) -> Sequence[Any]:
    return asked.seen.meta.get("dimensions", ())


def _question(context: Context, question: Question, asked: Asked) -> html.Li:
    chosen = question is asked.item
    marks = {"aria-current": "true"} if chosen else {}
    text = [html.Span(question.name, className="muted"), " ", in_language(question.labels, context.lang, "")]
    return html.Li(link(text, context.address.link(item=question.name), "chosen" if chosen else "", **marks))


def _choices(context: Context, found: Answers) -> html.Section:
    """The question, what it is split and filtered by, and what was found."""
    lang, asked = context.lang, found.asked
    kept = dict(zip(("where", "also"), (*asked.where, "", ""), strict=False))
    values = [
        (
            f"{name}={value}",
            say(lang, "page_estimates.filter", column=column_label(c, lang), value=value_label(c, value, lang)),
        )
        for name, c in asked.columns.items()
        for value in c.values
    ]
    splits = [("", say(lang, "page_estimates.no_split"))]
    splits += [(COMMUNITY, say(lang, "page_answers.by_community"))] if not asked.community else []
    splits += [(name, column_label(c, lang)) for name, c in asked.columns.items() if name != asked.item.name]
    crosses = [
        (name, column_label(c, lang)) for name, c in asked.columns.items() if name not in (asked.item.name, asked.split)
    ]
    any_ = ("", say(lang, "page_estimates.no_filter"))
    offered: dict[str, tuple[str, Options]] = {
        "form": (asked.form_name, [(n, f.title or n) for n, f in asked.forms.items()]),
        "street": (asked.street, [(s, s) for s in asked.seen.streets]),
        "community": (asked.community, [("", say(lang, "page_estimates.all_communities")), *asked.places]),
        "split": (asked.split, splits),
        "cross": (asked.cross, [("", say(lang, "page_estimates.no_split")), *crosses] if asked.split else []),
        "where": (kept["where"], [any_, *values]),
        "also": (kept["also"], [any_, *values] if kept["where"] else []),
        "sort": (asked.sort, [(s, say(lang, f"page_answers.sort_{s}")) for s in SORTS] if asked.split else []),
    }
    selects = html.Div([_select(context, name, *offered[name]) for name in CHOSEN], className="answers-choices")
    said = [html.P(rich(text)) for text in sentences(found, lang)]
    mark = badge(say(lang, "page_answers.internal"), "warn", say(lang, "page_answers.internal_hint"))
    head = html.Div(
        [heading(question_label(asked.item, lang), _kind(asked, lang)), mark if internal(found) else None],
        className="card-top",
    )
    return card([head, selects, *said], "answers-said")


def _kind(asked: Asked, lang: str) -> str:
    words = [c.label(lang) for c in asked.item.choices if c.missing is None]
    listed = say(lang, "dash_words.list_comma").join(words[:7])
    return f"{listed} …" if len(words) > 7 else listed


def _select(context: Context, name: str, chosen: str, options: Options) -> Any:
    """One choice; what there is only one of is not asked.  Another questionnaire or street begins anew."""
    if len(options) < 2:
        return None
    gone: dict[str, None] = {}
    if name == "form":
        gone = dict.fromkeys(("item", "split", "cross", "where", "also"))
    if name == "street":
        gone = {"community": None}
    if name == "split":
        gone = {"cross": None}
    to = context.address.link
    return dmc.Select(
        id=f"answers-{name}",
        label=say(context.lang, f"page_answers.choose_{name}"),
        value=to(**{**gone, name: chosen or None}),
        data=[{"value": to(**{**gone, name: value or None}), "label": text} for value, text in options],
        allowDeselect=False,
        searchable=len(options) > 8,
        size="xs",
    )


def _result(found: Answers, address: Address) -> list[Any]:
    lang = address.lang
    if found.why is not None:
        return [card(html.P(found.why.word(lang)))]
    if not found.rows:
        return [card(html.P(say(lang, "page_estimates.nobody")))]
    hint = say(lang, "page_answers.picture_hint" if found.scored else "page_answers.shares_hint")
    return [
        card([heading(say(lang, "page_answers.picture"), hint), picture(found, lang)]),
        card([heading(say(lang, "page_answers.table")), table(found, lang, address), notes_line(found, lang)]),
    ]
