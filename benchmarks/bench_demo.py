"""From a fresh clone to a scored demonstration: minutes of ``make demo``, first and second time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.measure import show

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "xingfu"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
        environment.pop("VIRTUAL_ENV", None)
        rows = []
        for name in ("fresh clone, nothing installed", "again"):
            start = time.perf_counter()
            command = ["make", "demo", "DEMO_ARGS=--no-serve"]
            subprocess.run(command, cwd=clone, env=environment, check=True, stdout=subprocess.DEVNULL)
            rows.append((name, (time.perf_counter() - start) / 60))
    show("make demo (installing, three years of sample data imported and scored)", ("run", "minutes"), rows)
