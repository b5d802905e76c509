"""Files that bring some of the stored people again: one question a file, nobody twice, nobody lost, whatever is taken back."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy

import numpy as np
import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.form.answer_codes import INVALID
from survey.intake.answers import commit, inspect
from survey.people.changed_rows import CHANGED, OLD
from survey.people.corrections import CORRECTED
from survey.people.duplicates import STORED
from survey.people.moved import MOVED
from survey.people.removal import Wanted, remove
from survey.people.restarts import AGAIN
from survey.store import settled
from survey.store.intake import batches, questionnaires, reinstatement, responses, tallies
from survey.store.year import years
from tests.tools.books.office_sheets import (
    FORM,
    ITEMS,
    PLACES,
    WORDS,
    Grid,
    asked,
    grid,
    look,
    prepare,
    store_all,
    text_file,
    with_cells,
    workbook,
)

AT = FORM.position["A1"]
CODES = {word: i for i, word in enumerate(WORDS)} | {"不清楚": -3}
KEEP = ("leave_out", "", "原来的对")
OTHERS = ("set", "2-", "")
NEW = ("set", "new", "")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


@pytest.fixture
def stored(store):
    """A store that holds the twelve people of the grid, and their batch."""
    return store, commit(store, look(store, grid())).batch


def change(rows: Grid, *at: int, word: str = "很不满意") -> Grid:
    return with_cells(deepcopy(rows), "A1", lambda v, i: word if i in at else v)


def only(rows: Grid, *at: int) -> Grid:
    return [rows[0], *(rows[i + 1] for i in at)]


def elsewhere(rows: Grid, *at: int) -> Grid:
    return with_cells(deepcopy(rows), "place", lambda v, i: PLACES[(PLACES.index(v) + 1) % 3] if i in at else v)


def people(rows: Grid) -> dict[tuple[str, str], int]:
    """Who a sheet holds, and what they answered."""
    return {(row[1], row[0]): CODES[row[AT]] for row in rows[1:]}


def standing(store) -> dict[tuple[str, str], int]:
    """The same of the store; each person once, and as many as are counted without being read."""
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "small"))
        n = [int(responses.counts(conn)["n"].sum()), sum(responses.sizes(conn, 2026).values())]
        told = tallies.tally(conn, 2026)
    found = dict(
        zip(zip(block.design["community"], block.design["respondent"], strict=True), block.codes[:, AT], strict=True)
    )
    assert [*n, int(told["stored"].sum())] == [len(block)] * 3 == [len(found)] * 3
    return {who: int(code) for who, code in found.items()}


def send(store, rows: Grid | bytes, *codes: str, file="b.xlsx", partial=False, **options):
    """A file brought in, these questions confirmed; its receipt."""
    return commit(store, look(store, rows, *codes, file=file, **options), accept_partial=partial)


def answer(store, rows: Grid, code: str, said: tuple[str, str, str], file="b.xlsx", made=workbook):
    """A file looked at with this answer to the question: action, value, reason."""
    decision = Decision(said[0], code=code, value=said[1], reason=said[2])
    return inspect(store, file, made(rows), ImportOptions("small", year=2026, decisions=(decision,)))


def switch(store, number, state):
    with store.write() as conn:
        reinstatement.set_state(conn, number, state)


@pytest.mark.parametrize("at", [(4,), (0, 1), (0, 1, 2), tuple(range(11))])
def test_only_the_changed_rows_are_one_question_and_take_the_place_of_the_old(stored, at):
    store, first = stored
    new = change(grid(), *at)
    (question,) = look(store, only(new, *at), file="b.xlsx").questions
    assert question.code == CHANGED
    assert [question.params[k] for k in ("n", "batch", "same", "new")] == [len(at), str(first), 0, 0]
    receipt = send(store, only(new, *at), CHANGED)
    assert (receipt.stored, standing(store)) == (len(at), people(new))
    with store.read() as conn:
        assert [b.state for b in batches.listing(conn)] == ["active", "active"]
        assert batches.places_taken(conn) == {first: {receipt.batch: len(at)}}
        assert batches.get(conn, first).counts["stored"] == 12


def test_changed_refused_and_new_rows_after_a_partial_import_are_one_question(store):
    rows = change(grid(), 0, 1, word="乱写")
    rows = with_cells(rows, "place", lambda v, i: "外地" if i > 9 else v)
    commit(store, look(store, rows), accept_partial=True)
    assert asked(look(store, only(grid(), 0, 1, 10, 11), file="b.xlsx")) == [CHANGED]
    assert send(store, only(grid(), 0, 1, 10, 11), CHANGED).stored == 4
    assert standing(store) == people(grid())


@pytest.mark.parametrize("lacks", [(6,), (0, 11)])
def test_who_is_not_in_the_corrected_sheet_stays(stored, lacks):
    store, _ = stored
    new = change(grid(), 1, 3, 5)
    sheet = only(new, *(i for i in range(12) if i not in lacks))
    assert asked(look(store, sheet, file="b.xlsx")) == [CHANGED]
    assert send(store, sheet, CHANGED).stored == 3
    assert standing(store) == people(new)


def test_the_old_are_kept_or_the_new_are_other_people(stored):
    store, _ = stored
    new = change(grid(14), 0, 1, 2)
    kept = answer(store, only(new, 0, 1, 2, 12), CHANGED, KEEP)
    assert (asked(kept), kept.counts.left_out, commit(store, kept).stored) == ([], 3, 1)
    others = answer(store, only(new, 0, 1, 2, 13), CHANGED, OTHERS, file="c.xlsx")
    assert (asked(others), commit(store, others).stored) == ([], 4)
    prefixed = with_cells(only(new, 0, 1, 2), "no", lambda v, _: f"2-{v}")
    assert standing(store) == people(grid(14)) | people(prefixed)


def test_the_same_correction_again_brings_nothing(stored):
    store, _ = stored
    new = only(change(grid(), 0, 1, 2), 0, 1, 2)
    data = workbook(new)
    send(store, data, CHANGED)
    with pytest.raises(Refused, match="已"):
        look(store, data, file="c.xlsx")
    again = look(store, text_file(new), file="d.csv")
    assert (asked(again), again.counts.duplicates) == ([], 3)


def test_after_the_first_batch_was_taken_back_the_correction_is_all_there_is(stored):
    store, first = stored
    switch(store, first, "undone")
    new = only(change(grid(), 0, 1, 2), 0, 1, 2)
    assert send(store, new).stored == 3
    assert standing(store) == people(new)
    with pytest.raises(Refused):
        switch(store, first, "active")


def test_each_batch_taken_back_and_brought_in_again_counts_everybody_once(stored):
    store, first = stored
    once = change(grid(), 0, 1, 2)
    twice = change(once, 1, 2, word="不清楚")
    b = send(store, only(once, 0, 1, 2), CHANGED).batch
    c = send(store, only(twice, 1, 2), CHANGED, file="c.xlsx").batch
    assert standing(store) == people(twice)
    for number, state, then in (
        (b, "undone", change(grid(), 1, 2, word="不清楚")),
        (b, "active", twice),
        (c, "undone", once),
        (first, "undone", only(once, 0, 1, 2)),
        (c, "active", only(twice, 0, 1, 2)),
        (first, "active", twice),
        (c, "undone", once),
        (b, "undone", grid()),
    ):
        switch(store, number, state)
        assert standing(store) == people(then), (number, state)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_taking_back_counts_everybody_at_most_once(stored, seed):
    store, _ = stored
    rows = grid()
    for n, (at, word) in enumerate(
        (((0, 1, 2), "很不满意"), ((1, 2), "不清楚"), (range(12), "一般"), ((2, 3), "很不满意"))
    ):
        rows = change(rows, *at, word=word)
        found = look(store, only(rows, *at), file=f"{n}.xlsx")
        send(store, only(rows, *at), *asked(found), file=f"{n}.xlsx")
        assert standing(store) == people(rows)
    pick = np.random.default_rng(seed)
    for _ in range(14):
        number = int(pick.integers(1, 6))
        with store.read() as conn:
            state = "undone" if batches.get(conn, number).state == "active" else "active"
        with suppress(Refused):  # somebody in it came in again meanwhile
            switch(store, number, state)
        standing(store)  # each person once


def test_an_error_in_a_row_leaves_a_cell_empty_and_a_refused_row_its_old_answer(stored):
    store, _ = stored
    new = with_cells(change(change(grid(), 0), 1, word="乱写"), "place", lambda v, i: "外地" if i == 2 else v)
    found = look(store, only(new, 0, 1, 2), CHANGED, file="b.xlsx")
    assert (asked(found), found.counts.refused_rows, found.counts.refused_cells) == ([], 1, 1)
    with pytest.raises(Refused):
        commit(store, found)
    assert commit(store, found, accept_partial=True).stored == 2
    assert standing(store) == people(change(grid(), 0)) | {("南街社区", "R002"): INVALID}


def test_other_columns_words_and_numbers_are_the_same_people(store):
    rows = with_cells(grid(), "no", lambda v, i: f"{i + 1:03}")
    store_all(store, rows)
    words = {word: str(i) for i, word in enumerate(WORDS, 1)}
    new = only(change(rows, 0, 1, 2), 0, 1, 2, 5)
    other = deepcopy(new)
    for name in ITEMS:
        other = with_cells(other, name, lambda v, _: words[v])
    other = with_cells(other, "no", lambda v, _: str(int(v)))
    other = [[row[i] for i in (0, 1, *range(5, 10), 2, 3, 4, *range(10, 14))] for row in other]
    other[0][1] = "社区名称"
    assert asked(look(store, text_file(other), file="更正后.csv")) == [CHANGED]
    assert send(store, text_file(other), CHANGED, file="更正后.csv").stored == 3
    now = {(place, number.zfill(3)): code for (place, number), code in standing(store).items()}
    assert now == people(change(rows, 0, 1, 2))


def test_the_sheet_of_one_community(stored):
    store, _ = stored
    new = change(grid(), 0, 3)
    at = [i for i, row in enumerate(new[1:]) if row[1] == PLACES[1]]
    sheet = [[v for j, v in enumerate(row) if j != FORM.position["place"]] for row in only(new, *at)]
    assert send(store, sheet, CHANGED, community=PLACES[1]).stored == 2
    assert standing(store) == people(new)


def test_a_closed_year_takes_none_of_it(stored):
    store, _ = stored
    with store.write() as conn:
        years.close(conn, 2026)
    with pytest.raises(Refused, match="已关闭"):
        look(store, only(change(grid(), 0), 0), file="b.xlsx")


def test_two_rows_of_one_number_are_asked_about_beside_it(stored):
    store, _ = stored
    rows = only(change(grid(), 0, 1, 2), 0, 1, 2, 1)
    rows[-1] = [*rows[-1][:AT], "一般", *rows[-1][AT + 1 :]]
    assert sorted(asked(look(store, rows, file="b.xlsx"))) == [CHANGED, "checking.other_answers"]
    assert asked(look(store, rows, CHANGED, file="b.xlsx")) == ["checking.other_answers"]


def test_who_moved_is_taken_with_the_others_and_alone(stored):
    store, _ = stored
    new = elsewhere(change(grid(), 1, 2), 0, 4)
    (question,) = look(store, only(new, 0, 1, 2, 4), file="b.xlsx").questions
    assert (question.code, question.params["others"], question.params["moved"]) == (CHANGED, 2, 2)
    both = send(store, only(new, 0, 1, 2, 4), CHANGED)
    assert (both.stored, standing(store)) == (4, people(new))
    switch(store, both.batch, "undone")
    alone = elsewhere(grid(), 0, 4)
    assert asked(look(store, only(alone, 0, 4), file="c.xlsx")) == [MOVED]
    assert commit(store, answer(store, only(alone, 0, 4), MOVED, NEW, file="c.xlsx")).stored == 2
    assert standing(store) == people(alone)


def test_people_of_two_batches_are_one_question(store):
    store_all(store, only(grid(), *range(6)))
    store_all(store, only(grid(), *range(6, 12)), file="a2.xlsx")
    new = change(grid(), 1, 2, 7, 8)
    sheet = only(new, *range(1, 12))
    assert asked(look(store, sheet, file="b.xlsx")) == [CHANGED]
    send(store, sheet, CHANGED)
    assert standing(store) == people(new)


def test_a_whole_file_after_a_partial_correction_and_the_other_way_round(stored):
    store, _ = stored
    part = change(grid(), 0, 1, 2)
    send(store, only(part, 0, 1, 2), CHANGED)
    full = change(part, 5, 6, 0, word="不清楚")
    (code,) = asked(look(store, full, file="c.xlsx"))
    whole = send(store, full, code, file="c.xlsx").batch
    assert standing(store) == people(full)
    last = change(full, 3, 9)
    send(store, only(last, 3, 9), CHANGED, file="d.xlsx")
    assert standing(store) == people(last)
    switch(store, whole, "undone")
    assert standing(store) == people(change(part, 3, 9))


def test_a_part_after_a_whole_correction_stands_when_that_is_taken_back(stored):
    store, _ = stored
    full = change(grid(), 0, 1)
    assert asked(look(store, full, file="b.xlsx")) == [CORRECTED]
    whole = send(store, full, CORRECTED).batch
    part = change(full, 0, 5, word="不清楚")
    send(store, only(part, 0, 5), CHANGED, file="c.xlsx")
    assert standing(store) == people(part)
    switch(store, whole, "undone")
    assert standing(store) == people(change(grid(), 0, 5, word="不清楚"))


@pytest.mark.parametrize("whole", [False, True])
def test_the_old_file_saved_anew_brings_no_old_answer_back(stored, whole):
    store, _ = stored
    new = change(grid(), 0, 1, 2)
    correction = send(store, new, CORRECTED) if whole else send(store, only(new, 0, 1, 2), CHANGED)
    old = look(store, text_file(grid()), file="old.csv")
    assert (asked(old), old.counts.duplicates, old.counts.storable) == ([OLD], 9, 0)
    kept = look(store, text_file(grid()), OLD, file="old.csv")
    assert (asked(kept), kept.counts.duplicates, kept.counts.storable) == ([], 12, 0)
    back = answer(store, grid(), OLD, NEW, "old.csv", text_file)
    assert (asked(back), back.counts.storable) == ([], 3)
    switch(store, correction.batch, "undone")
    assert (asked(look(store, text_file(grid()), file="old.csv")), standing(store)) == ([], people(grid()))


def test_who_moved_is_not_brought_back_by_the_old_file(stored):
    store, _ = stored
    new = elsewhere(change(grid(), 1), 0, 4)
    send(store, only(new, 0, 1, 4), CHANGED)
    (question,) = look(store, text_file(grid()), file="old.csv").questions
    assert (question.code, question.params["n"], question.params["moved"]) == (OLD, 3, 2)
    old = look(store, text_file(grid()), OLD, file="old.csv")
    assert (asked(old), old.counts.duplicates, old.counts.storable) == ([], 12, 0)


def test_an_answer_is_corrected_back_with_others(stored):
    store, _ = stored
    once = change(grid(), 0, 1, 2)
    send(store, only(once, 0, 1, 2), CHANGED)
    back = change(grid(), 1, word="不清楚")
    assert asked(look(store, only(back, 0, 1), file="c.xlsx")) == [CHANGED]
    send(store, only(back, 0, 1), CHANGED, file="c.xlsx")
    assert standing(store) == people(change(back, 2))


def others(n: int = 12) -> Grid:
    """Other people under the numbers of the grid."""
    rows = with_cells(only(grid(60), *range(25, 25 + n)), "no", lambda _, i: f"R{i + 1:03}")
    return with_cells(rows, "place", lambda _, i: PLACES[(i + 1) % 3])


@pytest.mark.parametrize("n", [12, 5])
def test_other_people_by_what_they_answered_are_proposed_as_such(stored, n):
    store, _ = stored
    assert asked(look(store, others(n), file="b.xlsx")) == [AGAIN]
    taken = answer(store, others(n), AGAIN, NEW)
    assert (asked(taken), len(taken.takes)) == ([], n)
    assert send(store, others(n), AGAIN).stored == n
    assert len(standing(store)) == 12 + n
    commit(store, answer(store, change(others(n), 0), AGAIN, NEW, file="c.xlsx"))
    assert len(standing(store)) == 12 + n


def test_of_a_single_slip_of_the_number_the_new_answers_can_be_taken_too(stored):
    store, _ = stored
    assert asked(look(store, others(1), file="b.xlsx")) == [STORED]
    assert send(store, others(1), STORED).stored == 1
    assert standing(store) == people(grid()) | people(others(1))


def test_who_is_removed_stays_removed_with_what_was_corrected(stored):
    store, _ = stored
    new = change(grid(), 0, 1, 2)
    batch = send(store, only(new, 0, 1, 2), CHANGED).batch
    remove(store, Wanted(batch=batch, row=2), "本人要求")
    assert standing(store) == people(only(new, *range(1, 12)))


def test_who_only_reads_sees_the_old_answers_until_five_of_a_community_changed(store):
    store_all(store, grid(40))
    send(store, only(change(grid(), 0, 1, 2), 0, 1, 2), CHANGED)
    assert read_only(store) == people(grid(40))
    at = range(3, 18, 3)  # with the first of them, six of one community
    send(store, only(change(grid(40), *at), *at), CHANGED, file="c.xlsx")
    assert read_only(store) == people(change(grid(40), 0, *at))


def read_only(store) -> dict[tuple[str, str], int]:
    with store.read() as conn, settled.reading():
        block = responses.load(conn, questionnaires.get(conn, "small"))
        assert sum(responses.sizes(conn, 2026).values()) == int(responses.counts(conn)["n"].sum()) == len(block)
    who = list(zip(block.design["community"], block.design["respondent"], strict=True))
    assert len(set(who)) == len(who)
    return {one: int(code) for one, code in zip(who, block.codes[:, AT], strict=True)}
