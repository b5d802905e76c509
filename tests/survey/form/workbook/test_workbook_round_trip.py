"""A questionnaire survives its workbook and its JSON form exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from survey.form import Choice, Question, Questionnaire, from_dict, to_dict
from survey.form.default import default_questionnaire
from survey.form.model import Cut, with_conditions
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from tests.tools.soak import examples

# Cs: lone surrogates, Cc: control characters, Z*: white space that trimming would take; none belongs into a cell
WORDS = (
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn"], exclude_characters="|｜$#"),
        min_size=1,
        max_size=12,
    )
    .map(str.strip)
    .filter(bool)
)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: x + 0.0)
STATES = st.sampled_from(["dont_know", "refused", "not_applicable"])


def labels(suffix: str) -> st.SearchStrategy[dict[str, str]]:
    both = st.tuples(WORDS, WORDS).map(lambda pair: {"zh": f"{pair[0]}{suffix}", "en": f"{pair[1]}_{suffix}"})
    return st.one_of(both, both.map(lambda found: {"zh": found["zh"]}))


@st.composite
def choice_lists(draw: st.DrawFn, name: str) -> tuple[Choice, ...]:
    size = draw(st.integers(2, 5))
    levelled = draw(st.booleans())
    choices = [
        Choice(
            f"{name}{i}",
            draw(labels(f"〔{name}{i}〕")),
            level=i + 1 if levelled else None,
            score=draw(st.none() | st.floats(0, 100)) if levelled else None,
            aliases=(f"又名{name}{i}",) if draw(st.booleans()) else (),
            extra={"image": draw(WORDS)} if draw(st.booleans()) else {},
        )
        for i in range(size)
    ]
    if draw(st.booleans()):
        choices.append(Choice(f"{name}_dk", draw(labels(f"〔{name}dk〕")), missing=draw(STATES)))
    return tuple(choices)


@st.composite
def questions(draw: st.DrawFn, index: int, lists: dict[str, tuple[Choice, ...]]) -> Question:
    name = f"q{index}"
    kind = draw(
        st.sampled_from(["select_one", "select_multiple", "integer", "decimal", "range", "text", "date", "note"])
    )
    row = Question(
        name,
        kind,
        draw(labels(f"〔{index}〕")),
        required=draw(st.booleans()),
        aliases=tuple(f"{draw(WORDS)}〔{index}.{i}〕" for i in range(draw(st.integers(0, 2)))),
        office=draw(st.sampled_from(["", "城管办"])),
        relevant=draw(st.sampled_from(["", "${q0} != 'no'"])),
        extra={"hint::中文 (zh)": draw(WORDS)} if draw(st.booleans()) else {},
    )
    if kind.startswith("select"):
        list_name = draw(st.sampled_from(sorted(lists)))
        row = replace(row, list_name=list_name, choices=lists[list_name])
        scorable = all(c.level is not None for c in row.choices if not c.missing)
        if kind == "select_one" and scorable and draw(st.booleans()):
            row = replace(row, dimension="ecology", weight=draw(st.floats(0.01, 50)), reverse=draw(st.booleans()))
    if kind == "decimal":
        low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
        row = replace(row, minimum=low, maximum=high, recode=(Cut("<", low, 1.0), Cut("<=", high + 1, draw(NUMBERS))))
    if kind == "range":
        step = draw(st.sampled_from([0.5, 1.0, 2.0]))
        row = replace(
            row,
            start=0.0,
            end=step * draw(st.integers(1, 20)),
            step=step,
            missing_values={"998": "refused", "999": "dont_know"},
        )
    return row


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    lists = {name: draw(choice_lists(name)) for name in ("la", "lb")[: draw(st.integers(1, 2))]}
    rows = [Question("q0", "text", {"zh": "第一题", "en": "First"}, role=draw(st.sampled_from(["", "respondent"])))]
    for index in range(1, draw(st.integers(2, 6))):
        row = draw(questions(index, lists))
        if draw(st.booleans()):
            group = Question(
                f"g{index}", "begin_group", {"zh": "组"}, relevant=draw(st.sampled_from(["", "${q0} = '1'"]))
            )
            rows += [group, row, Question("", "end_group")]
        else:
            rows.append(row)
    return Questionnaire(
        rows=with_conditions(rows),
        title=draw(WORDS),
        form_id="f",
        year=draw(st.none() | st.integers(1990, 2050)),
        blank=draw(st.sampled_from([("NA", "(空)", "(跳过)"), ("没有",), ()])),
        sampling=draw(st.sampled_from(["by_community", "overall"])),
        settings={"version": draw(WORDS)},
        lists=lists,
    )


@examples(15, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_what_is_written_reads_back_equal(form: Questionnaire) -> None:
    again, findings = read_questionnaire("form.xlsx", write_questionnaire(form))
    assert [f for f in findings if f.level == "refuse"] == []
    assert again == form
    assert json.dumps(to_dict(again)) == json.dumps(to_dict(form))


@examples(15, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_the_json_form_reads_back_equal(form: Questionnaire) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(form)))) == form


def test_a_question_with_choices_of_its_own_survives_the_json_form() -> None:
    own = (Choice("1", {"zh": "一"}),)
    form = Questionnaire(rows=(Question("a", "select_one", list_name="gone", choices=own),))
    assert from_dict(json.loads(json.dumps(to_dict(form)))) == form


def test_the_json_form_says_a_list_once() -> None:
    text = json.dumps(to_dict(default_questionnaire()), ensure_ascii=False)
    assert text.count("很不满意") == 1


def test_text_that_looks_like_a_formula_stays_text() -> None:
    form = Questionnaire(rows=(Question("a", "text", {"zh": '=HYPERLINK("http://x")'}),))
    book = openpyxl.load_workbook(BytesIO(write_questionnaire(form)))
    assert book["survey"]["C2"].data_type == "s"


def test_an_xlsform_of_others_is_written_back_with_all_its_columns() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    head = [
        "type",
        "name",
        "label::English (en)",
        "required",
        "constraint",
        "constraint_message::English (en)",
        "appearance",
        "calculation",
        "parameters",
        "trigger",
    ]
    rows = [
        ["start", "start"],
        ["text", "a", "A", "${a} = ''", ". != 'x'", "Not x", "multiline", None, "rows=3"],
        ["calculate", "c", None, None, None, None, None, "1 + 1"],
        ["geopoint", "here", "Where", None, None, None, "maps"],
    ]
    for row in [head, *rows]:
        sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    form, _ = read_questionnaire("kobo.xlsx", buffer.getvalue())
    assert form is not None
    written = openpyxl.load_workbook(BytesIO(write_questionnaire(form)))["survey"]
    names = [cell.value for cell in written[1]]
    for index, row in enumerate(rows, start=2):
        found = {name: cell.value for name, cell in zip(names, written[index], strict=True) if cell.value}
        assert found == {name: value for name, value in zip(head, row, strict=False) if value}


def test_a_cell_that_no_sheet_can_hold_is_never_dropped_silently() -> None:
    form = Questionnaire(rows=(Question("a", "text", {"zh": "长" * 40_000}),))
    with pytest.raises(ValueError, match="can't be written"):
        write_questionnaire(form)
