"""What is wrong in a questionnaire is decided where it is shown, until it can be taken; the file itself stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.data.results import StoreSource
from dashboard.pages.imports.service import checks, decisions, storing
from dashboard.router import render
from survey.core.errors import Refused
from survey.form.default import default_questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store.intake import questionnaires
from tests.tools.dashboard_tools import ADMIN, nodes, plain, words


def wrong_form() -> bytes:
    """Two questions that name a list nobody has, one that is called as another, one under a dimension of no scheme."""
    form = default_questionnaire()
    rows = list(form.rows)
    at = {row.name: number for number, row in enumerate(rows)}
    for name in ("A1", "A2"):
        rows[at[name]] = replace(rows[at[name]], list_name="satisfactio")
    rows[at["A4"]] = replace(rows[at["A4"]], name="A3")
    rows[at["B1"]] = replace(rows[at["B1"]], dimension="环境")
    return write_questionnaire(replace(form, rows=tuple(rows), form_id="ours"))


@pytest.fixture
def dropped(store, room):
    return checks.receive(ADMIN, store, room, [("问卷.xlsx", wrong_form())], {}, checks.choices(ADMIN, store, ()), "")


def look(store, room, upload):
    (checked,) = checks.check(ADMIN, store, room, room.find(upload.token, ADMIN.user))
    return checked


def decide(store, room, upload, finding, **said):
    now = room.find(upload.token, ADMIN.user)
    return decisions.decide(ADMIN, store, room, now, 0, cell=finding.cell, code=finding.code, **said)


def test_each_place_has_what_it_takes_and_once_all_are_decided_the_questionnaire_comes_in(store, room, dropped):
    lines = decisions.alike(look(store, room, dropped))
    assert [(a.first.code, a.count, a.suggestion, a.actions) for a in lines] == [
        ("form.unknown_list", 2, "satisfaction", ("set",)),
        ("form.name_twice", 1, "A3_2", ("set",)),
    ]
    children = render(ADMIN, StoreSource(store), store, room, "/import", f"?token={dropped.token}&lang=zh", {}).children
    asked = [
        n["props"]["id"]["action"]
        for n in nodes(plain(children))
        if isinstance(n["props"].get("id"), dict) and n["props"]["id"]["type"] == "decide"
    ]
    assert sorted(asked) == ["set", "set", "suggested", "suggested"]
    assert "此格留空" not in words(children)
    decide(store, room, dropped, lines[0].first, action="suggested", all_alike=True)
    decide(store, room, dropped, lines[1].first, action="set", value="A4")
    checked = look(store, room, dropped)
    assert (checked.state, checked.refused) == ("ready", None)
    (note,) = [f for f in checked.findings if f.code == "definition.strange_dimension"]
    assert (note.params["found"], note.params["n"], note.params["first"]) == ("环境", 1, "B1")
    storing.commit(ADMIN, store, room, room.find(dropped.token, ADMIN.user), accept_partial=False)
    with store.read() as conn:
        (kept,) = [s for s in questionnaires.listing(conn) if s.name == "ours"]
        came = questionnaires.workbook(conn, kept.id)
    assert {"A1", "A2", "A3", "A4"} <= {q.name for q in kept.form.questions}
    assert read_questionnaire("v1.xlsx", came)[0] == kept.form  # what is handed out again is what was taken in


def test_what_was_decided_can_be_taken_back_and_what_makes_no_sense_is_refused(store, room, dropped):
    first = decisions.alike(look(store, room, dropped))[0].first
    for said in ({"action": "leave_out", "reason": "x"}, {"action": "confirm"}, {"action": "blank"}):
        with pytest.raises(Refused) as refused:
            decide(store, room, dropped, first, **said)
        assert refused.value.key == "page_import.bad_action"
    decide(store, room, dropped, first, action="suggested", all_alike=False)
    assert [a.count for a in decisions.alike(look(store, room, dropped))] == [1, 1]
    decisions.undecide(ADMIN, room, room.find(dropped.token, ADMIN.user), 0, 0)
    assert [a.count for a in decisions.alike(look(store, room, dropped))] == [2, 1]
