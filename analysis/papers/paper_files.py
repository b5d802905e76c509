"""Diagnoses of a year as PDF files: one community's, a folder of them, or an archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from analysis.exports.files import archive_of, file_name
from analysis.papers.diagnosis import Sources, diagnosis
from analysis.papers.typesetting import pdf
from survey.core.disk import write_file, write_set
from survey.core.errors import Refused, WrongUsage


def diagnosis_pdf(sources: Sources, code: str, lang: str) -> bytes:
    """The diagnosis of a community as PDF; its clock is the time of computation, so that the same results give the same bytes.

    Raises Refused for a community that the year does not have, Surroundings where the machine has no Chinese font.
    """
    when = datetime.fromisoformat(str(sources.results.meta["computed_at"]))
    return pdf("diagnosis", diagnosis(sources, code, lang), when)


def diagnoses(sources: Sources, codes: Sequence[str], lang: str) -> Iterator[tuple[str, bytes]]:
    """File name and PDF of each of these communities, one after the other."""
    for code in codes:
        made = diagnosis_pdf(sources, code, lang)
        yield file_name(sources.results, code, ".pdf"), made


def write_diagnoses(sources: Sources, lang: str, out: Path, codes: Sequence[str], *, one: bool) -> list[Path]:
    """Write them into a folder or, where ``out`` ends in ``.zip``, an archive; with ``one`` community also as a ``.pdf``.

    All or nothing.  Raises WrongUsage for another ending, Refused without a community, Surroundings where the disk refuses.
    """
    kind = "" if out.is_dir() else out.suffix.lower()
    if kind not in ("", ".zip", ".pdf") or (kind == ".pdf" and not one):
        raise WrongUsage("papers.ending", path=str(out))
    if not codes:
        raise Refused("export.no_results", year=sources.results.meta["year"])
    if kind == ".pdf":
        return [write_file(out, diagnosis_pdf(sources, codes[0], lang))]
    files = list(diagnoses(sources, codes, lang))
    if kind == ".zip":
        return [write_file(out, archive_of(sources.results, files))]
    return write_set(out, files)
