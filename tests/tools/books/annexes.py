"""Indicator annexes as offices lay them out, all of the same invented 25 indicators: five types of 140 points each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.tools.books.word_books import cell, document, paragraph, row, table

#: type → group → name, points, content, how points are earned
TYPES: dict[str, dict[str, list[tuple[str, float, str, str]]]] = {
    "自治型": {
        "组织建设": [
            ("居民会议", 20, "按期召开居民会议", "应开会4次，每少一次扣2分"),
            ("参选率", 40, "居委会选举参选率", "目标90%，每低1个百分点扣1分"),
        ],
        "民主监督": [
            ("居务公开", 30, "每季度公开一次", "每缺一次扣5分，扣完为止"),
            ("意见落实", 30, "居民意见落实率", "98%以上得30分，95%—98%得20分，其余不得分"),
            ("民主评议", 20, "开展民主评议", "优秀100%，良好80%，差0"),
        ],
    },
    "生态型": {
        "环境卫生": [
            ("清脏保洁", 40, "日产日清", "随机抽查10处，每处4分"),
            ("六乱整治", 30, "无乱搭建", "每发现一例扣1分"),
        ],
        "绿化": [
            ("绿化率", 30, "绿化覆盖率", "35%以上得30分，30%-35%得20分，其余不得分"),
            ("认养认种", 20, "认养认种活动", "每月1次"),
            ("低碳宣传", 20, "低碳生活宣传", "全年不少于4次"),
        ],
    },
    "服务型": {
        "设施": [
            ("用房", 40, "每百户服务用房面积", "面积不少于30平方米"),
            ("大厅", 20, "服务大厅", "共5项，每缺1项扣4分"),
        ],
        "公共服务": [
            ("居家养老", 40, "居家养老覆盖率", "50%及以下不得分，90%及以上满分，其间按比例"),
            ("就业援助", 20, "失业人员援助", "达标得分，不达标不得分"),
            ("社会救助", 20, "救助及时准确", "错一例扣4分"),
        ],
    },
    "文化型": {
        "道德": [
            ("道德讲堂", 40, "开设道德讲堂", "每季度不少于1次"),
            ("文明家庭", 40, "文明家庭评选", "每做到一项得10分，最多40分"),
        ],
        "活动": [
            ("邻居节", 20, "举办邻居节", "有得20分，无得0分"),
            ("阅读", 20, "全民阅读", "全年不少于四次"),
            ("队伍", 20, "文体队伍", "设1处得10分，设2处以上得20分"),
        ],
    },
    "和谐型": {
        "治安": [
            ("治安案件", 40, "治安案件", "重大10分/次，一般2分/次，扣完为止"),
            ("调解", 40, "矛盾调解", "由考评组打分"),
        ],
        "安全": [
            ("消防", 20, "消防检查", "抽查10处，每处2分"),
            ("邻里", 20, "邻里互助", "良好得20分，一般得10分，差不得分"),
            ("志愿", 20, "志愿服务", "每半年2次"),
        ],
    },
}
#: of all 25
COUNT, POINTS = 25, 700.0
Line = tuple[str, str, str, float, str, str]
HEADER = ("类型", "一级指标", "二级指标", "分值", "测评内容", "评分办法")


def lines() -> Iterator[Line]:
    """Type, group, name, points, content, how points are earned; each type and group at its first row only."""
    for kind, groups in TYPES.items():
        for i, (group, rows) in enumerate(groups.items()):
            for j, (name, points, content, scoring) in enumerate(rows):
                yield (kind if i == j == 0 else "", group if j == 0 else "", name, points, content, scoring)


def book(*sheets: tuple[str, Sequence[Sequence[Any]], Sequence[str]]) -> bytes:
    """A workbook of sheets: name, rows, merged ranges."""
    made = Workbook()
    made.remove(made.active)
    for name, rows, merged in sheets:
        sheet = made.create_sheet(name)
        for one in rows:
            sheet.append([None if value == "" else value for value in one])
        for range_ in merged:
            sheet.merge_cells(range_)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def plain() -> bytes:
    """A title, a header, one row an indicator, and the sum."""
    rows = [["幸福社区测评指标体系（2014年版）"], HEADER, *lines(), ["", "", "合计", POINTS]]
    return book(("附表", rows, ["A1:F1"]))


def two_header_rows() -> bytes:
    """一级、二级 under one heading; 分值 and the rest merged over both rows; names in merged cells; points in full width."""
    rows: list[list[Any]] = [
        ["附件2：幸福社区测评指标"],
        ["类型", "测评指标", "", "分值", "测评内容", "评分标准"],
        ["", "一级", "二级"],
    ]
    merged = ["A1:F1", "B2:C2", "A2:A3", "D2:D3", "E2:E3", "F2:F3"]
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    starts: dict[str, int] = {}
    for kind, group, name, points, content, scoring in lines():
        number = len(rows) + 1
        for column, text in (("A", kind), ("B", group)):
            if text:
                if column in starts and number - starts[column] > 1:
                    merged.append(f"{column}{starts[column]}:{column}{number - 1}")
                starts[column] = number
        rows.append([kind, group, name, str(int(points)).translate(wide), content, scoring.translate(wide)])
    merged += [f"{column}{start}:{column}{len(rows)}" for column, start in starts.items()]
    return book(("附表", rows, merged))


def titles_between() -> bytes:
    """Types as rows between the indicators, with their points; 小计 below each, 总计 at the end, notes and a signature below."""
    rows: list[list[Any]] = [["幸福社区测评体系"], ["序号", "测评项目", "测评内容", "标准分", "计分办法", "自评分"]]
    merged = ["A1:F1"]
    for number, (kind, groups) in enumerate(TYPES.items()):
        rows.append([f"{'一二三四五'[number]}、{kind}社区（140分）"])
        merged.append(f"A{len(rows)}:F{len(rows)}")
        for one in (one for group in groups.values() for one in group):
            rows.append([len(rows), one[0], one[2], one[1], one[3]])
        rows.append(["小计", "", "", 140])
    rows += [
        ["总计", "", "", 700],
        ["注：本表由街道办负责解释。"],
        ["发生重大刑事案件的一票否决。"],
        ["填表人：", "", "审核人："],
    ]
    return book(("测评表", rows, merged))


def points_in_words() -> bytes:
    """No column of points: they stand behind the names, and those of groups behind theirs."""
    rows: list[list[Any]] = [["社区类型", "项目", "指标", "考核内容", "考核办法"]]
    for kind, groups in TYPES.items():
        for group, inner in groups.items():
            for i, (name, points, content, scoring) in enumerate(inner):
                total = sum(one[1] for one in inner)
                rows.append(
                    [kind, f"{group}（{total:g}分）" if i == 0 else "", f"{name}（{points:g}分）", content, scoring]
                )
    return book(("考核表", rows, []))


def split_over_sheets() -> bytes:
    """A sheet a type, named after it; the last goes on over a second sheet without a header."""
    sheets: list[tuple[str, list[Any], list[str]]] = []
    for kind, groups in TYPES.items():
        rows = [(group if i == 0 else "", *one) for group, inner in groups.items() for i, one in enumerate(inner)]
        head = ("一级指标", "二级指标", "分值", "测评内容", "评分办法")
        sheets.append((f"{kind}指标", [head, *rows], []))
    last = sheets.pop()
    return book(*sheets, (last[0], last[1][:4], []), ("续表", last[1][4:], []))


def repeated_headers() -> bytes:
    """The header once more on every printed page, blank rows between, points of groups in a column of their own."""
    head = ["类型", "一级指标", "分值", "二级指标", "分值", "测评内容", "评分办法", "责任科室", "测评方法"]
    rows: list[list[Any]] = [["指标体系"], head]
    for number, (kind, group, name, points, content, scoring) in enumerate(lines()):
        if number and number % 8 == 0:
            rows += [[], head]
        total = sum(one[1] for groups in TYPES.values() for one in groups.get(group, ())) if group else ""
        rows.append([kind, group, total, name, points, content, scoring, "事务办、综治办", "材料审核"])
    return book(("附表", rows, []))


def in_word() -> bytes:
    """A Word document: a title, a table a type under its heading, the last one broken in two by a page, merged groups."""
    body = [paragraph("幸福社区测评体系（2014年）")]
    head = ("一级指标", "二级指标", "分值", "测评内容", "评分办法")
    for kind, groups in TYPES.items():
        rows = [row(*head)]
        for group, inner in groups.items():
            for i, (name, points, content, scoring) in enumerate(inner):
                rows.append(
                    row(
                        cell(group if i == 0 else "", 1, "restart" if i == 0 else "continue"),
                        name,
                        f"{points:g}",
                        content,
                        scoring,
                    )
                )
        body += [paragraph(f"{kind}·（140分）")]
        body += [table(*rows)] if kind != "和谐型" else [table(*rows[:4]), paragraph(""), table(*rows[4:])]
    return document(*body, paragraph("注：本表由街道办负责解释。"))
