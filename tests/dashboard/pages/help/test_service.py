"""What is given of the folder of documents, and nothing beside it."""

import pytest

from dashboard.pages.help import service
from dashboard.parts.manual import DOCUMENTS
from survey.core.errors import Refused, Surroundings
from tests.tools.dashboard_tools import ADMIN, fake_app

OUTSIDE = ("../first-year.md", "..", "", "README.md", "../../README.md", "/etc/passwd", "a.png\0", "nothing.png")


def test_every_document_of_the_folder_is_in_the_list_and_has_a_title():
    assert sorted(path.stem for path in service.folder().glob("*.md")) == sorted(DOCUMENTS)
    assert [one.name for one in service.documents(ADMIN)] == list(DOCUMENTS)
    assert all(one.title and one.sections for one in service.documents(ADMIN))


@pytest.mark.parametrize("name", ["../privacy", "nothing", "", "README.md"])
def test_a_document_that_is_not_in_the_list_is_refused(name):
    with pytest.raises(Refused):
        service.document(ADMIN, name)


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_but_the_pictures_is_given(name):
    with pytest.raises(Refused):
        service.picture(ADMIN, name)


@pytest.mark.parametrize(
    "name", ["../first-year.md", "..%2ffirst-year.md", "%2e%2e/first-year.md", "%2fetc%2fpasswd", "x"]
)
def test_no_address_leads_out_of_the_folder(name):
    answer = fake_app("leader").server.test_client().get(f"/download/picture/{name}")
    assert b"#" not in answer.data[:2]
    assert answer.status_code in (200, 404)
    assert (
        answer.status_code == 404 or b"react-entry-point" in answer.data
    )  # the frame, which says that there is no page


def test_without_the_documents_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(service, "__file__", str(tmp_path / "a" / "b" / "c" / "service.py"))
    monkeypatch.setattr(service, "PACKAGE", "no_such_package_here")
    with pytest.raises(Surroundings, match="docs"):
        service.folder()
