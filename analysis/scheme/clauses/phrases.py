"""How an annex says that points are earned, read as one of the rules: 每少一次扣2分, 95%以上得20分，…, 按比例得分.

A clause is read whole or not at all: what no pattern explains, and what could be read two ways, is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.scheme.clauses.graded import read_graded
from analysis.scheme.clauses.numerals import UNIT, N, plain
from analysis.scheme.clauses.readings import Reading, asked, number_text

_PERIODS: Mapping[str, int] = {
    "半年": 2,
    "双月": 6,
    "2个月": 6,
    "季度": 4,
    "季": 4,
    "学期": 2,
    "年度": 1,
    "年": 1,
    "个月": 12,
    "月": 12,
    "周": 52,
}
_PERIOD = "|".join(_PERIODS)
#: measured, not counted: a fraction may be reported
_BY_PERIOD = re.compile(r"季|月|半年|周|学期|旬|每天|每日")
_MEASURED = re.compile(r"平方米|平米|㎡|m2|公里|小时|课时|万元|元")
_UP = r"多|超过|超出|超|增加|增|高于|高|上升"
_DOWN = r"减少|少于|少|缺席|缺少|缺|低于|低|差|不足|下降|降低|降|漏|未"
_EACH_OFF = re.compile(
    rf"(?:每(?:再)?|(?:(?<=,)|^)(?=(?:缺席|[多超少缺低])(?:召开|开)?{N}))(?:(?P<up>{_UP})|(?P<down>{_DOWN}))"
    rf"(?:召开|开展|完成|开|报|做|办|建|设)?(?:于)?(?:目标值|目标|标准|指标|要求|规定)?(?P<step>{N})?(?P<unit>{UNIT})?"
    rf"[^扣\d,]{{0,8}}扣(?:除)?(?P<off>{N})分"
)
_TARGET = re.compile(
    rf"(?:目标|应|须|需|要求|达到|达|不少于|不低于|至少|共|任务|指标|标准|计划)[^\d,]{{0,8}}?(?P<n>{N})(?P<unit>{UNIT})?"
    r"(?:及以上|以上)?(?:的)?(?:得|为)?(?:满分)?"
)
_FULL_AT = re.compile(rf"(?P<n>{N})(?P<unit>{UNIT})?(?:及以上|以上)?(?:的)?(?:得|为)?满分")
_SHORT_OF = re.compile(rf"(?:少于|低于|不足|未达到|未达|不到)[^\d,]{{0,6}}(?P<n>{N})(?P<unit>{UNIT})?(?:的)?(?=,|$)")
_BEYOND = re.compile(rf"(?:超过|超出|高于|多于|大于)[^\d,]{{0,6}}(?P<n>{N})(?P<unit>{UNIT})?(?:的)?(?=,|$)")
_LIMIT = re.compile(
    rf"(?:(?:低于|不超过|不高于|少于|不多于|小于|控制在)[^\d,]{{0,6}}(?P<n>{N})(?P<unit>{UNIT})?(?:以内|以下)?"
    rf"|(?P<m>{N})(?P<unit2>{UNIT})?(?:以内|之内|内|及以下|以下))(?:[^\d,扣]{{0,6}}满分|(?:的)?(?:得|为)?(?:满分)?)"
)
_NOTHING_LEFT = re.compile(r"(?:本项|该项|此项)?(?:分值)?扣[完满光](?:本项分|该项分|分)?为止|不计负分|不得负分")
_CAP = re.compile(rf"(?:累计|合计)?(?:最多|最高|封顶|上限)(?:扣)?(?P<a>{N})分|以(?P<b>{N})分为限|扣完(?P<c>{N})分为止")
_NONE_GETS_ALL = re.compile(r"(?:零|0|未|无|没有)(?:发生|出现)?[^,\d扣得]{0,10}(?:的)?(?:得|为)?满分|^扣分[:=]")
_OCCURS = r"(?:每|凡|如|若|因|被|有|发生|出现|发现|查实|存在|造成|经)"
_CASE = r"(?:人次|户次|[起例次处件个项宗人户条])"
_PER_CASE = re.compile(
    rf"(?P<before>[^\d,]*?)(?:1{_CASE})?(?P<after>[^\d,扣]*?)(?:,?1{_CASE})?(?:的|者)?,?(?:每{_CASE})?扣(?:除)?(?P<n>{N})分"
    rf"(?:/{_CASE})?"
)
_EACH_CASE = re.compile(rf"(?:^|(?<=,))每1?{_CASE}(?P<n>{N})分")
_BY_KIND = re.compile(rf"(?P<kind>[^\d,:=扣]+?)[:=]?(?:扣)?(?P<n>{N})分(?:/|每)1?{_CASE}")
_NOISE = re.compile(rf"^(?:每1?{_CASE}|{_OCCURS}|1|的|再)+|(?:的|者|,|(?:每|1){_CASE}|每|1)+$|^{_CASE}$")
_PERIODIC = re.compile(
    rf"(?:全年)?(?:坚持)?(?:每|^)(?P<each>1|个)?(?P<period>{_PERIOD})(?:度)?[^\d,扣得]{{0,14}}?(?P<n>{N})(?P<unit>{UNIT})"
    r"[^\d,扣得]{0,10}?(?:及以上|以上)?"
)
_COUNT = re.compile(rf"[^\d,扣得每]*?(?P<n>{N})(?P<unit>{UNIT})(?:及以上|以上)?(?:的)?[^\d,扣得每]{{0,8}}")
#: what speaks of points; 满意, 部分, 分类 and 获得 do not
_OF_POINTS = re.compile(r"\d|扣|(?<![获取])得|(?<![部充十])分(?![类布别工])|满(?!意)")
#: longer texts are no clause but a whole page
_LONGEST = 300
_YEARLY = re.compile(rf"(?:全年|每年|一年|年度)(?:共|合计|不少于|至少)?[^\d,扣得]{{0,6}}(?P<n>{N})(?P<unit>{UNIT})")
_TAIL = re.compile(
    r"(?:(?:加满|得满|满分|得满分)为止|(?:的)?(?:得|为|计)?满分|按(?:完成)?(?:比例|次数|数量|个数)(?:得分|计分|折算|计算)?|不足(?:的)?按比例(?:得分|计分|扣分|折算)?"
    r"|其余按比例(?:得分|计分)?|未达到(?:的)?按比例(?:得分|计分|扣分)?)"
)
_EACH_GETS = re.compile(
    rf"(?:每|1)(?:做到|完成|达到|建成|开展|组织|举办|落实|符合|新增|增加|培育|创建|参加|获得|有)?(?:1)?"
    rf"(?:{_CASE}|[场家支名份篇])[^\d,扣]{{0,10}}?(?:得|(?P<more>加)|计)(?P<each>{N})分"
)
_AT_MOST = re.compile(rf"(?:本项|该项)?(?:最多|最高|满分|封顶|上限|不超过|以)(?:得)?(?P<n>{N})分(?:为止|为限)?")
_PART_OF = re.compile(r"(?:共|满)?(?P<n>\d+)(?:项|条|个)(?:标准|要求|内容)?")
_SPOTS = re.compile(
    r"(?:随机|现场|实地)*(?:抽查|抽取|抽样|抽检|检查|查看|走访|入户|访问|回访)[^\d,]{0,4}(?P<n>\d+)(?:[处个条户点家人名栋台块]|单元)[^\d,扣得每]{0,8}"
)
_SPOT_GETS = re.compile(
    rf"(?:每|合格|达标|满意|1)*(?:合格|达标|满意)?1?(?:[处个条户点家人名栋台块]|单元)[^\d,扣得]{{0,6}}(?:得|计)?(?P<each>{N})分"
)
_BY_SHARE = re.compile(r"按合格(?:率|比例|处数|点数|数)?(?:计分|得分)?|按比例(?:计分|得分)?")
_IN_PROPORTION = re.compile(
    rf"[^\d,扣]*(?:按(?:实际)?(?:完成)?(?:比例|百分比|进度|[^\d,扣得按]{{0,6}}率)(?:折算|换算|计算)?(?:得分|计分|计算|给分|扣分|扣减)?"
    rf"|(?:乘以|乘|×|\*)(?:满分|分值|该项分值|(?P<pts>{N})分?)(?:计分|计|得分|计算)?)"
)
_JUDGED = re.compile(
    r"[^\d]*(?:考评|考核|评审|专家|评委|领导|检查|验收|测评|主管|街道|科室|小组)[^\d,]*(?:打分|评分|给分|评定|评议|赋分)[^\d]*"
    r"|[^\d]*酌情[^\d]*分[^\d]*|[^\d]*综合(?:评价)?(?:评分|打分|评定)[^\d]*"
)
_RELATIVE = re.compile(
    r"(?:全市|全区|全省|全国|全县|街道|各社区|同类|同期|上年|去年|上年度|往年)[^,]{0,6}(?:平均|均值|水平|排名|中位)|排名|名次|位次|同比|环比|[较比与和](?:上年|去年|上年度)"
    r"|前\d+名|第\d+名|(?:高于|低于|超过)(?:上年|去年|平均)"
)


@dataclass
class _Clause:
    """A clause being read: ``rest`` is what no pattern has explained yet."""

    text: str
    points: float
    family: str
    rest: str = field(init=False)

    def __post_init__(self) -> None:
        self.rest = self.text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, taken out of ``rest``."""
        match = pattern.search(self.rest)
        if match:
            self.rest = f"{self.rest[: match.start()]},{self.rest[match.end() :]}"
        return match

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match, taken out of ``rest`` one after the other."""
        found = []
        while match := self.take(pattern):
            found.append(match)
        return found

    def points_differ(self, said: str) -> Reading:
        """The question about points that the clause adds up to and the indicator does not have."""
        return asked("points_differ", self.text, said=said, points=number_text(self.points))

    @property
    def explained(self) -> bool:
        """Whether nothing is left that could say anything about points."""
        return not _OF_POINTS.search(self.rest)


def read_clause(text: str, points: float, family: str = "") -> Reading | None:
    """The rule that a clause describes for an indicator of so many points; None where it is not understood.

    ``family``: the rule that was written beside it, ``""`` where none was; it decides what the words leave open.
    """
    words = plain(text)
    if not words or len(words) > _LONGEST:
        return None
    if "一票否决" in words:
        return asked("veto", text)
    if _RELATIVE.search(words):
        return Reading("manual", note="typed_in", params={"found": text})
    if _JUDGED.fullmatch(words):
        return Reading("manual")
    readers: tuple[Callable[[_Clause], Reading | None], ...] = (
        _ends,
        _off_target,
        _spots,
        _graded,
        _each_gets,
        _deducted,
        _periodic,
        _proportion,
        _counted,
    )
    for read in readers:
        found = read(_Clause(words, points, family))
        if found is not None:
            return found
    return None


def _off_target(clause: _Clause) -> Reading | None:
    """So many points off for each one short of a target, or over a limit."""
    clause.rest = clause.rest.replace(f"得{number_text(clause.points)}分", "得满分")
    each = clause.take(_EACH_OFF)
    if each is None:
        return None
    clause.take(_NOTHING_LEFT)
    cap = clause.take(_CAP)
    over = bool(each["up"])
    if not over and (period := clause.take(_PERIODIC)):
        return _off_period(clause, period, each, cap)
    patterns = (_BEYOND, _LIMIT, _FULL_AT, _TARGET) if over else (_FULL_AT, _TARGET, _SHORT_OF)
    goal = next((match for pattern in patterns if (match := clause.take(pattern))), None)
    percent = "%" in clause.text or "百分点" in clause.text
    if goal is None:
        lacks = each["down"] in ("缺", "漏", "缺少") and clause.family in ("", "deduct_per_case") and not percent
        if lacks and clause.explained and each["step"] in (None, "1"):
            return Reading("deduct_per_case", f"case={each['off']}" + _cap(cap))
        return asked("no_target", clause.text)
    if not clause.explained or cap:
        return None
    aim = goal["n"] or goal.groupdict().get("m")
    step = "" if each["step"] in (None, "1") else f" step={each['step']}"
    return Reading("off_target", f"{'limit' if over else 'target'}={aim} each={each['off']}{step}", percent)


def _off_period(
    clause: _Clause, period: re.Match[str], each: re.Match[str], cap: re.Match[str] | None
) -> Reading | None:
    """So many points off for each one short of so many in each quarter, month …"""
    year = _of_year(clause, period)
    if year is None or not clause.explained or cap:
        return None
    step = "" if each["step"] in (None, "1") else f" step={each['step']}"
    return Reading("off_target", f"target={number_text(year)} each={each['off']}{step}")


def _of_year(clause: _Clause, match: re.Match[str]) -> float | None:
    """The target of a year out of that of a quarter or a month; None where the clause says another for the year."""
    if "%" in match["unit"] or "百分点" in match["unit"]:
        return None
    total = clause.take(_YEARLY)
    year = float(match["n"]) * _PERIODS[match["period"]]
    return None if total and float(total["n"]) != year else year


def _cap(match: re.Match[str] | None) -> str:
    return f" cap={match['a'] or match['b'] or match['c']}" if match else ""


def _graded(clause: _Clause) -> Reading | None:
    return read_graded(clause.text, clause.points, clause.family)


def _deducted(clause: _Clause) -> Reading | None:
    """So many points off a case, by kind where several kinds are told apart."""
    clause.rest = clause.rest.replace(f"得{number_text(clause.points)}分", "得满分")
    clause.take(_NOTHING_LEFT)
    clause.take(_NONE_GETS_ALL)
    cap = clause.take(_CAP)
    found = [(_kind(match["kind"]), match["n"]) for match in clause.take_all(_BY_KIND)]
    if not found and clause.family == "deduct_per_case" and (match := clause.take(_EACH_CASE)):
        found.append(("", match["n"]))
    found += [(_kind(m["before"]) or _kind(m["after"]), m["n"]) for m in clause.take_all(_PER_CASE)]
    if not found or not clause.explained:
        return None
    names = [name or "case" for name, _ in found]
    if len(set(names)) < len(names) or (len(names) > 1 and "case" in names):
        return None
    return Reading("deduct_per_case", " ".join(f"{n}={v}" for n, (_, v) in zip(names, found, strict=True)) + _cap(cap))


def _kind(text: str) -> str:
    """The kind of case in a phrase, without the words around it."""
    before = None
    while text != before:
        before, text = text, _NOISE.sub("", text).strip(",:=、")
    return re.sub(r"[\s,;、:=]+", "", text)


def _periodic(clause: _Clause) -> Reading | None:
    """So many in each quarter, month …: the target of the year."""
    match = clause.take(_PERIODIC)
    if match is None:
        return None
    year = _of_year(clause, match)
    clause.take_all(_TAIL)
    if year is None or not clause.explained:
        return None
    return Reading("count_target", f"target={number_text(year)}")


def _counted(clause: _Clause) -> Reading | None:
    """At least so many; in proportion below."""
    if (
        clause.family not in ("", "count_target")
        or _BY_PERIOD.search(clause.text)
        or re.search(r"(?:以内|以下|不超过|不高于|少于|低于)(?<!不少于)(?<!不低于)", clause.text)
    ):
        return None
    match = clause.take(_COUNT)
    clause.take_all(_TAIL)
    if match is None or not clause.explained or "%" in match["unit"] or "百分点" in match["unit"]:
        return None
    if _MEASURED.fullmatch(match["unit"]):
        return Reading("ratio_linear", f"zero=0 full={match['n']}")
    return Reading("count_target", f"target={match['n']}")


def _each_gets(clause: _Clause) -> Reading | None:
    """So many points for each one, up to full marks."""
    match = clause.take(_EACH_GETS)
    if match is None:
        return None
    most, parts = clause.take(_AT_MOST), clause.take(_PART_OF)
    clause.take_all(_TAIL)
    if not clause.explained:
        return None
    if match["more"] and not most:  # points on top, up to nobody knows what
        return None
    if most and float(most["n"]) != clause.points:
        return clause.points_differ(most["n"])
    of = clause.points / float(match["each"])
    if parts and float(parts["n"]) != of:
        return clause.points_differ(number_text(float(parts["n"]) * float(match["each"])))
    if clause.family == "judged_levels" and of.is_integer():
        return Reading("judged_levels", f"k_of={number_text(of)}")
    if clause.family == "checklist" and of.is_integer():
        return Reading("checklist", f"spots={number_text(of)}")
    return Reading("count_target", f"target={number_text(of)}")


def _spots(clause: _Clause) -> Reading | None:
    """So many places that are looked at, each worth its share."""
    match = clause.take(_SPOTS)
    if match is None:
        return None
    each = clause.take(_SPOT_GETS)
    clause.take_all(_BY_SHARE)
    if not clause.explained:
        return None
    if each and abs(float(each["each"]) * float(match["n"]) - clause.points) > 1e-9:
        return clause.points_differ(number_text(float(each["each"]) * float(match["n"])))
    return Reading("checklist", f"spots={match['n']}")


def _proportion(clause: _Clause) -> Reading | None:
    """In proportion to a rate: all of it for 100 %, or for the value that earns full marks."""
    full = clause.take(_FULL_AT)
    match = clause.take(_IN_PROPORTION)
    clause.take_all(_TAIL)
    if match is None or not clause.explained:
        return None
    if match["pts"] and float(match["pts"]) != clause.points:
        return clause.points_differ(match["pts"])
    if full and full["unit"] and full["unit"] != "%" and not _MEASURED.fullmatch(full["unit"]):
        return Reading("count_target", f"target={full['n']}")
    return Reading("ratio_linear", f"zero=0 full={full['n'] if full else 100}", full is None or full["unit"] == "%")


def _ends(clause: _Clause) -> Reading | None:
    """Two ends by name; or without a word which of them is full marks, where only a rising pair says so by itself."""
    named = {
        full: re.fullmatch(rf"{first}(?P<a>{N})(?P<unit>%)?,{second}(?P<b>{N})%?", clause.text)
        for full, first, second in (("a", "满分[:=]?", "0分[:=]?"), ("b", "0分[:=]?", "满分[:=]?"))
    }
    for full, found in named.items():
        if found:
            zero = found["b" if full == "a" else "a"]
            return Reading("ratio_linear", f"zero={zero} full={found[full]}", found["unit"] is not None)
    match = re.fullmatch(rf"({N})%?(?:-|→|至|到|\.\.)({N})%?", clause.text)
    if match is None or float(match[1]) <= float(match[2]):
        return None
    return asked("which_end", clause.text, first=match[1], second=match[2])
