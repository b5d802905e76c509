"""A test that misses something of the machine says so, and in CI is no test that passed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools import needs

TESTS = Path(__file__).resolve().parents[1]
#: what no package can bring
SYSTEM = re.compile(r"skipif\((sys\.platform|os\.name) ")
SKIPS = re.compile(r"importorskip|pytest\.skip\b|mark\.skip|skipif|unittest\.skip")
REASONS = [
    needs.no_browser,
    needs.no_r,
    needs.no_postgresql,
    needs.no_psycopg,
    needs.no_libreoffice,
    needs.no_writer,
]


@pytest.mark.parametrize("value", [None, "", "false", "1"])
def test_elsewhere_it_is_skipped_with_the_reason(monkeypatch, value):
    monkeypatch.delenv("CI", raising=False)
    if value is not None:
        monkeypatch.setenv("CI", value)
    with pytest.warns(pytest.PytestWarning, match="no such tool"), pytest.raises(pytest.skip.Exception) as skipped:
        needs.need("no such tool")
    assert "no such tool" in str(skipped.value)


def test_in_ci_it_fails_with_the_reason(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no such tool"):
        needs.need("no such tool")


@pytest.mark.parametrize("value", ["true", "false"])
def test_where_nothing_is_missing_it_goes_on(monkeypatch, value):
    monkeypatch.setenv("CI", value)
    needs.need("")


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_what_is_missing_is_one_sentence_that_says_what_is_not_tested(monkeypatch, reason):
    monkeypatch.setattr(needs.shutil, "which", lambda name: None)
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(needs, "CHROMIUM", None)
    monkeypatch.setattr(needs, "LIBREOFFICE", None)
    reason.cache_clear()
    try:
        found = reason()
    finally:
        reason.cache_clear()
    assert re.search(r" (IS|ARE) NOT \w+( IN A BROWSER)?: .* is not installed", found)
    assert "\n" not in found


def test_no_test_skips_by_itself():
    files = [p for p in TESTS.rglob("*.py") if p.name not in ("needs.py", "test_needs.py")]
    assert len(files) > 200
    own = [
        f"{path.relative_to(TESTS)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SKIPS.search(line) and not SYSTEM.search(line)
    ]
    assert own == []
