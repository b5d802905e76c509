"""A questionnaire of 61 questions and its export from 问卷星 as offices have it: matrices whose columns carry the stem, the
number of the question in front, scales in brackets, words of their own, columns that nobody asked for."""

from __future__ import annotations

from typing import Any

from survey.form.model import Choice, Question, Questionnaire
from tests.tools.books.office_sheets import PLACES, WORDS, workbook

_SAT = tuple(Choice(str(i), {"zh": word, "en": f"level {i}"}, level=i) for i, word in enumerate(WORDS, 1))
_SEX = (Choice("m", {"zh": "男", "en": "male"}), Choice("f", {"zh": "女", "en": "female"}))
_NEED = tuple(Choice(f"n{i}", {"zh": zh, "en": zh}) for i, zh in enumerate(("看病", "买药", "食堂", "停车"), 1))
STEMS = {"environment": "您对社区以下环境是否满意", "service": "您对社区以下服务是否满意"}
TOPICS = {
    "environment": [
        "绿化",
        "照明",
        "停车",
        "垃圾清运",
        "噪音",
        "空气",
        "水质",
        "道路",
        "排水",
        "公厕",
        "楼道",
        "外墙",
        "健身器材",
        "儿童场地",
        "座椅",
        "宠物",
        "消防",
        "电梯",
        "围墙",
    ],
    "service": [
        "窗口办事",
        "网上办事",
        "助老送餐",
        "家政",
        "托管",
        "医疗",
        "理发",
        "维修",
        "快递",
        "法律咨询",
        "就业",
        "调解",
        "图书",
        "讲座",
        "志愿",
        "家电回收",
        "代办",
        "热线",
        "便民菜店",
    ],
}
_DIMENSION = {"environment": "ecology", "service": "service"}
ALONE = [f"第{i}项综合评价" for i in range(1, 16)]


def big_form() -> Questionnaire:
    """61 questions: who and where, 15 items alone, two matrices of 19, several needs, age, a remark."""
    rows: list[Question] = [
        Question("place", "text", {"zh": "社区", "en": "community"}, role="community"),
        Question("sex", "select_one", {"zh": "性别", "en": "sex"}, "sex", _SEX, role="sex"),
        Question("age", "integer", {"zh": "年龄", "en": "age"}, role="age", minimum=18, maximum=110),
        Question("years", "integer", {"zh": "居住年数", "en": "years here"}, minimum=0, maximum=100),
        *(_item(f"a{i}", text, "culture") for i, text in enumerate(ALONE, 1)),
        *(
            _item(f"{part[0]}{i}", topic, _DIMENSION[part])
            for part, topics in TOPICS.items()
            for i, topic in enumerate(topics, 1)
        ),
        Question("need", "select_multiple", {"zh": "最需要的服务", "en": "needs"}, "need", _NEED),
        Question("floor", "integer", {"zh": "住几楼", "en": "floor"}, minimum=1, maximum=40),
        Question("happy", "range", {"zh": "幸福感打分", "en": "happiness"}, start=0, end=10, step=1),
        Question("remark", "text", {"zh": "意见建议", "en": "remark"}),
    ]
    return Questionnaire(
        rows=tuple(rows), title="六十一题", form_id="big", year=2026, lists={"sat": _SAT, "sex": _SEX, "need": _NEED}
    )


def _item(name: str, zh: str, dimension: str) -> Question:
    return Question(name, "select_one", {"zh": zh, "en": f"item {name}"}, "sat", _SAT, dimension=dimension)


def big_name(*, ordered: bool = False) -> str:
    """The file's name as the platform gives it."""
    return f"118803261_按{'序号' if ordered else '文本'}_六十一题_40_40.xlsx"


def big_export(n: int = 40, *, ordered: bool = False) -> bytes:
    """The export by text, or by order (``ordered``: 1 is the first choice, −3 that it was not asked, a column a choice)."""
    head: list[str] = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    head += ["1、您所在的社区", "2、性别", "3、您的年龄", "4、您在本社区居住年数（年）"]
    head += [f"{5 + i}、{text}（很满意/满意/一般/不满意/很不满意）" for i, text in enumerate(ALONE)]
    for number, (part, stem) in enumerate(STEMS.items(), 20):
        head += [f"{number}、{stem}—{topic}" for topic in TOPICS[part]]
    needs = [c.labels["zh"] for c in _NEED]
    head += (
        [f"22. 最需要的服务({needs[0]})", *(f"22({n})" for n in needs[1:])] if ordered else ["22、最需要的服务(多选)"]
    )
    head += ["23、您住在几楼", "24、幸福感打分", "25、意见建议", "总分"]
    return workbook([head, *(_row(i, ordered) for i in range(n))], "Sheet1")


def _row(i: int, ordered: bool) -> list[Any]:
    def word(k: int) -> Any:
        level = (i * k + k) % 5
        return level + 1 if ordered else WORDS[level]

    row: list[Any] = [i + 1, f"2026/11/{i % 28 + 1} 12:{i % 60:02}:05", f"{90 + i}秒", "微信", "直接访问", "1.2.3.4"]
    row += [PLACES[i % 3], i % 2 + 1 if ordered else "男女"[i % 2], f"{20 + i % 50}岁", f"{i % 30}年"]
    row += [word(k) for k in range(1, len(ALONE) + 2 * 19 + 1)]
    if ordered:
        row += [1, 0, 1, 0] if i % 3 else [-3] * 4
    else:
        row.append("看病┋食堂" if i % 3 else "(跳过)")
    return [*row, f"{i % 20 + 1}楼", f"{i % 11}分", "很好" if i % 4 else "(空)", 100]
