"""The dictionary names every column and every code that has words."""

import json

from analysis.exports.data_set.dictionary import as_json, dictionary
from analysis.exports.data_set.tables import tables_of
from tests.tools.towns.fake_results import fake_results


def test_a_row_a_column_and_a_row_a_code():
    tables = tables_of(fake_results(), "zh")
    found = dictionary(tables)
    columns = found[found["code"].isna()]
    assert list(zip(columns["table"], columns["column"], strict=True)) == [
        (t.name, c.name) for t in tables for c in t.columns
    ]
    up = found[(found["table"] == "scores") & (found["column"] == "change_word") & (found["code"] == "up")]
    assert up[["label_zh", "label_en"]].values.tolist() == [["上升", "up"]]


def test_names_that_a_program_does_not_take_are_told():
    found = dictionary(tables_of(fake_results(), "zh"))
    assert found["name_stata"].dropna().tolist() == [n for n in found["name_stata"].dropna() if len(n) <= 32]
    assert not found[found["column"] == "total_exact"]["name_spss"].notna().any()


def test_the_same_as_json():
    found = json.loads(as_json(tables_of(fake_results(), "zh")))
    [share] = [c for c in found["distributions"] if c["name"] == "share"]
    assert (share["kind"], share["unit"], share["label"]["en"]) == ("share", "1", "share")
