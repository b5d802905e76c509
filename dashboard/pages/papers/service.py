"""Papers and files of a year, of the communities that the viewer sees, and when each was last taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.archive.pack import closed_results, pack_files
from analysis.exports.data_set.data_files import data_set
from analysis.exports.files import archive_of, file_name, safe_name
from analysis.letters.facts import facts_of
from analysis.letters.letter_files import letters
from analysis.papers.diagnosis import Sources
from analysis.papers.paper_files import diagnoses, diagnosis_pdf
from analysis.papers.profile import YEARS
from dashboard.data.decided import decided
from dashboard.data.files import PDF, ZIP, File
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.web.access import Viewer, may, require
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store, audit, settings

#: the addresses of what is listed for the whole year, in order
WHOLE = (
    "/download/letters",
    "/download/diagnoses",
    "/download/year",
    "/download/data",
    "/download/archive",
    "/download/check",
)
#: address → what it takes beside seeing the year
_TAKES = {"/download/check": "take_responses", "/download/archive": "see_imports", "/download/letters": "see_all"}
#: entries of the record that are looked through for the last time something was taken
LOOKED_AT = 2_000


@dataclass(frozen=True)
class Taken:
    """When something was last taken, in the store's time, and by whom; ``stale``: computed anew since."""

    at: str
    who: str
    stale: bool


@dataclass(frozen=True)
class Papers:
    """``rows`` of the communities in scope; ``whole``: address → when it was last taken of this year, None for never."""

    year: Year
    rows: tuple[Row, ...]
    whole: dict[str, Taken | None]
    one: dict[str, Taken]


def papers(viewer: Viewer, source: Source, store: Store | None, year: int) -> Papers:
    """What there is of a year; who took what only for who sees the whole street."""
    found = read_year(viewer, source, year)
    missing = {"/download/archive", "/download/letters"} if store is None else set()
    if found.provisional:
        missing.add("/download/archive")
    addresses = [a for a in WHOLE if a not in missing and (a not in _TAKES or may(viewer, _TAKES[a]))]
    last = _taken(store, found) if may(viewer, "see_all") else {}
    whole = {address: last.get((address, "")) for address in addresses}
    one = {code: taken for (address, code), taken in last.items() if address.startswith("/download/diagnosis/")}
    return Papers(found, found.rows, whole, one)


def _taken(store: Store | None, found: Year) -> dict[tuple[str, str], Taken]:
    """(address, community) → the newest entry of the record, of this year."""
    if store is None:
        return {}
    computed = datetime.fromisoformat(str(found.meta["computed_at"]))
    last: dict[tuple[str, str], Taken] = {}
    with store.read() as conn:
        for entry in audit.listing(conn, LOOKED_AT, action="download"):
            key = (entry.subject, str(entry.detail.get("code") or ""))
            if entry.detail.get("year") == found.meta["year"] and key not in last:
                last[key] = Taken(settings.local(conn, entry.at), entry.who, entry.at < computed)
    return last


def diagnosis_file(viewer: Viewer, source: Source, store: Store | None, year: int, code: str, lang: str) -> File:
    """The diagnosis of one community; raises Refused for an unknown one or one out of scope."""
    found = read_year(viewer, source, year)
    found.community(code)
    sources = _sources(viewer, source, store, found)
    return file_name(found.results, code, ".pdf"), diagnosis_pdf(sources, code, lang), PDF


def diagnoses_file(viewer: Viewer, source: Source, store: Store | None, year: int, lang: str) -> File:
    """The diagnoses of all communities in scope."""
    found = read_year(viewer, source, year)
    files = list(diagnoses(_sources(viewer, source, store, found), _codes(found), lang))
    return f"{_stem(found, 'diagnoses', lang)}.zip", archive_of(found.results, files), ZIP


def data_file(viewer: Viewer, source: Source, year: int, lang: str) -> File:
    """The data set, of the communities in scope."""
    found = read_year(viewer, source, year)
    codes = None if may(viewer, "see_all") and len(found.rows) == len(found.results.scores) else _codes(found)
    return f"{_stem(found, 'data', lang)}.zip", archive_of(found.results, data_set(found.results, lang, codes)), ZIP


def letters_file(viewer: Viewer, source: Source, store: Store | None, year: int, street: str, lang: str) -> File:
    """The papers of the cycle as Word documents, of a street; money and steps in them are the street's."""
    require(viewer, "see_all")
    found = read_year(viewer, source, year)
    if store is None:
        raise Refused("export.no_results", year=year)
    facts = facts_of(store, found.results, lang, found.street(street) if street else "")
    return f"{_stem(found, 'letters', lang)}.zip", archive_of(found.results, letters(facts)), ZIP


def archive_file(viewer: Viewer, source: Source, store: Store | None, year: int, lang: str) -> File:
    """The archive pack of a closed year, without single responses; raises Refused for a year that is open."""
    require(viewer, "see_imports")
    found = read_year(viewer, source, year)
    if store is None:
        raise Refused("archive.open_year", year=year, known="—")
    results = closed_results(store, year)
    return f"{_stem(found, 'archive', lang)}.zip", archive_of(results, pack_files(store, results, lang)), ZIP


def _codes(found: Year) -> list[str]:
    return [str(row["community_code"]) for row in found.rows]


def _sources(viewer: Viewer, source: Source, store: Store | None, found: Year) -> Sources:
    year = int(found.meta["year"])
    earlier: Sequence[int] = [y for y in source.years() if year - YEARS < y < year]
    return Sources(
        years=[*(source.results(y) for y in earlier), found.results],
        verdicts=decided(viewer, store, year),
        method_changes=found.method_changes,
    )


def _stem(found: Year, part: str, lang: str) -> str:
    sample = f"_{say(lang, 'dash_words.sample')}" if found.meta.get("sample") else ""
    return safe_name(f"{found.meta['year']}_{say(lang, f'page_papers.file_{part}')}{sample}")
