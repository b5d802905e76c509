"""The numbers of the picture as a table, with intervals and tests."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.data.questions.asked import COMMUNITY, CROSSED
from dashboard.figures import numbers
from dashboard.pages.answers.sentence import common_text
from dashboard.pages.answers.service import Answers, Group
from dashboard.pages.answers.together import of_group
from dashboard.pages.answers.words import chance_text, choices_of, mean_text, name_of, percent, percents, why_hidden
from dashboard.parts.basic import traced
from dashboard.web.address import Address
from survey.core.lang import say


def table(found: Answers, lang: str, address: Address | None = None) -> html.Div:
    """One row a line of the picture; with an ``address`` what a community's score is made of leads to where it comes from."""
    choices = choices_of(found, lang) if any(row.shares for row in found.rows) else []
    address = address if _leads_back(found) else None
    means = any(row.mean is not None for row in found.rows)
    tested = any(row.against_q is not None for row in found.rows)
    before = any(row.was is not None for row in found.rows)
    heads = [say(lang, "page_answers.col_group"), say(lang, "page_answers.col_n"), *(label for _, label in choices)]
    heads += [say(lang, "page_answers.col_no_opinion")] if choices else []
    tops = any(row.top is not None for row in found.rows)
    heads += [say(lang, "page_answers.col_top"), say(lang, "page_answers.col_interval")] if tops else []
    heads += [say(lang, f"page_answers.col_{'points' if found.scored else 'mean'}")] if means else []
    heads += [say(lang, "page_answers.col_interval")] if means else []
    heads += [say(lang, "page_answers.col_against")] if tested else []
    if before:
        heads += [str(found.asked.before), say(lang, "page_answers.col_change", year=found.asked.before)]
    head = [html.Th(text, scope="col", className="number" if n else "") for n, text in enumerate(heads)]
    rows = [_row(found, row, lang, choices, (means, tested, before, tops), address) for row in found.rows]
    drawn = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines answers-table")
    return html.Div(drawn, className="scroll")


def _row(
    found: Answers,
    row: Group,
    lang: str,
    choices: list[tuple[str, str]],
    has: tuple[bool, bool, bool, bool],
    address: Address | None,
) -> html.Tr:
    means, tested, before, tops = has
    name = html.Th(name_of(found, row, lang), scope="row")
    width = 1 + len(choices) + bool(choices) + 2 * tops + 2 * means + tested + 2 * before
    if row.hidden:
        return html.Tr([name, html.Td(why_hidden(found, row, lang), colSpan=width, className="muted")])
    code = _community_of(found, row)

    def to(text: Any) -> Any:
        return traced(text, address, code, item=found.asked.item.name) if address is not None and code else text

    cells: list[Any] = [to(numbers.count(row.n))]
    shares = percents(found, row)
    cells += [shares.get(c, numbers.DASH) for c, _ in choices]
    cells += [percent(row.no_opinion)] if choices else []
    if tops:
        cells += [percent(row.top[0]) if row.top else numbers.DASH, ends_text(row)]
    if means:
        cells += [html.B(to(mean_text(found, row.mean))), interval_text(found, row)]
    if tested:
        several = _tested_together(found, row, "against_q") > 1
        adjusted = chance_text("q" if several else "p", row.against_q)
        strict = f" {chance_text('Holm p', row.against_holm)}" if several else ""
        cells.append(numbers.DASH if row.against_q is None else f"{numbers.signed(row.against, 2)}  {adjusted}{strict}")
    if before:
        change = row.change_q is not None and row.change is not None
        several = _tested_together(found, row, "change_q") > 1
        adjusted = f" {chance_text('q', row.change_q)} {chance_text('Holm p', row.change_holm)}" if several else ""
        told = (
            f"{numbers.signed(row.change, 2)}  {chance_text('p', row.change_p)}{adjusted}" if change else numbers.DASH
        )
        cells += [mean_text(found, row.was), told]
    return html.Tr([name, *(html.Td(cell, className="number") for cell in cells)])


