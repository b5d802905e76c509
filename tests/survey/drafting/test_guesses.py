"""What a draft asks, each question with its guess, and what becomes of it when a person says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from survey.core.errors import Refused
from survey.drafting.guesses import CODES, Said, corrected, guessed_dimensions, order_of, questions
from survey.drafting.questionnaire import Draft, draft
from survey.form.model import Choice
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from tests.survey.drafting.test_questionnaire import people, satisfied, sheet

NOTHING = Said()
DIMENSIONS = ("autonomy", "ecology", "service", "culture", "harmony")
NAMES = {code: {"zh": code, "en": code} for code in DIMENSIONS}


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
    return {a.key.partition(":")[0]: a for a in questions(found, said, guessed_dimensions(found, DIMENSIONS), NAMES)}


def form(found: Draft, said: Said = NOTHING) -> Any:
    return corrected(found, said, guessed_dimensions(found, DIMENSIONS))


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


@pytest.mark.parametrize(
    ("asks", "becomes"),
    [
        ("check_choices", {"常去哪里": ("text", "", "")}),
        ("check_order", {"楼道的清洁卫生": ("select_one", "", ""), "看病买药方便吗": ("select_one", "", "")}),
        ("check_scale", {"打几分": ("select_one", "", "")}),
        ("dimension", {"楼道的清洁卫生": ("select_one", "", "很满意"), "看病买药方便吗": ("select_one", "", "很满意")}),
    ],
)
def test_the_other_reading_of_a_guess_is_one_press_and_back_is_another(found, asks, becomes):
    one = asked(found)[asks]
    said = NOTHING.with_other(one)
    assert (said.has_other(one), NOTHING.has_other(one), one.key in said.settled) == (True, False, True)
    rows = {q.label("zh"): q for q in form(found, said).questions}
    for label, wanted in becomes.items():
        assert (rows[label].type, rows[label].dimension, order_of(rows[label]).partition(" ")[0]) == wanted
    assert form(found, said.with_other(one)) == form(found)


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


def codes_only() -> Draft:
    """Two columns of the same codes of a platform that counts choices: what they mean stands nowhere in the file."""
    rows = people(30, lambda i: f"{i:03d}", lambda i: str(1 + i % 5), lambda i: str(1 + i % 5))
    made = draft("a.xlsx", sheet(("编号", "楼道的清洁卫生", "住在哪一片"), *rows))
    options = tuple(Choice(k, {"zh": k}) for k in "123459")
    coded = [
        replace(
            d,
            check=CODES,
            question=replace(
                d.question, type="select_one", choices=options, list_name="list_1", minimum=None, maximum=None
            ),
        )
        for d in made.rows[1:]
    ]
    return replace(made, rows=(made.rows[0], *coded))


def test_codes_become_levels_for_all_columns_or_one(found):
    made = codes_only()
    (one,) = [a for a in asked(made).values() if a.code == CODES]
    assert one.orders == ("1 > 2 > 3 > 4 > 5", "5 > 4 > 3 > 2 > 1")  # 9 is no level
    assert guessed_dimensions(made, DIMENSIONS) == {}
    said = Said(settled=frozenset({"dimension:"})).of_row(1, "order", one.orders[1])
    assert said.settled == frozenset()  # what is scored now is asked
    guesses = guessed_dimensions(made, DIMENSIONS, said)
    assert guesses == {1: "ecology"}
    hygiene, place = corrected(made, said, guesses).questions[1:]
    assert [(c.name, c.level) for c in hygiene.choices] == [
        ("1", 5),
        ("2", 4),
        ("3", 3),
        ("4", 2),
        ("5", 1),
        ("9", None),
    ]
    assert hygiene.choices[-1].missing == "dont_know"
    assert (hygiene.dimension, place.dimension) == ("ecology", "")
    assert {c.level for c in place.choices} == {None}
    assert hygiene.list_name != place.list_name
    data = write_questionnaire(corrected(made, said, guesses))
    form, findings = read_questionnaire("q.xlsx", data)
    assert form is not None, findings
    assert order_of(form.questions[1]) == "5 > 4 > 3 > 2 > 1"


@pytest.mark.parametrize("order", ["1", "1 > 1 > 2", "1 > 7", "x > y"])
def test_an_order_of_words_that_are_no_choices_is_refused(order):
    with pytest.raises(Refused) as refused:
        corrected(codes_only(), Said().of_row(1, "order", order), {})
    assert refused.value.key == "drafting.bad_order"
    assert order in refused.value.word("zh")


def test_marks_are_turned_or_become_choices_with_levels(found):
    key = asked(found)["check_scale"].key
    assert form(found, Said().with_turned(key)).questions[-1].reverse
    said = Said().of_row(5, "type", "select_one").of_row(5, "order", "1＞2＞3＞4＞5")
    marks = form(found, said).questions[-1]
    assert [(c.name, c.level) for c in marks.choices] == [(str(k), k) for k in range(1, 6)]
    assert (marks.minimum, marks.type) == (None, "select_one")
