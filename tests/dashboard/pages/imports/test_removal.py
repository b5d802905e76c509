"""A resident removed for good on the page: who may, what is shown first, and that exactly this goes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.imports.service import checks, removal, storing
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused, WrongUsage
from survey.store.intake import batches, responses
from tests.tools import templates
from tests.tools.dashboard_tools import ADMIN, VIEWER, answers_csv, small_store, words

REVIEWER = Viewer("e", "reviewer")


@pytest.fixture
def room(tmp_path):
    folder = tmp_path / "waiting"
    folder.mkdir()
    return Uploads(folder)


@pytest.fixture
def store(sqlite_store):
    return answered(sqlite_store)


@templates.once
def answered(store):
    """Twelve answers that came in by the page."""
    small_store(store)
    with TemporaryDirectory() as folder:
        room = Uploads(Path(folder))
        offered = checks.choices(ADMIN, store, ())
        waits = checks.receive(ADMIN, store, room, [("问卷.csv", answers_csv(count=12))], {"mode": "phone"}, offered)
        storing.commit(ADMIN, store, room, waits, accept_partial=False)


def left(store) -> int:
    with store.read() as conn:
        return int(responses.counts(conn)["n"].sum())


def first(store) -> tuple[str, int]:
    with store.read() as conn:
        batch = next(b for b in batches.listing(conn) if b.kind == "answers")
        return str(batch.id), batch.id


def fields(**said: str) -> dict[str, str]:
    return {"batch": "", "respondent": "", "row": "", "reason": "", **said}


def test_only_an_administrator_is_offered_it(store, room):
    source = StoreSource(store)
    for viewer, offered in ((ADMIN, True), (REVIEWER, False)):
        page = words(render(viewer, source, store, room, "/import", "", {}).children)
        assert ("居民要求删除" in page) == offered
    for viewer in (REVIEWER, VIEWER, Viewer("a", "local", frozenset({"SL01"}))):
        for act in (removal.look, removal.remove):
            with pytest.raises(Refused) as refused:
                act(viewer, store, fields(batch=first(store)[0], reason="x"))
            assert refused.value.key == "dash_errors.forbidden"
    assert left(store) == 12


def test_looked_at_then_gone(store, room):
    text, number = first(store)
    asked = fields(batch=text, row="3", reason="本人要求")
    assert removal.look(ADMIN, store, asked).counts["responses"] == 1
    assert left(store) == 12
    with pytest.raises(WrongUsage):
        removal.remove(ADMIN, store, {**asked, "reason": " "})
    found, unscored = removal.remove(ADMIN, store, asked)
    assert (found.counts["responses"], unscored, left(store)) == (1, None, 11)
    assert StoreSource(store).results(2014).community("SL01")["n"] == 11
    removal.remove(ADMIN, store, fields(batch=text, reason="导错了"))
    with store.read() as conn:
        assert batches.get(conn, number).state == "removed"
    page = words(render(ADMIN, StoreSource(store), store, room, "/import", "", {}).children)
    assert "已彻底删除" in page


@pytest.mark.parametrize("said", [{"batch": "一"}, {"row": "3"}, {"batch": "99"}, {}])
def test_what_fits_nobody_is_refused_in_a_sentence(store, said):
    with pytest.raises((Refused, WrongUsage)) as refused:
        removal.look(ADMIN, store, fields(**said))
    assert "--" not in refused.value.word("zh")
    assert left(store) == 12


def test_there_is_a_callback_to_look_and_one_to_remove(store, room):
    app = create_app(store, uploads=room)
    found = [name for name in app.callback_map if "removal-" in name]
    assert len(found) == 2
