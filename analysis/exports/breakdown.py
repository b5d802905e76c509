"""The tables of a breakdown workbook: every indicator, every survey item, and the dimensions they add up to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.exports.workbook_writer import LINE, MUTED, Block, Book, Column, Formula, Page, same
from analysis.scheme.rules.words import counts_worded
from analysis.statistics.notes import note_text
from survey.core.lang import enumerated, say

Row = dict[str, Any]
#: more different answers than this in one questionnaire are given as text in one column
MAX_CHOICE_COLUMNS = 10

#: who entered and reviewed a value, when and why
_ENTRY = ("entered_by", "entered_at", "reviewed_by", "change_reason")
_LOST = Formula("{full}-{got}", ("full", "got"), lambda full, got: full - got)
_FROM_SCORE = Formula("{score}/100*{full}", ("score", "full"), lambda score, full: score / 100 * full)


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The scheme's dimensions in order, and the rows of each."""

    meta: Sequence[Mapping[str, Any]]
    lang: str

    @property
    def names(self) -> Mapping[str, str]:
        """Code → name in the reader's language."""
        return {d["code"]: d[f"name_{self.lang}"] or d["code"] for d in self.meta}

    def sorted(self, rows: Iterable[Row]) -> list[Row]:
        """Rows of one dimension together, in the scheme's order, otherwise as they came."""
        order = {d["code"]: place for place, d in enumerate(self.meta)}
        return sorted(rows, key=lambda row: order.get(row["dimension"], len(order)))

    def named(self, row: Row) -> str:
        """The name of the row's dimension."""
        return self.names.get(row["dimension"], row["dimension"] or "")


def indicators(page: Page, rows: Sequence[Row], dimensions: Dimensions) -> Block:
    """Every indicator with full marks, score, lost points, value, the rule in words, and where it came from."""
    book = page.book
    columns = [
        Column("code", book.say("column.code"), width=8),
        Column("name", book.say("column.indicator"), width=28),
        Column("dimension", book.say("column.dimension"), width=14),
        Column("full", book.say("column.full"), "points", 8, summed=True),
        Column("got", book.say("column.score"), "points", 8, summed=True),
        Column("lost", book.say("column.lost"), "points", 8, summed=True),
        Column("value", book.say("column.value"), "value", 9),
        Column("reason", book.say("column.reason"), width=38),
        Column("office", book.say("column.office"), width=12),
        Column("state", book.say("column.state"), width=8),
        Column("method", book.say("column.method"), width=12),
        Column("date", book.say("column.date"), width=11),
        Column("assessor", book.say("column.assessor"), width=10),
        Column("evidence", book.say("column.evidence"), width=22),
        Column("file", book.say("column.file"), width=22),
        Column("sheet", book.say("column.sheet"), width=10),
        Column("row", book.say("column.row"), "count", 6),
        Column("batch", book.say("column.batch"), "count", 6),
        Column("self_score", book.say("column.self_score"), "points", 8),
        Column("review", book.say("column.review"), width=12),
        Column("entered_by", book.say("column.entered_by"), width=12),
        Column("entered_at", book.say("column.entered_at"), width=16),
        Column("reviewed_by", book.say("column.reviewed_by"), width=12),
        Column("change_reason", book.say("column.change_reason"), width=22),
    ]
    page.text(book.say("indicators.reading"), font_color=MUTED)
    data = [_indicator(row, book, dimensions) for row in rows]
    block = page.table(
        columns, data, formulas={"lost": _LOST}, total=book.say("column.total"), freeze=True, printed="office"
    )
    _bars(page, block, "lost")
    return block


def _indicator(row: Row, book: Book, dimensions: Dimensions) -> Row:
    reason = say(book.lang, row["reason"], **(row["reason_params"] or {})) if row["reason"] else None
    words = ("office", "method", "date", "assessor", "evidence", "file", "sheet", *_ENTRY)
    row = dict.fromkeys((*_ENTRY, "self_score", "review")) | row  # a year that was closed before these were kept
    return {
        "code": row["indicator"],
        "name": row[f"name_{book.lang}"] or row["name_zh"],
        "dimension": dimensions.named(row),
        "full": row["points"],
        "got": row["points_got"],
        "lost": row["points_lost"],
        "value": _value(row["value"], book.lang),
        "state": book.say(f"state.{row['state']}"),
        "reason": reason,
        **{key: None if row[key] in (None, "") else str(row[key]) for key in words},
        "row": row["row"],
        "batch": row["batch"],
        "self_score": row["self_score"],
        "review": book.say(f"review.{row['review']}") if row["review"] else None,
    }


