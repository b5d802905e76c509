"""The 69 hostile and dirty files: seconds and memory until each has its verdict, reading process included."""

import os
import pickle
import resource
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.measure import show
from survey.core.errors import Refused
from survey.files.readers import reading_process
from survey.intake.answers.answers import inspect
from survey.store import Store, keyring

MB = 2**20
#: what a verdict may cost
SECONDS, MEGABYTES = 1.0, 200.0


@dataclass(frozen=True)
class Cost:
    """``program``: what our own process grew by, ``reader``: the whole process that read the file (MB, peaks)."""

    wall: float
    cpu: float
    program: float
    reader: float

    @property
    def memory(self) -> float:
        return self.program + self.reader


def main() -> None:
    from tests.survey.intake.test_intake_hostile import CASES
    from tests.tools.hostile.questionnaire import prepare

    os.environ["XINGFU_KEY"] = keyring.new_key().written()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store.db", create=True)
        prepare(store)
        store.close()
        _verdict(Path(folder), "a09", CASES)  # what every file needs once is loaded before
        costs = {case: _measured(Path(folder), case, CASES) for case in CASES}
    base = psutil.Process().memory_info().rss / MB
    show(
        f"Hostile files: a verdict each (our own process holds {base:.0f} MB before)",
        ("case", "wall s", "CPU s", "grown MB", "reader MB", "both MB"),
        [(c, k.wall, k.cpu, round(k.program), round(k.reader), round(k.memory)) for c, k in costs.items()],
    )
    slowest, largest = max(costs, key=lambda c: costs[c].wall), max(costs, key=lambda c: costs[c].memory)
    over = [c for c, k in costs.items() if k.wall > SECONDS or k.memory > MEGABYTES]
    print(
        f"\nslowest {slowest}: {costs[slowest].wall:.2f} s; most memory {largest}: {costs[largest].memory:.0f} MB; "
        f"over {SECONDS:g} s or {MEGABYTES:g} MB: {', '.join(over) or 'none'}"
    )


def _verdict(folder: Path, case: str, cases: dict) -> tuple[float, float]:
    from tests.tools.hostile.questionnaire import options

    file, make = cases[case]
    data, store = make(), Store.open(folder / "store.db")
    before, started = sum(os.times()[:4]), time.perf_counter()
    with suppress(Refused):
        inspect(store, file, data, options(case))
    wall, cpu = time.perf_counter() - started, sum(os.times()[:4]) - before
    store.close()
    return wall, cpu


def _measured(folder: Path, case: str, cases: dict) -> Cost:
    """In a process of its own, so that peaks are those of this case; the file itself is made in another one."""
    file, make = cases[case]
    place = folder / "made"
    place.write_bytes(_apart(make))
    return _apart(lambda: _cost(folder, case, {case: (file, place.read_bytes)}))


def _cost(folder: Path, case: str, cases: dict) -> Cost:
    told = folder / "reader"
    told.write_text("0")
    # the reading process says at its end what it held at most; what the system counts begins before it was started
    said = f"open({str(told)!r}, 'w').write(next(w for w in open('/proc/self/status') if 'VmHWM' in w).split()[1])"
    reading_process._START = reading_process._START.replace("os._exit(0)", f"{said}; os._exit(0)")
    base = psutil.Process().memory_info().rss / MB
    wall, cpu = _verdict(folder, case, cases)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(wall, cpu, max(peak - base, 0.0), int(told.read_text()) / 1024)


def _apart(work):
    """What ``work`` gives, done in a fork of this process."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        os.close(receive)
        with os.fdopen(send, "wb") as stream:
            pickle.dump(work(), stream)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        result = pickle.load(stream)
    os.waitpid(child, 0)
    return result


if __name__ == "__main__":
    main()
