"""A template of a paper: looked over before anything of it is used, and filled in a sandbox.

A Word template is code, so only plain fields and loops over our lists are taken: no calls, filters, conditions, arithmetic, no
macros, no contents from elsewhere.  What is not known stays a visible blank with its name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from analysis.exports.packed.zips import zipped
from analysis.letters.kinds import LISTS, RECORDS, Letter
from survey.core.errors import Refused
from survey.core.lang import called
from survey.files.preflight.caps import Limits
from survey.files.preflight.package import open_package
from survey.files.preflight.word import MAIN
from survey.files.taking import taker

#: fields of Word that fetch or start something when a document is opened
_FETCHES = re.compile(
    r"(?:instrText\b[^>]*>|instr\s*=\s*[\"'])\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK)\b", re.I
)


def _named(value: Any) -> Any:
    """What a field says, names as the reader's language calls them."""
    return called(value) if isinstance(value, str) else value


class Filling(ImmutableSandboxedEnvironment):
    """Plain fields and loops; nothing can be called."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, finalize=_named)
        self.filters.clear()
        self.tests.clear()
        self.globals.clear()

    def call(self, *_args: Any, **_kwargs: Any) -> Any:
        """Nothing is called, whatever got past the check."""
        raise Refused("letters.not_plain", file="", found="()")


def check_template(file: str, data: bytes, letter: Letter) -> None:
    """Raise Refused for what is no Word document of ours to fill: the first place that is wrong, and what may stand there."""
    parts = open_package(file, data, Limits(), MAIN.pattern)
    names = [name.lower() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()]
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in name for name in names):
        raise Refused("letters.macros", file=file)
    if any("/embeddings/" in name for name in names):
        raise Refused("letters.outside", file=file, found="embeddings")
    for name, xml in parts.items():
        text = xml.decode("utf-8", "replace")
        if name.endswith(".rels"):
            _inside(file, text)
        elif found := _FETCHES.search(text):
            raise Refused("letters.outside", file=file, found=found[1])
    template = _opened(file, data)
    for text in _texts(template):
        _plain(file, text, letter)


def _inside(file: str, xml: str) -> None:
    """Hyperlinks may lead outside, because nothing opens them by itself; anything else that lies elsewhere is refused."""
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", xml):
        if re.search(r"/aFChunk[\"']|/attachedTemplate[\"']|/oleObject[\"']", tag):
            raise Refused("letters.outside", file=file, found=re.sub(r".*/", "", tag)[:60])
        if re.search(r"TargetMode\s*=\s*[\"']External[\"']", tag) and not re.search(r"/hyperlink[\"']", tag):
            found = re.search(r"Target\s*=\s*[\"']([^\"']*)", tag)
            raise Refused("letters.outside", file=file, found=found[1] if found else "?")


def _opened(file: str, data: bytes) -> DocxTemplate:
    try:
        template = DocxTemplate(io.BytesIO(data))
        template.init_docx()
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:  # lxml's errors are syntax errors
        raise Refused("letters.damaged", file=file) from error
    return template


def _texts(template: DocxTemplate) -> list[str]:
    """The template texts of body, headers and footers, as they are rendered."""
    found = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        found += [template.patch_xml(template.get_part_xml(part)) for _, part in template.get_headers_footers(uri)]
    return found


def _plain(file: str, text: str, letter: Letter) -> None:
    if "{#" in text:
        raise Refused("letters.not_plain", file=file, found="{#")
    try:
        tree = Filling().parse(text)
    except TemplateSyntaxError as error:
        raise Refused(
            "letters.syntax", file=file, found=_around(text, error.lineno), reason=str(error.message)
        ) from None
    _walk(file, text, tree.body, letter, {record: RECORDS[record] for record in letter.records})


def _walk(
    file: str,
    text: str,
    body: list[nodes.Node],
    letter: Letter,
    known: Mapping[str, tuple[str, ...]],
    *,
    inside: bool = False,
) -> None:
    """``inside`` a loop there is none: a few over a hundred communities each would never end."""
    for node in body:
        if isinstance(node, nodes.Output):
            for inner in node.nodes:
                if not isinstance(inner, nodes.TemplateData):
                    _field(file, text, inner, letter, known)
        elif isinstance(node, nodes.For):
            each, over = node.target, node.iter
            if not (isinstance(each, nodes.Name) and isinstance(over, nodes.Name)) or (
                inside or node.test or node.else_ or node.recursive
            ):
                raise Refused("letters.not_plain", file=file, found=_around(text, node.lineno, "{%"))
            if over.name not in letter.lists:
                raise _unknown(file, over.name, letter, letter.lists)
            _walk(file, text, node.body, letter, {**known, each.name: LISTS[over.name]}, inside=True)
        else:
            raise Refused("letters.not_plain", file=file, found=_around(text, node.lineno, "{%"))


def _field(file: str, text: str, node: nodes.Node, letter: Letter, known: Mapping[str, tuple[str, ...]]) -> None:
    if isinstance(node, nodes.Name):
        if node.name in letter.plain:
            return
        raise _unknown(file, node.name, letter, sorted(letter.plain))
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        name = node.node.name
        if name not in known:
            raise _unknown(file, f"{name}.{node.attr}", letter, [f"{record}.…" for record in known])
        if node.attr not in known[name]:
            raise _unknown(file, f"{name}.{node.attr}", letter, known[name])
        return
    raise Refused("letters.not_plain", file=file, found=_around(text, node.lineno, "{{"))


def _unknown(file: str, found: str, letter: Letter, among: Any) -> Refused:
    return Refused("letters.unknown_field", file=file, found=found, letter=letter.key, known=list(among))


def _around(text: str, line: int, mark: str = "{") -> str:
    """What stands at a place of a template, without its XML."""
    there = text.splitlines()[line - 1 :][:1] or [text]
    plain = re.sub(r"<[^>]+>", " ", there[0])
    at = max(plain.find(mark), 0)
    return re.sub(r"\s+", " ", plain[at : at + 60]).strip()


def filled(file: str, data: bytes, letter: Letter, context: Mapping[str, Any], when: datetime) -> bytes:
    """The template with its fields filled in, stamped with ``when``; raises Refused as ``check_template`` does."""
    check_template(file, data, letter)
    template = _opened(file, data)
    template.render(dict(context), jinja_env=Filling(), autoescape=True)
    core = template.docx.core_properties
    core.created = core.modified = when.replace(tzinfo=None)
    core.author, core.last_modified_by = taker(), ""
    out = io.BytesIO()
    template.docx.save(out)
    return stamped(out.getvalue(), when)


def stamped(data: bytes, when: datetime) -> bytes:
    """The same package with the times of its parts set, so that the same contents give the same bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped(((name, old.read(name)) for name in old.namelist()), when)
