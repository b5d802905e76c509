"""The second street's register, indicator values, and its workbooks of the two years: applications to payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from analysis.scheme.default import default_scheme

from .books import workbook
from .indicator_files import long_rows
from .indicators import reported_of
from .register import DISTRICT
from .second_street import (
    BEFORE_MERGER,
    ENDED,
    LAST_YEAR,
    PLACES,
    STREET,
    SUCCESSOR,
    YEARS,
    places,
    plan,
)
from .street import AGE_BANDS, Place, population

_NAMES = {place.code: place.name for place in PLACES}
_REGISTER = (
    *("编号", "社区", "别名", "街道", "区", "成年人口", "基础类型", "创建特色"),
    *("启用", "停用", "并入", "起算年度"),
    *("英文名", "街道英文名"),
)
_ENGLISH = {
    "YS01": "Paper Boat",
    "YS02": "Cotton Cloud",
    "YS03": "Tangerine Lantern",
    "YS04": "Firefly Window",
    "YS05": "Inkstone Snow",
    "YS06": "Clay Flute",
    "YS07": "Hourglass",
    "YS08": "Ink Whale",
}
#: the star applied for
_APPLIED: Mapping[int, Mapping[str, int]] = {
    2013: {"YS01": 5, "YS02": 3, "YS03": 4, "YS04": 3, "YS05": 3, "YS06": 2, "YS07": 1, "YS08": 3},
    2014: {"YS01": 5, "YS02": 4, "YS04": 4},
}
#: what was decided: (community, body, total, day of December)
_DECIDED: Mapping[int, Sequence[tuple[str, str, float, int]]] = {
    2013: (
        ("YS01", "区", 906.5, 5),
        ("YS02", "区", 788.0, 5),
        ("YS03", "区", 818.0, 5),
        ("YS04", "区", 761.5, 5),
        ("YS05", "区", 757.0, 5),
        ("YS06", "区", 706.0, 5),
        ("YS07", "区", 669.5, 5),
        ("YS08", "区", 754.0, 5),
        ("YS01", "市", 903.5, 18),
        ("YS03", "市", 812.0, 18),
    ),
    2014: (
        ("YS01", "区", 914.0, 4),
        ("YS02", "区", 812.5, 4),
        ("YS03", "区", 771.0, 4),
        ("YS06", "区", 634.0, 4),
        ("YS01", "市", 911.0, 19),
        ("YS02", "市", 809.0, 19),
    ),
}
_NAMED: Mapping[int, Mapping[str, int]] = {
    2013: {"YS01": 5, "YS02": 3, "YS03": 4, "YS04": 3, "YS05": 3, "YS06": 2, "YS07": 1, "YS08": 3},
    2014: {"YS01": 5, "YS02": 4, "YS03": 3, "YS04": 4, "YS06": 0},
}
#: what was paid of the titles of 2013 before that year was corrected: community → payer → 万元; the street is still to pay one
_PAID: Mapping[str, Mapping[str, float]] = {
    "YS01": {"市": 25, "区": 25},
    "YS02": {"区": 7.5, "街道": 7.5},
    "YS03": {"市": 15, "区": 15},
    "YS04": {"区": 7.5, "街道": 7.5},
    "YS05": {"区": 7.5, "街道": 7.5},
    "YS06": {"区": 5, "街道": 5},
    "YS07": {"区": 2.5},
    "YS08": {"区": 7.5, "街道": 7.5},
}


def year_workbooks() -> tuple[dict[str, bytes], dict[str, int]]:
    """File name → content, and how many values each workbook of indicators holds."""
    made: dict[str, bytes] = {"演示_名册.xlsx": _register()}
    values, scheme = {}, default_scheme()
    for year in YEARS:
        plans = {place.code: plan(place.code, year)[0] for place in places(year)}
        reports = [one for code, points in plans.items() for one in reported_of(scheme, code, year, points, points)]
        rows, n = long_rows(reports, PLACES)
        made[f"演示_客观指标_{year}.xlsx"] = workbook({"客观指标": rows})
        values[f"演示_客观指标_{year}.xlsx"] = n
        for name, rows in (
            ("申报表", _applications(year)),
            ("评定结果", _decisions(year)),
            ("命名结果", _titles(year)),
        ):
            made[f"演示_{name}_{year}.xlsx"] = workbook({name: rows}, widths={name: (12, 12, 14, 28, 12)})
    made["演示_拨付台账_2013.xlsx"] = workbook({"拨付台账": _payments()}, widths={"拨付台账": (8, 12, 8, 12, 18, 12)})
    made["演示_应收份数_2014.xlsx"] = workbook({"应收份数": _wanted()}, widths={"应收份数": (12, 8, 10, 8)})
    return made, values


def _of_year(place: Place, year: int) -> Place:
    """A community with the adults that it has in a year."""
    return replace(place, adults=BEFORE_MERGER) if place.code == SUCCESSOR and year <= LAST_YEAR else place


def _register() -> bytes:
    rows: list[list[Any]] = [list(_REGISTER)]
    for place in PLACES:
        for year in YEARS if place.code == SUCCESSOR else YEARS[:1]:
            adults = _of_year(place, year).adults
            row = [place.code, place.name, "|".join(place.aliases), STREET, DISTRICT, adults, place.type, place.feature]
            ended = place.code == ENDED
            row += [YEARS[0], LAST_YEAR if ended else None, SUCCESSOR if ended else None, year]
            rows.append([*row, _ENGLISH[place.code], "Demo Sub-district"])
    people = []
    for place in PLACES:
        for year in YEARS:
            if place.code == ENDED and year > LAST_YEAR:
                continue
            counts = population(_of_year(place, year), year).tolist()
            for sex, numbers in zip(("男", "女"), counts, strict=True):
                people += [[place.name, year, sex, band, n] for band, n in zip(AGE_BANDS, numbers, strict=True)]
    return workbook(
        {"社区名册": rows, "人口": [["社区", "年度", "性别", "年龄段", "人口"], *people]},
        widths={"社区名册": (8, 12, 14, 10, 8, 10, 12, 14), "人口": (12, 8, 6, 8, 8)},
    )


def _applications(year: int) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "拟创星级", "申报日期", "附件"]]
    for position, (code, star) in enumerate(_APPLIED[year].items()):
        papers = f"演示申报材料 {year}-{code[2:]}"
        rows.append([_NAMES[code], f"{'一二三四五'[star - 1]}星", (date(year, 3, 5 + position), "date"), papers])
    return rows


def _decisions(year: int) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "评定机关", "总分", "文号", "评定日期"]]
    for code, body, total, day in _DECIDED[year]:
        letter = f"示例{body}文明委〔{year}〕{'15' if body == '区' else '34'}号"
        rows.append([_NAMES[code], body, total, letter, (date(year, 12, day), "date")])
    return rows


def _titles(year: int) -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "星级", "文号", "命名日期"]]
    for code, star in _NAMED[year].items():
        letter = f"示例{'市委' if star >= 4 else '区委'}〔{year}〕{'59' if star >= 4 else '45'}号"
        rows.append([_NAMES[code], star, letter, (date(year, 12, 29), "date")])
    return rows


def _payments() -> list[list[Any]]:
    rows: list[list[Any]] = [["年度", "社区", "承担方", "金额", "凭证号", "日期", "说明"]]
    for code, shares in _PAID.items():
        for payer, amount in shares.items():
            voucher = f"演示凭证 14-{code[2:]}-{payer}"
            rows.append([2013, _NAMES[code], payer, amount * 10_000, voucher, (date(2014, 1, 20), "date"), None])
    return rows


def _wanted() -> list[list[Any]]:
    rows: list[list[Any]] = [["社区", "年度", "调查方式", "应收份数"]]
    for place in places(2014):
        rows += [[place.name, 2014, "网络", 45], [place.name, 2014, "电话", 30], [place.name, 2014, None, 75]]
    return rows


def places_expected() -> dict[str, int]:
    """What the register must hold, for ``EXPECTED.json``."""
    years = sum(len(YEARS) - (place.code == ENDED) for place in PLACES)
    return {"communities": len(PLACES), "population_rows": years * 10}
