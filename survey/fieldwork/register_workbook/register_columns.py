"""The columns of the register workbook and the headers they go by (docs/files.md, “Register”)."""

from __future__ import annotations

from survey.files.own_workbooks import Column

COMMUNITIES = (
    Column("code", ("编号", "社区编号", "代码", "社区代码"), required=True),
    Column("name", ("社区", "社区名称", "名称", "community"), required=True),
    Column("aliases", ("别名", "alias")),
    Column("sub_district", ("街道", "街道办", "镇街", "sub-district", "subdistrict")),
    Column("district", ("区", "区县")),
    Column("adult_population", ("成年人口", "成年人口数", "adults", "adult population")),
    Column("type", ("基础类型", "社区类型", "类型")),
    Column("feature", ("创建特色", "特色")),
    Column("valid_from", ("起", "启用", "valid from")),
    Column("valid_to", ("止", "停用", "valid to")),
    Column("successor", ("并入",)),
    Column("from_year", ("起算年度", "from year")),
    Column("name_en", ("英文名", "英文名称", "社区英文名", "english name")),
    Column("sub_district_en", ("街道英文名", "街道英文名称")),
)
POPULATION = (
    Column("community", ("社区", "社区名称", "编号", "社区编号", "code", "name"), required=True),
    Column("year", ("年度", "年份", "年"), required=True),
    Column("sex", ("性别",)),
    Column("age_band", ("年龄段", "年龄", "age band", "age")),
    Column("population", ("人口", "人口数", "人数"), required=True),
)
