"""The real kind of input, by command from file to estimate: a town's dirty file, against numbers counted by hand.

``dirty_town_expected.json`` holds the hand count: how many cells of each item and year are answers, and their sum.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import xingfu

DATA = Path(__file__).parents[1] / "data"
EXPECTED = json.loads((DATA / "dirty_town_expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words):
        capfd.readouterr()
        status = xingfu.main(list(words))
        return status, list(csv.DictReader(io.StringIO(capfd.readouterr().out)))

    assert call("init")[0] == 0
    assert call("questionnaire", "add", str(DATA / "dirty_town_questionnaire.xlsx"), "--name", "town")[0] == 0
    return call


@pytest.mark.apart
def test_import_as_it_is_and_estimate(run):
    file = str(DATA / "dirty_town.csv")
    status, rows = run("import", file, "--questionnaire", "town", "--add-communities")
    assert (status, rows[0]["stored"]) == (3, "0")  # what is no answer stores nothing unless accepted
    status, rows = run("import", file, "--questionnaire", "town", "--add-communities", "--accept-partial")
    assert status == 4
    assert (int(rows[0]["stored"]), int(rows[0]["refused_cells"])) == (
        EXPECTED["rows"],
        EXPECTED["refused_cells_total"],
    )
    status, table = run("estimate", "--questionnaire", "town", "--by", "year")
    assert status == 0
    means = {(r["item"], r["year"]): r for r in table if not r["choice"] and r["mean"]}
    shown = equal = 0
    for item, years in EXPECTED["numbers"].items():
        for year, counted in years.items():
            if counted["n"] < 5:
                continue  # a group under five shows nothing
            shown += 1
            if "placeless" in means[item, year]["note"]:  # the few that name no ward are in no total of a year
                assert 0 < counted["n"] - int(means[item, year]["n"]) < 10
                continue
            assert int(means[item, year]["n"]) == counted["n"]
            assert float(means[item, year]["mean"]) == pytest.approx(counted["sum"] / counted["n"])
            equal += 1
    assert shown > 8
    assert equal > 0
    hidden = [r for r in table if (r["item"], r["year"]) == ("happy", "2010")]
    assert [(r["mean"], r["n"], r["note"]) for r in hidden] == [("", "", "suppressed")]
    assert run("import", file, "--questionnaire", "town", "--accept-partial")[0] == 3
