"""The scheme that ships: what the founding document of 2013 fixes, and 31 illustrative indicators.

The document (docs/methods.md, “The founding document”) fixes 700 + 300 points, five types with their offices, stars,
awards, vetoes, targets and phases.  Its annex with the real indicators of 2012 is not public: those here are
ILLUSTRATIVE, NOT THE OFFICIAL TABLE, and the scheme says so (``illustrative``).
"""

from __future__ import annotations

from analysis.scheme.model import Award, Dimension, Indicator, Phase, Scheme, Star, Target, Veto
from analysis.scheme.options import default_presets
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import words_for
from survey.core.lang import say

#: code, 中文, English, lead office, responsible offices
_DIMENSIONS = (
    ("autonomy", "自治型·民主公平感", "Autonomy · democracy and fairness", "组织办",
     "纪工委 事务办 司法所 财政办 城管办"),
    ("ecology", "生态型·环境舒适感", "Ecology · comfortable environment", "城管办",
     "宣传办 计生办 安监办 经济办 城管办"),
    ("service", "服务型·生活愉悦感", "Service · pleasant life", "事务办、社工办",
     "纪工委 组织办 综治办 司法所 劳动社保办 经济办 宣传办 计生办 城管办 团工委 妇联"),
    ("culture", "文化型·精神富有感", "Culture · rich spirit", "宣传办", "宣传办 文化站 司法所"),
    ("harmony", "和谐型·家园归属感", "Harmony · belonging", "综治办",
     "组织办 事务办 社工办 司法所 安监办 城管办 团工委 妇联 综治办"),
)  # fmt: skip

