"""The examples of docs/api.md run as they stand there, against a server, and read the numbers that the API gives."""

import csv
import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from dashboard.api.offers import ROUTES
from survey.core import limits
from tests.tools.needs import need, no_r
from tests.tools.stores.read_town import Reader, make_read_town

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def example(kind):
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, flags=re.M | re.S)
    return found


@pytest.fixture
def reader(sqlite_store):
    return Reader(make_read_town(sqlite_store))


@pytest.fixture
def there(reader):
    """A server that answers on this machine."""
    server = make_server("127.0.0.1", 0, reader.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told = {"XINGFU_URL": f"http://127.0.0.1:{server.port}", "XINGFU_TOKEN": reader.token}
    yield {**{k: v for k, v in os.environ.items() if "proxy" not in k.lower()}, **told, "LC_ALL": "C.UTF-8"}
    server.shutdown()
    thread.join()


@pytest.mark.slow
def test_the_example_in_pandas_reads_every_page_of_every_year(reader, there):
    done = subprocess.run(
        [sys.executable, "-c", example("python")], env=there, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    read = list(csv.DictReader(io.StringIO(done.stdout)))
    rows = [{**row, "year": year} for year in (2013, 2014) for row in reader.rows(f"years/{year}/items")]
    assert len(read) == len(rows) > 10
    for one, other in zip(read, rows, strict=True):
        assert (int(one["year"]), one["community_code"], one["item"]) == (
            other["year"],
            other["community_code"],
            other["item"],
        )
        assert [float(one[n]) if one[n] else None for n in ("score", "low", "high")] == [
            other[n] for n in ("score", "low", "high")
        ]


@pytest.mark.slow
def test_the_example_in_r_reads_the_scores_of_every_year(reader, there, tmp_path):
    need(no_r())
    (tmp_path / "scores.R").write_text(example("r"), encoding="utf-8")
    done = subprocess.run(["Rscript", "scores.R"], cwd=tmp_path, env=there, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert lines[0] == ["year", "community_code", "total", "total_low", "total_high", "star"]
    rows = [row for year in (2013, 2014) for row in reader.rows(f"years/{year}/scores")]
    assert len(lines) - 1 == len(rows) > 4
    for one, other in zip(lines[1:], rows, strict=True):
        assert one[:2] == [str(other["year"]), other["community_code"]]
        for place, name in ((2, "total"), (3, "total_low")):
            assert (None if one[place] == "NA" else float(one[place])) == other[name]


def test_every_address_stands_in_the_table_with_what_it_takes():
    lines = re.findall(r"^\| `([\w/{}]+)` \| [^|]+ \| `(\w+)` \| (?:`([\w, ]+)`)? ?\|$", TEXT, flags=re.M)
    told = {path: (needs, [p for p in takes.split(", ") if p]) for path, needs, takes in lines}
    assert told == {r.told.removeprefix("/api/v1/"): (r.needs, [p.name for p in r.parameters]) for r in ROUTES}


def test_the_limits_that_it_names_are_those_that_hold():
    for said in (
        f"{limits.API_ROWS} without a word and {limits.API_MOST_ROWS:,} at most",
        f"up to {limits.API_CSV_ROWS:,} rows",
        f"than {limits.API_REQUESTS} requests within {limits.API_SECONDS:g} seconds",
    ):
        assert said in " ".join(TEXT.split())
