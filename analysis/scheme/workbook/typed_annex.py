"""An annex as it is typed: names of three levels beside each other, merged cells, texts that run on over several rows.

Every row with points, a rule or parameters is an indicator; a row that only goes on with a text belongs to the one
above.  Several indicators under one name at the second level or above get their own names from 测评内容.  Codes that
were left out follow the order: ``A``, ``A01``, ``A0102``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.scheme.workbook.layout import LEVELS
from analysis.scheme.workbook.rows import Row
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key

Path = tuple[str, ...]
_TEXTS = ("text_zh", "scoring_zh", "text_en", "scoring_en")
#: what makes a row an indicator of its own
_OWN = ("points", "rule", "parameters", "code", "name_zh", "name_en")
#: cells that a merged range says for all of its rows
_SHARED = ("dimension", "office", "methods", "unit")
_NAME_LENGTH = 40


@dataclass(frozen=True)
class _Line:
    """One indicator as typed: the names above it and its own, its row, where its name stands."""

    path: Path
    row: Row
    typed: bool


def by_level(rows: Sequence[Row], is_dimension: Callable[[str], bool]) -> list[Row]:
    """Rows with code, parent, dimension and name for every indicator and every group above one.

    ``is_dimension``: whether a text is the code or name of a type, which the first level may be.
    """
    lines, tops = _lines(_filled(rows), is_dimension)
    lines = _named(lines)
    groups = {line.path[:depth] for line in lines for depth in range(1, len(line.path))}
    codes, made = _codes(lines, groups)
    if made:
        sheet = lines[0].row.sheet.name
        params = {"n": made, "first": codes[lines[0].path]}
        lines[0].row.report(Finding("scheme.codes_given", "note", "sheet", sheet, params=params))
    found: list[Row] = []
    done: set[Path] = set()
    for line in lines:
        for depth in range(1, len(line.path)):
            path = line.path[:depth]
            if path not in done:
                done.add(path)
                found.append(_group(line.row, path, codes, tops[line.path[0]]))
        found.append(_leaf(line, codes, tops[line.path[0]]))
    return found


def _filled(rows: Sequence[Row]) -> list[Row]:
    """Rows with what merged ranges say for each of them."""
    if not rows:
        return []
    sheet = rows[0].sheet
    first = {
        sheet.address(r - sheet.top, c - sheet.left): sheet.address(top - sheet.top, left - sheet.left)
        for top, left, bottom, right in sheet.merged
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    }
    said = {row.at(key): row.record.values.get(key) for row in rows for key in _SHARED}
    return [
        row.having({key: said.get(first.get(row.at(key), "")) for key in _SHARED if row.record.values.get(key) is None})
        for row in rows
    ]


def _lines(rows: Sequence[Row], is_dimension: Callable[[str], bool]) -> tuple[list[_Line], dict[str, str]]:
    """Every indicator in order, and the type of each name at the first level."""
    lines: list[_Line] = []
    tops: dict[str, str] = {}
    path: list[str] = [""] * len(LEVELS)
    bare: tuple[Path, Row] | None = None  # a name that nothing has followed yet
    dimension = ""
    for row in rows:
        typed = [row.text(level) for level in LEVELS]
        for depth, text in enumerate(typed):
            if text and text != path[depth]:
                path[depth:] = [text, *[""] * (len(LEVELS) - depth - 1)]
        names: Path = tuple(text for text in path if text)
        dimension = row.text("dimension") or (names[0] if names and is_dimension(names[0]) else dimension)
        own = any(row.text(key) for key in _OWN)
        if bare and (any(typed) or own):
            if names[: len(bare[0])] != bare[0]:
                lines.append(_Line(*bare, True))
            bare = None
        if names:
            tops.setdefault(names[0], dimension)
        if own or not lines:
            lines.append(_Line(names, row, any(typed)))
        elif any(typed):
            bare = (names, row)
        else:
            lines[-1] = replace(lines[-1], row=_going_on(lines[-1].row, row))
    if bare:
        lines.append(_Line(*bare, True))
    return lines, {**tops, "": dimension}


def _going_on(row: Row, more: Row) -> Row:
    """The indicator's row with the texts of the next one below its own."""
    said = {key: "\n".join(filter(None, (row.text(key), more.text(key)))) for key in (*_TEXTS, "office", "methods")}
    return row.having({key: text for key, text in said.items() if more.text(key)})


