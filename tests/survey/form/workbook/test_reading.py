"""What a workbook says becomes the questionnaire, whatever order and spelling its columns have."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.form import Choice
from survey.form.model import Cut
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.syntax import label_language
from tests.tools.books.form_books import CHOICES_HEAD, SURVEY_HEAD, places, read

SURVEY = [
    ("name", "type", "label::English (en)", "label::中文 (zh)", "dimension", "weight", "reverse", "missing_values",
     "recode", "minimum", "maximum", "parameters", "role", "aliases", "required", "relevant", "office", "hint",
     "Custom Column", "constraint"),
    ("grp", "begin group", "Block", "题组", None, None, None, None, None, None, None, None, None, None, None,
     "${S1} != 'no'", None, None, None, None),
    ("S1", "select_one yn", "Adult?", "成年？", None, None, None, None, None, None, None, None, None, None, "yes",
     None, None, None, None, None),
    ("A1", "select_one sat", "Clean", "清洁", "ecology", 2, "yes", None, None, None, None, None, None, "卫生|保洁",
     None, "${S1} = 'yes'", "城管办", "读出选项", "x", None),
    ("grp", "end group"),
    ("F1", "range", "Happy", "幸福", "harmony", 0.5, None, "99:dont_know 98:refused", "<=1:1 <=3:2 <7:3 <9:4 <=10:5",
     None, None, "start=0 end=10 step=0.5", None, None, None, None, None, None, None, ". != 7"),
    ("age", "integer", "Age", "年龄", None, None, None, None, None, 18, 110, None, "age", None, None, None, None, None,
     None, None),
    ("began", "start", None, None, None, None, None, None, None, None, None, None, "start"),
]  # fmt: skip
CHOICES = [
    CHOICES_HEAD,
    ("yn", "yes", "是", "Yes"),
    ("yn", "no", "否", "No"),
    ("sat", 1, "满意", "Satisfied", 1, None, None, "挺好"),
    ("sat", 2, "不满意", "Dissatisfied", 2, 12.5),
    ("sat", 9, "拒答", "Refused", None, None, "refused"),
]
SETTINGS = [
    ("form_title", "form_id", "version", "year", "blank", "sampling", "default_language"),
    ("调查", "f1", "2014a", 2014, "NA|无", "overall", "中文 (zh)"),
]


def test_everything_a_workbook_says_is_read() -> None:
    form, findings = read(SURVEY, CHOICES, SETTINGS)
    assert form is not None
    assert findings == []
    assert (form.title, form.form_id, form.year, form.blank, form.sampling) == (
        "调查", "f1", 2014, ("NA", "无"), "overall")  # fmt: skip
    assert form.settings == {"version": "2014a", "default_language": "中文 (zh)"}
    assert [q.name for q in form.questions] == ["S1", "A1", "F1", "age", "began"]
    item = form.question("A1")
    assert (item.type, item.list_name, item.labels) == ("select_one", "sat", {"zh": "清洁", "en": "Clean"})
    assert (item.dimension, item.weight, item.reverse, item.office) == ("ecology", 2.0, True, "城管办")
    assert item.aliases == ("卫生", "保洁")
    assert item.extra == {"hint": "读出选项", "Custom Column": "x"}
    assert item.choices == (
        Choice("1", {"zh": "满意", "en": "Satisfied"}, level=1, aliases=("挺好",)),
        Choice("2", {"zh": "不满意", "en": "Dissatisfied"}, level=2, score=12.5),
        Choice("9", {"zh": "拒答", "en": "Refused"}, missing="refused"),
    )
    ladder = form.question("F1")
    assert (ladder.low, ladder.high, ladder.unit, ladder.weight) == (0.0, 10.0, 0.5, 0.5)
    assert ladder.missing_values == {"99": "dont_know", "98": "refused"}
    assert ladder.recode[2] == Cut("<", 7.0, 3.0)
    assert ladder.extra == {"constraint": ". != 7"}
    assert (form.question("age").low, form.roles["age"].name) == (18.0, "age")
    assert form.question("S1").required
    assert form.roles["start"].type == "start"


def test_a_group_lends_its_condition_to_what_it_holds_and_nothing_after_it() -> None:
    form, _ = read(SURVEY, CHOICES, SETTINGS)
    assert form is not None
    assert form.question("A1").conditions == ("${S1} != 'no'", "${S1} = 'yes'")
    assert form.question("A1").relevant == "${S1} = 'yes'"
    assert form.question("S1").conditions == ("${S1} != 'no'",)
    assert form.question("F1").conditions == ()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("label::中文 (zh)", "zh"), ("label::zh", "zh"), ("Label:Chinese", "zh"), ("label::zh-CN", "zh"),
        ("label::Chinese (zh_CN)", "zh"), ("label::English (en)", "en"), ("label::English", "en"), ("label", ""),
        ("label::Français (fr)", None), ("hint::English (en)", None), ("labels", None),
    ],
)  # fmt: skip
def test_label_columns_are_known_by_their_language(header: str, language: str | None) -> None:
    assert label_language(header) == language


@pytest.mark.parametrize(
    ("head", "zh", "en"),
    [(("type", "name", "label"), "年龄", None), (("type", "name", "label::zh", "label"), "年龄", "Age")],
)
def test_a_plain_label_takes_the_language_it_is_in(head: tuple[str, ...], zh: str | None, en: str | None) -> None:
    form, _ = read([head, ("integer", "age", *[t for t in (zh, en) if t])])
    assert form is not None
    assert form.question("age").labels == {k: v for k, v in (("zh", zh), ("en", en)) if v}


def test_a_plain_label_follows_the_default_language() -> None:
    form, _ = read([("type", "name", "label"), ("text", "a", "OK")], None, [("default_language",), ("中文 (zh)",)])
    assert form is not None
    assert form.question("a").labels == {"zh": "OK"}


def test_other_languages_and_unknown_columns_are_kept_verbatim() -> None:
    form, findings = read(
        [(*SURVEY_HEAD, "label::Français (fr)", "media::image"), ("text", "a", "甲", "A", "B", "c.png")]
    )
    assert findings == []
    assert form is not None
    assert form.question("a").extra == {"label::Français (fr)": "B", "media::image": "c.png"}


def test_a_range_without_parameters_has_the_bounds_odk_gives_it() -> None:
    form, _ = read([SURVEY_HEAD, ("range", "r", "甲", "A")])
    assert form is not None
    assert (form.question("r").low, form.question("r").high, form.question("r").unit) == (1.0, 10.0, 1.0)


def test_a_sheet_that_starts_lower_and_further_right_keeps_its_true_addresses() -> None:
    shifted = [(), ("",), (None, None, "type", "name"), (), (None, None, "integerr", "a")]
    form, findings = read(shifted)
    assert form is None
    assert ("unknown_type", "survey!C5", "refuse") in places(findings)


def test_what_is_no_questionnaire_is_refused_in_one_sentence() -> None:
    form, findings = read_questionnaire("answers.csv", "编号,满意\n1,2\n".encode())
    assert form is None
    assert [f.code for f in findings] == ["form.no_survey_sheet"]
    with pytest.raises(Refused):
        read_questionnaire("form.xlsx", b"PK\x03\x04 and nothing more")


def test_an_error_cell_is_named() -> None:
    form, findings = read([SURVEY_HEAD, ("text", "a", "甲", "A"), ("text", "b", "#N/A", "B")])
    assert form is None
    assert places(findings) == {("error_cell", "survey!C3", "refuse"), ("no_label_zh", "survey!C3", "note")}
    assert findings[0].params == {"found": "#N/A"}
