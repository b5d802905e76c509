"""The stages of a file on its way in: told in order, from the reading process too, and shown on the command line."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from survey.coding.options import ImportOptions
from survey.commands import console
from survey.core import progress
from survey.core.progress import STAGES, Stage
from survey.files import read as sources
from survey.files.read import read_sheets, remembering
from survey.files.readers import in_process, reading_process
from survey.intake.answers import commit, inspect
from tests.tools import commands
from tests.tools.commands import answers
from tests.tools.dashboard_tools import answers_csv, small_store

run, town = commands.run, commands.town


def passed(work):
    heard = []
    with progress.listening(heard.append):
        work()
    return heard


def names(heard):
    return list(dict.fromkeys(stage.name for stage in heard))


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (Stage("reading"), "读取"),
        (Stage("reading", 0, 100_000), "读取 100,000 行"),
        (Stage("storing", 45_000, 100_000), "入库 45,000/100,000 行"),
        (Stage("reading", 5000), "读取 5,000 行"),
        (Stage("computing", 1, 2, "years"), "重新计算得分 1/2 个年度"),
    ],
)
def test_a_stage_in_words(stage, text):
    assert stage.word("zh") == text
    assert Stage("checking", 3, 40, "columns").word("en") == "checking 3/40 columns"


def test_a_file_passes_its_stages_in_order(sqlite_store):
    store = small_store(sqlite_store)
    found = []

    def work():
        found.append(inspect(store, "a.csv", answers_csv(), ImportOptions(questionnaire="default", year=2014)))
        commit(store, found[0])

    heard = names(passed(work))
    assert heard == [name for name in STAGES if name in heard]
    assert set(STAGES) - set(heard) == {"received", "computing"}


@pytest.mark.apart
def test_the_reading_process_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(reading_process, "LOOK", 0.001)  # a fast machine has read it between two looks of everyday
    data = ("编号,社区\n" + "".join(f"{i},甲\n" for i in range(150_000))).encode()
    heard = passed(lambda: read_sheets("a.csv", data))
    assert names(heard)[-1] == "reading"
    assert all(a.done <= b.done for a, b in pairwise(heard) if a.name == b.name)


def test_nobody_need_listen():
    progress.at("reading")
    assert list(progress.counted("reading", [1, 2])) == [1, 2]


def test_what_is_remembered_is_read_once(monkeypatch):
    read = []
    here = in_process.read_here
    monkeypatch.setattr(sources, "read_here", lambda file, data, **how: read.append(file) or here(file, data, **how))
    kept = {}
    with remembering(kept):
        first, again = read_sheets("a.csv", b"a,b\n1,2\n"), read_sheets("a.csv", b"a,b\n1,2\n")
        read_sheets("a.csv", b"a,b\n1,3\n")
    read_sheets("a.csv", b"a,b\n1,2\n")
    assert first[0] is again[0]
    assert (read, len(kept)) == (["a.csv"] * 3, 2)


def test_a_large_file_says_its_stages_on_standard_error_only(town, monkeypatch):
    monkeypatch.setattr(console, "LARGE", 100)
    status, out, err = town("import", answers(), "--questionnaire", "q")
    assert status == 0
    places = [err.index(f"a.csv · {word}") for word in ("读取", "对应题目", "核对", "入库")]
    assert places == sorted(places)
    assert "·" not in out
    status, out, err = town("import", answers("b.csv", places=("丙社区",)), "--questionnaire", "q", "--json")
    assert (status, json.loads(out)["rows"][0]["stored"]) == (0, 60)
    assert "b.csv · " not in err


def test_results_are_computed_again_after_every_change(town):
    said = "得分已按新数据重新计算（2014 年）"
    assert said in town("import", answers(), "--questionnaire", "q")[2]
    assert town("undo", "2")[0] == 0
    status, _, told = town("redo", "2")
    assert (status, said in told) == (0, False)  # the only batch comes back: the numbers are those computed last
    with open("名册.csv", "a", encoding="utf-8") as register:
        register.write("C4,丁社区,,示例街道,900\n")
    assert said in town("communities", "add", "名册.csv")[2]
    assert said not in town("import", answers("c.csv", places=("丁社区",)), "--questionnaire", "q", "--dry-run")[2]
