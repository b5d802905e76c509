"""Another wording of a scale is confirmed on the page with one press, corrected word by word, kept and used again."""

from __future__ import annotations

import pytest

from dashboard.data.results import StoreSource
from dashboard.pages.imports.service import checks, decisions, storing, wording
from dashboard.pages.imports.view.wording import wording_lists
from dashboard.router import render
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, VIEWER, answers_csv, words

SCALE = ("很满意", "满意", "基本满意", "不太满意", "不满意")


def worded(count=20, shift=0):
    """Answers whose first two items are worded otherwise."""
    table = [line.split(",") for line in answers_csv(count=count).decode().splitlines()]
    for i, row in enumerate(table[1:]):
        row[5], row[6] = SCALE[(i + shift) % 5], SCALE[i % 4]
    return "\n".join(",".join(row) for row in table).encode()


def drop(store, room, data, name="问卷.csv"):
    return checks.receive(ADMIN, store, room, [(name, data)], {"year": "2014"}, checks.choices(ADMIN, store, ()))


def look(store, room, upload):
    return checks.check(ADMIN, store, room, room.find(upload.token, ADMIN.user))[0]


def at(store, room, upload):
    return ADMIN, store, room, room.find(upload.token, ADMIN.user), 0, "satisfaction"


def test_one_press_reads_the_whole_scale_and_the_next_file_needs_none(store, room):
    upload = drop(store, room, worded())
    before = look(store, room, upload)
    assert (before.state, decisions.alike(before), decisions.about_words(before)) == ("ask", (), 1)
    assert "基本满意" in words(wording_lists(before, "zh"))
    wording.accept(*at(store, room, upload))
    after = look(store, room, upload)
    assert (after.state, decisions.about_words(after)) == ("ready", 0)
    assert "已按下表读取" in words(wording_lists(after, "zh"))
    storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    again = look(store, room, drop(store, room, worded(shift=1), "第二批.csv"))
    assert [w.mapped for w in wording.shown(again)] == [True]


def test_one_word_corrected_keeps_what_the_page_showed_for_the_others(store, room):
    upload = drop(store, room, worded())
    found = wording.shown(look(store, room, upload))[0]
    place = [w.text for w in found.words].index("基本满意")
    wording.say_word(*at(store, room, upload), place, "2")
    read = {w.text: w.said for w in wording.shown(look(store, room, upload))[0].words}
    assert read == {"很满意": "1", "满意": "2", "基本满意": "2", "不太满意": "4", "不满意": "5"}
    wording.say_word(*at(store, room, upload), [*read].index("不满意"), wording.EMPTY)
    assert {w.text: w.said for w in wording.shown(look(store, room, upload))[0].words}["不满意"] == ""


def test_what_was_confirmed_is_taken_back_even_where_it_is_kept_for_this_header(store, room):
    upload = drop(store, room, worded())
    wording.accept(*at(store, room, upload))
    storing.commit(ADMIN, store, room, room.find(upload.token, ADMIN.user), accept_partial=False)
    second = drop(store, room, worded(shift=1), "第二批.csv")
    wording.forget(*at(store, room, second))
    assert look(store, room, second).state == "ask"


def test_the_question_may_be_answered_with_the_questionnaires_own_reading(store, room):
    upload = drop(store, room, worded())
    cell = wording.shown(look(store, room, upload))[0].columns[0].cell
    decisions.decide(*at(store, room, upload)[:5], cell=cell, code="scales.ask", action="own")
    after = look(store, room, upload)
    assert (after.state, wording.shown(after)) == ("partial", ())
    assert {a.suggestion for a in decisions.alike(after)} == {"一般", "不满意"}


def test_the_question_confirmed_reads_the_whole_scale_as_proposed(store, room):
    upload = drop(store, room, worded())
    cell = wording.shown(look(store, room, upload))[0].columns[0].cell
    decisions.decide(*at(store, room, upload)[:5], cell=cell, code="scales.ask", action="confirm")
    after = look(store, room, upload)
    assert (after.state, [w.mapped for w in wording.shown(after)]) == ("ready", [True])


@pytest.mark.parametrize(
    ("place", "choice"), [(99, "1"), (True, "1"), ("0", "1"), (0, "no such choice"), (0, None), (0, ["1"])]
)
def test_what_is_not_offered_is_refused(store, room, place, choice):
    upload = drop(store, room, worded())
    with pytest.raises(Refused):
        wording.say_word(*at(store, room, upload), place, choice)


def test_only_who_may_import_says_what_words_mean(store, room):
    upload = drop(store, room, worded())
    with pytest.raises(Refused):
        wording.accept(VIEWER, *at(store, room, upload)[1:])


def test_the_page_shows_the_words_above_the_findings(store, room):
    upload = drop(store, room, worded())
    shown = render(ADMIN, StoreSource(store), store, room, "/import", f"?lang=en&token={upload.token}", {})
    text = words(shown.children)
    assert text.index("Read as below") < text.index("To look at") < text.index("settled together")
