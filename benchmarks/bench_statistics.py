"""A ratio, a standard deviation, quantiles and a cross table of a million responses: ours beside R ``survey``.

R runs in a process of its own on the same rows and times itself; it takes the whole as one group, as a loop over groups
(``svyby``) would only multiply its time.  It is left out where it is not installed.  Ours is also taken for 1,000
communities and for 20,000 clusters.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from analysis.statistics.descriptive.chi_squared import association
from analysis.statistics.descriptive.linear import concluded, deviation, ratio
from analysis.statistics.descriptive.quantiles import quantile
from analysis.statistics.design import Floats, Ints, make_design
from analysis.statistics.estimation import Domains, base_of, lay_domains
from benchmarks.measure import cpu_seconds, show

RESPONSES, COMMUNITIES, CLUSTERS = 1_000_000, 1000, 20
JOBS = ("ratio", "sd", "median of 5 codes", "median of a number", "cross of 5 x 5")

R_CODE = """
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
read <- function(name) readBin(file.path(folder, name), "double", file.size(file.path(folder, name)) / 8)
d <- data.frame(w = read("w"), x = read("x"), y = read("y"), v = read("v"))
design <- svydesign(ids = ~1, weights = ~w, data = d)
spent <- function(work) { start <- proc.time(); value <- work; took <- proc.time() - start
                          list(value = value, seconds = sum(took[c(1, 2)])) }
median <- function(formula) svyquantile(formula, design, 0.5, interval.type = "mean", qrule = "math")
jobs <- list(spent(svyratio(~y, ~x, design)), spent(svyvar(~x, design)), spent(median(~x)), spent(median(~v)),
             spent(svychisq(~x + y, design, statistic = "F")))
found <- c(SE(jobs[[1]]$value), SE(jobs[[2]]$value) / (2 * sqrt(coef(jobs[[2]]$value))), SE(jobs[[3]]$value),
           SE(jobs[[4]]$value), jobs[[5]]$value$statistic)
cat(sprintf("[[%s], [%s]]", paste(sprintf("%.6f", sapply(jobs, `[[`, "seconds")), collapse = ", "),
            paste(sprintf("%.15g", found), collapse = ", ")))
"""


def rows() -> dict[str, Floats]:
    """Invented answers: weight, two coded questions that hang together a little, and a number."""
    rng = np.random.default_rng(1)
    x = rng.integers(1, 6, RESPONSES)
    y = np.where(rng.random(RESPONSES) < 0.002, x, rng.integers(1, 6, RESPONSES))
    return {"w": rng.random(RESPONSES) + 0.5, "x": x * 1.0, "y": y * 1.0, "v": rng.random(RESPONSES)}


def jobs(domains: Domains, data: dict[str, Floats]) -> list[Callable[[], Any]]:
    """Ours, in the order of ``JOBS``: each gives what R's is compared by, by group."""
    base = base_of(domains)
    x, y, v = (domains.take(data[name]) for name in "xyv")
    return [
        lambda: concluded(domains, base, ratio(domains, base, y, x)).se,
        lambda: concluded(domains, base, deviation(domains, base, x)).se,
        lambda: quantile(domains, base, x, 0.5).se,
        lambda: quantile(domains, base, v, 0.5).se,
        lambda: association(domains, base, x.astype(int) - 1, y.astype(int) - 1).statistic,
    ]


def beside_r(data: dict[str, Floats]) -> tuple[list[float], list[float]] | None:
    """CPU seconds of R and what it found, in the order of ``JOBS``; None without R."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, column in data.items():
            column.tofile(Path(folder) / name)
        call = ["Rscript", "-e", R_CODE, folder]
        seconds, found = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
    return seconds, found


def main() -> None:
    data = rows()
    rng = np.random.default_rng(2)
    community: Ints = rng.integers(0, COMMUNITIES, RESPONSES)
    cluster: Ints = community * CLUSTERS + rng.integers(0, CLUSTERS, RESPONSES)
    everybody = np.zeros(RESPONSES, dtype=np.int64)
    whole = lay_domains(make_design(data["w"], everybody), everybody, 1)
    split = lay_domains(make_design(data["w"], community), community, COMMUNITIES)
    clustered = lay_domains(make_design(data["w"], community, cluster), community, COMMUNITIES)
    ours = [[cpu_seconds(job) for job in jobs(laid, data)] for laid in (whole, split, clustered)]
    lines: list[list[object]] = []
    peer = beside_r(data)
    for i, (name, one, many, clusters) in enumerate(zip(JOBS, *ours, strict=True)):
        line: list[object] = [name, one, many, clusters]
        if peer is not None:
            found = float(jobs(whole, data)[i]()[0])
            line += [peer[0][i], peer[0][i] / one, abs(found / peer[1][i] - 1)]
        lines.append(line)
    columns = ["job", "one group", "1,000 communities", "20,000 clusters", "R, one group", "ratio", "furthest apart"]
    show(f"{RESPONSES:,} responses, CPU seconds", columns[: len(lines[0])], lines)


if __name__ == "__main__":
    main()
