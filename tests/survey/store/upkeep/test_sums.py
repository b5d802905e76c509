"""A bit that changed in packed answers is seen; what is stored, removed and brought from an older schema has its sum."""

import pytest
from sqlalchemy import select, update

from survey.store.engine import migrations
from survey.store.engine import tables as t
from survey.store.intake import loading, responses
from survey.store.upkeep import removals, sums
from survey.store.upkeep.examination import MENDED, OK, WRONG, examine
from tests.tools.stores import store_data


@pytest.fixture
def town(store):
    """Two runs of one batch: seven responses and three."""
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(7))
        responses.append(conn, batch, form.id, store_data.block(3, start=7))
    return store


def bits(store, **how):
    return [one for one in examine(store, **how) if one.check == "bits"]


def flip(store, number, place=0, mask=1):
    """Change one bit of the packed answers of a response."""
    with store.write(aside=True) as conn:
        c = t.responses.c
        answers = bytearray(conn.execute(select(c.answers).where(c.id == number)).scalar())
        answers[place] ^= mask
        conn.execute(update(t.responses).where(c.id == number).values(answers=bytes(answers)))


def forget(store):
    with store.write(aside=True) as conn:
        conn.execute(update(t.response_runs).values(answers_sum=None))


def test_what_was_stored_has_its_sum(town):
    with town.read() as conn:
        found = list(sums.runs(conn))
        packed = conn.execute(select(t.responses.c.answers).order_by(t.responses.c.id)).scalars().all()
    assert [run.told for run in found] == [loading.answers_sum(packed[:7]), loading.answers_sum(packed[7:])]
    assert [run.told == run.now for run in found] == [True, True]
    [one] = bits(town)
    assert (one.state, one.params) == (OK, {"n": 2})


@pytest.mark.parametrize(("number", "place", "mask"), [(1, 0, 1), (7, 1, 128), (10, 2, 16)])
def test_one_bit_is_seen_and_its_batch_and_file_named(town, number, place, mask):
    flip(town, number, place, mask)
    [one] = bits(town)
    assert (one.state, one.key) == (WRONG, "doctor.bits_wrong")
    with town.read() as conn:
        batch, file = conn.execute(select(t.batches.c.id, t.batches.c.file)).one()
    assert one.params == {"batch": batch, "file": file}
    flip(town, number, place, mask)
    assert [one.state for one in bits(town)] == [OK]


def test_mending_adds_missing_sums_and_takes_nothing_damaged_for_sound(town):
    forget(town)
    assert [(one.state, one.key) for one in bits(town)] == [(WRONG, "doctor.bits_missing")]
    assert [(one.state, one.params) for one in bits(town, mend=True)] == [(MENDED, {"n": 2})]
    assert [one.state for one in bits(town)] == [OK]
    flip(town, 3)
    assert [one.state for one in bits(town, mend=True)] == [WRONG]
    assert [one.state for one in bits(town)] == [WRONG]


def removed(store, *numbers):
    with store.write() as conn:
        removals._split_runs(conn, numbers)
        removals._erase_answers(conn, numbers)
        removals._delete(conn, t.responses, "id", numbers)


@pytest.mark.parametrize("numbers", [(1,), (4,), (7, 8), (8, 9, 10)])
def test_a_removal_leaves_a_sum_of_what_is_left(town, numbers):
    removed(town, *numbers)
    assert [one.state for one in bits(town)] == [OK]
    flip(town, 2)
    assert [one.state for one in bits(town)] == [WRONG]


def test_a_removal_from_what_is_damaged_does_not_make_it_sound(town):
    flip(town, 3)
    removed(town, 1)
    assert [one.state for one in bits(town)] == [WRONG]
    removed(town, 2)
    assert [one.state for one in bits(town)] == [WRONG]


def test_an_older_store_gets_sums_of_what_it_holds(town):
    with town.read() as conn:
        before = [run.told for run in sums.runs(conn)]
    forget(town)
    with town.write(aside=True) as conn:
        migrations._answer_sums(conn)
    with town.read() as conn:
        assert [run.told for run in sums.runs(conn)] == before
