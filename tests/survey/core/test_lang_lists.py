"""A sentence lists things as its reader does: 、 in Chinese, a comma in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from survey.core.lang import LISTED_PLACES, separator
from tests.tools.sources import nodes

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    ROOT / "xingfu.py",
    *(p for room in ("survey", "analysis", "dashboard") for p in (ROOT / room).rglob("*.py")),
]
#: what words a sentence, and what its parameters are called where they are put together first
_SAYING = {"say", "tell", "Refused", "WrongUsage", "Surroundings", "Note", "complain"}
_PARAMETERS = {"params", "said", "told"}


def joined(node: ast.AST, names: set[str]) -> bool:
    """Whether an expression is a list put together with 、, or a name of one; of a choice by language it is not asked."""
    if isinstance(node, ast.BinOp):
        return joined(node.left, names)
    if isinstance(node, ast.BoolOp):
        return any(joined(one, names) for one in node.values)
    if isinstance(node, ast.IfExp):
        return joined(node.body, names) or joined(node.orelse, names)
    if isinstance(node, ast.Name):
        return node.id in names
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"):
        return False
    return isinstance(node.func.value, ast.Constant) and node.func.value.value == separator("zh")


def parameters(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The parameters that a call or an assignment gives a sentence."""
    tables: list[ast.AST | None] = []
    if isinstance(node, ast.Call):
        named = getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield from ((k.arg, k.value) for k in node.keywords if k.arg and named in _SAYING)
        tables = [k.value for k in node.keywords if k.arg == "params"]
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        tables = [node.value for t in targets if isinstance(t, ast.Name) and t.id in _PARAMETERS]
    for table in tables:
        if isinstance(table, ast.Dict):
            keys = zip(table.keys, table.values, strict=True)
            yield from ((str(k.value), value) for k, value in keys if isinstance(k, ast.Constant))


def lists_of_chinese(function: ast.AST) -> Iterator[tuple[str, int]]:
    """Parameters of sentences in a function that are lists put together with 、, with their lines."""
    made = [n for n in ast.walk(function) if isinstance(n, ast.Assign) and joined(n.value, set())]
    names = {t.id for n in made for t in n.targets if isinstance(t, ast.Name)}
    for node in ast.walk(function):
        yield from ((name, value.lineno) for name, value in parameters(node) if joined(value, names))


def test_no_parameter_of_a_sentence_is_a_list_put_together_in_chinese():
    """Give it as a list or tuple (``say`` lists it as the reader does), or ``enumerated`` where the language is known; only
    places and numbers, which older findings keep as one text, are listed anew when they are shown."""
    found = {
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in SOURCES
        for function in nodes(path)
        if isinstance(function, ast.FunctionDef)
        for name, line in lists_of_chinese(function)
        if name not in LISTED_PLACES
    }
    assert found == set()


def test_such_a_list_would_be_seen():
    text = "def f():\n    shown = '、'.join(a)\n    params = {'names': shown}\n    say('en', 'x', rows='、'.join(b) or '–')\n"
    assert set(lists_of_chinese(ast.parse(text).body[0])) == {("names", 3), ("rows", 4)}
