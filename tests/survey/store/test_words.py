"""Codes of answers in words: the list of a question, what an answer was given, and what goes with a person who is removed."""

import pytest

from survey.core import limits
from survey.core.errors import Refused
from survey.store import audit, words
from survey.store.upkeep import removals
from survey.store.words import WordCode
from tests.tools.stores import words_town

town = words_town.town


def names(store):
    with store.read() as conn:
        return [(c.name, c.keywords) for c in words.codes(conn, "w", "F4")]


def save(store, *wanted):
    with store.write(aside=True) as conn:
        words.save_codes(conn, "王芳", "w", "F4", wanted)


def known(store):
    with store.read() as conn:
        return {c.name: c for c in words.codes(conn, "w", "F4")}


def test_a_list_is_changed_as_a_whole_and_codes_keep_their_number(town):
    save(town, WordCode(0, "停车", ("车位", "车位", " ")), WordCode(0, "垃圾"))
    assert names(town) == [("停车", ("车位",)), ("垃圾", ())]
    first = known(town)
    save(town, WordCode(first["垃圾"].id, "停车"), WordCode(first["停车"].id, "垃圾"), WordCode(0, "养老"))
    assert [name for name, _ in names(town)] == ["停车", "垃圾", "养老"]  # two took each other's name
    assert known(town)["停车"].id == first["垃圾"].id
    save(town, WordCode(first["停车"].id, "垃圾"))
    assert [name for name, _ in names(town)] == ["垃圾"]


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ([WordCode(0, " ")], "words.no_name"),
        ([WordCode(0, "停车"), WordCode(0, "停 车 ".replace(" ", ""))], "words.name_twice"),
        ([WordCode(0, "长" * 41)], "words.long_name"),
        ([WordCode(0, "停车", ("长" * 41,))], "words.long_name"),
        ([WordCode(99, "停车")], "words.code_gone"),
    ],
)
def test_a_list_that_can_not_be_is_refused(town, wanted, key):
    with pytest.raises(Refused) as refused:
        save(town, *wanted)
    assert refused.value.key == key
    assert names(town) == []


def test_so_many_codes_and_no_more(town, monkeypatch):
    monkeypatch.setattr(limits, "WORD_CODES", 1)
    with pytest.raises(Refused) as refused:
        save(town, WordCode(0, "a"), WordCode(0, "b"))
    assert refused.value.key == "words.too_many_codes"


def test_a_code_in_use_is_not_left_out(town):
    save(town, WordCode(0, "停车"), WordCode(0, "垃圾"))
    code = known(town)["停车"].id
    place = words_town.place(town)
    with town.write(aside=True) as conn:
        words.give(conn, "王芳", 1, place, [code], in_turn=True, name="F4")
    with pytest.raises(Refused) as refused:
        save(town, WordCode(known(town)["垃圾"].id, "垃圾"))
    assert (refused.value.key, refused.value.params["n"]) == ("words.code_in_use", 1)
    save(town, WordCode(code, "停车与违建"))  # renamed, and its answer with it
    with town.read() as conn:
        assert words.coded(conn, words_town.form_id(town), place)[1].codes == (code,)


def test_what_was_coded_in_its_turn_stays_so_and_the_record_knows_who(town):
    save(town, WordCode(0, "停车"), WordCode(0, "垃圾"))
    one, two = (known(town)[name].id for name in ("停车", "垃圾"))
    place, marks = words_town.place(town), []
    for given, in_turn in (([one], True), ([two, one], False), ([], False), (None, False)):
        with town.write(aside=True) as conn:
            words.give(conn, "王芳", 7, place, given, in_turn=in_turn, name="F4")
        with town.read() as conn:
            found = words.coded(conn, words_town.form_id(town), place)
            marks.append(words.mark(conn))
            assert {n: (c.codes, c.in_turn) for n, c in found.items()} == (
                {7: (tuple(sorted(given)), True)} if given is not None else {}
            )
    assert len(set(marks)) == 4
    with town.read() as conn:
        assert [e.action for e in audit.listing(conn, 4)] == ["words uncoded", *["words coded"] * 3]


def test_a_person_who_is_removed_takes_the_codes_along(town):
    save(town, WordCode(0, "停车"))
    place = words_town.place(town)
    with town.write() as conn:
        words.give(conn, "王芳", 3, place, [known(town)["停车"].id], in_turn=True, name="F4")
        removals.erase(conn, removals.held(conn, ids=[3]), [])
        assert words.coded(conn, words_town.form_id(town), place) == {}
