"""How long a command takes before it does anything: CPU of whole programs beside merely importing what they need.

Each kind of command and its yardstick run alternately, so that both meet the same machine; ratios of medians.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import show

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 7
RUN = "import sys, xingfu; sys.exit(xingfu.main(sys.argv[1:]))"
#: a program with two commands and nothing behind them, its help drawn by rich
BARE = """
import typer
app = typer.Typer(name="bare", no_args_is_help=True, add_completion=False)
@app.command()
def one(x: int) -> None: ...
@app.command()
def two(y: str = "") -> None: ...
app()
"""
LIBRARIES = "import sqlalchemy, typer, rich.console, rich.table, rich.progress"
#: kind → words of the command, yardstick (code, its words, what it is), the most that is wanted
KINDS = {
    "--help": (["--help"], (BARE, ["--help"], "a bare Typer program with rich"), 2.0),
    "--version": (["--version"], (BARE, ["--help"], "a bare Typer program with rich"), 2.0),
    "a wrong command": (["scroe"], (BARE, ["three"], "a bare Typer program with rich"), 2.0),
    "batches": (["batches"], (LIBRARIES, [], "import sqlalchemy, typer, rich"), 1.5),
    "scheme show": (["scheme", "show", "2014"], (LIBRARIES + ", pandas", [], "… and pandas"), 1.3),
    "cycle show": (["cycle", "show", "2014"], (LIBRARIES + ", pandas", [], "… and pandas"), 1.3),
    "score": (["score", "--year", "2014"], (LIBRARIES + ", pandas", [], "… and pandas"), 1.3),
}
PAGES = "import dash_mantine_components, plotly, pandas"


def environment() -> dict[str, str]:
    """That of somebody who uses the program: what was compiled once is kept, ours as that of the libraries."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def program(code: str, words: Sequence[str], folder: str) -> float:
    """CPU seconds of a Python program with its children, user and system; it may end with any status."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        _, _, used = os.wait4(child.pid, 0)
        child.returncode = 0  # waited for already
    return used.ru_utime + used.ru_stime


def serving(folder: str) -> float:
    """CPU seconds of ``serve`` until its first page is answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, "serve", "--port", str(port)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(1200):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                break
        except OSError:
            time.sleep(0.05)
    child.terminate()
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return used.ru_utime + used.ru_stime


def beside(work: Callable[[], float], yardstick: Callable[[], float], repeats: int = REPEATS) -> tuple[float, float]:
    """Median CPU seconds of both, measured in turn after one run of each that fills the caches."""
    work(), yardstick()
    taken = [(work(), yardstick()) for _ in range(repeats)]
    ours, theirs = zip(*taken, strict=True)
    return statistics.median(ours), statistics.median(theirs)


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        program(RUN, ["demo", "--no-serve"], folder)
        (Path(folder) / "demo.db").rename(Path(folder) / "xingfu.db")
        for kind, (words, (code, given, what), most) in KINDS.items():
            ours, theirs = beside(
                lambda words=words: program(RUN, words, folder),
                lambda code=code, given=given: program(code, given, folder),
            )
            rows.append([kind, what, theirs, ours, ours / theirs, most])
        ours, theirs = beside(lambda: serving(folder), lambda: program(PAGES, [], folder), repeats=3)
        rows.append(["serve, first page answered", PAGES, theirs, ours, ours / theirs, 2.0])
    header = ["command", "beside", "yardstick, CPU s", "command, CPU s", "ratio", "aim"]
    show("Start", header, rows)


if __name__ == "__main__":
    main()
