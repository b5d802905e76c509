"""Files into one .zip, piece by piece, so that a thousand papers need the memory of one; the same files give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import Any

from survey.core.disk import write_file

#: folders of an archive whose files are for their owner only
PRIVATE = ("verify/", "responses/")


class _Sink(RawIOBase):
    """What the archive writes into: it is asked for what came since the last time, and can't be gone back in."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = len(self.held)
        self.held += data
        return len(self.held) - size

    def taken(self) -> bytes:
        """What came, once."""
        found = bytes(self.held)
        self.held.clear()
        return found


def pieces(files: Iterable[tuple[str, bytes]], when: datetime) -> Iterator[bytes]:
    """The archive of these files in their order, each stamped with ``when``, a piece a file."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o600 if name.startswith(PRIVATE) else 0o644) << 16
            archive.writestr(info, data)
            yield sink.taken()
    yield sink.taken()


def zipped(files: Iterable[tuple[str, bytes]], when: datetime) -> bytes:
    """The archive as a whole, for who hands it on in memory."""
    return b"".join(pieces(files, when))


def write_zip(out: Path, files: Iterable[tuple[str, bytes]], when: datetime, *, private: bool = False) -> Path:
    """Write the archive; it has its name once it is whole.  Raises Surroundings when the disk refuses."""
    return write_file(out, pieces(files, when), private=private)
