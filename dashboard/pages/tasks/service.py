"""The year's tasks as one viewer may see them: filtered, summed by office, out as a workbook and back in."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd

from analysis.exports.files import safe_name
from analysis.improvement.lost_points import BY_COMMUNITY, office_communities, office_frame
from analysis.improvement.task_import import TaskReceipt, import_tasks
from analysis.improvement.task_list import ENTERED, TaskList, TaskRow, compose, worse
from analysis.improvement.task_outcome import STATES
from analysis.improvement.task_sheet import task_workbook
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.data.year import Year, read_year
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, enumerated, say
from survey.store import Store


@dataclass(frozen=True)
class Tasks:
    """What the page shows: ``rows`` of ``found`` that the filters leave; ``offices`` with what each answers for, by
    community where one office is chosen; ``since``: how many tasks of the year before came to which state, ``since_worse`` of those not made good how many lose more;
    ``item``: the one indicator or item that is listed.
    """

    year: Year
    found: TaskList
    rows: tuple[TaskRow, ...]
    offices: pd.DataFrame
    since: Counter[str]
    since_worse: int
    office: str
    community: str
    state: str
    item: str = ""
    street: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """The states there are, in their order."""
        there = {state for row in self.found.rows for state in (row.state, row.entered)}
        return tuple(state for state in (*ENTERED, *STATES) if state in there)


def year_tasks(
    viewer: Viewer,
    source: Source,
    store: Store | None,
    year: int,
    office: str = "",
    code: str = "",
    state: str = "",
    item: str = "",
    street: str = "",
) -> Tasks:
    """The tasks of a street's year (of the community's, where one is chosen); raises Refused for an unknown year, office, community or state, or one out of scope.

    ``item``: code of the indicator or item that alone is listed; an unknown one leaves nothing.
    """
    known = read_year(viewer, source, year)
    if code:
        street = str(known.community(code)["sub_district"] or "")
    street = known.street(street)
    found = _list(viewer, source, store, year, street)
    if office and office not in found.offices:
        raise Refused("tasks.unknown_office", found=office, year=year, known=list(found.offices))
    if state and state not in (*ENTERED, *STATES):
        raise Refused("tasks.unknown_state", found=state, known=[*ENTERED, *STATES])
    losses = [row.loss for row in found.rows if not code or row.loss["community_code"] == code]
    frame = office_frame(losses)
    if office:
        each = office_communities(losses)
        frame = each[each["office"] == office].reset_index(drop=True)
    mine = [x for x in found.since if not code or x["community_code"] == code]
    since = Counter(str(x["state"]) for x in mine)
    rows = found.chosen([code] if code else (), office, state)
    listed = tuple(row for row in rows if not item or row.loss["code"] == item)
    return Tasks(known, found, listed, frame, since, sum(map(worse, mine)), office, code, state, item, street)


def _list(viewer: Viewer, source: Source, store: Store | None, year: int, street: str) -> TaskList:
    """The list of the communities in scope, of one street where the year has several."""
    here = viewer.at(year)
    near = {y: source.results(y) for y in (year - 1, year + 1) if y in source.years()}
    found = compose(store, source.results(year), near.get(year - 1), near.get(year + 1))
    places = {
        code: street_of
        for results in (near.get(year - 1), source.results(year))  # who ended is of the street that it was of
        if results is not None
        for code, street_of in zip(
            results.scores["community_code"], results.scores["sub_district"].fillna(""), strict=True
        )
    }

    def shown(code: str) -> bool:
        return here.sees(code) and places.get(code, street) == street

    return replace(
        found,
        rows=tuple(row for row in found.rows if shown(row.loss["community_code"])),
        since=tuple(x for x in found.since if shown(x["community_code"])),
    )


def workbook(
    viewer: Viewer, source: Source, store: Store, year: int, office: str, code: str, lang: str, street: str = ""
) -> files.File:
    """The list to fill in, of what the filters leave, with the year before on its second sheet."""
    data = year_tasks(viewer, source, store, year, office, code, street=street)
    last = None
    if data.found.known_before:
        before = _list(viewer, source, store, year - 1, data.street)
        last = (before, before.chosen([code] if code else (), office))
    name = str(data.year.community(code)["community"]) if code else data.street if len(data.year.streets) > 1 else ""
    about = enumerated(lang, (x for x in (name, office) if x))
    in_order = data.found.chosen([code] if code else (), office)
    sample = say(lang, "dash_words.sample") if data.year.meta.get("sample") else ""
    stem = "_".join(x for x in (str(year), name, office, say(lang, "page_tasks.file"), sample) if x)
    return f"{safe_name(stem)}.xlsx", task_workbook(data.found, in_order, lang, last, about), files.XLSX


def office_table(viewer: Viewer, source: Source, store: Store, year: int, lang: str, street: str = "") -> files.File:
    """Every office and community of a street as a table."""
    data = year_tasks(viewer, source, store, year, street=street)
    frame = office_communities([row.loss for row in data.found.rows])
    title = say(lang, "page_tasks.file_offices")
    sample = bool(data.year.meta.get("sample"))
    shown = Shown(
        lang, f"{year} {title}", BY_COMMUNITY, left_out=("community_code",), sample=sample, source=data.year.results
    )
    return files.table(f"{year}_{title}", frame, "xlsx", shown)


def bring(viewer: Viewer, store: Store, year: int, file: str, contents: str) -> TaskReceipt:
    """Take a filled-in list from the page; raises Refused with the first problem and how many there are."""
    require(viewer, "bring_tasks")
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        data = b""
    if not data or len(data) > limits.SMALL_UPLOAD_BYTES:
        raise Refused("page_tasks.bad_file", most=limits.SMALL_UPLOAD_BYTES // 1_000_000)
    try:
        return import_tasks(store, file, data, year=year, who=viewer.user)
    except Refused as refused:
        if not refused.findings:
            raise
        first = refused.findings[0]
        key = "page_tasks.file_refused" if len(refused.findings) > 1 else "page_tasks.file_refused_once"
        raise Refused(
            key,
            file=file,
            where=first.where or "—",
            n=len(refused.findings) - 1,
            why={lang: first.word(lang) for lang in LANGUAGES},
            findings=refused.findings,
        ) from None
