"""``xingfu`` as a user calls it, in an empty folder or beside a small store; what it printed, read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import xingfu
from analysis.publication import snapshots
from survey.form.workbook.writing import write_questionnaire
from tests.tools import templates
from tests.tools.forms import form
from tests.tools.towns.fake_results import YEARS, fake_results

HEADER = "编号,社区,年度,办事方便,环境卫生\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run ``xingfu`` in an empty folder; gives (status, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(list(words))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


@pytest.fixture
def town(run, tmp_path):
    """A store with three communities and the small questionnaire ``q``."""

    templates.folder("town", tmp_path, lambda: make_town(run))
    return run


def make_town(run):
    """What ``town`` holds, into the current folder, which is empty."""
    assert run("init")[0] == 0
    Path("名册.csv").write_text(
        "code,name,aliases,sub_district,adult_population\nC1,甲社区,甲,示例街道,3000\nC2,乙社区,,示例街道,2000\n"
        "C3,丙社区,,示例街道,1000\n",
        encoding="utf-8",
    )
    assert run("communities", "add", "名册.csv")[0] == 0
    Path("q.xlsx").write_bytes(write_questionnaire(form()))
    assert run("questionnaire", "add", "q.xlsx", "--name", "q")[0] == 0


def answers(name="a.csv", rows=60, year=2014, places=("甲", "乙社区")):
    """A file with ``rows`` responses a community."""
    lines = [f"{p}{i},{p},{year},{1 + i % 3},{1 + i % 4}\n" for p in places for i in range(rows)]
    Path(name).write_text(HEADER + "".join(lines), encoding="utf-8")
    return name


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def results(town, monkeypatch):
    """A store whose results are the invented ones; the register has three of the communities."""
    with open("更多.csv", "w", encoding="utf-8") as file:
        file.write("code,name\nSL01,春晖社区\nSL06,南塔社区\nSL07,柏里社区\n")
    assert town("communities", "add", "更多.csv")[0] == 0
    monkeypatch.setattr(snapshots, "data_years", lambda conn: list(YEARS))
    monkeypatch.setattr(snapshots, "results", lambda store, year, scheme=None: fake_results(year))
    return town
