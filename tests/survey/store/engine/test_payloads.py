"""What is kept once has its sum in the same transaction; what was changed since is seen and makes no number."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from survey.core.errors import Surroundings
from survey.form.default import default_questionnaire
from survey.store.engine import migrations, payloads
from survey.store.engine import tables as t
from survey.store.intake import questionnaires, responses
from survey.store.upkeep.examination import MENDED, OK, WRONG, examine
from survey.store.year import results, schemes
from tests.tools.stores import store_data


@pytest.fixture
def town(store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(7))
        scheme = schemes.add(conn, "s", 2014, {"code": "s", "名": "一"}, b"\0workbook")
        results.save(conn, 2014, scheme.id, 1, '{"a": 1}')
        results.save(conn, 2014, scheme.id, 2, '{"a": 2}')
    return store


def told(store, **how):
    return [(one.state, one.key) for one in examine(store, **how) if one.check == "payloads"]


def numbers(store):
    with store.read() as conn:
        return [(one.kind, one.number, one.told == one.now) for one in payloads.every(conn)]


def test_what_is_kept_has_its_sum(town):
    assert {kind for kind, _, _ in numbers(town)} == {"results", "schemes", "questionnaires"}
    assert all(same for _, _, same in numbers(town))
    assert told(town) == [(OK, "doctor.payloads_ok")]


@pytest.mark.parametrize(
    ("table", "values", "kind"),
    [
        (t.results, {"payload": '{"a": 3}'}, "results"),
        (t.schemes, {"definition": {"code": "s", "名": "二"}}, "schemes"),
        (t.schemes, {"workbook": b"\0workbooK"}, "schemes"),
        (t.schemes, {"first_year": 2013}, "schemes"),
        (t.questionnaires, {"form": {}}, "questionnaires"),
        (t.questionnaires, {"workbook": b"x"}, "questionnaires"),
    ],
)
def test_what_was_changed_is_named(town, table, values, kind):
    with town.write(aside=True) as conn:
        last = conn.execute(select(func.max(table.c.id))).scalar()
        conn.execute(update(table).where(table.c.id == last).values(**values))
    assert told(town) == [(WRONG, f"doctor.payload_wrong_{kind}")]
    assert told(town, mend=True) == [(WRONG, f"doctor.payload_wrong_{kind}")]  # no sum is made for it
    with pytest.raises(Surroundings) as error, town.read() as conn:
        payloads.require(conn, kind, [last])
    assert error.value.key == "store.damaged"
    assert f"{kind} {last}" in error.value.word("zh")


def test_a_result_that_nothing_reads_any_more_needs_no_mending(town):
    with town.write(aside=True) as conn:
        first = conn.execute(select(func.min(t.results.c.id))).scalar()
        conn.execute(update(t.results).where(t.results.c.id == first).values(payload="{}"))
    assert told(town) == [(OK, "doctor.payloads_ok")]
    with pytest.raises(Surroundings) as error, town.read() as conn:  # read all the same it is not taken for sound
        results.get(conn, first)
    assert error.value.key == "store.damaged"


def test_of_an_older_program_sums_are_added(town):
    with town.write(aside=True) as conn:
        conn.execute(delete(t.payload_sums).where(t.payload_sums.c.kind != "schemes"))
    assert told(town) == [(WRONG, "doctor.payloads_missing")]
    with town.read() as conn:
        assert results.get(conn, 1) == '{"a": 1}'  # as it was read before there were sums
    assert told(town, mend=True) == [(MENDED, "doctor.payloads_noted")]
    assert told(town) == [(OK, "doctor.payloads_ok")]


def test_an_older_store_gets_sums_of_what_stands_there(town):
    with town.write(aside=True) as conn:
        t.payload_sums.drop(conn)
        migrations._payload_sums(conn)
    assert told(town) == [(OK, "doctor.payloads_ok")]


def test_what_is_there_already_is_kept_once(store):
    with store.write() as conn:
        for _ in range(2):
            questionnaires.add(conn, "q", default_questionnaire())
            schemes.add(conn, "s", 2014, {"code": "s"})
    assert len(numbers(store)) == 2


def test_a_number_that_is_given_once_more_has_the_sum_of_its_text(sqlite_store):
    with sqlite_store.write() as conn:
        scheme = schemes.add(conn, "s", 2014, {"code": "s"})
        results.save(conn, 2014, scheme.id, 1, "{}")
        conn.execute(delete(t.current_results))
        conn.execute(delete(t.results))
        number = results.save(conn, 2014, scheme.id, 1, '{"a": 1}')
        assert results.get(conn, number) == '{"a": 1}'
    assert told(sqlite_store) == [(OK, "doctor.payloads_ok")]
