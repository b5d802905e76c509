"""What who keeps the accounts reads of the store and the server."""

import pytest

from dashboard.pages.administration.upkeep import upkeep
from dashboard.pages.administration.upkeep_card import cards
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store import audit, settings
from tests.tools.dashboard_tools import ADMIN, small_store, words


@pytest.fixture
def town(sqlite_store, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    return small_store(sqlite_store)


def told(store, lang="zh"):
    return words(cards(upkeep(ADMIN, store), lang))


def test_before_anything_happened(town):
    found = upkeep(ADMIN, town)
    assert (found.backup, found.keys, found.failed) == ("", 0, [])
    assert found.size >= town.file.path.stat().st_size
    assert all(one.is_default for one in found.settings)
    assert "没有备份记录" in told(town)


def test_a_backup_a_failed_import_a_changed_setting_and_broken_keys(town, tmp_path, monkeypatch):
    with town.write() as conn:
        audit.record(conn, "me", "backup", "a.db", {"bytes": 5})
        audit.record(conn, "王芳", "import refused", "春晖.csv", outcome=audit.REFUSED)
        settings.put(conn, "contact_days", "30")
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "missing"))
    found = upkeep(ADMIN, town)
    assert found.backup
    assert found.keys is None
    assert [(e.who, e.subject) for _, e in found.failed] == [("王芳", "春晖.csv")]
    assert [one.name for one in found.settings if not one.is_default] == ["contact_days"]
    assert "已改" in told(town)
    assert "春晖.csv" in told(town)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_has_words(town, lang):
    assert "page_administration" not in told(town, lang)


def test_nobody_else_reads_it(town):
    with pytest.raises(Refused):
        upkeep(Viewer("x", "auditor"), town)
