"""Whether a question was asked: the part of XPath that ``relevant`` mostly uses, over a whole block at once.

``${q}``, texts, numbers, ``= != < <= > >=``, ``and``, ``or``, ``not()``, ``selected()``, ``true()``,
``false()`` and parentheses.  As in XPath an unanswered question is ``''``, and a comparison with a number
is numeric, so that a blank is unequal to every number.  An expression beyond this counts as asked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.form.answer_codes import SKIPPED, STATE_NAMES, ResponseBlock
from survey.form.expression import (
    All,
    AnyOf,
    Compare,
    Node,
    Not,
    Number,
    Ref,
    Selected,
    Text,
    Truth,
    Unsupported,
    parse,
)
from survey.form.model import Question, Questionnaire

Bools = npt.NDArray[np.bool_]
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def questions_asked(form: Questionnaire, block: ResponseBlock) -> Bools:
    """Whether each question (columns in form order) was asked of each response: all its conditions hold; (n, q)."""
    result = np.ones((len(block), len(form.questions)), dtype=bool, order="F")  # it is read by columns
    known: dict[str, Bools | None] = {}
    for column, question in enumerate(form.questions):
        for condition in question.conditions:
            if condition not in known:
                known[condition] = _holds(form, block, condition)
            holds = known[condition]
            if holds is not None:
                result[:, column] &= holds
    return result


def evaluable(form: Questionnaire, expression: str) -> bool:
    """Whether it can be evaluated on stored answers: supported, on questions that are kept, order only on numbers."""
    try:
        return _fits(form, parse(expression))
    except Unsupported:
        return False


def _fits(form: Questionnaire, node: Node) -> bool:
    match node:
        case All(parts) | AnyOf(parts):
            return all(_fits(form, part) for part in parts)
        case Not(part):
            return _fits(form, part)
        case Selected(question, choice):
            return isinstance(question, Ref) and _kept(form, question) is not None and isinstance(choice, Text)
        case Compare(sign, left, right):
            ordered = sign not in ("=", "!=")
            return all(_operand_fits(form, operand, ordered) for operand in (left, right))
        case _:
            return isinstance(node, Truth)


def _operand_fits(form: Questionnaire, operand: Node, ordered: bool) -> bool:
    if not isinstance(operand, Ref):
        return isinstance(operand, Number) or (isinstance(operand, Text) and not ordered)
    question = _kept(form, operand)
    if question is None or question.coding == "multiple":
        return False
    return not (ordered and question.coding in ("text", "date"))


def _kept(form: Questionnaire, node: Ref) -> Question | None:
    """The question, if its answers stand in the block: free answers under a role go to the design columns."""
    if node.name not in form.position:
        return None
    question = form.question(node.name)
    return None if question.role and question.coding in ("text", "date", "number") else question


def _holds(form: Questionnaire, block: ResponseBlock, expression: str) -> Bools | None:
    if not evaluable(form, expression):
        return None
    return _evaluate(form, block, parse(expression))


def _evaluate(form: Questionnaire, block: ResponseBlock, node: Node) -> Bools:
    match node:
        case All(parts):
            return reduce(np.logical_and, [_evaluate(form, block, part) for part in parts])
        case AnyOf(parts):
            return reduce(np.logical_or, [_evaluate(form, block, part) for part in parts])
        case Not(part):
            return ~_evaluate(form, block, part)
        case Truth(value):
            return np.full(len(block), value)
        case Selected(question, choice):
            return _selected(form, block, question, choice)
        case Compare(sign, left, right):
            return _compare(form, block, sign, left, right)
        case _:
            raise Unsupported(repr(node))


def _compare(form: Questionnaire, block: ResponseBlock, sign: str, left: Node, right: Node) -> Bools:
    numeric = sign not in ("=", "!=") or isinstance(left, Number) or isinstance(right, Number)
    read = _numbers if numeric else _texts
    holds = _OPERATORS[sign](read(form, block, left), read(form, block, right))
    return np.broadcast_to(np.asarray(holds, dtype=bool), len(block))


def _selected(form: Questionnaire, block: ResponseBlock, node: Node, choice: Node) -> Bools:
    if not (isinstance(node, Ref) and isinstance(choice, Text)):
        raise Unsupported(repr(node))
    question = form.question(node.name)
    if question.coding != "multiple":
        return np.asarray(_texts(form, block, node) == choice.value, dtype=bool)
    index = next((i for i, c in enumerate(question.choices) if c.name == choice.value), None)
    answers = block.multiple.get(question.name) or [None] * len(block)
    return np.fromiter((a is not None and index in a for a in answers), dtype=bool, count=len(block))


def _texts(form: Questionnaire, block: ResponseBlock, node: Node) -> Any:
    """What each response holds as XPath's text: choice codes, plain numbers, ``''`` where there is none."""
    match node:
        case Text(value):
            return value
        case Number(number):
            return _plain(number)
        case Ref(name):
            question = form.question(name)
            codes = block.codes[:, form.position[name]]
            words = _words(question, codes)
            if question.coding == "text" or question.coding == "date":
                stored = block.texts.get(name)
                return words if stored is None else np.where(codes >= 0, _blanks_for_none(stored), words)
            if question.coding == "number" and name in block.numbers:
                values = block.numbers[name]
                texts = np.array([_plain(v) if v == v else "" for v in values.tolist()], dtype=object)
                return np.where(codes >= 0, texts, words)
            return words
        case _:
            raise Unsupported(repr(node))


