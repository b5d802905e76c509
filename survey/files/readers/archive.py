"""Files packed together: each read as by itself, its sheets named after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from survey.core.errors import Refused
from survey.files.preflight import Checked
from survey.files.readers.sheet import Sheet


def read_members(file: str, checked: Checked, read: Callable[[str, bytes], list[Sheet]]) -> list[Sheet]:
    """The sheets of all files of an archive; ``read`` reads one of them.

    Raises Refused where one of them can't be read, and for an archive within the archive.
    """
    sheets: list[Sheet] = []
    for name, data in checked.members:
        bare = PurePosixPath(name.replace("\\", "/"))
        try:
            found = read(bare.name, data)
        except Refused as error:
            raise Refused(error.key, findings=error.findings, **{**error.params, "file": f"{file}/{name}"}) from error
        for sheet in found:
            sheets.append(replace(sheet, file=file, name=_named(bare.stem, sheet, len(found)), kind="zip"))
    return _told_apart(sheets)


def _named(stem: str, sheet: Sheet, of: int) -> str:
    return stem if of == 1 else f"{stem}/{sheet.name}"


def _told_apart(sheets: list[Sheet]) -> list[Sheet]:
    """Names once: files of several folders may be called alike.  The notes of a sheet go by its new name."""
    seen: dict[str, int] = {}
    out = []
    for sheet in sheets:
        seen[sheet.name] = seen.get(sheet.name, 0) + 1
        name = sheet.name if seen[sheet.name] == 1 else f"{sheet.name} ({seen[sheet.name]})"
        out.append(replace(sheet, name=name, findings=tuple(replace(f, sheet=name) for f in sheet.findings)))
    return out
