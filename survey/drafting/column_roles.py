"""What a column is where it is no question: who, where, when, by whom; recognised by the words over it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from survey.files.own_workbooks import header_key
from survey.form.header_words import ALIASES, CALLS, COMMUNITY, MODE, YEAR

_WORDS: Mapping[str, tuple[str, ...]] = {
    "community": COMMUNITY,
    "sub_district": ("街道", "所属街道", "所在街道", "街镇", "sub-district", "sub_district"),
    "year": YEAR,
    "respondent": ("编号", *CALLS["respondent"], *ALIASES["respondent"]),
    "household": ("户号", "户编号", "家庭编号", "household"),
    "interviewer": CALLS["interviewer"],
    "weight": ("权重", "权数", "weight"),
    "stratum": ("层", "抽样层", "stratum"),
    "psu": ("初级抽样单位", "抽样单位", "psu"),
    "sex": (
        "性别",
        "您的性别",
        "您的性别是",
        "sex",
        "gender",
        "your sex",
        "your gender",
        "what is your sex",
        "what is your gender",
    ),
    "age": ("年龄", "您的年龄", "您的周岁年龄", "your age", "what is your age", "how old are you", *ALIASES["age"]),
    "age_band": ("年龄段", "您的年龄段", *ALIASES["age_band"]),
    "mode": MODE,
    "start": ALIASES["start"],
    "end": ALIASES["end"],
    "submitted": (*ALIASES["submitted"], "填写日期", "填表日期", "提交时间", "填写时间"),
    "duration": (*ALIASES["duration"], "答题时长(秒)"),
    "phone": (*CALLS["phone"], "您的联系电话", "联系方式", "您的手机号", "您的手机号码"),
}
_ROLE_OF: Mapping[str, str] = {header_key(word): role for role, words in _WORDS.items() for word in words}
#: columns that name a person: contacts, never a question with answers
_PERSONS = frozenset(
    header_key(word)
    for word in (
        *CALLS["person"],
        "您的姓名",
        "称呼",
        "联系人姓名",
        "身份证号",
        "身份证号码",
        "身份证",
        "微信",
        "微信号",
        "qq",
    )
)


def role_of(texts: tuple[str, ...]) -> str:
    """The role that one of the header's texts names, ``""`` for a question."""
    return next((role for text in texts if (role := _ROLE_OF.get(header_key(_spaced(text).rstrip("?：:。 "))))), "")


def _spaced(text: str) -> str:
    """A header that R made of words (``What.is.your.sex.``) as the words."""
    return text if re.search(r"\s", text) else re.sub(r"(?<=[A-Za-z])\.+(?=[A-Za-z]|$)", " ", text)


def names_a_person(texts: tuple[str, ...]) -> bool:
    """Whether a column holds names or numbers of persons, who are not to be asked for by the questionnaire."""
    return any(header_key(text) in _PERSONS for text in texts)
