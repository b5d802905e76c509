"""One module per format that arrives; each yields plain ``Sheet`` values.

``read_sheets`` reads in a process of its own (``survey.files.readers.reading_process``), so that no file takes the program down.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

from survey.files.preflight import Limits, preflight
from survey.files.readers.in_process import read_here
from survey.files.readers.sheet import Sheet

__all__ = ["Kept", "Sheet", "read_here", "read_sheets", "remembering"]

#: whether files are read in a process of their own; only tests of what is read, not of how, switch it off
apart = True
#: sheets that were read, by name, content and delimiter of their file
Kept = MutableMapping[tuple[str, str, str | None], tuple[Sheet, ...]]
_kept: ContextVar[Kept | None] = ContextVar("kept_sheets", default=None)


@contextmanager
def remembering(kept: Kept) -> Iterator[None]:
    """Within the block the same file is read once: for who recognises, checks, and checks again after a decision."""
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)


def read_sheets(file: str, data: bytes, *, delimiter: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    """All visible sheets of a file, whatever its extension says; ``delimiter`` settles that of a text file.

    Raises Refused, with one sentence, for every file that can't be read completely and rightly.
    """
    limits = limits or Limits()
    kept = _kept.get()
    if kept is None:
        return _read(file, data, delimiter, limits)
    key = (file, sha256(data).hexdigest(), delimiter)
    if key not in kept:
        kept[key] = tuple(_read(file, data, delimiter, limits))
    return list(kept[key])


def _read(file: str, data: bytes, delimiter: str | None, limits: Limits) -> list[Sheet]:
    if not apart:
        return read_here(file, data, delimiter=delimiter, limits=limits)
    if not data or len(data) > limits.upload:
        preflight(file, data, limits)  # needs no reader to be refused
    from survey.files.readers.reading_process import read_apart

    return read_apart(file, data, delimiter=delimiter, limits=limits)
