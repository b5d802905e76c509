"""Writes ``somerville_questionnaire.xlsx``: the form that a city's published happiness survey fits.

The survey (Somerville, Massachusetts: 2011, 2013, 2015) is one file in which a question may stand in
differently named columns by year; each such header is an alias of the one question.  Refusals
written as ``R`` and other marks are deliberately no declared missing values: they are dirt to be found.

Run ``python tests/data/make_somerville_questionnaire.py`` to write the workbook again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from survey.form import Choice, Question, Questionnaire
from survey.form.workbook.writing import write_questionnaire

TARGET = Path(__file__).with_name("somerville_questionnaire.xlsx")
RATE = "How.would.you.rate.the.following.."
HOW = "How.satisfied.are.you.with."

#: name, highest value, Chinese, English, headers of the file
NUMBERS = (
    ("happy", 10, "您现在感觉有多幸福？", "How happy do you feel right now?", ("How.happy.do.you.feel.right.now.",)),
    ("life", 10, "您对生活总体上满意吗？", "How satisfied are you with your life in general?",
     (HOW + "your.life.in.general.",)),
    ("somerville", 10, "您对在萨默维尔生活满意吗？", "How satisfied are you with Somerville as a place to live?",
     (HOW + "Somerville.as.a.place.to.live.",)),
    ("similar", 10, "您与认识的人总体上有多相似？", "In general, how similar are you to other people you know?",
     ("In.general..how.similar.are.you.to.other.people.you.know._2011",)),
    ("decide", 10, "做决定时，您更多征求意见还是自己决定？",
     "When making decisions, are you more likely to seek advice or decide for yourself?",
     ("When.making.decisions..are.you.more.likely.to.seek.advice.or.decide.for.yourself._2011.",)),
    ("neighborhood", 10, "您对所住街区满意吗？", "How satisfied are you with your neighborhood?",
     (HOW + "your.neighborhood.",)),
    ("proud", 10, "作为萨默维尔居民您有多自豪？", "How proud are you to be a Somerville resident?",
     ("How.proud.are.you.to.be.a.Somerville.resident._2015",)),
    ("city_information", 5, "市政服务信息的可得性", "The availability of information about city services",
     (RATE + "The.availability.of.information.about.city.services._2015",)),
    ("affordable_housing", 5, "可负担住房的供应", "The availability of affordable housing",
     ("The.availability.of.affordable.housing_2011",)),
    ("housing_cost", 5, "住房费用", "The cost of housing", (RATE + "The.cost.of.housing.",)),
    ("schools", 5, "公立学校的总体质量", "The overall quality of public schools",
     (RATE + "The.overall.quality.of.public.schools.in.your.community._2011",
      RATE + "The.overall.quality.of.public.schools.")),
    ("beauty", 5, "本市的景观或环境", "The beauty or physical setting of Somerville",
     (RATE + "The.beauty.or.physical.setting_2011", RATE + "The.beauty.or.physical.setting.of.Somerville_2013")),
    ("police_effectiveness", 5, "本地警察的工作成效", "The effectiveness of the local police",
     (RATE + "The.effectiveness.of.the.local.police_2011_2013",)),
    ("police_trust", 5, "您对本地警察的信任", "Your trust in the local police",
     (RATE + "Your.trust.in.the.local.police_2015",)),
    ("streets", 5, "街道和人行道的养护", "The maintenance of streets and sidewalks",
     (RATE + "The.maintenance.of.streets..sidewalks..and..squares_2013",
      RATE + "The.maintenance.of.streets.and.sidewalks_2015")),
    ("events", 5, "社区社交活动的多少", "The availability of social community events",
     (RATE + "The.availability.of.social.community.events",)),
    ("safe_at_night", 10, "夜间在附近步行感觉安全吗？", "How safe do you feel walking in your community at night?",
     ("How.safe.do.you.feel.walking.in.your.neighborhood.at.night_2013",
      "How.safe.do.you.feel.walking.in.your.community.at.night._2015")),
    ("neighborhood_beauty", 10, "您对所住街区的景观或环境满意吗？",
     "How satisfied are you with the beauty or physical setting of your neighborhood?",
     (HOW + "the.beauty.or.physical.setting.of.your.neighborhood.",)),
    ("parks", 10, "您对所住街区公园和广场的外观满意吗？",
     "How satisfied are you with the appearance of parks and squares in your neighborhood?",
     (HOW + "the.appearance.of.parks.in.your.neighborhood._2013",
      HOW + "the.appearance.of.parks.and.squares.in.your.neighborhood.")),
)  # fmt: skip

#: list → (code, Chinese, what stands in the file); bands differ by year
LISTS = {
    "yes_no": (("yes", "是", "Yes"), ("no", "否", "No")),
    "sex": (("female", "女", "Female"), ("male", "男", "Male"), ("transgender", "跨性别", "Transgender")),
    "age": (
        *((band, f"{band}岁", band) for band in ("18-21", "22-25", "26-30", "31-40", "41-50", "51-60",
                                                "18-24", "25-34", "35-44", "45-54", "55-64", "65-74")),
        ("61+", "61岁及以上", "61+"), ("75+", "75岁及以上", "75 or older"),
    ),
    "marital": (("single", "未婚", "Single, Never Married"), ("married", "已婚", "Married"),
                ("divorced", "离婚", "Divorced"), ("widowed", "丧偶", "Widowed")),
    "housing": (("rent", "租住", "Rent"), ("own", "自有", "Own"), ("other", "其他", "Other")),
    "lived_here": (
        ("0-5", "0至5年", "0-5 Years"), ("6-11", "6至11年", "6-11 Years"), ("12-17", "12至17年", "12-17 Years"),
        ("18+", "18年及以上", "18+"), ("lt1", "不到1年", "Less than a year"), ("1-3", "1至3年", "1-3 years"),
        ("4-7", "4至7年", "4-7 years"), ("8-10", "8至10年", "8-10 years"), ("11-15", "11至15年", "11-15 years"),
        ("16-20", "16至20年", "16-20 years"), ("21+", "21年及以上", "21 years or more"),
    ),
    "income": (
        ("lt10", "1万美元以下", "Less than $10,000"),
        *((f"{n}-{n + 9}", f"{n}至{n + 9}千美元", f"{n},000 - ${n + 9},999") for n in range(10, 100, 10)),
        ("100+", "10万美元及以上", "100,000 and up"),
        ("10-24", "10至24千美元", "$10,000 to $24,999"), ("25-49", "25至49千美元", "$25,000 to $49,999"),
        ("50-74", "50至74千美元", "$50,000 to $74,999"), ("75-99", "75至99千美元", "$75,000 to $99,999"),
        ("100-149", "100至149千美元", "$100,000 to $149,999"), ("150+", "15万美元及以上", "$150,000 or more"),
    ),
}  # fmt: skip

#: name, type, Chinese, English, headers of the file
BACKGROUND = (
    ("sex", "select_one sex", "性别", "Sex", ("What.is.your.sex.", "What.is.your.gender._2011")),
    ("age", "select_one age", "年龄", "Age", ("Age.",)),
    ("marital", "select_one marital", "婚姻状况", "Marital status", ("Marital.status._2011",)),
    ("language", "text", "在家除英语外说什么语言？", "What language, other than English, do you speak at home?",
     ("What.language..other.than.English..do.you.speak.at.home._2015",)),
    ("race", "text", "种族或族裔", "Race or ethnicity",
     ("What.is.your.race_2011_2013", "What.is.your.race.or.ethnicity._2015")),
    ("hispanic", "select_one yes_no", "是否西班牙语裔或拉丁裔", "Are you of Hispanic, Latino, or Spanish origin?",
     ("Are.you.of.Hispanic..Latino..or.Spanish.origin._2013",)),
    ("children", "select_one yes_no", "是否有18岁及以下子女同住",
     "Do you have children age 18 or younger who live with you?",
     ("Do.you.have.children.age.18.or.younger.who.live.with.you.",)),
    ("housing", "select_one housing", "住房情况", "Your housing status in Somerville",
     ("Describe.your.housing.status.in.Somerville.",)),
    ("move_away", "select_one yes_no", "两年内是否打算搬离",
     "Do you plan to move away from Somerville in the next two years?",
     ("Do.you.plan.to.move.away.from.Somerville.in.the.next.two.years.",)),
    ("lived_here", "select_one lived_here", "居住年数", "How long have you lived here?",
     ("How.long.have.you.lived.here.",)),
    ("income", "select_one income", "家庭年收入", "Annual household income", ("What.is.your.annual.household.income.",)),
    ("area", "text", "住在哪个街区", "What neighborhood do you live in?", ("What.neighborhood.do.you.live.in.",)),
    ("student", "select_one yes_no", "是否学生", "Are you a student?", ("Are.you.a.student.",)),
)  # fmt: skip


def questionnaire() -> Questionnaire:
    """The questionnaire of all three years; nothing in it is scored."""
    lists = {
        name: tuple(Choice(code, {"zh": zh, "en": en}) for code, zh, en in choices) for name, choices in LISTS.items()
    }

    def ask(name: str, kind: str, zh: str, en: str, aliases: tuple[str, ...] = (), **more: Any) -> Question:
        head, _, list_name = kind.partition(" ")
        return Question(name, head, {"zh": zh, "en": en}, list_name=list_name, choices=lists.get(list_name, ()),
                        aliases=aliases, **more)  # fmt: skip

    keys = (
        ask("combined_id", "text", "编号", "Respondent number", ("Combined_ID",), role="respondent"),
        ask("year", "integer", "年份", "Year", role="year", minimum=2011.0, maximum=2015.0),
        ask("ward", "text", "选区", "Ward", role="community"),
        ask("precinct", "integer", "投票区", "Precinct", minimum=1.0, maximum=3.0),
    )
    numbers = (
        ask(name, "decimal", zh, en, headers, minimum=1.0, maximum=float(top)) for name, top, zh, en, headers in NUMBERS
    )
    background = (ask(*row) for row in BACKGROUND)
    return Questionnaire(
        rows=(*keys, *numbers, *background),
        title="萨默维尔市幸福调查 Somerville happiness survey",
        form_id="somerville_happiness",
        blank=("NA",),
        sampling="overall",
        settings={"default_language": "English (en)"},
        lists=lists,
    )


if __name__ == "__main__":
    TARGET.write_bytes(write_questionnaire(questionnaire()))
