"""Reading in a process of its own: whatever a file does to its reader, the program goes on.

The child looks the file over (preflight), reads it under limits of memory, time and output, and writes the
sheets column by column into a file; a refusal comes back as its sentence.  Where the system has resource
limits (Linux, macOS) they are set by the child itself; everywhere a watchdog ends a child that takes too
long or too much memory.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np

from survey.core import progress
from survey.core.errors import Refused, Surroundings
from survey.core.findings import Finding
from survey.files.preflight import Limits
from survey.files.readers.distinct_values import Cells, Rows, from_json, to_json
from survey.files.readers.sheet import Sheet, Variable
from survey.files.waiting import READING, Held

#: how often the watchdog looks (s)
LOOK = 0.05
_MAGIC = b"XFS1"
#: exit status of a child that had no room to write what it read
_FULL = 28
_LENGTH = struct.Struct("<Q")


def read_apart(file: str, data: bytes, *, delimiter: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    """``read_sheets`` in a child process; raises Refused for what it refuses, and if it dies or takes too much.

    Raises Surroundings where the folder for temporary files is full.
    """
    limits = limits or Limits()
    with _room(), _folder() as folder, _places(folder) as (place, out, at):
        place.touch(0o600)
        place.write_bytes(data)
        order = {"file": file, "delimiter": delimiter, "limits": asdict(limits)}
        child = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _START, _ROOT, str(place), str(out), str(at), json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            reason = _watch(child, limits, at)
        except BaseException:  # whoever waits was stopped: the child would go on and write
            child.kill()
            child.wait()
            raise
        if reason:
            raise Refused(f"sources.{reason}", file=file)
        if child.returncode == _FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if child.returncode != 0 or not out.exists() or not out.stat().st_size:
            raise Refused("sources.reader_died", file=file)
        return _unpack(file, out)


@contextmanager
def _folder() -> Iterator[Path]:
    """Where the file and what was read of it are handed over; deleted at the end, or by the next program that starts."""
    held = Held(READING)
    try:
        yield held.path
    finally:
        held.drop()


@contextmanager
def _places(folder: Path) -> Iterator[list[Path]]:
    """Where the file lies, what was read of it, and how far the child is.

    On Linux three files without a name: whatever ends, and however, nothing of them is left.  Elsewhere in the folder.
    """
    with ExitStack() as held:
        files = [held.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(3)]
        places = [Path(f"/proc/{os.getpid()}/fd/{file.fileno()}") for file in files]
        yield places if _NAMELESS else [folder / name for name in ("in", "out", "at")]


#: whether an open file can be opened once more by another process of the same user
_NAMELESS = sys.platform == "linux" and Path("/proc/self/fd").is_dir()


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Surroundings("store.disk_full", where=tempfile.gettempdir()) from error


_ROOT = str(Path(__file__).resolve().parent.parent.parent.parent)
#: -I keeps the user's environment and folder out of the child, so it is told where the program is; once all is written
#: it need not tidy up millions of cells
_START = (
    "import os, sys; sys.path.insert(0, sys.argv[1]); from survey.files.readers.reading_process import main; "
    "main(*sys.argv[2:]); os._exit(0)"
)


def _environment() -> dict[str, str]:
    """The child needs no settings, keys or addresses of databases."""
    kept = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _watch(child: subprocess.Popen[bytes], limits: Limits, at: Path) -> str:
    """Wait for the child and pass on how far it is; the reason why it had to be ended, or nothing."""
    import psutil  # for who watches; the child that reads imports this module, too

    told = ""
    end = time.monotonic() + limits.seconds
    try:
        process: psutil.Process | None = psutil.Process(child.pid)
    except psutil.Error:
        process = None  # it has ended already
    with _ending(child) as ended:
        while not ended(LOOK):
            told = _pass_on(at, told)
            reason = "took_too_long" if time.monotonic() > end else ""
            if not reason and process is not None and _memory(process) > limits.memory:
                reason = "took_too_much_memory"
            if reason:
                child.kill()
                child.wait()
                return reason
    return ""


@contextmanager
def _ending(child: subprocess.Popen[bytes]) -> Iterator[Callable[[float], bool]]:
    """Waits for so many seconds and says whether the child has ended.

    Linux wakes us when it has; elsewhere it is looked for time and again.
    """

    def looked_for(seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
        return child.returncode is not None

    def told(seconds: float) -> bool:
        return bool(poll.poll(seconds * 1000)) and looked_for(LOOK)

    try:
        opened = os.pidfd_open(child.pid)
    except (AttributeError, OSError):  # another system, or an old one
        yield looked_for
        return
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    try:
        yield told
    finally:
        os.close(opened)


def _pass_on(at: Path, told: str) -> str:
    """Tell the child's last whole line, if there is a new one; returns it."""
    try:
        lines = at.read_text(encoding="utf-8").split("\n")
    except OSError:  # nothing yet, or just being written
        return told
    last = lines[-2] if len(lines) > 1 else ""
    if last and last != told:
        progress.at(**json.loads(last))
    return last


