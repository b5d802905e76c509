"""Nothing on the way in is worse than linear: twice the bytes take at most 2.3 times the processor, whatever they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from benchmarks.measure import show
from survey.core.errors import Refused
from survey.files.layouts.layout import spellings
from survey.files.read import read_here

#: what twice the bytes may cost, and the seconds that a shape must take to be judged
RATIO, LEAST = 2.3, 0.2
HEADER = "编号,社区,意见\n".encode("gb18030")


def _html(piece: bytes) -> Callable[[int], bytes]:
    return lambda n: b"<table><tr><td>a<td>b<tr><td>" + piece * (n // len(piece))


#: what is read → the bytes of about so many; cells are as long as one may be, lines as long as a file
SHAPES: dict[str, Callable[[int], bytes]] = {
    "GB18030, codes": lambda n: HEADER + b"1,2,3\n" * (n // 6),
    "GB18030, one line of codes": lambda n: HEADER + b"1" * n + b",2,3\n",
    "GB18030, words": lambda n: HEADER + "1,东街社区,满意\n".encode("gb18030") * (n // 16),
    "CSV, long fields in one line": lambda n: (b"a" * 500_000 + b",") * (n // 500_000) + b"\n",
    "CSV, quoted fields": lambda n: b"a,b\n" + b'1,"x ""y"" z"\n' * (n // 14),
    "HTML, cells": _html(b"<tr><td>1<td>2"),
    "HTML, tags left open": _html(b"<a "),
    "HTML, comments left open": _html(b"<!--"),
    "HTML, scripts": _html(b"<script>x</SCRIPT>"),
}
#: pieces of a header
PIECES = ("*", ":", "。", "(1=", "(多选)", " *", "1、", "a(")


def main() -> None:
    rows = [(name, *_measured(lambda n, make=make: _read(make(n)), 1_500_000)) for name, make in SHAPES.items()]
    rows += [(f"a header of {p!r}", *_measured(lambda n, p=p: spellings(p * (n // len(p))), 200_000)) for p in PIECES]
    show("Twice the bytes", ("what", "MB", "CPU s", "twice, CPU s", "ratio"), rows)
    worse = [name for name, _, _, twice, ratio in rows if twice > LEAST and ratio > RATIO]
    print(f"\nover {RATIO:g} times: {', '.join(worse) or 'none'}")
    if worse:
        raise SystemExit(1)


def _measured(work: Callable[[int], object], size: int) -> tuple[float, float, float, float]:
    """MB, the least CPU seconds of three runs of ``size`` and of twice as many bytes, and their ratio."""
    work(size // 10)
    once, twice = (min(_seconds(work, n) for _ in range(3)) for n in (size, 2 * size))
    return size / 1e6, once, twice, twice / max(once, 1e-9)


def _seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started


def _read(data: bytes) -> None:
    with suppress(Refused):
        read_here("a.csv", data)
