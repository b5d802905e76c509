"""The files of answers: what a street office and a call centre hand in, one a year and mode, each its own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import pandas as pd

from survey.form.model import Questionnaire

from .opinions import ITEMS
from .second_street import PLACES as SECOND
from .street import PLACES

Style = Literal["label", "code", "text", "number", "date", "time", "phone"]
Row = list[Any]

#: question → column of the responses' frame
_SOURCES = {
    "sex": "sex",
    "age": "age",
    "age_band": "band",
    "residence": "residence",
    "household_register": "origin",
    "education": "education",
    "occupation": "occupation",
}
_INTERVIEWERS = {"phone": "F", "paper": "T", "web": "W"}
_BACKGROUND = ("residence", "household_register", "education", "occupation")
_NAMES = {p.code: p.name for p in (*PLACES, *SECOND)}


@dataclass(frozen=True)
class AnswerFile:
    """How one file is laid out.  ``headers`` and ``values``: the question's Chinese label or its code."""

    name: str
    year: int
    mode: Literal["paper", "phone", "web"]
    headers: Literal["label", "code"]
    values: Literal["label", "code"]
    community: Literal["name", "code"] = "name"
    year_column: bool = True
    age: bool = True
    #: what the numbers of interviewers begin with, where not as the first street's
    interviewers: str = ""


FILES = (
    AnswerFile("示例_书面问卷_2012.xlsx", 2012, "paper", "label", "label", year_column=False),
    AnswerFile("示例_电话调查_2012.csv", 2012, "phone", "code", "code", year_column=False),
    AnswerFile("示例_书面问卷_2013.xlsx", 2013, "paper", "code", "code", community="code", age=False),
    AnswerFile("示例_电话调查_2013.csv", 2013, "phone", "code", "code", community="code"),
    AnswerFile("示例_书面问卷_2014.xlsx", 2014, "paper", "label", "code"),
    AnswerFile("示例_电话调查_2014.csv", 2014, "phone", "code", "label"),
)


def in_order(file: AnswerFile, frame: pd.DataFrame) -> pd.DataFrame:
    """The responses of this file: paper comes in by community, a call centre's list runs by the clock."""
    part = frame[frame["mode"] == file.mode]
    if file.mode == "phone":
        part = part.sort_values(["start", "respondent"], kind="stable")
    return part.reset_index(drop=True)


def table(file: AnswerFile, frame: pd.DataFrame, form: Questionnaire) -> list[Row]:
    """Header and one row a response, in the order in which they came in; cells are plain values."""
    columns = _columns(file, form)
    cells = [_cells(file, style, question, frame, form) for _, question, style in columns]
    return [[header for header, _, _ in columns], *map(list, zip(*cells, strict=True))]


def _columns(file: AnswerFile, form: Questionnaire) -> list[tuple[str, str, Style]]:
    """(header, question or column, style) of every column."""

    def head(question: str) -> str:
        return question if file.headers == "code" and question[1:].isdigit() else form.question(question).label("zh")

    phone = file.mode == "phone"
    columns: list[tuple[str, str, Style]] = [("编号" if phone else "问卷编号", "respondent", "text")]
    columns += [("社区", "code", "text")]
    columns += [("年度", "year", "number")] if file.year_column else []
    columns += [] if file.mode == "web" else [("访员" if phone else "调查员", "interviewer", "text")]
    columns += [("联系电话", "phone", "phone")] if phone else []
    columns += [("调查日期", "start", "date")]
    columns += [("开始时间", "start", "time"), ("通话时长(秒)", "duration", "number")] if phone else []
    columns += [(head(q), q, "label") for q in ("S1", "S2")]
    columns += [(head(q), q, file.values) for q in ITEMS]
    columns += [(head("F1"), "F1", "number"), (head("F2"), "F2", "number"), (head("F3"), "F3", "label")]
    columns += [(head("F4"), "F4", "text"), (head("G1"), "G1", "label"), (head("G2"), "G2", "label")]
    columns += [("性别", "sex", "label")]
    columns += [("年龄", "age", "number")] if file.age else []
    columns += [("年龄段", "age_band", "label")]
    return columns + [(head(q), q, "label") for q in _BACKGROUND]


def _cells(file: AnswerFile, style: Style, question: str, frame: pd.DataFrame, form: Questionnaire) -> Row:
    values = frame[_SOURCES.get(question, question)].tolist()
    if question == "code":
        return values if file.community == "code" else [_NAMES[v] for v in values]
    if question == "interviewer":
        return [f"{file.interviewers or _INTERVIEWERS[file.mode]}{v:02d}" for v in values]
    if style in ("date", "time"):
        return [_moment(v, style) for v in values]
    if style == "number":
        dont_know = 98 if file.mode == "phone" else None  # the call centre codes it, paper leaves it empty
        empty = dont_know if question in ("F1", "F2") else None
        asked = (frame["state"].isin(("complete", "partial"))).tolist()
        return [v if v >= 0 else (empty if a else None) for v, a in zip(values, asked, strict=True)]
    if question in ITEMS:
        labels = {c.name: c.labels["zh"] for c in form.question(question).choices}
        return [None if v == 0 else (labels[str(v)] if style == "label" else v) for v in values]
    if style == "label":
        labels_in_order = [c.labels["zh"] for c in form.question(question).choices]
        if question in ("S1", "S2", "G1", "G2"):  # 1 yes, 0 no in the frame; yes stands first in the list
            values = [1 - v if v >= 0 else -1 for v in values]
        return [None if v < 0 else labels_in_order[v] for v in values]
    return [v or None for v in values]


def _moment(value: datetime, style: Style) -> datetime:
    moment = pd.Timestamp(value).to_pydatetime()
    if style == "date":
        return moment.replace(hour=0, minute=0, second=0)
    return moment - timedelta(microseconds=moment.microsecond)


def column_of(header: Row, form: Questionnaire, question: str) -> int:
    """Where a question stands in the table."""
    named = question if question in header else form.question(question).label("zh")
    return header.index(named)
