"""问卷星 exports: 按文本 (labels) and 按序号 (1 … k in the order of the options); 按分数 holds scores and is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np

from survey.core.cells import as_number
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.layouts.layout import (
    CodedBy,
    ColumnLayout,
    Layout,
    Platform,
    cells_of,
    distinct,
    header_texts,
    rows_note,
    rows_with,
    split_tail,
    unique,
)
from survey.files.layouts.numbered_headers import Head, grouped, item_column, option_column, read_heads, single
from survey.files.readers.sheet import Sheet

FIXED: Mapping[str, str] = {
    "序号": "serial",
    "提交答卷时间": "submitted",
    "所用时间": "duration",
    "来源": "source",
    "来源详情": "source_detail",
    "来自ip": "ip",
    "总分": "total_score",
}
#: fixed headers that only 问卷星 writes; a hand-made sheet has 序号, 来源 and 总分 as well
_OWN = frozenset({"submitted", "duration", "source_detail", "ip"})
WORDS: Mapping[str, str] = {"(跳过)": "skipped", "(空)": "blank"}
_CODES: Mapping[str, str] = {"-3": "skipped", "-2": "blank"}
HEADER_DEPTH = 5
_FILE = re.compile(r"(?:(\d{5,})_)?按(文本|序号|分数)(?=_|\b|\.)|(All_Data_(Readable|Original|Score))", re.I)
_FORM = re.compile(r"(\d{6,})_")
_BY_NAME: Mapping[str, CodedBy] = {"文本": "label", "序号": "order", "readable": "label", "original": "order"}
_OTHER = re.compile(r"〖[^〗]*〗")
_WHOLE = re.compile(r"[+-]?\d+")
_BETWEEN = re.compile(r"\s*[┋→]\s*")


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of a 问卷星 export: its own fixed headers and a numbered question in one row; else None.

    Raises Refused for 按分数, whose cells are scores that no option can be told from.
    """
    found = _header(sheet)
    if found is None:
        return None
    row, meanings, heads = found
    first = row + 1
    name = _FILE.search(PurePath(sheet.file.replace("\\", "/")).name)
    word = (name[2] or name[4] or "").lower() if name else ""
    if word in ("分数", "score") or _scores(sheet, first, meanings, heads):
        raise Refused("platforms.by_score", file=sheet.file)
    values = {head.index: distinct(sheet, first, head.index) for head in heads}
    coded, sure = _coding(word, values)
    columns = [*meanings, *_questions(heads, values)]
    findings = [Finding(f"platforms.is_wenjuanxing_{coded}", "note", "sheet", sheet=sheet.name)]
    if not sure:
        findings.append(Finding(f"platforms.unsure_{coded}", "ask", "sheet", sheet=sheet.name))
    form = _FORM.match(PurePath(sheet.file.replace("\\", "/")).name)
    return Layout(
        platform="wenjuanxing",
        sheet=sheet,
        header_rows=(row,),
        first=first,
        columns=tuple(sorted(columns, key=lambda c: c.index)),
        words={**WORDS, **(_CODES if coded == "order" else {})},
        coded_by=coded,
        read=read_option,
        separator="┋",
        findings=(*findings, *_notes(sheet, first, meanings, heads)),
        form=form[1] if form else "",
    )


def read_option(value: Any) -> Any:
    """A choice without what was written beside it (``其他〖…〗``); a ranking (``甲→乙``) as the set of its options."""
    return _OTHER.sub("", value).replace("→", "┋").strip() if isinstance(value, str) else value


def _header(sheet: Sheet) -> tuple[int, list[ColumnLayout], list[Head]] | None:
    for row in range(min(HEADER_DEPTH, len(sheet.rows))):
        texts = header_texts(sheet, row)
        meanings = [ColumnLayout(i, (t,), meaning=FIXED[t.lower()]) for i, t in enumerate(texts) if t.lower() in FIXED]
        named = {c.meaning for c in meanings}
        if len(named) < 2 or not named & _OWN:
            continue
        heads = read_heads(texts, {c.index for c in meanings})
        if heads:
            rest = {c.index for c in meanings} | {h.index for h in heads}
            more = [ColumnLayout(i, (t,)) for i, t in enumerate(texts) if t and i not in rest]
            return row, [*meanings, *more], heads
    return None


