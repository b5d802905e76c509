"""Reading a file in this process: its kind found, looked over, and handed to the one reader for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from survey.core import progress
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.preflight import Checked, Limits, preflight
from survey.files.preflight.kinds import EXTENSIONS, Kind, suffix
from survey.files.preflight.scan import Listener
from survey.files.readers.sheet import Sheet


def read_here(file: str, data: bytes, *, delimiter: str | None = None, limits: Limits | None = None) -> list[Sheet]:
    """``read_sheets`` in this process."""
    limits = limits or Limits()
    progress.at("looking")
    checked = preflight(file, data, limits, listening=_listening)
    progress.at("reading", total=max((s.rows for s in checked.book.scans), default=0) if checked.book else 0)
    sheets = _guarded(file, _reader(file, data, checked, delimiter, limits))
    note = _extension_note(file, checked.kind, sheets[0].name)
    if note:
        sheets[0] = replace(sheets[0], findings=(note, *sheets[0].findings))
    return sheets


def _reader(
    file: str, data: bytes, checked: Checked, delimiter: str | None, limits: Limits
) -> Callable[[], list[Sheet]]:
    """What reads the file, imported for it alone: a text file waits for no reader of workbooks."""
    if checked.kind == "text":
        from survey.files.readers.delimited import read_delimited

        return lambda: [read_delimited(file, data, delimiter, limits=limits)]
    if checked.kind == "sav":
        from survey.files.readers.sav import read_sav

        return lambda: [read_sav(file, data, limits=limits)]
    if checked.kind in ("html", "xml", "ods", "docx"):
        from survey.files.readers.markup import read_grids

        return lambda: read_grids(file, checked)
    if checked.kind == "zip":
        from survey.files.readers.archive import read_members

        return lambda: read_members(file, checked, lambda name, part: _member(name, part, delimiter, limits))
    from survey.files.readers.xlsx import read_workbook

    return lambda: read_workbook(file, data, checked=checked, limits=limits)


def _listening(xml: bytes) -> Listener | None:
    from survey.files.readers.large.smaller_workbook import listening

    return listening(xml)


def _member(file: str, data: bytes, delimiter: str | None, limits: Limits) -> list[Sheet]:
    """One file of an archive; an archive in it is refused as any other that holds no workbook."""
    checked = preflight(file, data, limits, listening=_listening)
    if checked.kind == "zip":
        raise Refused("preflight.archive", file=file)
    return _guarded(file, _reader(file, data, checked, delimiter, limits))


def _guarded(file: str, read: Callable[[], list[Sheet]]) -> list[Sheet]:
    """The one place where a reader of another's making runs: whatever it throws is a file we can't read."""
    try:
        return read()
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
