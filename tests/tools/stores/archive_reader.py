"""The archive of a store read without Spark: what an executor does, done here, for tests that need no Java."""

from __future__ import annotations

import itertools
import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from analysis.archive.single_responses import NO_PLACE
from analysis.engines import executor
from survey.core.errors import Refused


class PlainArchive:
    """As ``engines.spark.Archive``: rows in a few frames, sorted by what stays together."""

    #: rows of one frame, as Spark brings them in batches
    batch = 97

    def __init__(self, spark: object, place: str) -> None:
        self.place, self.with_persons = place, True

    def _rows(self, part: str) -> pd.DataFrame:
        found = []
        for path in sorted(Path(self.place, "responses", part).glob("*/*.parquet")):
            key, value = path.parent.name.split("=", 1)
            rows = pd.read_parquet(path)
            rows[key] = int(value) if key == "year" else None if value == NO_PLACE else unquote(value)
            found.append(rows)
        return pd.concat(found, ignore_index=True)

    def sizes(self) -> pd.DataFrame:
        keys = ["year", "questionnaire", "version", "community"]
        return self._rows("by_community").groupby(keys, dropna=False).size().rename("n").reset_index()

    def score(self, task: executor.Task, answers: list[str], rows: int) -> Iterator[tuple[int, str, Any]]:
        if task.key == "community":
            frame = self._rows("by_community")
        else:
            alone = self._rows("overall")
            frame = pd.concat([alone.assign(task_year=alone["year"]), alone.assign(task_year=alone["year"] + 1)])
            frame = frame[frame["task_year"].isin([y.year for y in task.years])]
        frame = frame.sort_values(task.key, kind="stable")
        frames = (frame.iloc[i : i + self.batch].reset_index(drop=True) for i in itertools.count(0, self.batch))
        pieces = itertools.takewhile(len, frames)
        sent = pickle.loads(pickle.dumps(task))
        for out in executor.run(sent, pieces):
            for year, kind, payload in out.itertuples(index=False, name=None):
                found = pickle.loads(zlib.decompress(payload))
                if kind == "refused":
                    raise Refused(found[0], **found[1])
                yield year, kind, found
