"""Spark around the kernel: where the archived responses are, what they hold, and every community scored on an executor."""

from __future__ import annotations

import importlib.util
import os
import pickle
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from analysis.engines.archived_rows import COLUMNS, PERSON
from analysis.engines.executor import SCHEMA, Task, run
from survey.core.errors import Refused, Surroundings

#: pyspark's own types, which only who has it can import
SparkSession: TypeAlias = Any
DataFrame: TypeAlias = Any
#: the folder of an archive that holds single responses
FOLDER = "responses"
#: responses of one piece of work
_PIECE = 200_000


def session(master: str = "") -> SparkSession:
    """A Spark session: what ``spark-submit`` or a running one brings, else ``master``, else all cores of this machine.

    Raises Surroundings where pyspark or Java is missing or Spark does not start.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise Surroundings("engines.missing")
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    quiet = {"spark.ui.showConsoleProgress": "false", "spark.ui.enabled": "false", "spark.log.level": "FATAL"}
    builder = SparkSession.builder.appName("xingfu")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    if master or not SparkConf().contains("spark.master"):
        builder = builder.master(master or "local[*]")
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as problem:
        raise Surroundings("engines.no_start", reason=_first_line(problem)) from problem


class Archive:
    """The single responses of an archive, or of several laid into one folder."""

    def __init__(self, spark: SparkSession, place: str) -> None:
        """``place``: the folder of an archive or its ``responses``, or such an address as Spark reads.

        Raises Refused where there is no such archive or its files have other columns.
        """
        self.spark, self.place = spark, place.rstrip("/")
        self.base, self.names = self._found()
        lacking = [name for name in COLUMNS if name not in (*self.names, *PERSON)]
        if lacking:
            raise Refused("engines.other_schema", path=place, columns=list(lacking))

    def _found(self) -> tuple[str, list[str]]:
        if "://" not in self.place and not Path(self.place).is_dir():
            raise Refused("engines.no_archive", path=self.place)
        reason = ""
        for base in (f"{self.place}/{FOLDER}", self.place):
            if "://" not in base and not Path(base, "by_community").is_dir():
                continue
            try:
                frame = self.spark.read.parquet(f"{base}/by_community")
                return base, list(frame.columns)
            except Exception as problem:  # Spark's own, Java's or Hadoop's: whatever kind, there is no archive to read
                reason = _first_line(problem)
        raise (
            Refused("engines.unreadable", path=self.place, reason=reason)
            if reason
            else Refused("engines.no_archive", path=self.place)
        )

    @property
    def with_persons(self) -> bool:
        """Whether sex and age are in the files."""
        return all(name in self.names for name in PERSON)

    def _rows(self, part: str, answers: list[str]) -> DataFrame:
        from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

        kinds: dict[str, Any] = {"long": LongType(), "double": DoubleType(), "string": StringType()}
        names = {name: kind for name, kind in COLUMNS.items() if self.with_persons or name not in PERSON}
        wanted = {**names, **dict.fromkeys(answers, "string")}
        schema = StructType([StructField(name, kinds[kind]) for name, kind in wanted.items()])
        return self.spark.read.schema(schema).parquet(f"{self.base}/{part}")

    def sizes(self) -> pd.DataFrame:
        """``year, questionnaire, version, community, n``: how many responses there are; raises as ``score`` does."""
        keys = ["year", "questionnaire", "version", "community"]
        with _spoken(self.place):
            rows = self._rows("by_community", []).groupBy(*keys).count().collect()
        return pd.DataFrame([tuple(row) for row in rows], columns=[*keys, "n"])

    def score(self, task: Task, answers: list[str], rows: int) -> Iterator[tuple[int, str, Any]]:
        """(year, ``scores`` or ``together``, frames) of every piece; ``answers``: columns ``q_NAME``, ``rows``: how many responses.

        Raises Refused for answers that the questionnaires do not know or weights that mean nothing, Surroundings where Spark
        fails.
        """
        from pyspark import StorageLevel
        from pyspark.sql import functions as f

        years = sorted({y for year in task.years for y in (year.year, year.year - 1)})
        if task.key == "community":
            frame = self._rows("by_community", answers).where(f.col("year").isin(years))
        else:
            alone = self._rows("overall", answers).where(f.col("year").isin(years))
            later = alone.withColumn("task_year", f.col("year") + 1)
            frame = alone.withColumn("task_year", f.col("year")).unionByName(later)
            frame = frame.where(f.col("task_year").isin([year.year for year in task.years]))
        pieces = max(rows // _PIECE, 2 * self.spark.sparkContext.defaultParallelism)
        frame = frame.repartition(pieces, task.key).sortWithinPartitions(task.key)
        sent = self.spark.sparkContext.broadcast(task)
        out = frame.mapInPandas(lambda frames: run(sent.value, frames), SCHEMA).persist(StorageLevel.DISK_ONLY)
        try:
            with _spoken(self.place):
                out.count()  # all pieces at once; then they come one after the other
                for year, kind, payload in out.toLocalIterator():
                    found = pickle.loads(zlib.decompress(bytes(payload)))
                    if kind == "refused":
                        raise Refused(found[0], **found[1])
                    yield year, kind, found
        finally:
            out.unpersist()
            sent.unpersist()


class _spoken:  # noqa: N801 — a context manager, read as a word
    """What Spark says becomes one sentence; refusals of ours pass."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        from pyspark.errors import PySparkException

        if problem is None:
            return
        if isinstance(problem, PySparkException) or type(problem).__module__.startswith("py4j"):
            text = str(problem)
            if any(
                word in text for word in ("CONVERT", "cannot be converted", "not a Parquet file", "FAILED_READ_FILE")
            ):
                raise Refused("engines.unreadable", path=self.place, reason=_first_line(problem)) from problem
            raise Surroundings("engines.failed", reason=_first_line(problem)) from problem


def _first_line(problem: BaseException) -> str:
    """What went wrong in one line: the last cause that Java names, else the first line."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or [type(problem).__name__])[-1 if causes else 0][:300]
