"""Where an item may count, guessed by its words."""

from __future__ import annotations

from survey.drafting.dimensions import guess, overall
from survey.form.default import default_questionnaire
from survey.form.model import Question


def test_every_default_item_is_guessed_where_it_counts():
    items = default_questionnaire().scored
    found = guess([item.label("zh") for item in items])
    assert [code for code, item in zip(found, items, strict=True) if code != item.dimension] == []


def test_items_in_other_words_are_guessed_and_strange_ones_are_not():
    texts = [
        "您对楼道照明满意吗",
        "居委会办事公开程度",
        "小区治安情况怎么样",
        "文体活动丰富吗",
        "看病方便吗",
        "您觉得怎么样",
        "quality",
    ]
    assert guess(texts) == ["ecology", "autonomy", "harmony", "culture", "service", "", ""]


def test_what_asks_about_everything_counts_nowhere():
    assert overall(Question("a", "text", {"zh": "总体来说，您觉得幸福吗"}))
    assert not overall(Question("a", "text", {"zh": "楼道的清洁卫生"}))