def _tested_together(found: Answers, row: Group, name: str) -> int:
    """How many groups a q of this row is over: one alone needs none, its p is all there is.

    Changes are one family over all groups shown; a difference from the rest is of the groups of its line (its community, where
    these are split further).
    """
    inside = name == "against_q" and COMMUNITY in found.asked.splits and len(found.asked.splits) > 1

    def area(one: Group) -> str:
        return (one.value or "").split(CROSSED)[0] if inside else ""

    if row.value is None:
        return 1
    mates = (one for one in found.rows if one.value is not None and area(one) == area(row))
    return sum(getattr(one, name) is not None for one in mates)


def _leads_back(found: Answers) -> bool:
    """Whether the numbers are of all answers of a community: nobody is filtered out.  A question need not count in the score."""
    return not found.asked.where


def _community_of(found: Answers, row: Group) -> str:
    """The one community that a line is of, ``""`` where it is of several or of a part of one."""
    asked = found.asked
    if row.value is None:
        return asked.community
    return row.value if asked.split == COMMUNITY and not asked.cross else ""


def ends_text(row: Group) -> str:
    """The ends of the interval of the two best levels."""
    if row.top is None or row.top[1] is None or row.top[2] is None:
        return numbers.DASH
    return f"{numbers.points(100 * row.top[1], 1)}–{numbers.points(100 * row.top[2], 1)}"


def interval_text(found: Answers, row: Group) -> str:
    """The ends of the interval of a mean."""
    if row.low is None or row.high is None:
        return numbers.DASH
    return f"{mean_text(found, row.low)}–{mean_text(found, row.high)}"


def notes_line(found: Answers, lang: str) -> html.P:
    """How the numbers were made, and what holds for all of them."""
    parts = [say(lang, "page_answers.how_levels" if found.best_first else "page_answers.how"), common_text(found, lang)]
    return html.P(" ".join(filter(None, parts)), className="hint")


def _together(found: Answers, row: Group, lang: str) -> dict[str, Any]:
    """The test of all groups that this one is of, in the row of each: of a question without a mean the choice that tells most."""
    first = of_group(found.together, row.value)
    if first is None or row.hidden:
        return {}
    named = {"tested": dict(choices_of(found, lang)).get(first.choice), "f": first.statistic}
    told = {**named, "df1": first.df1, "df2": first.df2, "p": first.p, "p_holm": first.p_holm}
    return {say(lang, f"page_answers.together_{name}"): value for name, value in told.items()}


def frame(found: Answers, lang: str) -> pd.DataFrame:
    """The same as a table for a file: a row a line, shares from 0 to 1, headers in words, the question in front."""
    choices = choices_of(found, lang)
    rows = []
    for row in found.rows:
        one: dict[str, Any] = {
            say(lang, "page_answers.col_year"): found.asked.year,
            say(lang, "page_answers.col_question"): found.asked.item.name,
            say(lang, "page_answers.col_group"): name_of(found, row, lang),
            say(lang, "page_answers.col_n"): None if row.hidden else row.n,
        }
        for name, label in choices:
            share, low, high = row.shares.get(name, (None, None, None))
            one[label] = share
            one[say(lang, "page_answers.low_of", what=label)] = low
            one[say(lang, "page_answers.high_of", what=label)] = high
        mean = say(lang, f"page_answers.col_{'points' if found.scored else 'mean'}")
        top = say(lang, "page_answers.col_top")
        share, low, high = row.top or (None, None, None)
        one |= {
            top: share,
            say(lang, "page_answers.low_of", what=top): low,
            say(lang, "page_answers.high_of", what=top): high,
        }
        one |= {
            say(lang, "page_answers.col_no_opinion"): row.no_opinion,
            mean: row.mean,
            say(lang, "page_answers.low_of", what=mean): row.low,
            say(lang, "page_answers.high_of", what=mean): row.high,
            say(lang, "page_answers.col_against"): row.against,
            "q": row.against_q,
            say(lang, "page_answers.col_against_holm"): row.against_holm,
            say(lang, "page_answers.col_was"): row.was,
            say(lang, "page_answers.col_change", year=found.asked.before or numbers.DASH): row.change,
            "p": row.change_p,
            say(lang, "page_answers.col_change_q"): row.change_q,
            say(lang, "page_answers.col_change_holm"): row.change_holm,
            **_together(found, row, lang),
            say(lang, "page_answers.col_note"): why_hidden(found, row, lang)
            if row.hidden
            else common_text(found, lang),
        }
        rows.append(one)
    return pd.DataFrame(rows).dropna(axis=1, how="all")
