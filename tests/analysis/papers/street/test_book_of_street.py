"""A street's workbook: an index that leads everywhere, sums that recalculate, readable on A4, the same bytes every time."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from analysis.papers.diagnosis import Sources
from analysis.papers.street.book_of_street import SHEETS, street_workbook, workbook_name
from analysis.papers.street.one_street import Street
from survey.core.lang import LANGUAGES, say
from tests.tools.books.recalculated import differing
from tests.tools.towns.fake_results import fake_results

FAKE = Street(Sources([fake_results(2014)], {}), "示例街道")
#: characters of all columns that A4 across takes at 9 pt, as LibreOffice draws it without Calibri; Excel takes more
WIDEST = {"landscape": 124, "portrait": 80}


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request, closed_year):
    return request.param, openpyxl.load_workbook(BytesIO(street_workbook(closed_year, request.param)))


def links(sheet):
    """Where the links of a sheet lead."""
    return [c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink]


def test_the_index_leads_to_every_sheet_and_each_leads_back(opened):
    lang, book = opened
    index = book.worksheets[0]
    led = {name.split("!")[0].strip("'") for name in links(index)}
    told = {say(lang, f"street_papers.sheet.{name}") for name in SHEETS if name != "streets"}
    assert led == set(book.sheetnames[1:]) == told
    for sheet in book.worksheets[1:]:
        assert f"'{index.title}'!A1" in links(sheet)


def test_every_sheet_says_that_the_data_are_invented_and_is_set_up_for_paper(opened):
    lang, book = opened
    for sheet in book:
        assert say(lang, "export.notice.sample") in {row[0].value for row in sheet.iter_rows(max_row=4)}
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        wide = sum((d.max - d.min + 1) * d.width for d in sheet.column_dimensions.values())
        assert wide <= WIDEST[sheet.page_setup.orientation or "portrait"], sheet.title


def test_the_index_says_scheme_data_version_time_and_state(opened, closed_year):
    lang, book = opened
    meta = closed_year.results.meta
    said = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(max_col=2)}
    assert said[say(lang, "export.method.data_version")] == meta["data_version"]
    assert said[say(lang, "export.method.computed_at")] == meta["computed_at"]
    assert said[say(lang, "street_papers.state")] == say(lang, "street_papers.state_closed")


def test_libreoffice_computes_every_formula_to_our_number(closed_year, tmp_path):
    several = FAKE.results.scores.assign(sub_district=["甲街道"] * 6 + ["乙街道"] * 6)
    district = Street(Sources([replace(FAKE.results, scores=several)], {}), "")
    books = {"closed": closed_year, "fake": FAKE, "district": district}
    cells, wrong = differing({name: street_workbook(one, "zh") for name, one in books.items()}, tmp_path)
    assert cells > 100
    assert wrong == []


def test_the_same_street_gives_the_same_bytes_and_a_safe_name():
    assert street_workbook(FAKE, "zh") == street_workbook(FAKE, "zh")
    assert workbook_name(FAKE, "zh") == "2014_示例街道_街道工作簿_示例数据.xlsx"
    name = "街/道" * 70
    odd = Street(Sources([replace(FAKE.results, scores=FAKE.results.scores.assign(sub_district=name))], {}), name)
    assert "/" not in workbook_name(odd, "zh")
    assert len(workbook_name(odd, "zh").encode()) <= 255
    assert street_workbook(odd, "zh")


def test_texts_of_people_are_no_formula():
    scores = FAKE.results.scores.assign(community="=1+1")
    book = street_workbook(Street(Sources([replace(FAKE.results, scores=scores)], {}), "示例街道"), "zh")
    cells = [c for sheet in openpyxl.load_workbook(BytesIO(book)) for row in sheet.iter_rows() for c in row]
    assert [c.data_type for c in cells if c.value == "=1+1"].count("f") == 0
