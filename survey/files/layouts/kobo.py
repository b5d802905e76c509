"""Exports of KoboToolbox and ODK Central: headers by XML name or by label, groups before a slash, three ways to write
a multiple choice (names joined by spaces in one column, one column an option, or both)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from survey.core.findings import Finding
from survey.files.layouts.layout import (
    ColumnLayout,
    Layout,
    Platform,
    distinct,
    header_texts,
    rows_with,
    skip_notes,
    spellings,
    unique,
)
from survey.files.readers.sheet import Sheet

KOBO: Mapping[str, str] = {
    "_uuid": "uuid",
    "_id": "serial",
    "_index": "index",
    "_submission_time": "submitted",
    "_validation_status": "validity",
    "_notes": "notes",
    "_status": "status",
    "_submitted_by": "user",
    "__version__": "version",
    "_tags": "tags",
}
ODK: Mapping[str, str] = {
    "key": "uuid",
    "submissiondate": "submitted",
    "instanceid": "instance",
    "meta-instanceid": "instance",
    "meta/instanceid": "instance",
    "submitterid": "user",
    "submittername": "user",
    "reviewstate": "validity",
    "formversion": "version",
    "attachmentspresent": "attachments",
    "attachmentsexpected": "attachments",
    "edits": "edits",
    "status": "status",
}
#: what the form itself asks the device for; a question of this name comes first
DEVICE: Mapping[str, str] = {
    "start": "started",
    "end": "ended",
    "today": "today",
    "deviceid": "device",
    "username": "user",
    "phonenumber": "phone",
    "email": "email",
}
WORDS: Mapping[str, str] = {"n/a": "blank"}
#: how far each platform's own marks go before a sheet is taken for its export
_LEAST = {"kobo": 2, "odk": 3}
_TICKS = frozenset({"0", "1", "true", "false"}) | WORDS.keys()
_PATH = re.compile("/")
_ODK_PATH = re.compile("[/-]")


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of the main table of an export; None for sheets of repeated groups and for all others."""
    if not len(sheet.rows):
        return None
    texts = header_texts(sheet, 0)
    lower = [t.lower() for t in texts]
    if "_parent_index" in lower or "parent_key" in lower:
        return None
    for platform, own, key in (("kobo", KOBO, "_uuid"), ("odk", ODK, "key")):
        if key in lower and len({own[t] for t in lower if t in own}) >= _LEAST[platform]:
            return _layout(sheet, platform, own, texts)
    return None


def _layout(sheet: Sheet, platform: str, own: Mapping[str, str], texts: Sequence[str]) -> Layout:
    meanings = {i: m for i, t in enumerate(texts) if (m := own.get(t.lower()) or DEVICE.get(t.lower()))}
    meanings |= {i: "instance" for i, t in enumerate(texts) if t.lower().startswith(("meta/", "formhub/"))}
    columns = [ColumnLayout(i, (texts[i],), meaning=m) for i, m in meanings.items()]
    named = {i: t for i, t in enumerate(texts) if t and i not in meanings}
    path = _ODK_PATH if platform == "odk" else _PATH
    columns += _questions(sheet, named, path)
    validity = next((i for i, m in meanings.items() if m == "validity"), None)
    skip = {}
    if validity is not None:
        marks = ("not_approved", "not approved", "rejected")
        skip = {r: "platforms.not_approved" for mark in marks for r in rows_with(sheet, 1, validity, mark)}
    note = Finding(f"platforms.is_{platform}", "note", "sheet", sheet=sheet.name)
    return Layout(
        platform=platform,
        sheet=sheet,
        header_rows=(0,),
        first=1,
        columns=tuple(sorted(columns, key=lambda c: c.index)),
        skip=skip,
        words=WORDS,
        coded_by="name",
        separator=" ",
        findings=(note, *skip_notes(sheet, skip)),
    )


def _questions(sheet: Sheet, named: Mapping[int, str], path: re.Pattern[str]) -> list[ColumnLayout]:
    """Where both ways are there, the columns of the options are read and the summary is not."""
    columns: dict[int, ColumnLayout] = {}
    for index, header in named.items():
        options = {
            i: t[len(header) + 1 :] for i, t in named.items() if t.startswith(header) and path.match(t, len(header))
        }
        if options and all(distinct(sheet, 1, i) <= _TICKS for i in options):
            columns[index] = ColumnLayout(index, _names(header, path), meaning="summary")
            for i, option in options.items():
                columns[i] = ColumnLayout(i, _names(header, path), option=option)
    for index, header in named.items():
        columns.setdefault(index, ColumnLayout(index, _names(header, path)))
    return list(columns.values())


def _names(header: str, path: re.Pattern[str]) -> tuple[str, ...]:
    """The header with ever fewer groups before it, ``question/option`` before ``option`` alone."""
    tails = [header, *(header[m.end() :] for m in path.finditer(header))]
    return unique(s for tail in tails for s in (tail, *spellings(tail)))


PLATFORM = Platform(("kobo", "odk"), recognise, "carried")
