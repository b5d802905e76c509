"""文字回答: what was said most with its error at the left, what was written at the right."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from analysis.statistics.notes import note_text
from analysis.words.answers import in_words
from dashboard.figures import numbers
from dashboard.pages.words import CHOSEN
from dashboard.pages.words.reading_view import progress, reading_card
from dashboard.pages.words.service import Count, Counts, Words, counted, read_words
from dashboard.parts.basic import card, download, heading, rich
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from dashboard.parts.question_words import closed_or_words, column_label, value_label
from dashboard.parts.saved_views import instead, save_form
from dashboard.web.access import may
from survey.core.errors import Refused
from survey.core.lang import enumerated, say
from survey.form.model import in_language

#: chance below which a change is said to be none of chance, after all codes were looked at
BEYOND = 0.05
#: lines for new codes in the form of the list
NEW = 3


def page(context: Context) -> View:
    """The page; what can't be said is one sentence with the way back."""
    lang = context.lang
    title = say(lang, "page_answers.title")
    start = html.Div(
        [html.H1(title), closed_or_words(context.address, lang, words=True), context.years()], className="top-start"
    )
    try:
        shown = read_words(context.viewer, context.source, context.store, context.year, context.address.filters)
    except Refused as refused:
        body = [html.Div(start, className="top"), instead(context, refused)]
        return View(title, "answers", html.Div(body, className="words-page"))
    found = counted(context.store, shown)
    top = html.Div([start, _files(context, shown, found)], className="top")
    left = card(
        [
            heading(say(lang, "page_words.said_what"), _base(found, lang)),
            *_counts(shown, found, lang),
            progress(context, shown),
            html.P(say(lang, "page_words.how"), className="hint"),
        ],
        "words-counts",
    )
    right = html.Div(
        [
            _find(shown, lang) if may(context.viewer, "read_words") else None,
            html.Div(reading_card(context, shown), id="words-read"),
        ],
        className="words-right",
    )
    codes = [_list(context, shown)] if may(context.viewer, "code_words") and not context.store.read_only else []
    body = [
        top,
        *newest_data(context),
        _choices(context, shown, found),
        html.Div([html.Div([left, *codes], className="words-left"), right], className="words-columns"),
    ]
    return View(title, "answers", html.Div(body, className="words-page"), shown.street)


def _files(context: Context, shown: Words, found: Counts) -> html.Div:
    lang, to = context.lang, context.address.link
    kept = dict(context.address.filters)
    single = []
    if may(context.viewer, "read_words"):
        single = [
            download(say(lang, "page_words.take_answers"), to("/download/words/answers/xlsx", **kept), "button small")
        ]
    counts = (
        [("CSV", "csv"), ("Excel", "xlsx")] if found.rows and found.why is None else []
    )  # else there is no such file
    files = [*(download(word, to(f"/download/words/{kind}", **kept), "button small") for word, kind in counts), *single]
    said = [html.Span(say(lang, "page_answers.download"), className="muted")] if files else []
    return html.Div(
        [
            *said,
            *files,
            save_form(context, shown.basis),
        ],
        className="actions",
    )


def _choices(context: Context, shown: Words, found: Counts) -> html.Section:
    """The question, who is looked at, and what was found."""
    lang, address = context.lang, context.address
    form = shown.forms[shown.form_name]
    kept = dict(zip(("where", "also"), (*shown.where, "", ""), strict=False))
    values = [
        (
            f"{name}={value}",
            say(lang, "page_estimates.filter", column=column_label(c, lang), value=value_label(c, value, lang)),
        )
        for name, c in shown.columns.items()
        for value in c.values
    ]
    any_ = ("", say(lang, "page_estimates.no_filter"))
    offered: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "form": (shown.form_name, [(n, f.title or n) for n, f in shown.forms.items()]),
        "item": (shown.asked.question, [(n, in_language(q.labels, lang, n)) for n, q in in_words(form).items()]),
        "street": (shown.street, [(s, s) for s in shown.seen.streets]),
        "community": (shown.community, [("", say(lang, "page_estimates.all_communities")), *shown.places]),
        "where": (kept["where"], [any_, *values]),
        "also": (kept["also"], [any_, *values] if kept["where"] else []),
    }
    gone: dict[str, dict[str, None]] = {"form": dict.fromkeys(("item", "where", "also")), "street": {"community": None}}
    selects = [
        dmc.Select(
            id=f"words-{name}",
            label=say(lang, f"page_words.choose_{name}"),
            value=address.link(**{**gone.get(name, {}), name: chosen or None}),
            data=[
                {"value": address.link(**{**gone.get(name, {}), name: value or None}), "label": text}
                for value, text in options
            ],
            allowDeselect=False,
            searchable=len(options) > 8,
            size="xs",
        )
        for name in CHOSEN
        for chosen, options in (offered[name],)
        if len(options) > 1
    ]
    label = in_language(form.question(shown.asked.question).labels, lang, shown.asked.question)
    said = [html.P(rich(text)) for text in sentences(shown, found, lang, codes=may(context.viewer, "code_words"))]
    return card(
        [heading(label, shown.asked.question), html.Div(selects, className="answers-choices"), *said], "answers-said"
    )