def _value(value: Any, lang: str) -> Any:
    """A reported value as one cell: a number, a grade, or counts by kind in words."""
    return counts_worded(value, lang) if isinstance(value, str) else value


def items(page: Page, rows: Sequence[Row], dimensions: Dimensions) -> Block:
    """Every scored survey item with full marks, score, points, lost points, n, standard error and distribution."""
    book = page.book
    labels = _choice_labels(rows, book.lang)
    one_a_column = len(labels) <= MAX_CHOICE_COLUMNS
    columns = [
        Column("code", book.say("column.item"), width=8),
        Column("name", book.say("column.question"), width=32),
        Column("dimension", book.say("column.dimension"), width=14),
        Column("full", book.say("column.full"), "points", 8, summed=True),
        Column("got", book.say("column.score"), "points", 8, summed=True),
        Column("lost", book.say("column.lost"), "points", 8, summed=True),
        Column("score", book.say("column.score_100"), "points", 8),
        Column("low", book.say("column.low"), "points", 8),
        Column("high", book.say("column.high"), "points", 8),
        Column("n", book.say("column.n"), "count", 8),
        Column("missing", book.say("column.missing"), "share", 8),
    ]
    groups = []
    if labels and one_a_column:
        if len(labels) > 1:
            groups = [(book.say("column.distribution"), len(columns), len(columns) + len(labels) - 1)]
        columns += [Column(f"choice {label}", label, "share", 8) for label in labels]
    elif labels:
        columns.append(Column("distribution", book.say("column.distribution"), width=50))
    printed = columns[-1].key
    columns += [
        Column("se", book.say("column.se"), "points", 8),
        Column("asked", book.say("column.asked"), "count", 9),
        Column("office", book.say("column.office"), width=16),
    ]
    if any(row.get("note") for row in rows):
        columns.append(Column("note", book.say("column.note"), width=30))
    page.text(book.say("items.reading"), font_color=MUTED)
    data = [_item(row, book, dimensions, one_a_column) for row in rows]
    formulas = {"got": _FROM_SCORE, "lost": _LOST}
    block = page.table(
        columns, data, formulas=formulas, total=book.say("column.total"), freeze=True, groups=groups, printed=printed
    )
    _bars(page, block, "lost")
    return block


def _choice_labels(rows: Sequence[Row], lang: str) -> list[str]:
    return list(dict.fromkeys(c[f"label_{lang}"] for row in rows for c in row["distribution"] or ()))


def _item(row: Row, book: Book, dimensions: Dimensions, one_a_column: bool) -> Row:
    shares = {c[f"label_{book.lang}"]: c["share"] for c in row["distribution"] or ()}
    spread: Row = {f"choice {label}": share for label, share in shares.items()}
    if not one_a_column:
        spread = {"distribution": "  ".join(f"{label} {share:.1%}" for label, share in shares.items())}
    return {
        "code": row["item"],
        "name": row[f"label_{book.lang}"] or row["item"],
        "dimension": dimensions.named(row),
        "office": row["offices"] or None,
        "full": row["points"],
        "score": row["score"],
        "se": row["se"],
        "low": row.get("low"),
        "high": row.get("high"),
        "got": row["points_got"],
        "lost": row["points_lost"],
        "n": row["n"],
        "asked": row["n_asked"],
        "missing": row["missing_share"],
        "note": note_text(row.get("note"), book.lang) or None,
        **spread,
    }


def dimension_table(
    page: Page,
    score: Row,
    dimensions: Dimensions,
    parts: Mapping[str, tuple[Block, Sequence[Row]]],
) -> Block:
    """Dimensions x (objective, subjective): full marks, score, lost points; sums of the tables they come from.

    ``parts``: ``objective`` and ``subjective`` → where their rows lie, and the rows themselves.
    """
    book = page.book
    columns = [
        Column("name", book.say("column.dimension"), width=24),
        Column("lead", book.say("column.lead"), width=14),
        Column("offices", book.say("column.offices"), width=26),
        *_part_columns(book, "objective"),
        *_part_columns(book, "subjective"),
        Column("se", book.say("column.se"), "points", 8),
        *_part_columns(book, "both"),
    ]
    groups = [
        (book.say("part.objective"), 3, 5),
        (book.say("part.subjective"), 6, 9),
        (book.say("part.both"), 10, 12),
    ]
    page.text(book.say("dimensions.reading"), font_color=MUTED)
    start = page.row + 2
    data = [_dimension(meta, score, book) for meta in dimensions.meta]
    block = page.table(columns, data, total=book.say("column.total"), freeze=True, groups=groups)
    for offset, (meta, row) in enumerate(zip(dimensions.meta, data, strict=True)):
        _dimension_formulas(page, block, start + offset, meta["code"], row, parts)
    if data:
        _chart(page, block)
    return block


