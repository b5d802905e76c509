"""Questions and the values of their columns, as a reader calls them."""

from __future__ import annotations

from dash import html

from dashboard.data.questions.asked import Asked
from dashboard.data.questions.choices import MODE, Column
from dashboard.data.questions.subjects import WordsAsked
from dashboard.parts.basic import mode_word, segmented
from dashboard.web.address import Address
from survey.core.lang import say
from survey.form.model import Question, in_language


def value_label(column: Column, value: str, lang: str) -> str:
    """The word for a value of a column; what the questionnaire does not know stands as it is."""
    if column.name == MODE:
        return mode_word(lang, value)
    return in_language(column.values.get(value, {}), lang, value)


def column_label(column: Column, lang: str) -> str:
    """The word for a column."""
    own = say(lang, f"page_estimates.column_{column.name}") if column.name == MODE else column.name
    return in_language(column.labels, lang, own)


def question_label(question: Question, lang: str) -> str:
    """A question with its name in front."""
    return f"{question.name} {in_language(question.labels, lang, '')}".strip()


def condition_text(asked: Asked | WordsAsked, word: str, lang: str) -> str:
    """A filter ``column=value`` of an address as a reader calls it."""
    name, _, value = word.partition("=")
    column = asked.columns[name]
    return say(lang, "page_estimates.filter", column=column_label(column, lang), value=value_label(column, value, lang))


def closed_or_words(address: Address, lang: str, *, words: bool) -> html.Nav:
    """The switch between questions with choices and questions that are answered in words."""
    entries = [
        (say(lang, "page_words.closed"), address.link("/answers"), not words),
        (say(lang, "page_words.in_words"), address.link("/answers/words"), words),
    ]
    return segmented(say(lang, "page_words.kinds"), entries)
