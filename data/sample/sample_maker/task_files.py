"""The filled-in task list of 2013: what the offices of the invented street wanted to do, so that 2014 says what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from .books import workbook
from .street import PLACES

#: community (last two digits), code, action, person, deadline, progress; people and actions are invented
_TASKS: tuple[tuple[str, str, str, str, date, str], ...] = (
    ("04", "ST03", "老旧小区改造同步补绿，管养包干到人", "示例甲", date(2014, 6, 30), "进行中"),
    ("04", "B3", "乱设摊设疏导点，乱停车划线管理", "示例甲", date(2014, 5, 31), "已完成"),
    ("04", "HX03", "隐患建账，逾期一周由安监办上门督办", "示例乙", date(2014, 3, 31), "已完成"),
    ("04", "WH04", "楼栋评比改为每季一次", "示例丙", date(2014, 9, 30), "进行中"),
    ("02", "HX01", "夜间巡逻加密，楼道门禁补齐", "示例丁", date(2014, 4, 30), "已完成"),
    ("02", "ST02", "每周联合巡查，整改限三日", "示例甲", date(2014, 6, 30), "已完成"),
    ("01", "FW02", "卫生服务站每月两次入户建档", "示例戊", date(2014, 10, 31), "进行中"),
    ("01", "ZZ04", "公开栏与网上同步，社工每月核对", "示例己", date(2014, 2, 28), "未开始"),
    ("06", "WH02", "与辖区学校合办邻居节、重阳节", "示例丙", date(2014, 10, 31), "进行中"),
    ("06", "HX05", "楼道长带队登记志愿者", "示例庚", date(2014, 9, 30), "进行中"),
    ("09", "E1", "增设监控与夜间照明", "示例丁", date(2014, 8, 31), "进行中"),
    ("10", "FW01", "借用旧厂房一层作服务用房", "示例辛", date(2014, 12, 31), "未开始"),
)


def task_workbook() -> dict[str, bytes]:
    """File name → content."""
    names = {place.code: place.name for place in PLACES}
    rows: list[list[Any]] = [["年度", "社区", "编号", "整改措施", "责任人", "时限", "办理进展"]]
    rows += [
        [2013, names[f"SL{number}"], code, action, person, (day, "date"), progress]
        for number, code, action, person, day, progress in _TASKS
    ]
    return {"示例_整改任务_2013.xlsx": workbook({"整改任务": rows}, widths={"整改任务": (7, 12, 8, 40, 10, 12, 10)})}
