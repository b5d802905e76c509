"""Indicator rules: hand-counted points, words, syntax, and the invariants of any rule."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scheme.rules.rule import Rule
from analysis.scheme.rules.rules import RULES, chinese_name, parse_rule
from analysis.scheme.rules.words import counts_worded
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say

# rule, parameters, reported, full marks → points, counted by hand from docs/scheme.md, “Rules”, and the scheme that ships
CASES = [
    ("ratio_linear", "zero=30 full=90", 30.0, 25, 0.0),
    ("ratio_linear", "zero=30 full=90", 75.0, 25, 18.75),
    ("ratio_linear", "zero=30 full=90", 95.0, 25, 25.0),
    ("ratio_linear", "zero=30 full=90", 10.0, 25, 0.0),
    ("ratio_linear", "full=80", 60.0, 25, 18.75),
    ("ratio_linear", "zero=10 full=2", 4.0, 20, 15.0),
    ("ratio_banded", "98:1 95:0.9 90:0.75 else:0", 98.0, 20, 20.0),
    ("ratio_banded", "98:1 95:0.9 90:0.75 else:0", 97.99, 20, 18.0),
    ("ratio_banded", "98:1 95:0.9 90:0.75 else:0", 90.0, 20, 15.0),
    ("ratio_banded", "98:1 95:0.9 90:0.75 else:0", 89.9, 20, 0.0),
    ("ratio_banded", "35:1 30:80% 25:0.6 else:0.3", 12.0, 25, 7.5),
    ("count_target", "target=12", 8.0, 25, 25 * 8 / 12),
    ("count_target", "target=6", 9.0, 20, 20.0),
    ("deduct_per_case", "major=10 order=5", {"major": 1.0, "order": 2.0}, 30, 10.0),
    ("deduct_per_case", "major=10 order=5", {"major": 4.0, "order": 0.0}, 30, 0.0),
    ("deduct_per_case", "major=10 order=5 cap=20", {"major": 1.0, "order": 3.0}, 30, 10.0),
    ("deduct_per_case", "major=10 order=5 cap_order=5", {"major": 1.0, "order": 3.0}, 30, 15.0),
    ("deduct_per_case", "case=2", 3.0, 30, 24.0),
    ("judged_levels", "A:1 B:0.8 C:0.6 D:0", "C", 25, 15.0),
    ("judged_levels", "k_of=4", 3.0, 20, 15.0),
    ("checklist", "spots=10", 7.0, 25, 17.5),
    ("manual", "", 12.5, 20, 12.5),
    ("manual", "", 25.0, 20, 20.0),
]


@pytest.mark.parametrize(("name", "parameters", "value", "points", "expected"), CASES)
def test_points_by_hand(name, parameters, value, points, expected):
    assert parse_rule(name, parameters).score(value, points) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("name", "parameters", "value", "points", "expected"), CASES)
def test_words_name_full_marks_and_points(name, parameters, value, points, expected):
    key, params = parse_rule(name, parameters).explain(value, points, "次")
    json.dumps(params, allow_nan=False)
    for lang in LANGUAGES:
        text = say(lang, key, **params)
        assert f"{points:g}" in text
        assert f"{expected:.2f}".rstrip("0").rstrip(".") in text


def test_the_sentence_of_the_documentation():
    key, params = parse_rule("count_target", "target=12").explain(8.0, 25, "次")
    assert say("zh", key, **params) == "满分 25，目标 12 次，实际 8 次，得 16.67"
    assert say("en", key, **params) == "Full marks 25, target 12 times, actual 8 times: 16.67 points"


def test_kinds_speak_both_languages_and_the_cap_is_said():
    rule = parse_rule("deduct_per_case", "major=10 order=5 cap=20")
    key, params = rule.explain({"major": 1.0, "order": 3.0}, 30)
    assert say("zh", key, **params) == "满分 30，重大刑事案件 10 × 1、治安案件 5 × 3，应扣 25，按上限扣 20，得 10"
    assert "major crime 10 × 1, public order case 5 × 3, 25 off but limited to 20: 10" in say("en", key, **params)


def test_unknown_units_and_kinds_stand_as_they_are():
    key, params = parse_rule("deduct_per_case", "乱停车=2").explain({"乱停车": 3.0}, 10)
    assert "乱停车 2 × 3" in say("en", key, **params)
    key, params = parse_rule("ratio_linear", "full=30").explain(15.0, 10, "公里")
    assert "15 公里" in say("en", key, **params)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_describes_itself(name):
    for parameters in RULES[name].example.split(" / "):
        key, params = parse_rule(name, parameters).describe(25, "percent")
        for lang in LANGUAGES:
            assert "25" in say(lang, key, **params)


@pytest.mark.parametrize(
    ("name", "parameters", "problem"),
    [
        ("ratio_linear", "zero=30", "lacks"),
        ("ratio_linear", "zero=9O full=90", "word"),
        ("ratio_linear", "zero=90 full=90", "same_ends"),
        ("ratio_linear", "zero=0 full=90 half=50", "surplus"),
        ("ratio_linear", "full=90 full=80", "twice"),
        ("ratio_banded", "", "empty"),
        ("ratio_banded", "90:0.75 98:1", "cuts_rise"),
        ("ratio_banded", "98:1 98:0.9", "twice"),
        ("ratio_banded", "98:1 98.0:0.9", "cuts_rise"),
        ("ratio_banded", "98:0.5 95:0.9", "shares_rise"),
        ("ratio_banded", "98:0.5 else:0.9", "shares_rise"),
        ("ratio_banded", "98:5", "share"),
        ("ratio_banded", "ninety:0.5", "word"),
        ("count_target", "target=0", "positive"),
        ("deduct_per_case", "cap=20", "empty"),
        ("deduct_per_case", "major=-5", "positive"),
        ("deduct_per_case", "major=5 cap_order=5", "surplus"),
        ("judged_levels", "", "empty"),
        ("judged_levels", "A:0.6 B:0.8", "shares_rise"),
        ("judged_levels", "k_of=2.5", "positive"),
        ("checklist", "10", "word"),
        ("manual", "max=3", "surplus"),
    ],
)
def test_bad_parameters_say_what_was_expected(name, parameters, problem):
    with pytest.raises(Refused) as refused:
        parse_rule(name, parameters)
    assert refused.value.key == f"rules.parameters.{problem}"
    for lang in LANGUAGES:
        assert {"zh": chinese_name(name), "en": name}[lang] in refused.value.word(lang)


def test_unknown_rule_lists_those_there_are():
    with pytest.raises(Refused) as refused:
        parse_rule("ratio", "")
    assert all(name in refused.value.word("zh") for name in RULES)


def test_full_width_typing_is_understood():
    assert parse_rule("ratio_banded", "９８：１，９５：０．９；else：0") == parse_rule("ratio_banded", "98:1 95:0.9")


GOOD_DIRECTION = [  # rule, +1 where more is better
    (parse_rule("ratio_linear", "zero=30 full=90"), 1),
    (parse_rule("ratio_linear", "zero=10 full=2"), -1),
    (parse_rule("ratio_banded", "98:1 95:0.9 90:0.75 else:0.1"), 1),
    (parse_rule("count_target", "target=6"), 1),
    (parse_rule("deduct_per_case", "case=2.5 cap=10"), -1),
    (parse_rule("judged_levels", "k_of=4"), 1),
    (parse_rule("checklist", "spots=10"), 1),
    (parse_rule("manual", ""), 1),
]


@given(
    which=st.sampled_from(GOOD_DIRECTION),
    pair=st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
    points=st.floats(0.5, 200),
)
def test_points_never_fall_in_the_good_direction_nor_leave_their_bounds(which, pair, points):
    rule, direction = which
    low, high = sorted(pair)
    worse, better = (low, high) if direction > 0 else (high, low)
    assert 0 <= rule.score(worse, points) <= rule.score(better, points) <= points


@given(counts=st.tuples(st.integers(0, 50), st.integers(0, 50)), more=st.integers(0, 10), points=st.floats(0.5, 200))
def test_one_more_case_of_any_kind_never_helps(counts, more, points):
    rule: Rule = parse_rule("deduct_per_case", "major=10 order=5 cap=40 cap_order=15")
    before = {"major": float(counts[0]), "order": float(counts[1])}
    for kind in before:
        after = {**before, kind: before[kind] + more}
        assert 0 <= rule.score(after, points) <= rule.score(before, points) <= points


def test_grades_fall_from_best_to_worst():
    rule = parse_rule("judged_levels", "优:1 良:0.8 中:0.8 差:0")
    scores = [rule.score(grade, 20) for grade in rule.grades]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 20


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("case=2", "2 例", "2 cases"),
        ("case=2 / case=3", "2 例 / 3 例", "2 cases / 3 cases"),
        ("major=1 order=0", "重大刑事案件 1、治安案件 0", "major crime 1, public order case 0"),
        ("A", "A", "A"),
        ("a=b", "a=b", "a=b"),
        ("", "", ""),
    ],
)
def test_counts_are_worded(text, zh, en):
    assert (counts_worded(text, "zh"), counts_worded(text, "en")) == (zh, en)
