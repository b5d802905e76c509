"""Word documents with tables, written part by part, as offices and programs write them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text: str, more: str = "") -> str:
    """A paragraph of one run, ``more`` before its text."""
    return f'<w:p><w:r>{more}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def cell(text: str = "", across: int = 1, merge: str = "", inner: str = "") -> str:
    """A cell; ``merge``: ``restart`` or ``continue`` of a range of rows; ``inner``: its content as it stands."""
    spans = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    spans += {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    return f"<w:tc><w:tcPr>{spans}</w:tcPr>{inner or paragraph(text)}</w:tc>"


def row(*cells: str, says: str = "") -> str:
    """A row of cells, or of texts."""
    made = (one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{says}</w:trPr>' if says else ''}{''.join(made)}</w:tr>"


def table(*rows: str | Sequence[str]) -> str:
    """A table of rows."""
    return f"<w:tbl>{''.join(one if isinstance(one, str) else row(*one) for one in rows)}</w:tbl>"


def document(*body: str, main: str = "word/document.xml", **more: bytes | str) -> bytes:
    """A .docx with this body; ``more``: further parts by name, with ``__`` for a slash and ``_xml`` for the ending."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            main,
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{"".join(body)}</w:body></w:document>',
        )
        for name, part in more.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), part)
    return out.getvalue()
