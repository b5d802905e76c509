"""Delimited text (.csv, .tsv, .txt): every field kept as text, every row counted, nothing shifted or dropped."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

import numpy as np

from survey.core import progress
from survey.core.addresses import a1
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.preflight.caps import Limits
from survey.files.preflight.kinds import BOMS
from survey.files.readers.distinct_values import Cells, Encoder, Rows
from survey.files.readers.large.even_text import read_even
from survey.files.readers.sheet import Sheet
from survey.files.readers.text_encoding import decode

# ── A field without end is refused by its bytes: decoding 50 MB of it, and copying it, would cost ten times as much


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time (``StringIO`` would hold all of it, four bytes a character)."""
    return (match[0] for match in _LINE.finditer(text))


def refuse_endless(file: str, data: bytes, delimiter_of: Callable[[str], str]) -> None:
    """Raise Refused if a field is longer than the csv module reads, in whatever encoding.

    ``delimiter_of`` tells the delimiter from the text before that field.
    """
    limit = 4 * csv.field_size_limit()  # no encoding of ours takes more bytes a character
    if len(data) <= limit or any(data.startswith(mark) for mark, name in BOMS if name == "utf-16"):
        return
    run = _long_run(data, limit)
    if run is None:
        return
    text, _ = decode(file, data[:run])
    rows = list(csv.reader(lines(text + "x"), delimiter=delimiter_of(text)))  # x stands for the field
    line = text.count("\n") + 1
    raise Refused("sources.long_field_line", file=file, line=line, row=len(rows), column=len(rows[-1]))


def _long_run(data: bytes, limit: int) -> int | None:
    """Where more than ``limit`` bytes without any delimiter or line end begin."""
    if not _long_line(data, limit):
        return None
    # possessive: every byte is walked over once, where a search would start anew at each byte of a field that is short
    field, end = rb"[^,\t;|\r\n]", rb"[,\t;|\r\n]"
    found = re.match(rb"(?:%b{0,%d}+%b)*+%b{%d}" % (field, limit, end, field, limit + 1), data)
    return found.end() - limit - 1 if found else None


def _long_line(data: bytes, limit: int) -> bool:
    """Whether more than ``limit`` bytes lie between two line feeds; looked for from ``limit`` to ``limit``."""
    at = 0
    while len(data) - at > limit:
        end = data.rfind(b"\n", at, at + limit + 1)
        if end < 0:
            return True
        at = end + 1
    return False


DELIMITERS = (",", "\t", ";", "|")
SAMPLE = 200
#: lines of one field that may stand above a table
ABOVE = 10
SAMPLE_TEXT = 1_000_000
FIRST = 5
#: rows of another width that are named; their count is always complete
MOST_RAGGED = 20
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_SEP = re.compile(r"sep=(.)(?:\r\n|\r|\n|\Z)", re.I)
_LINE_END = re.compile(r"\r\n|\r|\n")
#: what our exports put an apostrophe before, so that no spreadsheet runs it
_PROTECTED = tuple("'" + c for c in "=+-@\t\r\n＝＋－＠")
#: begins with one set of characters, which is what a search runs to fastest
_FORMULA_ANYWHERE = re.compile(r"[=@＝＠+＋－-](?:(?<=[=@＝＠])|(?![\s0-9.０-９,;|\"]|\Z))")
_FORMULA = re.compile(r"[=@＝＠]|[+＋－-](?![\s0-9.０-９]|\Z)")


@dataclass(frozen=True)
class _Choice:
    """The delimiter and how sure we are: ``others`` also split every row alike."""

    delimiter: str
    others: tuple[str, ...] = ()


def read_delimited(file: str, data: bytes, delimiter: str | None = None, *, limits: Limits | None = None) -> Sheet:
    """One sheet of text cells; empty fields are None, the sheet is named after the file.

    Raises Refused, naming the row or line, for an encoding that can't be proved, a quote left open, rows of unequal
    width, and what lies beyond the caps.  Where two delimiters split every row alike the finding is a question.
    """
    limits = limits or Limits()
    refuse_endless(file, data, lambda before: _given(delimiter) if delimiter else _recognise(before).delimiter)
    text, encoding = decode(file, data)
    name = PurePath(file.replace("\\", "/")).stem
    findings = [] if encoding == "UTF-8" else [_note(name, "encoding", encoding=encoding)]
    declared = _SEP.match(text)
    if declared:
        text = text[declared.end() :]
        findings.append(_note(name, "sep_line", delimiter=_word(declared[1])))
        delimiter = delimiter or declared[1]
    end = _titles_end(text, delimiter)
    choice = _Choice(_given(delimiter)) if delimiter else _recognise(text[end:] if end else text)
    if end:
        text = _widened(text, end, choice.delimiter)
    if delimiter and choice.delimiter not in text and (likely := _recognise(text).delimiter) in text:
        raise Refused("sources.delimiter_not_there", file=file, delimiter=_word(choice.delimiter), likely=_word(likely))
    if choice.others:
        params = {"delimiter": _word(choice.delimiter), "others": " ".join(map(_word, choice.others))}
        findings.append(Finding("sources.delimiter_unsure", "ask", "file", sheet=name, params=params))
    elif not delimiter and choice.delimiter in ";|":
        findings.append(_note(name, "delimiter", delimiter=_word(choice.delimiter)))
    raw = data.removeprefix(BOM_UTF8) if encoding == "UTF-8" and not (declared or end) else text.encode()
    rows = read_even(raw, choice.delimiter, limits)
    del raw
    if rows is None:
        rows = _read(file, text, choice.delimiter, limits, titled=bool(end))
    protected = "'" in text
    del text
    formulas = _formulas(rows)
    if formulas:
        first = ", ".join(formulas[:FIRST]) + (" …" if len(formulas) > FIRST else "")
        findings.append(_note(name, "formula_text", count=len(formulas), places=first))
    return Sheet(
        file=file, name=name, rows=_unprotected(rows) if protected else rows, findings=tuple(findings), kind="text"
    )


