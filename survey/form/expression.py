"""Parsing the part of XPath that ``survey.form.relevant`` evaluates."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 4000
DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:\$\{\s*(?P<ref>[^}]+?)\s*\}|(?P<text>'[^']*'|"[^"]*")|(?P<number>-?(?:\d+\.?\d*|\.\d+))"""
    r"""|(?P<sign><=|>=|!=|=|<|>)|(?P<word>[A-Za-z][\w-]*)|(?P<mark>[(),]))"""
)


class Unsupported(ValueError):
    """The expression is beyond this subset, or no expression at all."""


@dataclass(frozen=True, slots=True)
class Ref:
    """``${name}``."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Truth:
    """``true()`` or ``false()``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands and the sign between them."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Selected:
    """``selected(${q}, 'x')``."""

    question: Node
    choice: Node


@dataclass(frozen=True, slots=True)
class Not:
    """``not(…)``."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """``… and …``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``… or …``."""

    parts: tuple[Node, ...]


Node = Ref | Text | Number | Truth | Compare | Selected | Not | All | AnyOf


def references(expression: str) -> list[str]:
    """The names in ``${…}``, whether or not the rest is supported."""
    return [name.strip() for name in re.findall(r"\$\{([^}]*)\}", expression)]


def parse(expression: str) -> Node:
    """The expression as a tree; raises Unsupported."""
    if len(expression) > LONGEST:
        raise Unsupported(expression[:50])
    tokens: list[tuple[str, str]] = []
    position, text = 0, expression.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise Unsupported(text[position:])
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return _Parser(tokens).whole()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, kind: str = "", text: str = "") -> str:
        found, value = self.peek()
        if found == "end" or (kind and found != kind) or (text and value != text):
            raise Unsupported(value)
        self.at += 1
        return value

    def whole(self) -> Node:
        node = self.disjunction()
        if self.peek()[0] != "end":
            raise Unsupported(self.peek()[1])
        return node

    def disjunction(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsupported("(")
        parts = [self.conjunction()]
        while self.peek() == ("word", "or"):
            self.take()
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.condition()]
        while self.peek() == ("word", "and"):
            self.take()
            parts.append(self.condition())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def condition(self) -> Node:
        kind, value = self.peek()
        if (kind, value) == ("mark", "("):
            return self.bracketed()
        if kind == "word":
            return self.function()
        left = self.operand()
        return Compare(self.take("sign"), left, self.operand())

    def bracketed(self) -> Node:
        self.take("mark", "(")
        node = self.disjunction()
        self.take("mark", ")")
        return node

    def function(self) -> Node:
        name = self.take("word")
        if name == "not":
            return Not(self.bracketed())
        self.take("mark", "(")
        node: Node
        if name in ("true", "false"):
            node = Truth(name == "true")
        elif name == "selected":
            question = self.operand()
            self.take("mark", ",")
            node = Selected(question, self.operand())
        else:
            raise Unsupported(name)
        self.take("mark", ")")
        return node

    def operand(self) -> Node:
        kind, value = self.peek()
        self.take()
        if kind == "ref":
            return Ref(value)
        if kind == "text":
            return Text(value[1:-1])
        if kind == "number":
            return Number(float(value))
        raise Unsupported(value)
