"""The rows of an annex as indicators: names by level, points, texts, the type they stand under, and what was said of sums.

Nothing is decided here about rules; what a row leaves open is kept with it as a question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from analysis.scheme.drafting.annex_columns import AnnexTable, Cells, is_repeated, plain
from analysis.scheme.rules.words import number
from survey.core.cells import as_number, chinese_number

_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+(?:部分|章|类|项)|[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d+(?:\.\d+)*[、.．](?!\d)|\d+(?:\.\d+)+(?![\d%]))\s*"
)
_IN_NAME = re.compile(r"[(（\[【](?:共|满分|分值|计|总分|合计)?[:：]?(\d+(?:\.\d+)?)分[)）\]】]")
_IN_TEXT = re.compile(r"(?:本项|该项|此项)?(?:满分|分值|共计?|计|总分)(?:为|:|：)?(\d+(?:\.\d+)?)分(?![之/])")
_SUM = re.compile(
    r"[^\d。；;]{0,15}?(?:小计|合计|总计|总分|共计|累计)(?:分值|得分)?[:：]?(?:[(（]?\d+(?:\.\d+)?分?[)）]?)?"
)
_NOTE = re.compile(
    r"(?:注|说明|备注|附注|附|单位)[:：].*|(?:填表|制表|审核|填报)人?.*|[※*].*|本(?:表|办法|细则).*|注\d?[.、].*|以上.*"
)
_AGAIN = re.compile(r"[(（]续(?:表|前|上)?\d*[)）]|^续表\d*|[(（]?第\d+页.*$")
#: settled words of a type and what may stand around its root
_TEXTS = ("text", "scoring", "methods", "office", "unit", "code", "remark")
#: characters that the name of a type has at most, and that are shown of a row that is no line
_TYPE_LENGTH, _SHOWN = 30, 60
#: characters that may stand beside the name of a type where nothing but it is named
_BESIDE = 2
_AROUND = re.compile(r"(?:型|类|方面|指标|建设|创建|社区|部分|测评|考评|标准|体系|附?表)")


@dataclass(frozen=True)
class Asked:
    """What a row leaves open: the last part of a text key and its parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AnnexLine:
    """One indicator: where it stands, the type above it, its names from the first level down, points and texts."""

    sheet: str
    cell: str
    dimension: str
    names: tuple[str, ...]
    points: float | None
    texts: Mapping[str, str]
    asked: tuple[Asked, ...] = ()

    @property
    def place(self) -> str:
        """``表1!D5``."""
        return f"{self.sheet}!{self.cell}"


@dataclass
class Annex:
    """All tables of an annex in order: indicators, points that types and groups are said to have, what was passed over."""

    lines: list[AnnexLine] = field(default_factory=list)
    said: dict[tuple[str, ...], tuple[float, str]] = field(default_factory=dict)
    sums: list[Asked] = field(default_factory=list)
    passed: list[Asked] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def points_of(value: Any) -> float | None:
    """Points as a cell says them: 20, ２０分, 二十; None where it says none, or none above 0."""
    text = plain(value).removesuffix("分")
    found = as_number(text) if text else None
    if found is None and text and (spelled := chinese_number(text)) is not None:
        found = float(spelled)
    return found if found is not None and math.isfinite(found) and found > 0 else None


def bare_name(text: str) -> str:
    """A name without its number before and its points behind: 一、自治型（140分） → 自治型."""
    one = " ".join(text.split())
    return _IN_NAME.sub("", _NUMBERED.sub("", one)).strip(" ：:、") or one


def type_root(text: str) -> str:
    """What two names of a type are compared by: 自治型社区 and 自治类 are 自治."""
    return _AROUND.sub("", plain(bare_name(text)))