def _titles_end(text: str, delimiter: str | None) -> int:
    """Where the lines end that stand above a table as one field each, a title or a legend; 0 where the first line is one of
    several fields, or no line is."""
    marks = (*DELIMITERS, '"', *((_given(delimiter),) if delimiter else ()))
    end = 0
    for n, line in enumerate(lines(text[:SAMPLE_TEXT])):
        if any(mark in line for mark in marks):
            return end
        if n >= ABOVE:
            return 0
        end += len(line)
    return 0


def _widened(text: str, end: int, delimiter: str) -> str:
    """A text whose titles (up to ``end``) have as many fields as the row below them, so that every row keeps its number."""
    try:
        width = len(next(_reader(text[end : end + SAMPLE_TEXT], delimiter)))
    except csv.Error:  # said with its line when the rows are read
        return text
    return re.sub(r"(?=[\r\n])(?<![\r\n])", delimiter * (width - 1), text[:end]) + text[end:]


def _note(sheet: str, code: str, **params: object) -> Finding:
    return Finding(f"sources.{code}", "note", "file", sheet=sheet, params=params)


def _word(delimiter: str) -> str:
    return "Tab" if delimiter == "\t" else delimiter


def _given(delimiter: str) -> str:
    found = _NAMED.get(delimiter.lower(), delimiter)
    if len(found) != 1 or found in '"\r\n\0':
        raise Refused("sources.bad_delimiter", delimiter=delimiter)
    return found


def _recognise(text: str) -> _Choice:
    """The delimiter that splits the first rows into the same number of fields, two at least."""
    sample = text[:SAMPLE_TEXT]
    widths = {d: _widths(sample, d) for d in DELIMITERS if d in sample}
    even = [d for d, w in widths.items() if w and len(set(w)) == 1 and w[0] > 1]
    if not even:
        # uneven under all of them: the one that splits most names its uneven row better than any other
        return _Choice(max(widths, key=lambda d: max(widths[d], default=1), default=","))
    best = max(even, key=lambda d: widths[d][0])
    return _Choice(best, tuple(d for d in even if d != best and widths[d][0] * 4 > widths[best][0]))


def _widths(sample: str, delimiter: str) -> list[int]:
    """Fields of each of the first rows, empty ones beyond the first row's left out; nothing where quotes don't fit."""
    rows: list[list[str]] = []
    cut = len(sample) == SAMPLE_TEXT
    try:
        rows.extend(r for r in islice(_reader(sample, delimiter), SAMPLE) if r)
    except csv.Error:
        if not cut:
            return []
    if cut and 1 < len(rows) < SAMPLE:
        rows.pop()
    width = len(rows[0]) if rows else 0
    return [width if len(r) > width and not any(r[width:]) else len(r) for r in rows]


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines(text), delimiter=delimiter, strict=True)


def _read(file: str, text: str, delimiter: str, limits: Limits, *, titled: bool = False) -> Rows:
    """All rows, each as wide as the first; blank lines stay as blank rows.  ``titled``: the first is a title made as wide."""
    reader = csv.reader(lines(text), delimiter=delimiter, strict=True)
    rows = Encoder(0, texts=True)
    ragged: list[tuple[int, int]] = []
    width = named = blank = 0
    line = 1
    try:
        for row in progress.counted("reading", reader):
            if len(row) != width:
                if not width and row:
                    width, named = _first_width(file, row, limits)
                    named = width if titled else named
                    rows = Encoder(width, texts=True)
                    for _ in range(blank):
                        rows.add([""] * width)
                even = _even(row, width, named)
                if even is None:
                    ragged.append((rows.rows + 1, len(row)))
                row = even or [""] * width
            if width:
                rows.add(row)
            else:
                blank += 1
            line = reader.line_num + 1
            if rows.rows > limits.rows or blank > limits.rows:
                raise Refused("sources.many_rows", file=file, cap=limits.rows)
    except csv.Error as error:
        _explain(file, text, delimiter, line, reader.line_num, rows.rows + 1, error)
    if ragged:
        _refuse_ragged(file, ragged, named)
    found = rows.finish()
    _hold_fields(file, found, limits)
    return found


