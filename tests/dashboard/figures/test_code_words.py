"""Codes of tables have words where people read them, in both languages; every table that a page hands out is one for people."""

import csv
import io
import re

import pytest

from analysis.quality.measure import downloads
from dashboard.figures.code_words import code_words, left_out
from survey.core.columns import CODE, NUMBER, TEXT, Column, columns
from survey.core.lang import LANGUAGES
from tests.tools.dashboard_tools import fake_app
from tests.tools.towns.fake_results import fake_results

COLUMNS = columns(
    Column("dimension", CODE),
    Column("mode", CODE),
    Column("word", CODE),
    Column("weights", CODE),
    Column("note", CODE),
    Column("label", TEXT),
    Column("name", CODE),
    Column("se", NUMBER),
)
#: tables of the invented results, which need no store
FILES = (
    "/download/trend/SL03",
    "/download/compare",
    "/download/pairs",
    "/download/alike",
    "/download/beside?community=SL03",
    "/download/quality/small_areas",
)
#: a name that programs know a column by: ``total_low``
NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def test_each_code_is_a_word_and_what_is_none_of_ours_stays():
    words = code_words(COLUMNS, "zh", fake_results(2014))
    said = {"dimension": "ecology", "mode": "phone", "word": "higher", "weights": "base", "note": "one_psu"}
    assert {name: words[name](code) for name, code in said.items()} | {"note": ""} == {
        "dimension": "生态型·环境舒适感",
        "mode": "电话",
        "word": "更高，超出误差",
        "weights": "基础权数",
        "note": "",
    }
    assert "抽样单位" in words["note"]("one_psu")
    assert words["mode"]("postal") == "postal"
    assert "se" not in words


def test_a_code_beside_its_label_is_for_programs():
    assert left_out(COLUMNS) == ("name",)
    assert left_out(columns(Column("name", CODE))) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", FILES)
def test_a_table_of_a_page_has_headings_in_words_and_no_codes(path, lang):
    client = fake_app("local").server.test_client()
    address = f"{path}{'&' if '?' in path else '?'}year=2014&lang={lang}"
    answer = client.get(address, headers={"Host": "localhost"})
    assert answer.status_code == 200, answer.data
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(set(rows[0])) == len(rows[0])
    assert [cell for row in rows for cell in row if NAME.fullmatch(cell)] == []
    book = client.get(f"{address}&as=xlsx", headers={"Host": "localhost"})
    assert (book.status_code, book.data[:2]) == (200, b"PK")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_columns_of_a_table_have_one_heading(lang):
    for name, (_, table) in downloads().items():
        heads = [c.heading(lang) for c in table.columns if c.name not in ("note", "rate", *left_out(table.columns))]
        assert len(set(heads)) == len(heads), name
