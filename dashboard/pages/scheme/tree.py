"""A scheme as a tree: type, indicators on up to three levels, rule in words, texts of the annex behind each."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.scheme.difference import rule_words
from analysis.scheme.model import Dimension
from analysis.scheme.rules.words import marks, words_for
from dashboard.pages.scheme.service import Line, SchemeYear
from dashboard.parts.basic import card, heading
from survey.core.lang import say


def tree_card(data: SchemeYear, lang: str) -> html.Section:
    """One foldable part a type, the first one open."""
    dimensions = data.scheme.dimensions
    parts = [_dimension(d, data, lang, first=d is dimensions[0]) for d in dimensions]
    return card([heading(say(lang, "page_scheme.tree"), say(lang, "page_scheme.tree_hint")), *parts], "scheme-tree")


def _dimension(dimension: Dimension, data: SchemeYear, lang: str, *, first: bool) -> html.Details:
    lines = data.lines[dimension.code]
    scored = sum(line.indicator.points is not None for line in lines)
    names = html.B(dimension.names[lang])
    points = say(
        lang,
        "page_scheme.points",
        objective=marks(dimension.objective_points),
        subjective=marks(dimension.subjective_points),
        n=scored,
    )
    offices = say(
        lang,
        "page_scheme.offices",
        lead=dimension.lead_office or "—",
        offices=dimension.responsible_offices or "—",
    )
    head = html.Tr(
        [
            html.Th(say(lang, f"page_scheme.col_{c}"), scope="col", className=c)
            for c in ("name", "points", "rule", "office", "methods")
        ]
    )
    table = html.Table(
        [html.Thead(head), html.Tbody([_line(line, lang) for line in lines])], className="lines indicators"
    )
    return html.Details(
        [html.Summary([names, html.Span(points, className="muted")]), html.P(offices, className="muted small"), table],
        open=first,
    )


def _methods(text: str, lang: str) -> str:
    """Methods in the reader's language, as far as their words are known."""
    return say(lang, "dash_words.list_comma").join(words_for("method", word)[lang] for word in text.split("、") if word)


def _line(line: Line, lang: str) -> html.Tr:
    i = line.indicator
    name: list[Any] = [html.Span(i.code, className="code"), html.Span(i.names[lang])]
    if i.points is None:
        return html.Tr(html.Th(name, scope="rowgroup", colSpan=5), className=f"group depth-{line.depth}")
    text, scoring = (
        (i.text_zh, i.scoring_zh) if lang == "zh" else (i.text_en or i.text_zh, i.scoring_en or i.scoring_zh)
    )
    rule = rule_words(i)[lang]
    text = text.replace(rule, "").strip() if rule else text
    more = [
        html.P([html.B(say(lang, f"page_scheme.{key}")), value])
        for key, value in (("text", text), ("scoring", scoring))
        if value
    ]
    full = say(lang, "page_scheme.full", points=marks(i.points))
    return html.Tr(
        [
            html.Th(
                [html.Div(name), html.Details([html.Summary(say(lang, "page_scheme.texts")), *more]) if more else None],
                scope="row",
                className=f"depth-{line.depth}",
            ),
            html.Td(marks(i.points), className="points", title=full),
            html.Td(rule.partition("：" if lang == "zh" else ": ")[2] or rule, className="rule"),
            html.Td(i.office or "—", className="office", **{"data-label": say(lang, "page_scheme.col_office")}),
            html.Td(
                _methods(i.methods, lang) or "—",
                className="methods",
                **{"data-label": say(lang, "page_scheme.col_methods")},
            ),
        ]
    )
