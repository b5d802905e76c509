"""What is handed on to the first worker: all that knows of uploads and of what is under way, and nothing else."""

import json
from io import BytesIO
from pathlib import Path

import pytest

import dashboard.pages
from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.serving import first_worker, server
from dashboard.serving.first_worker import FirstWorker
from survey.core.errors import Surroundings
from tests.dashboard.serving.test_server import port_of
from tests.dashboard.web.test_intake import SHOW
from tests.tools.dashboard_tools import answers_csv, small_store

FOLDER = Path(dashboard.pages.__file__).parent


def server_port():
    """A port that is free."""
    return port_of(server.listen("127.0.0.1", 0, move_on=False))


MESSAGE = "/_dash-update-component"


@pytest.fixture
def way(sqlite_store, tmp_path):
    small_store(sqlite_store)
    app = create_app(sqlite_store)
    made = FirstWorker(app, PAGES, tmp_path / "first", 2)
    yield app, made
    made.close()


def test_a_folder_of_any_length_holds_the_socket(sqlite_store, tmp_path):
    small_store(sqlite_store)
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    made = FirstWorker(create_app(sqlite_store), PAGES, deep / "first", 2)
    assert (deep / "first").is_socket()
    made.close()


def test_every_page_that_knows_of_uploads_is_one_process_s():
    users = {file.relative_to(FOLDER).parts[0] for file in FOLDER.rglob("*.py") if "uploads" in file.read_text("utf-8")}
    flagged = {
        page.show.module.split(".")[2] if hasattr(page.show, "module") else "imports"
        for page in PAGES
        if page.one_process
    }
    assert users - {"__init__.py"} == flagged == {"bank", "drafting", "imports", "outlines", "papers"}


def asks(path, app):
    """The message of an address, as the first worker would be asked."""
    inputs = [{**SHOW["inputs"][0], "value": path}, *SHOW["inputs"][1:]]
    return app.server.test_request_context(MESSAGE, method="POST", json={**SHOW, "inputs": inputs})


@pytest.mark.parametrize(
    ("path", "its"),
    [("/import", True), ("/import/x", True), ("/papers", True), ("/basics/map", True), ("/questionnaire/bank", True)]
    + [(path, False) for path in ("/", "/tasks", "/nothing", "/help", "/cycle", "", None)],
)
def test_which_page_is_handed_on(way, path, its):
    app, made = way
    with asks(path, app):
        assert made._is_first_s() is its


@pytest.mark.parametrize(
    ("path", "method", "its"),
    [
        ("/import/upload", "POST", True),
        ("/questionnaire/draft/upload", "POST", True),
        ("/download/annotated/abc/0", "GET", True),
        ("/download/findings/abc.csv", "GET", True),
        ("/download/draft/abc", "GET", True),
        ("/download/template", "GET", False),
        ("/download/diagnoses", "GET", False),
        ("/import", "GET", False),
        ("/healthz", "GET", False),
    ],
)
def test_which_file_is_handed_on(way, path, method, its):
    app, made = way
    with app.server.test_request_context(path, method=method):
        assert made._is_first_s() is its


def test_callbacks_of_those_pages_are_handed_on(way):
    app, _ = way
    assert any("import-stages" in name for name in app.one_process)
    assert any("goto.data" in name for name in app.one_process)
    assert "..page.children...view.data.." not in app.one_process
    assert not any("entry-" in name for name in app.one_process)


def test_what_is_handed_on_is_answered_as_if_it_had_come_there(way, tmp_path):
    """Two apps stand for two processes: the second has the uploads."""
    app, made = way
    other = create_app(app.store)
    there = FirstWorker(other, PAGES, tmp_path / "other", 2)
    made._place = there._place
    there.answer()
    data = {"file": (BytesIO(answers_csv()), "问卷.csv")}
    answer = app.server.test_client().post("/import/upload", data=data, content_type="multipart/form-data")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert len(answer.headers.getlist("Content-Type")) == 1
    token = answer.get_json()["token"]
    inputs = [{**SHOW["inputs"][0], "value": "/import"}, {**SHOW["inputs"][1], "value": f"?token={token}"}]
    message = {**SHOW, "inputs": [*inputs, SHOW["inputs"][2]]}
    same = [one.server.test_client().post(MESSAGE, json=message) for one in (app, other)]
    assert [s.status_code for s in same] == [200, 200]
    assert [c.split("=")[0] for c in same[0].headers.getlist("Set-Cookie")] == [
        c.split("=")[0] for c in same[1].headers.getlist("Set-Cookie")
    ]
    assert "问卷.csv" in str(json.loads(same[0].data))
    there.close()


def test_a_first_worker_that_ends_meanwhile_is_one_sentence(way, monkeypatch):
    app, made = way
    made.close()
    answer = app.server.test_client().post(
        MESSAGE, json={**SHOW, "inputs": [{**SHOW["inputs"][0], "value": "/import"}, *SHOW["inputs"][1:]]}
    )
    assert (answer.status_code, "中途结束" in answer.get_data(as_text=True)) == (500, True)


def test_a_folder_whose_name_is_too_long_for_a_socket_is_said(sqlite_store, tmp_path, monkeypatch):
    small_store(sqlite_store)
    long = tmp_path / ("n" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    monkeypatch.setattr(first_worker, "within_reach", str)  # as where folders have no handles
    with pytest.raises(Surroundings) as caught:
        server.serve(sqlite_store, port=server_port(), workers=2)
    assert not list(long.iterdir())
    assert caught.value.key == "dash_errors.worker_fails"
