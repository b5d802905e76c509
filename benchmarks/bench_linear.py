"""Nothing on the way in is worse than linear: twice the bytes take at most 2.3 times the processor, whatever they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from benchmarks.measure import show
from survey.core.errors import Refused
from survey.files.layouts.layout import spellings
from survey.files.read import read_here

Made = TypeVar("Made", str, bytes)
#: what twice the bytes may cost, and the seconds that a shape must take to be judged
RATIO, LEAST = 2.3, 0.2
HEADER = "编号,社区,意见\n".encode("gb18030")


def _html(piece: bytes) -> Callable[[int], bytes]:
    return lambda n: b"<table><tr><td>a<td>b<tr><td>" + piece * (n // len(piece))


def _xlsx(cell: Callable[[int], str]) -> Callable[[int], bytes]:
    """A sheet of ten cells a row, of about so many bytes of XML, written as large ones are."""

    def made(n: int) -> bytes:
        from tests.tools.hostile.files import pack, parts, worksheet

        rows, size = [], 0
        while size < n:
            number = len(rows) + 1
            cells = (f'<c r="{letter}{number}"{cell(10 * number + i)}</c>' for i, letter in enumerate("ABCDEFGHIJ"))
            rows.append(f'<row r="{number}">{"".join(cells)}</row>')
            size += len(rows[-1])
        return pack(parts(worksheet("".join(rows))))

    return made


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
#: the same of workbooks, which take less a byte
WORKBOOKS: dict[str, Callable[[int], bytes]] = {
    "XLSX, codes": _xlsx(lambda i: f"><v>{i % 5}</v>"),
    "XLSX, different numbers": _xlsx(lambda i: f"><v>{i * 37}</v>"),
    "XLSX, words in the cells": _xlsx(lambda i: f' t="inlineStr"><is><t>{"很满意" * 8}{i % 9}</t></is>'),
    "XLSX, formulas": _xlsx(lambda i: f"><f>A{i}</f><v>{i % 5}</v>"),
}
#: pieces of a header
PIECES = ("*", ":", "。", "(1=", "(多选)", " *", "1、", "a(")


def main() -> None:
    rows = [(name, *_measured(_read, make, 1_500_000)) for name, make in SHAPES.items()]
    rows += [
        (name, *_measured(lambda data: _read(data, "a.xlsx"), make, 15_000_000)) for name, make in WORKBOOKS.items()
    ]
    rows += [(f"a header of {p!r}", *_measured(spellings, lambda n, p=p: p * (n // len(p)), 200_000)) for p in PIECES]
    show("Twice the bytes", ("what", "MB", "CPU s", "twice, CPU s", "ratio"), rows)
    worse = [name for name, _, _, twice, ratio in rows if twice > LEAST and ratio > RATIO]
    print(f"\nover {RATIO:g} times: {', '.join(worse) or 'none'}")
    if worse:
        raise SystemExit(1)


def _measured(
    work: Callable[[Made], object], make: Callable[[int], Made], size: int
) -> tuple[float, float, float, float]:
    """MB, the least CPU seconds of three runs on what is made of ``size`` and of twice as many bytes, and their ratio."""
    work(make(size // 10))
    once, twice = (min(_seconds(work, made) for _ in range(3)) for made in (make(size), make(2 * size)))
    return size / 1e6, once, twice, twice / max(once, 1e-9)


def _seconds(work: Callable[[Made], object], made: Made) -> float:
    started = time.process_time()
    work(made)
    return time.process_time() - started


def _read(data: bytes, name: str = "a.csv") -> None:
    with suppress(Refused):
        read_here(name, data)
