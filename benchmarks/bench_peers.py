"""One mean with its error for a thousand communities, and raking to two margins: ours, R ``survey`` and ``svy``.

Each program runs in a process of its own on the same million rows and times itself; its peak memory is that of the
whole process, the rows with it.  R is left out where it is not installed.  ``svy`` is taken from the Python that
``$SVY_PYTHON`` names (``pip install svy`` somewhere outside of this project).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import run_measured, show

RESPONSES, COMMUNITIES, CELLS = 1_000_000, 1000, 10
#: the clock of the system ticks in hundredths of a second
TIMES = 10
COLUMNS = ("y", "weight", "community", "stratum", "age", "sex")

R_CODE = """
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
read <- function(name) readBin(file.path(folder, name), "double", file.size(file.path(folder, name)) / 8)
d <- data.frame(y = read("y"), weight = read("weight"), community = read("community"), stratum = read("stratum"),
                age = factor(read("age")), sex = factor(read("sex")))
spent <- function(work) { start <- proc.time(); value <- work; took <- proc.time() - start
                          list(value = value, seconds = sum(took[c(1, 2, 4, 5)])) }
built <- spent(svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = d, check.strata = FALSE))
design <- built$value
raked <- spent(rake(design, list(~age, ~sex), list(data.frame(age = levels(d$age), Freq = 4e5 + 1e4 * (0:4)),
               data.frame(sex = levels(d$sex), Freq = c(1e6, 1.1e6))), control = list(maxit = 100, epsilon = 1e-9)))
means <- spent(svyby(~y, ~community, design, svymean))
writeBin(as.numeric(means$value$y), file.path(folder, "R.mean"))
writeBin(as.numeric(SE(means$value)), file.path(folder, "R.se"))
writeBin(as.numeric(weights(raked$value)), file.path(folder, "R.weights"))
cat(sprintf('{"design": %f, "means": %f, "rake": %f}', built$seconds, means$seconds, raked$seconds),
    file = file.path(folder, "R.json"))
"""

SVY_CODE = """
import json, os, sys
import numpy as np, polars as pl, svy
folder = sys.argv[1]
read = lambda name: np.fromfile(os.path.join(folder, name))
data = pl.DataFrame({"y": read("y"), "weight": read("weight"),
    **{n: read(n).astype(int) for n in ("community", "stratum")}, **{n: read(n).astype(int).astype(str) for n in ("age", "sex")}})
def spent(work):
    start = sum(os.times()[:2]); value = work(); return value, sum(os.times()[:2]) - start
