"""SPSS and Stata: what is read back is what was written, names and labels are legal, and no clock is in the bytes."""

from datetime import UTC, datetime
from io import BytesIO

import pandas as pd
import pyreadstat
import pytest

from analysis.exports.data_set.statistics_formats import spss_names, stata_names, to_dta, to_sav
from analysis.exports.data_set.tables import DataTable, Described
from survey.core.columns import FLAG, NUMBER, TEXT, WHOLE

WHEN = datetime(2014, 3, 9, 8, 7, 6, tzinfo=UTC)
LONG = "很长的名称" * 900
LABEL = {"zh": "标" * 300, "en": "l" * 300}
TABLE = DataTable(
    "t",
    pd.DataFrame(
        {
            "year": pd.array([2014, None], "Int64"),
            "mean": pd.array([1 / 3, None], "Float64"),
            "provisional": pd.array([True, None], "boolean"),
            "name": pd.array([LONG, None], "string"),
            "with": pd.array(["=1+1", "x"], "string"),
        }
    ),
    (
        Described("year", WHOLE, LABEL, {}),
        Described("mean", NUMBER, LABEL, {}),
        Described("provisional", FLAG, LABEL, {}),
        Described("name", TEXT, LABEL, {}),
        Described("with", TEXT, LABEL, {}),
    ),
)


def test_spss_gets_numbers_missing_values_texts_and_labels(tmp_path):
    (tmp_path / "t.sav").write_bytes(to_sav(TABLE, "zh", WHEN))
    frame, meta = pyreadstat.read_sav(tmp_path / "t.sav")
    assert frame["year"].tolist()[0] == 2014
    assert frame["mean"].tolist()[0] == 1 / 3
    assert frame[["year", "mean", "provisional"]].iloc[1].isna().all()
    assert frame["name"].tolist() == [LONG, ""]
    assert frame["v_with"].tolist() == ["=1+1", "x"]
    assert meta.column_names_to_labels["year"] == "标" * 85  # 255 bytes
    assert meta.variable_value_labels["provisional"] == {0.0: "否", 1.0: "是"}
    assert meta.creation_time == WHEN.replace(tzinfo=None)


def test_stata_gets_numbers_missing_values_texts_and_labels():
    data = to_dta(TABLE, "en", WHEN)
    with pd.read_stata(BytesIO(data), iterator=True, convert_categoricals=False) as reader:
        frame = reader.read()
        assert reader.variable_labels()["year"] == "l" * 80
        assert reader.value_labels()["provisional"] == {0: "no", 1: "yes"}
        assert reader.time_stamp == "09 Mar 2014 08:07"
    assert frame["mean"].tolist()[0] == 1 / 3
    assert frame[["year", "mean", "provisional"]].iloc[1].isna().all()
    assert frame["name"].tolist() == [LONG, ""]
    assert frame["v_with"].tolist() == ["=1+1", "x"]


@pytest.mark.parametrize("write", [to_sav, to_dta])
def test_the_same_table_gives_the_same_bytes(write):
    assert write(TABLE, "zh", WHEN) == write(TABLE, "zh", WHEN)


def test_names_are_legal_and_different():
    names = ["a", "A", "1st", "满意度", "a b", "a-b", "x" * 70, "x" * 71, "with", "", "_n"]
    for made, most in ((spss_names(names), 64), (stata_names(names), 32)):
        assert len({n.casefold() for n in made}) == len(names)
        assert all(n and len(n.encode()) <= most for n in made), made
        assert not [n for n in made if n.lower() in {"with", "_n"}]
    assert spss_names(["total_exact"]) == stata_names(["total_exact"]) == ["total_exact"]


def test_a_table_without_rows_is_a_file_all_the_same(tmp_path):
    empty = DataTable("t", TABLE.frame.iloc[:0], TABLE.columns)
    (tmp_path / "t.sav").write_bytes(to_sav(empty, "zh", WHEN))
    assert len(pyreadstat.read_sav(tmp_path / "t.sav")[0]) == 0
    assert len(pd.read_stata(BytesIO(to_dta(empty, "zh", WHEN)))) == 0
