"""Files that the dashboard hands out."""

import threading
import time
import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from dashboard.app import create_app
from survey.core import limits
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


def test_files_are_made_so_many_at_once_and_pages_wait_for_none(monkeypatch):
    from dashboard.pages.tasks import service

    app = fake_app("leader")
    app.server.test_client().get("/download/tasks?year=2014")  # what is imported with the first stays out of the count
    go, lock, inside, most = threading.Event(), threading.Lock(), [0], []

    def slow(*_told):
        with lock:
            inside[0] += 1
            most.append(inside[0])
        go.wait(30)
        with lock:
            inside[0] -= 1
        return "清单.xlsx", b"made", "application/zip"

    monkeypatch.setattr(service, "workbook", slow)
    monkeypatch.setattr(limits, "FILES_AT_ONCE", 2)
    said = []
    threads = [
        threading.Thread(target=lambda: said.append(app.server.test_client().get("/download/tasks?year=2014").data))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 20
    while len(most) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert app.server.test_client().get("/").status_code == 200  # a page is answered while files wait
    go.set()
    for thread in threads:
        thread.join(30)
    assert said == [b"made"] * 6
    assert max(most) == 2
