"""Whatever a text of this project points to is there: links, sections, files, modules, and no document from elsewhere."""

from __future__ import annotations

import ast
import re
import tokenize
from functools import cache
from pathlib import Path

from survey.core.lang import known
from tests.tools.sources import ROOT, comments, nodes, parsed, tracked, walk

DOCUMENTS = sorted(path for path in tracked() if path.suffix == ".md")
CODE = sorted(
    path
    for path in tracked()
    if path.suffix in (".py", ".toml", ".js", ".css", ".R", "") and path.relative_to(ROOT).parts[0] not in (".git",)
)
PYTHON = [path for path in CODE if path.suffix == ".py"]
FILE_NAMES = {path.name for folder in ("data", "tests", "docs") for path in (ROOT / folder).rglob("*.*")}
#: written so that this file does not hold what it looks for; the promise of import-linter is a contract, too
ELSEWHERE = re.compile(
    r"contract[ ]?§|[cC]ontract[ ](order|says|asks)|in[ ]the[ ]contract|[(]contract|domain[ ]facts|\bfacts[/]\w|design[ ]README"
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
#: ``docs/results.md, “Stars”`` as code says it, and ``[methods.md](methods.md), section 17`` as documents do
NAMED_SECTION = re.compile(r"docs/([a-z-]+\.md)(?:,\s+“([^”]+)”)?")
NUMBERED = re.compile(r"\[[\w.-]+\]\(([\w/.-]+\.md)\),\s+(?:section\s+)?(\d+)")
ANY_DOCUMENT = re.compile(r"(?<![\w/.-])((?:docs/)?[A-Za-z][\w-]*(?:\.zh-CN)?\.md)\b")
PATH = re.compile(
    r"(?<![\w/.<-])((?:survey|analysis|dashboard|benchmarks|bundle|tests|docs|data/sample|\.ci)/[\w/.*-]*\w/?)"
)
MODULE = re.compile(r"(?<![\w/.-])((?:survey|analysis|dashboard|benchmarks|tests)(?:\.(?!(?:md|py|toml)\b)\w+)+)")
QUOTED = re.compile(r"``([a-z_][a-z0-9_]{2,})\.([A-Za-z_]\w*)``")
SINGLE = re.compile(r"``([a-z]+_[a-z_0-9]+)``")
#: an option of R that looks like a module of ours
OF_R = {"survey.lonely.psu"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def sections(path: Path) -> tuple[str, ...]:
    """Headings of a document, code blocks left out."""
    plain = re.sub(r"^```.*?^```", "", text(path), flags=re.M | re.S)
    return tuple(re.findall(r"^#{1,6} (.+?)\s*$", plain, flags=re.M))


def anchor(heading: str) -> str:
    """The anchor that a heading gets: lower case, marks left out, ``-`` for a space."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def has_section(path: Path, title: str) -> bool:
    return title in {re.sub(r"^\d+\. ", "", heading).replace("`", "") for heading in sections(path)}


@cache
def words_of(path: Path) -> str:
    """Comments and docstrings of a module, each line without its marks: what it says to people."""
    said = [comment.lstrip("#: ") for comment in comments(text(path))]
    for node in nodes(path):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            said.append(ast.get_docstring(node) or "")
    return "\n".join(said)


@cache
def code_words(path: Path) -> frozenset[str]:
    """Every name and every word of a text in a module's code, comments and docstrings left out."""
    found: set[str] = set()
    said = {id(node.body[0].value) for node in nodes(path) if _has_docstring(node)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            found |= set(re.findall(r"\w+", node.value))
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found |= set(value.split("."))
    return frozenset(found)


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


@cache
def modules() -> dict[str, list[Path]]:
    """Stem → the modules of that name."""
    found: dict[str, list[Path]] = {}
    for path in PYTHON:
        found.setdefault(path.parent.name if path.stem == "__init__" else path.stem, []).append(path)
    return found


def is_module_or_name(dotted: str) -> bool:
    """Whether ``survey.core.lang.say`` is a module or what one defines."""
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:size])
        if place.is_dir() or place.with_suffix(".py").is_file():
            rest = parts[size:]
            source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            return not rest or (source.is_file() and rest[0] in code_words(source))
    return False


def links() -> list[tuple[Path, str]]:
    return [(path, a or b) for path in DOCUMENTS for a, b in LINK.findall(text(path)) if "://" not in (a or b)]


def wrong_link(path: Path, link: str) -> str:
    """Why a relative link leads nowhere, ``""`` where it leads somewhere."""
    file, _, place = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    if not target.exists():
        return f"{name(path)}: {link}: no such file"
    if place and place not in {anchor(heading) for heading in sections(target)}:
        return f"{name(path)}: {link}: no such section"
    return ""


def test_every_link_of_every_document_leads_somewhere():
    found = links()
    assert len(DOCUMENTS) > 15
    assert len(found) > 90
    assert [why for path, link in found if (why := wrong_link(path, link))] == []


def test_a_link_that_leads_nowhere_is_found():
    readme = ROOT / "README.md"
    assert wrong_link(readme, "docs/nothing.md")
    assert wrong_link(readme, "docs/methods.md#nothing")
    assert not wrong_link(readme, "docs/methods.md#7-ranks")


def test_every_numbered_section_that_a_document_names_exists():
    found = [(path, *hit) for path in DOCUMENTS for hit in NUMBERED.findall(text(path))]
    assert len(found) > 3
    for path, file, number in found:
        target = path.parent / file
        assert any(heading.startswith(f"{number}. ") for heading in sections(target)), f"{name(path)}: {file}, {number}"


def test_every_document_and_section_that_code_names_exists():
    found = [(path, file, title) for path in CODE for file, title in NAMED_SECTION.findall(_joined(path))]
    assert len([hit for hit in found if hit[2]]) > 20
    wrong = []
    for path, file, title in found:
        target = ROOT / "docs" / file
        if not target.is_file():
            wrong.append(f"{name(path)}: docs/{file}")
        elif title and not has_section(target, title):
            wrong.append(f"{name(path)}: docs/{file}, “{title}”")
    assert [hit for hit in wrong if hit.split(":")[0] != "tests/house/test_links.py"] == []


def _joined(path: Path) -> str:
    """The text of a file with comments that run on over lines joined."""
    return re.sub(r"\s*\n\s*(?:#:?)?\s*", " ", text(path))


def test_every_document_that_is_named_anywhere_exists():
    """By its name alone, too: ``methods.md`` without a folder is one of ``docs/``, or lies beside the one that names it."""
    named = [(path, hit) for path in (*CODE, *DOCUMENTS) for hit in ANY_DOCUMENT.findall(text(path))]
    named = [(path, hit) for path, hit in named if path.name != "test_links.py"]
    assert len(named) > 100
    wrong = {
        f"{name(path)}: {hit}"
        for path, hit in named
        if not any((folder / hit).exists() for folder in (ROOT, ROOT / "docs", path.parent))
    }
    assert wrong == set()


def test_every_path_of_the_project_that_is_named_exists():
    said = [(path, text(path)) for path in DOCUMENTS] + [(path, words_of(path)) for path in PYTHON]
    found = [(path, hit) for path, words in said for hit in PATH.findall(words)]
    assert len(found) > 40
    wrong = [f"{name(path)}: {hit}" for path, hit in found if not (ROOT / hit).exists() and not any(ROOT.glob(hit))]
    assert wrong == []


def test_every_module_of_the_project_that_is_named_exists():
    said = [(path, text(path)) for path in DOCUMENTS] + [(path, words_of(path)) for path in PYTHON]
    found = [(path, hit) for path, words in said for hit in MODULE.findall(words) if hit not in OF_R]
    assert len(found) > 20
    assert [f"{name(path)}: {hit}" for path, hit in found if not is_module_or_name(hit)] == []


def test_what_a_docstring_names_by_module_is_there():
    """``replicates.errors_of`` in a docstring: a name of that module, or of something that the file itself handles."""
    found = [(path, *hit) for path in PYTHON for hit in QUOTED.findall(words_of(path))]
    assert len(found) > 50
    assert [f"{name(p)}: {first}.{second}" for p, first, second in found if not is_known(p, first, second)] == []


def is_known(path: Path, first: str, second: str) -> bool:
    dotted = f"{first}.{second}"
    if (
        first in code_words(path)
        or dotted in FILE_NAMES
        or (ROOT / dotted).exists()
        or known(dotted)
        or is_module_or_name(dotted)
    ):
        return True
    return any(second in code_words(module) for module in modules().get(first, []))


def test_what_a_docstring_names_is_somewhere_in_the_code():
    """``weighting_effect``, ``change_q``: a module, a name, a column, a key; nothing that was renamed long ago."""
    everything = {word for path in PYTHON for word in code_words(path)} | set(modules())
    everything |= {word for path in CODE if path.suffix != ".py" for word in re.findall(r"\w+", text(path))}
    found = [(path, word) for path in PYTHON for word in SINGLE.findall(words_of(path))]
    assert len(found) > 150
    assert [f"{name(path)}: {word}" for path, word in found if word not in everything] == []


def test_no_document_that_is_not_here_is_named():
    texts = [path for path in (*CODE, *DOCUMENTS) if path.name != "test_links.py"]
    assert len(texts) > 500
    assert [name(path) for path in texts if ELSEWHERE.search(text(path))] == []


def test_a_tree_is_walked_as_the_standard_library_walks_it():
    for path in (ROOT / "tests" / "house").glob("*.py"):
        assert walk(parsed(path)) == list(ast.walk(parsed(path)))


def test_comments_are_found_as_the_compiler_finds_them():
    for path in (ROOT / "tests" / "house").glob("*.py"):
        lines = iter(text(path).splitlines(keepends=True))
        tokens = tokenize.generate_tokens(lines.__next__)
        assert comments(text(path)) == [token.string for token in tokens if token.type == tokenize.COMMENT]
