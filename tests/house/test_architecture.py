"""The house: what may import what, what may run on which system, and how long a file may grow."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: room → rooms it may import from
MAY_IMPORT = {
    "survey": {"survey"},
    "analysis": {"survey", "analysis"},
    "dashboard": {"survey", "analysis", "dashboard"},
}
ROOMS = tuple(MAY_IMPORT)
FILES = {room: sorted((ROOT / room).rglob("*.py")) for room in ROOMS}
ALL = [ROOT / "xingfu.py", *(path for room in ROOMS for path in FILES[room])]
#: modules of the standard library that Windows does not have
POSIX_ONLY = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "syslog", "posix", "crypt", "spwd"}
MOST_LINES = 400


def imported(tree: ast.AST) -> set[str]:
    """Full names of what is imported anywhere below ``tree``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute in this project"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


def at_start(tree: ast.Module) -> set[str]:
    """What is imported when the module is: everything outside functions and ``if TYPE_CHECKING``."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {name.split(".")[0] for name in imported(node)}
        waiting += ast.iter_child_nodes(node)
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_walks_back(room):
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in FILES[room]
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if (first := name.split(".")[0]) == "xingfu" or (first in ROOMS and first not in MAY_IMPORT[room])
    }
    assert wrong == set()


@pytest.mark.parametrize("path", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_posix_only_is_imported_at_start(path):
    assert at_start(ast.parse(path.read_text(encoding="utf-8"))) & POSIX_ONLY == set()


def test_no_file_holds_more_than_one_idea():
    folders = [*ROOMS, "tests", "benchmarks", "data"]
    paths = [ROOT / "xingfu.py", *(p for folder in folders for p in (ROOT / folder).rglob("*.py"))]
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in paths}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}
