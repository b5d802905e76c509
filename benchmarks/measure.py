"""CPU seconds, peak memory and a table: ratios of one run in one warm process say more than seconds."""

import gc
import multiprocessing
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def cpu_seconds(work: Callable[[], Any], repeats: int = 5) -> float:
    """Median CPU seconds of ``work``, all threads together, after one run that warms it up."""
    work()
    taken = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def peak_megabytes(work: Callable[[], Any]) -> float | None:
    """Memory that ``work`` needs at most beyond what the process already holds; None where it can't be told."""
    if not sys.platform.startswith("linux"):
        return None
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_measure_peak, args=(work, theirs))
    child.start()
    theirs.close()
    peak: float = ours.recv()
    child.join()
    return peak


def _measure_peak(work: Callable[[], Any], pipe: Any) -> None:
    import resource

    with open("/proc/self/statm", encoding="ascii") as status:
        before = int(status.read().split()[1]) * resource.getpagesize() / 2**20
    work()
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before)


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A Markdown table on standard output."""
    print(f"\n## {title}\n")
    print(f"| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(_cell(value) for value in row)} |")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def machine() -> str:
    """What this was measured on."""
    import numpy as np
    import pandas as pd

    cores = multiprocessing.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}, " \
           f"numpy {np.__version__}, pandas {pd.__version__}"  # fmt: skip
