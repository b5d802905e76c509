"""CPU seconds, peak memory and a table: ratios of one run in one warm process say more than seconds."""

import contextlib
import gc
import multiprocessing
import os
import platform
import statistics
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import psutil


def cpu_seconds(work: Callable[[], Any], repeats: int = 5) -> float:
    """Median CPU seconds of ``work``, all threads and child processes together, after one run that warms it up."""
    work()
    taken = []
    for _ in range(repeats):
        gc.collect()
        start = _spent()
        work()
        taken.append(_spent() - start)
    return statistics.median(taken)


def _spent() -> float:
    """CPU seconds so far, ours and those of children that ended (files are read in a child process)."""
    return sum(os.times()[:4])


def peak_megabytes(work: Callable[[], Any]) -> float:
    """What ``work`` allocates at most beyond what is there already, as Python and numpy count it."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def run_measured(command: Sequence[str], **how: Any) -> tuple[float, float, float]:
    """CPU seconds, seconds and peak megabytes of a program with its children; raises if it fails."""
    before, start, peak = os.times(), time.perf_counter(), 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how) as program:
        while program.poll() is None:
            peak = max(peak, megabytes(program.pid))
            time.sleep(0.02)
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, command)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4]), time.perf_counter() - start, peak


def megabytes(pid: int) -> float:
    """Memory of a process and its children now; what they share counts once where the system tells (Linux)."""
    total = 0
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        for one in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                found = one.memory_full_info()
                total += getattr(found, "pss", 0) or found.rss
    return total / 2**20


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
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}, "
        f"numpy {np.__version__}, pandas {pd.__version__}"
    )
