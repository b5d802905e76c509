"""A store that an earlier program made opens, shows what it showed, and is computed to the same numbers.

``tests/data/demo_0_1_0/store.db.xz`` is the store of the demonstration as version 0.1.0 left it before its files moved into
rooms (schema 10); ``score_YEAR.csv`` and ``batches.csv`` are what that program's ``score --year YEAR`` and ``batches`` printed
of it.  None of them is ever written anew.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import xingfu
from dashboard.router import render
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.stores.older_demo import DEMO, unpacked

YEARS = (2012, 2013, 2014)
PAGES = ("/", "/community/SL06", "/compare", "/entry", "/cycle", "/scheme", "/tasks", "/awards", "/method")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return unpacked(tmp_path)


def printed(capfd: pytest.CaptureFixture[str], older: Path, *command: str) -> list[dict[str, str]]:
    capfd.readouterr()
    assert xingfu.main(["--store", str(older), *command]) == 0
    return list(csv.DictReader(io.StringIO(capfd.readouterr().out)))


def shown(name: str) -> list[dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO((DEMO / f"{name}.csv").read_text(encoding="utf-8"))))
    assert len(rows) >= 9
    for row in rows:  # of an open year 0.1.0 said so from 4★ on; now somebody has to have recommended it
        if (row.get("status"), row.get("provisional")) == ("recommended", "true"):
            row["status"] = "calculated"
    return rows


def kept(older: Path) -> list[tuple[int, ...]]:
    with sqlite3.connect(older) as conn:
        return conn.execute("SELECT id FROM results ORDER BY id").fetchall()


def test_commands_print_what_they_printed(older, capfd):
    before = kept(older)
    for year in YEARS:
        assert printed(capfd, older, "score", "--year", str(year)) == shown(f"score_{year}")
    then = shown("batches")
    now = printed(capfd, older, "batches")  # a column came since: which batch corrected how many
    assert [{column: row[column] for column in then[0]} for row in now] == then
    assert {row["corrections"] for row in now} == {""}
    # closed years are read; the open one is computed anew, because a newer method holds back more of small groups
    assert kept(older) == [*before, (len(before) + 1,)]


def test_the_open_year_is_computed_to_the_same_numbers(older, capfd):
    """Without its snapshot 2014 is computed from the responses, and its change from those of 2013."""
    with sqlite3.connect(older) as conn:
        gone = conn.execute("DELETE FROM current_results WHERE year = 2014").rowcount
    assert gone == 1
    before = kept(older)
    found = printed(capfd, older, "score", "--year", "2014")
    assert len(kept(older)) == len(before) + 1
    for now, then in zip(found, shown("score_2014"), strict=True):
        assert now.keys() == then.keys()
        for column, text in then.items():
            try:
                assert float(now[column]) == pytest.approx(float(text), rel=1e-9, abs=1e-9), column
            except ValueError:
                assert now[column] == text, column


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The older store as whoever opens it first finds it, and who comes after: one, as it is in a dashboard that runs."""
    path = unpacked(tmp_path_factory.mktemp("older"))
    store = Store.open(path)
    yield store
    store.close()


@pytest.mark.parametrize("path", PAGES)
def test_pages_open(opened, path):
    page = render(ADMIN, source_of(opened), opened, None, path, "", {})
    assert len(words(page.children)) > 200
