"""What the processes of one server note together: files in a private folder, taken in turns; one process keeps it in its memory."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from survey.files.waiting import take


class Shelf:
    """Notes by name; ``folder``: where they lie, None for a server of one process.

    Names stand in no file, and notes hold numbers and names of pages only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._guard = threading.Lock()
        self._own: dict[str, dict[str, Any]] = {}

    @contextmanager
    def noted(self, name: str) -> Iterator[dict[str, Any]]:
        """What is noted under a name, as JSON knows it; nobody else's while the block runs, and kept as it is left."""
        if self.folder is None:
            with self._guard:
                yield self._own.setdefault(name, {})
            return
        with self._opened(name) as number:
            _wait(number, shared=False)
            found = _read(number)
            before = json.dumps(found)
            yield found
            if (after := json.dumps(found)) != before:
                os.ftruncate(number, 0)
                os.pwrite(number, after.encode(), 0)

    @contextmanager
    def turn(self, name: str, *, wait: bool) -> Iterator[bool]:
        """One process at a time; without ``wait`` False where another has its turn."""
        if self.folder is None:
            yield True
            return
        with self._opened(name) as number:
            if wait:
                _wait(number, shared=False)
            yield wait or take(number, shared=False)

    @contextmanager
    def marked(self, name: str) -> Iterator[None]:
        """While the block runs every process sees the name as marked, however it ends."""
        if self.folder is None:
            yield
            return
        with self._opened(name) as number:
            _wait(number, shared=True)
            yield

    def is_marked(self, name: str) -> bool:
        """Whether any process has the name ``marked``."""
        if self.folder is None:
            return False
        with self._opened(name) as number:
            return not take(number, shared=False)

    @contextmanager
    def _opened(self, name: str) -> Iterator[int]:
        assert self.folder is not None
        number = os.open(self.folder / sha256(name.encode()).hexdigest()[:32], os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield number
        finally:
            os.close(number)


def _read(number: int) -> dict[str, Any]:
    """What stands in a file; nothing where its writer was killed."""
    try:
        found = json.loads(os.pread(number, os.fstat(number).st_size, 0))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wait(number: int, *, shared: bool) -> None:
    import fcntl  # a folder is given only where there are several processes, which Windows has none of

    fcntl.flock(number, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
