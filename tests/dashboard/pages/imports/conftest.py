"""What the tests of the import page share."""

from __future__ import annotations

import pytest

from dashboard.pages.imports.service import background_work


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request waits for its job however busy the machine is; a test of jobs that go on says how long instead."""
    monkeypatch.setattr(background_work, "PATIENCE", 60.0)