def _questions(heads: Sequence[Head], values: Mapping[int, set[str]]) -> list[ColumnLayout]:
    columns = []
    for group in grouped(heads):
        if len(group) == 1 and group[0].stem:
            columns.append(_alone(group[0]))
            continue
        stem, items = _items(group)
        said = [values[h.index] - WORDS.keys() - _CODES.keys() for h in group]
        ticked = set().union(*said) <= {"0", "1"} and any("0" in s for s in said)
        make = option_column if ticked else item_column
        columns += [make(h, stem, item) if item else single(h) for h, item in zip(group, items, strict=True)]
    return columns


def _alone(head: Head) -> ColumnLayout:
    """A question of its own, or the first item of a matrix (``5、题干—子项``), whose others follow without a number."""
    stem, dash, item = head.stem.rpartition("—")
    column = single(head)
    if not dash or not item.strip():
        return column
    return replace(column, texts=unique((*column.texts, *item_column(head, stem.strip("— "), item.strip()).texts)))


def _items(group: Sequence[Head]) -> tuple[str, list[str]]:
    """The stem, which only the first header may carry, and the item of each column ('' where it has none)."""
    stem, items = "", []
    for head in group:
        if not head.stem:
            items.append(head.item)
            continue
        base, item = split_tail(head.stem)
        if not item and "—" in head.stem:
            base, _, item = head.stem.rpartition("—")
        items.append(item)
        stem = stem or base.strip("— ")
    return stem, items


def _coding(word: str, values: Mapping[int, set[str]]) -> tuple[CodedBy, bool]:
    """What the cells hold, and whether that is certain: by the file's name, else by what only one export writes."""
    if word:
        return _BY_NAME[word], True
    said = set().union(*values.values())
    if said & WORDS.keys() or _marked_words(said, "┋〖"):
        return "label", True
    if said & _CODES.keys():
        return "order", True
    if _marked_words(said, "→"):
        return "label", True
    numeric = [all(_of_places(t) for t in texts) for texts in values.values() if texts]
    if not any(numeric):
        return "label", True
    several = any("┋" in text for text in said)  # all of them places: 1┋3
    return ("order", several) if 2 * sum(numeric) > len(numeric) else ("label", False)


def _of_places(text: str) -> bool:
    """Whether a cell holds nothing but the places of options: 2, 1┋3, 4〖陪诊〗, 3→1."""
    return all(_WHOLE.fullmatch(part) for part in _BETWEEN.split(_OTHER.sub("", text).strip()))


def _marked_words(texts: Collection[str], marks: str) -> bool:
    """Whether a platform's mark stands between or behind words, not places."""
    return any(not _of_places(text) for text in texts if any(mark in text for mark in marks))


def _scores(sheet: Sheet, first: int, meanings: Sequence[ColumnLayout], heads: Sequence[Head]) -> bool:
    """Whether 总分 is the sum of the answers in every row: then they are scores, whatever the file is called."""
    total = next((c.index for c in meanings if c.meaning == "total_score"), None)
    if total is None:
        return False
    wanted = [as_number(v) if v is not None else None for v in cells_of(sheet, first, total)]
    columns = [cells_of(sheet, first, head.index) for head in heads]
    points = [[max(as_number(v) or 0.0, 0.0) for v in column.values] + [0.0] for column in columns]
    for row, number in enumerate(wanted):
        if number != sum(worth[column.codes[row]] for worth, column in zip(points, columns, strict=True)):
            return False
    return len(set(wanted)) > 2


def _notes(sheet: Sheet, first: int, meanings: Sequence[ColumnLayout], heads: Sequence[Head]) -> list[Finding]:
    notes = []
    for head in heads:
        for mark, code in (("〖", "platforms.other_text"), ("→", "platforms.ranking")):
            rows = rows_with(sheet, first, head.index, mark)
            if rows:
                notes.append(rows_note(sheet, code, rows, header=head.full))
    serial = next((c.index for c in meanings if c.meaning == "serial"), None)
    if serial is not None:
        cells = cells_of(sheet, first, serial)
        filled = np.flatnonzero(cells.codes >= 0)
        _, kept = np.unique(cells.codes[filled], return_index=True)
        again = np.setdiff1d(filled, filled[kept]) + first
        if len(again):
            notes.append(rows_note(sheet, "platforms.serial_restarts", again.tolist()))
    return notes


PLATFORM = Platform(("wenjuanxing",), recognise, "web")
