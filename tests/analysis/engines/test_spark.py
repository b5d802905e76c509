"""Spark itself, in local mode and on a cluster of two executors: the numbers of one machine (``make test-spark``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xingfu
from analysis.engines import executor, scored, spark
from analysis.publication import snapshots
from survey.core.errors import Refused, Surroundings
from survey.store import Store
from survey.store.intake import batches
from tests.analysis.engines.test_scored import agree
from tests.tools.stores.archived import archived
from tests.tools.stores.sampled_town import make_sampled_town

pytestmark = pytest.mark.spark
KINDS = ("panel", "raked", "overall", "adults")


@pytest.fixture(scope="module", params=["local[2]", "local-cluster[2,1,1024]"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A session of one kind at a time; its executors find this program by PYTHONPATH, as one installed there."""
    os.environ["PYTHONPATH"] = str(Path(xingfu.__file__).parent)
    made = spark.session(request.param)
    yield made
    made.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_result_of_one_machine(kind: str, cluster: Any, sqlite_store: Store, tmp_path: Path) -> None:
    town = make_sampled_town(sqlite_store, kind)
    archived(town, tmp_path)
    told = [snapshots.results(town, year) for year in (2013, 2014)]
    for found, there in zip(scored.score(town, str(tmp_path), spark=cluster), told, strict=True):
        agree(found, there)
    assert cluster.range(3).count() == 3  # a session that was handed in stays open


def test_executors_work_and_more_than_one(cluster: Any) -> None:
    """On the cluster two processes of Python, beside the driver's, each with a part."""

    def who(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in frames:
            yield pd.DataFrame({"pid": [os.getpid()], "n": [len(frame)]})

    found = {row.pid for row in cluster.range(1000).repartition(4).mapInPandas(who, "pid long, n long").collect()}
    assert len(found - {os.getpid()}) >= 2


def test_what_is_no_archive_is_told_in_a_sentence(cluster: Any, sqlite_store: Store, tmp_path: Path) -> None:
    town = make_sampled_town(sqlite_store, "plain")

    def refused(place: Path) -> str:
        with pytest.raises(Refused) as caught:
            scored.score(town, str(place), spark=cluster)
        return caught.value.key

    assert refused(tmp_path) == refused(tmp_path / "nowhere") == "engines.no_archive"
    empty = tmp_path / "empty" / "responses" / "by_community"
    empty.mkdir(parents=True)
    assert refused(tmp_path / "empty") == "engines.unreadable"
    with pytest.raises(Refused, match="逐份答卷"):
        scored.score(town, "file:///nowhere/at/all", spark=cluster)
    (empty / "community=C4").mkdir()
    path = empty / "community=C4" / "responses.parquet"
    pd.DataFrame({"year": [2013], "answer": ["1"]}).to_parquet(path)
    assert refused(tmp_path / "empty") == "engines.other_schema"
    path.write_bytes(b"no parquet at all")
    assert refused(tmp_path / "empty") == "engines.unreadable"
    archived(town, tmp_path / "good")
    one = next((tmp_path / "good" / "responses" / "by_community" / "community=C4").glob("*"))
    whole = pd.read_parquet(one)
    whole.assign(version="one").to_parquet(one)
    assert refused(tmp_path / "good") == "engines.unreadable"
    whole.assign(q_Q1="seven").to_parquet(one)
    assert refused(tmp_path / "good") == "engines.unknown_answer"


def test_the_command_gives_the_table_of_one_machine(sqlite_store: Store, tmp_path: Path) -> None:
    """A process of its own, as a user calls it: the ministry's store has no response."""
    town = make_sampled_town(sqlite_store, "psus")
    archived(town, tmp_path / "pack")
    told = {y: snapshots.results(town, y).scores for y in (2013, 2014)}
    with town.write() as conn:
        for batch in batches.listing(conn):
            if batch.kind == "answers":
                batches.undo(conn, batch.id, "elsewhere")
    command = [sys.executable, "-m", "xingfu", "--store", str(town.where), "--lang", "en", "score", "--json"]
    more = ["--engine", "spark", "--responses", str(tmp_path / "pack"), "--master", "local[2]"]
    done = subprocess.run([*command, *more], capture_output=True, text=True, cwd=Path(xingfu.__file__).parent)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = pd.DataFrame(json.loads(done.stdout)["rows"])
    for name in ("subjective", "subjective_se", "change_p", "rank"):
        there = pd.concat(told.values())[name].to_numpy(dtype=float)
        np.testing.assert_allclose(rows[name].to_numpy(dtype=float), there, rtol=1e-12, atol=1e-12)
    assert "FutureWarning" not in done.stderr


def test_without_java_it_says_what_to_install(tmp_path: Path) -> None:
    code = "from analysis.engines import spark; spark.session()"
    env = {**os.environ, "JAVA_HOME": str(tmp_path), "PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=Path(xingfu.__file__).parent
    )
    assert Surroundings.__name__ in done.stderr
    assert "Java 17" in done.stderr


def test_batches_are_smaller_than_communities(
    cluster: Any, sqlite_store: Store, tmp_path: Path, monkeypatch: Any
) -> None:
    """Spark brings rows in batches of so many; whole communities are put together of them."""
    monkeypatch.setattr(executor, "AT_ONCE", 1)
    cluster.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
    town = make_sampled_town(sqlite_store, "psus")
    archived(town, tmp_path)
    told = snapshots.results(town, 2014)
    agree(scored.score(town, str(tmp_path), year=2014, spark=cluster)[0], told)
    cluster.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
