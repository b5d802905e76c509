"""The acceptance list: 69 hostile and dirty files, each through the whole way in, child process included (a few
with its start).

A verdict is what a person gets: ``accept``, ``note`` (accepted, with something said), ``ask`` (nothing is stored until
somebody decides) or ``refuse`` (nothing is stored).  The places that the sentences must name stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

import openpyxl
import pytest

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import COMMAND, LANGUAGES, on_surface
from survey.decisions.annotated_copy import annotated_copy
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect, refusal
from survey.store.intake import batches, questionnaires, responses
from survey.store.keyring import new_key
from tests.tools.hostile.questionnaire import NUMBERED, options, prepare
from tests.tools.hostile.sheets import SHEETS
from tests.tools.hostile.texts import TEXTS
from tests.tools.hostile.workbooks import WORKBOOKS

CASES = {**WORKBOOKS, **TEXTS, **SHEETS}
pytestmark = pytest.mark.warm
#: read as a user's file is, the start of the reading process included: a bomb, a sound one, bytes, a question
APART = ("a01", "a14", "b05", "c06")

#: most of the sheets hold a few questions of the form only, which is said of each of them
SECTION = ("intake.scored_missing", "intake.questions_missing")
DAMAGED = ("请重新导入原文件",)
#: case → verdict, and what its sentences must name; for what is accepted also the number of responses
EXPECTED: dict[str, tuple[str, tuple[str, ...], int]] = {
    **dict.fromkeys(("a01", "a02", "a03"), ("refuse", ("解压后过大",), 0)),
    **dict.fromkeys(("a04", "a05", "a06", "a07", "a08"), ("refuse", ("DTD/实体声明",), 0)),
    "a09": ("accept", (), 2),
    **dict.fromkeys(("a10", "a11"), ("refuse", ("第 1048576 行", "200000 行上限"), 0)),
    "a12": ("refuse", ("第 16384 列", "2000 列上限"), 0),
    "a13": ("refuse", ("ZZZZ99999999",), 0),
    "a14": ("accept", (), 1),
    "a15": ("refuse", ("A1:XFD1048576",), 0),
    "a16": ("refuse", ("部件名异常",), 0),
    "a17": ("note", ("外部链接",), 1),
    "a18": ("refuse", ("50005 个部件",), 0),
    "a19": ("refuse", ("A1 指向不存在的文字", "已损坏"), 0),
    "a20": ("refuse", ("表1", *DAMAGED), 0),
    "a21": ("refuse", ("不完整或已损坏", *DAMAGED), 0),
    "a22": ("refuse", ("xl/worksheets/sheet1.xml", *DAMAGED), 0),
    **dict.fromkeys(("a23", "a24"), ("refuse", ("0 字节",), 0)),
    "a25": ("refuse", ("没有工作簿",), 0),
    "a26": ("refuse", ("打开密码",), 0),
    **dict.fromkeys(("a27", "a28"), ("note", ("与内容不符", "已按实际格式读取"), 1)),
    "a29": ("refuse", ("网页（HTML）", "另存为 .xlsx"), 0),
    "a30": ("refuse", ("XML 表格 2003",), 0),
    **dict.fromkeys(("a31", "a32"), ("note", ("内容是文本",), 1)),
    "a33": ("refuse", ("含有宏",), 0),
    "a34": ("refuse", ("5 格公式没有保存计算结果", "A2", "E2"), 0),
    "a35": ("note", ("5 格是公式", "A2", "E2", "不会执行"), 1),
    "a36": ("refuse", ("A2：#N/A", "A3：#DIV/0!", "A4：无数据", "A5：#N/A"), 0),
    "b01": ("refuse", ("第 2 行有 NUL",), 0),
    **dict.fromkeys(("b02", "b06"), ("note", ("GB18030",), 3)),
    "b03": ("note", ("UTF-16",), 3),
    "b04": ("accept", (), 3),
    "b05": ("refuse", ("第 3 行起编码",), 0),
    "b07": ("refuse", ("第 2 行 4 个", "第 3 行 2 个", "（3 个）"), 0),
    "b08": ("refuse", ("第 2 行的引号", "2000 行"), 0),
    "b09": ("accept", (), 2),
    "b10": ("ask", ("“;”", "--delimiter"), 0),
    "b11": ("note", ("第 1 行“sep=,”", "跳过"), 1),
    "b12": ("refuse", ("第 2 行第 2 列",), 0),
    "b13": ("refuse", ("200000 列", "2000 列上限"), 0),
    "b14": ("accept", (), 2),
    "b15": ("note", ("A2", "不会执行", "导出时加保护"), 2),
    # 0 before a mobile number is the prefix for dialling another city: it is taken off and listed (B5)
    "b16": ("refuse", ("B3：1.38E+10", "无法还原", "B5"), 0),
    "b17": ("refuse", ("NUL",), 0),
    "c01": ("refuse", ("D2", "“５”按“5”", "E4：１２"), 0),
    "c02": ("note", ("B2", "B3", "B4", "B5", "C2", "C3", "C4", "D5"), 4),
    # 85% stands for 85 where an indicator has the unit percent (docs/files.md, “Indicator values”); of a number of homes it is none
    "c03": ("ask", ("“12,345”按“12345”", "B3：85%", "约1200”→1200", "B5：八成", "B6：1.2万", "B7：1 234"), 0),
    "c04": (
        "refuse",
        (
            "B2",
            "B3",
            "B5",
            "只有年月",
            "B7：41400",
            "2013-05-06）",
            "B8：5/6/2013",
            "B9：13-5-6",
            "没有这一天",
            "B11：昨天",
        ),
        0,
    ),
    "c05": ("ask", ("B3、B4", "B5：1.38E+10", "B6", "少了区号前的 0"), 0),
    "c06": ("ask", ("表头在第 3 行", "A9", "合计", "第 10 行", "填表人、审核人"), 0),
    "c07": ("ask", ("第 4 行", "C 列", "2 张工作表被隐藏", "旧数据, 核对"), 0),
    # several columns of one question may share it, one answer a row (docs/intake.md, “Keys and blanks”): the second answer is refused
    "c08": ("refuse", ("“Q1”出现 3 次（B1、C1、D1）", "E1、F1", "“Q２”（G1）按“Q2”", "C2：2", "D2：3"), 0),
    "c09": ("note", ("A2:A4 合并", "“一社区”填充到 3 行"), 3),
    "c10": (
        "refuse",
        ("B6：4.5", "B7：0", "B8：6", "B9：-1", "B10：99", "B13：很满意", "B14：TRUE", "B15：√", "B17：5分"),
        0,
    ),
    "c11": ("ask", ("第 3 行；3=2", "A4", "第 2 行相同", "A5：sh１", "SH1", "A7：001"), 0),
    "c12": ("note", ("第 3、4、6 行", "行号按原表"), 3),
    "c13": ("ask", ("一社区、二社区", "--sheet"), 0),
    "c14": ("refuse", ("D7：9",), 0),
    "c15": ("refuse", ("E2：9",), 0),
    "c16": ("accept", (), 1),
}


def test_every_case_of_the_list_is_here():
    listed = [
        *(f"a{i:02}" for i in range(1, 37)),
        *(f"b{i:02}" for i in range(1, 18)),
        *(f"c{i:02}" for i in range(1, 17)),
    ]
    assert list(CASES) == listed
    assert sorted(EXPECTED) == listed


@dataclass(frozen=True)
class Outcome:
    verdict: str
    said: str
    stored: int


def told(finding: Finding) -> str:
    """``E2：9 …`` and the whole sentence in both languages."""
    words = " ".join(finding.word(lang) for lang in LANGUAGES)
    return f"{finding.cell}：{finding.params.get('found', '')} {words}"


def outcome(store, case: str) -> Outcome:
    file, make = CASES[case]
    try:
        inspection = inspect(store, file, make(), options(case))
    except Refused as error:
        said = " ".join(error.word(lang) for lang in LANGUAGES)
        return Outcome("ask" if error.key == "intake.several_sheets" else "refuse", said, 0)
    said = "\n".join(map(told, inspection.findings))
    stopped = refusal(inspection, accept_partial=False)
    if stopped is not None:
        with pytest.raises(Refused):
            commit(store, inspection)
        return Outcome("ask" if inspection.questions else "refuse", said, 0)
    noted = [f for f in inspection.findings if f.code not in SECTION]
    return Outcome("note" if noted else "accept", said, commit(store, inspection).stored)


@pytest.fixture
def ready(sqlite_store, monkeypatch):
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    prepare(sqlite_store)
    return sqlite_store


@pytest.mark.parametrize("case", [pytest.param(c, marks=pytest.mark.apart) if c in APART else c for c in CASES])
def test_hostile(ready, case):
    with on_surface(COMMAND):
        found = outcome(ready, case)
    verdict, named, stored = EXPECTED[case]
    assert found.verdict == verdict, found.said
    assert [place for place in named if place not in found.said] == [], found.said
    assert found.stored == stored
    with ready.read() as conn:
        assert len(batches.listing(conn)) == (stored > 0)


def answers(store, name: str, questionnaire: str = "numbered"):
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, questionnaire))
    if name in block.texts:
        return list(block.texts[name])
    return block.codes[
        :, NUMBERED.position[name] if questionnaire == "numbered" else NUMBERED.position[name] - 1
    ].tolist()


def test_what_is_accepted_is_read_rightly(ready):
    outcome(ready, "c16")
    assert answers(ready, "day") == ["2013-05-06"]
    outcome(ready, "b15")
    assert answers(ready, "note")[1:] == ["好", "@SUM(1+1)*cmd|'/c calc'!A0"]
    outcome(ready, "a09")
    assert answers(ready, "Q1", "anonymous") == [0, 1]


def test_c15_the_annotated_copy_keeps_the_users_comment(ready):
    file, make = CASES["c15"]
    inspection = inspect(ready, file, make(), options("c15"))
    book = openpyxl.load_workbook(BytesIO(annotated_copy(file, make(), inspection.findings, lang="zh")))
    assert "我再核实" in book["数据"]["E2"].comment.text
    assert "应为" in book["数据"]["E2"].comment.text


@pytest.mark.parametrize(("case", "code"), [("b10", "intake.delimiter"), ("c07", "intake.hidden_rows")])
def test_a_question_about_the_whole_sheet_is_answered_by_confirming_it(ready, case, code):
    file, make = CASES[case]
    said = replace(options(case), decisions=(Decision("confirm", code=code),))
    assert commit(ready, inspect(ready, file, make(), said)).stored == {"b10": 2, "c07": 4}[case]
