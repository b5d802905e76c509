"""When a question is asked, in words for whoever fills in paper: （S1 选“是”才答）."""

from __future__ import annotations

from collections.abc import Iterable

from survey.core.lang import say
from survey.form.expression import All, AnyOf, Compare, Node, Not, Number, Ref, Selected, Text, Unsupported, parse
from survey.form.model import Question, Questionnaire
from survey.form.workbook.syntax import format_number

_SIGNS = {"=": "is", "!=": "is_not", "<": "below", "<=": "up_to", ">": "above", ">=": "from"}


def condition_words(form: Questionnaire, expression: str, lang: str) -> str:
    """The condition as a person reads it; as it was written where it is more than comparisons."""
    try:
        return _words(form, parse(expression), lang)
    except Unsupported:
        return expression


def _words(form: Questionnaire, node: Node, lang: str) -> str:
    if isinstance(node, All | AnyOf):
        joiner = say(lang, f"paper.{'and' if isinstance(node, All) else 'or'}")
        return joiner.join(_inner(form, part, lang) for part in node.parts)
    if isinstance(node, Not):
        return say(lang, "paper.not", condition=_words(form, node.part, lang))
    if isinstance(node, Selected):
        return _compared(form, "=", node.question, node.choice, lang)
    if isinstance(node, Compare):
        return _compared(form, node.sign, node.left, node.right, lang)
    raise Unsupported(str(node))


def _inner(form: Questionnaire, node: Node, lang: str) -> str:
    """Alternatives within a condition keep their brackets."""
    words = _words(form, node, lang)
    return f"({words})" if isinstance(node, AnyOf) else words


def _compared(form: Questionnaire, sign: str, left: Node, right: Node, lang: str) -> str:
    if not isinstance(left, Ref) or not isinstance(right, Text | Number):
        raise Unsupported(sign)
    value = right.value if isinstance(right, Text) else format_number(right.value)
    if value == "":
        return say(lang, "paper.is_blank" if sign == "=" else "paper.is_filled", name=left.name)
    return say(lang, f"paper.{_SIGNS[sign]}", name=left.name, value=_choice(form.rows, left.name, value, lang))


def _choice(rows: Iterable[Question], name: str, value: str, lang: str) -> str:
    """The words of a choice, the value itself where there are none."""
    question = next((row for row in rows if row.name == name), None)
    found = next((c for c in question.choices if c.name == value), None) if question else None
    return found.label(lang) if found else value
