"""SurveyMonkey exports: two header rows, the questions and below them ``Response``, the items of a matrix or the choices of a
question with several, each in a column of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.core.cells import answer_key
from survey.core.findings import Finding
from survey.files.layouts.layout import ColumnLayout, Layout, Platform, distinct, header_texts, spellings, unique
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet

_WORDS = {
    "uuid": "Respondent ID|respondent_id|受访者 ID|答复者 ID|调查对象 ID|受訪者 ID",
    "collector": "Collector ID|collector_id|收集器 ID|收集程序 ID|收集工具 ID",
    "started": "Start Date|StartDate|date_created|开始日期|开始时间",
    "submitted": "End Date|EndDate|date_modified|结束日期|结束时间",
    "ip": "IP Address|ip_address|IP 地址",
    "email": "Email Address|email_address|电子邮件地址|电子邮箱地址|邮箱地址",
    "nickname": "First Name|first_name|LastName|Last Name|last_name|FirstName|名字|姓氏|名|姓",
    "custom": "Custom Data|Custom Data 1|Custom Data 2|Custom Data 3|Custom Value|custom_1|custom_2|custom_3|自定义数据|自定义数据 1|自定义值",
}  # fmt: skip
FIXED: Mapping[str, str] = {header_key(w): meaning for meaning, words in _WORDS.items() for w in words.split("|")}
#: what stands below a question that has one column
_RESPONSE = frozenset(
    map(header_key, ("Response", "Open-Ended Response", "回复", "答复", "回答", "开放式回复", "开放式答复", "开放式回答", "开放回答"))
)  # fmt: skip
#: what it writes beside the number of the respondent
_BESIDE = frozenset({"started", "submitted", "ip", "email", "custom"})
_TICKS = frozenset({"1", "0", "x", "√", "true", "false"})


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of an export: its number of the respondent in the first row, beside that of the collector or, where an office
    deleted it, two more of its own columns; else None."""
    if len(sheet.rows) < 2:
        return None
    texts = header_texts(sheet, 0)
    meanings = {i: m for i, t in enumerate(texts) if (m := FIXED.get(header_key(t)))}
    own_columns = set(meanings.values())
    if "uuid" not in own_columns or ("collector" not in own_columns and len(own_columns & _BESIDE) < 2):
        return None
    below = header_texts(sheet, 1)
    own = [i for i, m in meanings.items() if m in ("uuid", "collector")]
    two = not any(below[i] for i in own)  # an office may have deleted the second row
    columns = [ColumnLayout(i, (texts[i],), meaning=m) for i, m in meanings.items()]
    groups: dict[int, list[int]] = {}
    last = -1
    for index, text in enumerate(texts):
        if index in meanings:
            last = -1
            continue
        last = index if text else last
        if last >= 0:
            groups.setdefault(last, []).append(index)
    for stem, indices in groups.items():
        columns += _question(sheet, texts[stem], indices, below if two else [""] * len(texts), 2 if two else 1)
    return Layout(
        platform="surveymonkey",
        sheet=sheet,
        header_rows=(0, 1) if two else (0,),
        first=2 if two else 1,
        columns=tuple(sorted(columns, key=lambda c: c.index)),
        findings=(Finding("platforms.is_surveymonkey", "note", "sheet", sheet=sheet.name),),
    )


def _question(sheet: Sheet, stem: str, indices: Sequence[int], below: Sequence[str], first: int) -> list[ColumnLayout]:
    """The columns of one question: itself, its choices, or the items of its matrix."""
    stems = spellings(stem)
    if len(indices) == 1 and (not below[indices[0]] or header_key(below[indices[0]]) in _RESPONSE):
        return [ColumnLayout(indices[0], unique((*stems, stem)))]
    said = {i: distinct(sheet, first, i) for i in indices}
    ticked = [i for i in indices if below[i] and said[i] <= {answer_key(below[i]), *_TICKS}]
    several = len(ticked) > 1 and any(said[i] for i in ticked)
    found = []
    for index in indices:
        item = below[index]
        if several and index in ticked:
            found.append(ColumnLayout(index, stems, option=item))
        elif item:
            items = spellings(item)
            joined = (f"{s}/{t}" for s in stems for t in items)
            alone = () if several else items
            found.append(ColumnLayout(index, unique((*alone, *joined, f"{stem}/{item}"))))
    return found


PLATFORM = Platform(("surveymonkey",), recognise, "web", month_first=True)
