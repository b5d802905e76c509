"""The same answers written as every format that comes in: file name, bytes, and what must be said beside them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from survey.form.model import Question
from survey.form.workbook.checking import takes_answer
from survey.form.workbook.template import entry_workbook
from tests.tools.hostile import files as hostile
from tests.tools.rounds.round_forms import Round

Written = tuple[str, bytes, dict[str, Any]]
Grid = list[list[Any]]
XLS_EPOCH = date(1899, 12, 30)


def text_of(question: Question, answer: Any, *, codes: bool = False, between: str = ";") -> str:
    """An answer as somebody types it; ``codes``: names of choices in place of their labels."""
    if answer is None:
        return ""
    said = [c.name if codes else c.label("zh") for c in question.choices]
    if question.type == "select_one":
        return said[answer]
    if question.type == "select_multiple":
        return between.join(said[i] for i in answer)
    if isinstance(answer, float):
        return repr(int(answer)) if answer.is_integer() else repr(answer)
    return str(answer)


def cell_of(question: Question, answer: Any) -> Any:
    """An answer as a workbook holds it: numbers and dates are no texts."""
    if answer is None or question.choices or question.type == "text":
        return text_of(question, answer) or None
    return datetime.combine(answer, time()) if question.type == "date" else float(answer)


def grid(made: Round, cell: Callable[[Question, Any], Any], *, names: bool = False) -> Grid:
    """Number and answers, below names or labels."""
    header = ["编号", *(q.name if names else q.label("zh") for q in made.asked)]
    return [header, *([f"R{n}", *(cell(q, row[q.name]) for q in made.asked)] for n, row in enumerate(made.rows, 1))]


def xlsx(made: Round) -> Written:
    return "a.xlsx", saved(grid(made, cell_of)), {}


def saved(rows: Grid) -> bytes:
    book = openpyxl.Workbook()
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            if value is not None:
                cell = book.active.cell(i, j, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def xls(made: Round) -> Written:
    cells = b""
    for i, row in enumerate(grid(made, cell_of)):
        for j, value in enumerate(row):
            if isinstance(value, str):
                cells += wide_text(i, j, value)
            elif isinstance(value, datetime):
                cells += hostile.number_cell(i, j, float((value.date() - XLS_EPOCH).days), style=1)
            elif value is not None:
                cells += hostile.number_cell(i, j, value)
    return "a.xls", hostile.xls({"数据": cells}, styles=(0, 14)), {}


def wide_text(row: int, column: int, text: str) -> bytes:
    """A text cell whose length counts UTF-16 units, as the format does."""
    import struct

    data = text.encode("utf-16-le")
    return hostile.record(0x0204, struct.pack("<HHHHB", row, column, 0, len(data) // 2, 1) + data)


def delimited(encoding: str, delimiter: str, ending: str) -> Callable[[Round], Written]:
    def write(made: Round) -> Written:
        rows = grid(made, lambda q, a: text_of(q, a, codes=ending == "tsv", between="┋"), names=delimiter == ";")
        return f"a.{ending}", table(rows, delimiter).encode(encoding), {"delimiter": ";"} if delimiter == ";" else {}

    return write


def table(rows: Grid, delimiter: str = ",") -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["" if v is None else v for v in row] for row in rows])
    return out.getvalue()


def sav(made: Round) -> Written:
    columns: dict[str, list[Any]] = {"id": [f"R{n}" for n in range(1, len(made.rows) + 1)]}
    column_labels, value_labels = {"id": "编号"}, {}
    for q in made.asked:
        given = [row[q.name] for row in made.rows]
        column_labels[q.name] = q.label("zh")
        if q.type == "select_one":
            columns[q.name] = [None if a is None else float(a + 1) for a in given]
            value_labels[q.name] = {float(c.name): c.label("zh") for c in q.choices}
        elif q.type == "select_multiple":
            columns[q.name] = [text_of(q, a, between="┋") for a in given]
        elif q.type in ("text", "date"):
            columns[q.name] = [text_of(q, a) for a in given]
        else:
            columns[q.name] = [None if a is None else float(a) for a in given]
    frame = pd.DataFrame(
        {n: pd.Series(v, dtype=object if isinstance(v[0], str) else float) for n, v in columns.items()}
    )
    with TemporaryDirectory() as folder:
        place = Path(folder) / "a.sav"
        pyreadstat.write_sav(frame, place, column_labels=column_labels, variable_value_labels=value_labels)
        return "a.sav", place.read_bytes(), {}


def entry(made: Round) -> Written:
    """The entry workbook of the questionnaire, filled in."""
    book = openpyxl.load_workbook(BytesIO(entry_workbook(made.form, "zh")))
    asked = [q for q in made.form.questions if takes_answer(q)]
    for n, row in enumerate(made.rows, 1):
        for column, q in enumerate(asked, 1):
            value = f"R{n}" if q.role else cell_of(q, row[q.name])
            if value is not None:
                cell = book["录入"].cell(n + 1, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    out = BytesIO()
    book.save(out)
    return "录入.xlsx", out.getvalue(), {}


WENJUANXING = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]


def wenjuanxing(by_number: bool) -> Callable[[Round], Written]:
    def header(number: int, q: Question) -> list[str]:
        if q.type == "select_multiple" and by_number:
            first, *rest = (c.label("zh") for c in q.choices)
            return [f"{number}. {q.label('zh')}({first})", *(f"{number}({o})" for o in rest)]
        return [f"{number}、{q.label('zh')}"]

    def cells(q: Question, answer: Any) -> list[Any]:
        if not by_number:
            return ["(空)" if answer is None else text_of(q, answer, between="┋")]
        if q.type == "select_multiple":
            return [-2.0 if answer is None else float(i in answer) for i in range(len(q.choices))]
        if answer is None:
            return [-2.0]
        return [answer + 1.0 if q.type == "select_one" else cell_of(q, answer)]

    def write(made: Round) -> Written:
        headers = [h for n, q in enumerate(made.asked, 1) for h in header(n, q)]
        rows = [
            [
                float(n),
                f"2021/07/16 12:00:{n:02d}",
                "90秒",
                "手机提交",
                "直接访问",
                "1.2.3.4(浙江-温州)",
                *(c for q in made.asked for c in cells(q, row[q.name])),
            ]
            for n, row in enumerate(made.rows, 1)
        ]
        name = "按序号" if by_number else "按文本"
        return f"118803261_{name}_社区_3_3.xlsx", saved([[*WENJUANXING, *headers], *rows]), {}

    return write


def tencent(made: Round) -> Written:
    header = ["编号", "开始答题时间", "结束答题时间", "答题时长"]
    for n, q in enumerate(made.asked, 1):
        several = q.type == "select_multiple"
        header += [f"{n}.{q.label('zh')}:{c.label('zh')}" for c in q.choices] if several else [f"{n}.{q.label('zh')}"]
    tail = [
        "语言",
        "清洗数据结果",
        "智能清洗数据无效概率",
        "地理位置国家和地区",
        "地理位置省",
        "地理位置市",
        "用户类型",
        "用户标识",
        "昵称",
        "自定义字段",
        "IP",
        "UA",
        "Referrer",
    ]

    def cells(q: Question, answer: Any) -> list[str]:
        marked = [f"{'ABCDEFG'[i]}.{c.label('zh')}" for i, c in enumerate(q.choices)]
        if q.type == "select_multiple":
            return [m if answer is not None and i in answer else "" for i, m in enumerate(marked)]
        return [marked[answer] if q.type == "select_one" and answer is not None else text_of(q, answer)]

    rows = [
        [
            str(n),
            f"2021-07-16 12:00:{n:02d}",
            f"2021-07-16 12:03:{n:02d}",
            "180",
            *(c for q in made.asked for c in cells(q, row[q.name])),
            "简体中文",
            "有效",
            "0.1",
            "中国",
            "浙江",
            "温州",
            "微信",
            f"u{n}",
            "某",
            "C07",
            "1.2.3.4",
            "Mozilla",
            "",
        ]
        for n, row in enumerate(made.rows, 1)
    ]
    return "a.csv", table([[*header, *tail], *rows]).encode("utf-8-sig"), {}


KOBO = [
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_tags",
    "_index",
]


def kobo(style: str, *, codes: bool) -> Callable[[Round], Written]:
    """Several choices as one column (``summary``), one a choice (``details``), or ``both``; by name or by label."""

    def said(q: Question) -> list[str]:
        return [c.name if codes else c.label("zh") for c in q.choices]

    def header(q: Question) -> list[str]:
        path = f"grp/{q.name}" if codes else q.label("zh")
        ticks = [f"{path}/{o}" for o in said(q)] if q.type == "select_multiple" and style != "summary" else []
        return ticks if ticks and style == "details" else [path, *ticks]

    def cells(q: Question, answer: Any) -> list[Any]:
        joined = text_of(q, answer, codes=codes, between=" ")
        if q.type != "select_multiple" or style == "summary":
            return [joined]
        ticks = ["" if answer is None else str(int(i in answer)) for i in range(len(q.choices))]
        return ticks if style == "details" else [joined, *ticks]

    def write(made: Round) -> Written:
        rows = [
            [
                "2024-05-06T09:00:00.000+08:00",
                "2024-05-06T09:30:00.000+08:00",
                *(c for q in made.asked for c in cells(q, row[q.name])),
                900 + n,
                f"3f0c-{n}",
                "2024-05-06T09:30:00",
                "",
                "",
                "submitted_via_web",
                "",
                "v1",
                "",
                n,
            ]
            for n, row in enumerate(made.rows, 1)
        ]
        names = ["start", "end", *(h for q in made.asked for h in header(q)), *KOBO]
        return "a.csv", table([names, *rows], ";").encode(), {}

    return write


LIMESURVEY = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"]


def limesurvey(made: Round) -> Written:
    header = list(LIMESURVEY)
    for q in made.asked:
        header += [f"{q.name}[{i}]" for i in range(1, len(q.choices) + 1)] if q.type == "select_multiple" else [q.name]

    def cells(q: Question, answer: Any) -> list[str]:
        if q.type == "select_multiple":
            return ["" if answer is None or i not in answer else "Y" for i in range(len(q.choices))]
        return [text_of(q, answer, codes=True)]

    rows = [
        [
            str(n),
            "2024-05-06 09:30:00",
            "3",
            "zh-Hans",
            f"99{n}",
            "2024-05-06 09:00:00",
            "2024-05-06 09:30:00",
            "1.2.3.4",
            "",
            *(c for q in made.asked for c in cells(q, row[q.name])),
        ]
        for n, row in enumerate(made.rows, 1)
    ]
    return "results-survey123456.csv", table([header, *rows]).encode(), {}


WRITERS: Mapping[str, Callable[[Round], Written]] = {
    "xlsx": xlsx,
    "xls": xls,
    "csv utf-8": delimited("utf-8", ",", "csv"),
    "csv gb18030": delimited("gb18030", ",", "csv"),
    "tsv": delimited("utf-8-sig", "\t", "tsv"),
    "csv semicolon": delimited("utf-16", ";", "csv"),
    "sav": sav,
    "entry workbook": entry,
    "wenjuanxing by text": wenjuanxing(by_number=False),
    "wenjuanxing by number": wenjuanxing(by_number=True),
    "tencent": tencent,
    "kobo summary": kobo("summary", codes=True),
    "kobo details": kobo("details", codes=False),
    "kobo both": kobo("both", codes=False),
    "limesurvey": limesurvey,
}
