"""Where the documents lie, and what is given of them: their text and their pictures, and nothing else of the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dashboard.data.files import File
from dashboard.parts.manual import DOCUMENTS
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused, Surroundings

#: the package that carries the documents where the program is installed without its checkout
PACKAGE = "xingfu_manual"


@dataclass(frozen=True)
class Document:
    """One document: its name in addresses, its title, its text below that as written."""

    name: str
    title: str
    text: str

    @property
    def sections(self) -> list[str]:
        """The headings of the second rank."""
        return re.findall(r"^## (.+?)\s*$", self.text, flags=re.M)

    @property
    def headings(self) -> list[str]:
        """All headings below the title."""
        return re.findall(r"^##+ (.+?)\s*$", self.text, flags=re.M)


def folder() -> Path:
    """The folder of the documents; raises Surroundings where they were not installed."""
    checkout = Path(__file__).resolve().parents[3] / "docs" / "zh"
    if checkout.is_dir():
        return checkout
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise Surroundings("page_help.missing")
    return Path(folders[0])


def documents(viewer: Viewer) -> list[Document]:
    """All documents in the order of the list."""
    require(viewer, "sign_in")
    return [_read(name) for name in DOCUMENTS]


def document(viewer: Viewer, name: str) -> Document:
    """One document; raises Refused for a name that is not in the list."""
    require(viewer, "sign_in")
    if name not in DOCUMENTS:
        raise Refused("dash_errors.not_found")
    return _read(name)


def picture(viewer: Viewer, name: str) -> File:
    """A picture of the documents; raises Refused for every name that is not one of the folder's own pictures."""
    require(viewer, "sign_in")
    known = {path.name: path for path in (folder() / "pictures").glob("*.png")}
    if name not in known:
        raise Refused("dash_errors.not_found")
    return name, known[name].read_bytes(), "image/png"


@cache
def _read(name: str) -> Document:
    text = (folder() / f"{name}.md").read_text(encoding="utf-8")
    title, _, rest = text.removeprefix("# ").partition("\n")
    return Document(name, title.strip(), rest)
