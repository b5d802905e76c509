"""A start costs what it is for: which heavy libraries each kind of command may import, in a child of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
status = xingfu.main(sys.argv[1:])
print(json.dumps([status, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""


def loaded(*words: str, folder: Path | None = None, code: str = HOOK) -> tuple[int, set[str]]:
    """Exit status of a command, and the heavy libraries that it imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
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


@pytest.mark.parametrize(
    "words",
    [
        ["batches"],
        ["batches", "1", "--json"],
        ["scheme", "show"],
        ["scheme", "show", "2014"],
        ["questionnaire", "list"],
    ],
    ids=str,
)
def test_lists_of_what_is_stored_need_the_database_only(town, words):
    assert loaded(*words, folder=town) == (0, {"sqlalchemy"})


@pytest.mark.parametrize(
    "words", [["score"], ["score", "--year", "2014", "--json"], ["cycle", "show", "2014"]], ids=str
)
def test_a_year_already_computed_is_shown_without_what_computes_it(town, words):
    status, names = loaded(*words, folder=town)
    assert status == 0
    assert names - PANDAS == {"sqlalchemy"}


def test_answers_come_in_without_dashboard_or_workbook_editor(town):
    status, names = loaded("import", "b.csv", "--questionnaire", "q", "--mode", "paper", "--dry-run", folder=town)
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
import dashboard.cli
from dashboard.app import create_app
from survey.store import Store
status = create_app(Store.open("xingfu.db")).server.test_client().get("/").status_code
print(json.dumps([status, [name for name in {HEAVY!r} if name in sys.modules]]), file=sys.stderr)
"""


def test_the_dashboard_answers_without_what_only_some_pages_need(town):
    status, names = loaded(folder=town, code=PAGE)
    assert status == 200
    unwanted = {"openpyxl", "psutil", "pyreadstat", "scipy.stats", "scipy.optimize", "scipy.sparse"}
    assert names & unwanted == set()
