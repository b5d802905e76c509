"""Folders for what lasts a while only: private, held by a lock as long as their process lives, however it ends.

What a killed program left is known by its lock, which nobody holds any more, and deleted by the next that starts.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from survey.core import limits

#: how the names of such folders begin, in the system's folder for what does not last
UPLOADS, READING, COPYING = ALL = ("xingfu-upload-", "xingfu-read-", "xingfu-copy-")
LOCK = ".held"
#: a folder this young whose maker lives may be one that is not locked yet
MAKING_SECONDS = 60


class Held:
    """A folder of this process, which its name tells; ``drop`` deletes it with all that is in it."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))  # 0700
        self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        hold(self._lock, shared=False)

    def drop(self) -> None:
        """Delete it; what can't be deleted now is swept later."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        shutil.rmtree(self.path, ignore_errors=True)


def take(number: int, *, shared: bool) -> bool:
    """Lock the open file without waiting; False where another program holds it.  It is let go with the descriptor."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def hold(number: int, *, shared: bool) -> bool:
    """``take``, for who has a right to the lock: whoever only looks whether it is held has it for a moment."""
    for _ in range(1000):
        if take(number, shared=shared):
            return True
        time.sleep(0.001)
    return False


def sweep() -> int:
    """Delete the folders of this user whose process is gone; returns how many."""
    swept = 0
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(ALL) and _dead(Path(entry.path)):
                shutil.rmtree(entry.path, ignore_errors=True)
                swept += 1
    return swept


def _lives(number: int) -> bool:
    import psutil  # for who finds something left; every command imports this module

    return psutil.pid_exists(number)


def _maker_lives(place: Path) -> bool | None:
    """Whether the process lives that its name tells; None where it tells none."""
    maker = re.match(rf"(?:{'|'.join(ALL)})(\d+)-", place.name)
    return None if maker is None else _lives(int(maker[1]))


def _dead(place: Path) -> bool:
    """Whether a folder is ours and nobody's any more."""
    try:
        known = place.lstat()
        if not place.is_dir() or place.is_symlink() or (hasattr(os, "getuid") and known.st_uid != os.getuid()):
            return False
        try:
            number = os.open(place / LOCK, os.O_RDWR)
        except FileNotFoundError:  # being made, made by who was killed before the lock, or of a program that knew none
            return _maker_lives(place) is False or time.time() - known.st_mtime > limits.UPLOAD_WAITS
        try:
            if not take(number, shared=False):
                return False
            # not locked yet by who is just making it
            return not _maker_lives(place) or time.time() - known.st_mtime > MAKING_SECONDS
        finally:
            os.close(number)
    except OSError:  # gone meanwhile
        return False
