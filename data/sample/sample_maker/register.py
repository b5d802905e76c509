"""The register workbook: communities, and adults by sex and age for the three years."""

from __future__ import annotations

from .books import workbook
from .street import AGE_BANDS, PLACES, YEARS, population

STREET, DISTRICT = "示例街道", "示例区"
_COLUMNS = ("编号", "社区", "别名", "街道", "区", "成年人口", "基础类型", "创建特色", "英文名", "街道英文名")
#: what the invented places are called in English
ENGLISH = {
    "SL01": "Spring Light",
    "SL02": "Brocade Garden",
    "SL03": "Riverview",
    "SL04": "Osmanthus Lake",
    "SL05": "Green Vine",
    "SL06": "South Pagoda",
    "SL07": "Cypress Lane",
    "SL08": "Cloud Pavilion",
    "SL09": "Great Banyan",
    "SL10": "Stone Bridge",
    "SL11": "West Wharf",
    "SL12": "Willow Camp",
}
STREET_EN = "Sample Sub-district"
#: what else has a name: district, types, features, offices
OTHERS = {
    DISTRICT: "Sample District",
    "商品房型": "commercial housing",
    "混合型": "mixed",
    "单位型": "work-unit housing",
    "老旧小区型": "older housing",
    "村改居型": "former village",
    "邻里互助": "mutual help",
    "绿色家园": "green homes",
    "书香社区": "reading",
    "老旧小区改造": "renewal of older housing",
    "志愿服务": "volunteering",
    "居家养老": "care at home",
    "平安社区": "safety",
    "智慧社区": "digital services",
    "邻里文化": "neighbourhood culture",
    "乡风文明": "village manners",
    "外来人口服务": "services for newcomers",
    "就业帮扶": "help into work",
    "事务办": "Affairs Office",
    "社工办": "Social Work Office",
    "组织办": "Organisation Office",
    "宣传办": "Publicity Office",
    "纪工委": "Discipline Inspection",
    "经济办": "Economy Office",
    "财政办": "Finance Office",
    "劳动社保办": "Labour and Social Security Office",
    "安监办": "Work Safety Office",
    "计生办": "Family Planning Office",
    "城管办": "Urban Management Office",
    "综治办": "Public Security Office",
    "司法所": "Justice Office",
    "文化站": "Culture Station",
    "妇联": "Women's Federation",
    "团工委": "Youth League",
}
_POPULATION = ("社区", "年度", "性别", "年龄段", "人口")


def register_workbook() -> bytes:
    """``register.xlsx`` (docs/files.md, “Register”)."""
    places = [
        [p.code, p.name, "|".join(p.aliases), STREET, DISTRICT, p.adults, p.type, p.feature, ENGLISH[p.code], STREET_EN]
        for p in PLACES
    ]
    people = []
    for place in PLACES:
        for year in YEARS:
            for sex, counts in zip(("男", "女"), population(place, year).tolist(), strict=True):
                people += [[place.name, year, sex, band, n] for band, n in zip(AGE_BANDS, counts, strict=True)]
    return workbook(
        {
            "社区名册": [list(_COLUMNS), *places],
            "人口": [list(_POPULATION), *people],
            "英文名称": [["名称", "英文名称"], *map(list, OTHERS.items())],
        },
        widths={"社区名册": (8, 12, 24, 10, 8, 10, 12, 14, 20, 22), "人口": (12, 8, 6, 8, 8), "英文名称": (22, 34)},
    )
