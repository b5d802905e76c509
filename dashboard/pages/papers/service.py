"""Papers and files of a year, of the communities that the viewer sees, and when each was last taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from analysis.archive.pack import closed_results, manifest_behind, pack_parts
from analysis.archive.response_tables import response_tables
from analysis.exports.data_set.data_files import data_set
from analysis.exports.files import archive_of, file_name, safe_name, workbooks
from analysis.exports.packed.unfinished import Part
from analysis.letters.facts import facts_of
from analysis.letters.letter_files import letter_parts, letters
from analysis.papers.diagnosis import Sources
from analysis.papers.earlier_tasks import tasks_before
from analysis.papers.paper_files import brief_name, brief_pdf, diagnosis_pdf, notice_name, notice_pdf, paper_parts
from analysis.papers.profile import YEARS
from analysis.papers.street.all_books import street_books
from analysis.papers.street.book_of_street import street_workbook, workbook_name
from analysis.papers.street.notice import named
from analysis.papers.street.one_street import Street, street_of
from dashboard.data.decided import decided
from dashboard.data.files import PDF, XLSX, ZIP, File
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.pages.papers.packing import Order, Packed, begin, state
from dashboard.pages.papers.taken import Taken, taken
from dashboard.parts.context import Context
from dashboard.web.access import Viewer, may, require
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store

#: the addresses of what is listed for the whole year, in order
WHOLE = (
    "/download/brief",
    "/download/street",
    "/download/letters",
    "/download/diagnoses",
    "/download/year",
    "/download/data",
    "/download/archive",
    "/download/check",
    "/download/responses",
)
#: address → what it takes beside seeing the year; of the archive both, since who sees the imports of one community is given
#: nothing of the others
_TAKES = {
    "/download/check": ("take_responses",),
    "/download/responses": ("take_responses",),
    "/download/archive": ("see_all", "see_imports"),
    "/download/letters": ("see_all",),
    "/download/street": ("see_all",),
    "/download/brief": ("see_all",),
}
#: those that are made out of the store, not of results alone
_STORED = {"/download/archive", "/download/letters", "/download/street", "/download/brief", "/download/responses"}
#: addresses of the papers of one community
_OF_ONE = ("/download/diagnosis/", "/download/community/", "/download/notice/")
#: addresses of papers of every community → their name in the texts; of many they are made beside the request
MANY = {
    "/download/letters": "letters",
    "/download/diagnoses": "diagnoses",
    "/download/year": "workbooks",
    "/download/archive": "archive",
}


@dataclass(frozen=True)
class Papers:
    """``rows`` of the communities in scope; ``whole``: address → when it was last taken of this year, None for never; ``one``: the
    same of a community's papers, whichever was the last; ``hung``: codes of those that are named, so that there is a notice to hang
    up; ``old``: community → the addresses of those of its papers that are stale."""

    year: Year
    rows: tuple[Row, ...]
    whole: dict[str, Taken | None]
    one: dict[str, Taken]
    hung: frozenset[str] = frozenset()
    old: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def papers(viewer: Viewer, source: Source, store: Store | None, year: int) -> Papers:
    """What there is of a year; who took what only for who sees the whole street."""
    found = read_year(viewer, source, year)
    missing = set(_STORED) if store is None else set()
    if found.provisional:
        missing.add("/download/archive")
    addresses = [a for a in WHOLE if a not in missing and _takes(viewer, a)]
    last = taken(store, found) if may(viewer, "see_all") else {}
    whole = {address: last.get((address, "")) for address in addresses}
    one: dict[str, Taken] = {}
    old: dict[str, tuple[str, ...]] = {}
    for (address, code), last_time in last.items():
        if not address.startswith(_OF_ONE):
            continue
        if code not in one or one[code].at < last_time.at:
            one[code] = last_time
        if last_time.stale:
            old[code] = (*old.get(code, ()), address)
    hung = frozenset(code for code, verdict in decided(viewer, store, year).items() if named(verdict))
    return Papers(found, found.rows, whole, one, hung, old)


def _takes(viewer: Viewer, address: str) -> bool:
    return all(may(viewer, permission) for permission in _TAKES.get(address, ()))


def diagnosis_file(viewer: Viewer, source: Source, store: Store | None, year: int, code: str, lang: str) -> File:
    """The diagnosis of one community; raises Refused for an unknown one or one out of scope."""
    found = read_year(viewer, source, year)
    found.community(code)
    sources = _sources(viewer, source, store, found)
    return file_name(found.results, code, ".pdf"), diagnosis_pdf(sources, code, lang), PDF


def diagnoses_file(viewer: Viewer, source: Source, store: Store | None, year: int, lang: str) -> File:
    """The diagnoses of all communities in scope, the notices of those that are named, and for who sees all the leaders' pages."""
    found = read_year(viewer, source, year)
    files = ((name, make()) for name, make in _diagnosis_parts(viewer, source, store, found, lang))
    return f"{_stem(found, 'diagnoses', lang)}.zip", archive_of(found.results, files), ZIP


def _diagnosis_parts(viewer: Viewer, source: Source, store: Store | None, found: Year, lang: str) -> list[Part]:
    sources = _sources(viewer, source, store, found)
    streets = []
    if store is not None and may(found.viewer, "see_all"):
        streets = [street_of(store, sources, name) for name in found.streets]
    return paper_parts(sources, _codes(found), lang, streets)


