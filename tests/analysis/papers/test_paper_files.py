"""Diagnoses as files: one, a folder, an archive; all or nothing."""

import zipfile

import pytest

from analysis.papers.diagnosis import Sources
from analysis.papers.paper_files import diagnosis_pdf, write_papers
from survey.core.errors import Refused, WrongUsage
from tests.tools.towns.fake_results import fake_results

SOURCES = Sources([fake_results(2014)], {})


def test_one_into_a_file_several_into_a_folder_or_an_archive(tmp_path):
    [one] = write_papers(SOURCES, "zh", tmp_path / "a.pdf", ["SL03"], one=True)
    assert one.read_bytes() == diagnosis_pdf(SOURCES, "SL03", "zh")
    found = write_papers(SOURCES, "zh", tmp_path / "all", ["SL03", "SL04"], one=False)
    assert [p.name for p in found] == ["2014_SL03_望江社区.pdf", "2014_SL04_桂湖社区.pdf"]
    [packed] = write_papers(SOURCES, "zh", tmp_path / "all.zip", ["SL03"], one=True)
    assert zipfile.ZipFile(packed).namelist() == ["2014_SL03_望江社区.pdf"]


@pytest.mark.parametrize(("name", "one"), [("a.pdf", False), ("a.xlsx", True), ("a.docx", False)])
def test_what_does_not_fit_is_wrong_usage_and_writes_nothing(tmp_path, name, one):
    with pytest.raises(WrongUsage):
        write_papers(SOURCES, "zh", tmp_path / name, ["SL03"], one=one)
    assert not list(tmp_path.iterdir())


def test_an_unknown_community_and_a_year_without_any_are_refused(tmp_path):
    with pytest.raises(Refused):
        write_papers(SOURCES, "zh", tmp_path / "all", ["SL03", "??"], one=False)
    with pytest.raises(Refused):
        write_papers(SOURCES, "zh", tmp_path / "all", [], one=False)
    assert not list(tmp_path.iterdir())