def _chart(page: Page, block: Block) -> None:
    """Points of both parts beside what is missing, a bar a dimension, below the table."""
    book = page.book
    series = [
        (book.say("part.objective"), block.range("objective_got"), "#3f5f8f"),
        (book.say("part.subjective"), block.range("subjective_got"), "#8fa8cc"),
        (book.say("column.lost"), block.range("both_lost"), "#f3e3da"),
    ]
    chart = book.bars(series, block.range("name"), book.say("dimensions.chart"))
    chart.set_size({"width": 900, "height": 120 + 44 * (block.last - block.first + 1)})
    page.gap()
    page.sheet.insert_chart(page.row, 0, chart, {"description": book.say("dimensions.chart")})


def _part_columns(book: Book, part: str) -> list[Column]:
    return [
        Column(f"{part}_full", book.say("column.full"), "points", 9, summed=True),
        Column(f"{part}_got", book.say("column.score"), "points", 9, summed=True),
        Column(f"{part}_lost", book.say("column.lost"), "points", 9, summed=True),
    ]


def _dimension(meta: Mapping[str, Any], score: Row, book: Book) -> Row:
    code = meta["code"]
    row: Row = {
        "name": meta[f"name_{book.lang}"] or code,
        "lead": meta["lead_office"] or None,
        "offices": enumerated(book.lang, meta["responsible_offices"]) or None,
        "se": score.get(f"subjective_{code}_se"),
    }
    for part in ("objective", "subjective"):
        full, got = meta[f"{part}_points"], score.get(f"{part}_{code}")
        got = 0.0 if got is None and not full else got  # a dimension without points in this part lacks nothing
        row |= {f"{part}_full": full, f"{part}_got": got, f"{part}_lost": None if got is None else full - got}
    for key in ("full", "got", "lost"):
        both = [row[f"objective_{key}"], row[f"subjective_{key}"]]
        row[f"both_{key}"] = None if None in both else math.fsum(both)
    return row


def _dimension_formulas(
    page: Page,
    block: Block,
    at: int,
    code: str,
    row: Row,
    parts: Mapping[str, tuple[Block, Sequence[Row]]],
) -> None:
    """Put live sums where they give exactly our numbers."""
    line = {"bottom": 4, "bottom_color": LINE}
    for part, (source, rows) in parts.items():
        places = [i for i, r in enumerate(rows) if r["dimension"] == code]
        points = [rows[i]["points_got"] for i in places]
        value = row[f"{part}_got"]
        if value is not None and points and None not in points and same(math.fsum(points), value):
            formula = f"SUM({source.range('got', source.first + places[0], source.first + places[-1])})"
            page.put(at, block.places[f"{part}_got"], value, "points", formula, **line)
    for part in ("objective", "subjective", "both"):
        cells = [block.cell(f"{part}_{key}", at) for key in ("full", "got")]
        if row[f"{part}_lost"] is not None:
            page.put(at, block.places[f"{part}_lost"], row[f"{part}_lost"], "points", "-".join(cells), **line)
    for key in ("full", "got"):
        if row[f"both_{key}"] is not None:
            cells = [block.cell(f"{part}_{key}", at) for part in ("objective", "subjective")]
            page.put(at, block.places[f"both_{key}"], row[f"both_{key}"], "points", "+".join(cells), **line)


def _bars(page: Page, block: Block, key: str) -> None:
    """Bars behind the lost points, so that the largest losses are seen at once."""
    if block.last >= block.first:
        place = block.places[key]
        page.sheet.conditional_format(
            block.first,
            place,
            block.last,
            place,
            {"type": "data_bar", "bar_color": "#e8b9a0", "min_type": "num", "min_value": 0},
        )
