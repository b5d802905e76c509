"""A year's breakdowns as files: a folder of workbooks, one .zip of them, or one community's .xlsx."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from analysis.awards.verdicts import Verdict
from analysis.exports.packed.unfinished import Part, mark_of, write_parts
from analysis.exports.packed.zips import zipped
from analysis.exports.verification import FOLDER
from analysis.exports.workbook import community_workbook, program_version
from analysis.scoring.results import Results
from survey.core.cells import INVISIBLE
from survey.core.disk import write_file
from survey.core.errors import Refused, WrongUsage
from survey.core.masking import masked

FORMATS = ("xlsx", "zip")
#: what Windows does not allow in a name, and the names it keeps for itself
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")}
#: characters and bytes (UTF-8) of a stem: file systems take 255 bytes with the ending and a mark
_LONGEST, _BYTES = 120, 220


def file_name(results: Results, code: str, ending: str = ".xlsx") -> str:
    """``2014_SL03_望江社区.xlsx``: the same on every system, sorted by the register's codes.

    No two communities get the same, whatever their codes hold: a name that a file system does not take as it is, or takes
    for another's (``a1`` and ``A1``), ends in ``~`` and a mark made of it; any other has no ``~``.
    """
    whole = f"{results.meta['year']}_{code}_{results.community(code)['community']}"
    codes, stem = [str(other) for other in results.scores["community_code"]], masked(whole)
    if stem != whole:  # two may be masked to the same; a mark made of the number itself would give it away
        stem = f"{stem}_{codes.index(code) + 1}"
    name, folded = safe_name(stem), code.casefold()
    alike = sum(other.casefold() == folded for other in codes) > 1
    if name != stem or alike or "~" in stem:
        name = f"{name}~{sha256(stem.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
    return f"{name}{ending}"


def safe_name(stem: str) -> str:
    """A file name's stem that Windows, macOS and Linux all take."""
    stem = INVISIBLE.sub("", _FORBIDDEN.sub("_", stem)).strip(" .")[:_LONGEST]
    stem = stem.encode("utf-8", "ignore")[:_BYTES].decode("utf-8", "ignore").strip(" .") or "_"
    return f"_{stem}" if stem.split(".")[0].casefold() in _RESERVED else stem


def fits(out: Path, single: str, *, one: bool, key: str) -> str:
    """What ``out`` asks for: ``""`` a folder, ``.zip`` an archive, ``single`` one paper; raises WrongUsage (sentence ``key``)
    for another ending, and for one paper where there is not ``one`` alone."""
    kind = "" if out.is_dir() else out.suffix.lower()
    if kind not in ("", ".zip", single) or (kind and kind == single and not one):
        raise WrongUsage(key, path=str(out))
    return kind


def place_of(out: Path, format: str | None) -> tuple[Path, str]:
    """Where workbooks go and as what (``.xlsx``, ``.zip`` or ``""``); ``format`` (``xlsx`` or ``zip``) must agree with the ending and
    makes a folder's name an archive's.  Raises WrongUsage where it does not."""
    kind = "" if out.is_dir() else out.suffix.lower()
    asked = format or ("zip" if kind == ".zip" else "xlsx")
    if asked not in FORMATS or kind not in ("", ".xlsx", ".zip") or (kind and format and kind != f".{format}"):
        raise WrongUsage(
            "export.bad_format", format=asked if format else kind, path=str(out), formats=" ".join(FORMATS)
        )
    if kind == "" and asked == "zip":
        out = out.with_suffix(kind := ".zip")
    return out, kind


def export_year(
    results: Results,
    lang: str,
    out: Path,
    community: str | None = None,
    format: str | None = None,
    verify: Mapping[str, bytes] | None = None,
    method_changes: Collection[str] = (),
    verdicts: Mapping[str, Verdict] | None = None,
    street: str = "",
    more: Sequence[Part] = (),
) -> list[Path]:
    """Write the breakdown workbooks of all communities, of a street, or of one; returns the files written.

    ``out`` ending in ``.xlsx`` is one community's workbook, in ``.zip`` an archive, else a folder; ``format``
    as in ``place_of``.  ``verify``: files of
    ``verification``, for a folder of that name beside the workbooks of all, readable by their owner only, as is an archive
    that holds them.  ``method_changes``: codes of those whose star the method alone would change; ``verdicts``: community → what was
    decided of it; ``more``: other workbooks of the year that go with all of them.  Raises WrongUsage for an ending or
    format that does not fit, Refused for an unknown community or a year without results.
    """
    out, kind = place_of(out, format)
    if kind == ".xlsx" and community is None:
        raise WrongUsage("export.one_community")
    codes = [community] if community is not None else codes_of(results, street)
    if not codes:
        raise Refused("export.no_results", year=results.meta["year"])
    said = verdicts or {}
    if kind == ".xlsx":
        return [write_file(out, community_workbook(results, codes[0], lang, method_changes, said.get(codes[0])))]
    for code in codes:
        if code not in set(results.scores["community_code"]):
            raise Refused("export.no_community", community=code, year=results.meta["year"])
    parts = [*workbooks(results, codes, lang, method_changes, said), *more]
    mark = mark_of([results], lang, sorted(method_changes), sorted(said.items()), program_version())
    beside = [(f"{FOLDER}/{name}", data) for name, data in sorted((verify or {}).items())]
    return write_parts(out, parts, computed_at(results), mark, beside)


def workbooks(
    results: Results, codes: Sequence[str], lang: str, method_changes: Collection[str], verdicts: Mapping[str, Verdict]
) -> list[Part]:
    """The breakdown workbook of each of these communities: its file name, and how it is made."""
    return [
        (
            file_name(results, code),
            partial(community_workbook, results, code, lang, method_changes, verdicts.get(code)),
        )
        for code in codes
    ]


def codes_of(results: Results, street: str) -> list[str]:
    """The communities of a street, of all without one; raises Refused for a street that the year does not have."""
    streets = results.scores["sub_district"].fillna("").astype(str)
    if street and street not in {*streets}:
        known = list(dict.fromkeys(filter(None, streets))) or "—"
        raise Refused("cycle.unknown_street", street=street, year=results.meta["year"], known=known)
    chosen = results.scores["community_code"][streets == street] if street else results.scores["community_code"]
    return [str(code) for code in chosen]


def computed_at(results: Results) -> datetime:
    """The one time that papers of these results carry: that of the computation."""
    return datetime.fromisoformat(str(results.meta["computed_at"]))


def archive_of(results: Results, files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files in one .zip, stamped with the time of computation: the same results give the same bytes."""
    return zipped(files, computed_at(results))
