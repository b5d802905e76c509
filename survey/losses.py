"""What a workbook holds that is lost when openpyxl writes it again; looked for, so that it can be said."""

from __future__ import annotations

import re
from importlib.util import find_spec
from io import BytesIO
from zipfile import ZipFile

from survey.findings import Finding

_SHEETS, _DRAWINGS = re.compile(r"xl/worksheets/[^/]+\.xml"), re.compile(r"xl/drawings/[^/]+\.xml")
#: key of the text → where to look and what for (in the bytes of a part)
_MARKS = {
    "shapes": (_DRAWINGS, re.compile(rb"<xdr:(?:sp|grpSp|cxnSp)[ >]")),
    "sparklines": (_SHEETS, re.compile(rb"<x14:sparkline[ >]")),
    "formats": (_SHEETS, re.compile(rb"<x14:cfRule[ >]")),
    "drop_downs": (_SHEETS, re.compile(rb"<x14:dataValidation[ >]")),
}
#: key of the text → names of parts, each of which is one such thing
_PARTS = {
    "threads": re.compile(r"xl/threadedComments/.+\.xml"),
    "controls": re.compile(r"xl/(?:ctrlProps|activeX)/[^/]+\.xml"),
    "slicers": re.compile(r"xl/slicers/.+\.xml"),
    "embedded": re.compile(r"xl/embeddings/.+"),
}
_IMAGES = re.compile(r"xl/media/.+")


def losses(data: bytes) -> tuple[Finding, ...]:
    """One note a kind of thing that an annotated copy of this .xlsx can't keep, with how many there are."""
    with ZipFile(BytesIO(data)) as parts:
        names = parts.namelist()
        lost = {key: sum(1 for n in names if pattern.fullmatch(n)) for key, pattern in _PARTS.items()}
        if find_spec("PIL") is None:  # openpyxl keeps pictures only with Pillow's help
            lost["images"] = sum(1 for n in names if _IMAGES.fullmatch(n))
        for pattern in (_SHEETS, _DRAWINGS):
            for name in filter(pattern.fullmatch, names):
                content = parts.read(name)
                for key, (where, mark) in _MARKS.items():
                    if where is pattern:
                        lost[key] = lost.get(key, 0) + len(mark.findall(content))
    return tuple(Finding(f"annotated.lost.{key}", "note", "file", params={"n": n}) for key, n in lost.items() if n)
