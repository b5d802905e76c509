"""Nothing lies about that only its own test calls: every name at the top of a module is used by the program itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tools.sources import parsed, walk

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("survey", "analysis", "dashboard")
#: who may use what: the program, its benchmarks, and what makes its sample
USERS = sorted(
    path
    for place in (*PACKAGES, "benchmarks", "data", "xingfu.py")
    for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
)
#: how the tables of commands name what is imported when it runs
BY_TEXT = re.compile(r"([a-z_]+(?:\.[a-z_]+)+):([a-z_]+)")
#: what a list of modules finds in each of them by its name: pages and what they do, measures of quality
BY_CONVENTION = re.compile(
    r"dashboard\.pages\.\w+(\.PAGE|\.page\.page|\.actions\.register)|analysis\.quality\.\w+\.MEASURE"
)
#: module.name → why it stays although nothing in the program uses it
KEPT = {
    "analysis.statistics.descriptive.linear_calibration.calibrate_linear": "for who computes with the kernel: GREG weights",
    "survey.files.readers.reading_process.main": "what the child process that reads a file runs",
    "dashboard.pages.imports.service.incoming_files.receive": "one call for what a page does in two, for who has no page",
    "dashboard.web.permissions.ENTERS": "nobody enters and approves, which a test holds",
    "survey.store.intake.decisions.of": "reads back what was decided about a batch",
    "survey.store.year.funds.history": "reads back every balance that was entered",
}


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def defined(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module makes; a decorator may hand its function to somebody."""
    if (isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and not statement.decorator_list) or isinstance(
        statement, ast.ClassDef
    ):
        yield statement.name
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            yield from (node.id for node in walk(target) if isinstance(node, ast.Name))


def bound(tree: ast.Module) -> dict[str, str]:
    """Local name → the full name of what was imported under it, anywhere in the file."""
    found = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            found |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def used(path: Path, sources: dict[Path, ast.Module]) -> set[str]:
    """Full names that a file uses: what it imports and mentions, what it takes from a module that it imports, what it
    names as text (``module:name``), and its own names wherever they are mentioned but in the statement that makes them.
    """
    tree, mine = sources[path], module(path)
    imported = bound(tree)
    full: set[str] = set()
    for statement in tree.body:
        own = set(defined(statement))
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                full.add(imported.get(node.id, f"{mine}.{node.id}" if node.id not in own else ""))
            elif isinstance(node, ast.Attribute):
                full.add(f"{dotted(node.value, imported)}.{node.attr}")
            elif isinstance(node, ast.Constant) and (text := BY_TEXT.fullmatch(str(node.value))):
                full.add(f"{text[1]}.{text[2]}")
    return full


def dotted(node: ast.expr, imported: dict[str, str]) -> str:
    """The full name of a chain of attributes that begins with something imported, else ''."""
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    inner = dotted(node.value, imported) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""


def unused(sources: dict[Path, ast.Module]) -> set[str]:
    handed_on = {f"{module(p)}.{local}": full for p, tree in sources.items() for local, full in bound(tree).items()}
    everything: set[str] = set()
    for name in {name for path in sources for name in used(path, sources)}:
        while name not in everything:  # what a module hands on is used by whoever takes it there
            everything.add(name)
            name = handed_on.get(name, name)
    return {
        full
        for path, tree in sources.items()
        if module(path).split(".")[0] in PACKAGES
        for statement in tree.body
        for name in defined(statement)
        if not name.startswith("__") and (full := f"{module(path)}.{name}") not in everything
    }


def test_nothing_lies_about_that_nobody_uses():
    assert len(USERS) > 300
    found = {name for name in unused({path: parsed(path) for path in USERS}) if not BY_CONVENTION.fullmatch(name)}
    assert found == set(KEPT)
