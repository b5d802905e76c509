"""The program's own text, parsed once a process for all the tests that look at it."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: endings of what is text and no table of data
TEXT = {".py", ".md", ".toml", ".txt", ".css", ".js", ".svg", ".json", ".csv", ".yml", ""}

#: strings, so that no mark within one is taken for a comment, and comments
_STRING_OR_COMMENT = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?P<comment>\#[^\n]*)''',
    re.S,
)


@cache
def parsed(path: Path) -> ast.Module:
    """The tree of a source file; tests only look at it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a source file, in no particular order."""
    return tuple(walk(parsed(path)))


def walk(tree: ast.AST) -> list[ast.AST]:
    """What ``ast.walk`` gives, in its order and in a third of the time: the trees of all files have millions of nodes."""
    found = [tree]
    for node in found:
        for value in vars(node).values():
            if type(value) is list:
                found += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


def comments(source: str) -> list[str]:
    """Every comment of a module with its ``#``; much faster than ``tokenize``, which is held against it."""
    return [found["comment"] for found in _STRING_OR_COMMENT.finditer(source) if found["comment"]]


def tracked() -> list[Path]:
    """Files under version control that are texts; every file of the checkout where there is no git."""
    try:
        out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        paths = [ROOT / name for name in out.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in ROOT.rglob("*") if not any(part.startswith(".") for part in p.relative_to(ROOT).parts)]
    return [p for p in paths if p.is_file() and p.suffix in TEXT and not p.name.endswith(".min.js")]
