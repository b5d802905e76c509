"""``xingfu quality …`` as a user calls it."""

from __future__ import annotations

import csv
import io
import json

from tests.tools.towns import two_years

town = two_years.scored_town
run = two_years.run


def test_reliability_is_a_table_of_dimensions_and_items(run):
    status, out, _ = run("quality", "reliability")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    service = next(r for r in rows if r["dimension"] == "service" and not r["item"])
    assert (service["k"], service["n"]) == ("2", "120")
    assert [r["item"] for r in rows if r["dimension"] == "service" and r["item"]] == ["Q1", "Q2"]
    status, out, _ = run("--json", "--lang", "en", "quality", "reliability", "--year", "2013")
    assert (status, json.loads(out)["meta"]["year"]) == (0, 2013)


def test_a_year_without_data_and_a_file_that_is_no_table_are_refused(run, tmp_path):
    status, out, err = run("quality", "reliability", "--year", "1999")
    assert (status, out) == (3, "")
    assert "2013、2014" in err
    assert run("quality", "reliability", "--out", str(tmp_path / "a.txt"))[0] == 2
    status, out, err = run("quality", "reliability", "--out", str(tmp_path / "a.xlsx"))
    assert (status, out) == (0, "")
    assert (tmp_path / "a.xlsx").stat().st_size > 1000
