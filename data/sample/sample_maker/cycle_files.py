"""The workbooks of the yearly cycle: who applied, what district and city decided, what was named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from .books import workbook
from .street import PLACES

#: the star applied for, by the last two digits of the community's code; holders who want no more need not apply
APPLIED: Mapping[int, Mapping[str, int]] = {
    2012: {"01": 4, "02": 4, "03": 4, "04": 3, "05": 3, "06": 3, "07": 3, "08": 2},
    2013: {"01": 5, "02": 4, "05": 4, "08": 3, "09": 3, "10": 2, "11": 2, "12": 1},
    2014: {"01": 5, "04": 4, "05": 4, "06": 4, "09": 3, "10": 2, "11": 2, "12": 1},
}
#: the district's own totals, near what the street calculates; from 800 on they are recommendations
DISTRICT: Mapping[int, Mapping[str, float]] = {
    2012: {"01": 876.5, "02": 834.5, "03": 845.0, "04": 771.5, "05": 778.0, "06": 754.5, "07": 775.0, "08": 741.0},
    2013: {
        "01": 896.0,
        "02": 860.0,
        "03": 866.0,
        "04": 782.0,
        "05": 805.5,
        "06": 783.5,
        "07": 793.5,
        "08": 759.0,
        "09": 753.5,
        "10": 705.5,
        "11": 702.0,
        "12": 637.5,
    },
}
#: the city's own totals; below 800 it does not confirm
CITY: Mapping[int, Mapping[str, float]] = {
    2012: {"01": 868.0, "02": 789.5, "03": 841.0},
    2013: {"01": 889.5, "02": 851.5, "03": 862.0, "05": 792.0},
}
#: stars that came of it; 2013 柳营 stays below the first threshold and is named nothing
NAMED: Mapping[int, Mapping[str, int]] = {
    2012: {"01": 4, "02": 3, "03": 4, "04": 3, "05": 3, "06": 3, "07": 3, "08": 2},
    2013: {"01": 4, "02": 4, "03": 4, "04": 3, "05": 3, "06": 3, "07": 3, "08": 3, "09": 3, "10": 2, "11": 2},
}


def cycle_workbooks() -> dict[str, bytes]:
    """File name → content: applications of three years, decisions and titles of the two that are over."""
    made = {}
    for year, stars in APPLIED.items():
        made[f"示例_申报表_{year}.xlsx"] = workbook(
            {"申报表": _applications(year, stars)}, widths={"申报表": (12, 10, 12, 30)}
        )
        if year in DISTRICT:
            made[f"示例_评定结果_{year}.xlsx"] = workbook(
                {"评定结果": _decisions(year)}, widths={"评定结果": (12, 12, 8, 24, 12)}
            )
            made[f"示例_命名结果_{year}.xlsx"] = workbook(
                {"命名结果": _titles(year)}, widths={"命名结果": (12, 8, 28, 12)}
            )
    return made


def _name(number: str) -> str:
    return next(p.name for p in PLACES if p.code == f"SL{number}")


def _applications(year: int, stars: Mapping[str, int]) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "拟创星级", "申报日期", "附件"]]
    for place, (number, star) in enumerate(stars.items()):
        rows.append(
            [
                _name(number),
                "一二三四五"[star - 1] + "星",
                (date(year, 3, 4 + place), "date"),
                f"示例申报材料 {year}-{number}",
            ]
        )
    return rows


def _decisions(year: int) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "评定机关", "总分", "文号", "评定日期"]]
    for body, totals, day in (("区", DISTRICT[year], date(year, 12, 5)), ("市", CITY[year], date(year, 12, 18))):
        letter = f"示例{body}文明委〔{year}〕{'12' if body == '区' else '31'}号"
        rows += [[_name(number), body, total, letter, (day, "date")] for number, total in totals.items()]
    return rows


def _titles(year: int) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "星级", "文号", "命名日期"]]
    for number, star in NAMED[year].items():
        letter = f"示例{'市委' if star >= 4 else '区委'}〔{year}〕{'58' if star >= 4 else '44'}号"
        rows.append([_name(number), star, letter, (date(year, 12, 28), "date")])
    return rows
