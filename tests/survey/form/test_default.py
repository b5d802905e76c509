"""The default questionnaire and the file that ships with it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from survey.core.lang import LANGUAGES
from survey.form import to_dict
from survey.form.default import default_questionnaire
from survey.form.workbook.reading import read_questionnaire

FILE = Path(__file__).parents[3] / "data" / "sample" / "questionnaire.xlsx"


def test_the_shipped_file_is_the_default_questionnaire() -> None:
    form, findings = read_questionnaire(FILE.name, FILE.read_bytes())
    assert findings == []
    assert form == default_questionnaire()
    assert json.dumps(to_dict(form)) == json.dumps(to_dict(default_questionnaire()))


def test_five_items_a_dimension_on_one_balanced_scale() -> None:
    form = default_questionnaire()
    assert Counter(q.dimension for q in form.scored) == dict.fromkeys(
        ("autonomy", "ecology", "service", "culture", "harmony"), 5
    )
    assert [q.name for q in form.scored] == [f"{letter}{n}" for letter in "ABCDE" for n in range(1, 6)]
    assert {q.list_name for q in form.scored} == {"satisfaction"}
    scale = form.lists["satisfaction"]
    assert [(c.name, c.level, c.missing) for c in scale] == [
        ("1", 1, None),
        ("2", 2, None),
        ("3", 3, None),
        ("4", 4, None),
        ("5", 5, None),
        ("8", None, "dont_know"),
        ("9", None, "refused"),
    ]
    assert [c.labels["zh"] for c in scale] == ["很满意", "满意", "一般", "不满意", "很不满意", "不清楚", "拒答"]
    assert not any(c.aliases for c in scale)


def test_everything_has_a_label_in_both_languages() -> None:
    form = default_questionnaire()
    meta = ("end_group", "start", "end", "hidden")
    rows = [row for row in form.rows if row.type not in meta]
    choices = [choice for choices in form.lists.values() for choice in choices]
    for lang in LANGUAGES:
        assert all(thing.labels.get(lang) for thing in (*rows, *choices))


def test_roles_and_keys() -> None:
    form = default_questionnaire()
    assert set(form.roles) == {
        "respondent",
        "community",
        "year",
        "mode",
        "interviewer",
        "submitted",
        "phone",
        "sex",
        "age",
        "age_band",
        "start",
        "end",
        "duration",
    }
    assert [q.name for q in form.questions if q.required] == ["respondent", "community"]
    assert {"社区名称", "所在社区"} <= set(form.roles["community"].aliases)
    assert [c.name for c in form.roles["mode"].choices] == ["paper", "web", "phone"]
    assert (form.question("F1").low, form.question("F1").high, form.question("F1").scored) == (0.0, 10.0, False)


@pytest.mark.parametrize("file", [FILE, *sorted((Path(__file__).parents[2] / "data").glob("*_questionnaire.xlsx"))])
def test_kobo_and_odk_read_it_without_a_warning(file: Path) -> None:
    from pyxform.xls2xform import convert

    result = convert(str(file))
    assert result.warnings == []
    assert "<h:html" in result.xform
