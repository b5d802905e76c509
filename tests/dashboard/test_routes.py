"""Files that the dashboard hands out."""

import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from dashboard.app import create_app
from tests.tools.dashboard_tools import fake_app, small_store


@pytest.fixture(scope="module")
def client():
    return fake_app("leader").server.test_client()


def name_of(response):
    return unquote(response.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])


def test_one_communitys_breakdown(client):
    response = client.get("/download/community/SL06?year=2014&lang=zh")
    assert "南塔社区" in name_of(response)
    assert load_workbook(BytesIO(response.data)).sheetnames


def test_a_years_breakdowns_in_one_archive(client):
    response = client.get("/download/year?year=2014&lang=en")
    assert len(zipfile.ZipFile(BytesIO(response.data)).namelist()) == 12
    assert name_of(response) == "2014_示例街道_Sample data.zip"


def test_the_trend_as_a_table(client):
    text = client.get("/download/trend/SL06?year=2014").data.decode("utf-8-sig")
    heading = text.splitlines()[0]
    assert heading.startswith("社区,年度,总分,总分下限,总分上限,测算星级,")
    assert heading.endswith(",应拨（元）,已拨（元）")  # what was decided and paid stands beside what was calculated
    assert len(text.splitlines()) == 4


def test_the_comparison_as_a_table(client):
    text = client.get("/download/compare?year=2014&with=SL01,SL02").data.decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + 2 * 3


@pytest.mark.parametrize(
    "path", ["/download/community/nobody", "/download/community/SL06?year=1999", "/download/trend/nobody"]
)
def test_what_is_unknown_is_a_sentence(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.get_data(as_text=True).endswith("。")


def test_the_entry_workbook_of_the_first_questionnaire(sqlite_store):
    client = create_app(small_store(sqlite_store)).server.test_client()
    response = client.get("/download/template")
    assert name_of(response).endswith("录入模板.xlsx")
    assert len(load_workbook(BytesIO(response.data)).sheetnames) >= 2
