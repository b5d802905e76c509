"""The house: how long a file may grow, how full a folder, which names repeat, and what may run on which system.

What may import what is held by the contracts in ``.importlinter``, which ``make lint`` checks.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.tools.sources import parsed, tracked

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("survey", "analysis", "dashboard")
FILES = {package: sorted((ROOT / package).rglob("*.py")) for package in PACKAGES}
PROGRAM = [ROOT / "xingfu.py", *(path for package in PACKAGES for path in FILES[package])]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
ALL = [
    *PROGRAM,
    *TESTS,
    *(path for folder in ("benchmarks", "bundle", "data") for path in (ROOT / folder).rglob("*.py")),
]
#: modules of the standard library that Windows does not have
POSIX_ONLY = {"fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "syslog", "posix", "crypt", "spwd"}
MOST_LINES = 400
MOST_ENTRIES = 14
#: folders that are lists by nature: as long as what they list
LISTS = re.compile(r"^(analysis|\w+/commands|\w+/texts(/\w\w)?|dashboard/pages|dashboard/assets|analysis/quality"
                   r"|analysis/scheme/rules|tests/analysis|tests/dashboard|tests/dashboard/pages|tests/analysis/quality|tests/store_schema)$")  # fmt: skip
#: file names that stand more than once in a package, because each folder has one: package → names
REPEATED = {
    # what is stored | what is done with it | its commands; a format's look-over | its reader
    "survey": {"answers", "batches", "calls", "contacts", "identities", "questionnaires", "register", "removal", "sav"},
    # an estimator | the measure made of it; the score | its command; tables of awards | of indicators | of a measure
    "analysis": {"reliability", "score", "tables", "weights"},
    # what a page's folder holds; what is shown | what is found out for it
    "dashboard": {"actions", "form", "page", "service", "table", "upload", "history", "same_type"}
    | {"decisions", "import_history", "removal", "wording"},
}
#: files with tables that read better as they are typed; everywhere else the formatter rules
BY_HAND = {
    "analysis/scheme/default.py",
    "survey/form/header_words.py",
    "survey/core/scale_words.py",
    "survey/fieldwork/call_columns.py",
    "survey/files/layouts/online_forms.py",
    "survey/files/layouts/surveymonkey.py",
    "survey/form/default.py",
    "survey/form/dispositions.py",
    "tests/analysis/sample/test_weights.py",
    "tests/analysis/statistics/test_estimation.py",
    "tests/analysis/statistics/test_replicates.py",
    "tests/data/make_somerville_questionnaire.py",
    "tests/house/test_structure.py",
    "tests/survey/form/workbook/test_checking.py",
    "tests/survey/form/workbook/test_reading.py",
    "tests/tools/books/annex_book.py",
    "tests/tools/towns/fake_results.py",
}
#: tests of the house, of whole ways through, and of benchmarks have no module of their own
NO_MODULE = ("house", "journeys", "benchmarks")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


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
    """First names of what is imported when the module is: everything outside functions."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {found.split(".")[0] for found in imported(node)}
        waiting += ast.iter_child_nodes(node)
    return names


def test_there_is_something_to_look_at():
    assert len(TESTS) > 200
    assert {package: len(paths) > 80 for package, paths in FILES.items()} == dict.fromkeys(PACKAGES, True)


@pytest.mark.parametrize("path", PROGRAM, ids=name)
def test_nothing_posix_only_is_imported_at_start(path):
    assert at_start(parsed(path)) & POSIX_ONLY == set()


def test_no_type_hides_behind_a_check():
    """A type is imported as it is, so that the contracts see it."""
    assert [name(path) for path in PROGRAM if "TYPE_CHECKING" in path.read_text(encoding="utf-8")] == []


def test_no_file_holds_more_than_one_idea():
    assert {name(path): len(lines(path)) for path in ALL if len(lines(path)) > MOST_LINES} == {}


def test_no_folder_is_a_heap():
    """Files and folders, but for ``__init__.py``, in every folder of the program and of its tests."""
    folders = {path.parent for path in (*PROGRAM, *TESTS)} | {path.parents[1] for path in (*PROGRAM, *TESTS)}
    folders = {folder for folder in folders if folder != ROOT and ROOT in folder.parents}
    assert len(folders) > 60
    full = {}
    for folder in folders:
        entries = [p for p in folder.iterdir() if p.name not in ("__init__.py", "__pycache__")]
        if len(entries) > MOST_ENTRIES and not LISTS.match(name(folder)):
            full[name(folder)] = len(entries)
    assert full == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_stands_once_or_is_known_to_repeat(package):
    stems = Counter(path.stem for path in FILES[package] if path.stem != "__init__")
    assert {stem for stem, times in stems.items() if times > 1} == REPEATED[package]


def test_no_file_repeats_the_name_of_its_folder_in_its_own():
    """``pages/cycle/cycle_form.py`` would say twice where it stands."""
    wrong = [name(p) for package in PACKAGES for p in FILES[package] if p.stem.startswith(f"{p.parent.name}_")]
    assert wrong == []


def test_the_formatter_rules_but_for_the_tables_listed():
    marks = re.compile(r"#\s*fmt:\s*(skip|off|on)\b")
    marked = {name(path) for path in ALL if any(marks.search(line) for line in lines(path))}
    assert marked == BY_HAND


def test_every_test_file_stands_beside_its_module():
    """``tests/survey/core/test_cells.py`` tests ``survey/core/cells.py``; one about a whole folder has the folder's name."""
    homeless = []
    for path in TESTS:
        place = path.relative_to(ROOT / "tests")
        if not path.name.startswith("test_") or place.parts[0] in NO_MODULE:
            continue
        room = ROOT / place.parent
        names = {p.stem for p in room.glob("*.py")} | {room.name}
        stem = path.stem.removeprefix("test_")
        if not any(stem == known or stem.startswith(f"{known}_") for known in names):
            homeless.append(name(path))
    assert homeless == []


def test_no_test_is_left_outside():
    """Every ``test_*.py`` is in one of the folders that are walked, so that none is forgotten."""
    tracked = subprocess.run(["git", "ls-files", "*test_*.py"], cwd=ROOT, check=True, capture_output=True, text=True)
    if tracked.stdout:  # an unpacked archive has no git
        assert {line for line in tracked.stdout.split() if not line.startswith("tests/")} == set()


def test_nothing_lies_at_the_top_but_what_belongs_there():
    """A store or a sheet that a trial left behind would go out with the program."""
    told = {"analysis", "benchmarks", "bundle", "dashboard", "data", "docs", "survey", "tests", ".ci"}
    told |= {"pyproject.toml", "setup.py", "xingfu.py"}
    told |= {"Makefile", "LICENSE", "README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", ".importlinter"}
    told |= {".gitignore", ".git-blame-ignore-revs", *(f"requirements{of}.txt" for of in ("", "-test", "-spark"))}
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - told == set()
