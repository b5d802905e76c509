"""From an older schema to the newest, and no change of a table without a way there.

``store_schema/VERSION.DATABASE.sql`` holds the tables as a released version made them; run this file as a program
to write those of the newest version.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from survey.core.errors import Surroundings
from survey.store import Store, audit, breaks, settings
from survey.store.engine import copies, migrations, tables
from survey.store.year import indicators, register

FOLDER = Path(__file__).resolve().parents[3] / "store_schema"
DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def schema(name: str) -> str:
    """The statements that make the tables of this program."""
    statements = []
    for table in tables.metadata.sorted_tables:
        statements.append(CreateTable(table))
        statements += [CreateIndex(index) for index in sorted(table.indexes, key=lambda i: str(i.name))]
    lines = (str(s.compile(dialect=DIALECTS[name])).strip() + ";\n" for s in statements)
    return "\n".join("\n".join(line.rstrip() for line in s.splitlines()) + "\n" for s in lines)


def make(where: str, version: int) -> None:
    """A store as that version of the program would have left it, with a community in it."""
    name = "postgresql" if "://" in where else "sqlite"
    url = where.replace("postgresql://", "postgresql+psycopg://") if name == "postgresql" else f"sqlite:///{where}"
    engine = create_engine(url)
    with engine.begin() as conn:
        for statement in (FOLDER / f"{version}.{name}.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(text(statement))
        conn.execute(text(f"INSERT INTO meta VALUES ('application', 'xingfu'), ('schema', '{version}')"))
        conn.execute(text("INSERT INTO counters VALUES ('batches', 1), ('responses', 1)"))
        if version >= 18:
            conn.execute(text("INSERT INTO counters VALUES ('audit', 1)"))
        conn.execute(
            text(
                "INSERT INTO communities (id, position, code, name, aliases, sub_district, district, type, "
                "feature, successor) VALUES (1, 1, 'A01', '桂花', '[]', '', '', '', '', '')"
            )
        )
        if version >= 13:
            conn.execute(
                text(
                    "INSERT INTO community_facts (community_id, from_year, name, sub_district, district, type, "
                    "feature, successor) VALUES (1, 0, '桂花', '', '', '', '', '')"
                )
            )
    engine.dispose()


def shape(store: Store) -> dict[str, list[str]]:
    with store.read() as conn:
        found = inspect(conn)
        return {table: [str(c["name"]) for c in found.get_columns(table)] for table in sorted(found.get_table_names())}


def add_street(conn: Connection) -> None:
    conn.execute(text("ALTER TABLE communities ADD COLUMN street VARCHAR DEFAULT '' NOT NULL"))
    conn.execute(text("UPDATE communities SET street = name || '路'"))


@pytest.mark.parametrize("name", DIALECTS)
def test_a_changed_table_has_a_version_and_an_upgrade(name: str):
    path = FOLDER / f"{migrations.newest()}.{name}.sql"
    assert schema(name) == path.read_text(encoding="utf-8"), "add a function to UPGRADES, then run this file"


@pytest.mark.parametrize("version", range(1, migrations.newest() + 1))
def test_every_released_version_is_brought_to_the_newest(where: str, tmp_path: Path, version: int):
    make(where, version)
    fresh = Store.open(tmp_path / "fresh.db", create=True)
    store = Store.open(where)
    assert shape(store) == shape(fresh)
    with store.write() as conn:
        assert [c.name for c in register.communities(conn)] == ["桂花"]
        assert register.communities(conn, 1900) == register.communities(conn)  # what is known counts for every year
        audit.record(conn, "李", "look", "")
    store.close()
    fresh.close()


@pytest.mark.parametrize("before", [0, 3])
def test_entries_of_an_older_record_are_linked_as_they_stand(where: str, before: int):
    make(where, 17)
    engine = create_engine(
        where.replace("postgresql://", "postgresql+psycopg://") if "://" in where else f"sqlite:///{where}"
    )
    with engine.begin() as conn:
        for number in (2, 3, 7)[:before]:  # a database leaves numbers out
            at = f"2014-11-0{number}T08:00:00.000000+00:00"
            line = f"({number}, '{at}', '李', 'import', 'batch {number}', '{{\"n\": {number}}}')"
            conn.exec_driver_sql(f"INSERT INTO audit (id, at, who, action, subject, detail) VALUES {line}")
    engine.dispose()
    store = Store.open(where)
    with store.write() as conn:
        found = breaks.check(conn)
        assert (found.entries, found.linked, found.breaks) == (before + 1, 7 if before else 0, ())
        audit.record(conn, "李", "undo", "batch 3")
        assert breaks.check(conn).breaks == ()
        conn.execute(text("DELETE FROM audit WHERE id = 3"))
        gone = [(b.kind, b.first, b.last) for b in breaks.check(conn).breaks]
        assert gone == ([("removed", 3, 6)] if before else [])
    store.close()


def test_an_older_store_is_upgraded_when_it_is_opened(where: str, monkeypatch: pytest.MonkeyPatch):
    make(where, migrations.newest())
    monkeypatch.setattr(migrations, "UPGRADES", [*migrations.UPGRADES, add_street])
    for _ in range(2):  # the second time there is nothing to do
        store = Store.open(where)
        with store.read() as conn:
            assert conn.execute(text("SELECT street FROM communities")).scalars().all() == ["桂花路"]
            assert migrations.version(conn) == migrations.newest()
        store.close()


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(where: str, monkeypatch: pytest.MonkeyPatch):
    def fail(conn: Connection) -> None:
        raise ZeroDivisionError

    make(where, migrations.newest())
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "UPGRADES", [*migrations.UPGRADES, add_street, fail])
        with pytest.raises(ZeroDivisionError):
            Store.open(where)
    store = Store.open(where)
    assert "street" not in shape(store)["communities"]
    store.close()


def test_a_store_of_a_newer_program_is_refused(where: str, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "UPGRADES", [*migrations.UPGRADES, add_street])
        Store.open(where, create=True).close()
    for create in (False, True):
        with pytest.raises(Surroundings) as error:
            Store.open(where, create=create)
        newest = migrations.newest()
        assert error.value.key == "store.newer"
        assert (error.value.params["found"], error.value.params["known"]) == (newest + 1, newest)


def test_creating_twice_changes_nothing(where: str):
    first = Store.open(where, create=True)
    with first.write() as conn:
        settings.put(conn, "sample", "1")
    with Store.open(where, create=True).read() as conn:
        assert settings.get(conn, "sample") == "1"


def test_an_older_store_is_kept_as_it_was_beside_the_newer_one(tmp_path: Path):
    make(str(tmp_path / "old.db"), 1)
    before = (tmp_path / "old.db").read_bytes()
    with closing(Store.open(tmp_path / "old.db")) as store:
        assert store.upgraded is not None
        assert (store.upgraded.found, store.upgraded.newest) == (1, migrations.newest())
        copied = Path(store.upgraded.copy)
    assert (copied.parent, copied.name[:12]) == (tmp_path, "old.schema1-")
    assert copied.stat().st_size == len(before)
    with closing(sqlite3.connect(copied)) as conn:
        assert conn.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("1",)
        assert conn.execute("SELECT name FROM communities").fetchone() == ("桂花",)
    copied.replace(tmp_path / "old.db")  # back, and up again
    with closing(Store.open(tmp_path / "old.db")) as store:
        assert store.upgraded is not None
    with closing(Store.open(tmp_path / "old.db")) as store:
        assert store.upgraded is None  # only when there is something to bring up to date


def test_texts_that_an_older_program_kept_in_another_form_are_said_once(tmp_path: Path):
    make(str(tmp_path / "old.db"), 13)
    with closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        for number, evidence in ((3, ""), (4, "1m2:A.pdf"), (5, "")):
            conn.execute(
                "INSERT INTO batches (id, kind, target, file, file_hash, sheet, who, state, sample_type, created_at, counts, "
                "options) VALUES (?, 'indicators', '', '', ?, '', '', 'active', '', '2014-01-01T00:00:00+00:00', '{}', '{}')",
                (number, str(number)),
            )
            conn.execute(
                "INSERT INTO indicator_values (year, community_id, indicator, batch_id, kind, assessor, exempt, evidence)"
                " VALUES (2013, 1, 'X', ?, '', '', 0, ?)",
                (number, evidence),
            )
        conn.commit()
    with closing(Store.open(tmp_path / "old.db")) as store:
        assert store.upgraded is not None
        assert store.upgraded.folded == 4
        with store.read() as conn:
            assert indicators.folded_to(conn) == 4
    make(str(tmp_path / "none.db"), 13)
    with closing(Store.open(tmp_path / "none.db")) as store:
        assert store.upgraded is not None
        assert store.upgraded.folded == 0


def test_a_store_that_cannot_be_copied_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(str(tmp_path / "old.db"), 1)

    def full(*_: object, **__: object) -> None:
        raise Surroundings("disk.cannot_write", path="x", reason="full")

    monkeypatch.setattr(copies, "copy", full)
    with pytest.raises(Surroundings):
        Store.open(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        assert conn.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("1",)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for dialect in DIALECTS:
        (FOLDER / f"{migrations.newest()}.{dialect}.sql").write_text(schema(dialect), encoding="utf-8")