class LineReader:
    """Reads the sheets of an annex one after the other; a type goes on until another stands there."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """``known``: folded name or part of a name of a type → its code."""
        self.known = known
        self.annex = Annex()
        self.dimension = ""
        self.sums = {"last": 0.0, "dimension": 0.0, "all": 0.0}

    def code_of(self, text: str, *, alone: bool = True) -> str:
        """The type that a text names, ``''`` where it names none or two; ``alone``: and says nothing besides."""
        bare, root = plain(bare_name(text)), type_root(text)
        named = {part for part in self.known if part in bare} if len(bare) <= _TYPE_LENGTH else set()
        left = bare
        for part in sorted(named, key=len, reverse=True):
            left = left.replace(part, "")
        more = len(re.sub(r"[^\w]", "", _AROUND.sub("", left))) > _BESIDE
        found = set() if alone and more else {self.known[part] for part in named}
        found = found or {code for part, code in self.known.items() if part.endswith("型") and part[:-1] == root}
        return next(iter(found)) if len(found) == 1 else ""

    def read(self, table: AnnexTable) -> None:
        """All rows of one table."""
        self.table, self.sheet, self.cells = table, table.sheet, Cells(table.sheet)
        self.levels = table.columns("name")
        self.groups: tuple[str, ...] = ()
        self.path = [""] * len(self.levels)
        self.annex.titles += table.titles
        rows = [row for row in range(table.first, len(self.sheet.rows)) if self.cells.filled(row)]
        self.types = table.columns("dimension") or self._type_columns(rows)
        self.typed = any(self.code_of(self._first(row)) for row in rows) or bool(self.types)
        for title in (self.sheet.name, *table.titles):
            if code := self.code_of(title, alone=False):
                self._enter(code, title, 0)
        last = max((row for row in rows if self._counts(row)), default=-1)
        for row in rows:
            self._row(row, last)
        self._two_columns(rows)

    def _two_columns(self, rows: Sequence[int]) -> None:
        """Two columns of points beside each other, both filled in: which of them counts is asked."""
        leaf, named = self._leaf_column(), [*self.levels, *self.table.columns("text")]
        for column in self.table.columns("points"):
            between = leaf is not None and any(min(leaf, column) < c < max(leaf, column) for c in named)
            filled = [row for row in rows if points_of(self.cells.value(row, column)) is not None]
            if leaf is not None and column != leaf and not between and filled:
                headers = {"taken": self.table.header[leaf], "other": self.table.header[column]}
                self.annex.sums.append(Asked("two_columns", {"place": self._at(filled[0], column), **headers}))

    def _type_columns(self, rows: Sequence[int]) -> list[int]:
        """A column without a known header in which types stand, and nothing else."""
        width = max((len(self.sheet.rows[row]) for row in rows), default=0)
        for column in range(width):
            texts = {t for row in rows if (t := self.cells.text(row, column)) and not _SUM.fullmatch(plain(t))}
            if not self.table.kinds.get(column) and texts and all(map(self.code_of, texts)):
                return [column]
        return []

    def _row(self, row: int, last: int) -> None:
        first, filled = self._first(row), self.cells.filled(row)
        if is_repeated(self.cells, row, self.table.header):
            self._pass("header", row, first)
        elif _SUM.fullmatch(plain(first)):
            self._sum(row, first)
        elif row > last:
            self._pass("veto" if "一票否决" in first else "note", row, first)
        elif len(filled) > 1 or not self._title(row, filled[0], first):
            self._line(row)

    def _first(self, row: int) -> str:
        """The first text of its own in a row."""
        return self.cells.text(row, self.cells.filled(row)[0])

    def _counts(self, row: int) -> bool:
        """Whether a row can be one of the table: not a note, not a signature."""
        filled = self.cells.filled(row)
        alone = len(filled) == 1 and self.table.kinds.get(filled[0]) not in ("scoring", "text")
        wide = self.cells.width(row, filled[0]) > max(len(self.levels), 2)
        return not (_NOTE.fullmatch(plain(self._first(row))) or (alone and not self.code_of(self._first(row))) or wide)

    def _pass(self, why: str, row: int, text: str) -> None:
        params = {"place": self._at(row, self.cells.filled(row)[0]), "found": " ".join(text.split())[:_SHOWN]}
        self.annex.passed.append(Asked(f"passed_{why}", params))

    def _at(self, row: int, column: int) -> str:
        return f"{self.sheet.name}!{self.sheet.address(row, column)}"

    def _enter(self, dimension: str, text: str, row: int) -> None:
        """Everything below stands under this type, by code or, where it is none that is known, by name."""
        if dimension != self.dimension:
            self.dimension, self.groups = dimension, ()
            self.path = [""] * len(self.levels)
            self.sums["dimension"] = self.sums["last"] = 0.0
        self._said_of((dimension,), text, self._at(row, 0))

    def _said_of(self, path: tuple[str, ...], text: str, place: str) -> None:
        """Points that a heading says all below it have: 组织建设（40分）."""
        if found := _IN_NAME.search(plain(text)):
            self.annex.said.setdefault(path, (float(found[1]), place))

    def _title(self, row: int, column: int, text: str) -> bool:
        """Take a row with one cell where it is a heading or a note between the rows; else it is read as a line."""
        if _NOTE.fullmatch(plain(text)):
            self._pass("veto" if "一票否决" in text else "note", row, text)
            return True
        if code := self.code_of(text):
            self._enter(code, text, row)
            return True
        if _AGAIN.search(plain(text)) or _AGAIN.sub("", plain(text)) in {plain(title) for title in self.annex.titles}:
            self._pass("header", row, text)
            return True
        wide = self.cells.width(row, column) > max(len(self.levels), 1)
        if not wide and self.table.kinds.get(column, "") not in ("", "serial"):
            return False
        if not self.typed and _NUMBERED.match(plain(text)):
            self._enter(bare_name(text), text, row)
            return True
        self.groups = (bare_name(text),)
        self.path = [""] * len(self.levels)
        self._said_of((self.dimension, *self.groups), text, self._at(row, column))
        return True

    def _sum(self, row: int, first: str) -> None:
        """A row of sums is held against what stands above it."""
        column = self._leaf_column()
        texts = [self.cells.text(row, c) for c in ([column] if column is not None else [])] + [first]
        found = next((float(m[0]) for text in texts if (m := re.search(r"\d+(?:\.\d+)?", plain(text)))), None)
        if found is not None and not any(math.isclose(found, known, abs_tol=1e-6) for known in self.sums.values()):
            wanted = "last" if "小计" in first else "all" if "总" in first or not self.dimension else "dimension"
            params = {"found": number(found), "label": first, "sum": number(self.sums[wanted])}
            place = self._at(row, self.cells.filled(row)[0])
            self.annex.sums.append(Asked("sum_differs", {"place": place, **params}))
        self.sums["last"] = 0.0

    def _names(self, row: int) -> bool:
        """Take the names of the row into the path; whether one of them is new here."""
        new = False
        for depth, column in enumerate(self.levels):
            text = self.cells.text(row, column)
            if not text or (depth == 0 and self.code_of(text)):
                continue
            if bare_name(text) != self.path[depth]:
                self.path[depth:] = [bare_name(text), *[""] * (len(self.levels) - depth - 1)]
                new = True
            if self.cells.begins(row, column) and depth < len(self.levels) - 1:
                self._said_of(self._path(depth + 1), text, self._at(row, column))
        return new

    def _path(self, depth: int) -> tuple[str, ...]:
        return (self.dimension, *self.groups, *(name for name in self.path[:depth] if name))

    def _leaf_column(self) -> int | None:
        """The column of points that belongs to the lowest level: the last one with a name or a text before it."""
        columns = self.table.columns("points")
        named = [c for kind in ("name", "text") for c in self.table.columns(kind)]
        for earlier, column in reversed(list(pairwise(columns))):
            if any(earlier < c < column for c in named):
                return column
        return columns[0] if columns else None

    def _group_points(self, row: int, leaf: int) -> None:
        """Points in columns of their own beside the names of groups."""
        for column in self.table.columns("points"):
            above = sum(level < column for level in self.levels)
            found = points_of(self.cells.value(row, column))
            if column < leaf and self.cells.begins(row, column) and found is not None and above:
                self.annex.said.setdefault(self._path(above), (found, self._at(row, column)))

    def _line(self, row: int) -> None:
        """A row that is an indicator, a name alone, or goes on with the indicator above."""
        for column in (*self.types, *self.levels[:1]):
            text, typed = self.cells.text(row, column), column in self.types
            code = self.code_of(text, alone=not typed) or (bare_name(text) if typed else "")
            if text and code and self.cells.begins(row, column):
                self._enter(code, text, row)
        new = self._names(row)
        leaf = self._leaf_column()
        if leaf is not None:
            self._group_points(row, leaf)
        points = points_of(self.cells.value(row, leaf)) if leaf is not None else None
        within = leaf is not None and not self.cells.begins(row, leaf)
        texts = {kind: self._text(row, kind) for kind in _TEXTS}
        own = {kind: self._text(row, kind, begun=True) for kind in ("text", "scoring")}
        if points is not None and (new or not within):
            shared = (Asked("shared_points", {"points": number(points)}),) if within else ()
            self._add(row, None if within else points, texts, shared)
        elif points is None and leaf is not None and not within and self.cells.text(row, leaf):
            self._add(row, None, texts, (Asked("bad_points", {"found": self.cells.text(row, leaf)}),))
        elif any(own.values()):
            said = self._points_said(row, texts)
            if said is not None or new or not self.annex.lines:
                self._add(row, said, texts, () if said is not None else (Asked("no_points"),))
            else:
                self._going_on(own)

    def _points_said(self, row: int, texts: Mapping[str, str]) -> float | None:
        """Points that a name or a text tells, where the row has no cell for them; None where two are told."""
        lowest = next((t for c in reversed(self.levels) if (t := self.cells.text(row, c))), "")
        for pattern, where in ((_IN_NAME, (lowest,)), (_IN_NAME, (texts["text"],)), (_IN_TEXT, tuple(texts.values()))):
            found = {float(m[1]) for text in where for m in pattern.finditer(plain(text))}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _add(self, row: int, points: float | None, texts: Mapping[str, str], asked: tuple[Asked, ...]) -> None:
        leaf = self._leaf_column()
        column = leaf if leaf is not None and asked else self.cells.filled(row)[0]
        names = self._path(len(self.path))[1:]
        said = self._points_said(row, {**texts, "scoring": "", "remark": ""})
        if points is not None and said is not None and said != points:
            asked = (*asked, Asked("two_points", {"points": number(points), "said": number(said)}))
        cell = self.sheet.address(row, column)
        self.annex.lines.append(AnnexLine(self.sheet.name, cell, self.dimension, names, points, texts, asked))
        for key in self.sums:
            self.sums[key] += points or 0.0

    def _going_on(self, own: Mapping[str, str]) -> None:
        """The indicator above with the texts of this row below its own."""
        line = self.annex.lines[-1]
        more = {kind: "\n".join(filter(None, (line.texts[kind], own[kind]))) for kind in own}
        self.annex.lines[-1] = replace(line, texts={**line.texts, **more})

    def _text(self, row: int, kind: str, *, begun: bool = False) -> str:
        """The cells of a kind, one below the other; ``begun``: only those that begin in this row."""
        texts = (
            self.cells.text(row, column)
            for column in self.table.columns(kind)
            if not begun or self.cells.begins(row, column)
        )
        return "\n".join(dict.fromkeys(text for text in texts if text))
