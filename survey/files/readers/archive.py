"""Files packed together: each read as by itself, its sheets named after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.preflight import Checked
from survey.files.readers.sheet import Sheet

#: files passed over that are named
NAMED = 8


def read_members(file: str, checked: Checked, read: Callable[[str, bytes], list[Sheet]]) -> list[Sheet]:
    """The sheets of all files of an archive; ``read`` reads one of them.  What is passed over is listed with the first.

    A document without a table beside tables (a letter, an instruction) is passed over, too.  Raises Refused where one of
    the others can't be read, and where nothing is left.
    """
    sheets: list[Sheet] = []
    others = list(checked.passed_over)
    letter: Refused | None = None
    within = _folders([PurePosixPath(name.replace("\\", "/")) for name, _ in checked.members])
    for name, data in checked.members:
        bare = PurePosixPath(name.replace("\\", "/"))
        try:
            found = read(bare.name, data)
        except Refused as error:
            said = Refused(error.key, findings=error.findings, **{**error.params, "file": f"{file}/{name}"})
            if error.key != "preflight.word_tables":
                raise said from error
            others.append(name)
            letter = letter or said
            continue
        for sheet in found:
            sheets.append(replace(sheet, file=file, name=_named(within[bare], sheet, len(found)), kind="zip"))
    if letter and not sheets:
        raise letter
    named = _told_apart(sheets)
    if others:
        named[0] = replace(named[0], findings=(_passed_over(others, named[0].name), *named[0].findings))
    return named


def _passed_over(names: Sequence[str], sheet: str) -> Finding:
    told = {"n": len(names), "names": ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])}
    return Finding("sources.passed_over", "note", "file", sheet=sheet, params=told)


def _folders(paths: Sequence[PurePosixPath]) -> dict[PurePosixPath, str]:
    """What each file's sheets are called after: the file, with its folder where that tells the files apart."""
    parents = {path.parent.name for path in paths}
    return {p: f"{p.parent.name}/{p.stem}" if len(parents) > 1 and p.parent.name else p.stem for p in paths}


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
