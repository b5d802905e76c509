"""What a draft asks, each question with its guess, and what becomes of it when a person says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from survey.core.errors import Refused
from survey.drafting.guesses import Said, corrected, guessed_dimensions, questions
from survey.drafting.questionnaire import Draft, draft
from tests.survey.drafting.test_questionnaire import people, satisfied, sheet

NOTHING = Said()
CODES = ("autonomy", "ecology", "service", "culture", "harmony")
NAMES = {code: {"zh": code, "en": code} for code in CODES}


@pytest.fixture(scope="module")
def found() -> Draft:
    rows = people(
        30,
        lambda i: f"{i:03d}",
        lambda i: "东园",
        satisfied,
        satisfied,
        lambda i: "公园" if i % 3 else "广场",
        lambda i: 1 + i % 5,
    )
    return draft("去年.xlsx", sheet(("编号", "社区", "楼道的清洁卫生", "看病买药方便吗", "常去哪里", "打几分"), *rows))


def asked(found: Draft, said: Said = NOTHING) -> dict[str, Any]:
    return {a.key.partition(":")[0]: a for a in questions(found, said, guessed_dimensions(found, CODES), NAMES)}


def form(found: Draft, said: Said = NOTHING) -> Any:
    return corrected(found, said, guessed_dimensions(found, CODES))


def test_alike_guesses_are_asked_once_with_the_guess_filled_in(found):
    every = asked(found)
    assert set(every) == {"check_order", "check_choices", "check_scale", "dimension"}
    assert every["check_order"].rows == (2, 3)
    assert every["check_order"].guessed("zh").startswith("很满意 > 满意")
    assert every["check_scale"].guessed("zh") == "1 – 5"
    assert "ecology 1" in every["dimension"].guessed("zh")
    for one in every.values():
        for lang in ("zh", "en"):
            assert one.word(lang)
            assert one.guessed(lang)


def test_as_guessed_the_scale_items_count_where_their_words_point(found):
    dimensions = {q.label("zh"): q.dimension for q in form(found).questions}
    assert dimensions["楼道的清洁卫生"] == "ecology"
    assert dimensions["看病买药方便吗"] == "service"
    assert dimensions["常去哪里"] == dimensions["打几分"] == ""
    assert guessed_dimensions(found, ("ecology",))[3] == ""  # a scheme of others has no such dimension


def test_an_order_is_turned_once_for_all_its_questions_and_back(found):
    key = asked(found)["check_order"].key
    said = Said().with_turned(key)
    levels = [{c.label("zh"): c.level for c in q.choices} for q in form(found, said).questions if q.dimension]
    assert [one["很满意"] for one in levels] == [len(levels[0])] * 2
    assert key in said.settled
    assert form(found, said.with_turned(key)) == form(found)


def test_a_row_is_worded_retyped_and_left_out(found):
    said = Said().of_row(2, "label", "楼道干净吗").of_row(4, "keep", False).of_row(5, "type", "text")
    said = said.of_row(3, "dimension", "").of_row(0, "role", "")
    made = {q.name: q for q in form(found, said).questions}
    labels = {q.label("zh"): q for q in made.values()}
    assert "楼道的清洁卫生" in labels["楼道干净吗"].aliases  # or its own column would not be found again
    assert "常去哪里" not in labels
    assert labels["打几分"].type == "text"
    assert labels["打几分"].maximum is None
    assert labels["看病买药方便吗"].dimension == ""
    assert labels["编号"].role == ""
    assert "check_choices" not in asked(found, said)  # nothing is asked of what is left out
    assert Said.from_json(said.to_json()) == said


@pytest.mark.parametrize(
    ("place", "name", "value", "key"),
    [
        (2, "type", "image", "drafting.bad_correction"),
        (2, "role", "mayor", "drafting.bad_correction"),
        (2, "label", "  ", "drafting.bad_correction"),
        (2, "colour", "red", "drafting.bad_correction"),
        (0, "type", "select_one", "drafting.no_choices"),
        (4, "role", "community", "drafting.role_twice"),
    ],
)
def test_what_can_not_be_is_one_sentence(found, place, name, value, key):
    with pytest.raises(Refused) as refused:
        form(found, Said().of_row(place, name, value))
    assert refused.value.key == key
    assert refused.value.word("zh")
