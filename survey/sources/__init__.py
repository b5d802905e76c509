"""One module per format that arrives; each yields plain ``Sheet`` values.

``read_sheets`` reads in a process of its own (``survey.sources.worker``), so that no file takes the program down.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from hashlib import sha256

from survey import stages
from survey.errors import Refused
from survey.findings import Finding
from survey.preflight import UPLOAD, Checked, Limits, preflight
from survey.preflight.kinds import EXTENSIONS, Kind, suffix
from survey.sources.delimited import read_delimited
from survey.sources.sav import read_sav
from survey.sources.sheet import Sheet
from survey.sources.xlsx import read_workbook

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


def read_sheets(file: str, data: bytes, *, delimiter: str | None = None, limits: Limits = UPLOAD) -> list[Sheet]:
    """All visible sheets of a file, whatever its extension says; ``delimiter`` settles that of a text file.

    Raises Refused, with one sentence, for every file that can't be read completely and rightly.
    """
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
    from survey.sources.worker import read_apart

    return read_apart(file, data, delimiter=delimiter, limits=limits)


def read_here(file: str, data: bytes, *, delimiter: str | None = None, limits: Limits = UPLOAD) -> list[Sheet]:
    """``read_sheets`` in this process."""
    stages.at("looking")
    checked = preflight(file, data, limits)
    stages.at("reading", total=max((s.rows for s in checked.book.scans), default=0) if checked.book else 0)
    sheets = _guarded(file, data, checked, delimiter, limits)
    note = _extension_note(file, checked.kind, sheets[0].name)
    if note:
        sheets[0] = replace(sheets[0], findings=(note, *sheets[0].findings))
    return sheets


def _guarded(file: str, data: bytes, checked: Checked, delimiter: str | None, limits: Limits) -> list[Sheet]:
    """The one place where a reader of another's making runs: whatever it throws is a file we can't read."""
    try:
        if checked.kind == "text":
            return [read_delimited(file, data, delimiter, limits=limits)]
        if checked.kind == "sav":
            return [read_sav(file, data, limits=limits)]
        return read_workbook(file, data, checked=checked, limits=limits)
    except Refused:
        raise
    except Exception as error:
        raise Refused("sources.unreadable", file=file) from error
    except BaseException as error:
        # a panic of the Rust reader is no Exception, and its class can't be imported
        if type(error).__name__ != "PanicException":
            raise
        raise Refused("sources.unreadable", file=file) from error


def _extension_note(file: str, kind: Kind, sheet: str) -> Finding | None:
    ending = suffix(file)
    claimed = next((k for k, endings in EXTENSIONS.items() if ending in endings), None)
    if claimed is None or claimed == kind:
        return None
    return Finding(f"sources.is_{kind}", "note", "file", sheet=sheet, params={"extension": ending})