def _memory(process: Any) -> int:
    """Bytes that a process of psutil holds; 0 for one that has ended."""
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


# ── the child ───────────────────────────────────────────────────────────────────────────────────────


def main(place: str, out: str, at: str, order: str) -> None:
    """Read the file at ``place`` as ordered; write the sheets, or the refusal, to ``out``, how far it is to ``at``."""
    said = json.loads(order)
    limits = Limits(**said["limits"])
    _limit_self(limits)
    _step_back()
    os.umask(0o077)  # what is read of a file is its reader's only
    gc.disable()  # cells hold no cycles, and the process ends with them
    from survey.files.readers.in_process import read_here

    try:
        with Path(at).open("w", encoding="utf-8") as told, progress.listening(lambda s: _note(told, s)):
            sheets = read_here(said["file"], Path(place).read_bytes(), delimiter=said["delimiter"], limits=limits)
    except Refused as error:
        header = {"refused": error.key, "params": dict(error.params), "findings": _plain(error.findings)}
        with Path(out).open("wb") as stream:
            stream.write(_MAGIC)
            _block(stream, json.dumps(header, ensure_ascii=False).encode())
        return
    try:
        with Path(out).open("wb") as stream:
            _pack(stream, sheets)
    except OSError as error:
        sys.exit(_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else 1)


def _limit_self(limits: Limits) -> None:
    """Resource limits where the system has them; the parent's watchdog holds everywhere."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {
        "RLIMIT_AS": limits.memory + limits.memory // 2,
        "RLIMIT_CPU": limits.seconds,
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": limits.memory,
    }
    for name, value in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):  # not to be had on this system: the watchdog remains
            continue


def _note(told: IO[str], stage: progress.Stage) -> None:
    told.write(json.dumps(asdict(stage)) + "\n")
    told.flush()


def _step_back() -> None:
    """Who waits for a page goes before a file that is read (Unix)."""
    if hasattr(os, "nice"):
        os.nice(5)


def _plain(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{**asdict(f), "params": dict(f.params)} for f in findings]


def _block(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)


def _pack(stream: IO[bytes], sheets: Sequence[Sheet]) -> None:
    stream.write(_MAGIC)
    heads = [
        {
            "name": s.name,
            "top": s.top,
            "left": s.left,
            "kind": s.kind,
            "findings": _plain(s.findings),
            "errors": [[*at, error] for at, error in s.errors.items()],
            "percents": [list(p) for p in s.percents],
            "merged": [list(m) for m in s.merged],
            "variables": [asdict(v) for v in s.variables],
            "columns": len(s.rows[0]) if len(s.rows) else 0,
        }
        for s in sheets
    ]
    _block(stream, json.dumps({"sheets": heads}, ensure_ascii=False).encode())
    for sheet in sheets:
        for column in (sheet.rows if isinstance(sheet.rows, Rows) else Rows.of(sheet.rows)).columns:
            _block(stream, to_json(column.values).encode())
            _block(stream, np.ascontiguousarray(column.codes, "<i4").tobytes())


def _unpack(file: str, place: Path) -> list[Sheet]:
    with place.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise Refused("sources.reader_died", file=file)
        head = json.loads(_take(stream))
        if "refused" in head:
            findings = [Finding(**f) for f in head["findings"]]
            raise Refused(head["refused"], findings=findings, **head["params"])
        return [_sheet(file, told, stream) for told in head["sheets"]]


def _sheet(file: str, told: dict[str, Any], stream: IO[bytes]) -> Sheet:
    columns = []
    for _ in range(told["columns"]):
        values = from_json(_take(stream).decode())
        columns.append(Cells(np.frombuffer(_take(stream), "<i4").astype(np.int32, copy=False), values))
    return Sheet(
        file=file,
        name=told["name"],
        rows=Rows(tuple(columns)),
        top=told["top"],
        left=told["left"],
        errors={(row, column): error for row, column, error in told["errors"]},
        percents=frozenset((row, column) for row, column in told["percents"]),
        findings=tuple(Finding(**f) for f in told["findings"]),
        merged=tuple((a, b, c, d) for a, b, c, d in told["merged"]),
        kind=told["kind"],
        variables=tuple(Variable(**{**v, "missing": tuple(v["missing"])}) for v in told["variables"]),
    )


def _take(stream: IO[bytes]) -> bytes:
    (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
    return stream.read(int(length))
