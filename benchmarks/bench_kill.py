"""``kill -9`` at ten points of an import of 100,000 rows: nothing is torn, and the second try is recognised."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_intake import COLUMNS, MANY, ROOT, delimited, fill, form_of, table, workbook
from benchmarks.measure import show
from survey.core.lang import say
from survey.store import Store
from survey.store.intake import batches, questionnaires, responses

#: a stage that the command has just told of, and how long after it is killed (s)
POINTS = (
    ("looking", 0.0),
    ("reading", 0.0),
    ("reading", 0.5),
    ("matching", 0.0),
    ("checking", 0.0),
    ("checking", 0.3),
    ("storing", 0.0),
    ("storing", 0.2),
    ("storing", 0.6),
    ("computing", 0.0),
)


@dataclass(frozen=True)
class Outcome:
    """What a kill left (responses in whole batches), and how the second try ended (exit status, responses then)."""

    stage: str
    delay: float
    left: int
    status: int
    stored: int
    recognised: bool


def kill_at(folder: Path, file: str, data: bytes, points: Sequence[tuple[str, float]] = POINTS) -> Iterator[Outcome]:
    """Import the file into a fresh store for every point, kill the program there, and import it again.

    Raises AssertionError where a part of a batch can be read.
    """
    (folder / file).write_bytes(data)
    for number, (stage, delay) in enumerate(points):
        place = folder / f"{number}.db"
        store = Store.open(place, create=True)
        fill(store, form_of(COLUMNS))
        store.close()
        program = subprocess.Popen(
            _command(place, file),
            cwd=folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        _wait_for(program, say("zh", f"stages.{stage}"))
        time.sleep(delay)
        program.kill()
        program.communicate()
        left = _whole(place)
        again = subprocess.run(_command(place, file), cwd=folder, capture_output=True, text=True, encoding="utf-8")
        already = again.returncode == 3 and file in again.stderr and again.stderr.count("\n") < 20
        yield Outcome(stage, delay, left, again.returncode, _whole(place), already)


def _command(place: Path, file: str) -> list[str]:
    return [
        sys.executable,
        str(ROOT / "xingfu.py"),
        "--store",
        str(place),
        "--lang",
        "zh",
        "import",
        file,
        "--questionnaire",
        "bench",
        "--year",
        "2014",
    ]


def _wait_for(program: subprocess.Popen[str], text: str) -> None:
    """Read what the program says until it tells of the stage (or ends)."""
    assert program.stderr is not None
    for line in program.stderr:
        if f" · {text}" in line or line.strip().startswith(text):
            return


def _whole(place: Path) -> int:
    """Responses in the store, after holding what is counted, recorded and loaded against each other."""
    store = Store.open(place)
    with store.read() as conn:
        recorded = sum(int(b.counts["stored"]) for b in batches.listing(conn) if b.kind == "answers")
        loaded = len(responses.load(conn, questionnaires.get(conn, "bench")))
        counted = int(responses.counts(conn)["n"].sum())
    store.close()
    assert recorded == loaded == counted, (recorded, loaded, counted)
    return loaded


def main() -> None:
    form, rows = form_of(COLUMNS), []
    for file, write in (("bench.xlsx", workbook), ("bench.csv", delimited)):
        data = write(table(form, True, MANY))
        with tempfile.TemporaryDirectory() as folder:
            for o in kill_at(Path(folder), file, data):
                assert o.left in (0, MANY)
                assert o.stored == MANY
                second = "recognised, nothing doubled" if o.recognised else f"stored, exit {o.status}"
                rows.append((file, o.stage, o.delay, o.left, second))
    show("kill -9 during an import", ("file", "killed at", "s after", "responses left", "second try"), rows)
