"""What a store holds is the same on the other database, row by row; what can't cross leaves nothing there."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import insert, select

from survey.core.errors import Refused, Surroundings
from survey.store import Store, audit, settings
from survey.store.engine import database
from survey.store.engine import tables as t
from survey.store.engine.base import now
from survey.store.upkeep import crossing
from survey.store.upkeep.backup import backup, restore
from survey.store.upkeep.examination import WRONG, examine
from tests.tools.stores.store_writer import ROWS, write_batches

pytestmark = pytest.mark.postgres
_numbers = itertools.count(1)


@pytest.fixture
def empty(postgresql):
    """The address of a database in which nothing is."""
    name = f"crossing_{next(_numbers)}"
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgresql.url(name)
    postgresql.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def filled(sqlite_store):
    """Answers, and of what the two databases keep differently one of each: bytes, yes and no, JSON, nothing at all."""
    write_batches(sqlite_store.where, 1, 2)
    with sqlite_store.write() as conn:
        code, place = conn.execute(select(t.communities.c.code, t.communities.c.id)).first()
        settings.put(conn, "说明", "一行\n“两”行\t\\N \\. 终")
        audit.record(conn, "甲", "try", "x", {"b": [1.5, None, True, "\u2028"], "a": 1e-17})
        row = {"batch_id": 1001, "year": 2014, "community_id": place, "indicator": "ZZ01", "kind": "value"}
        values = [{"exempt": True, "value": 0.1 + 0.2, "note": None}, {"exempt": False, "value": None, "note": ""}]
        batch = conn.execute(select(t.batches.c.id)).scalar()
        conn.execute(insert(t.indicator_values), [{**row, "batch_id": batch, "assessor": code, **v} for v in values])
        contact = {"token": "t", "batch_id": batch, "year": 2014, "key_id": "k", "created_at": now()}
        conn.execute(insert(t.contacts), {**contact, "mark": bytes(range(256)), "phone": b"\0\\x\xff", "name": None})
    return sqlite_store


def rows_of(store):
    with store.read() as conn:
        raw = conn.connection.driver_connection
        return {
            table.name: sorted(crossing._rows(raw, table, on_sqlite=store.on_sqlite), key=repr)
            for table in crossing.TABLES
        }


def found(store):
    """What looking over it says but of the file, which is another."""
    return [one for one in examine(store) if one.check != "file"]


def test_there_and_back_every_row_is_the_same(filled, empty, tmp_path):
    done = backup(filled, tmp_path / "there.db")
    there, _ = restore(tmp_path / "there.db", empty)
    assert there.rows == done.rows
    with closing(Store.open(empty)) as store:
        assert rows_of(store) == rows_of(filled)
        assert found(store) == found(filled)
        back = backup(store, tmp_path / "back.db")
        assert back.rows == done.rows
        assert rows_of(store) == rows_of(filled)
    assert "s3cret" not in there.file
    restore(tmp_path / "back.db", tmp_path / "new.db")
    with closing(Store.open(tmp_path / "new.db")) as store:
        assert rows_of(store) == rows_of(filled)
        assert found(store) == found(filled)


def test_what_comes_afterwards_gets_numbers_of_its_own(filled, empty, tmp_path):
    """Numbers that the database gives begin behind those that were brought."""
    backup(filled, tmp_path / "there.db")
    restore(tmp_path / "there.db", empty)
    write_batches(empty, 2, 1)
    with closing(Store.open(empty)) as store:
        with store.write() as conn:
            row = {"year": 2014, "community_id": 1, "indicator": "ZZ02", "kind": "value", "assessor": ""}
            conn.execute(insert(t.indicator_values), {**row, "batch_id": 1, "exempt": False})
            audit.record(conn, "乙", "try", "y")
        with store.read() as conn:
            numbers = conn.execute(select(t.indicator_values.c.id).order_by(t.indicator_values.c.id)).scalars().all()
        assert numbers == [1, 2, 3]
        assert {one.check for one in found(store) if one.state == WRONG} == {"answers"}  # as of what was brought
        done = backup(store, tmp_path / "more.db")
    assert done.rows["responses"] == 3 * ROWS


def test_a_backup_of_postgresql_is_named_by_its_database(filled, empty, tmp_path):
    backup(filled, tmp_path / "there.db")
    restore(tmp_path / "there.db", empty)
    (tmp_path / "folder").mkdir()
    with closing(Store.open(empty)) as store:
        backup(store, tmp_path / "folder")
    (only,) = (tmp_path / "folder").iterdir()
    assert only.name.startswith(f"{empty.rpartition('/')[2]}-")
    assert only.suffix == ".db"


def refused(call, *arguments):
    with pytest.raises((Refused, Surroundings)) as error:
        call(*arguments)
    assert error.value.word("zh")
    assert error.value.word("en")
    return error.value.key


def tables_in(address):
    with closing(Store.connected(address)) as store, store.read() as conn:
        query = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        return conn.exec_driver_sql(query).scalar_one()


def test_what_lies_there_is_never_replaced(filled, empty, tmp_path):
    backup(filled, tmp_path / "there.db")
    restore(tmp_path / "there.db", empty)
    before = tables_in(empty)
    assert refused(restore, tmp_path / "there.db", empty) == "upkeep.database_taken"
    assert tables_in(empty) == before


def test_a_database_that_is_worked_on_takes_none(filled, empty, tmp_path):
    backup(filled, tmp_path / "there.db")
    with closing(Store.connected(empty)) as other, other.read() as conn:
        conn.exec_driver_sql("SELECT 1")
        assert refused(restore, tmp_path / "there.db", empty) == "upkeep.served"
    assert tables_in(empty) == 0


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        ("UPDATE meta SET value = '9' WHERE key = 'schema'", "upkeep.other_schema"),
        ("UPDATE meta SET value = '99' WHERE key = 'schema'", "store.newer"),
        ("UPDATE settings SET value = 'a' || char(0) || 'b'", "upkeep.not_taken"),
        ("UPDATE responses SET year = 3000000000", "upkeep.not_taken"),
        ("UPDATE responses SET year = 'then'", "upkeep.not_taken"),
        ("UPDATE audit SET detail = '{'", "upkeep.not_taken"),
        ("UPDATE settings SET value = CAST(X'E4B8FF' AS TEXT)", "upkeep.no_backup"),
    ],
)
def test_what_can_not_cross_leaves_nothing_there(filled, empty, tmp_path, damage, key):
    backup(filled, tmp_path / "there.db")
    with closing(sqlite3.connect(tmp_path / "there.db")) as conn:
        conn.execute("PRAGMA application_id=0")  # no longer a sealed one
        assert conn.execute(damage).rowcount
        conn.commit()
    assert refused(restore, tmp_path / "there.db", empty) == key
    assert tables_in(empty) == 0


def test_what_arrives_otherwise_is_not_kept(filled, empty, tmp_path, monkeypatch):
    backup(filled, tmp_path / "there.db")
    copy_in = crossing.bulk.copy_in

    def loses(conn, table, columns, rows):
        copy_in(conn, table, columns, itertools.islice(rows, 1, None) if table.name == "settings" else rows)

    with monkeypatch.context() as here:
        here.setattr(crossing.bulk, "copy_in", loses)
        assert refused(restore, tmp_path / "there.db", empty) == "upkeep.crossed_differently"
    assert tables_in(empty) == 0


def test_a_server_older_than_the_program_knows_is_said_to_be(empty, monkeypatch):
    monkeypatch.setattr(database, "OLDEST", (99,))
    assert refused(Store.open, empty) == "store.old_server"
    with pytest.raises(Surroundings) as error:
        Store.open(empty, create=True)
    assert "99" in error.value.word("zh")
    assert tables_in(empty) == 0
