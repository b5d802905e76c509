"""A year's breakdowns as files: a folder of workbooks, one .zip of them, or one community's .xlsx."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from analysis.awards.verdicts import Verdict
from analysis.exports.verification import FOLDER
from analysis.exports.workbook import community_workbook
from analysis.scoring.results import Results
from survey.core.cells import INVISIBLE
from survey.core.disk import write_file, write_set
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
) -> list[Path]:
    """Write the breakdown workbooks of all communities, of a street, or of one; returns the files written.

    ``out`` ending in ``.xlsx`` is one community's workbook, in ``.zip`` an archive, else a folder; ``format``
    (``xlsx`` or ``zip``) must agree with it and makes a folder's name an archive's.  ``verify``: files of
    ``verification``, for a folder of that name beside the workbooks of all, readable by their owner only, as is an archive
    that holds them.  ``method_changes``: codes of those whose star the method alone would change; ``verdicts``: community → what was
    decided of it.  Raises WrongUsage for an ending or
    format that does not fit, Refused for an unknown community or a year without results.
    """
    kind = "" if out.is_dir() else out.suffix.lower()
    asked = format or ("zip" if kind == ".zip" else "xlsx")
    if asked not in FORMATS or kind not in ("", ".xlsx", ".zip") or (kind and format and kind != f".{format}"):
        raise WrongUsage(
            "export.bad_format", format=asked if format else kind, path=str(out), formats=" ".join(FORMATS)
        )
    if kind == ".xlsx" and community is None:
        raise WrongUsage("export.one_community")
    codes = [community] if community is not None else codes_of(results, street)
    if not codes:
        raise Refused("export.no_results", year=results.meta["year"])
    if kind == ".xlsx":
        return [
            write_file(out, community_workbook(results, codes[0], lang, method_changes, (verdicts or {}).get(codes[0])))
        ]
    files = _workbooks(results, codes, lang, method_changes, verdicts or {})
    files += [(f"{FOLDER}/{name}", data) for name, data in sorted((verify or {}).items())]
    if asked == "zip":
        return [write_file(out.with_suffix(".zip"), archive_of(results, files), private=bool(verify))]
    return write_set(out, files, private=f"{FOLDER}/")


def codes_of(results: Results, street: str) -> list[str]:
    """The communities of a street, of all without one; raises Refused for a street that the year does not have."""
    streets = results.scores["sub_district"].fillna("").astype(str)
    if street and street not in {*streets}:
        known = "、".join(dict.fromkeys(filter(None, streets))) or "—"
        raise Refused("cycle.unknown_street", street=street, year=results.meta["year"], known=known)
    chosen = results.scores["community_code"][streets == street] if street else results.scores["community_code"]
    return [str(code) for code in chosen]


def _workbooks(
    results: Results, codes: list[str], lang: str, method_changes: Collection[str], verdicts: Mapping[str, Verdict]
) -> list[tuple[str, bytes]]:
    """All workbooks before any is written, so that a community that is refused leaves no half a year behind."""
    books = [community_workbook(results, code, lang, method_changes, verdicts.get(code)) for code in codes]
    return [(file_name(results, code), data) for code, data in zip(codes, books, strict=True)]


def archive_of(results: Results, files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files in one .zip, stamped with the time of computation: the same results give the same bytes."""
    return zipped(files, datetime.fromisoformat(results.meta["computed_at"]))


def zipped(files: Iterable[tuple[str, bytes]], when: datetime) -> bytes:
    """Files in one .zip in their order, each stamped with ``when``: the same files give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o600 if name.startswith(f"{FOLDER}/") else 0o644) << 16
            archive.writestr(info, data)
    return out.getvalue()