def sentences(shown: Words, found: Counts, lang: str, *, codes: bool) -> list[str]:
    """How many wrote something, what was said most, what changed beyond chance; ``codes``: the reader makes the list of codes."""
    every = [a for a in shown.asked.answers if a.year == shown.year]
    said = [say(lang, "page_words.wrote", n=len(every))]
    if found.why is not None:
        return [*said, found.why.word(lang)]
    if not shown.asked.codes:
        return [*said, say(lang, "page_words.no_codes" if codes else "page_words.no_codes_yet")]
    if not found.rows:
        note = note_text(found.note, lang)
        return [*said, f"{note}{say(lang, 'page_answers.stop')}" if note else say(lang, "page_words.nothing_counted")]
    first = found.rows[0]
    said.append(say(lang, "page_words.most", code=first.name, share=_percent(first.share), ends=_ends(first)))
    if shown.before is None:
        return said
    moved = [r for r in found.rows if r.change is not None and r.change_q is not None and r.change_q < BEYOND]
    if moved:
        names = enumerated(lang, [f"**{r.name}** {_points(r.change or 0.0)}" for r in moved])
        said.append(say(lang, "page_words.moved", year=shown.before, names=names))
    elif any(r.change_q is not None for r in found.rows):
        said.append(say(lang, "page_words.none_moved", year=shown.before, n=len(found.rows)))
    return said


def _percent(share: float) -> str:
    return f"{numbers.points(100 * share, 1)}%"


def _points(change: float) -> str:
    return numbers.signed(100 * change, 1)


def _ends(row: Count) -> str:
    if row.low is None or row.high is None:
        return numbers.DASH
    return f"{numbers.points(100 * row.low, 1)}–{numbers.points(100 * row.high, 1)}"


def _base(found: Counts, lang: str) -> str:
    return say(lang, "page_words.base", n=numbers.count(found.n)) if found.n else ""


def _counts(shown: Words, found: Counts, lang: str) -> list[Any]:
    """A line a code: how many, its share as a bar with the interval, the change on the year before."""
    if not found.rows:
        return []
    top = max([r.high or r.share for r in found.rows] + [0.01])
    changed = any(r.change is not None for r in found.rows)
    keys = ["code", "said", "share", "bar", "interval", *(["change"] if changed else [])]
    heads = [
        say(lang, "page_words.col_change", year=shown.before) if k == "change" else say(lang, f"page_words.head_{k}")
        for k in keys
    ]
    head = html.Tr(
        [
            html.Th(text, scope="col", className="number" if k != "code" else "")
            for k, text in zip(keys, heads, strict=True)
        ]
    )
    rows = [_row(r, top, lang, changed=changed) for r in found.rows]
    return [
        html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="lines words-table"), className="scroll")
    ]


def _row(row: Count, top: float, lang: str, *, changed: bool) -> html.Tr:
    marks: list[Any] = [html.I(className="bar", style={"width": f"{round(100 * row.share / top, 2)}%"})]
    if row.low is not None and row.high is not None:
        left, width = 100 * row.low / top, 100 * (row.high - row.low) / top
        marks.append(html.I(className="ends", style={"left": f"{round(left, 2)}%", "width": f"{round(width, 2)}%"}))
    cells: list[Any] = [
        html.Th(row.name, scope="row"),
        html.Td(numbers.count(row.said), className="number"),
        html.Td(html.B(_percent(row.share)), className="number"),
        html.Td(html.Div(marks, className="words-share", **{"aria-hidden": "true"})),
        html.Td(_ends(row), className="number"),
    ]
    if changed:
        beyond = row.change is not None and row.change_q is not None and row.change_q < BEYOND
        text = _points(row.change or 0.0) if beyond else say(lang, "dash_words.no_clear_change")
        title = "" if row.change is None else f"{_points(row.change)}  q={numbers.points(row.change_q, 2)}"
        cells.append(
            html.Td(html.B(text) if beyond else html.Span(text, className="muted"), className="number", title=title)
        )
    return html.Tr(cells)


def _find(shown: Words, lang: str) -> Any:
    return dmc.TextInput(
        id="words-find",
        value=shown.find,
        placeholder=say(lang, "page_words.find"),
        debounce=500,
        **{"aria-label": say(lang, "page_words.find")},
    )


def _list(context: Context, shown: Words) -> html.Details:
    """The list of codes, to be edited: a line a code, blank lines for new ones."""
    lang = context.lang
    lines = [(c.id, c.name, " ".join(c.keywords)) for c in shown.asked.codes]
    lines += [(-n, "", "") for n in range(1, NEW + 1)]
    fields = [
        html.Div(
            [
                dmc.TextInput(
                    id={"type": "word-name", "code": number},
                    value=name,
                    **{"aria-label": say(lang, "page_words.list_name")},
                ),
                dmc.TextInput(
                    id={"type": "word-keys", "code": number},
                    value=keys,
                    **{"aria-label": say(lang, "page_words.list_keys")},
                ),
            ],
            className="code-list-line",
        )
        for number, name, keys in lines
    ]
    return html.Details(
        [
            html.Summary(say(lang, "page_words.list", n=len(shown.asked.codes))),
            card(
                [
                    html.P(say(lang, "page_words.list_hint"), className="hint"),
                    html.Div(
                        [html.Span(say(lang, "page_words.list_name")), html.Span(say(lang, "page_words.list_keys"))],
                        className="code-list-line muted",
                        **{"aria-hidden": "true"},
                    ),
                    *fields,
                    html.Div(
                        html.Button(
                            say(lang, "page_words.list_save"),
                            id="words-list-save",
                            type="button",
                            className="button primary",
                        ),
                        className="actions",
                    ),
                ]
            ),
        ],
        open=not shown.asked.codes,
        className="code-list",
    )