sample, built = spent(lambda: svy.Sample(data, svy.Design(stratum="stratum", wgt="weight")))
means, took = spent(lambda: sample.estimation.mean("y", by="community"))
controls = {"age": {str(k): 4e5 + 1e4 * k for k in range(5)}, "sex": {"0": 1e6, "1": 1.1e6}}
raked, rake = spent(lambda: sample.weighting.rake(controls=controls, tol=1e-9))
frame = means.to_polars().sort(pl.col("community").cast(int))
np.asarray(frame["est"], dtype=float).tofile(os.path.join(folder, "svy.mean"))
np.asarray(frame["se"], dtype=float).tofile(os.path.join(folder, "svy.se"))
np.asarray(raked.data["rk_wgt"], dtype=float).tofile(os.path.join(folder, "svy.weights"))
json.dump({"design": built, "means": took, "rake": rake}, open(os.path.join(folder, "svy.json"), "w"))
"""


def write_rows(folder: Path, responses: int = RESPONSES, communities: int = COMMUNITIES) -> None:
    """Invented rows as one file of doubles a column; ten age-sex cells are the strata of a community."""
    rng = np.random.default_rng(5)
    community = rng.integers(0, communities, responses)
    age, sex = rng.integers(0, 5, responses), rng.integers(0, 2, responses)
    stratum = (community * 5 + age) * 2 + sex
    values = (rng.integers(0, 6, responses) * 20.0, rng.lognormal(0, 0.4, responses), community, stratum, age, sex)
    for name, column in zip(COLUMNS, values, strict=True):
        column.astype(np.float64).tofile(folder / name)


def ours(folder: Path) -> None:
    """The same two jobs with our kernel, each after one run that warms it up."""
    from analysis.statistics.design import make_design
    from analysis.statistics.estimation import estimate, lay_domains
    from analysis.statistics.weighting import Margin, calibrate
    from benchmarks.measure import cpu_seconds

    y, weight, community, stratum, age, sex = (np.fromfile(folder / name) for name in COLUMNS)
    group, strata = community.astype(np.int64), stratum.astype(np.int64)
    cell = age.astype(np.int64) * 2 + sex.astype(np.int64)
    margins = [
        Margin(np.arange(5)[None, :], 4e5 + 1e4 * np.arange(5.0)[None, :]),
        Margin(np.arange(2)[None, :], np.array([[1e6, 1.1e6]])),
    ]
    groups = int(group.max()) + 1

    def each(work: Callable[[], Any]) -> float:
        return cpu_seconds(lambda: [work() for _ in range(TIMES)]) / TIMES

    design = make_design(weight, strata)

    def means() -> Any:
        domains = lay_domains(design, group, groups)
        return estimate(domains, domains.take(y))

    def raked() -> Any:
        return calibrate(weight, cell, (1, 5, 2), margins)

    found = means()
    found.mean.tofile(folder / "ours.mean")
    found.se.tofile(folder / "ours.se")
    raked().weight.tofile(folder / "ours.weights")
    taken = {"design": each(lambda: make_design(weight, strata)), "means": each(means), "rake": each(raked)}
    (folder / "ours.json").write_text(json.dumps(taken))


def programs(folder: Path) -> dict[str, list[str]]:
    """Name → the command that runs it, for those that are installed."""
    found = {
        "ours": [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from benchmarks.bench_peers import ours; ours(Path(sys.argv[1]))",
            str(folder),
        ]
    }
    for name, program, ending, code in (
        ("R", shutil.which("Rscript"), "R", R_CODE),
        ("svy", os.environ.get("SVY_PYTHON"), "py", SVY_CODE),
    ):
        if program:
            script = folder / f"peer_{name}.{ending}"
            script.write_text(code)
            found[name] = [program, str(script), str(folder)]
        else:
            print(f"{name} is not installed and left out", file=sys.stderr)
    return found


def differs(folder: Path, name: str, what: str) -> float:
    """Largest relative difference from ours."""
    mine, other = np.fromfile(folder / f"ours.{what}"), np.fromfile(folder / f"{name}.{what}")
    return float(np.max(np.abs(mine - other) / np.abs(other)))


def main(responses: int = RESPONSES, communities: int = COMMUNITIES) -> None:
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_rows(folder, responses, communities)
        plain: dict[str, float] = {}
        for name, command in programs(folder).items():
            try:
                _, wall, peak = run_measured(command)
            except subprocess.CalledProcessError as error:
                print(f"{name} failed: {error}", file=sys.stderr)
                continue
            took = json.loads((folder / f"{name}.json").read_text())
            plain = plain or took
            rows += [
                (
                    name,
                    job,
                    took[job],
                    took[job] / (plain[job] or float("nan")),
                    wall,
                    peak,
                    agreement(folder, name, job),
                )
                for job in ("design", "means", "rake")
            ]
    show(
        f"Peers: {responses:,} responses, {communities:,} communities, {communities * CELLS:,} strata",
        (
            "program",
            "job",
            "CPU s",
            "ratio to ours",
            "wall s, whole program",
            "peak MB, whole program",
            "differs from ours",
        ),
        rows,
    )


def agreement(folder: Path, name: str, job: str) -> float | None:
    """How far the numbers of a job lie from ours, None where there are none to compare."""
    what: dict[str, Callable[[], float]] = {
        "means": lambda: max(differs(folder, name, "mean"), differs(folder, name, "se")),
        "rake": lambda: differs(folder, name, "weights"),
    }
    return what[job]() if job in what and name != "ours" else None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
