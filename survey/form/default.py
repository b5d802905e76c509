"""The default questionnaire: 25 items of five dimensions, overall questions, screening and background.

Own wording; the scale runs from 1 (very satisfied) to 5 (very dissatisfied), 8 and 9 are no opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.form.header_words import ALIASES
from survey.form.model import Choice, Question, Questionnaire, with_conditions

ELIGIBLE = "${S1} != 'no' and ${S2} != 'no'"
STEM = ("您对本社区以下方面满意吗？", "How satisfied are you with the following in this community?")

_ITEMS: Mapping[str, tuple[str, str, Sequence[tuple[str, str]]]] = {
    "autonomy": ("自治型·民主公平感", "Self-government: fairness", (
        ("居委会选举和民主推选的公正性", "Fairness of committee elections"),
        ("居务、财务公开的及时和清楚", "Timely and clear disclosure of affairs and accounts"),
        ("居民参与社区大事讨论的机会", "Chances to take part in community decisions"),
        ("社区工作人员办事的公道程度", "Fair treatment by community staff"),
        ("您反映的意见得到答复和解决的情况", "Reply to and solution of what you report"),
    )),
    "ecology": ("生态型·环境舒适感", "Ecology: comfort of surroundings", (
        ("楼道、街巷的清洁卫生", "Cleanliness of stairways and lanes"),
        ("绿化和公共休闲空间", "Greenery and places to rest"),
        ("乱搭建、乱停车、乱设摊的治理", "Control of illegal building, parking, stalls"),
        ("垃圾投放、分类和清运", "Waste disposal, sorting and removal"),
        ("空气、河道、噪声状况", "Air, waterways and noise"),
    )),
    "service": ("服务型·生活愉悦感", "Service: ease of life", (
        ("到社区办事的方便程度", "Ease of getting things done at the community office"),
        ("看病、买药和健康服务", "Access to medical and health service"),
        ("对老人、孩子的照料服务", "Care for elderly people and children"),
        ("对困难家庭和求职人员的帮助", "Help to families in need and job seekers"),
        ("买菜、维修、出行等日常便利", "Daily convenience: shopping, repair, getting around"),
    )),
    "culture": ("文化型·精神富有感", "Culture: a rich mind", (
        ("文体活动场地和设施", "Places and equipment for culture and sport"),
        ("社区文化节庆活动", "Community culture and festival events"),
        ("学习、读书、讲座等机会", "Chances to learn, read, attend talks"),
        ("对青少年的教育和活动安排", "Education and activities for young people"),
        ("邻里的文明礼貌风气", "Civil manners among residents"),
    )),
    "harmony": ("和谐型·家园归属感", "Harmony: belonging", (
        ("在社区居住的安全", "Safety of living here"),
        ("邻里之间的来往和互助", "Contact and mutual help among neighbours"),
        ("邻里纠纷的调解处理", "Settling of disputes"),
        ("消防和防盗等安全措施", "Fire and theft precautions"),
        ("作为这个社区一员的归属感受", "Feeling that you belong here"),
    )),
}  # fmt: skip

_LISTS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "yes_no": (("yes", "是", "Yes"), ("no", "否", "No")),
    "probe": (("yes", "有", "Yes"), ("no", "没有", "No")),
    "change": (("better", "好了", "Better"), ("same", "差不多", "About the same"), ("worse", "差了", "Worse")),
    "sex": (("male", "男", "Male"), ("female", "女", "Female")),
    "age_band": (("18-29", "18-29岁", "18-29 years"), ("30-44", "30-44岁", "30-44 years"),
                 ("45-59", "45-59岁", "45-59 years"), ("60-74", "60-74岁", "60-74 years"),
                 ("75+", "75岁及以上", "75 years or more")),
    "residence": (("lt1", "不到1年", "Less than 1 year"), ("1-4", "1-4年", "1-4 years"), ("5-9", "5-9年", "5-9 years"),
                  ("10-19", "10-19年", "10-19 years"), ("20+", "20年及以上", "20 years or more")),
    "household_register": (("here", "本社区", "This community"), ("city", "本市其他", "Elsewhere in this city"),
                           ("elsewhere", "外地", "Elsewhere")),
    "education": (("primary", "小学及以下", "Primary school or less"), ("junior", "初中", "Junior secondary"),
                  ("senior", "高中中专", "Senior secondary or vocational"), ("college", "大专", "Junior college"),
                  ("university", "本科及以上", "University degree")),
    "occupation": (("public", "机关事业", "Government or public institution"), ("company", "企业职工", "Company employee"),
                   ("own", "个体经营", "Own business"), ("freelance", "自由职业", "Freelance"),
                   ("student", "学生", "Student"), ("retired", "离退休", "Retired"),
                   ("none", "无业待业", "Not in work"), ("other", "其他", "Other")),
}  # fmt: skip
#: exact other words for a mode; synonyms of the satisfaction scale are never applied unasked, so it has none
_MODES = (
    ("paper", "纸质问卷", "Paper", ("书面", "纸质")),
    ("web", "网络问卷", "Web", ("网络",)),
    ("phone", "电话访问", "Phone", ("电话",)),
)
_SATISFACTION = (
    ("1", "很满意", "Very satisfied"), ("2", "满意", "Satisfied"), ("3", "一般", "Neither"),
    ("4", "不满意", "Dissatisfied"), ("5", "很不满意", "Very dissatisfied"),
)  # fmt: skip


def _labels(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _hint(zh: str, en: str) -> dict[str, str]:
    return {"hint::中文 (zh)": zh, "hint::English (en)": en}


def _lists() -> dict[str, tuple[Choice, ...]]:
    lists = {name: tuple(Choice(code, _labels(zh, en)) for code, zh, en in rows) for name, rows in _LISTS.items()}
    scale = tuple(Choice(code, _labels(zh, en), level=int(code)) for code, zh, en in _SATISFACTION)
    unknown = Choice("8", _labels("不清楚", "Don't know"), missing="dont_know")
    refused = Choice("9", _labels("拒答", "Refused"), missing="refused")
    modes = tuple(Choice(code, _labels(zh, en), aliases=aliases) for code, zh, en, aliases in _MODES)
    return {"satisfaction": (*scale, unknown, refused), **lists, "mode": modes}


def _group(name: str, zh: str, en: str, rows: Sequence[Question], relevant: str = "") -> Iterator[Question]:
    yield Question(name, "begin_group", _labels(zh, en), relevant=relevant)
    yield from rows
    yield Question("", "end_group")


def default_questionnaire() -> Questionnaire:
    """The default questionnaire, bilingual; community and respondent are required, background is optional."""
    lists = _lists()

    def ask(name: str, kind: str, zh: str, en: str, **more: Any) -> Question:
        head, _, list_name = kind.partition(" ")
        return Question(name, head, _labels(zh, en), list_name=list_name, choices=lists.get(list_name, ()), **more)

    rows = [
        *_meta(),
        *_group("about", "访问情况", "About the interview", _about(ask)),
        *_group("screening", "甄别", "Screening", _screening(ask)),
        *(row for letter, code in zip("ABCDE", _ITEMS, strict=True) for row in _dimension(ask, letter, code)),
        *_group("overall", "总体感受", "Overall", _overall(ask), ELIGIBLE),
        *_group("probes", "访问过程", "The interview itself", _probes(ask), ELIGIBLE),
        *_group("background", "基本情况", "Background", _background(ask)),
    ]
    return Questionnaire(
        rows=with_conditions(rows),
        title="社区居民幸福感调查",
        form_id="xingfu_default",
        settings={"version": "1", "default_language": "中文 (zh)"},
        lists=lists,
    )


def _meta() -> list[Question]:
    """What a form on the web or a call record brings by itself."""
    return [
        Question("start", "start", role="start", aliases=ALIASES["start"]),
        Question("end", "end", role="end", aliases=ALIASES["end"]),
        Question("duration", "hidden", role="duration", aliases=ALIASES["duration"]),
    ]


def _about(ask: Any) -> list[Question]:
    return [
        ask("respondent", "text", "编号", "Respondent number", role="respondent", required=True,
            aliases=ALIASES["respondent"]),
        ask("community", "text", "社区", "Community", role="community", required=True,
            aliases=ALIASES["community"],
            extra=_hint("您居住的社区名称", "Name of the community you live in")),
        ask("year", "integer", "年份", "Year", role="year", minimum=2000.0, maximum=2100.0, aliases=ALIASES["year"]),
        ask("mode", "select_one mode", "调查方式", "Mode of interview", role="mode"),
        ask("interviewer", "text", "访员", "Interviewer", role="interviewer", aliases=ALIASES["interviewer"]),
        ask("submitted", "date", "填写日期", "Date filled in", role="submitted", aliases=ALIASES["submitted"]),
        ask("phone", "text", "联系电话", "Phone number", role="phone", aliases=ALIASES["phone"]),
    ]  # fmt: skip


def _screening(ask: Any) -> list[Question]:
    return [
        ask("S1", "select_one yes_no", "本人18周岁以上", "You are 18 or older"),
        ask("S2", "select_one yes_no", "在本社区居住满半年", "You have lived in this community for half a year"),
    ]


def _dimension(ask: Any, letter: str, code: str) -> Iterator[Question]:
    zh, en, items = _ITEMS[code]
    rows = [
        ask(f"{letter}{number}", "select_one satisfaction", item_zh, item_en, dimension=code)
        for number, (item_zh, item_en) in enumerate(items, start=1)
    ]
    yield from _group(code, f"{zh}：{STEM[0]}", f"{en}. {STEM[1]}", rows, ELIGIBLE)


def _overall(ask: Any) -> list[Question]:
    scale = {"start": 0.0, "end": 10.0, "step": 1.0, "missing_values": {"98": "dont_know", "99": "refused"}}
    return [
        ask("F1", "range", "总的来说，您觉得自己生活幸福吗？", "All in all, how happy are you?", **scale,
            extra=_hint("0 完全不幸福，10 非常幸福", "0 not at all happy, 10 extremely happy")),
        ask("F2", "range", "您对目前的生活满意吗？", "How satisfied are you with your life at present?", **scale,
            extra=_hint("0 完全不满意，10 非常满意", "0 not at all satisfied, 10 completely satisfied")),
        ask("F3", "select_one change", "与一年前相比，社区变得", "Compared with a year ago, the community has become"),
        ask("F4", "text", "最希望社区改进的一件事", "The one thing the community should improve"),
    ]  # fmt: skip


def _probes(ask: Any) -> list[Question]:
    return [
        ask("G1", "select_one probe", "近一个月是否有人告诉您该怎样回答这类调查？",
            "In the last month, has anyone told you how to answer such a survey?"),
        ask("G2", "select_one probe", "回答时是否有他人在旁？", "Was someone else present while you answered?"),
    ]  # fmt: skip


def _background(ask: Any) -> list[Question]:
    return [
        ask("sex", "select_one sex", "性别", "Sex", role="sex"),
        ask("age", "integer", "年龄", "Age in years", role="age", minimum=18.0, maximum=110.0, aliases=ALIASES["age"]),
        ask("age_band", "select_one age_band", "年龄段", "Age group", role="age_band", aliases=ALIASES["age_band"]),
        ask("residence", "select_one residence", "在本社区居住年数", "Years lived in this community"),
        ask("household_register", "select_one household_register", "户籍", "Place of household registration"),
        ask("education", "select_one education", "文化程度", "Education", aliases=("学历", "教育程度")),
        ask("occupation", "select_one occupation", "职业", "Occupation"),
    ]  # fmt: skip
