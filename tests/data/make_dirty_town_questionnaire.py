"""Writes ``dirty_town_questionnaire.xlsx``: the form of an invented town's survey, ``dirty_town.csv``.

The file has every kind of dirt that a real city's file had: marks for a refusal (``R``, ``r``, ``X``),
a letter O for a zero, a starred and a doubly marked answer (``9*``, ``42``, ``810``), half points, dates
in an answer column, ``NA`` beside empty cells, and one question in differently named columns by year.
``dirty_town_expected.json`` was counted by hand.

Run ``python tests/data/make_dirty_town_questionnaire.py`` to write the workbook again.
"""

from __future__ import annotations

from pathlib import Path

from survey.form import Choice, Question, Questionnaire
from survey.form.workbook.writing import write_questionnaire

TARGET = Path(__file__).with_name("dirty_town_questionnaire.xlsx")

#: name, highest value, Chinese, English, headers of the file
NUMBERS = (
    ("happy", 10.0, "您现在感觉有多幸福？", "How happy do you feel right now?", ("How.happy.do.you.feel.right.now.",)),
    (
        "life",
        10.0,
        "您对生活总体上满意吗？",
        "How satisfied are you with your life in general?",
        ("How.satisfied.are.you.with.your.life.in.general.",),
    ),
    (
        "town",
        10.0,
        "您对在本镇生活满意吗？",
        "How satisfied are you with Saltmarsh as a place to live?",
        ("How.satisfied.are.you.with.Saltmarsh.as.a.place.to.live.",),
    ),
    (
        "schools",
        5.0,
        "公立学校的质量",
        "The quality of public schools",
        (
            "How.would.you.rate..The.public.schools.in.your.quarter._2010",
            "How.would.you.rate..The.public.schools._2012_2014",
        ),
    ),
)
SEX = (("female", "女", "Female"), ("male", "男", "Male"))
AGE = (
    ("18-30", "18-30岁", "18-30"),
    ("31-50", "31-50岁", "31-50"),
    ("51+", "51岁及以上", "51+"),
    ("18-34", "18-34岁", "18-34"),
    ("35-64", "35-64岁", "35-64"),
    ("65+", "65岁及以上", "65 or older"),
)


def questionnaire() -> Questionnaire:
    """The questionnaire of all three years; nothing in it is scored."""
    lists = {
        name: tuple(Choice(code, {"zh": zh, "en": en}) for code, zh, en in rows)
        for name, rows in (("sex", SEX), ("age", AGE))
    }
    numbers = (
        Question(name, "decimal", {"zh": zh, "en": en}, minimum=1.0, maximum=top, aliases=headers)
        for name, top, zh, en, headers in NUMBERS
    )
    rows = (
        Question("record_id", "text", {"zh": "编号", "en": "Record number"}, role="respondent"),
        Question("year", "integer", {"zh": "年份", "en": "Year"}, role="year"),
        Question("quarter", "text", {"zh": "片区", "en": "Quarter"}, role="community"),
        *numbers,
        Question(
            "sex",
            "select_one",
            {"zh": "性别", "en": "Sex"},
            list_name="sex",
            choices=lists["sex"],
            aliases=("Your.sex._2012_2014", "Your.gender._2010"),
        ),
        Question(
            "age", "select_one", {"zh": "年龄", "en": "Age"}, list_name="age", choices=lists["age"], aliases=("Age.",)
        ),
    )
    return Questionnaire(
        rows=rows,
        title="盐沼镇幸福调查 Saltmarsh happiness survey",
        form_id="dirty_town",
        blank=("NA",),
        sampling="overall",
        settings={"default_language": "English (en)"},
        lists=lists,
    )


if __name__ == "__main__":
    TARGET.write_bytes(write_questionnaire(questionnaire()))
