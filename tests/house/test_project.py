"""What the project ships: whole packages, pins that hold everywhere, and no trace of one machine."""

import ast
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard.serving.demonstration import sample_folder
from tests.tools.sources import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = ("requirements.txt", "requirements-test.txt")
#: written so that this file does not hold what it looks for
REGISTRIES = re.compile(r"(py[p]i|python[h]osted|npm[j]s|[d]ebian)\.(org|com)")
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm|tmp)/|/[r]oot/|/[h]ome/[a-z]")


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def test_no_registry_host_and_no_path_of_one_machine():
    texts = {path.relative_to(ROOT): read(path) for path in tracked()}
    assert len(texts) > 100
    assert [str(p) for p, text in texts.items() if REGISTRIES.search(text)] == []
    assert [str(p) for p, text in texts.items() if MACHINE.search(text)] == []


def test_every_folder_of_the_program_is_packaged():
    """``setup.py`` finds packages by their ``__init__.py``: a folder without one would be left out of what is installed."""
    folders = {p.parent for room in ("survey", "analysis", "dashboard") for p in (ROOT / room).rglob("*.py")}
    assert len(folders) > 40
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_everything_that_is_not_python_is_packaged():
    """Texts and assets are named in the package data, so an installed program has them too."""
    data = PROJECT["tool"]["setuptools"]["package-data"]
    for room, patterns in data.items():
        base = ROOT / PROJECT["tool"]["setuptools"]["package-dir"].get(room, room)
        packed = {p for pattern in patterns for p in base.glob(pattern) if p.is_file()}
        other = {p for p in base.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
        assert other <= packed, room


@pytest.mark.parametrize("name", PINS)
def test_pins_carry_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    pinned = [block for block in blocks if re.match(r"[a-z0-9][a-z0-9._-]*(\[.*\])?==", block)]
    assert pinned == [b for b in blocks if not b.startswith("#")]
    assert all("--hash=sha256:" in block for block in pinned)
    assert "://" not in text


def names_of(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", r)[0].lower() for r in requirements}


def test_pins_hold_every_dependency():
    pinned = [set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / name).read_text(encoding="utf-8"), re.M)) for name in PINS]
    extras = PROJECT["project"]["optional-dependencies"]
    assert names_of(PROJECT["project"]["dependencies"]) | {"setuptools"} <= pinned[0]
    assert names_of(extras["test"]) | names_of(extras["postgres"]) <= pinned[1]


def test_what_runs_is_what_is_tested():
    versions = [
        dict(re.findall(r"^([a-z0-9._-]+==[^ ]+)(.*)$", (ROOT / n).read_text(encoding="utf-8"), re.M)) for n in PINS
    ]
    assert {pin for pin in versions[0] if pin not in versions[1] and not pin.startswith("setuptools")} == set()


def test_the_sample_data_is_found_in_the_checkout():
    assert sample_folder() == ROOT / "data" / "sample"
    assert (sample_folder() / "manifest.toml").is_file()


def test_tests_multiply_small_matrices_by_one_thread():
    """OpenBLAS reads it once, when numpy comes in: it is set before anything but the standard library is imported."""
    lines = ast.parse((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")).body
    said = [place for place, line in enumerate(lines) if "OPENBLAS_NUM_THREADS" in ast.dump(line)]
    brought = [
        place
        for place, line in enumerate(lines)
        for name in ([a.name for a in line.names] if isinstance(line, ast.Import) else [getattr(line, "module", "")])
        if name and name.partition(".")[0] not in sys.stdlib_module_names
    ]
    assert said
    assert brought
    assert said[0] < brought[0]
    assert os.environ["OPENBLAS_NUM_THREADS"]


def test_no_object_waits_for_another_of_its_class():
    """Before Python 3.12 the ``cached_property`` of ``functools`` has one lock for all objects of a class."""
    taken = re.compile(r"from functools import .*\bcached_property\b|functools\.cached_property")
    program = [path for folder in ("survey", "analysis", "dashboard") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in program if taken.search(path.read_text(encoding="utf-8"))] == []
