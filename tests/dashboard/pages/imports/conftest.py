"""What the tests of the import page share."""

from __future__ import annotations

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages.imports.service import background_work
from tests.tools.dashboard_tools import small_store


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request waits for its job however busy the machine is; a test of jobs that go on says how long instead."""
    monkeypatch.setattr(background_work, "PATIENCE", 60.0)


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


@pytest.fixture
def room(tmp_path):
    folder = tmp_path / "waiting"
    folder.mkdir()
    return Uploads(folder)