#: dimension → code, 中文, English, points, rule, parameters, unit, methods, office, content 中文, content English
_INDICATORS = {
    "autonomy": (
        ("ZZ01", "社区党组织与居委会班子建设", "Leadership team and work plan", 20,
         "judged_levels", "A:1 B:0.8 C:0.6 D:0", "", "HM", "组织办",
         "五项标准：班子健全、分工明确；有年度计划和总结；民主评议每年一次、结果公布；社区议监会按期议事、监督；"
         "驻社区单位社区建设责任评价已开展。五项齐全为 A，四项为 B，三项为 C，不足三项为 D",
         "Five standards: complete team with clear duties; yearly plan and report; democratic appraisal once a year, outcome "
         "published; supervisory council meets and oversees; units based in the community are appraised for their part in it. "
         "All five give A, four B, three C, fewer D"),
        ("ZZ02", "居委会选举居民参选率", "Turnout in residents' committee election", 25,
         "ratio_linear", "zero=30 full=90", "percent", "M", "组织办",
         "最近一次居委会选举的实际参选人数占登记选民的比例",
         "Voters among those registered at the latest election of the residents' committee"),
        ("ZZ03", "居民（代表）会议、听证会、论坛次数", "Deliberation meetings a year", 25,
         "count_target", "target=6", "次", "M", "事务办",
         "全年召开居民（代表）会议、社区听证会、社区论坛的次数，有记录可查，议题含社区大事的决策",
         "Recorded meetings of residents or their representatives, hearings and forums in the year, community decisions among "
         "their topics"),
        ("ZZ04", "居务、财务公开", "Disclosure of affairs and accounts", 25,
         "deduct_per_case", "missing=6 late=3", "次", "MF", "纪工委",
         "居务、财务每季度公开一次，全年 4 次，内容完整、时间及时",
         "Affairs and accounts are disclosed every quarter, 4 times a year, complete and in time"),
        ("ZZ05", "居民意见办理落实率", "Resident opinions resolved", 20,
         "ratio_banded", "98:1 95:0.9 90:0.75 80:0.5 else:0", "percent", "M", "事务办",
         "登记的居民意见、建议中按期答复并落实的比例",
         "Registered opinions and proposals that were answered in time and carried out"),
        ("ZZ06", "业委会组建与多方协调机制", "Owners' committees and coordination", 25,
         "ratio_linear", "zero=0 full=80", "percent", "MF", "司法所",
         "符合条件的住宅小区中已成立业委会，并与社区党组织、居委会、议监会、社会组织、物业服务企业建立协调机制的比例",
         "Eligible estates with an owners' committee and a coordination of party branch, residents' committee, supervisory council, "
         "organisations and property manager"),
    ),
    "ecology": (
        ("ST01", "生活垃圾日产日清与分类", "Daily waste removal and sorting", 25,
         "checklist", "spots=10", "处", "F", "城管办",
         "随机抽查 10 个投放点，无积存、无满溢、分类正确为合格",
         "Ten waste points at random; a pass has no backlog, no overflow and correct sorting"),
        ("ST02", "“六乱”整治", "Six disorders", 30,
         "deduct_per_case", "case=2", "例", "FO", "城管办",
         "乱搭建、乱张贴、乱设摊点、乱停车、乱堆放、乱排污，实地考察发现的例数",
         "Disorderly building, posting, stalls, parking, piling and discharge found on the field visit"),
        ("ST03", "绿化率与养护", "Greening and upkeep", 25,
         "ratio_banded", "35:1 30:0.8 25:0.6 else:0.3", "percent", "MF", "城管办",
         "社区绿化覆盖率，养护良好的绿地计入，门前屋后、屋顶墙体绿化和园林小品按面积计入",
         "Share of the community's area that is green and kept up; green roofs, walls, front gardens and small garden works count"),
        ("ST04", "新增违法建筑控制", "New illegal construction", 20,
         "deduct_per_case", "case=5", "例", "MF", "城管办",
         "当年新增且未拆除的违法建筑例数", "Illegal constructions newly built in the year and not removed"),
        ("ST05", "小街小巷与公共设施完好率", "Lanes and public facilities in order", 20,
         "checklist", "spots=10", "处", "F", "城管办",
         "随机抽查 10 处小街、小巷、小园的路面、照明、设施，完好为合格",
         "Ten lanes and small gardens at random; a pass has surface, lights and equipment in order"),
        ("ST06", "绿地认养与低碳宣传活动", "Green adoption and low-carbon activities", 20,
         "count_target", "target=6", "次", "M", "宣传办",
         "全年组织爱国卫生运动、绿化认养认种、低碳生活（布袋子菜篮子、可降解塑料袋、节能电器、无磷洗涤剂）宣传活动的次数",
         "Public health campaigns, adoption of green space, and activities for low-carbon living (reusable bags, degradable plastic, "
         "saving appliances, phosphate-free detergents) in the year"),
    ),
    "service": (
        ("FW01", "每百户社区服务用房面积", "Service floor space per 100 households", 25,
         "ratio_linear", "zero=0 full=30", "平方米", "MF", "事务办",
         "社区服务用房建筑面积按每百户计算", "Floor space of community service rooms per 100 households"),
        ("FW02", "居民健康档案与卫生计生服务", "Health records, health and family service", 20,
         "ratio_linear", "zero=0 full=90", "percent", "M", "计生办",
         "常住居民中建立健康档案并获得卫生计生服务的比例",
         "Residents with a health record who receive health and family service"),
        ("FW03", "登记失业人员就业援助率", "Help to registered unemployed", 20,
         "ratio_banded", "95:1 90:0.8 80:0.6 else:0", "percent", "M", "劳动社保办",
         "登记失业人员中得到就业援助的比例", "Registered unemployed who received help to find work"),
        ("FW04", "居家养老服务覆盖率", "Home-care coverage of elderly in need", 25,
         "ratio_linear", "zero=0 full=90", "percent", "MF", "事务办",
         "需要照料的老人中享有居家养老服务的比例", "Elderly people in need of care who receive it at home"),
        ("FW05", "社会救助及时准确", "Timely, correct social assistance", 20,
         "deduct_per_case", "case=4", "例", "M", "事务办",
         "社会救助、维权援助错误或逾期办理的例数", "Cases of social assistance or of help with rights decided wrongly or late"),
        ("FW06", "登记备案社区社会组织数", "Registered community organisations", 15,
         "count_target", "target=10", "个", "M", "社工办",
         "在社区登记或备案并开展活动的社会组织个数，含志愿者服务队", "Registered organisations that are active in the community, "
         "volunteer teams included"),
        ("FW07", "便民服务事项按期办结率", "Service requests done in time", 15,
         "ratio_linear", "zero=80 full=99", "percent", "M", "事务办",
         "居民申请的便民、计卫食药、文教体、社会管理、养老照料事项（“五位一体”服务网络）在承诺期限内办结的比例",
         "Requests to the five service networks (daily life, health and food safety, culture and sport, social management, elderly "
         "care) finished within the promised time"),
    ),
    "culture": (
        ("WH01", "文体设施面积与开放", "Culture and sport space, opening hours", 25,
         "judged_levels", "k_of=4", "项", "F", "文化站",
         "四项标准：室内活动面积达标；室外健身场地达标；每周开放不少于 42 小时；器材完好、专人管理",
         "Four standards: indoor space; outdoor exercise ground; open at least 42 hours a week; "
         "equipment in order with someone in charge"),
        ("WH02", "邻居节、文化节、“我们的节日”活动", "Festival and culture events", 25,
         "count_target", "target=12", "次", "M", "宣传办",
         "全年举办邻居节、文化节、趣味运动会、主题日、“我们的节日”等活动的次数",
         "Neighbours' days, culture festivals, fun sports, theme days and “our festivals” in the year"),
        ("WH03", "道德讲堂", "Moral lecture sessions", 20, "count_target", "target=4", "次", "M", "宣传办",
         "全年举办道德讲堂的次数", "Moral lecture sessions in the year"),
        ("WH04", "文明家庭、文明楼栋比例", "Share of model households and buildings", 20,
         "ratio_linear", "zero=0 full=30", "percent", "M", "宣传办",
         "获评文明家庭、文明楼栋的户数占总户数的比例", "Households named, or in a building named, as models"),
        ("WH05", "未成年人“春泥计划”活动", "Programme for minors", 25,
         "judged_levels", "A:1 B:0.8 C:0.6 D:0", "", "MH", "宣传办",
         "“春泥计划”有场地、有队伍、有计划、有活动、有成效",
         "The programme for minors has a place, people, a plan, activities and results"),
        ("WH06", "市民学校、老年大学、全民阅读", "Civic school, senior learning, reading", 25,
         "judged_levels", "k_of=5", "项", "MF", "文化站",
         "五项标准：市民学校按计划开课；城市大学、老年大学设社区教学点；有社区图书室；“全民学习月”等阅读活动全年不少于 4 次；"
         "社区网站、宣传栏每季更新",
         "Five standards: civic school teaches as planned; a class of the city's or seniors' university; a library; "
         "at least 4 reading events a year, learning month included; website and notice boards renewed every quarter"),
    ),
    "harmony": (
        ("HX01", "社会治安与刑事案件", "Public order and crime", 30,
         "deduct_per_case", "major=10 order=5 rise=5", "例", "M", "综治办",
         "重大刑事案件、治安案件例数；发案率比上年上升的记 1 例",
         "Major crimes and public order cases; a rise of the crime rate over last year counts as one case"),
        ("HX02", "矛盾纠纷调处成功率", "Disputes settled", 25,
         "ratio_banded", "98:1 95:0.85 90:0.6 else:0", "percent", "M", "司法所",
         "受理的矛盾纠纷中调处成功的比例", "Disputes taken up that were settled"),
        ("HX03", "安全生产与消防隐患", "Safety and fire hazards", 25,
         "deduct_per_case", "accident=10 overdue=3", "例", "MF", "安监办",
         "安全生产、火灾事故例数；隐患逾期未整改例数", "Work and fire accidents; hazards not removed in time"),
        ("HX04", "网格化服务管理", "Grid service and management", 20,
         "judged_levels", "k_of=4", "项", "MH", "综治办",
         "四项标准：网格划分清楚、一格多员到位；走访记录完整、问题流转有反馈；群防群治有队伍，普法和“四防”教育每季开展；"
         "志愿者协会、指导中心、服务站、服务队四级网络健全",
         "Four standards: grids clearly drawn and staffed; visits recorded and problems followed up; residents' watch in place, "
         "lessons in law and the four precautions every quarter; volunteers' network complete on its four levels"),
        ("HX05", "注册志愿者占常住人口比例", "Registered volunteers per resident", 25,
         "ratio_linear", "zero=0 full=10", "percent", "M", "团工委",
         "注册志愿者占常住人口的比例，参加过“三关爱”“邻里一家亲”服务的计入",
         "Registered volunteers who have served, as a percentage of residents"),
        ("HX06", "邻里互助与结对帮扶", "Neighbour help and pairing", 15,
         "count_target", "target=20", "对", "MO", "妇联",
         "建立并有活动记录的邻里互助、结对帮扶对数", "Pairs of neighbours who help each other, with records"),
    ),
}  # fmt: skip


