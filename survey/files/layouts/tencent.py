"""腾讯问卷 exports: numbered headers, one column an option (``6.题干:选项``), answers with a letter (``D.满意``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from survey.core.cells import as_number, clean
from survey.core.findings import Finding
from survey.files.layouts.layout import (
    ColumnLayout,
    Layout,
    Platform,
    cells_of,
    header_texts,
    rows_note,
    rows_with,
    skip_notes,
    spellings,
    unique,
)
from survey.files.layouts.numbered_headers import Head, grouped, item_column, option_column, read_heads, single
from survey.files.readers.sheet import Sheet

FIXED: Mapping[str, str] = {
    "编号": "serial",
    "开始答题时间": "started",
    "结束答题时间": "submitted",
    "答题时长": "duration",
    "语言": "language",
    "清洗数据结果": "validity",
    "智能清洗数据无效概率": "invalid_chance",
    "地理位置国家和地区": "location",
    "地理位置省": "location",
    "地理位置市": "location",
    "用户类型": "user_type",
    "用户标识": "user",
    "昵称": "nickname",
    "自定义字段": "custom",
    "ip": "ip",
    "ua": "user_agent",
    "referrer": "referrer",
    "中奖时间": "prize",
    "中奖金额": "prize",
    "审核状态": "review",
}
_OWN = frozenset({"started", "submitted", "duration", "validity", "invalid_chance"})
HEADER_DEPTH = 5
#: from this chance on 腾讯问卷 itself would leave a response out
LIKELY_INVALID = 0.7
_BLANK = re.compile(r"(.+?)_(填空\s*\d*)")
_LETTER = re.compile(r"[A-Z]{1,2}\s*[.．、]\s*(?=\S)")


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of a 腾讯问卷 export: two of its own fixed headers and a numbered question in one row; else None."""
    for row in range(min(HEADER_DEPTH, len(sheet.rows))):
        texts = header_texts(sheet, row)
        fixed = [ColumnLayout(i, (t,), meaning=FIXED[t.lower()]) for i, t in enumerate(texts) if t.lower() in FIXED]
        taken = {c.index for c in fixed}
        heads = [h for h in read_heads(texts, taken) if h.stem]
        if heads and len({c.meaning for c in fixed} & _OWN) > 1:
            taken |= {h.index for h in heads}
            more = [ColumnLayout(i, (t,)) for i, t in enumerate(texts) if t and i not in taken]
            return _layout(sheet, row, [*fixed, *more], heads)
    return None


def read_option(value: Any) -> Any:
    """``D.满意`` without its letter."""
    return _LETTER.sub("", value, count=1).strip() if isinstance(value, str) else value


def _layout(sheet: Sheet, row: int, others: Sequence[ColumnLayout], heads: Sequence[Head]) -> Layout:
    first = row + 1
    columns = [c for group in grouped(heads) for c in _questions(sheet, first, group)]
    place = {c.meaning: c.index for c in others}
    skip = {}
    if "validity" in place:
        skip = dict.fromkeys(rows_with(sheet, first, place["validity"], "无效"), "platforms.marked_invalid")
    findings = [Finding("platforms.is_tencent", "note", "sheet", sheet=sheet.name), *skip_notes(sheet, skip)]
    if "invalid_chance" in place:
        cells = cells_of(sheet, first, place["invalid_chance"])
        likely = [(as_number(v) or 0.0) >= LIKELY_INVALID for v in cells.values]
        rows = np.flatnonzero(np.array([*likely, False])[cells.codes]) + first
        if doubtful := [r for r in rows.tolist() if r not in skip]:
            findings.append(rows_note(sheet, "platforms.likely_invalid", doubtful, limit=LIKELY_INVALID))
    return Layout(
        platform="tencent",
        sheet=sheet,
        header_rows=(row,),
        first=first,
        columns=tuple(sorted([*others, *columns], key=lambda c: c.index)),
        skip=skip,
        read=read_option,
        findings=tuple(findings),
    )


def _questions(sheet: Sheet, first: int, group: Sequence[Head]) -> list[ColumnLayout]:
    """The columns of one question: itself, its blanks, its options or the items of its matrix."""
    blanks = [h for h in group if _BLANK.fullmatch(h.stem)]
    rest = [h for h in group if h not in blanks]
    columns = [_blank(h, alone=len(group) == 1) for h in blanks]
    stem = _shared([h.stem for h in rest]).rpartition(":")[0]
    items = [h.stem[len(stem) + 1 :].strip() for h in rest]
    if not stem or not all(items):
        return [*columns, *map(single, rest)]
    said = [{clean(read_option(v)) for v in cells_of(sheet, first, h.index).values} - {""} for h in rest]
    ticked = any(said) and all(
        texts <= {"0", "1"} or all(t.startswith(item) for t in texts) for texts, item in zip(said, items, strict=True)
    )
    if len(rest) == 1 and not (ticked and all(t.startswith(items[0]) for t in said[0])):
        return [*columns, single(rest[0])]  # a colon in the question itself
    make = option_column if ticked else item_column
    return [*columns, *(make(h, stem.strip(), item) for h, item in zip(rest, items, strict=True))]


def _shared(texts: Sequence[str]) -> str:
    """What all texts begin with."""
    low, high = min(texts, default=""), max(texts, default="")
    return low[: next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))]


def _blank(head: Head, *, alone: bool) -> ColumnLayout:
    """A blank to fill in (``3.题干_填空3``); the only one of a question is the question."""
    match = _BLANK.fullmatch(head.stem)
    stem, blank = (match[1], match[2]) if match else (head.stem, "")
    return ColumnLayout(
        head.index, unique((*(spellings(stem) if alone else ()), head.stem, f"{stem}/{blank}", head.full))
    )


PLATFORM = Platform(("tencent",), recognise, "web")
