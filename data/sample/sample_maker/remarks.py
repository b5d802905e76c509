"""What residents wish for in their own words, by the item that they rate lowest."""

from __future__ import annotations

import numpy as np

from .opinions import ITEMS

_WISHES = {
    "A1": ("选举多宣传,候选人情况早点公布", "楼组长也应该大家选"),
    "A2": ("账目公开写得看不懂", "财务公开栏半年没换了", "物业费和公共收益要公开"),
    "A3": ("多开居民会议", "改造方案先问问居民意见", "年轻人上班,会议放在晚上"),
    "A4": ("办事一视同仁", "窗口态度再好一点"),
    "A5": ("反映了三次下水道,还没有回音", "意见箱要有人看", "反映问题要有答复"),
    "B1": ("楼道堆物太多", "楼道灯坏了没人修", "小巷子积水"),
    "B2": ("小区绿化少", "希望有个小公园", "老人没有地方坐"),
    "B3": ("停车难", "停车位太少,消防通道被占", "一楼违建要拆", "烧烤摊夜里太吵"),
    "B4": ("垃圾桶离家太远", "垃圾清运不及时,夏天有味道", "垃圾分类没人管"),
    "B5": ("河水发臭", "工地夜间施工噪声大", "广场舞音量小一点"),
    "C1": ("办证跑了两趟", "周末也能办事就好了"),
    "C2": ("社区卫生站药不全", "希望能在社区刷医保卡"),
    "C3": ("要有老年食堂", "放学后孩子没人带", "希望办日间照料中心"),
    "C4": ("多介绍工作", "低保户情况要核实"),
    "C5": ("没有菜场", "修家电的搬走了", "公交站太远"),
    "D1": ("健身器材坏了", "想要个乒乓球室", "活动室白天不开门"),
    "D2": ("活动太少", "活动都是老年人的", "元宵灯会再办一次"),
    "D3": ("图书室更新书", "讲座放在周末"),
    "D4": ("暑假给孩子办班", "青少年没有活动场地"),
    "D5": ("遛狗不牵绳", "高空抛物没人管"),
    "E1": ("装监控", "晚上巷子太黑,不安全", "外来人员要登记"),
    "E2": ("邻居都不认识,多组织活动", "老人结对要坚持"),
    "E3": ("楼上漏水调解不了", "纠纷处理要快"),
    "E4": ("灭火器过期了", "电瓶车在楼道充电", "电动车经常被偷"),
    "E5": ("租客多,没有家的感觉", "希望多关心新搬来的人"),
}
_CONTENT = ("很好,没有意见", "越来越好", "谢谢社区工作人员", "保持就好", "加装电梯")


def remark(levels: np.ndarray, draw: float) -> str:
    """One wish of a person whose 25 answers are given; ``draw`` is uniform on 0–1."""
    opinions = np.where((levels >= 1) & (levels <= 5), levels, 0)
    worst = int(opinions.max())
    if worst <= 2:
        return _CONTENT[int(draw * len(_CONTENT))]
    candidates = [text for item, level in zip(ITEMS, opinions, strict=True) if level == worst for text in _WISHES[item]]
    return candidates[int(draw * len(candidates))]
