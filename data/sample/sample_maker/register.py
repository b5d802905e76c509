"""The register workbook: communities, and adults by sex and age for the three years."""

from __future__ import annotations

from .books import workbook
from .street import AGE_BANDS, PLACES, YEARS, population

STREET, DISTRICT = "示例街道", "示例区"
_COLUMNS = ("编号", "社区", "别名", "街道", "区", "成年人口", "基础类型", "创建特色")
_POPULATION = ("社区", "年度", "性别", "年龄段", "人口")


def register_workbook() -> bytes:
    """``register.xlsx`` (docs/files.md, “Register”)."""
    places = [[p.code, p.name, "|".join(p.aliases), STREET, DISTRICT, p.adults, p.type, p.feature] for p in PLACES]
    people = []
    for place in PLACES:
        for year in YEARS:
            for sex, counts in zip(("男", "女"), population(place, year).tolist(), strict=True):
                people += [[place.name, year, sex, band, n] for band, n in zip(AGE_BANDS, counts, strict=True)]
    return workbook(
        {"社区名册": [list(_COLUMNS), *places], "人口": [list(_POPULATION), *people]},
        widths={"社区名册": (8, 12, 24, 10, 8, 10, 12, 14), "人口": (12, 8, 6, 8, 8)},
    )