def _indicator(
    dimension: str, code: str, zh: str, en: str, points: int, rule: str, parameters: str, unit: str, methods: str,
    office: str, content_zh: str, content_en: str,
) -> Indicator:  # fmt: skip
    key, params = parse_rule(rule, parameters).describe(points, unit)
    return Indicator(
        code=code,
        names={"zh": zh, "en": en},
        dimension=dimension,
        points=float(points),
        rule=rule,
        parameters=parameters,
        unit=unit,
        methods="、".join(words_for("method", m)["zh"] for m in methods),
        office=office,
        text_zh=f"{content_zh}。{say('zh', key, **params)}",
        text_en=f"{content_en}. {say('en', key, **params)}",
    )


def default_scheme() -> Scheme:
    """The scheme ``default``: applies to every year that has no other."""
    return Scheme(
        code="default",
        names={
            "zh": "幸福社区测评体系（示例指标，非官方2012版原表）",
            "en": "Happy Community scheme (illustrative indicators, not the official 2012 table)",
        },
        first_year=None,
        dimensions=tuple(
            Dimension(code, {"zh": zh, "en": en}, 140.0, 60.0, lead, tuple(offices.split()))
            for code, zh, en, lead, offices in _DIMENSIONS
        ),
        indicators=tuple(_indicator(dim, *row) for dim, rows in _INDICATORS.items() for row in rows),
        stars=tuple(
            Star(star, minimum, "district" if star <= 3 else "city")
            for star, minimum in enumerate((650.0, 700.0, 750.0, 800.0, 900.0), 1)
        ),
        presets=default_presets(),
        illustrative=True,
        awards=tuple(
            Award(star, amount, "district:0.5 street:0.5" if star <= 3 else "city:0.5 district:0.5")
            for star, amount in enumerate((50_000.0, 100_000.0, 150_000.0, 300_000.0, 500_000.0), 1)
        ),
        vetoes=(
            Veto("V1", {"zh": "班子建设（严重违纪违法）", "en": "Leadership team (serious violations)"}, 12, True),
            Veto("V2", {"zh": "综治（重大案事件）", "en": "Public security (major cases or incidents)"}, 12, True),
            Veto("V3", {"zh": "计划生育", "en": "Family planning"}, 12, True),
        ),
        targets=(Target(5, 0.3, 2015), Target(4, 0.5, 2015), Target(3, 1.0, 2015)),
        phases=(
            Phase("试点推行阶段", 2012, 2013, "Pilot"),
            Phase("完善推进阶段", 2013, 2014, "Improvement"),
            Phase("巩固提升阶段", 2014, 2015, "Consolidation"),
        ),
    )
