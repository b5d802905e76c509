"""Dirt as real files have it, put in where it can be counted: the intake must find exactly this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey.form.model import Questionnaire

from .answer_files import AnswerFile, Row, column_of
from .chance import stream
from .opinions import ITEMS

#: what stands in a cell of one file by mistake: (question, what is written), each once
INVALID: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "示例_书面问卷_2012.xlsx": (("D2", "满"), ("age", 178)),
    "示例_书面问卷_2013.xlsx": (("C3", 7),),
    "示例_电话调查_2013.csv": (("B3", 7),),
    "示例_书面问卷_2014.xlsx": (("E1", "5分"), ("A4", 7), ("B2", "满"), ("age", 178)),
    "示例_电话调查_2014.csv": (("C5", "满"),),
}
#: rows that stand twice in a file
REPEATED = {
    "示例_书面问卷_2012.xlsx": 2,
    "示例_电话调查_2012.csv": 1,
    "示例_书面问卷_2013.xlsx": 1,
    "示例_书面问卷_2014.xlsx": 3,
    "示例_电话调查_2014.csv": 2,
}
#: a row of a community that is not in the register
STRANGERS = {"示例_书面问卷_2014.xlsx": "湖滨社区", "示例_电话调查_2014.csv": "望江苑"}
#: other spellings that the register's aliases resolve: (community, written so, rows)
SPELLINGS = {
    "示例_书面问卷_2012.xlsx": (("春晖社区", "春晖小区", 3),),
    "示例_书面问卷_2014.xlsx": (("锦园社区", "锦园社区 ", 1), ("大榕社区", "大榕树社区", 2)),
    "示例_电话调查_2014.csv": (("春晖社区", "春晖小区", 2),),
}


@dataclass(frozen=True)
class Expected:
    """What the intake must make of a file: ``rows`` = stored + duplicates + refused_rows."""

    rows: int
    stored: int
    duplicates: int
    refused_rows: int
    refused_cells: int


def soil(file: AnswerFile, rows: list[Row], frame: pd.DataFrame, form: Questionnaire) -> tuple[list[Row], Expected]:
    """The table with its dirt, and what is to be expected of it.  ``rows`` is changed in place."""
    random = stream("dirt", file.name)
    header = rows[0]
    place = header.index("社区")
    complete = frame["state"].eq("complete") & (frame[list(ITEMS)] > 0).all(axis=1) & frame["code"].ne("SL11")
    clean = (random.permutation(complete.to_numpy().nonzero()[0]) + 1).tolist()  # + 1: below the header
    _loosen(file, rows, column_of(header, form, ITEMS[0]), random)
    for name, written, n in SPELLINGS.get(file.name, ()):
        for row in [r for r in clean if rows[r][place] == name][:n]:
            rows[row][place] = written
            clean.remove(row)
    invalid = INVALID.get(file.name, ())
    for question, written in invalid:
        rows[clean.pop()][column_of(header, form, question)] = written
    repeated = sorted(clean[: REPEATED.get(file.name, 0)])
    rows += [list(rows[row]) for row in repeated]
    stranger = STRANGERS.get(file.name)
    if stranger:
        row = clean.pop()
        rows.insert(row + 1, [f"{rows[row][0]}X", stranger, *rows[row][2:]])
    n, strangers = len(frame), int(stranger is not None)
    return rows, Expected(n + len(repeated) + strangers, n, len(repeated), strangers, len(invalid))


def _loosen(file: AnswerFile, rows: list[Row], first: int, random: Any) -> None:
    """Trailing spaces and full-width digits, as hands type them; they mean what they meant."""
    if file.mode == "phone":
        return
    wide = str.maketrans("123456789", "１２３４５６７８９")
    for row in random.permutation(len(rows) - 1)[:14] + 1:
        column = first + int(random.randint(0, len(ITEMS)))
        value = rows[row][column]
        if value is not None:
            rows[row][column] = f"{value} " if file.values == "label" else str(value).translate(wide)
