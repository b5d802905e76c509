"""Clauses written without looking at the patterns: each is read rightly or left to a person, none is read wrongly.

``""``: asked, or not understood, which is asked, too.
"""

from __future__ import annotations

import pytest

from analysis.scheme.clauses.phrases import read_clause
from analysis.scheme.rules.rules import parse_rule

POINTS = 20.0
CLAUSES = {
    "每缺一次扣3分，扣完为止": "deduct_per_case case=3",
    "全年召开居民代表大会2次以上得满分，每少1次扣5分": "off_target target=2 each=5",
    "建有社区文化活动室得10分，配备专职管理员得10分": "",
    "覆盖率达100%得20分，每下降5个百分点扣2分": "off_target target=100 each=2 step=5%",
    "社区志愿者人数占常住人口10%以上的得20分，8%以上的得15分，5%以上的得10分，5%以下的不得分": "ratio_banded 10:1 8:0.75 5:0.5 else:0%",
    "无重大事故得满分，发生1起重大事故不得分": "judged_levels 无重大事故:1 发生1起重大事故:0",
    "发生一起一般事故扣5分，发生一起重大事故扣20分": "deduct_per_case 一般事故=5 重大事故=20",
    "每开展1次活动得2分，最高20分": "count_target target=10",
    "每季度至少开展一次活动，少一次扣5分": "off_target target=4 each=5",
    "有专人负责得5分，有制度得5分，有台账得10分": "",
    "党员报到率90%及以上得20分；80%（含）—90%得15分；70%（含）—80%得10分；70%以下不得分": "ratio_banded 90:1 80:0.75 70:0.5 else:0%",
    "按照完成比例计分，完成率低于60%不得分": "",
    "随机抽查20户，知晓率每低1%扣0.5分，低于80%不得分": "",
    "群众满意率90%以上得满分，每降低1个百分点扣1分，扣完为止": "off_target target=90 each=1%",
    "满意率≥95%，20分；≥90%，15分；≥85%，10分；＜85%，0分": "",
    "实地查看5处公共设施，有1处损坏扣4分": "",
    "资料齐全得20分，基本齐全得12分，不齐全得0分": "judged_levels 资料齐全:1 基本齐全:0.6 不齐全:0",
    "优20分，良16分，中12分，差0分": "judged_levels 优:1 良:0.8 中:0.6 差:0",
    "一级20分、二级15分、三级10分、无0分": "judged_levels 一级:1 二级:0.75 三级:0.5 无:0",
    "每万人刑事案件发案数不超过30起得满分，每超1起扣1分": "off_target limit=30 each=1",
    "三个及以上得20分，两个得15分，一个得10分，没有不得分": "ratio_banded 3:1 2:0.75 1:0.5 else:0",
    "每户扣1分，最多扣10分": "deduct_per_case case=1 cap=10",
    "按实际开展次数计算，每次5分，满分20分": "",
    "市级以上表彰每次加5分": "",
    "根据材料酌情给分": "manual",
    "由考评小组现场打分，取平均分": "manual",
    "查阅资料，每缺一项扣2分": "deduct_per_case case=2",
    "每少一名社工扣4分，不足4名的按比例": "",
    "每百户居民拥有综合服务设施面积不低于30平方米，每少1平方米扣1分": "off_target target=30 each=1",
    "每百户30平方米以上得满分，20至30平方米得10分，20平方米以下不得分": "ratio_banded 30:1 20:0.5 else:0",
    "达到30平方米得满分，不足的按比例折算": "ratio_linear zero=0 full=30",
    "绿化覆盖率35%以上得20分，30-35%得16分，25-30%得12分，其余0分": "ratio_banded 35:1 30:0.8 25:0.6 else:0%",
    "垃圾分类覆盖率（按比例计算得分）": "ratio_linear zero=0 full=100%",
    "未发生得满分，发生的不得分": "judged_levels 未发生:1 发生:0",
    "落实得20分，部分落实得10分，未落实不得分": "judged_levels 落实:1 部分落实:0.5 未落实:0",
    "每年不少于12次，缺1次扣2分": "off_target target=12 each=2",
    "每两个月开展一次，全年6次": "count_target target=6",
    "完成率100%得满分，低于100%的按比例扣分": "",
    "100%完成得20分，完成90%以上得10分，其他不得分": "ratio_banded 100:1 90:0.5 else:0%",
    "出现越级上访1次扣10分，集体上访1次扣20分": "deduct_per_case 越级上访=10 集体上访=20",
    "投诉处理及时率95%（含）以上得20分，每低一个百分点扣2分，低于85%不得分": "",
    "有1项不符合要求扣2分，扣完为止": "deduct_per_case 不符合要求=2",
    "居民满意度按问卷得分折算": "",
    "90%为满分，60%为0分": "ratio_linear zero=60 full=90%",
    "95分以上得20分，90-94分得15分，80-89分得10分，80分以下不得分": "ratio_banded 95:1 90:0.75 80:0.5 else:0",
    "排名前三得满分，其余按名次递减": "manual",
    "与上年相比下降的得满分，上升的不得分": "manual",
    "每起2分": "",
    "4次以上得20分，3次得15分，2次得10分，1次得5分，0次不得分": "ratio_banded 4:1 3:0.75 2:0.5 1:0.25 0:0 else:0",
    "设立窗口并有专人值守得满分，仅设立窗口得10分，未设立不得分": "judged_levels 设立窗口并有专人值守:1 仅设立窗口:0.5 未设立:0",
    "至少3支队伍，每少一支扣5分": "off_target target=3 each=5",
    "达标率不低于98%，每低于0.5个百分点扣1分": "off_target target=98 each=1 step=0.5%",
    "每新增一个社会组织得5分，最多得20分": "count_target target=4",
    "检查中发现问题每处扣0.5分，不超过10分": "",
    "80%以上得8成，90%以上得9成，95%以上满分": "ratio_banded 95:1 90:0.9 80:0.8 else:0%",
    "全部达标得20分，1项不达标得10分，2项及以上不达标不得分": "judged_levels 全部达标:1 1项不达标:0.5 2项及以上不达标:0",
    "参与率：≥50%（20分），30%-50%（12分），<30%（0分）": "ratio_banded 50:1 30:0.6 else:0%",
    "户数达标率60%~90%按比例，90%以上满分，60%以下0分": "",
    "零投诉得20分，每投诉一次扣2分": "",
    "本年度获得区级荣誉得10分，市级荣誉得15分，省级及以上荣誉得20分": "judged_levels 省级及以上荣誉:1 市级荣誉:0.75 本年度获得区级荣誉:0.5",
    "未按时完成的每项扣3分，扣满为止": "deduct_per_case 未按时完成=3",
    "100-80分": "",
    "50%—90%": "",
    "活动开展每月不少于2次，全年不少于24次": "count_target target=24",
    "每半年至少召开1次，每少1次扣10分": "off_target target=2 each=10",
    "每月至少2次志愿服务，少1次扣1分": "off_target target=24 each=1",
    "全年举办邻居节1次以上得20分，未举办不得分": "",
    "配备社区工作者不少于8人，每缺1人扣2分": "off_target target=8 each=2",
    "居民对社区工作知晓率达到85%得满分，70%以下不得分，中间按插值法计算": "",
    "公示及时得20分，公示不及时得10分，未公示不得分": "judged_levels 公示及时:1 公示不及时:0.5 未公示:0",
    "每例重复信访扣4分": "deduct_per_case 重复信访=4",
    "隐患整改率=已整改数/应整改数×20分": "ratio_linear zero=0 full=100%",
    "制度上墙得4分，人员到位得6分，台账规范得10分": "",
    "完成任务数的100%得20分，每少10%扣4分": "off_target target=100 each=4 step=10%",
    "对照5项标准，达到1项得4分": "count_target target=5",
    "有1处乱贴乱画扣0.5分，最多扣20分": "deduct_per_case 乱贴乱画=0.5 cap=20",
    "入户走访10户，1户不满意扣2分": "",
    "建筑面积300平方米以上20分，200-300平方米15分，100-200平方米10分，100平方米以下5分": "ratio_banded 300:1 200:0.75 100:0.5 else:0.25",
    "老年人建档率≥90%得20分；每低2个百分点扣1分，扣完为止": "off_target target=90 each=1 step=2%",
    "年内无群体性事件得20分，有则不得分": "judged_levels 年内无群体性事件:1 有则:0",
    "90%-100%得20分，80%-90%得15分，80%以下得5分": "ratio_banded 90:1 80:0.75 else:0.25%",
    "参加培训人次达到100人次得满分，每少10人次扣2分": "off_target target=100 each=2 step=10",
    "由街道综治办评定，好20分、较好15分、一般10分、差0分": "",
    "达不到要求的酌情扣分": "manual",
    "未建立档案扣10分，档案不完整扣5分": "deduct_per_case 未建立档案=10 档案不完整=5",
    "每季一次，一次不落实扣5分": "",
    "辖区单位签约率：80%以上，20分；60%—80%，10分；其余0分": "",
    "居民代表会议每年召开不少于两次（每次10分）": "",
    "查看记录，缺1次会议记录扣5分，缺1次签到扣2分": "",
    "无黑网吧得20分，有1家扣10分，扣完为止": "",
    "新建或改造公园1个以上满分": "count_target target=1",
    "按80%、60%、40%三档分别得20分、12分、6分": "",
    "每发现一处卫生死角扣一分，扣完二十分为止": "deduct_per_case 卫生死角=1 cap=20",
    "居民参与率30%-90%按比例得分": "",
}


@pytest.mark.parametrize(("clause", "said"), CLAUSES.items())
def test_a_clause_is_read_rightly_or_asked(clause: str, said: str) -> None:
    found = read_clause(clause, POINTS)
    if found is None or found.problem:
        assert said == ""
        return
    parse_rule(found.rule, found.parameters)
    assert f"{found.rule} {found.parameters}".strip() + ("%" if found.percent else "") == said


def test_more_than_half_are_read():
    assert sum(bool(said) for said in CLAUSES.values()) > len(CLAUSES) / 2
