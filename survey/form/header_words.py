"""The words over a column by which it is recognised: the community, the year, the way of the interview, a call's outcome …

One file for all of them, so that a word that a street uses has one place to be added: what a sheet of any kind may say, what
records of calls say, and by what else than its label the default questionnaire knows a column.  Width, case and spaces do not
count.  The project's own workbooks name their columns where they are read (docs/files.md).
"""

from __future__ import annotations

from collections.abc import Mapping

#: how a questionnaire asks for the community, in the words that stand over such a column
_COMMUNITY_ASKED = ("居住的社区名称", "您所在的社区", "您居住的社区")
COMMUNITY = ("社区", "社区名称", "所在社区", "所属社区", "社区编号", *_COMMUNITY_ASKED, "社区(村)", "村(社区)", "所属社区(村)",
             "所在社区(村)", "社区/村", "村/社区", "所属村(社区)", "所在村(社区)", "community", "community code")  # fmt: skip
#: numbers of people, where the questionnaire calls them otherwise
RESPONDENT = ("编号", "问卷编号", "问卷编码", "问卷号", "问卷序号", "答卷编号", "答卷号", "样本编号", "样本号", "样本编码",
              "受访者编号", "被访者编号", "调查编号", "个人编号", "人员编号", "编码", "respondent", "respondent id", "id")  # fmt: skip
YEAR = ("年度", "年份", "调查年份", "调查年度", "year")
MODE = ("调查方式", "访问方式", "填写方式", "问卷类型", "问卷来源", "答卷方式", "填答方式", "调查形式", "采集方式", "收集方式",
        "回收方式", "数据来源", "方式", "问卷方式", "作答方式", "答题方式", "完成方式", "访谈方式", "采访方式", "填报方式",
        "填表方式", "数据采集方式", "问卷形式", "调查途径", "调查渠道", "答卷渠道", "问卷渠道", "回收渠道", "收集渠道", "mode",
        "mode of interview", "survey mode", "interview mode")  # fmt: skip
#: what a header says that asks for the year or the day of birth, as ``header_key`` gives it
BORN = (
    "出生年",
    "出生日期",
    "出生时间",
    "生日",
    "生于",
    "哪年出生",
    "yearofbirth",
    "birthyear",
    "dateofbirth",
    "birthdate",
)
#: a date that tells the year of an interview
DATE = ("填写日期", "调查日期", "访问日期", "日期", "填表日期", "提交时间", "填写时间", "提交答卷时间", "开始时间", "结束时间",
        "开始答题时间", "结束答题时间", "拨打时间", "拨打日期", "呼叫时间", "访问时间", "通话时间", "date", "submitdate", "start",
        "end", "today", "startdate", "datestamp", "submitted", "_submission_time", "date filled in", "call time")  # fmt: skip

#: records of calls: what a column holds → the headers it goes by (any width and case, spaces and ``_`` aside)
CALLS: Mapping[str, tuple[str, ...]] = {
    "outcome": ("访问结果", "拨打结果", "呼叫结果", "通话结果", "接听结果", "联系结果", "接触结果", "电访结果", "外呼结果",
                "访问状态", "呼叫状态", "通话状态", "拨打状态", "拨打情况", "访问情况", "接听情况", "联系情况", "结果代码",
                "最终结果", "outcome", "disposition", "call outcome", "call result", "final outcome", "final result",
                "final disposition", "contact outcome", "disposition code", "outcome code"),
    "respondent": ("编号", "样本编号", "样本号", "样本序号", "样本id", "受访者编号", "被访者编号", "访问对象编号", "问卷编号",
                   "户编号", "名单编号", "用户编号", "客户编号", "respondent", "respondent id", "respondent number",
                   "sample id", "sample number", "case", "case id", "serial", "serial number"),
    "community": COMMUNITY,
    "year": YEAR,
    "phone": ("电话", "电话号码", "联系电话", "手机", "手机号", "手机号码", "被叫号码", "号码", "phone", "phone number",
              "telephone", "mobile", "number"),
    "person": ("姓名", "受访者姓名", "被访者", "联系人", "户主", "name"),
    "interviewer": ("访员", "访问员", "调查员", "话务员", "坐席", "座席", "工号", "访员编号", "拨打人", "interviewer",
                    "agent", "caller", "operator"),
    "attempt": ("第几次", "第几次拨打", "拨打次数", "呼叫次数", "访问次数", "联系次数", "拨打次序", "次数", "次序", "轮次",
                "attempt", "attempt number", "attempts", "call number", "call no"),
    "at": ("拨打时间", "呼叫时间", "外呼时间", "访问时间", "通话时间", "通话开始时间", "呼叫开始时间", "联系时间", "开始时间",
           "拨打日期时间", "时间", "call time", "time", "started", "start time", "datetime", "called at"),
    "date": ("拨打日期", "呼叫日期", "访问日期", "调查日期", "联系日期", "日期", "date", "call date"),
    "duration": ("通话时长", "通话时长(秒)", "时长", "时长(秒)", "呼叫时长", "访问时长", "duration", "call duration", "seconds"),
}  # fmt: skip
#: headers of calls that say "outcome" only where the cells below do
WEAK_OUTCOME = ("结果", "状态", "情况", "备注结果", "result", "status")

#: the default questionnaire: role → what its column goes by beside the label
ALIASES: Mapping[str, tuple[str, ...]] = {
    "start": ("开始时间", "开始答题时间", "访问开始时间"),
    "end": ("结束时间", "结束答题时间", "访问结束时间"),
    "duration": ("通话时长(秒)", "访问时长", "答题时长", "所用时间", "时长"),
    "respondent": ("问卷编号", "序号", "respondent"),
    "community": ("社区名称", "所在社区", *_COMMUNITY_ASKED, "所属社区", "S3"),
    "year": ("年度", "调查年份"),
    "interviewer": ("访问员", "调查员"),
    "submitted": ("调查日期",),
    "phone": ("电话", "手机", "手机号", "手机号码"),
    "age": ("周岁", "age"),
    "age_band": ("年龄组",),
}
