"""The workbooks of objective values: wide in 2012, with cells formatted as percent; long in 2013 and 2014."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from analysis.scheme.rules.words import words_for

from .books import workbook
from .chance import stream
from .indicators import EXEMPT_EVIDENCE, Reported
from .street import PLACES, Place

NAMES: Mapping[int, str] = {year: f"示例_客观指标_{year}.xlsx" for year in (2012, 2013, 2014)}
WIDE_YEARS = (2012,)
_COLUMNS = ("社区", "指标", "种类", "数值", "自评分", "考评人", "考评分", "方法", "日期", "依据", "免检", "说明")
_TEAMS = ("考评一组", "考评二组", "考评三组")


def indicator_workbook(year: int, reported: list[Reported]) -> tuple[bytes, int]:
    """The workbook of a year and how many values it holds."""
    mine = [r for r in reported if r.year == year]
    rows, n = (_wide if year in WIDE_YEARS else long_rows)(mine)
    return workbook({"客观指标": rows}), n


def _kinds(report: Reported) -> list[tuple[str, Any]]:
    """Kind of case in Chinese (blank where the rule counts one thing) and value."""
    if isinstance(report.value, Mapping):
        return [(words_for("kind", kind)["zh"], n) for kind, n in report.value.items()]
    return [("", report.value)]


def long_rows(reports: list[Reported], places: Sequence[Place] = PLACES) -> tuple[list[list[Any]], int]:
    """One row a value (a kind of case each its own), with who looked, how, when, and on what evidence."""
    rows: list[list[Any]] = [list(_COLUMNS)]
    names = {p.code: p.name for p in places}
    for report in reports:
        for place, (kind, value) in enumerate(_kinds(report)):
            rows.append([names[report.code], report.indicator.code, kind, value, *_paper_trail(report, place == 0)])
    return rows, len(rows) - 1


def _paper_trail(report: Reported, first: bool) -> list[Any]:
    """自评分 to 说明.  The self-score, given once an indicator, is seldom below what the rule gives."""
    random = stream("trail", report.code, report.year, report.indicator.code)
    full = float(report.indicator.points or 0)
    own = min(full, report.points + round(max(0.0, float(random.normal(0.2, 0.5))) * 2) / 2)
    day = date(report.year, 10, 20) + timedelta(days=int(random.randint(0, 26)))
    evidence = EXEMPT_EVIDENCE if report.exempt else f"示例材料 {report.code}-{report.indicator.code}-{report.year}"
    team = _TEAMS[int(report.code[2:]) % len(_TEAMS)]
    return [
        round(own, 1) if first and not report.exempt else None,
        team,
        None,
        report.indicator.methods,
        (day, "date"),
        evidence,
        "是" if report.exempt else None,
        "已获区级命名，当年免检" if report.exempt else None,
    ]


def _wide(reports: list[Reported]) -> tuple[list[list[Any]], int]:
    """One row a community, one column an indicator, or a kind of case where the rule counts kinds apart."""
    columns: dict[tuple[str, str], str] = {}
    cells: dict[tuple[str, str, str], Any] = {}
    for report in reports:
        for kind, value in _kinds(report):
            code = report.indicator.code
            columns[code, kind] = f"{code} {report.indicator.names['zh']}{f'：{kind}' if kind else ''}"
            # an office formats a share as a percentage; the number under the format is 0.843
            percent = report.indicator.unit == "percent"
            cells[report.code, code, kind] = (round(value / 100, 4), "percent") if percent else value
    rows: list[list[Any]] = [["社区", *columns.values()]]
    rows += [[p.name, *(cells[p.code, code, kind] for code, kind in columns)] for p in PLACES]
    return rows, len(cells)
