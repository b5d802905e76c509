"""What a file is, by its first bytes and never by its name; what we don't read gets a sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from survey.core.errors import Refused

Kind = Literal["xlsx", "xls", "text", "sav", "html", "xml", "ods", "docx", "zip"]
Container = Literal["zip", "ole", "text", "sav", "html", "xml"]

EXTENSIONS: dict[Kind, frozenset[str]] = {
    "xlsx": frozenset({".xlsx", ".xlsm", ".xltx"}),
    "xls": frozenset({".xls", ".xlt"}),
    "text": frozenset({".csv", ".tsv", ".txt", ".tab"}),
    "sav": frozenset({".sav", ".zsav"}),
    "html": frozenset({".html", ".htm"}),
    "xml": frozenset({".xml"}),
    "ods": frozenset({".ods"}),
    "docx": frozenset({".docx", ".dotx"}),
    "zip": frozenset({".zip"}),
}
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: first bytes → text key, for what is recognised but not read
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "preflight.pdf"),
    (b"\x89PNG", "preflight.image"),
    (b"\xff\xd8\xff", "preflight.image"),
    (b"GIF8", "preflight.image"),
    (b"II*\0", "preflight.image"),
    (b"MM\0*", "preflight.image"),
    (b"PAR1", "preflight.parquet"),
    (b"<stata_dta>", "preflight.stata"),
    (b"{\\rtf", "preflight.word"),
    (b"Rar!", "preflight.archive"),
    (b"7z\xbc\xaf", "preflight.archive"),
    (b"\x1f\x8b", "preflight.archive"),
    (b"BZh", "preflight.archive"),
    (b"SQLite format 3\0", "preflight.database"),
    (b"\0\x01\0\0Standard", "preflight.database"),
)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype html|html|head|body|meta|style|table)\b", re.I | re.S
)
_MARKUP = re.compile(r"\s*<(?:\?xml|[A-Za-z][\w.-]*(?::[A-Za-z][\w.-]*)?[\s>/])", re.S)


def suffix(file: str) -> str:
    """The file's extension in lower case, with its dot."""
    return PurePath(file).suffix.lower()


def container(file: str, data: bytes) -> Container:
    """The container by its first bytes; raises Refused for an empty file and for what is no table of ours."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise Refused("preflight.empty" if not data else "preflight.blank", file=file)
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.startswith((b"$FL2", b"$FL3")):
        return "sav"
    if data[8:20] == b"ENCRYPTEDSAV":
        raise Refused("preflight.password", file=file)
    for magic, key in FOREIGN:
        if data.startswith(magic):
            raise Refused(key, file=file)
    if (data.startswith(b"RIFF") and data[8:12] == b"WEBP") or data[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        raise Refused("preflight.image", file=file)
    if data.startswith(b"BM") and data[2:6] == len(data).to_bytes(4, "little"):
        raise Refused("preflight.image", file=file)
    return _markup(file, data)


def _markup(file: str, data: bytes) -> Container:
    """What a text is whose first characters are markup: a web page, “XML table 2003”; other XML is refused."""
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "latin-1")
    head = data[:4096].decode(encoding, errors="ignore").lstrip("\ufeff")
    if head.lower().startswith("mime-version:"):
        raise Refused("preflight.html", file=file)
    if _HTML.match(head):
        return "html"
    if "urn:schemas-microsoft-com:office:spreadsheet" in head or "mso-application" in head:
        return "xml"
    if _MARKUP.match(head):
        raise Refused("preflight.markup", file=file)
    return "text"