def order(viewer: Viewer, source: Source, store: Store, year: int, address: str, street: str, lang: str) -> Order:
    """What is packed for one address of ``MANY``: of all communities in scope, letters of a street where one is asked for.

    Raises Refused for an address of another kind, and for who may not have it.
    """
    if address not in MANY:
        raise Refused("page_papers.not_made")
    for permission in _TAKES.get(address, ()):
        require(viewer, permission)
    found = read_year(viewer, source, year)
    archived = address == "/download/archive"
    results = closed_results(store, year) if archived else found.results
    place = found.street(street) if street else ""
    codes = _codes(found)

    def parts() -> list[Part]:
        if archived:
            return pack_parts(store, results, lang)[0]
        if address == "/download/diagnoses":
            return _diagnosis_parts(viewer, source, store, found, lang)
        if address == "/download/letters":
            return letter_parts(facts_of(store, found.results, lang, place))[0]
        said = decided(viewer, store, year)
        books = street_books(store, found.results, "", lang) if may(found.viewer, "see_all") else []
        return workbooks(found.results, codes, lang, found.method_changes, said) + books

    stem = _stem(found, MANY[address], lang)
    name = f"{safe_name(place)}_{stem}.zip" if place and address == "/download/letters" else f"{stem}.zip"
    through = manifest_behind(results, lang) if archived else iter
    return Order(viewer.user, name, results, parts, (address, place, lang, tuple(codes), viewer.role), through)


def packings(context: Context) -> dict[str, Packed]:
    """Address → how far its archive is, of those that this viewer has made beside the request; empty where few papers are made."""
    viewer, source, store = context.viewer, context.source, context.store
    found = read_year(viewer, source, context.year)
    if store is None or len(found.rows) < limits.MANY_PAPERS:
        return {}
    street = context.address.filters.get("street", "")
    open_ = {"/download/archive"} if found.provisional else set()
    wanted = [a for a in MANY if a not in open_ and _takes(viewer, a)]
    jobs = context.uploads.papers
    return {a: state(jobs, store, order(viewer, source, store, context.year, a, street, context.lang)) for a in wanted}


def begin_packing(context: Context, address: str) -> None:
    """Have the papers of an address made; raises Refused for one that has no archive, and for who may not have it."""
    street = context.address.filters.get("street", "")
    asked = order(context.viewer, context.source, context.store, context.year, address, street, context.lang)
    begin(context.uploads.papers, context.store, asked)


def notice_file(viewer: Viewer, source: Source, store: Store | None, year: int, code: str, lang: str) -> File:
    """The notice of one community to hang up; raises Refused for one that is unknown, out of scope or not named."""
    found = read_year(viewer, source, year)
    found.community(code)
    sources = _sources(viewer, source, store, found)
    folder, _, name = notice_name(sources, code, lang).partition("/")
    return f"{folder}_{name}", notice_pdf(sources, code, lang), PDF


def street_file(viewer: Viewer, source: Source, store: Store | None, year: int, street: str, lang: str) -> File:
    """The workbook of a street, with its money; of the whole year where nobody says which and there are several."""
    one = _street(viewer, source, store, year, street)
    return workbook_name(one, lang), street_workbook(one, lang), XLSX


def brief_file(viewer: Viewer, source: Source, store: Store | None, year: int, street: str, lang: str) -> File:
    """The leader's page before the meeting: of the street asked for, else of the first."""
    one = _street(viewer, source, store, year, read_year(viewer, source, year).street(street))
    return brief_name(one, lang), brief_pdf(one, lang), PDF


def _street(viewer: Viewer, source: Source, store: Store | None, year: int, street: str) -> Street:
    require(viewer, "see_all", year=year)
    found = read_year(viewer, source, year)
    if store is None:
        raise Refused("export.no_results", year=year)
    name = found.street(street) if street or len(found.streets) == 1 else ""
    return street_of(store, _sources(viewer, source, store, found), name)


def responses_file(viewer: Viewer, source: Source, store: Store | None, year: int, lang: str) -> File:
    """Single responses of a year; raises Refused for who may not have them, and where nobody answered."""
    require(viewer, "take_responses")
    found = read_year(viewer, source, year)
    if store is None:
        raise Refused("single_files.nobody", year=year)
    made = response_tables(store, found.results, lang, _codes(found))
    return f"{_stem(found, 'responses', lang)}.zip", archive_of(found.results, made.files), ZIP


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
    if store is None:
        raise Refused("archive.open_year", year=year, known="—")
    wanted = order(viewer, source, store, year, "/download/archive", "", lang)
    files = wanted.through((name, make()) for name, make in wanted.parts())
    return wanted.name, archive_of(wanted.results, files), ZIP


def _codes(found: Year) -> list[str]:
    return [str(row["community_code"]) for row in found.rows]


def _sources(viewer: Viewer, source: Source, store: Store | None, found: Year) -> Sources:
    year = int(found.meta["year"])
    earlier: Sequence[int] = [y for y in source.years() if year - YEARS < y < year]
    years = [*(source.results(y) for y in earlier), found.results]
    return Sources(
        years=years,
        verdicts=decided(viewer, store, year),
        method_changes=found.method_changes,
        find_tasks=partial(tasks_before, store, years),
    )


def _stem(found: Year, part: str, lang: str) -> str:
    sample = f"_{say(lang, 'dash_words.sample')}" if found.meta.get("sample") else ""
    return safe_name(f"{found.meta['year']}_{say(lang, f'page_papers.file_{part}')}{sample}")
