"""Headers that number their questions (``3、题干``): columns of one number belong together."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from survey.files.layouts.layout import ColumnLayout, spellings, split_tail, unique

_ITEM = re.compile(r"(\d{1,3})\s*(\(.*\))")
_OLD = re.compile(r"第\s*(\d{1,3})\s*题\s*(\(.*\))")
#: ``(选项2)`` beside ``4、题干(选项1)``
_IN_BRACKETS = re.compile(r"\(.+\)", re.S)
_QUESTION = re.compile(r"(\d{1,3})\s*(?:[、:]|\.(?!\d))\s*(.+)", re.S)

_DIGIT_FIRST = re.compile(r"(\d{1,3})\.(\d.*)", re.S)


@dataclass(frozen=True, slots=True)
class Head:
    """A header taken apart: ``stem`` is empty where only the item is repeated (``4 (选项2)``)."""

    index: int
    full: str
    number: str
    stem: str
    item: str


def read_head(index: int, text: str) -> Head | None:
    """The number, stem and item of a header; None if it is not numbered."""
    if match := _QUESTION.fullmatch(text):
        return Head(index, text, match[1], match[2], "")
    if match := _ITEM.fullmatch(text) or _OLD.fullmatch(text):
        return Head(index, text, match[1], "", split_tail(match[2])[1])
    return None


def read_heads(texts: Sequence[str], taken: Collection[int] = ()) -> list[Head]:
    """The numbered headers of a row; ``3.5岁以下`` is question 3 where the one before it is question 2 or 3."""
    heads: list[Head] = []
    for index, text in enumerate(texts):
        if index in taken:
            continue
        head = read_head(index, text)
        if head is None and (match := _DIGIT_FIRST.fullmatch(text)):
            last = int(heads[-1].number) if heads else 0
            if int(match[1]) in (last, last + 1):
                head = Head(index, text, match[1], match[2], "")
        if head is None and heads and heads[-1].index + 1 == index and _IN_BRACKETS.fullmatch(text):
            head = Head(index, text, heads[-1].number, "", split_tail(text)[1])
        if head is not None:
            heads.append(head)
    return heads


def grouped(heads: Sequence[Head]) -> list[list[Head]]:
    """Neighbours of one number."""
    groups: list[list[Head]] = []
    for head in heads:
        last = groups[-1][-1] if groups else None
        if last and last.number == head.number and last.index + 1 == head.index:
            groups[-1].append(head)
        else:
            groups.append([head])
    return groups


def single(head: Head) -> ColumnLayout:
    """A question that has one column."""
    return ColumnLayout(head.index, unique((*(spellings(head.stem) if head.stem else ()), *spellings(head.full))))


def item_column(head: Head, stem: str, item: str) -> ColumnLayout:
    """An item of a matrix: its own text first, then ``stem/item``; nothing is lost if it is an option after all."""
    joined = tuple(f"{s}/{item}" for s in spellings(stem)) if stem else ()
    return ColumnLayout(head.index, unique((*spellings(item), *joined, head.full)))


def option_column(head: Head, stem: str, item: str) -> ColumnLayout:
    """One option of a multiple choice."""
    return ColumnLayout(head.index, spellings(stem) if stem else (head.full,), option=item)
