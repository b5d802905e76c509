"""A scheme workbook as a ``Scheme``, or all that is wrong with it at once, each with its sheet and address."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from analysis.scheme.model import Award, Dimension, Indicator, MarginTarget, Phase, Scheme, Star, Target, Veto
from analysis.scheme.options import OPTIONS, default_presets, even
from analysis.scheme.workbook.checking import check
from analysis.scheme.workbook.clause_cells import scored
from analysis.scheme.workbook.draft import Draft, dimension_spellings
from analysis.scheme.workbook.layout import (
    BY_LEVEL,
    DRAFTED,
    HELP,
    LEVELS,
    LISTS,
    LIVE,
    REVIEWED,
    SETTINGS,
    TABLES,
    Table,
)
from analysis.scheme.workbook.rows import Row
from analysis.scheme.workbook.typed_annex import by_level
from survey.core.cells import as_number
from survey.core.findings import Finding, blocking
from survey.files.own_workbooks import Column, find_sheet, header_key, plain_text, read_table
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet

T = TypeVar("T")

#: columns that say nothing of the scheme
_UNREAD = (*LIVE, *DRAFTED, "note")
_DECIDED_BY = {
    "district": "district",
    "区": "district",
    "区级": "district",
    "区文明委": "district",
    "city": "city",
    "市": "city",
    "市级": "city",
    "市文明委": "city",
}


def read_scheme(file: str, data: bytes) -> tuple[Scheme | None, list[Finding]]:
    """Read and check a scheme workbook; the scheme is None when a finding refuses it.

    Raises Refused where the file can't be read at all.
    """
    return scheme_of(read_sheets(file, data))


def scheme_of(sheets: Sequence[Sheet]) -> tuple[Scheme | None, list[Finding]]:
    """The same from sheets that are already read."""
    draft = _Reader(sheets).draft()
    check(draft)
    scheme = None if blocking(draft.findings) else _scheme(draft)
    return scheme, draft.findings


@dataclass
class _Reader:
    sheets: Sequence[Sheet]
    findings: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    #: sheets with sums that the template computes beside what is typed
    live: set[str] = field(default_factory=set)

    def draft(self) -> Draft:
        dimensions = self._rows("dimensions", _dimension)
        draft = Draft(
            findings=self.findings,
            settings=self._settings(),
            presets=self._rows("presets", _preset),
            dimensions=dimensions,
            indicators=self._indicators([dimension for dimension, _ in dimensions]),
            stars=self._rows("stars", _star),
            awards=self._rows("awards", _award),
            vetoes=self._rows("vetoes", _veto),
            targets=self._rows("targets", _target),
            community_targets=self._rows("community_targets", _community_target),
            pilots=self._rows("pilots", _pilot),
            phases=self._rows("phases", _phase),
            margin_targets=self._rows("margins", _margin_target),
        )
        explanation = find_sheet(self.sheets, HELP.name, HELP.name_zh)
        for sheet in self.sheets:
            self.findings.extend(f for f in sheet.findings if not self._ours(f, sheet))
            if sheet.name not in self.used and sheet is not explanation:
                self.findings.append(Finding("scheme.sheet_ignored", "note", "sheet", sheet.name))
        return draft

    def _ours(self, finding: Finding, sheet: Sheet) -> bool:
        """Whether a remark of the reader is about what the template itself hides or computes."""
        if finding.code == "sources.hidden_sheets":
            return header_key(finding.params.get("sheets")) in {
                header_key(n) for n in (LISTS.title, LISTS.name, LISTS.name_zh)
            }
        return sheet.name in self.live and finding.code in (
            "sources.formulas",
            "sources.formulas_zero",
            "sources.hidden_columns",
        )

    def _table(self, table: Table) -> list[Row]:
        sheet = find_sheet(self.sheets, table.name, table.name_zh)
        if sheet is None:
            if table.required:
                params = {"sheet": table.title}
                self.findings.append(Finding("scheme.sheet_missing", scope="file", params=params))
            return []
        self.used.add(sheet.name)
        for (row, column), error in sheet.errors.items():
            cell = sheet.address(row - sheet.top, column - sheet.left)
            params = {"found": error}
            self.findings.append(Finding("scheme.error_cell", sheet=sheet.name, cell=cell, row=row + 1, params=params))
        records = read_table(sheet, _columns_of(table, sheet), self.findings)
        records = [r for r in records if r.extra or any(v is not None for k, v in r.values.items() if k not in _UNREAD)]
        if any(key in r.addresses for r in records for key in LIVE):
            self.live.add(sheet.name)
        for header in dict.fromkeys(h for record in records for h in record.extra):
            params = {"header": header}
            self.findings.append(
                Finding("scheme.column_ignored", "note", "sheet", sheet.name, header=header, params=params)
            )
        read = [Row(sheet, record, self.findings) for record in records]
        for one in read:
            if asked := one.text("check"):
                one.complain("draft_open", "check", found=asked)
        return read

    def _rows(self, name: str, read: Callable[[Row], T]) -> list[tuple[T, Row]]:
        return [(read(row), row) for row in self._table(TABLES[name])]

    def _indicators(self, dimensions: Sequence[Dimension]) -> list[tuple[Indicator, Row]]:
        """The indicators by code and parent, or by names of three levels where the sheet has such columns filled in."""
        rows = self._table(TABLES["indicators"])
        if any(row.text(level) for row in rows for level in LEVELS):
            known = dimension_spellings(dimensions)
            rows = by_level(rows, lambda text: header_key(text) in known)
        return [(_indicator(row), row) for row in rows]

    def _settings(self) -> dict[str, Row]:
        known = {header_key(key): key for key in (*SETTINGS, *OPTIONS)}
        settings: dict[str, Row] = {}
        for row in self._table(TABLES["scheme"]):
            key = known.get(header_key(row.text("key"))) or row.text("key", required=True)
            if key == REVIEWED:
                if not row.flag("value", False):
                    row.complain("draft_unreviewed", "value")
                continue
            if key in settings:
                row.complain("setting_twice", "key", key=key, first=settings[key].at("key"))
            elif key not in (*SETTINGS, *OPTIONS):
                row.complain("setting_unknown", "key", "note", key=key, expected=", ".join((*SETTINGS, *OPTIONS)))
            settings.setdefault(key, row)
        return settings


def _columns_of(table: Table, sheet: Sheet) -> tuple[Column, ...]:
    """The columns of a table; where indicators stand by level, code and name may be left out."""
    if table.name != "indicators":
        return table.columns
    first = next((row for row in sheet.rows if any(plain_text(cell) for cell in row)), ())
    headers = {header_key(cell) for cell in first}
    levels = {
        header_key(h) for c in table.columns if c.key in LEVELS for h in (c.key, *c.headers, c.key + c.headers[0])
    }
    if not headers & levels:
        return table.columns
    return tuple(replace(c, required=c.required and c.key not in BY_LEVEL) for c in table.columns)


def _preset(row: Row) -> tuple[str, int, tuple[float, ...]]:
    name, text = row.text("name", required=True), row.text("scores", required=True)
    spread = re.fullmatch(r"([\d.]+)\s*\.\.\s*([\d.]+?)", text)
    numbers = [as_number(part) for part in (spread.groups() if spread else re.split(r"[/、，,;；]", text))]
    scores = tuple(n for n in numbers if n is not None)
    if text and len(scores) < max(2, len(numbers)):
        row.complain("preset_scores", "scores", found=text)
        return name, -1, ()
    levels = row.whole("levels", None if spread else len(scores), low=2, high=100)
    if spread and levels > 1:
        scores = even(levels, *scores)
    if text and levels > 1 and levels != len(scores):
        row.complain("preset_length", "scores", found=text, levels=levels, n=len(scores))
    return name, levels, scores


def _dimension(row: Row) -> Dimension:
    return Dimension(
        code=row.text("code", required=True),
        names=row.names(),
        objective_points=row.number("objective_points", 0.0, low=0),
        subjective_points=row.number("subjective_points", 0.0, low=0),
        lead_office="、".join(row.offices("lead_office")),
        responsible_offices=row.offices("responsible_offices"),
    )


def _indicator(row: Row) -> Indicator:
    blank = row.record.values.get("points") is None
    points = None if blank else row.number("points", low=0)
    if points == 0:
        row.complain("points_zero", "points")
    rule, parameters, unit = scored(row, points)
    return Indicator(
        code=row.text("code", required=True),
        names=row.names(),
        dimension=row.text("dimension"),
        parent=row.text("parent"),
        points=points,
        rule=rule,
        parameters=parameters,
        unit=unit,
        methods=row.text("methods"),
        office="、".join(row.offices("office")),
        text_zh=row.text("text_zh"),
        text_en=row.text("text_en"),
        scoring_zh=row.text("scoring_zh"),
        scoring_en=row.text("scoring_en"),
    )


def _star(row: Row) -> Star:
    return Star(row.whole("star", low=1, high=5), row.number("minimum", low=0), row.word("decided_by", _DECIDED_BY))


def _award(row: Row) -> Award:
    amount = row.number("amount", low=0, high=1e12)
    if not math.isnan(amount) and not math.isclose(amount * 100, round(amount * 100), abs_tol=1e-6):
        row.complain("not_fen", "amount", found=row.text("amount"))
    return Award(row.whole("star", low=1, high=5), amount, row.text("payers", required=True))


def _veto(row: Row) -> Veto:
    code = row.text("code", required=True)
    return Veto(code, row.names(), row.whole("window_months", 12, low=1, high=600), row.flag("active", True))


def _target(row: Row) -> Target:
    return Target(row.whole("star", low=1, high=5), row.number("share", low=0, high=1), _year(row, "due_year"))


def _community_target(row: Row) -> tuple[str, int, int]:
    return row.text("community", required=True), _year(row, "year"), row.whole("star", low=1, high=5)


def _pilot(row: Row) -> tuple[str, str]:
    return row.text("community", required=True), row.text("dimension", required=True)


def _phase(row: Row) -> Phase:
    return Phase(row.text("name", required=True), _year(row, "from"), _year(row, "to"), row.text("name_en"))


def _margin_target(row: Row) -> MarginTarget:
    year = row.whole("year", 0, low=0, high=2999)
    return MarginTarget(
        row.text("margin", required=True),
        row.text("category", required=True),
        row.number("population", low=0, high=1e12),
        row.text("community"),
        year or None,
    )


def _year(row: Row, key: str) -> int:
    return row.whole(key, low=1900, high=2999)


def _scheme(draft: Draft) -> Scheme:
    """The scheme of a draft without a refusing finding; codes written in other ways are put right."""
    values = draft.values
    dimension = draft.dimension_code
    presets: dict[str, dict[int, tuple[float, ...]]] = {}
    for (name, levels, scores), _ in draft.presets:
        presets.setdefault(name, {})[levels] = scores
    return Scheme(
        code=values.code,
        names=values.names,
        first_year=values.first_year,
        dimensions=tuple(d for d, _ in draft.dimensions),
        indicators=tuple(draft.indicator_put_right(i) for i, _ in draft.indicators),
        stars=tuple(s for s, _ in draft.stars),
        preset=values.preset,
        presets=presets or default_presets(),
        min_responses=values.min_responses,
        complete_share=values.complete_share,
        partial_share=values.partial_share,
        weighting=values.weighting,
        margins=values.margins,
        cell_min=values.cell_min,
        trim=values.trim,
        lonely_psu=values.lonely_psu,
        margin_targets=tuple(t for t, _ in draft.margin_targets),
        illustrative=values.illustrative,
        awards=tuple(a for a, _ in draft.awards),
        vetoes=tuple(v for v, _ in draft.vetoes),
        targets=tuple(t for t, _ in draft.targets),
        community_targets=tuple(t for t, _ in draft.community_targets),
        pilots=tuple((community, dimension(d)) for (community, d), _ in draft.pilots),
        phases=tuple(p for p, _ in draft.phases),
        settings=values.others,
    )
