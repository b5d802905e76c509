"""What a file holds, decided on the page: accepted as a whole, by group or singly, and columns pointed at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import checks
from dashboard.pages.imports.service.checks import Checked
from dashboard.pages.imports.service.decisions import MOST_TEXT
from dashboard.pages.imports.service.file_lines import Part
from dashboard.web.access import Viewer, require
from survey.answers.mapping import ColumnMapping
from survey.core.errors import Refused
from survey.files.own_workbooks import header_key
from survey.intake.contents.lines import Contents, Read, comparable_headers
from survey.intake.contents.table import contents_workbook
from survey.matching.matched_sheet import ColumnMatch
from survey.store import Store

#: what a choice says for "counts as empty" (an empty value would be no choice)
EMPTY = "-"


def accept(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, what: Any, name: Any = ""
) -> Upload:
    """Agree with what is proposed: ``all`` of it (also in the other sheets of this kind), all ``columns`` or one
    ``column``, all ``readings`` or the ``reading`` of one question, that questions are ``absent``, all of them or the one called ``name``."""
    found = _found(viewer, store, uploads, upload, number)
    if what == "all":
        return _everywhere(viewer, store, uploads, upload, number, found)
    if what == "columns":
        said = found.columns()
    elif what == "column":
        said = found.columns({header_key(name)})
    elif what == "readings":
        said = found.readings()
    elif what == "reading":
        said = found.readings(str(name))
    elif what == "absent":
        said = ColumnMapping(absent=tuple(q for q in found.absent if name in ("", q)))
    else:
        raise Refused("page_import.bad_action")
    return _said(viewer, uploads, upload, number, found, said)


def _everywhere(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: int, found: Contents) -> Upload:
    """The whole table, here and in every line whose sheet has the same headers."""
    like, mine = comparable_headers(found), checks.part_at(upload, number)
    for place, part in enumerate(checks.parts_of(upload)):
        if part.kind != mine.kind or part.said["questionnaire"] != mine.said["questionnaire"]:
            continue
        other = checks.check_one(viewer, store, uploads, upload, place, part).contents
        if other is not None and other.waits and comparable_headers(other) == like:
            upload = checks.change(viewer, uploads, upload, place, replace(part, mapping=other.accepted()))
    return upload


def point_at(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, question: Any, index: Any
) -> Upload:
    """Say which column holds a question; kept with the next file of this header when stored."""
    found = _found(viewer, store, uploads, upload, number)
    line = next((n for n in found.of("missing", "empty", "absent") if n.question and n.question.name == question), None)
    if line is None:
        raise Refused("page_import.gone")
    return match_column(viewer, store, uploads, upload, number, index, question)


def match_column(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, index: Any, target: Any
) -> Upload:
    """Let a column hold a question, or be ignored (``''``); kept with the next file of this header when stored."""
    found = _found(viewer, store, uploads, upload, number)
    column = next((c for c in columns_of(found) if c.index == index), None)
    if column is None or not isinstance(target, str) or len(target) > MOST_TEXT:
        raise Refused("page_import.gone")
    if target == (column.question or ""):
        return upload
    if target and target not in {n.question.name for n in found.lines if n.question}:
        raise Refused("page_import.bad_option")
    return _said(viewer, uploads, upload, number, found, ColumnMapping.of({header_key(column.header): target}))


def columns_of(found: Contents) -> tuple[ColumnMatch, ...]:
    """Every column of the sheet."""
    return tuple(c for line in found.lines for c in line.columns)


def read_as(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    number: Any,
    question: Any,
    place: Any,
    choice: Any = None,
) -> Upload:
    """Let one text of a question mean a choice (or nothing); without ``choice`` what is proposed for it."""
    found = _found(viewer, store, uploads, upload, number)
    line = next((n for n in found.lines if n.question and n.question.name == question), None)
    known = isinstance(place, int) and not isinstance(place, bool)
    if line is None or line.question is None or not known or not 0 <= place < len(line.readings):
        raise Refused("page_import.gone")
    read: Read = line.readings[place]
    if choice is None:
        return _said(viewer, uploads, upload, number, found, _proposed(found, line.question.name, read))
    if choice != EMPTY and choice not in [c.name for c in line.question.choices]:
        raise Refused("page_import.bad_option")
    if (read.value or EMPTY) == choice and read.how in ("own", "said"):
        return upload
    meant = "" if choice == EMPTY else str(choice)
    return _said(viewer, uploads, upload, number, found, ColumnMapping(values={question: {read.key: meant}}))


def _proposed(found: Contents, question: str, read: Read) -> ColumnMapping:
    """What is proposed for one text; of several answers in a cell for each part of it."""
    key, words = read.key, found.proposed.values.get(question, {})
    mine = {word: meant for word, meant in words.items() if word == key or (key not in words and word in key)}
    return ColumnMapping(values={question: mine})


def _found(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any) -> Contents:
    require(viewer, "decide_findings")
    part: Part = checks.part_at(upload, number)
    checked: Checked = checks.check_one(viewer, store, uploads, upload, number, part)
    if checked.contents is None:
        raise Refused("page_import.gone")
    return checked.contents


def _said(
    viewer: Viewer, uploads: Uploads, upload: Upload, number: int, found: Contents, more: ColumnMapping
) -> Upload:
    """The line with more of its columns and words confirmed."""
    part = checks.part_at(upload, number)
    return checks.change(viewer, uploads, upload, number, replace(part, mapping=found.mapping.merged(more)))


def contents_file(
    viewer: Viewer, store: Store, uploads: Uploads, token: str, number: int, lang: str
) -> tuple[str, bytes]:
    """Name of one line's file, and the table of what it holds as a workbook."""
    require(viewer, "import")
    upload = uploads.find(token, viewer.user)
    checked = checks.check_one(viewer, store, uploads, upload, number, checks.part_at(upload, number))
    if checked.contents is None:
        raise Refused("page_import.gone")
    return checked.file, contents_workbook(checked.contents, lang)
