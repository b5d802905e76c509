"""The second street's answers: paper in 2013; in 2014 a web form with quotas, and a telephone list with all its calls."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from survey.form.model import Questionnaire

from .answer_files import AnswerFile, Row, in_order, table
from .books import workbook
from .chance import pick, stream
from .dirt import Expected
from .opinions import ITEMS, answers, person_effect
from .people import people
from .responses import PHONE_PREFIX, interviewers, overall, setting, times
from .second_street import RESPONSES, places, plan
from .street import Place

FILES = (
    AnswerFile("演示_书面问卷_2013.xlsx", 2013, "paper", "label", "label", interviewers="R"),
    AnswerFile("演示_网络问卷_2014.xlsx", 2014, "web", "label", "label", interviewers="W"),
    AnswerFile("演示_电话问卷_2014.xlsx", 2014, "phone", "code", "code", interviewers="P"),
)
#: calls to people who were not interviewed, for each interview; what the last of them came to, and how often
_CALLS_EACH = 1.6
_OUTCOMES = ("无人接听", "占线", "关机", "拒访", "家人拒绝", "约访", "空号", "非本社区居民", "语言障碍")
_SHARES = (30, 7, 12, 17, 5, 8, 12, 6, 3)
_AGAIN = {"无人接听", "占线", "关机", "约访"}
_LATEST = 3


def answer_workbooks(form: Questionnaire) -> tuple[dict[str, bytes], dict[str, dict[str, int]]]:
    """File name → content, and what the intake must make of each."""
    made, expected = {}, {}
    for file in FILES:
        frame = in_order(file, _responses(file.year))
        rows = table(file, frame, form)
        if file.mode == "phone":
            rows = _with_calls(file, rows, frame)
        days = {i for i, header in enumerate(rows[0]) if "日期" in header or "时间" in header}
        cells = [[(v, "time") if i in days and v else v for i, v in enumerate(row)] for row in rows[1:]]
        made[file.name] = workbook({"数据": [rows[0], *cells]}, widths={"数据": (14, 12, 8, 11)})
        expected[file.name] = asdict(Expected(len(rows) - 1, len(frame), 0, 0, 0))
        if file.mode == "phone":
            attempts = [header for header in rows[0] if header.startswith("第")]
            calls = sum(row[rows[0].index(header)] is not None for row in rows[1:] for header in attempts)
            expected[file.name] |= {"outcomes": len(rows) - 1 - len(frame), "calls": calls}
    return made, expected


def _responses(year: int) -> pd.DataFrame:
    """Every interview of a year; web answers come as paper ones do, each by itself."""
    found = [_of_place(place, position, year) for position, place in enumerate(places(year))]
    return pd.concat(found, ignore_index=True)


def _of_place(place: Place, position: int, year: int) -> pd.DataFrame:
    parts = [_interviews(place, position, year, mode) for mode in RESPONSES[year]]
    frame = pd.concat(parts, ignore_index=True)
    person = frame.pop("person").to_numpy()
    levels = answers(place, year, frame, person, plan(place.code, year)[1])
    frame[list(ITEMS)] = levels
    overall(frame, place, year, person, levels)
    setting(frame, place, year)
    frame["mode"] = frame.pop("asked_by")
    return frame


def _interviews(place: Place, position: int, year: int, mode: str) -> pd.DataFrame:
    random = stream("interviews", place.code, year, mode)
    like = "phone" if mode == "phone" else "paper"
    states = ["complete"] * RESPONSES[year][mode][position]
    frame = people(place, year, like, len(states))
    frame["interviewer"] = interviewers(random, position, like, len(states))
    frame["person"] = person_effect(place, year, like, frame, frame["interviewer"].to_numpy())
    frame.insert(0, "state", states)
    frame.insert(0, "mode", like)
    frame.insert(0, "asked_by", mode)
    frame.insert(0, "year", year)
    frame.insert(0, "code", place.code)
    frame = times(random, frame, position, year, like)
    letter = {"paper": "Y", "web": "W", "phone": "T"}[mode]
    frame["respondent"] = [f"{letter}{year % 100}-{place.code[2:]}-{i + 1:03d}" for i in range(len(states))]
    serials = random.permutation(10_000)[: len(states)]
    frame["phone"] = [f"{PHONE_PREFIX}{s:04d}" if mode == "phone" else "" for s in serials]
    return frame


def _with_calls(file: AnswerFile, rows: list[Row], frame: pd.DataFrame) -> list[Row]:
    """The same list as a call centre keeps it: up to three calls side by side, and everybody who was not interviewed."""
    random = stream("calls", file.name)
    header = [*rows[0], *(f"第{n}次结果" for n in range(1, _LATEST + 1)), "最终结果"]
    listed = [[*row, *_attempts(random, "完成")] for row in rows[1:]]
    at = {name: rows[0].index(name) for name in ("编号", "社区", "年度", "访员", "联系电话", "调查日期", "开始时间")}
    people_asked = rows[1:]
    n = round(_CALLS_EACH * len(frame))
    for number, chosen in enumerate(pick(random, n, [1.0] * len(people_asked))):
        like = people_asked[chosen]
        row: Row = [None] * len(rows[0])
        for place in at.values():
            row[place] = like[place]
        row[at["编号"]] = f"N{file.year % 100}-{number + 1:04d}"
        row[at["联系电话"]] = f"{PHONE_PREFIX}{int(random.randint(0, 10_000)):04d}"
        moment: datetime = like[at["开始时间"]] + timedelta(minutes=int(random.randint(20, 600)))
        row[at["开始时间"]] = moment
        outcome = _OUTCOMES[int(pick(random, 1, _SHARES)[0])]
        listed.append([*row, *_attempts(random, outcome)])
    order = np.argsort([str(row[at["开始时间"]]) for row in listed], kind="stable")
    return [header, *(listed[i] for i in order)]


def _attempts(random: np.random.RandomState, last: str) -> list[Any]:
    """第1次 … 第3次 and the final outcome; who could not be reached is called again."""
    earlier = int(random.randint(0, _LATEST)) if last in _AGAIN or last == "完成" else 0
    reached = ["无人接听", "占线"]
    calls = [reached[int(random.randint(0, 2))] for _ in range(earlier)] + [last]
    return [*calls, *[None] * (_LATEST - len(calls)), last]


def scored() -> dict[str, dict[str, int]]:
    """Scored responses by year and community, for ``EXPECTED.json``."""
    found: dict[str, dict[str, int]] = {}
    for year, modes in RESPONSES.items():
        for position, place in enumerate(places(year)):
            found.setdefault(str(year), {})[place.code] = sum(numbers[position] for numbers in modes.values())
    return found
