"""``python -m benchmarks``: all of them, or those named."""

import importlib
import os
import sys

from benchmarks.measure import machine

NAMES = (
    "start",
    "intake",
    "linear",
    "uploads",
    "kill",
    "hostile",
    "estimate",
    "statistics",
    "disclosure",
    "peers",
    "growth",
    "replicates",
    "weighting",
    "ranks",
    "sensitivity",
    "field",
    "dashboard",
    "pages",
    "desk",
    "papers",
    "demo",
)


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; there are {' '.join(NAMES)}", file=sys.stderr)
        return 2
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does; nothing has imported numpy yet
    print(machine())
    for name in wanted or NAMES:
        importlib.import_module(f"benchmarks.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
