"""Batches: recorded, taken back, brought back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.store import Store, audit
from survey.store.engine import tables
from survey.store.intake import batches, reinstatement, responses, tallies
from survey.store.year import years
from tests.tools.stores import store_data


def stored(conn: Connection, number: int = 1, start: int = 0, year: int = 2013) -> int:
    form, batch = store_data.begin(conn, number)
    responses.append(conn, batch, form.id, store_data.block(4, year, start=start))
    return batch


def test_a_batch_keeps_where_it_came_from(store: Store):
    with store.write() as conn:
        number = batches.record(
            conn,
            kind="answers",
            target="q",
            version_id=None,
            file="桂花.xlsx",
            file_hash="abc",
            sheet="数据",
            sample_type="quota",
            who="李",
            counts={"stored": 4},
            options={"mode": "web", "nested": {"a": [1, None]}},
        )
    with store.read() as conn:
        batch = batches.get(conn, number)
        assert batches.listing(conn) == [batch]
        assert batches.find_active(conn, "answers", "q", "abc", "数据") == batch
        assert batches.find_active(conn, "answers", "q", "abc", "另一张") is None
        (entry,) = audit.listing(conn)
    assert (batch.file, batch.sample_type, batch.who, batch.state) == ("桂花.xlsx", "quota", "李", "active")
    assert batch.counts == {"stored": 4}
    assert batch.options == {"mode": "web", "nested": {"a": [1, None]}}
    assert timedelta(0) <= datetime.now(UTC) - batch.created_at < timedelta(minutes=1)
    assert (entry.who, entry.action, entry.subject) == ("李", "import", f"batch {number}")


def test_the_same_file_and_sheet_once(store: Store):
    with store.write() as conn:
        stored(conn)
    with pytest.raises(Refused) as error, store.write() as conn:
        store_data.begin(conn)
    assert error.value.key == "store.same_file"
    with store.write() as conn:
        assert stored(conn, 2, start=10) == 2  # numbers have no gap
        row = {c.name: getattr(batches.get(conn, 1), c.name) for c in tables.batches.c}
    with pytest.raises(IntegrityError), store.write() as conn:  # and the database itself holds it
        conn.execute(insert(tables.batches).values({**row, "id": 99}))


def test_undo_takes_back_and_redo_brings_back(store: Store):
    with store.write() as conn:
        first = stored(conn)
        stored(conn, 2, start=10, year=2014)
        batches.save_tally(conn, first, [(1, 2013, "paper", 5, 0, 1, 4)])
        before = years.data_version(conn, 2013), years.data_version(conn, 2014)
    with store.write() as conn:
        assert batches.undo(conn, first, "王") == (2013,)
    with store.read() as conn:
        assert batches.get(conn, first).state == "undone"
        assert responses.years(conn) == [2014]
        assert len(tallies.tally(conn, 2013)) == 0
        assert (years.data_version(conn, 2013), years.data_version(conn, 2014)) == (before[0] + 1, before[1])
        form = store_data.questionnaires.get(conn, "q")
        assert responses.load(conn, form).design["batch_id"].unique().tolist() == [2]
        assert responses.identities(conn, "q", [2013, 2014])["year"].unique().tolist() == [2014]
        undone = audit.listing(conn)[0]
        assert (undone.who, undone.action, undone.detail["years"]) == ("王", "undo", [2013])
    with store.write() as conn:
        assert reinstatement.redo(conn, first, "王") == (2013,)
        assert len(responses.load(conn, form)) == 8
        assert years.data_version(conn, 2013) == before[0] + 2
        assert audit.listing(conn)[0].action == "redo"


def test_what_is_so_already_or_does_not_exist_is_refused(store: Store):
    with store.write() as conn:
        first = stored(conn)
        with pytest.raises(Refused, match="本来就是有效的"):
            reinstatement.redo(conn, first)
        reinstatement.set_state(conn, first, "undone")
        with pytest.raises(Refused, match="已经撤回过"):
            batches.undo(conn, first)
        with pytest.raises(Refused, match="没有入库批次 77"):
            batches.undo(conn, 77)


def test_redo_refuses_a_file_that_came_in_again(store: Store):
    with store.write() as conn:
        first = stored(conn)
        batches.undo(conn, first)
        second = stored(conn)
        with pytest.raises(Refused) as error:
            reinstatement.redo(conn, first)
    assert error.value.key == "store.redo_same_file"
    assert error.value.params["batch"] == second


@pytest.mark.parametrize("community_ids", [(1, 2), (None,)])
def test_redo_refuses_respondents_that_came_in_again(store: Store, community_ids: tuple[int | None, ...]):
    with store.write() as conn:
        form, first = store_data.begin(conn, 1)
        responses.append(conn, first, form.id, store_data.block(4, community_ids=community_ids))
        batches.undo(conn, first)
        form, second = store_data.begin(conn, 2)
        responses.append(conn, second, form.id, store_data.block(4, start=2, community_ids=community_ids))
        with pytest.raises(Refused) as error:
            reinstatement.redo(conn, first)
        found = {"n": 2, "batch": second, "respondent": "R2", "sheet": "数据", "row": 4}
        assert (error.value.key, error.value.params) == ("store.redo_clash", found)
        batches.undo(conn, second)
        assert reinstatement.redo(conn, first) == (2013,)


def test_the_same_respondent_in_another_questionnaire_year_or_community_is_no_clash(store: Store):
    with store.write() as conn:
        form, first = store_data.begin(conn, 1)
        responses.append(conn, first, form.id, store_data.block(4))
        batches.undo(conn, first)
        _, second = store_data.begin(conn, 2)
        responses.append(conn, second, form.id, store_data.block(4, 2014))
        responses.append(conn, second, form.id, store_data.block(2, start=0, community_ids=(2, 1)))
        other, third = store_data.begin(conn, 3, name="other")
        responses.append(conn, third, other.id, store_data.block(4))
        assert reinstatement.redo(conn, first) == (2013,)


def test_a_closed_year_is_neither_undone_nor_redone(store: Store):
    with store.write() as conn:
        first = stored(conn)
        years.close(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            batches.undo(conn, first)
        years.reopen(conn, 2013)
        batches.undo(conn, first)
        years.close(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            reinstatement.redo(conn, first)


def test_the_register_keeps_no_earlier_state(store: Store):
    with store.write() as conn:
        number = batches.record(conn, kind="register", target="", file="名册.xlsx", file_hash="r")
        with pytest.raises(Refused) as error:
            batches.undo(conn, number)
    assert error.value.key == "store.register_stays"


def test_findings_come_back_as_they_were(store: Store):
    kept = [
        Finding("store.unknown_community", "refuse", "row", "数据", "F37", 37, "社区", {"community": "桂花"}),
        Finding("store.year_open", "note", "file", params={"year": 2013, "list": [1, 2]}),
    ]
    with store.write() as conn:
        first, second = stored(conn), stored(conn, 2, start=10)
        batches.save_findings(conn, first, kept)
        batches.save_findings(conn, second, [])
    with store.read() as conn:
        assert batches.findings(conn, first) == kept
        assert batches.findings(conn, second) == []


def test_the_tally_of_a_year(store: Store):
    with store.write() as conn:
        first = stored(conn)
        rows = [
            (2, 2013, "web", 3, 1, 0, 2),
            (None, 2013, None, 1, 0, 1, 0),
            (1, 2012, "paper", 1, 0, 0, 1),
            (None, None, None, 1, 0, 1, 0),
        ]
        batches.save_tally(conn, first, rows)
        found = tallies.tally(conn, 2013)
    assert found["community_code"].fillna("-").tolist() in (["A02", "-"], ["-", "A02"])
    assert found["received"].sum() == 4
    assert found.set_index("mode").loc["web", ["duplicate", "refused", "stored"]].tolist() == [1, 0, 2]
    assert found["target"].tolist() == ["q", "q"]