def _places(rows: Rows, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Row and column of every cell whose text is wanted, row by row."""
    found: list[tuple[int, int]] = []
    for column, cells in enumerate(rows.columns):
        codes = [code for code, value in enumerate(cells.values) if wanted(value)]
        if codes:
            found += [(row, column) for row in np.flatnonzero(np.isin(cells.codes, codes)).tolist()]
    return sorted(found)


def _hold_fields(file: str, rows: Rows, limits: Limits) -> None:
    """Refuse a field over the length of a cell."""
    if any(max(map(len, cells.values), default=0) > limits.text for cells in rows.columns):
        row, column = _places(rows, lambda text: len(text) > limits.text)[0]
        raise Refused("sources.long_field", file=file, row=row + 1, column=column + 1, cap=limits.text)


def _first_width(file: str, row: list[str], limits: Limits) -> tuple[int, int]:
    """The width that the first row sets, and that without its empty tail."""
    named = len(row)
    while named > 1 and not row[named - 1].strip():
        named -= 1
    if named > limits.columns:
        raise Refused("sources.many_columns", file=file, columns=named, cap=limits.columns)
    return min(len(row), limits.columns), named


def _even(row: list[str], width: int, named: int) -> list[str] | None:
    """The row as wide as the first one; only empty fields may be missing or too many, else None."""
    if not row or named <= len(row) < width:
        return row + [""] * (width - len(row))
    if len(row) >= width and not any(v.strip() for v in row[width:]):
        return row[:width]
    return None


def _refuse_ragged(file: str, ragged: list[tuple[int, int]], expected: int) -> None:
    """Refuse rows of another width, the first of them named with the fields that each has."""
    named = {
        lang: between.join(text.format(row=row, found=found) for row, found in ragged[:MOST_RAGGED])
        for lang, between, text in (("zh", "；", "第 {row} 行 {found} 个"), ("en", "; ", "row {row} has {found}"))
    }
    more = " …" if len(ragged) > MOST_RAGGED else ""
    widths = {found for _, found in ragged}
    alone = len(ragged) > 1 and len(widths) == 1 and ragged[0][0] == 2  # only the first row differs
    raise Refused(
        "sources.ragged_first" if alone else "sources.ragged",
        file=file,
        expected=expected,
        n=len(ragged),
        found=max(widths),
        rows={lang: text + more for lang, text in named.items()},
    )


def _explain(file: str, text: str, delimiter: str, line: int, reached: int, row: int, error: csv.Error) -> None:
    """Refuse what the csv module stopped at: a quote left open, a quote inside a field, or a huge field."""
    if "field larger" in str(error) and reached <= line:
        column = _long_field(text, delimiter, line)
        raise Refused("sources.long_field_line", file=file, line=line, row=row, column=column) from error
    rest = max(len(_LINE_END.findall(text)) - line, 0)
    raise Refused("sources.open_quote", file=file, line=line, rest=rest) from error


def _long_field(text: str, delimiter: str, line: int) -> int:
    """1-based number of the field, in the record that begins at this line, at which the csv module stopped."""
    at, column = 0, 1
    for _ in range(line - 1):
        at = _LINE_END.search(text, at).end()  # type: ignore[union-attr]  # the reader came past these lines
    while True:
        start = at
        while text.startswith('"', at) and (end := text.find('"', at + 1)) > 0:
            at = end + 1  # a doubled quote begins the next part of the same field
        after = text.find(delimiter, at)
        if after < 0 or after - start > csv.field_size_limit():
            return column
        at, column = after + 1, column + 1


def _formulas(rows: Rows) -> list[str]:
    """Addresses of texts that a spreadsheet would run if they were written back unprotected."""
    if all(cells.plain or not _FORMULA_ANYWHERE.search("\n".join(cells.values)) for cells in rows.columns):
        return []
    return [a1(*place) for place in _places(rows, lambda text: _FORMULA.match(text) is not None)]


def _unprotected(rows: Rows) -> Rows:
    """The apostrophe taken off that marks a cell as text: that of our own export protection, and where all cells of a column
    but its header have one.  A value that is then there already is one value."""
    columns = []
    for cells in rows.columns:
        marked = np.array([v.startswith("'") for v in cells.values] + [False])
        whole = marked.sum() >= len(cells.values) - 1 and np.count_nonzero(marked[cells.codes]) > 1
        starts = "'" if whole else _PROTECTED
        bare = [v[1:] if v.startswith(starts) else v for v in cells.values]
        values = tuple(dict.fromkeys(bare))
        if values != cells.values:
            place = {v: i for i, v in enumerate(values)}
            became = np.array([*map(place.__getitem__, bare), -1], dtype=np.int32)
            cells = Cells(became[cells.codes], values)
        columns.append(cells)
    return Rows(tuple(columns))
