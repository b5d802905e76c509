"""A workbook of ours that says when it was made: now, or the moment that ``SOURCE_DATE_EPOCH`` gives.

With ``SOURCE_DATE_EPOCH`` set (seconds since 1970, as reproducible builds do) the same contents give the same bytes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import xlsxwriter


def made_at() -> datetime:
    """The moment that files of ours are stamped with, in UTC without a zone, as workbooks hold it."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(told), UTC) if told.isdecimal() and len(told) < 12 else datetime.now(UTC)
    return when.replace(tzinfo=None)


class WrittenWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # the library has no types
    """xlsxwriter's workbook, whose properties say ``made_at`` unless another moment is set."""

    def __init__(self, filename: Any, options: dict[str, Any] | None = None) -> None:
        super().__init__(filename, options)
        self.set_properties({})

    def set_properties(self, properties: dict[str, Any]) -> None:
        """The properties, as xlsxwriter sets them."""
        super().set_properties({"created": made_at(), **properties})
