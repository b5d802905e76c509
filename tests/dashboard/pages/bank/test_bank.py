"""Choosing from the bank on the page: what is chosen waits to be checked like any dropped questionnaire."""

from __future__ import annotations

import pytest

from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.bank import service
from dashboard.pages.imports.service import checks
from dashboard.pages.imports.service.incoming_files import settle
from dashboard.router import render
from survey.core.errors import Refused
from survey.form.default import default_questionnaire
from survey.store.intake import questionnaires
from tests.tools.dashboard_tools import ADMIN, VIEWER, small_store, words


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def test_items_stand_by_dimension_with_their_choices(store):
    found = service.items(ADMIN, store)
    assert [len(some) for code, some in found.items() if code] == [5] * 5
    for lang in ("zh", "en"):
        text = words(
            render(ADMIN, StoreSource(store), store, None, "/questionnaire/bank", f"?lang={lang}", {}).children
        )
        assert "None" not in text
    with pytest.raises(Refused):
        service.items(VIEWER, store)


def test_what_is_chosen_is_checked_before_it_is_stored(store, tmp_path):
    room = Uploads(tmp_path)
    first, second = default_questionnaire().scored[:2]
    for keys, title in (([], "短表"), ([f"default:{first.name}"], " "), (["default:none"], "短表")):
        with pytest.raises(Refused):
            service.take(ADMIN, store, room, keys, title)
    token = service.take(ADMIN, store, room, [f"default:{first.name}", f"default:{second.name}"], "短表")
    upload = settle(ADMIN, store, room, room.find(token, ADMIN.user), checks.choices(ADMIN, store, ()))
    line = checks.check(ADMIN, store, room, upload)[0]
    assert (line.kind, line.state) == ("questionnaire", "ready")
    assert [q.label("zh") for q in line.definition.form.scored] == [first.label("zh"), second.label("zh")]
    assert not any(f.code == "bank.reworded" for f in line.findings)
    with store.read() as conn:
        assert [s.name for s in questionnaires.listing(conn)] == ["default"]  # nothing is adopted yet
