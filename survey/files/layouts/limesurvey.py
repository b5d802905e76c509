"""LimeSurvey exports: headings as codes, as texts or both; answers as codes or as labels; timings left aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from survey.core.findings import Finding
from survey.files.layouts.layout import (
    ColumnLayout,
    Layout,
    Platform,
    cells_of,
    distinct,
    header_texts,
    rows_note,
    spellings,
    unique,
)
from survey.files.readers.sheet import Sheet

FIXED: Mapping[str, str] = {
    "id": "serial",
    "response id": "serial",
    "submitdate": "submitted",
    "date submitted": "submitted",
    "lastpage": "last_page",
    "last page": "last_page",
    "startlanguage": "language",
    "start language": "language",
    "seed": "seed",
    "token": "token",
    "access code": "token",
    "startdate": "started",
    "date started": "started",
    "datestamp": "ended",
    "date last action": "ended",
    "ipaddr": "ip",
    "ip address": "ip",
    "refurl": "referrer",
    "referrer url": "referrer",
    "interviewtime": "duration",
    "total time": "duration",
}
_NEEDED = frozenset({"serial", "submitted"})
_OWN = frozenset({"last_page", "language", "seed"})
WORDS: Mapping[str, str] = {"n/a": "skipped", "{question_not_shown}": "skipped"}
_YES_NO = frozenset({"y", "n", "yes", "no", "是", "否"})
_CODED = re.compile(r"([A-Za-z]\w*)((?:\[\w+\])*)(?:\. ?(.+))?", re.A | re.S)
_TEXT = re.compile(r"(.*\S) ?\[([^\[\]]*)\]", re.S)
#: codes that LimeSurvey makes by itself
_OWN_CODE = re.compile(r"(?:SQ?\d*|\d+)", re.I)
_FORM = re.compile(r"survey[-_ ]?(\d{3,})", re.I)


@dataclass(frozen=True, slots=True)
class _Head:
    """A heading taken apart: code and text of the question, code and text of the sub-question."""

    index: int
    full: str
    code: str
    text: str
    sub: str
    item: str

    @property
    def stem(self) -> str:
        return self.code or self.text


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of a LimeSurvey export: its number, the time of submission and one more of its own columns."""
    if not len(sheet.rows):
        return None
    texts = header_texts(sheet, 0)
    meanings = {i: m for i, t in enumerate(texts) if (m := FIXED.get(t.partition(". ")[0].lower()))}
    if not (set(meanings.values()) >= _NEEDED and set(meanings.values()) & _OWN):
        return None
    heads = [_head(i, t) for i, t in enumerate(texts) if t and i not in meanings]
    codes = {h.code for h in heads}
    timings = {h.index for h in heads if _is_timing(h, codes)}
    columns = [ColumnLayout(i, (texts[i],), meaning=m) for i, m in meanings.items()]
    columns += [ColumnLayout(i, (texts[i],), meaning="timing") for i in timings]
    columns += _questions(sheet, [h for h in heads if h.index not in timings])
    form = _FORM.search(PurePath(sheet.file.replace("\\", "/")).name)
    return Layout(
        platform="limesurvey",
        sheet=sheet,
        header_rows=(0,),
        first=1,
        columns=tuple(sorted(columns, key=lambda c: c.index)),
        words=WORDS,
        coded_by="name",
        findings=_notes(sheet, next(i for i, m in meanings.items() if m == "submitted")),
        form=form[1] if form else "",
    )


def _head(index: int, full: str) -> _Head:
    coded = _CODED.fullmatch(full)
    code, sub, text = (coded[1], coded[2].strip("[]").replace("][", "_"), coded[3] or "") if coded else ("", "", full)
    inner = _TEXT.fullmatch(text) if sub or not code else None
    text, item = (inner[1], inner[2].strip()) if inner else (text, "")
    return _Head(index, full, code, text, sub, item)


def _is_timing(head: _Head, codes: set[str]) -> bool:
    if head.full.lower().startswith(("group time", "question time")) or re.fullmatch(r"groupTime\d+", head.code):
        return True
    return head.code.endswith("Time") and head.code.removesuffix("Time") in codes


def _questions(sheet: Sheet, heads: Sequence[_Head]) -> list[ColumnLayout]:
    groups: dict[str, list[_Head]] = {}
    for head in heads:
        groups.setdefault(head.stem, []).append(head)
    columns = []
    often = Counter(h.sub for h in heads)
    for group in groups.values():
        parts = [h for h in group if (h.sub or h.item) and not h.sub.endswith(("other", "comment"))]
        said = set().union(*(distinct(sheet, 1, h.index) for h in parts)) - WORDS.keys()
        # an answer 1 alone may be the first code of a matrix
        ticked = len(parts) > 1 and bool(said) and (said <= _YES_NO or {"0"} <= said <= {"0", "1"})
        columns += [_column(h, option=ticked and h in parts, alone=often[h.sub] == 1) for h in group]
    return columns


def _column(head: _Head, *, option: bool, alone: bool) -> ColumnLayout:
    """``alone``: no other question has a sub-question of this code, so that the code may be a question's own name."""
    stems = unique((head.code, *(spellings(head.text) if head.text else ())))
    if not head.sub and not head.item:
        return ColumnLayout(head.index, unique((*stems, head.full)))
    items = spellings(head.item) if head.item else ()
    coded = (f"{head.code}_{head.sub}", f"{head.code}{head.sub}") if head.sub else ()
    joined = tuple(f"{stem}/{item}" for stem in stems for item in (*items, head.sub) if item)
    named = (head.sub,) if alone and not option and not _OWN_CODE.fullmatch(head.sub) else ()
    own = unique((*coded, *items, *joined, *named, head.full))
    if option:
        return ColumnLayout(head.index, unique((*stems, *own)), option=head.item or head.sub)
    return ColumnLayout(head.index, own)


def _notes(sheet: Sheet, submitted: int) -> tuple[Finding, ...]:
    rows = (np.flatnonzero(cells_of(sheet, 1, submitted).codes < 0) + 1).tolist()
    filled = [r for r in rows if any(v is not None for v in sheet.rows[r])]
    note = Finding("platforms.is_limesurvey", "note", "sheet", sheet=sheet.name)
    return (note, rows_note(sheet, "platforms.incomplete", filled)) if filled else (note,)


PLATFORM = Platform(("limesurvey",), recognise, "web")
