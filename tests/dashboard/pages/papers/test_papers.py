"""The page of papers: what there is for whom, when it was last taken, and the files behind it."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages.papers.service import (
    brief_file,
    data_file,
    diagnoses_file,
    diagnosis_file,
    notice_file,
    papers,
    responses_file,
    street_file,
)
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import audit
from tests.tools.dashboard_tools import ADMIN, small_store, words
from tests.tools.towns.fake_results import FakeSource

SOURCE = FakeSource()
LEADER = Viewer("领导", "leader")
ONE = Viewer("社区", "community", communities=frozenset({"SL03"}))


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def took(store, address, when, **detail):
    with store.write() as conn:
        audit.record(conn, "王芳", "download", address, {"year": 2014, **detail}, when=when)


def test_when_it_was_last_taken_and_whether_that_is_stale(town):
    took(town, "/download/data", datetime(2013, 1, 1, tzinfo=UTC))
    took(town, "/download/diagnosis/<code>", datetime(2030, 1, 1, tzinfo=UTC), code="SL03")
    found = papers(LEADER, SOURCE, town, 2014)
    assert (found.whole["/download/data"].who, found.whole["/download/data"].stale) == ("王芳", True)
    assert found.one["SL03"].stale is False
    assert found.whole["/download/year"] is None


def test_single_responses_are_offered_only_to_who_may_take_them(town):
    assert "/download/check" not in papers(LEADER, SOURCE, town, 2014).whole
    assert "/download/check" in papers(ADMIN, SOURCE, town, 2014).whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_names_every_community_and_its_papers(town, lang):
    page = render(ADMIN, SOURCE, town, Uploads(), "/papers", f"?lang={lang}&year=2014", {}).children
    text = words(page)
    assert "望江社区" in text
    assert ("诊断书" if lang == "zh" else "Diagnosis") in text
    assert ("示例数据" if lang == "zh" else "ample data") in text


def test_the_files_are_what_they_say(town):
    name, data, _ = diagnosis_file(ADMIN, SOURCE, town, 2014, "SL03", "zh")
    assert (name, data[:5]) == ("2014_SL03_望江社区.pdf", b"%PDF-")
    name, data, _ = data_file(ADMIN, SOURCE, 2014, "en")
    assert name.startswith("2014_data")
    assert "sav/scores.sav" in zipfile.ZipFile(BytesIO(data)).namelist()


def test_all_diagnoses_are_those_of_the_communities_in_scope(town, monkeypatch):
    monkeypatch.setattr("analysis.papers.paper_files.diagnosis_pdf", lambda _sources, code, _lang: code.encode())
    monkeypatch.setattr("analysis.papers.paper_files.brief_pdf", lambda street, _lang: street.name.encode())
    _, data, _ = diagnoses_file(ADMIN, SOURCE, town, 2014, "zh")
    assert len(zipfile.ZipFile(BytesIO(data)).namelist()) == 13
    _, data, _ = diagnoses_file(ONE, SOURCE, town, 2014, "zh")
    assert zipfile.ZipFile(BytesIO(data)).namelist() == ["2014_SL03_望江社区.pdf"]


def test_what_a_command_wrote_is_told_as_such(town):
    with town.write() as conn:
        audit.record(conn, "李", "export", "2014", {"format": "pdf"}, when=datetime(2030, 1, 1, tzinfo=UTC))
        audit.record(conn, "李", "export", "2013", {"format": "data"}, when=datetime(2030, 1, 1, tzinfo=UTC))
        detail = {"format": "pdf", "community": "SL03"}
        audit.record(conn, "李", "export", "2014", detail, when=datetime(2030, 1, 2, tzinfo=UTC))
    found = papers(LEADER, SOURCE, town, 2014)
    assert (found.whole["/download/diagnoses"].who, found.whole["/download/diagnoses"].command) == ("李", True)
    assert found.whole["/download/data"] is None
    assert found.one["SL03"].who == "李"


def test_the_streets_papers_are_for_who_sees_all_and_a_notice_for_who_is_named(town):
    name, data, _ = street_file(ADMIN, SOURCE, town, 2014, "", "zh")
    assert (name, data[:2]) == ("2014_示例街道_街道工作簿_示例数据.xlsx", b"PK")
    name, data, _ = brief_file(LEADER, SOURCE, town, 2014, "", "zh")
    assert (name, data[:5]) == ("2014_示例街道_会前一页纸.pdf", b"%PDF-")
    for make in (street_file, brief_file):
        with pytest.raises(Refused):
            make(ONE, SOURCE, town, 2014, "", "zh")
    with pytest.raises(Refused, match="望江社区"):
        notice_file(ADMIN, SOURCE, town, 2014, "SL03", "zh")
    with pytest.raises(Refused):
        responses_file(LEADER, SOURCE, town, 2014, "zh")


def test_an_unknown_community_is_refused(town):
    with pytest.raises(Refused):
        diagnosis_file(ADMIN, SOURCE, town, 2014, "SL99", "zh")


def test_who_sees_one_community_gets_its_papers_only_and_not_who_took_them(town):
    took(town, "/download/data", datetime(2030, 1, 1, tzinfo=UTC))
    found = papers(ONE, SOURCE, town, 2014)
    assert [row["community_code"] for row in found.rows] == ["SL03"]
    assert {*found.whole.values()} == {None}
    _, data, _ = data_file(ONE, SOURCE, 2014, "zh")
    scores = zipfile.ZipFile(BytesIO(data)).read("csv/scores.csv").decode()
    assert ("望江社区" in scores, scores.count("\n")) == (True, 2)
    with pytest.raises(Refused):
        diagnosis_file(ONE, SOURCE, town, 2014, "SL04", "zh")


def test_what_was_taken_without_a_year_is_said_of_no_year(town):
    with town.write() as conn:
        audit.record(conn, "王芳", "download", "/download/data", {"year": None}, when=datetime(2030, 1, 1, tzinfo=UTC))
    assert papers(LEADER, SOURCE, town, 2014).whole["/download/data"] is None
