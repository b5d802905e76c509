"""What the cells of one column say of its question."""

from __future__ import annotations

import pytest

from survey.drafting.column_answers import read_answers, scale_of


@pytest.mark.parametrize(
    ("counts", "kind", "options"),
    [
        ({"满意": 9, "很满意": 5, "不满意": 3}, "select_one", ["很满意", "满意", "不满意"]),
        ({"满意": 9, "不清楚": 2, "不满意": 3}, "select_one", ["满意", "不满意", "不清楚"]),
        ({"2.中专": 9, "1.小学": 5, "3.大学": 7}, "select_one", ["1.小学", "2.中专", "3.大学"]),
        ({"30-44岁": 9, "18-29岁": 5, "60岁以上": 7}, "select_one", ["18-29岁", "30-44岁", "60岁以上"]),
        ({"1-4年": 9, "不到1年": 5, "5-9年": 7}, "select_one", ["不到1年", "1-4年", "5-9年"]),
        ({"本地": 3, "外地": 9}, "select_one", ["外地", "本地"]),
        ({"公园、广场": 5, "公园": 9, "广场、其他": 4, "其他": 2}, "select_multiple", ["公园", "广场", "其他"]),
        ({"13800000000": 3, "13900000001": 1}, "phone", []),
        ({"34": 2, "51": 1, "67": 1}, "integer", []),
        ({"3.5": 2, "51": 1}, "decimal", []),
        ({"2014-03-05": 2, "2014-03-06": 1}, "date", []),
        ({f"话{i}": 1 for i in range(40)}, "text", []),
        ({"(空)": 4}, "empty", []),
    ],
)
def test_columns(counts: dict[str, int], kind: str, options: list[str]) -> None:
    found = read_answers(counts)
    assert (found.kind, [o.text for o in found.options]) == (kind, options)


def test_labels_of_the_file_are_the_choices() -> None:
    found = read_answers({"1": 3, "9": 1}, labels={"1": "满意", "2": "不满意"})
    assert [(o.text, o.label, o.level) for o in found.options] == [
        ("1", "满意", 1),
        ("2", "不满意", 2),
        ("9", "9", None),
    ]


def test_numbers_are_codes_only_where_the_file_says_so() -> None:
    counts = {"1": 9, "2": 4, "3": 2}
    assert (read_answers(counts).kind, read_answers(counts).high) == ("integer", 5.0)
    assert read_answers(counts, coded=True).kind == "select_one"
    assert read_answers(counts, header="家里人数").high is None


def test_letters_of_another_case_are_one_choice_and_a_refusal_is_none() -> None:
    found = read_answers({"No": 9, "no": 12, "yes": 3, "Yes": 5})
    assert [o.text for o in found.options] == ["Yes", "no"]
    found = read_answers({"Male": 9, "Female": 12, "R": 3, "r": 1})
    assert [(o.text, o.missing) for o in found.options] == [("Female", ""), ("Male", ""), ("R", "refused")]
    assert [o.missing for o in read_answers({"P": 9, "Q": 12, "R": 3}).options] == ["", "", ""]


def test_marks_with_half_points_slips_and_refusals_are_a_scale_and_what_does_not_fit_is_named() -> None:
    counts = {str(i): 40 + i for i in range(1, 11)} | {"7.5": 4, "R": 9, "810": 1, "9*": 1, "1O": 1}
    found = read_answers(counts)
    assert (found.kind, found.low, found.high, found.sure) == ("decimal", 1.0, 10.0, "guess")
    assert found.unfit == ("R", "810", "9*", "1O")
    whole = read_answers({t: n for t, n in counts.items() if t != "7.5"})
    assert (whole.kind, whole.high) == ("integer", 10.0)
    # half the cells are words, or numbers that are no marks: not a scale
    assert read_answers({"1": 9, "2": 9, "3": 9, "公园": 20}).kind != "integer"
    assert read_answers({str(i): 3 for i in range(20, 60)} | {"R": 2}).why != "drafting.why_scale"


def test_a_comma_within_a_choice_does_not_part_it() -> None:
    counts = {"Single, Never Married": 30, "Married": 20, "Divorced": 9, "Widowed": 4}
    assert read_answers(counts).kind == "select_one"
    assert read_answers({"公园、广场": 5, "公园": 9, "广场": 4}).kind == "select_multiple"


def test_words_of_two_stems_are_no_scale() -> None:
    assert scale_of(["很满意", "方便", "不满意"]) == ()
    assert scale_of(["公园", "广场"]) == ()
