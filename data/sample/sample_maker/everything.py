"""All files of the sample with what the intake must make of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd

from analysis.scheme.default import default_scheme
from survey.form.default import default_questionnaire

from .annexes import scheme_workbook
from .answer_files import FILES, Row, in_order, table
from .books import csv_bytes, workbook
from .cycle_files import cycle_workbooks
from .dirt import soil
from .indicator_files import NAMES, indicator_workbook
from .indicators import reported
from .outlines import NAME as MAP
from .outlines import map_file
from .register import register_workbook
from .responses import PHONE_PREFIX, all_responses
from .second_answers import answer_workbooks, scored
from .second_year import places_expected, year_workbooks
from .street import PLACES, YEARS
from .task_files import task_workbook

#: told the name of each file as it is made
Say = Callable[[str], None]


def files(say: Say = lambda _: None) -> dict[str, bytes]:
    """File name → content, with ``EXPECTED.json`` after the first street's and ``EXPECTED_2.json`` after the second's."""
    form, responses = default_questionnaire(), all_responses()
    made: dict[str, bytes] = {"register.xlsx": register_workbook(), "scheme.xlsx": scheme_workbook()}
    expected: dict[str, Any] = {}
    for file in FILES:
        frame = in_order(file, responses[file.year])
        rows, counts = soil(file, table(file, frame, form), frame, form)
        made[file.name] = _paper(rows) if file.mode == "paper" else _phone(rows)
        expected[file.name] = asdict(counts)
        say(file.name)
    values = reported(default_scheme())
    indicators = {}
    for year in YEARS:
        made[NAMES[year]], indicators[NAMES[year]] = indicator_workbook(year, values)
        say(NAMES[year])
    made |= cycle_workbooks()
    made |= task_workbook()
    made["EXPECTED.json"] = _expected(responses, expected, indicators)
    return made | _second()


def _second() -> dict[str, bytes]:
    """The files of the second street, with ``EXPECTED_2.json`` last."""
    made, values = year_workbooks()
    books, answers = answer_workbooks(default_questionnaire())
    content = {
        "register": places_expected(),
        "answers": answers,
        "indicator_values": values,
        "scored_responses": scored(),
    }
    return (
        made
        | books
        | {MAP: map_file()}
        | {"EXPECTED_2.json": (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()}
    )


def _expected(responses: dict[int, pd.DataFrame], answers: dict[str, Any], indicators: dict[str, int]) -> bytes:
    scored = {
        str(year): {
            code: int(n)
            for code, n in frame[frame["state"].isin(("complete", "partial"))].groupby("code").size().items()
        }
        for year, frame in responses.items()
    }
    states = {str(year): frame["state"].value_counts().sort_index().to_dict() for year, frame in responses.items()}
    content = {
        "register": {"communities": len(PLACES), "population_rows": len(PLACES) * len(YEARS) * 10},
        "answers": answers,
        "indicator_values": indicators,
        "scored_responses": scored,
        "states": states,
        "phone_prefix": PHONE_PREFIX,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _paper(rows: list[Row]) -> bytes:
    header = rows[0]
    days = {i for i, h in enumerate(header) if "日期" in h}
    cells = [[(v, "date") if i in days and v else v for i, v in enumerate(row)] for row in rows[1:]]
    return workbook({"数据": [header, *cells]}, widths={"数据": (14, 12, 8, 11)})


def _phone(rows: list[Row]) -> bytes:
    return csv_bytes([[_text(v) for v in row] for row in rows], "gb18030")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        day = f"{value.year}/{value.month}/{value.day}"
        return day if value.time() == datetime.min.time() else f"{day} {value:%H:%M:%S}"
    return str(value)
