"""The bytes of a file that somebody named: its size is looked at before it is read, and nothing is waited for forever."""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path

from survey.core import limits
from survey.core.errors import Refused
from survey.files.preflight import too_big

_PIECE = 1_000_000


def read_input(path: Path, cap: int | None = None) -> bytes:
    """The bytes of a file that the user named, at most ``cap`` (that of a file of answers where none is given).

    What is no plain file (a pipe, a terminal, a device) may keep us waiting for ``INPUT_SECONDS`` without a byte.
    Raises Refused, in one sentence, for a file that can't be read, is larger than the cap, or does not come.
    """
    most = limits.UPLOAD_BYTES if cap is None else cap
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise Refused("cli.no_such_file", path=str(path)) from error
    except IsADirectoryError as error:
        raise Refused("cli.is_a_folder", path=str(path)) from error
    except OSError as error:
        raise _folder(path) or _unreadable(path, error) from error
    try:
        known = os.fstat(opened)
        if stat.S_ISDIR(known.st_mode):
            raise Refused("cli.is_a_folder", path=str(path))
        plain = stat.S_ISREG(known.st_mode)
        if plain and known.st_size > most:
            raise too_big(path.name, known.st_size, most)
        return _read(opened, path, most, waits=not plain)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(opened)


def _read(opened: int, path: Path, most: int, *, waits: bool) -> bytes:
    """All that comes; one byte over the cap is enough to refuse it."""
    pieces: list[bytes] = []
    size = 0
    while True:
        if waits:
            _wait(opened, path)
        try:
            piece = os.read(opened, _PIECE)
        except BlockingIOError:
            continue
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise too_big(path.name, size, most)


def _wait(opened: int, path: Path) -> None:
    """Wait until something can be read, or whoever wrote has ended; raise Refused where neither comes."""
    if not hasattr(select, "poll"):  # a system without pipes that have names
        return
    poll = select.poll()
    poll.register(opened, select.POLLIN)
    until = time.monotonic() + limits.INPUT_SECONDS
    while not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        if time.monotonic() >= until:
            raise Refused("cli.nothing_comes", path=str(path), seconds=f"{limits.INPUT_SECONDS:g}")


def _folder(path: Path) -> Refused | None:
    """Some systems refuse to open a folder as if it might not be read."""
    return Refused("cli.is_a_folder", path=str(path)) if path.is_dir() else None


def _unreadable(path: Path, error: OSError) -> Refused:
    return Refused("cli.unreadable_file", path=str(path), reason=error.strerror or "")
