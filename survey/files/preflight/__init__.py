"""What may enter at all: size, kind, archive, structure, before any reader opens the file.

A reader such as calamine aborts the whole interpreter on a legal 2 KB file with one cell at XFD1048576, so the
caps must be held by looking at the bytes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.preflight.grids import Grid
from survey.files.preflight.kinds import Kind, container, suffix
from survey.files.preflight.scan import Book, Listener

__all__ = ["Book", "Checked", "Kind", "Limits", "preflight", "too_big"]


def too_big(file: str, size: int, cap: int) -> Refused:
    """The refusal of a file by its size (bytes): both in MB, the size rounded up so that it is above the cap."""
    return Refused("preflight.too_big", file=file, size=f"{-(-size // 100_000) / 10:g}", cap=f"{cap / 1_000_000:g}")


@dataclass(frozen=True)
class Checked:
    """A file that may be read: its kind, and what the scan of a workbook found.

    ``grids``: what markup holds, read while it was looked over; ``members``: the files of an archive; ``passed_over``:
    names of those in it that can be no tables.
    """

    kind: Kind
    book: Book | None = None
    grids: tuple[Grid, ...] = ()
    members: tuple[tuple[str, bytes], ...] = ()
    passed_over: tuple[str, ...] = ()


def preflight(
    file: str,
    data: bytes,
    limits: Limits | None = None,
    *,
    listening: Callable[[bytes], Listener | None] = lambda xml: None,
) -> Checked:
    """Look at a file's bytes; raises Refused, in one sentence that says what to do, if no reader should.

    ``listening``: who is to be shown the cells of a worksheet part of an .xlsx.
    """
    limits = limits or Limits()
    if len(data) > limits.upload:
        raise too_big(file, len(data), limits.upload)
    held = container(file, data)
    # a scan is imported for the files that need it: most processes that could read a file never do
    if held == "zip":
        return _archive(file, data, limits, listening)
    if held == "html":
        from survey.files.preflight.html import scan_html

        return Checked("html", grids=tuple(scan_html(file, data, limits)))
    if held == "xml":
        from survey.files.preflight.spreadsheet_xml import scan_xml_2003

        return Checked("xml", grids=tuple(scan_xml_2003(file, data, limits)))
    if held == "ole":
        if suffix(file) in (".et", ".ett"):
            raise Refused("preflight.et", file=file)
        from survey.files.preflight.xls import scan_xls

        return Checked("xls", scan_xls(file, data, limits))
    if held == "sav":
        from survey.files.preflight.sav import check_sav

        check_sav(file, data, limits)
    return Checked(held)


def _archive(file: str, data: bytes, limits: Limits, listening: Callable[[bytes], Listener | None]) -> Checked:
    """A workbook, an OpenDocument spreadsheet, a Word document, or several files packed together."""
    from survey.files.preflight.package import open_package, packed_kind, unpacked

    kind = packed_kind(data)
    if kind == "zip":
        found, others = unpacked(file, data, limits)
        return Checked("zip", members=tuple(found), passed_over=tuple(others))
    if kind == "ods":
        from survey.files.preflight.spreadsheet_xml import scan_ods

        return Checked(
            "ods", grids=tuple(scan_ods(file, open_package(file, data, limits, r"content\.xml")["content.xml"], limits))
        )
    if kind == "docx":
        from survey.files.preflight.word import MAIN, scan_word

        return Checked("docx", grids=tuple(scan_word(file, open_package(file, data, limits, MAIN.pattern), limits)))
    from survey.files.preflight.workbook import scan_workbook

    return Checked("xlsx", scan_workbook(file, data, limits, listening))
