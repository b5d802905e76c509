"""In which dimension of the default scheme an item may count, guessed by its words; a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from survey.form.default import default_questionnaire
from survey.form.model import Question

#: words that belong to one dimension, beside those of the default items
_WORDS: Mapping[str, tuple[str, ...]] = {
    "autonomy": (
        "居委会",
        "选举",
        "公开",
        "民主",
        "议事",
        "听证",
        "干部",
        "工作人员",
        "公道",
        "公正",
        "公平",
        "参与",
        "意见",
        "业委会",
        "自治",
    ),
    "ecology": (
        "环境",
        "卫生",
        "绿化",
        "垃圾",
        "噪声",
        "噪音",
        "空气",
        "河道",
        "停车",
        "搭建",
        "楼道",
        "清洁",
        "污染",
        "照明",
        "路灯",
        "保洁",
        "物业",
    ),
    "service": (
        "办事",
        "看病",
        "医疗",
        "服务",
        "老人",
        "养老",
        "助老",
        "孩子",
        "托幼",
        "就业",
        "求职",
        "困难",
        "救助",
        "便民",
        "便利",
        "出行",
        "买菜",
        "维修",
    ),
    "culture": (
        "文化",
        "体育",
        "文体",
        "健身",
        "图书",
        "读书",
        "讲座",
        "节庆",
        "活动",
        "教育",
        "学习",
        "青少年",
        "文明",
        "礼貌",
    ),
    "harmony": ("安全", "治安", "邻里", "互助", "纠纷", "调解", "消防", "防盗", "归属", "和谐", "矛盾"),
}
DIMENSIONS = tuple(_WORDS)
#: what a question is not about its subject by
_COMMON = re.compile(r"您|你|对|的|本|社区|小区|方面|满意|程度|情况|怎么样|如何|感到|觉得|认为|是否|吗|？|\?|\W|\d|_")


def _plain(text: str) -> str:
    return _COMMON.sub("", text)


def _pairs(text: str) -> frozenset[str]:
    """Every two characters that follow each other."""
    plain = _plain(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _known() -> dict[str, frozenset[str]]:
    """Dimension → pairs of characters of its default items."""
    found: dict[str, frozenset[str]] = {}
    for item in default_questionnaire().scored:
        found[item.dimension] = found.get(item.dimension, frozenset()) | _pairs(item.label("zh"))
    return found


def guess(texts: Sequence[str]) -> list[str]:
    """The dimension of each item, ``""`` where its words point nowhere or to several alike."""
    known = _known()
    return [_one(text, known) for text in texts]


def _one(text: str, known: Mapping[str, frozenset[str]]) -> str:
    mine = _pairs(text)
    points = {code: 2 * sum(w in text for w in _WORDS[code]) + len(mine & pairs) for code, pairs in known.items()}
    best = max(points, key=points.__getitem__)
    second = max(value for code, value in points.items() if code != best)
    return best if points[best] > second else ""


def overall(item: Question) -> bool:
    """Whether an item asks about everything at once (happiness, life as a whole), which counts in no dimension."""
    return bool(re.search(r"总体|总的|整体|幸福|综合|overall", item.label("zh"), re.I))