def _named(lines: Sequence[_Line]) -> list[_Line]:
    """Every indicator with a path of its own: several under one name get their names from what they measure."""
    shared = Counter(line.path for line in lines)
    above = {line.path[:depth] for line in lines for depth in range(1, len(line.path))}
    named: list[_Line] = []
    taken: dict[Path, Row] = {}
    for line in lines:
        path, own = line.path, line.row.text("name_zh") or first_clause(line.row.text("text_zh"))
        if (shared[path] > 1 or path in above or not path) and len(path) < len(LEVELS) and own:
            path = (*path, own)
        key = tuple(header_key(part) for part in path)
        first = taken.setdefault(key, line.row)
        if first is not line.row and path:
            place = next((level for level in reversed(LEVELS) if line.row.text(level)), "text_zh")
            line.row.complain("indicator_twice", place, found=path[-1], first=first.at(place))
            path = (*path[:-1], f"{path[-1]} {line.row.record.number}")
        named.append(replace(line, path=path or ("",)))
    return named


def first_clause(text: str) -> str:
    """The first clause of a text, as a name."""
    return re.split(r"[。；;，,（(：:\n]", re.sub(r"^[\s\d.、（）()①-⑳]+", "", text), maxsplit=1)[0].strip()[
        :_NAME_LENGTH
    ]


def _codes(lines: Sequence[_Line], groups: set[Path]) -> tuple[dict[Path, str], int]:
    """Path → code, as given or by order; and to how many indicators a code was given."""
    given = {line.path: line.row.text("code") for line in lines}
    taken = {header_key(code) for code in given.values() if code}
    codes: dict[Path, str] = {}
    made = 0
    count: Counter[Path] = Counter()
    for path in _in_order(lines):
        above = path[:-1]
        while True:
            count[above] += 1
            number = count[above]
            code = f"{codes[above]}{number:02d}" if above else _letters(number)
            if header_key(code) not in taken:
                break
        if given.get(path) and path not in groups:
            code = given[path]
        elif path in given:
            made += 1
        codes[path] = code
    return codes, made


def _in_order(lines: Sequence[_Line]) -> Iterator[Path]:
    """Every path and those above it, each once, in the order of the rows."""
    paths = (line.path[:depth] for line in lines for depth in range(1, len(line.path) + 1))
    return iter(dict.fromkeys(paths))


def _letters(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _group(row: Row, path: Path, codes: Mapping[Path, str], dimension: str) -> Row:
    """A row for a name above indicators; its findings stand where the name was typed."""
    level = LEVELS[len(path) - 1]
    values: dict[str, Any] = {
        "code": codes[path],
        "parent": codes.get(path[:-1]),
        "dimension": dimension or None,
        "name_zh": path[-1],
    }
    places = dict.fromkeys((*values, "points", "rule"), row.at(level)) | {
        "dimension": row.at("dimension") or row.at(level)
    }
    return Row(row.sheet, replace(row.record, values=values, addresses=places), row.findings)


def _leaf(line: _Line, codes: Mapping[Path, str], dimension: str) -> Row:
    """The indicator's row with all that follows from where it stands."""
    path, row = line.path, line.row
    level = LEVELS[len(path) - 1]
    values = {
        "code": codes[path],
        "parent": codes.get(path[:-1]),
        "name_zh": path[-1] or None,
        "dimension": row.text("dimension") or dimension or None,
    }
    return row.having(values, {key: row.at(key) or row.at(level) for key in values})
