"""Exports of online forms with the bare questions in one header row: Microsoft Forms, 金数据, 腾讯文档, and every other form that
writes the moment of submission beside what only a browser tells (its address, its system, who was signed in)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

import numpy as np

from survey.core.cells import answer_key, as_datetime
from survey.core.findings import Finding
from survey.files.layouts.layout import (
    ColumnLayout,
    Layout,
    Platform,
    as_option,
    cells_of,
    header_texts,
    spellings,
    unique,
)
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet

#: rows from the top in which the header may stand: an office puts a title above it
HEADER_DEPTH = 5
#: questions beside a form's own columns, at least; stamps that must be moments, of all that are filled
LEAST, MOMENTS = 2, 0.9
#: responses from which on stamps are no chance; responses of one account from which on it is an interviewer's
FEWEST, ROWS_EACH = 3, 3


def _keys(meanings: Mapping[str, str]) -> dict[str, str]:
    """``meaning: "header|header"`` as header key → meaning."""
    return {header_key(word): meaning for meaning, words in meanings.items() for word in words.split("|")}


#: what forms write when somebody submitted, and what only the browser or the account told them
_SUBMITTED = "提交时间|提交日期时间|提交于|答题结束时间|完成时间|submitted at|submission time|submit time|submit date (utc)|completed at|completion time|recorded date"  # fmt: skip
_STARTED = "开始时间|开始填写时间|开始答题时间|进入时间|start time|started at|start date (utc)"
_BROWSER = {
    "ip": "ip|ip地址|ip 地址|填写ip|提交ip|答题ip|来源ip|用户ip|填写者ip|ip address",
    "location": "填写地区|ip地区|ip所在地|ip省份|ip城市|ip属地|填写地理位置|地理位置|答题地区|提交地区",
    "user_agent": "浏览器|填写浏览器|ua|user agent|browser",
    "device": "操作系统|填写设备|答题设备|设备|设备类型|终端|设备信息|填写终端|os|device",
    "user": "提交人|提交者|填写人id|微信昵称|微信openid|openid|微信头像|微信性别|微信国家|微信省市|微信省份|微信城市|微信号|提交人微信昵称|提交人部门|用户id|用户昵称|network id",
    "referrer": "来源网址|referrer|referer",
    "duration": "填写时长|答题时长|答题用时|填写用时|所用时间|用时|耗时|答题耗时|作答时长|填写时长(秒)|答题时长(秒)|duration|duration (in seconds)",
}  # fmt: skip
#: what beside it is no question either
_BESIDE = {
    "serial": "序号|答卷序号|提交序号|数据id|提交id|记录id|答题id|response id|submission id",
    "modified": "修改时间|更新时间|最后修改时间|最近更新时间|上次修改时间|更新人|修改人|last modified time",
    "custom": "扩展属性|扩展字段|自定义字段|x_field_1|参数",
    "source": "来源|来源渠道|渠道|填写来源|提交来源|答题渠道|source",
    "status": "审核状态|数据状态|答卷状态|完成状态|填写状态|标签",
    "total_score": "总分|得分",
}
#: what may stand above the only sign of an online form
_STAMPS = frozenset(map(header_key, f"{_SUBMITTED}|提交答卷时间|答卷时间|提交日期|时间戳|时间戳记|timestamp|submitted|submitdate|date submitted|datestamp".split("|")))  # fmt: skip
#: what forms write for somebody who was not signed in
_NOBODY = frozenset(map(answer_key, ("匿名", "匿名用户", "微信用户", "游客", "未登录", "anonymous", "guest", "-", "/")))
_ANY = _keys({**_BESIDE, **_BROWSER, "submitted": _SUBMITTED, "started": _STARTED})


@dataclass(frozen=True)
class _Form:
    """One kind of form: its own columns (header key → meaning), the ``needed`` meanings, and of ``marks`` how many; ``first``:
    the meanings that its first columns have, in their order."""

    name: str
    fixed: Mapping[str, str]
    needed: frozenset[str]
    marks: frozenset[str]
    least: int
    first: tuple[str, ...] = ()


_MICROSOFT = {
    "serial": "id",
    "started": "start time|开始时间",
    "submitted": "completion time|完成时间",
    "email": "email|电子邮件|电子邮件地址|邮箱",
    "nickname": "name|名称|姓名",
    "modified": "last modified time|上次修改时间|最后修改时间",
    "language": "language|语言",
    "total_score": "total points|总分|总得分",
    "feedback": "quiz feedback|测验反馈",
}
_DOCS = {"user": "提交者(自动)|提交人(自动)|填写人(自动)", "submitted": "提交时间(自动)|填写时间(自动)"}
#: the more particular ones first
_FORMS = (
    _Form(
        "microsoft_forms",
        _keys(_MICROSOFT),
        frozenset({"serial", "started", "submitted"}),
        frozenset({"email"}),
        1,
    ),
    _Form(  # the columns of the account are often deleted before a table is sent on
        "microsoft_forms",
        _keys(_MICROSOFT),
        frozenset({"serial", "started", "submitted"}),
        frozenset(),
        0,
        ("serial", "started", "submitted"),
    ),
    _Form("tencent_docs", _keys(_DOCS), frozenset({"submitted"}), frozenset({"user"}), 1),
    _Form(
        "jinshuju",
        _ANY,
        frozenset({"serial", "submitted", "user"}),
        frozenset({"modified", "device", "user_agent", "custom", "ip", "duration", "location"}),
        1,
    ),
    _Form(  # a form that knows no account
        "jinshuju",
        _ANY,
        frozenset({"serial", "submitted"}),
        frozenset({"modified", "device", "user_agent", "custom", "ip", "duration", "location", "referrer"}),
        2,
    ),
    _Form("online_form", _ANY, frozenset({"submitted"}), frozenset({"ip", "user_agent", "user", "referrer"}), 1),
)
#: what a quiz of Microsoft Forms writes beside each question
_QUIZ = re.compile(r"(?:points|feedback|分数|得分|反馈) ?[-–] ?.+", re.I | re.S)
#: who was sent to the door: such a sheet was not filled in by the people themselves, whatever it was typed into
_CARRIED = frozenset(
    map(header_key, ("访员", "访问员", "调查员", "访员姓名", "调查员姓名", "访员编号", "调查员编号", "录入员", "录入人", "interviewer"))
)  # fmt: skip


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of an export: the moment of submission in nearly every row, and what else the form writes; else None."""
    for row in range(min(HEADER_DEPTH, max(len(sheet.rows) - 1, 0))):
        texts = header_texts(sheet, row)
        keys = {i: header_key(t) for i, t in enumerate(texts) if t}
        if len(keys) <= LEAST or not _CARRIED.isdisjoint(keys.values()):
            continue
        for form in _FORMS:
            meanings = {i: form.fixed[key] for i, key in keys.items() if key in form.fixed}
            said = set(meanings.values())
            if not said >= form.needed or len(said & form.marks) < form.least or len(keys) - len(meanings) < LEAST:
                continue
            if form.first and tuple(meanings.get(i) for i in sorted(keys)[: len(form.first)]) != form.first:
                continue
            submitted = next(i for i, meaning in meanings.items() if meaning == "submitted")
            few = any(_of_few(sheet, row + 1, i) for i, meaning in meanings.items() if meaning == "user")
            if _moments(sheet, row + 1, submitted, clock=bool(form.first)) and not few:
                return _layout(sheet, row, form, texts, meanings)
    return None


