"""A small questionnaire of an office, its register, and the sheets that people make of it: a grid to alter case by case."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.form.model import Choice, Question, Questionnaire
from survey.intake.answers import Inspection, commit, inspect, refusal
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register

PLACES = ("东街社区", "西街社区", "南街社区")
WORDS = ("很满意", "满意", "一般", "不满意", "很不满意")
_SAT = (
    *(Choice(str(i), {"zh": word, "en": f"level {i}"}, level=i) for i, word in enumerate(WORDS, 1)),
    Choice("8", {"zh": "不清楚", "en": "don't know"}, missing="dont_know"),
)
_STAY = tuple(
    Choice(n, {"zh": zh, "en": zh})
    for n, zh in (("lt1", "不到1年"), ("1-4", "1-4"), ("5-9", "5-9"), ("10-19", "10-19"), ("20+", "20以上"))
)
_NEED = tuple(
    Choice(n, {"zh": zh, "en": en})
    for n, zh, en in (
        ("med", "看病,买药", "doctors, medicine"),
        ("eat", "老年食堂", "canteen"),
        ("park", "停车/交通", "parking/traffic"),
        ("oth", "其他(请注明)", "other, please specify"),
    )
)
_SEX = (Choice("m", {"zh": "男", "en": "male"}), Choice("f", {"zh": "女", "en": "female"}))
ITEMS = {"A1": "办事公道", "B1": "环境卫生", "C1": "办事方便", "D1": "文体活动", "E1": "治安状况"}
FORM = Questionnaire(
    rows=(
        Question("no", "text", {"zh": "编号", "en": "number"}, role="respondent"),
        Question("place", "text", {"zh": "社区", "en": "community"}, role="community"),
        Question("sex", "select_one", {"zh": "性别", "en": "sex"}, "sex", _SEX, role="sex"),
        Question("age", "integer", {"zh": "年龄", "en": "age"}, role="age", minimum=18, maximum=110),
        Question("stay", "select_one", {"zh": "居住年数", "en": "years here"}, "stay", _STAY),
        *(
            Question(name, "select_one", {"zh": zh, "en": f"item {name}"}, "sat", _SAT, dimension="service")
            for name, zh in ITEMS.items()
        ),
        Question("F1", "range", {"zh": "幸福感打分", "en": "happiness"}, start=0, end=10, step=0.5),
        Question("M", "select_multiple", {"zh": "最需要的服务", "en": "services needed"}, "need", _NEED),
        Question("T", "text", {"zh": "意见", "en": "remark"}),
        Question("day", "date", {"zh": "填写日期", "en": "date"}, role="submitted"),
    ),
    title="小问卷",
    form_id="small",
    year=2026,
    lists={"sat": _SAT, "stay": _STAY, "need": _NEED, "sex": _SEX},
)
HEADER = tuple(q.label("zh") for q in FORM.questions)

Grid = list[list[Any]]


def grid(n: int = 12) -> Grid:
    """Header and ``n`` answer sheets, none like another."""
    rows = [
        [
            f"R{i:03}",
            PLACES[i % 3],
            "男" if i % 2 else "女",
            20 + 3 * i % 60,
            _STAY[i % 5].labels["zh"],
            *(WORDS[(i * k + k) % 4] for k in (1, 2, 3, 5, 7)),
            i % 11,
            _NEED[i % 2].labels["zh"],
            "路灯\n不亮" if i % 5 == 0 else None,
            f"2026-11-{i % 28 + 1:02}",
        ]
        for i in range(1, n + 1)
    ]
    return [list(HEADER), *rows]


def renamed(rows: Grid, **headers: str) -> Grid:
    """The grid with other headers, by question name."""
    for name, text in headers.items():
        rows[0][FORM.position[name]] = text
    return rows


def with_cells(rows: Grid, name: str, read: Callable[[Any, int], Any]) -> Grid:
    """The grid with the cells of one question as ``read`` (value, data row from 0) makes them."""
    at = FORM.position[name]
    for i, row in enumerate(rows[1:]):
        row[at] = read(row[at], i)
    return rows


def without(rows: Grid, *names: str) -> Grid:
    """The grid without some columns."""
    gone = {FORM.position[name] for name in names}
    return [[v for i, v in enumerate(row) if i not in gone] for row in rows]


def workbook(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> bytes:
    """The grid as a workbook."""
    return workbook_of((name, rows))


def workbook_of(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of several sheets, each its name and its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def text_file(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> bytes:
    """The grid as CSV."""
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def prepare(store: Store, questionnaire: Questionnaire = FORM) -> Store:
    """Register and questionnaire into an empty store."""
    with store.write() as conn:
        register.save(conn, [register.Community(str(i), name) for i, name in enumerate(PLACES, 1)])
        questionnaires.add(conn, "small", questionnaire)
    return store


def look(store: Store, data: bytes | Grid, *codes: str, file: str = "a.xlsx", **options: Any) -> Inspection:
    """A file inspected, the questions of these codes confirmed."""
    given = tuple(Decision("confirm", code=code) for code in codes)
    raw = data if isinstance(data, bytes) else workbook(data)
    return inspect(store, file, raw, ImportOptions("small", year=2026, decisions=given, **options))


def store_all(store: Store, data: bytes | Grid, *codes: str, file: str = "a.xlsx", **options: Any) -> int:
    """How many responses a file brings in after these questions were confirmed; raises Refused."""
    return commit(store, look(store, data, *codes, file=file, **options)).stored


def asked(inspection: Inspection) -> list[str]:
    """The codes of the open questions."""
    return [f.code for f in inspection.questions]


def stopped(store: Store, data: bytes | Grid, file: str = "a.xlsx", **options: Any) -> list[str]:
    """The open questions of a file that cannot be stored with them, whatever is accepted."""
    inspection = look(store, data, file=file, **options)
    assert isinstance(refusal(inspection, accept_partial=True), Refused)
    return asked(inspection)


def answers(store: Store, name: str) -> list[int]:
    """The stored codes of one question."""
    with store.read() as conn:
        form = questionnaires.get(conn, "small")
        return responses.load(conn, form).codes[:, form.form.position[name]].tolist()
