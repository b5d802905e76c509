"""A data set: one table in five formats alike, said what it is, whole or not at all."""

import json
import zipfile
from dataclasses import replace
from functools import partial
from io import BytesIO, StringIO

import pandas as pd
import pyreadstat
import pytest

from analysis.exports.data_set.data_files import FORMATS, data_set, write_data_set
from analysis.exports.data_set.statistics_formats import stata_names
from survey.core.errors import Refused, WrongUsage
from tests.tools.towns.fake_results import fake_results

FILES = dict(data_set(fake_results(), "zh"))
TABLES = ("scores", "items", "distributions", "indicators", "flow", "modes", "streets")


def test_every_table_is_there_in_every_format():
    assert {n for n in FILES if "/" in n} == {f"{f}/{t}.{f}" for f in FORMATS for t in TABLES}
    assert {n for n in FILES if "/" not in n} == {"README.txt", "dictionary.csv", "dictionary.json"}


@pytest.mark.parametrize("table", TABLES)
def test_all_formats_hold_the_same(table, tmp_path):
    csv = pd.read_csv(StringIO(FILES[f"csv/{table}.csv"].decode()))
    parquet = pd.read_parquet(BytesIO(FILES[f"parquet/{table}.parquet"]))
    rows = json.loads(FILES[f"json/{table}.json"])["rows"]
    (tmp_path / "t.sav").write_bytes(FILES[f"sav/{table}.sav"])
    sav = pyreadstat.read_sav(tmp_path / "t.sav")[0]
    dta = pd.read_stata(BytesIO(FILES[f"dta/{table}.dta"]), convert_categoricals=False)
    assert len(csv) == len(parquet) == len(rows) == len(sav) == len(dta)
    for column, stata in zip(parquet, stata_names(parquet), strict=True):
        if pd.api.types.is_float_dtype(parquet[column]):
            wanted = parquet[column].to_numpy("float64", na_value=float("nan"))
            for held in (csv[column], pd.Series([r[column] for r in rows], dtype="float64"), sav[column], dta[stata]):
                pd.testing.assert_series_equal(
                    held.astype("float64"), pd.Series(wanted), check_names=False, rtol=1e-15, atol=0
                )


def test_the_same_results_give_the_same_bytes():
    assert dict(data_set(fake_results(), "zh")) == FILES


def test_it_says_what_it_is_and_that_the_data_are_invented():
    said = FILES["README.txt"].decode()
    assert "示例数据" in said
    assert "未附使用许可" in said
    licensed = dict(data_set(fake_results(), "en", licence=b"CC0"))
    assert licensed["LICENCE.txt"] == b"CC0"
    assert "LICENCE.txt" in licensed["README.txt"].decode()


def test_cells_that_look_like_formulas_are_texts():
    results = fake_results()
    scores = results.scores.assign(community=["=HYPERLINK(1)", *results.scores["community"][1:]])
    text = dict(data_set(replace(results, scores=scores), "zh"))["csv/scores.csv"].decode()
    assert "'=HYPERLINK(1)" in text


def test_into_a_folder_or_an_archive_and_nothing_else(tmp_path):
    files = [(name, partial(bytes, data)) for name, data in FILES.items()]
    assert len(write_data_set(fake_results(), tmp_path / "d", files)) == len(files)
    [path] = write_data_set(fake_results(), tmp_path / "d.zip", files)
    assert zipfile.ZipFile(path).namelist() == [n for n, _ in files]
    with pytest.raises(WrongUsage):
        write_data_set(fake_results(), tmp_path / "d.csv", files)


def test_a_year_without_results_is_refused():
    with pytest.raises(Refused):
        data_set(replace(fake_results(), scores=fake_results().scores.iloc[:0]), "zh")