def _numbers(form: Questionnaire, block: ResponseBlock, node: Node) -> Any:
    """The same as numbers, NaN where the text is none."""
    match node:
        case Number(number):
            return number
        case Text(value):
            return _to_number(value)
        case Ref(name) if form.question(name).coding == "number" and name in block.numbers:
            codes = block.codes[:, form.position[name]]
            given = _vocabulary(form.question(name))
            return np.where(codes >= 0, block.numbers[name], _lookup(given, codes, _to_number))
        case Ref(name):
            question = form.question(name)
            if question.coding in ("text", "date"):
                return np.array([_to_number(t) for t in _texts(form, block, node)])
            return _lookup(_vocabulary(question), block.codes[:, form.position[name]], _to_number)
        case _:
            raise Unsupported(repr(node))


def _words(question: Question, codes: npt.NDArray[np.int16]) -> Any:
    return _lookup(_vocabulary(question), codes, str)


def _lookup(vocabulary: Mapping[int, str], codes: npt.NDArray[np.int16], convert: Callable[[str], Any]) -> Any:
    """``convert(vocabulary[code])`` for each code, ``convert('')`` for those that are not in it."""
    present, inverse = np.unique(codes, return_inverse=True)
    values = [convert(vocabulary.get(int(code), "")) for code in present]
    kind: Any = object if convert is str else float
    return np.array(values, dtype=kind)[inverse]


def _vocabulary(question: Question) -> dict[int, str]:
    """Packed code → text; a given don't know comes back as the code it was declared by."""
    words: dict[int, str] = {}
    states = {name: code for code, name in STATE_NAMES.items()}
    for value, state in question.missing_values.items():
        words.setdefault(states[state], value)
    if question.coding == "choice":
        for index, choice in enumerate(question.choices):
            words[index] = choice.name
            if choice.missing:
                words.setdefault(states[choice.missing], choice.name)
    if question.coding == "step":
        low, high = question.low or 0.0, question.high or 0.0
        words |= {i: _plain(low + i * question.unit) for i in range(round((high - low) / question.unit) + 1)}
    words.pop(SKIPPED, None)
    return words


def _blanks_for_none(values: Any) -> Any:
    return np.array(["" if v is None else v for v in values], dtype=object)


def _plain(number: float) -> str:
    """A number as XPath writes it: no ``.0``, no exponent for what answers hold."""
    return str(int(number)) if float(number).is_integer() else repr(round(number, 10))


def _to_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
