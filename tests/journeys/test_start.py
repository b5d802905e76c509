"""A start costs what it is for: which heavy libraries each kind of command may import, in a child of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import xingfu
from survey.files.read import read_sheets
from survey.files.readers import reading_process
from survey.form.workbook.writing import write_questionnaire
from tests.tools.forms import form
from tests.tools.hostile import files as hostile

ROOT = Path(__file__).resolve().parents[2]
#: what takes long to import; whoever adds a dependency that does adds it here
HEAVY = (
    *("pandas", "numpy", "scipy", "scipy.stats", "pyarrow", "sqlalchemy", "openpyxl", "xlsxwriter", "python_calamine"),
    *("pyreadstat", "rapidfuzz", "cryptography", "psutil", "dash", "dash_mantine_components", "plotly", "flask"),
    *("pydantic", "defusedxml", "sqlalchemy.dialects.postgresql", "scipy.special", "scipy.optimize", "scipy.sparse"),
)
#: what ``import pandas`` brings along by itself
PANDAS = {"pandas", "numpy", "pyarrow"}
#: runs the command and says on its last line of standard error which of them were imported
HOOK = f"""
import json, sys
import xingfu
for words in json.loads(sys.argv[1]):
    status = xingfu.main(words)
    print(json.dumps([status, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""
#: how a line of it begins
TOLD = re.compile(r"^\[\d+, \[")


def loaded(*commands: Sequence[str], folder: Path | None = None, code: str = HOOK) -> list[tuple[int, set[str]]]:
    """Exit status of each command, and the heavy libraries that it or one before it in the same process imported.

    So those that may import the same share a child: none of them may import more.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = [json.loads(line) for line in done.stderr.splitlines() if TOLD.match(line)]
    return [(status, set(names)) for status, names in told]


def test_help_version_and_wrong_calls_import_nothing_heavy():
    commands = [["--help"], ["--version"], ["--version", "--json"], ["cycle", "veto", "--help", "--lang", "en"]]
    wrong = [["scroe"], ["scheme", "shwo"], ["--lang", "fr", "score"], []]
    assert loaded(*commands, *wrong) == [(0, set())] * len(commands) + [(2, set())] * len(wrong)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A folder with a store in which a year is computed already, and a file of answers more."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "q.xlsx").write_bytes(write_questionnaire(form()))
    (folder / "名册.csv").write_text("code,name,sub_district,adult_population\nC1,甲社区,示例街道,3000\n", "utf-8")
    for name in ("a", "b"):
        rows = [f"{name}{i},甲社区,2014,{1 + i % 3},{1 + i % 4}\n" for i in range(30)]
        (folder / f"{name}.csv").write_text("编号,社区,年度,办事方便,环境卫生\n" + "".join(rows), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("XINGFU_STORE", raising=False)
        for words in (
            ["init"],
            ["communities", "add", "名册.csv"],
            ["questionnaire", "add", "q.xlsx", "--name", "q"],
            ["import", "a.csv", "--questionnaire", "q", "--mode", "paper"],
        ):
            assert xingfu.main(words) == 0
    return folder


def test_lists_of_what_is_stored_need_the_database_only(town):
    commands = [
        ["batches"],
        ["batches", "1", "--json"],
        ["scheme", "show"],
        ["scheme", "show", "2014"],
        ["questionnaire", "list"],
    ]
    assert loaded(*commands, folder=town) == [(0, {"sqlalchemy"})] * len(commands)


def test_a_year_already_computed_is_shown_without_what_computes_it(town):
    commands = [["score"], ["score", "--year", "2014", "--json"], ["cycle", "show", "2014"]]
    found = loaded(*commands, folder=town)
    assert [(status, names - PANDAS) for status, names in found] == [(0, {"sqlalchemy"})] * len(commands)


def test_answers_come_in_without_dashboard_or_workbook_editor(town):
    words = ["import", "b.csv", "--questionnaire", "q", "--mode", "paper", "--dry-run"]
    ((status, names),) = loaded(words, folder=town)
    assert status == 0
    assert names & {"dash", "dash_mantine_components", "plotly", "flask", "openpyxl", "scipy.stats"} == set()


#: in what every reader hands its cells on
CELLS = {"numpy"}
FILES = {
    "a.csv": ("社区,年度\n甲社区,2014\n".encode(), CELLS),
    "q.xlsx": (write_questionnaire(form()), CELLS | {"python_calamine", "defusedxml"}),
    "old.xls": (hostile.xls({"数据": hostile.number_cell(0, 0, 7)}), CELLS | {"python_calamine", "defusedxml"}),
    "pspp.sav": ((ROOT / "tests/data/pspp.sav").read_bytes(), CELLS | {"pyreadstat"}),
}


@pytest.mark.apart
@pytest.mark.parametrize("file", FILES)
def test_the_process_that_reads_a_file_imports_its_reader_and_no_other(file, tmp_path, monkeypatch):
    data, needed = FILES[file]
    seen = tmp_path / "seen"
    names = f"'\\n'.join(name for name in {HEAVY!r} if name in sys.modules)"
    note = f"import pathlib; pathlib.Path({str(seen)!r}).write_text({names}); os._exit(0)"
    monkeypatch.setattr(reading_process, "_START", reading_process._START.replace("os._exit(0)", note))
    assert len(read_sheets(file, data)) > 0
    assert set(seen.read_text("utf-8").splitlines()) == needed


#: opens the store of this folder, asks the dashboard for its first page, and says as ``HOOK`` does what that took
PAGE = f"""
import json, sys
import dashboard.serving.cli
from dashboard.app import create_app
from survey.store import Store
status = create_app(Store.open("xingfu.db")).server.test_client().get("/").status_code
print(json.dumps([status, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""


def test_the_dashboard_answers_without_what_only_some_pages_need(town):
    ((status, names),) = loaded(folder=town, code=PAGE)
    assert status == 200
    unwanted = {"openpyxl", "psutil", "pyreadstat", "scipy.stats", "scipy.optimize", "scipy.sparse"}
    assert names & unwanted == set()


@pytest.mark.parametrize(("asked", "held"), [(None, True), ("2", False)])
def test_small_matrices_are_multiplied_by_one_thread(asked: str | None, held: bool) -> None:
    """Threads of OpenBLAS cost more CPU than a decision over small groups; whoever asks for them has them."""
    code = "import os, sys, xingfu; xingfu.main(['--version']); import numpy, psutil; print(psutil.Process().num_threads())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("OPENBLAS_NUM_THREADS", None)
    environment |= {} if asked is None else {"OPENBLAS_NUM_THREADS": asked}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    threads = int(done.stdout.splitlines()[-1])
    assert (threads == 1) is held or os.cpu_count() == 1
