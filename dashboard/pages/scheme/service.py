"""The scheme of a year for the page: its tree, versions and their differences, another one beside it, a new one brought in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.exports.files import safe_name
from analysis.publication import scheme_versions as versions
from analysis.publication.fixed_versions import Sentence, late_codes, left_out
from analysis.scheme import Scheme, default_scheme
from analysis.scheme.difference import Change, differences
from analysis.scheme.model import Indicator
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from analysis.scoring.results import records
from analysis.tables.scheme_comparison import against
from dashboard.data.definitions import seen_scheme
from dashboard.data.files import XLSX, File
from dashboard.data.results import Source
from dashboard.data.year import read_year
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import say
from survey.store import Store
from survey.store.year import schemes

#: versions whose differences are told on the page
_TOLD = 8


@dataclass(frozen=True)
class Line:
    """One indicator of the tree; ``depth`` 0 is the first level."""

    indicator: Indicator
    depth: int


@dataclass(frozen=True)
class Version:
    """One version as listed (``versions.VERSION_COLUMNS``), with what it changed of the one before (None: the first)."""

    row: Mapping[str, Any]
    changes: Sequence[Change] | None


@dataclass(frozen=True)
class SchemeYear:
    """The scheme of a year.

    ``lines``: dimension → its indicators, groups before what is below them; ``settled``: since when points are settled
    (``''``: not yet); ``changed``: versions after that (``versions.changed_after``); ``others``: codes to compare with.
    """

    scheme: Scheme
    version: int
    added_at: str
    author: str
    lines: Mapping[str, Sequence[Line]]
    settled: str
    changed: Sequence[Mapping[str, Any]]
    versions: Sequence[Version]
    others: Sequence[tuple[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Beside:
    """A year under its own scheme and another: rows of ``scheme_comparison.COLUMNS``; how many have no total there;
    the sentence that names those whom the other scheme leaves out."""

    names: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    lacking: int
    out: Sentence | None


def scheme_year(viewer: Viewer, store: Store, year: int, lang: str) -> SchemeYear:
    """The scheme of a year; raises Refused for a year that has none."""
    require(viewer, "see")
    with store.read() as conn:
        stored = schemes.applicable(conn, year)
        known = schemes.listing(conn)
        rows = versions.version_rows(conn, lang, stored.code)
        settled, changed = versions.settled_since(conn, year), versions.changed_after(conn, year)
        added = versions.clock(conn, stored.added_at)
        scheme = seen_scheme(viewer, conn, stored.definition)
        newest = {s.code: s for s in known}
        others = [
            (code, seen_scheme(viewer, conn, s.definition).names) for code, s in newest.items() if code != stored.code
        ]
        mine = [seen_scheme(viewer, conn, s.definition) for s in known if s.code == stored.code]
    told = [Version(row, None if i == 0 else differences(mine[i - 1], mine[i])) for i, row in enumerate(rows)]
    return SchemeYear(
        scheme, stored.version, added, stored.author, _tree(scheme), settled, changed, told[::-1][:_TOLD], others
    )


def _tree(scheme: Scheme) -> dict[str, list[Line]]:
    """Every dimension's indicators in the order of the scheme, children below their parents."""
    below: dict[str, list[Indicator]] = {}
    for indicator in scheme.indicators:
        below.setdefault(indicator.parent, []).append(indicator)

    def walk(parent: str, depth: int) -> list[Line]:
        return [line for i in below.get(parent, ()) for line in (Line(i, depth), *walk(i.code, depth + 1))]

    lines = walk("", 0)
    return {d.code: [line for line in lines if line.indicator.dimension == d.code] for d in scheme.dimensions}


def beside(viewer: Viewer, source: Source, store: Store, year: int, name: str) -> Beside:
    """The year under another scheme, for the communities that the viewer sees; a what-if."""
    here = read_year(viewer, source, year).viewer
    own, other, frame = against(store, year, name)
    rows = [row for row in records(frame) if here.sees(str(row["community_code"]))]
    late = late_codes(own)
    out = [str(row["community"]) for row in rows if row["community_code"] in late]
    lacking = sum(row["total_other"] is None and row["total"] is not None for row in rows) - len(out)
    return Beside(other.meta["scheme_names"], rows, lacking, left_out(year, out) if out else None)


def look(viewer: Viewer, name: Any, contents: Any) -> tuple[bytes, Scheme | None, list[Finding]]:
    """What a workbook holds and what the checker says; raises Refused for what is no readable file."""
    require(viewer, "edit_scheme")
    text = contents if isinstance(contents, str) else ""
    try:
        data = base64.b64decode(text.partition(",")[2], validate=True)
    except binascii.Error:
        data = b""
    if not data or not isinstance(name, str):
        raise Refused("page_scheme.choose_file")
    if len(data) > limits.SMALL_UPLOAD_BYTES:
        raise Refused("page_scheme.too_large", most=limits.SMALL_UPLOAD_BYTES // 1_000_000)
    scheme, findings = read_scheme(name, data)
    return data, scheme, findings


def bring(viewer: Viewer, store: Store, name: Any, contents: Any, author: Any, reason: Any) -> list[Finding]:
    """Store a workbook as the newest version; what the checker found, which refuses it where it must (nothing stored)."""
    data, scheme, findings = look(viewer, name, contents)
    words = [str(text or "").strip() for text in (author, reason)]
    if any(len(word) > limits.TYPED_TEXT for word in words):
        raise Refused("cycle_file.too_long", n=max(map(len, words)), most=limits.TYPED_TEXT)
    if scheme is None:
        raise Refused(
            "page_scheme.refused", findings=findings, file=str(name)[:200], n=sum(f.level == "refuse" for f in findings)
        )
    versions.put(store, scheme, data, file=str(name)[:200], author=words[0] or viewer.user, reason=words[1])
    with store.read() as conn:
        return [*findings, *versions.strangers(conn, scheme)]


def workbook(viewer: Viewer, store: Store, year: int, kind: str, lang: str) -> File:
    """The year's scheme as a workbook to change (``scheme``), or one ready for an annex (``annex``)."""
    require(viewer, "see")
    if kind == "annex":
        return (
            f"{say(lang, 'page_scheme.file_annex')}.xlsx",
            write_scheme(default_scheme(), lang, annex=True, sums=True),
            XLSX,
        )
    if kind != "scheme":
        raise Refused("dash_errors.not_found")
    with store.read() as conn:
        stored = schemes.applicable(conn, year)
        scheme = seen_scheme(viewer, conn, stored.definition)
    return f"{safe_name(scheme.names[lang])}_v{stored.version}.xlsx", write_scheme(scheme, lang, sums=True), XLSX
