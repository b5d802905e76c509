"""How strong a word is, and on which side."""

from __future__ import annotations

import pytest

from survey.core.scale_words import Step, folded, in_use, is_unbalanced, no_opinion, step


@pytest.mark.parametrize(
    ("word", "degree", "stem"),
    [
        ("非常满意", 6, "满意"),
        ("很满意", 5, "满意"),
        ("满意", 4, "满意"),
        ("比较满意", 3, "满意"),
        ("较满意", 3, "满意"),
        ("基本满意", 2, "满意"),
        ("不太满意", -1, "满意"),
        ("不大满意", -1, "满意"),
        ("较不满意", -3, "满意"),
        ("不满意", -4, "满意"),
        ("不满", -4, "满意"),
        ("很不满意", -5, "满意"),
        ("非常不满意", -6, "满意"),
        ("一般", 0, ""),
        ("差不多", 0, ""),
        ("较好", 3, "好"),
        ("较差", -3, "好"),
        ("差了", -4, "好"),
        ("明显改善", 5, "好"),
        ("不错", 4, "好"),
        ("优秀", 6, "好"),
        ("劣", -6, "好"),
        ("最满意", 6, "满意"),
        ("最不满意", -6, "满意"),
        ("挺满意", 3, "满意"),
        ("危险", -4, "安全"),
        ("反对", -4, "同意"),
        ("否", -4, "是"),
        ("没有", -4, "是"),
        ("从不", -4, "frequency"),
        ("Ｄ．很满意", 5, "满意"),
        ("(2)满意", 4, "满意"),
        ("Strongly agree", 6, "agree"),
        ("disagree", -4, "agree"),
        ("very unsafe", -5, "safe"),
        ("not at all satisfied", -6, "satisfied"),
        ("Poor", -4, "good"),
        ("very poor", -5, "good"),
        ("neither satisfied nor dissatisfied", 0, ""),
        ("既不满意也不不满意", 0, ""),
    ],
)
def test_a_word_is_a_degree_of_a_stem(word, degree, stem):
    assert step(word) == Step(degree, stem)


@pytest.mark.parametrize("word", ["", "18-29岁", "5分", "不太差", "很", "x" * 40])
def test_what_can_be_no_step(word):
    assert step(word) is None


def test_very_and_extremely_are_one_unless_a_scale_has_both():
    assert folded((6, 4, 0, -4, -6)) == (5, 4, 0, -4, -5)
    assert folded((6, 5, 4, 0, -4, -6)) == (6, 5, 4, 0, -4, -5)


@pytest.mark.parametrize("stem", ["满意", "frequency"])
def test_known_scales_run_from_strong_to_weak_and_have_two_to_seven_levels(stem):
    for scale in in_use(stem):
        assert list(scale) == sorted(set(scale), reverse=True)
        assert 2 <= len(scale) <= 7
    assert {len(scale) for scale in in_use("满意")} == {2, 3, 4, 5, 6, 7}


def test_a_scale_leans_when_it_praises_more_often_than_it_blames():
    assert is_unbalanced((5, 4, 2, -1, -4), "满意")
    assert not is_unbalanced((5, 4, 0, -4, -5), "满意")
    assert not is_unbalanced((5, 4, 2, -1, -4), "frequency")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("说不清", "dont_know"),
        ("8.不清楚", "dont_know"),
        ("Don't know", "dont_know"),
        ("拒绝回答", "refused"),
        ("Prefer not to say", "refused"),
        ("不适用", "not_applicable"),
        ("不满意", ""),
    ],
)
def test_words_of_no_opinion(word, state):
    assert no_opinion(word) == state
