"""A start costs what it is for: which heavy libraries each kind of command may import, in a child of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: what takes long to import; whoever adds a dependency that does adds it here
HEAVY = (
    *("pandas", "numpy", "scipy", "scipy.stats", "pyarrow", "sqlalchemy", "openpyxl", "xlsxwriter", "python_calamine"),
    *("pyreadstat", "rapidfuzz", "cryptography", "psutil", "dash", "dash_mantine_components", "plotly", "flask"),
)
#: runs the command and says on its last line of standard error which of them were imported
HOOK = f"""
import json, sys
import xingfu
status = xingfu.main(sys.argv[1:])
print(json.dumps([status, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""


def loaded(*words: str, folder: Path | None = None) -> tuple[int, set[str]]:
    """Exit status of a command, and the heavy libraries that it imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", HOOK, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    status, names = json.loads(done.stderr.splitlines()[-1])
    return status, set(names)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["--version", "--json"], 0),
        (["cycle", "veto", "--help", "--lang", "en"], 0),
        (["scroe"], 2),
        (["scheme", "shwo"], 2),
        (["--lang", "fr", "score"], 2),
        ([], 2),
    ],
    ids=str,
)
def test_help_version_and_wrong_calls_import_nothing_heavy(words, status):
    assert loaded(*words) == (status, set())


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A folder with a store: a register, the questionnaires that ship, no responses."""
    folder = tmp_path_factory.mktemp("start")
    assert loaded("init", folder=folder)[0] == 0
    return folder


@pytest.mark.parametrize("words", [["batches"], ["batches", "--entries", "--json"]], ids=str)
def test_lists_of_what_is_stored_need_the_database_only(town, words):
    assert loaded(*words, folder=town) == (0, {"sqlalchemy"})
