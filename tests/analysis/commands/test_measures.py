"""``xingfu sensitivity`` as a user calls it."""

from __future__ import annotations

import csv
import io

from analysis.indicators.imports import import_indicators
from tests.tools.towns import two_years
from tests.tools.towns.two_years import indicator_file

run = two_years.run
town = two_years.scored_town


def test_the_table_the_factors_and_the_runs(run, town, tmp_path):
    import_indicators(town, "i.csv", indicator_file(), 2014)
    status, out, err = run("sensitivity", "--runs-out", str(tmp_path / "runs.csv"))
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["community_code"] for r in rows] == ["C1", "C2"]
    assert "种合理算法下星级不变" in err
    runs = list(csv.DictReader((tmp_path / "runs.csv").open(encoding="utf-8")))
    assert (runs[0]["factor"], float(runs[0]["total_C1"])) == ("", 937)
    status, out, _ = run("sensitivity", "--factors", "--lang", "en", "--year", "2014")
    assert status == 0
    factors = [r["factor"] for r in csv.DictReader(io.StringIO(out))]
    assert factors == ["preset", "dimensions", "items", "min_responses", "joint"]


def test_a_year_without_totals_is_said_and_one_without_data_refused(run):
    status, out, err = run("sensitivity", "--year", "2013")
    assert (status, len(out.splitlines())) == (0, 1)
    assert "还没有总分" in err
    assert run("sensitivity", "--year", "1999")[0] == 3
