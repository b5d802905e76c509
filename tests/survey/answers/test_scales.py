"""Labels become codes a whole scale at a time, and only an exact match is certain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answers.scales import levels_of, match_lists, match_scale, order_words
from survey.core.lang import LANGUAGES
from survey.core.scale_words import in_use
from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question
from tests.tools.forms import SATISFACTION, form, item

Q = item("Q1")
NAMES = ("1", "2", "3", "4", "5")


def scale(*words: str, extra: tuple[Choice, ...] = (), levels: bool = True) -> Question:
    """A question whose choices are a, b, c … in the order of the words, level 1 first."""
    choices = [Choice("abcdefg"[i], {"zh": w}, level=i + 1 if levels else None) for i, w in enumerate(words)]
    return Question("X", "select_one", {"zh": "题"}, "x", (*choices, *extra))


def matched(text: str, question: Question = Q):
    return match_scale(text.split("/"), question)


@pytest.mark.parametrize("text", ["很满意/不满意/拒答", "1/5/9", "Very Satisfied/ｎｅｉｔｈｅｒ", "不满意"])
def test_only_names_labels_and_aliases_are_certain(text):
    found = matched(text)
    assert (found.certainty, found.why) == (1.0, "scales.exact")
    assert found.unmatched == found.overruled == ()


@pytest.mark.parametrize(
    "text",
    [
        "很满意/满意/基本满意/不太满意/不满意",
        "非常满意/比较满意/一般/不太满意/非常不满意",
        "非常满意/满意/一般/不满意/非常不满意",
        "十分满意/较满意/普通/较不满意/十分不满意",
        "满意/比较满意/一般/不太满意/不满意",
        "very satisfied/somewhat satisfied/neutral/somewhat dissatisfied/very dissatisfied",
        "很满意/比较满意/一般/不太满意/不满意",
    ],
)
def test_a_known_scale_of_the_same_length_is_matched_in_its_order(text):
    found = matched(text)
    assert found.pairs == dict(zip(text.split("/"), NAMES, strict=True))
    assert (found.certainty, found.why, found.same_length) == (0.95, "scales.known", True)


def test_dissatisfied_is_level_five_where_the_rest_of_the_scale_says_so():
    found = matched("很满意/满意/基本满意/不太满意/不满意")
    assert found.pairs["不满意"] == "5"
    assert (found.overruled, found.unbalanced) == (("不满意",), True)
    assert matched("非常满意/满意/一般/不满意/非常不满意").pairs["不满意"] == "4"


@pytest.mark.parametrize(
    ("text", "names", "unsure"),
    [
        ("非常满意/满意/不满意", "124", "不满意"),
        ("非常满意/满意/一般/不满意", "1234", "不满意"),
        ("较满意", "2", "较满意"),
    ],
)
def test_dissatisfied_alone_is_ambiguous(text, names, unsure):
    found = matched(text)
    assert list(found.pairs.values()) == list(names)
    assert (found.certainty, found.why, found.params["words"]) == (0.6, "scales.ambiguous", [unsure])


def test_a_part_on_which_all_scales_agree_is_surer():
    found = matched("很满意/满意/基本满意")
    assert (found.certainty, list(found.pairs.values())) == (0.85, ["1", "2", "3"])


@pytest.mark.parametrize(
    ("text", "names"),
    [("很满意/比较满意/不太满意/很不满意", "1245"), ("很满意/满意/基本满意/不满意", "1235")],
)
def test_a_complete_shorter_scale_is_said_to_be_one(text, names):
    found = matched(text)
    assert list(found.pairs.values()) == list(names)
    assert (found.certainty, found.same_length) == (0.5, False)


def test_a_longer_scale_is_spread_evenly_and_never_changes_sides():
    found = matched(
        "很满意/满意/比较满意/一般/比较不满意/不满意/很不满意", scale("很满意", "满意", "不满意", "很不满意")
    )
    # 7 on 4: 0 0.5 1 1.5 2 2.5 3, where a half has no place; the exact words keep theirs
    assert found.pairs == {"很满意": "a", "满意": "b", "不满意": "c", "很不满意": "d"}
    turned = matched("非常满意/满意/有点满意/一般/有点不满意/不满意/非常不满意", scale("满意", "一般", "不满意"))
    assert turned.why == "scales.extra"
    spread = matched("非常好/好/有点好/一般/有点差/差/非常差", Q)
    assert list(spread.pairs.values()) == ["1", "2", "2", "3", "4", "4", "5"]
    assert (spread.same_length, spread.same_stem) == (False, False)


def test_another_subject_is_less_certain_and_said():
    found = matched("好/较好/一般/较差/差")
    assert list(found.pairs.values()) == list(NAMES)
    assert (found.certainty, found.same_stem) == (0.57, False)


@pytest.mark.parametrize(
    "text", ["总是/经常/有时/很少/从不", "很了解/比较了解/一般/不太了解/不了解", "很严重/比较严重/一般/不太严重/不严重"]
)
def test_where_the_better_end_is_unknown_nothing_is_turned_into_levels(text):
    found = matched(text)
    assert found.why == "scales.direction"
    assert set(found.pairs) <= {"一般"}


def test_a_scale_of_blame_follows_the_questionnaires_own_order():
    trouble = scale("不严重", "不太严重", "一般", "比较严重", "很严重")
    found = matched("非常严重/比较严重/一般/不太严重/不严重", trouble)
    assert list(found.pairs.values()) == ["e", "d", "c", "b", "a"]
    assert found.reversed
    never = scale("从不", "很少", "有时", "经常", "总是")
    assert matched("一直/经常/有时/很少/从不", never).pairs["一直"] == "e"


def test_words_of_no_opinion_go_to_the_choice_that_says_so():
    found = matched("很满意/满意/说不清/不了解/拒绝回答")
    assert (found.certainty, found.why) == (0.95, "scales.words")
    assert [found.pairs[w] for w in ("说不清", "不了解", "拒绝回答")] == ["8", "8", "9"]
    assert matched("很满意/说不清", scale("很满意", "满意")).unmatched == ("说不清",)


def test_not_knowing_is_the_lowest_step_of_knowing():
    knowing = scale("很了解", "比较了解", "一般", "不太了解", "不了解", extra=(SATISFACTION[5],))
    assert matched("非常了解/比较了解/一般/不太了解/不了解", knowing).pairs["不了解"] == "e"
    knows = scale("非常了解", "了解", "一般", "不了解", "很不了解", extra=(SATISFACTION[5],))
    assert matched("很了解/比较了解/一般/不太了解/不了解", knows).pairs["不了解"] == "e"


def test_where_every_level_occurs_other_words_belong_elsewhere():
    found = matched("很满意/满意/一般/不满意/很不满意/满/非常满意")
    assert found.unmatched == ("满", "非常满意")
    assert (found.why, found.certainty) == ("scales.extra", pytest.approx(0.9 * 5 / 7, abs=1e-3))
    assert found.suggestions["满"][0] == ("2", 0.667)
    assert found.suggestions["非常满意"][0][0] == "1"


def test_a_leading_number_is_no_difference_but_asked():
    found = matched("5.很满意/1.很不满意")
    assert found.pairs == {"5.很满意": "1", "1.很不满意": "5"}
    assert (found.certainty, found.why) == (0.97, "scales.numbered")


def test_declared_missing_values_are_left_out():
    assert match_scale(["很满意", "-9"], replace(Q, missing_values={"-9": "refused"})).certainty == 1.0


def test_lists_without_levels_are_ordered_by_their_words_or_not_at_all():
    assert [c.name for c in levels_of(scale("差了", "差不多", "好了", levels=False))] == ["c", "b", "a"]
    assert levels_of(scale("男", "女", levels=False)) == ()
    change = default_questionnaire().question("F3")
    assert match_scale(["变好", "没变化", "变差"], change).pairs == {
        "变好": "better",
        "没变化": "same",
        "变差": "worse",
    }
    probe = default_questionnaire().question("G1")
    assert match_scale(["是", "否"], probe).pairs == {"是": "yes", "否": "no"}


def test_columns_of_one_list_decide_together():
    found = match_lists(form(), {"Q1": ["很满意", "满意", "不满意"], "Q2": ["基本满意", "不太满意"], "id": ["a"]})
    assert found.keys() == {"sat"}
    assert found["sat"].pairs["不满意"] == "5"


def test_order_counts_every_choice():
    assert order_words(Q)["6"] == "8"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["很满意/满意/基本满意/不太满意/不满意", "好/差", "男", "非常满意/满意/不满意/火星", "很差/好/很好"]
)
def test_everything_is_said_in_both_languages(text, lang):
    assert all(matched(text).sentences(lang))


WORDS = {
    6: "非常满意",
    5: "很满意",
    4: "满意",
    3: "比较满意",
    2: "基本满意",
    0: "一般",
    -1: "不太满意",
    -3: "比较不满意",
    -4: "不满意",
    -5: "很不满意",
    -6: "非常不满意",
}


@given(st.sampled_from(in_use("满意")), st.sampled_from(in_use("满意")), st.randoms())
def test_pairs_keep_the_order_of_any_scale_on_any_other(theirs, ours, shuffle):
    question = scale(*(WORDS[d] for d in ours))
    words = [WORDS[d] for d in theirs]
    mixed = shuffle.sample(words, len(words))
    found = match_scale(mixed, question)
    names = [found.pairs[w] for w in words if w in found.pairs]
    assert names == sorted(names)
    assert set(found.pairs) | set(found.unmatched) == set(words)
    assert (found.certainty == 1.0) == (set(words) <= {WORDS[d] for d in ours})
    assert found == match_scale(mixed, question)


def test_columns_of_a_list_may_speak_two_scales_where_no_word_means_two_things():
    two = form(item("Q1"), item("Q2"), item("Q3"))
    own, other = ("很满意", "满意", "一般"), ("好", "较好", "一般", "较差", "差")
    found = match_lists(two, {"Q1": own, "Q2": other, "Q3": other})["sat"]
    assert found.unmatched == ()
    assert found.pairs == {"很满意": "1", "满意": "2", "一般": "3", "好": "1", "较好": "2", "较差": "4", "差": "5"}
    clash = match_lists(two, {"Q1": own, "Q2": ("满意", "基本满意", "不满意", "无可奉告呀")})["sat"]
    assert "无可奉告呀" in clash.unmatched


@pytest.mark.parametrize("word", ["同意", "赞成", "认可", "符合"])
def test_agreement_under_a_scale_of_satisfaction_is_one_proposal_in_its_order(word):
    found = matched(f"非常{word}/比较{word}/一般/不太{word}/很不{word}")
    assert tuple(found.pairs.values()) == NAMES
    assert found.certainty < 1
    assert not found.same_stem