def _layout(sheet: Sheet, row: int, form: _Form, texts: Sequence[str], meanings: Mapping[int, str]) -> Layout:
    columns = []
    taken: set[str] = set()
    for index, text in enumerate(texts):
        meaning = meanings.get(index, "")
        if not text:
            continue
        if form.name == "microsoft_forms":
            # a question may be called like one of the form's own columns, which stand first
            meaning = "points" if _QUIZ.fullmatch(text) else "" if meaning in taken else meaning
            taken.add(meaning)
        columns.append(ColumnLayout(index, (text,), meaning=meaning) if meaning else _question(index, text))
    return Layout(
        platform=form.name,
        sheet=sheet,
        header_rows=(row,),
        first=row + 1,
        columns=tuple(columns),
        separator=";" if form.name == "microsoft_forms" else "",
        findings=(Finding(f"platforms.is_{form.name}", "note", "sheet", sheet=sheet.name),),
    )


def _question(index: int, text: str) -> ColumnLayout:
    known = spellings(text)
    return ColumnLayout(index, unique((*known, *(s for t in known for s in as_option(t)))))


def submission_times(sheet: Sheet, row: int, first: int) -> str:
    """The header of the one column that says to the minute when each row was submitted, in a sheet (header ``row``, answers from
    ``first``) that nobody who went to the door wrote anything into; '' where there is none."""
    texts = header_texts(sheet, row)
    keys = {i: header_key(t) for i, t in enumerate(texts) if t}
    if not _CARRIED.isdisjoint(keys.values()) or len(sheet.rows) - first < FEWEST:
        return ""
    stamps = [
        i for i, key in keys.items() if key.removesuffix("(自动)") in _STAMPS and _moments(sheet, first, i, clock=True)
    ]
    return texts[stamps[0]] if stamps else ""


def _moments(sheet: Sheet, first: int, index: int, *, clock: bool = False) -> bool:
    """Whether nearly all that stands in a column is a moment; ``clock``: with the time of day."""
    cells = cells_of(sheet, first, index)
    often = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values))
    moments = [as_datetime(value) for value in cells.values]
    read = sum(
        int(n) for at, n in zip(moments, often, strict=True) if at is not None and not (clock and at.time() == time.min)
    )
    return bool(often.sum()) and read >= MOMENTS * int(often.sum())


def _of_few(sheet: Sheet, first: int, index: int) -> bool:
    """Whether the same few accounts submitted most responses: interviewers, not the people themselves."""
    cells = cells_of(sheet, first, index)
    named = [i for i, value in enumerate(cells.values) if answer_key(value) not in _NOBODY]
    rows = int(np.isin(cells.codes, named).sum())
    return 2 * rows > len(cells.codes) and rows >= ROWS_EACH * len(named)


PLATFORM = Platform(("microsoft_forms", "tencent_docs", "jinshuju", "online_form"), recognise, "web")
