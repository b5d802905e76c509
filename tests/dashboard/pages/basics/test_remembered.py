"""What was confirmed for tables of one header: seen in words by who may change how tables are read, and forgotten."""

from __future__ import annotations

import pytest

from dashboard.data.results import StoreSource
from dashboard.pages.basics import service
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.answers.mapping import ColumnMapping
from survey.core.errors import Refused
from survey.store import audit
from survey.store.intake import mappings, questionnaires
from tests.tools.dashboard_tools import ADMIN, VIEWER, small_store, words

HEADERS = ["社区", "编号", "满意吗"]


@pytest.fixture
def store(sqlite_store):
    found = small_store(sqlite_store)
    with found.write() as conn:
        name = questionnaires.listing(conn)[0].name
        form = questionnaires.get(conn, name).form
        asked = form.scored[0]
        said = ColumnMapping.of(
            {"满意吗": asked.name, "序": ""},
            {asked.name: {"挺好": asked.choices[0].name, "/": ""}},
            absent=(form.scored[1].name,),
            confirmed=("layout.carried_down",),
        )
        mappings.save(conn, name, HEADERS, said, file="三月.xlsx", who="王芳")
    return found


def page(store, viewer=ADMIN, lang="zh"):
    return words(render(viewer, StoreSource(store), store, None, "/basics", f"?lang={lang}", {}).children)


def test_it_is_told_in_words(store):
    with store.read() as conn:
        form = questionnaires.listing(conn)[-1].form
    asked = form.scored[0]
    (one,) = service.remembered(ADMIN, store)
    assert one.columns == (("满意吗", asked.name), ("序", ""))
    assert one.words == [(asked.name, {"挺好": asked.choices[0].label("zh"), "/": ""})]
    for lang, said in (
        ("zh", ("记住的读法", "按空白", "不读取", "没有问的题")),
        ("en", ("Readings remembered", "not read")),
    ):
        text = page(store, lang=lang)
        for part in (*said, "三月.xlsx", "王芳", asked.choices[0].label("zh"), form.scored[1].name):
            assert part in text
        assert "{" not in text


def test_only_who_may_change_how_tables_are_read_sees_and_forgets_it(store):
    assert "三月.xlsx" not in page(store, VIEWER)
    (one,) = service.remembered(ADMIN, store)
    for viewer in (VIEWER, Viewer("c", "community", frozenset({"SL01"}))):
        with pytest.raises(Refused):
            service.remembered(viewer, store)
        with pytest.raises(Refused):
            service.forget(viewer, store, one.questionnaire, one.fingerprint)
    assert len(service.remembered(ADMIN, store)) == 1


def test_forgotten_it_is_gone_and_on_record(store):
    (one,) = service.remembered(ADMIN, store)
    service.forget(ADMIN, store, one.questionnaire, one.fingerprint)
    assert service.remembered(ADMIN, store) == []
    assert "记住的读法" not in page(store)
    with pytest.raises(Refused):  # another had forgotten it meanwhile
        service.forget(ADMIN, store, one.questionnaire, one.fingerprint)
    with store.read() as conn:
        assert [entry.action for entry in audit.listing(conn)].count("forget mapping") == 1
