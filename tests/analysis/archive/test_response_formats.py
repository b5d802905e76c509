"""Coded answers in SPSS and Stata: labels, and each way of giving no opinion as a missing value of its own; no clock but ours."""

from datetime import UTC, datetime

import pandas as pd
import pyreadstat
import pytest

from analysis.archive.response_formats import Coded, coded_dta, coded_sav

WHEN = datetime(2014, 3, 9, 8, 7, tzinfo=UTC)
LABEL = {"zh": "题", "en": "Item"}
VALUES = {c: {"zh": w, "en": w} for c, w in (("1", "满意"), ("2", "不满意"), ("8", "不清楚"))}
COLUMNS = [
    Coded("A1", LABEL, VALUES, {"dont_know": "8"}),
    Coded("F1", LABEL, {"98": LABEL}, {"dont_know": "98", "refused": "refused"}, number=True),
    Coded("sex", LABEL, {"male": LABEL, "female": LABEL}),
]
FRAME = pd.DataFrame(
    {"A1": ["1", "8", None], "F1": ["7.5", "98", "refused"], "sex": ["male", None, "female"]}, dtype="string"
)


def test_spss_reads_codes_labels_and_user_missing_values(tmp_path):
    (tmp_path / "t.sav").write_bytes(coded_sav(FRAME, COLUMNS, "zh", WHEN))
    frame, meta = pyreadstat.read_sav(tmp_path / "t.sav", user_missing=True)
    assert frame["A1"].tolist()[:2] == [1, 8]
    assert frame["F1"].tolist() == [7.5, 98, -94]
    assert meta.variable_value_labels["A1"] == {1.0: "满意", 2.0: "不满意", 8.0: "不清楚"}
    assert meta.missing_ranges["A1"] == [{"lo": 8.0, "hi": 8.0}]
    plain, _ = pyreadstat.read_sav(tmp_path / "t.sav")
    assert plain["A1"].isna().tolist() == [False, True, True]
    assert meta.creation_time == WHEN.replace(tzinfo=None)


def test_stata_reads_codes_labels_and_lettered_missing_values(tmp_path):
    (tmp_path / "t.dta").write_bytes(coded_dta(FRAME, COLUMNS, "zh", WHEN))
    frame, meta = pyreadstat.read_dta(tmp_path / "t.dta", user_missing=True)
    assert frame["A1"].tolist()[:2] == [1, "a"]
    assert frame["F1"].tolist() == [7.5, "a", "b"]
    assert frame["sex"].tolist() == ["male", "", "female"]
    assert meta.variable_value_labels["A1"] == {1: "满意", 2: "不满意", "a": "不清楚"}
    with pd.read_stata(tmp_path / "t.dta", iterator=True) as reader:
        assert reader.time_stamp == "09 Mar 2014 08:07"


@pytest.mark.parametrize("write", [coded_sav, coded_dta])
def test_the_same_answers_give_the_same_bytes(write):
    assert write(FRAME, COLUMNS, "zh", WHEN) == write(FRAME, COLUMNS, "zh", WHEN)


def test_a_cell_says_its_code_or_nothing():
    assert [COLUMNS[0].text(v) for v in ("1", ".dont_know", ".blank", ".skipped", None)] == ["1", "8", None, None, None]
