"""Files appear whole or not at all, and a disk that will not take them is said in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

from survey.errors import Surroundings


def write_file(path: Path, data: bytes) -> Path:
    """Write ``data`` beside ``path`` and move it there; raises Surroundings when the disk refuses."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Surroundings("disk.cannot_write", path=str(path), reason=error.strerror or str(error)) from error
    return path
