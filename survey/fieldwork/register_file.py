"""The register workbook: communities and, on a second sheet, their population by year, sex and age band.

docs/files.md, “Register”: .xlsx or .csv, headers in Chinese or English; all problems at once, each with its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from survey.core.addresses import place
from survey.core.cells import INVISIBLE, answer_key, as_datetime, as_number, clean, iso
from survey.core.findings import Finding, blocking
from survey.fieldwork.register import Register
from survey.fieldwork.register_workbook.english_names import SHEET_NAMES, english_names
from survey.fieldwork.register_workbook.register_columns import COMMUNITIES, POPULATION
from survey.fieldwork.successors import problems, successors
from survey.files.own_workbooks import Record, find_sheet, read_table
from survey.files.read import read_sheets
from survey.files.readers.merged_cells import filled_down
from survey.files.readers.sheet import Sheet
from survey.store.year.register import SAID, Community, Told

REGISTER_NAMES = ("communities", "community", "register", "社区", "社区名册", "名册")
POPULATION_NAMES = ("population", "人口", "人口数")
POPULATION_COLUMNS = [c.key for c in POPULATION]
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_ALIAS_MARKS = re.compile(r"[|｜]")


@dataclass(frozen=True)
class RegisterFile:
    """``told`` in the order of the file; ``population`` with columns community (code), year, sex, age_band,
    population, where an empty sex or age band stands for all; ``places``: community code → where its last row stands, as
    a finding without a code; ``english``: name → its English name."""

    told: list[Told]
    population: pd.DataFrame
    places: Mapping[str, Finding] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)

    @property
    def communities(self) -> list[Community]:
        """What is told, without its years."""
        return [one.community for one in self.told]


def read_register(file: str, data: bytes) -> tuple[RegisterFile | None, list[Finding]]:
    """The register of a file and all findings; None where any of them refuses.

    Raises Refused where the file is no readable table at all.
    """
    return register_of(read_sheets(file, data))


def register_of(
    sheets: Sequence[Sheet], *, year: int | None = None, known: Sequence[Community] = ()
) -> tuple[RegisterFile | None, list[Finding]]:
    """The same for sheets that are read already; ``year`` from which rows count that name none; ``known``: the stored
    register, which a successor may stand in, and with which successors must agree."""
    population_sheet, names_sheet = (
        find_sheet(sheets, *names) if len(sheets) > 1 else None for names in (POPULATION_NAMES, SHEET_NAMES)
    )
    others = (population_sheet, names_sheet)
    sheet = find_sheet(sheets, *REGISTER_NAMES) or next(s for s in sheets if all(s is not one for one in others))
    sheet = filled_down(sheet)
    findings = [*sheets[0].findings, *(f for f in sheet.findings if f not in sheets[0].findings)]
    records = read_table(sheet, COMMUNITIES, findings)
    _name_unread(sheet.name, records, findings)
    _check_error_cells(sheet, records, findings)
    if not records and not blocking(findings):
        findings.append(Finding("register.no_rows", scope="sheet", sheet=sheet.name))
    names = _Names(sheet.name, findings, known)
    years = [_since(sheet.name, record, year, findings) for record in records]
    communities = [_community(sheet.name, r, y, names, findings) for r, y in zip(records, years, strict=True)]
    communities = [_succeeded(c, r, names, findings) for c, r in zip(communities, records, strict=True)]
    told = [_told(c, r, y, known) for c, r, y in zip(communities, records, years, strict=True)]
    _check_succession(sheet.name, told, records, known, findings)
    population = _population(population_sheet, names, findings)
    english = english_names(sheet.name, records, names_sheet, findings)
    if blocking(findings):
        return None, findings
    places = {one.community.code: _at("", sheet.name, r, "valid_to") for one, r in zip(told, records, strict=True)}
    return RegisterFile(told, population, places, english), findings


def _name_unread(sheet: str, records: Sequence[Record], findings: list[Finding]) -> None:
    """Columns that hold something and are none of a register: a merger under another header would be lost unsaid."""
    unread = [*dict.fromkeys(header for record in records for header in record.extra)]
    if unread:
        params = {"n": len(unread), "headers": unread}
        findings.append(Finding("register.columns_ignored", "note", "sheet", sheet, params=params))


def _since(sheet: str, record: Record, year: int | None, findings: list[Finding]) -> int | None:
    """The year from which a row counts: its own, else ``year``; None where nobody says one."""
    value = record.values.get("from_year")
    if value is None:
        return year
    said = _YEAR.fullmatch(clean(value))
    if said is None:
        findings.append(_at("register.bad_year", sheet, record, "from_year", found=clean(value)))
    elif year is not None and int(said[1]) != year:
        findings.append(_at("register.other_year", sheet, record, "from_year", found=clean(value), year=year))
    return int(said[1]) if said else None


def _told(community: Community, record: Record, since: int | None, known: Sequence[Community]) -> Told:
    """What a row tells: of a community that is known, what the sheet has no column for stays as it is."""
    if all(c.code != community.code for c in known):
        return Told(community, since)
    return Told(community, since, tuple(name for name in SAID if name in record.headers))


class _Names:
    """What each community goes by: one code, name or alias must lead to one community."""

    def __init__(self, sheet: str, findings: list[Finding], known: Sequence[Community] = ()) -> None:
        self.sheet, self.findings, self.known = sheet, findings, Register(known)
        self.codes: dict[str, str] = {}
        self.first: dict[str, str] = {}
        self.years: set[tuple[str, int | None]] = set()

    def again(self, code: str, since: int | None) -> bool:
        """Whether a community stands there once more, with what counts from another year."""
        new = answer_key(code) in self.codes and since is not None and (code, since) not in self.years
        self.years.add((code, since))
        return new

    def take(self, code: str, name: str, record: Record, key: str) -> bool:
        """Let ``name`` lead to ``code``; False and a finding where it leads to another."""
        spelled = answer_key(name)
        if spelled in self.codes:
            if self.codes[spelled] != code or key == "code":
                params = {"found": name, "first": self.first[spelled]}
                self.findings.append(_at("register.name_twice", self.sheet, record, key, **params))
            return self.codes[spelled] == code
        self.codes[spelled] = code
        self.first[spelled] = record.addresses[key]
        return True

    def code(self, name: str) -> str | None:
        """The code that a name of the sheet, or else of the stored register, leads to."""
        place = self.known.find(name)
        return self.codes.get(answer_key(name), None if place is None else self.known.communities[place].code)


def _at(code: str, sheet: str, record: Record, key: str, **params: Any) -> Finding:
    address = record.addresses.get(key, f"A{record.number}")
    return Finding(code, "refuse", "cell", sheet, address, record.number, record.header(key), params)


def _check_error_cells(sheet: Sheet, records: Sequence[Record], findings: list[Finding]) -> None:
    """The reader shows error cells as blanks; one in a column that we read must not pass as one."""
    read = {place(a) for r in records for a in r.addresses.values()}
    for where, value in sorted(sheet.errors.items()):
        if where in read:
            address = sheet.address(where[0] - sheet.top, where[1] - sheet.left)
            params = {"found": value}
            findings.append(
                Finding("register.error_cell", "refuse", "cell", sheet.name, address, where[0] + 1, params=params)
            )


def _community(sheet: str, record: Record, since: int | None, names: _Names, findings: list[Finding]) -> Community:
    code, name = _text(record, "code"), _text(record, "name")
    findings += [_at(f"register.missing_{k}", sheet, record, k) for k in ("code", "name") if not _text(record, k)]
    if code and not names.again(code, since):
        names.take(code, code, record, "code")
    if name:
        names.take(code or name, name, record, "name")
    aliases = _others(_text(record, "aliases"), code, name)
    start, end = (_moment(sheet, record, key, findings) for key in ("valid_from", "valid_to"))
    if start and end and end[: len(start)] < start[: len(end)]:
        findings.append(_at("register.ends_first", sheet, record, "valid_to", found=end, start=start))
    return Community(
        code=code,
        name=name,
        aliases=tuple(a for a in aliases if names.take(code or name, a, record, "aliases")),
        sub_district=_text(record, "sub_district"),
        district=_text(record, "district"),
        adult_population=_adults(sheet, record, findings),
        type=_text(record, "type"),
        feature=_text(record, "feature"),
        valid_from=start,
        valid_to=end,
    )


def _others(said: str, *own: str) -> list[str]:
    """The other names of a row, once each and none of its own; rows of other years may say the same again."""
    names = {answer_key(word): word for word in reversed([w.strip() for w in _ALIAS_MARKS.split(said)]) if word}
    return [word for spelled, word in reversed(names.items()) if spelled not in map(answer_key, own)]


def _text(record: Record, key: str) -> str:
    """A cell as it reads; a name keeps its full-width signs, a code does not."""
    value = record.values.get(key)
    if key == "code" or not isinstance(value, str):
        return "" if value is None else clean(value)
    return " ".join(INVISIBLE.sub("", value).split())


def _adults(sheet: str, record: Record, findings: list[Finding]) -> int | None:
    value = record.values.get("adult_population")
    if value is None:
        return None
    number = as_number(value)
    if number is None or number < 1 or not number.is_integer():
        findings.append(_at("register.bad_adults", sheet, record, "adult_population", found=clean(value)))
        return None
    return int(number)


def _moment(sheet: str, record: Record, key: str, findings: list[Finding]) -> str | None:
    """A year (``2013``) or a day (``2013-05-06``)."""
    value = record.values.get(key)
    if value is None:
        return None
    year = _YEAR.fullmatch(clean(value))
    moment = None if year else as_datetime(value)
    if year is None and moment is None:
        findings.append(_at("register.bad_date", sheet, record, key, found=clean(value)))
        return None
    return year[1] if year else iso(moment)[:10] if moment else None


def _succeeded(community: Community, record: Record, names: _Names, findings: list[Finding]) -> Community:
    """The community with the codes of its successors, one or (where it was split) several joined by ``|``."""
    codes = []
    for wanted in filter(None, (w.strip() for w in _ALIAS_MARKS.split(_text(record, "successor")))):
        code = names.code(wanted)
        if code is None or code == community.code:
            findings.append(_at("register.bad_successor", names.sheet, record, "successor", found=wanted))
        else:
            codes.append(code)
    return replace(community, successor="|".join(dict.fromkeys(codes)))


def _check_succession(
    sheet: str, told: Sequence[Told], records: Sequence[Record], known: Sequence[Community], findings: list[Finding]
) -> None:
    """Successors that can't be right refuse; one that stands beside its predecessor is worth a look.

    What is stored is held against the sheet: the row of a community, or else that of its successor, is told what is wrong.
    """
    record_of = {one.community.code: r for one, r in zip(told, records, strict=True)}
    merged = {c.code: c for c in known}
    old = [*problems(known)]
    for one in told:
        before = merged.get(one.community.code, one.community)
        merged[one.community.code] = replace(before, **{name: getattr(one.community, name) for name in one.said})
    for code, problem, params in problems([*merged.values()]):
        row = next((record_of[c] for c in (code, *successors(merged[code])) if c in record_of), None)
        if row is not None and (code in record_of or (code, problem, params) not in old):
            found = _at(f"register.{problem}", sheet, row, "successor", **params)
            findings.append(replace(found, level="note") if problem == "successor_beside" else found)


def _population(sheet: Sheet | None, names: _Names, findings: list[Finding]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    if sheet is not None:
        sheet = filled_down(sheet)
        findings += [f for f in sheet.findings if f not in findings]
        records = read_table(sheet, POPULATION, findings)
        _check_error_cells(sheet, records, findings)
        rows = list(_population_rows(sheet.name, records, names, findings))
    frame = pd.DataFrame(rows, columns=POPULATION_COLUMNS)
    return frame.astype({"community": "str", "year": "int64", "sex": "str", "age_band": "str", "population": "float64"})


def _population_rows(
    sheet: str, records: Iterable[Record], names: _Names, findings: list[Finding]
) -> Iterable[tuple[Any, ...]]:
    seen: dict[tuple[str, str, str, str], int] = {}
    for record in records:
        before = len(findings)
        community, year = _text(record, "community"), _YEAR.fullmatch(clean(record.values.get("year") or ""))
        code = names.code(community)
        if code is None:
            findings.append(_at("register.unknown_community", sheet, record, "community", found=community))
        if year is None:
            found = clean(record.values.get("year") or "")
            findings.append(_at("register.bad_year", sheet, record, "year", found=found))
        value = record.values.get("population")
        number = as_number(value) if value is not None else None
        if number is None or not 0 <= number < float("inf"):
            found = "" if value is None else clean(value)
            findings.append(_at("register.bad_population", sheet, record, "population", found=found))
        if code is None or year is None or number is None or len(findings) > before:
            continue
        group = (code, year[1], _text(record, "sex"), _text(record, "age_band"))
        if group in seen:
            findings.append(_at("register.group_twice", sheet, record, "community", first=seen[group]))
            continue
        seen[group] = record.number
        yield (code, int(year[1]), *group[2:], number)
