"""Lists to choose from: what is chosen stays chosen when it is chosen again."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3] / "dashboard"


def test_to_choose_again_what_a_list_shows_does_not_empty_it():
    """Mantine takes the choice away by itself; whoever looks a preset field over was told that nothing is chosen."""
    calls = [
        (path.relative_to(ROOT), node.lineno, {word.arg: word.value for word in node.keywords})
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Select"
    ]
    assert len(calls) > 20
    assert [
        f"{path}:{line}"
        for path, line, words in calls
        if not isinstance(said := words.get("allowDeselect"), ast.Constant) or said.value is not False
    ] == []
