"""What the sheet of settings explains follows the scheme's own defaults."""

from __future__ import annotations

import pytest

from analysis.scheme.default import default_scheme
from analysis.scheme.model import Scheme
from analysis.scheme.workbook import writing


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_changed_default_is_said(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    scheme = default_scheme()
    for name, value in (("min_responses", 77), ("complete_share", 0.65), ("partial_share", 0.35), ("cell_min", 7)):
        monkeypatch.setattr(Scheme, name, value)
        said = {key: words for key, _, words in writing._settings(scheme, lang)}[name]
        assert f"{value:g}" in said
