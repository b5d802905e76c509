"""Flat files: full precision, empty is empty, and nothing that a spreadsheet would run."""

import csv
import json
import os
import stat
from io import BytesIO, StringIO

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exports import flat_files
from survey.core import plain_table
from survey.core.errors import Refused, Surroundings, WrongUsage

META = {"year": 2014, "sample": True, "scheme": "default"}
FRAME = pd.DataFrame(
    {
        "community": ["望江社区", "=1+1", None],
        "n": [203.0, np.nan, 7.0],
        "total": [748.123456789012345, np.nan, 2 / 3],
        "star": pd.array([3, None, 5], dtype="Int64"),
        "provisional": [True, False, True],
        "share": [{"a": 1}, None, [1, 2]],
    }
)


def test_csv_keeps_every_digit_and_writes_whole_numbers_whole():
    text = flat_files.to_csv_text(FRAME)
    assert text.splitlines() == [
        "community,n,total,star,provisional,share",
        '望江社区,203,748.1234567890124,3,true,"{""a"": 1}"',
        "'=1+1,,,,false,",
        ',7,0.6666666666666666,5,true,"[1, 2]"',
    ]


def test_json_has_meta_and_rows_with_null_for_empty():
    data = json.loads(flat_files.to_json_text(FRAME, META))
    assert data["meta"] == META
    assert data["rows"][1] == {
        "community": "=1+1",
        "n": None,
        "total": None,
        "star": None,
        "provisional": False,
        "share": None,
    }
    assert data["rows"][0]["n"] == 203
    assert json.loads(flat_files.to_json_text(FRAME.iloc[:0], {})) == {"meta": {}, "rows": []}


def test_an_infinite_number_is_empty():
    assert flat_files.to_csv_text(pd.DataFrame({"x": [np.inf, 1.5]})) == "x\n\n1.5\n".replace("\n\n", '\n""\n')


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "－1", "＠x", "'=1", "''+1"]
)
def test_csv_text_that_would_run_gets_a_quote_before_it(text):
    cell = next(
        csv.reader(StringIO(flat_files.to_csv_text(pd.DataFrame({"a": [text]})).partition("\n")[2], newline=""))
    )[0]
    assert cell == "'" + text


@pytest.mark.parametrize("text", ["", "示例", "'tis", "1-2", "a=b", "'"])
def test_harmless_text_stays_as_it_is(text):
    assert plain_table.protected(text) == text


@given(st.text(max_size=12))
def test_taking_one_quote_away_gives_the_text_back(text):
    kept = plain_table.protected(text)
    assert (kept == text) or (kept[0] == "'" and kept[1:] == text)
    assert plain_table.protected(kept)[:1] in ("", "'") or kept == text


def test_negative_numbers_of_ours_are_not_quoted():
    assert flat_files.to_csv_text(pd.DataFrame({"change": [-3.5]})) == "change\n-3.5\n"


def test_a_dangerous_column_name_is_quoted():
    assert flat_files.to_csv_text(pd.DataFrame({"=x": [1]})) == "'=x\n1\n"


def test_xlsx_holds_texts_as_texts_and_numbers_as_numbers(tmp_path):
    path = flat_files.write_table(FRAME, tmp_path / "结果.xlsx", META)
    book = openpyxl.load_workbook(path)
    rows = list(book["data"].iter_rows(values_only=True))
    assert rows[0] == tuple(FRAME.columns)
    assert rows[2][:5] == ("=1+1", None, None, None, False)
    assert book["data"]["A3"].data_type == "s"
    assert rows[1][2] == FRAME["total"][0]
    assert {row[0]: row[1] for row in book["meta"].iter_rows(values_only=True)} == META


def test_parquet_keeps_types_and_meta(tmp_path):
    path = flat_files.write_table(FRAME, tmp_path / "r.parquet", META)
    table = pq.read_table(path)
    assert json.loads(table.schema.metadata[b"xingfu"]) == META
    back = table.to_pandas()
    assert back["n"].tolist()[0] == 203.0
    assert back["community"].tolist()[:2] == ["望江社区", "=1+1"]
    mixed = pd.DataFrame({"choice": ["满意", 3, None]})
    assert pq.read_table(BytesIO(flat_files.to_parquet(mixed, {})))["choice"].to_pylist() == ["满意", "3", None]


def test_csv_file_is_utf8_without_a_mark(tmp_path):
    path = flat_files.write_table(FRAME, tmp_path / "r.CSV", META)
    assert path.read_bytes() == flat_files.to_csv_text(FRAME).encode("utf-8")
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [p.name for p in tmp_path.iterdir()] == ["r.CSV"]


def test_an_unknown_ending_names_those_that_work(tmp_path):
    with pytest.raises(WrongUsage, match=r"\.csv \.xlsx \.json \.parquet"):
        flat_files.write_table(FRAME, tmp_path / "r.doc", META)


def test_a_path_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path):
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(Surroundings, match=r"r\.csv"):
        flat_files.write_table(FRAME, tmp_path / "r.csv", META)
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_more_rows_than_a_spreadsheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(flat_files, "MAX_ROWS", 2)
    with pytest.raises(Refused, match="3"):
        flat_files.to_xlsx(FRAME, META)


def test_a_text_longer_than_a_cell_is_refused_not_cut():
    with pytest.raises(Refused, match="32768"):
        flat_files.to_xlsx(pd.DataFrame({"a": ["x" * 32_768]}), META)


@pytest.mark.skipif(os.name == "nt", reason="rights are the folder's there")
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json", ".parquet"])
@pytest.mark.parametrize(("column", "mode"), [("who", 0o600), ("interviewer", 0o600), ("community", 0o644)])
def test_a_table_that_names_persons_is_its_owner_s_only(tmp_path, column, mode, ending):
    before = os.umask(0o022)
    try:
        path = flat_files.write_table(pd.DataFrame({column: ["甲"], "n": [1]}), tmp_path / f"t{ending}", {"lang": "zh"})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode
