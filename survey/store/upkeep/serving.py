"""Which place a server works on: a lock beside the store, held as long as the server lives, however it ends.

The store itself may be moved away meanwhile; who wants to put another one there is told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from survey.core.errors import Refused
from survey.files.waiting import hold, take
from survey.store.engine.database import Store


def _lock_of(place: Path) -> Path:
    place = place.absolute()
    return place.with_name(f".{place.name}.serving")


@contextmanager
def serving(store: Store) -> Iterator[None]:
    """Mark the place of a SQLite store as served while the block runs; one that can't be written needs no mark."""
    if store.file is None or store.read_only:
        yield
        return
    lock = _lock_of(store.file.path)
    number = _marked(lock)
    try:
        yield
    finally:
        os.close(number)
        _unmark(lock)


def _marked(lock: Path) -> int:
    """The file, locked; opened again where a server that ended took it away meanwhile."""
    while True:
        number = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        hold(number, shared=True)
        with suppress(OSError):
            if os.fstat(number).st_ino == lock.stat().st_ino:
                return number
        os.close(number)


def _unmark(lock: Path) -> None:
    """Take the file away unless another server has it; locked meanwhile, so that who begins now knows."""
    with suppress(OSError):
        number = os.open(lock, os.O_RDWR)
        try:
            if take(number, shared=False):
                lock.unlink()
        finally:
            os.close(number)


def require_not_served(place: Path) -> None:
    """Raise Refused where a server works on a store that lies, or lay, at this place."""
    if _held(_lock_of(place)):
        raise Refused("upkeep.served", place=str(place))


def _held(lock: Path) -> bool:
    try:
        number = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        return not take(number, shared=False)
    finally:
        os.close(number)
