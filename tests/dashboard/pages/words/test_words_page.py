"""文字回答: who reads single answers and who counts only, codes that people alone give, and files without who wrote."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.pages.words import service
from dashboard.pages.words.actions import _after
from dashboard.pages.words.files_out import answers_file, counts_file
from dashboard.pages.words.reading_view import _line
from dashboard.parts.context import Context
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from tests.tools.dashboard_tools import ADMIN, source_of, with_class, words
from tests.tools.stores import words_town

town = words_town.town
CLERK, LEADER, ANALYST = Viewer("王芳", "clerk"), Viewer("领导", "leader"), Viewer("李明", "analyst")
ONE = Viewer("甲", "clerk", frozenset({"C1"}))


def page(store, viewer=CLERK, search="", lang="zh"):
    return render(
        viewer, source_of(store), store, None, "/answers/words", f"?lang={lang}&year=2014{search}", {}
    ).children


def shown(store, viewer=CLERK, **asked):
    return service.read_words(viewer, source_of(store), store, 2014, asked)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_leaders_see_how_many_and_not_one_answer(town, lang):
    words_town.code(town, 2014, 60)
    told = words(page(town, LEADER, lang=lang))
    assert "停车" in told
    assert "33.3%" in told
    assert "停车位太少" not in told
    assert "停车位太少" in words(page(town, ANALYST, lang=lang))
    with pytest.raises(Refused):
        service.reading(LEADER, shown(town, LEADER))
    for viewer in (LEADER, Viewer("a", "auditor"), Viewer("b", "reviewer"), Viewer("c", "admin")):
        with pytest.raises(Refused):
            answers(town, viewer)


def answers(store, viewer, kind="csv"):
    address = parse("/download/words/answers/csv", "?year=2014&lang=zh", {})
    return answers_file(Context(viewer, source_of(store), address, store), kind)


def test_a_file_of_answers_says_no_one_and_masks_numbers(town):
    name, data, _ = answers(town, CLERK)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["社区", "回答", "归类"]
    assert len(rows) == 61  # none of the six of 丙社区
    assert {row[0] for row in rows[1:]} == {"甲社区", "乙社区"}
    assert "文字回答" in name
    with pytest.raises(Refused):
        answers(town, CLERK, "pdf")


def test_counts_in_a_file_are_those_of_the_page(town):
    words_town.code(town, 2014, 60)
    address = parse("/download/words/csv", "?year=2014&lang=zh", {})
    _, data, _ = counts_file(Context(LEADER, source_of(town), address, town), "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    found = service.counted(town, shown(town, LEADER))
    assert [(r["类"], float(r["占比"])) for r in rows] == [(c.name, pytest.approx(c.share)) for c in found.rows]


def test_nothing_is_coded_but_by_a_person(town):
    words_town.listed(town)
    told = page(town)
    assert with_class(told, "hinted")  # a keyword was found
    assert words_town.asked(town).next_turn(2014).turn == 0
    assert all(a.coded is None for a in words_town.asked(town).answers)
    first = words_town.asked(town).next_turn(2014)
    code = words_town.asked(town).codes[2].id
    service.give(CLERK, town, shown(town), first.response_id, [code])
    assert words_town.asked(town).of(2014)[0].coded.in_turn
    later = words_town.asked(town).of(2014)[9]
    service.give(CLERK, town, shown(town), later.response_id, [code])
    assert not words_town.asked(town).of(2014)[9].coded.in_turn
    with pytest.raises(Refused) as refused:
        service.give(CLERK, town, shown(town), later.response_id, [999])
    assert refused.value.key == "words.unknown_code"
    with pytest.raises(Refused) as refused:
        service.give(CLERK, town, shown(town), 10**6, [code])
    assert refused.value.key == "words.no_answer"


def test_what_belongs_to_no_code_is_passed_and_counts_and_can_be_taken_back(town):
    """A list never has a code for everything: N said nothing and led to the same answer again, so nobody got past it."""
    words_town.listed(town)

    def press(what, here, last=0):
        return _after(CLERK, town, shown(town), {"type": "word-do", "what": what}, here, last)

    first, second = (a.response_id for a in words_town.asked(town).of(2014)[:2])
    assert press("next", first) == (0, first)
    assert service.reading(CLERK, shown(town)).current.response_id == second
    found = words_town.asked(town).of(2014)[0].coded
    assert (found.codes, found.in_turn) == ((), True)
    assert [a.response_id for a in words_town.asked(town).counted(2014)] == [first]
    assert "不属于任何一类" in words(_line(shown(town), words_town.asked(town).of(2014)[0], "zh", codes=True))
    assert press("undo", second, first) == (first, 0)  # nothing is said of the second: the first is taken back
    assert words_town.asked(town).next_turn(2014).response_id == first
    code = {"type": "word-code", "code": words_town.asked(town).codes[0].id}
    assert _after(CLERK, town, shown(town), code, first, 0) == (first, 0)
    assert press("next", first) == (0, first)  # what has a code keeps it
    assert words_town.asked(town).of(2014)[0].coded.codes == (code["code"],)
    assert press("undo", first, second) == (first, 0)
    assert words_town.asked(town).of(2014)[0].coded is None


def test_who_may_not_code_codes_nothing(town):
    codes = words_town.listed(town)
    first = words_town.asked(town).of(2014)[0].response_id
    for viewer in (LEADER, ONE):
        with pytest.raises(Refused) as refused:
            service.give(viewer, town, shown(town, viewer), first, [codes["停车"]])
        assert refused.value.key == "dash_errors.forbidden"
        with pytest.raises(Refused):
            service.save_codes(viewer, town, shown(town, viewer), [(0, "新", "")])
    assert with_class(page(town, ONE), "words-current") == []


def test_a_list_is_saved_as_it_stands_in_the_form(town):
    service.save_codes(CLERK, town, shown(town), [(0, "停车", "车位，违停 停车"), (0, " ", "x"), (0, "垃圾", "")])
    assert [(c.name, c.keywords) for c in words_town.asked(town).codes] == [
        ("停车", ("车位", "违停", "停车")),
        ("垃圾", ()),
    ]


def test_what_is_looked_for_is_marked_and_filters_hold(town):
    told = page(town, search="&find=停车&community=C1")
    assert with_class(told, "words-lines")
    assert "垃圾没人清" not in words(told)
    assert "乙社区" not in words(with_class(told, "words-reading"))
    found = service.reading(CLERK, shown(town, find="停车", community="C1"))
    assert (found.found, found.held) == (10, 0)
    assert service.reading(ONE, shown(town, ONE)).found == 30


def test_what_is_held_back_is_said(town):
    assert "另有 5 条不显示" in words(page(town))


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"item": "A"}, "page_estimates.unknown_item"),
        ({"form": "x"}, "page_estimates.unknown_form"),
        ({"where": "F4=停车"}, "page_estimates.unknown_filter"),
        ({"community": "C9"}, "dash_errors.unknown_community"),
    ],
)
def test_what_is_not_there_is_one_sentence(town, asked, key):
    with pytest.raises(Refused) as refused:
        shown(town, **asked)
    assert refused.value.key == key
    told = words(page(town, search="".join(f"&{name}={value}" for name, value in asked.items())))
    assert next(iter(asked.values())) in told
    assert "现在打开的是" in told  # what there is instead


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_codes_the_page_says_how_to_begin(town, lang):
    assert "words-list-save" in str(with_class(page(town, lang=lang), "code-list"))
    assert ADMIN.role == "local"
