"""The table of what a file holds, written out, corrected by a person, taken back."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from survey.core.errors import Refused
from survey.intake.contents.lines import of_inspection
from survey.intake.contents.table import contents_mapping, contents_text, contents_workbook
from tests.tools.books.office_sheets import FORM, grid, look, prepare, renamed, with_cells, without


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.fixture
def rows():
    sheet = without(renamed(grid(), E1="16、满意度—治安状况"), "B1")
    return with_cells(sheet, "sex", lambda v, i: {"男": "男性", "女": "女性"}[v])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_taken_back_as_it_was_written_it_accepts_everything(store, rows, lang, kind):
    found = of_inspection(look(store, rows))
    text = contents_text(found, lang).encode() if kind == "csv" else contents_workbook(found, lang)
    assert contents_mapping(f"t.{kind}", text, FORM) == found.accepted()
    assert look(store, rows, mapping=contents_mapping(f"t.{kind}", text, FORM)).questions == []


def test_what_a_person_changed_in_it_counts(store, rows):
    found = of_inspection(look(store, rows))
    table = list(csv.DictReader(StringIO(contents_text(found, "zh"))))
    for line in table:
        if line["填写内容"] == "女性":
            line["读作"] = "男"
        if line["表头"] == "16、满意度—治安状况":
            line["题目"] = ""
        if line["题目"] == "B1" and not line["表头"]:
            line["表头"] = "16、满意度—治安状况"
    out = StringIO()
    writer = csv.DictWriter(out, list(table[0]))
    writer.writeheader()
    writer.writerows(n for n in table if not (n["表头"] == "16、满意度—治安状况" and not n["题目"]))
    said = contents_mapping("t.csv", out.getvalue().encode(), FORM)
    assert said.values["sex"] == {"男性": "m", "女性": "m"}
    assert list(said.columns.values()) == ["B1"]


def test_another_table_is_refused_in_one_sentence():
    with pytest.raises(Refused) as refused:
        contents_mapping("t.csv", b"a,b\n1,2\n", FORM)
    assert "t.csv" in refused.value.word("zh")
