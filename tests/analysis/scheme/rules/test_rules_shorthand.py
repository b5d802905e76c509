"""What people write for a rule, and that nothing is guessed."""

from __future__ import annotations

import pytest

from analysis.scheme.rules.rules import RULES, chinese_name, parameters_of, parse_rule, rule_name, unit_name
from survey.core.errors import Refused

SHORT = [
    ("比例", "30-90", "zero=30 full=90"),
    ("比例", "30%至90%", "zero=30 full=90"),
    ("比例", "９０％", "zero=0 full=90"),
    ("比例", "满分 80", "zero=0 full=80"),
    ("比例", "零分=30 满分=90", "zero=30 full=90"),
    ("分档", "98%以上:100% 95以上:90% 其余:0", "98:100% 95:90% else:0"),
    ("分档", "≥35:1 其他：0.3", "35:1 else:0.3"),
    ("次数", "12次", "target=12"),
    ("次数", "目标 ６", "target=6"),
    ("次数", "4", "target=4"),
    ("扣分", "每例2分", "case=2"),
    ("扣分", "-5", "case=5"),
    ("扣分", "2", "case=2"),
    ("扣分", "2分/例", "case=2"),
    ("扣分", "重大:10 治安:5 封顶20", "重大:10 治安:5 cap=20"),
    ("等级", "4项", "k_of=4"),
    ("等级", "共５项标准", "k_of=5"),
    ("抽查", "10处", "spots=10"),
    ("抽查", "抽查10个点位", "spots=10"),
]


@pytest.mark.parametrize(("name", "text", "meant"), SHORT)
def test_shorthand_is_understood(name, text, meant):
    rule = rule_name(name)
    assert parse_rule(rule, parameters_of(rule, text)) == parse_rule(rule, meant)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("count_target", "4次/季"),
        ("count_target", "每季4次"),
        ("count_target", "12万元"),
        ("ratio_linear", "30万"),
        ("ratio_linear", "≥80 得一半"),
        ("deduct_per_case", "每少一处扣2分"),
        ("deduct_per_case", "重大:10封顶20"),
        ("judged_levels", "4"),
        ("checklist", "10%"),
        ("ratio_banded", "90以下:0"),
        ("ratio_banded", "95-98:90%"),
    ],
)
def test_what_may_mean_something_else_is_refused(rule, text):
    with pytest.raises(Refused):
        parse_rule(rule, parameters_of(rule, text))


def test_every_rule_has_a_chinese_name():
    assert [rule_name(chinese_name(rule)) for rule in RULES] == list(RULES)
    assert rule_name("人工评分") == "manual"
    assert [rule_name(rule.upper()) for rule in RULES] == list(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_what_is_written_as_documented_or_not_understood_stays(rule):
    for text in (*RULES[rule].example.split(" / "), "随便", "A:1 B:0.8", ""):
        said = parameters_of(rule, text)
        assert said == text or parse_rule(rule, said) == parse_rule(rule, text)


def test_units():
    assert [unit_name(u) for u in ("%", "百分比", "percent", "次")] == ["percent", "percent", "percent", "次"]
