"""The answers to read: the one that is being coded with its codes, then the others; a code comes from a person alone."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from analysis.words.answers import Worded
from dashboard.figures import numbers
from dashboard.pages.words.service import Words, reading, suggestions
from dashboard.parts.basic import badge, card
from dashboard.parts.context import Context
from dashboard.web.access import may
from survey.core.cells import clean
from survey.core.lang import say

#: keys of the first codes
KEYS = "1234567890"


def reading_card(context: Context, shown: Words, at: int = 0, before: int = 0) -> html.Section:
    """What this viewer may read, else why not; ``before``: the answer that was coded last, which can be taken back."""
    lang = context.lang
    if not may(context.viewer, "read_words"):
        return card([html.H2(say(lang, "page_words.answers")), html.P(say(lang, "page_words.counts_only"))])
    found = reading(context.viewer, shown, at)
    codes = may(context.viewer, "code_words") and bool(shown.asked.codes) and not context.store.read_only
    said = say(lang, "page_words.found", n=found.found, open=found.open_)
    parts: list[Any] = [html.P(said, className="hint")]
    if found.current is not None and codes:
        parts.append(_current(shown, found.current, lang, before))
    parts.append(html.Ul([_line(shown, a, lang, codes=codes) for a in found.answers], className="words-lines"))
    if found.found > len(found.answers) + (found.current is not None):
        parts.append(html.P(say(lang, "page_words.more", n=len(found.answers)), className="hint"))
    if found.held:
        parts.append(html.P(say(lang, "page_words.held", n=found.held), className="words-held"))
    if codes:
        parts.append(html.P(say(lang, "page_words.keys"), className="hint wide-only"))
    return card(parts, "words-reading")


def _current(shown: Words, answer: Worded, lang: str, before: int) -> html.Div:
    """The answer that is being coded."""
    given = answer.coded.codes if answer.coded else ()
    hints = suggestions(shown, answer)
    keys = dict(zip((c.id for c in shown.asked.codes), KEYS, strict=False))
    buttons = [
        html.Button(
            [html.Kbd(keys[c.id]) if c.id in keys else None, c.name],
            id={"type": "word-code", "code": c.id},
            type="button",
            className="word-code" + (" given" if c.id in given else " hinted" if c.id in hints else ""),
            **{"aria-pressed": str(c.id in given).lower(), "data-word-key": keys.get(c.id, "")},
        )
        for c in shown.asked.codes
    ]
    names = {c.id: c.name for c in shown.asked.codes}
    why = [
        html.Span(say(lang, "page_words.because", code=names[c], word=word), className="word-hint")
        for c, word in hints.items()
    ]
    tools = [
        html.Button(
            [say(lang, "page_words.take"), html.Kbd("Enter")],
            id={"type": "word-do", "what": "take"},
            type="button",
            className="button small primary",
            disabled=not hints,
        ),
        html.Button(
            [say(lang, "page_words.next" if answer.coded is not None else "page_words.none"), html.Kbd("N")],
            id={"type": "word-do", "what": "next"},
            type="button",
            className="button small",
        ),
        html.Button(
            [say(lang, "page_words.undo"), html.Kbd("U")],
            id={"type": "word-do", "what": "undo"},
            type="button",
            className="button small",
            disabled=answer.coded is None and not before,
        ),
    ]
    head = html.Div([_quote(shown, answer), _place(shown, answer)], className="words-head")
    body: list[Any] = [
        dcc.Store(id="words-at", data=answer.response_id),
        dcc.Store(id="words-before", data=before),
        head,
    ]
    if why:
        body.append(html.P([say(lang, "page_words.suggested"), *why]))
    return html.Div(
        [*body, html.Div(buttons, className="word-codes"), html.Div(tools, className="actions")],
        className="words-current",
    )


def _line(shown: Words, answer: Worded, lang: str, *, codes: bool) -> html.Li:
    """One answer with its codes."""
    names = {c.id: c.name for c in shown.asked.codes}
    state: list[Any] = [badge(say(lang, "page_words.open"), "warn")]
    if answer.coded is not None:
        state = [html.Span(say(lang, "page_words.done"), className="word-up")]
        state += [badge(names.get(c, ""), "info") for c in answer.coded.codes]
        if not answer.coded.codes:
            state.append(html.Span(say(lang, "page_words.of_none"), className="muted"))
    elif hints := suggestions(shown, answer):
        state.append(html.Span(say(lang, "page_words.suggested"), className="muted"))
        state += [html.Span(names[c], className="word-hint") for c in hints]
    tool = html.Button(
        say(lang, "page_words.code_it"),
        id={"type": "word-at", "response": answer.response_id},
        type="button",
        className="button small",
    )
    foot = html.Div([html.Div(state, className="words-state"), tool if codes else None], className="words-foot")
    return html.Li([html.Div([_quote(shown, answer), _place(shown, answer)], className="words-head"), foot])


def _place(shown: Words, answer: Worded) -> html.Span:
    return html.Span(dict(shown.places).get(answer.community, ""), className="muted")


def _quote(shown: Words, answer: Worded) -> html.Q:
    """The answer, what is looked for marked in it."""
    text, wanted = answer.text, clean(shown.find).casefold()
    if not wanted:
        return html.Q(text)
    parts: list[Any] = []
    folded, start = text.casefold(), 0
    while len(folded) == len(text) and (place := folded.find(wanted, start)) >= 0:
        parts += [text[start:place], html.Mark(text[place : place + len(wanted)])]
        start = place + len(wanted)
    return html.Q([*parts, text[start:]])


def progress(context: Context, shown: Words) -> html.Div:
    """How many of the year's answers are coded, and how many of these count."""
    lang, every = context.lang, shown.asked.of(shown.year)
    done, counts = sum(a.coded is not None for a in every), len(shown.asked.counted(shown.year))
    width = round(100 * done / len(every), 1) if every else 0
    return html.Div(
        [
            html.Span(say(lang, "page_words.progress", n=numbers.count(done), of=numbers.count(len(every)))),
            html.Div(html.I(style={"width": f"{width}%"}), className="words-bar", **{"aria-hidden": "true"}),
            html.P(say(lang, "page_words.in_turn", n=counts, before=done - counts), className="hint"),
        ],
        className="words-progress",
    )
