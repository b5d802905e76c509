"""The sheets and columns of a scheme workbook (docs/files.md, “Scheme”), shared by reading and writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.files.own_workbooks import Column

#: keys of the settings sheet, in the order they are written
SETTINGS = (
    "code",
    "name_zh",
    "name_en",
    "first_year",
    "preset",
    "min_responses",
    "complete_share",
    "partial_share",
    "weighting",
    "illustrative",
    "margins",
    "cell_min",
    "trim",
    "lonely_psu",
    "full_marks",
)
WEIGHTINGS = ("none", "poststratify", "rake")
#: margins that the population sheet of the register knows
REGISTER_MARGINS = ("sex", "age_band")
LONELY_PSU = ("unknown", "certainty", "average", "adjust")
#: key of the settings sheet of a draft: whether a person has looked at all of it
REVIEWED = "reviewed"
#: the founding document's total; a settings key of this name overrides it
FULL_MARKS = 1000.0


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its two names, its columns, whether a scheme can do without it."""

    name: str
    name_zh: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def title(self) -> str:
        """The sheet name that is written: ``stars 星级``."""
        return f"{self.name} {self.name_zh}"


def _columns(*specs: str) -> tuple[Column, ...]:
    """``key! 中文 其他叫法``: a ``!`` marks a column that must be there."""
    words = [spec.split() for spec in specs]
    return tuple(Column(key.rstrip("!"), tuple(names), key.endswith("!")) for key, *names in words)


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table("scheme", "设置", _columns("key! 项目 键", "value! 内容 值", "note 说明"), required=True),
        Table("presets", "赋分", _columns("name! 名称", "levels 级数", "scores! 分值", "source 来自")),
        Table(
            "dimensions",
            "类型",
            _columns(
                "code! 编号 代码",
                "name_zh! 名称 中文名称",
                "name_en 英文名称",
                "objective_points! 客观分值 客观分",
                "subjective_points! 主观分值 主观分",
                "lead_office 牵头科室",
                "responsible_offices 责任科室",
                "points_now 指标合计",
                "points_left 还差",
                "source 来自",
                "check 请核对",
            ),
            required=True,
        ),
        Table(
            "indicators",
            "指标",
            _columns(
                "code! 编号 代码",
                "parent 上级 上级指标",
                "dimension! 类型",
                "name_zh! 名称 中文名称 指标名称",
                "name_en 英文名称",
                "points! 分值 满分",
                "rule! 规则 评分规则",
                "parameters! 参数",
                "unit 单位",
                "methods 测评方法 方法",
                "office 责任科室 科室",
                "text_zh 测评内容与评分办法 测评内容",
                "text_en 英文说明",
                "scoring_zh 评分办法",
                "scoring_en 评分办法英文",
                "level_1 一级指标 一级",
                "level_2 二级指标 二级",
                "level_3 三级指标 三级",
                "check_dimension 类型核对",
                "check_points 已有分值",
                "check_full 应为",
                "check_left 还差",
                "row_dimension 行类型",
                "source 来自",
                "reading 读作",
                "check 请核对",
            ),
            required=True,
        ),
        Table(
            "stars",
            "星级",
            _columns("star! 星级", "minimum! 最低分 分数线", "decided_by! 评定机关", "source 来自"),
            required=True,
        ),
        Table(
            "awards",
            "奖励",
            _columns("star! 星级", "amount! 金额 奖励金额 金额（元）", "payers! 承担 经费承担", "source 来自"),
        ),
        Table(
            "vetoes",
            "一票否决",
            _columns(
                "code! 编号 代码",
                "name_zh! 名称 中文名称",
                "name_en 英文名称",
                "window_months 追溯月数",
                "active 启用",
                "source 来自",
            ),
        ),
        Table("targets", "目标", _columns("star! 星级", "share! 比例", "due_year! 完成年份 年份", "source 来自")),
        Table("community_targets", "拟创目标", _columns("community! 社区", "year! 年份", "star! 星级 拟创星级")),
        Table("pilots", "试点", _columns("community! 社区", "dimension! 类型")),
        Table(
            "margins",
            "加权边际",
            _columns("margin! 变量", "category! 类别", "population! 人口", "community 社区", "year 年份 年度"),
        ),
        Table(
            "phases",
            "阶段",
            _columns("name! 名称", "name_en 英文名称", "from! 起 起始年", "to! 止 结束年", "source 来自"),
        ),
    )
}
HELP = Table("help", "说明", ())
LISTS = Table("lists", "选项", ())
#: columns of ``indicators`` that a table with names by level may leave out, because they follow from it
BY_LEVEL = ("code", "dimension", "name_zh", "rule", "parameters")
LEVELS = ("level_1", "level_2", "level_3")
#: columns that only help whoever types (live sums); they are never read
LIVE = ("points_now", "points_left", "check_dimension", "check_points", "check_full", "check_left", "row_dimension")
#: columns of a draft that say where a row came from, how it was read and what is open; never read as part of a scheme
DRAFTED = ("source", "reading", "check")
