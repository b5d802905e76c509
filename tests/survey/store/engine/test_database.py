"""Opening a store, its transactions, and what is said when the surroundings fail."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from pathlib import Path

import pytest

from survey.core.errors import Surroundings, WrongUsage, XingfuError
from survey.store import Store, settings
from survey.store.engine import failures, sqlite_file
from tests.tools import needs
from tests.tools.stores import postgres


def said(error: pytest.ExceptionInfo[XingfuError]) -> str:
    """The key, after both languages were found to be one line without a password."""
    for lang in ("zh", "en"):
        words = error.value.word(lang)
        assert "\n" not in words
        assert postgres.PASSWORD not in words
        assert "secret" not in words
    return error.value.key


def test_what_is_written_is_there_when_opened_again(where: str):
    with Store.open(where, create=True).write() as conn:
        settings.put(conn, "timezone", "Asia/Shanghai")
        settings.put(conn, "timezone", "Asia/Urumqi")
    with Store.open(where, create=True).read() as conn:
        assert settings.get(conn, "timezone") == "Asia/Urumqi"
        assert settings.get(conn, "sample") is None
        assert settings.get(conn, "sample", "0") == "0"


def test_an_error_in_the_block_takes_all_of_it_back(store: Store):
    def put_and_fail() -> None:
        with store.write() as conn:
            settings.put(conn, "a", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    with store.read() as conn:
        assert settings.get(conn, "a") is None


def test_a_reader_cannot_write(store: Store):
    with pytest.raises(Surroundings), store.read() as conn:
        settings.put(conn, "a", "1")
    with store.write() as conn:
        settings.put(conn, "a", "2")
    with store.read() as conn:
        assert settings.get(conn, "a") == "2"


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_store: Store):
    with sqlite_store.write() as conn:
        pragmas = {
            p: conn.exec_driver_sql(f"PRAGMA {p}").scalar() for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_empty_database_is_no_store_until_it_is_created(where: str):
    with pytest.raises(Surroundings) as error:
        Store.open(where)
    assert said(error) in ("store.missing", "store.empty")
    Store.open(where, create=True).close()
    Store.open(where).close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (text)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(Surroundings) as error:
        Store.open(path, create=True)
    assert said(error) == "store.not_ours"
    assert path.read_bytes() == before


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_database(tmp_path: Path, create: bool):
    path = tmp_path / "answers.csv"
    path.write_text("社区,年份\n" * 100, encoding="utf-8")
    with pytest.raises(Surroundings) as error:
        Store.open(path, create=create)
    assert said(error) == "store.not_a_database"


def test_a_folder_and_a_place_in_no_folder(tmp_path: Path):
    with pytest.raises(Surroundings) as error:
        Store.open(tmp_path)
    assert said(error) == "store.is_folder"
    with pytest.raises(Surroundings) as error:
        Store.open(tmp_path / "no" / "store.db", create=True)
    assert said(error) == "store.no_folder"


def test_a_file_that_vanished_is_not_made_anew(tmp_path: Path):
    path = tmp_path / "store.db"
    store = Store.open(path, create=True)
    store.close()
    store = Store.open(path)
    store.close()
    path.unlink()
    with pytest.raises(Surroundings) as error, store.read() as conn:
        settings.get(conn, "a")
    assert said(error) == "store.gone"
    assert not path.exists()


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "store.db"
    Store.open(path, create=True).close()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite_file.sqlite3, "connect", lambda where, **k: connect(where.replace("=rw", "=ro"), **k))
    store = Store.open(path)
    with store.read() as conn:
        assert settings.get(conn, "a") is None
    with pytest.raises(Surroundings) as error, store.write() as conn:
        settings.put(conn, "a", "1")
    assert said(error) == "store.read_only"
    store.close()


def test_a_full_disk(sqlite_store: Store):
    with sqlite_store.write() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(Surroundings) as error, sqlite_store.write() as conn:
        settings.put(conn, "long", "x" * 100_000)
    assert said(error) == "store.disk_full"
    with sqlite_store.read() as conn:
        assert settings.get(conn, "long") is None


def test_a_fault_of_ours_stays_one(store: Store):
    with pytest.raises(Exception, match="no_such_table") as error, store.read() as conn:
        conn.exec_driver_sql("SELECT * FROM no_such_table")
    assert not isinstance(error.value, XingfuError)


@pytest.mark.parametrize(
    ("where", "key"),
    [("mysql://u:secret@h/d", "store.unknown_kind"), ("postgresql://u:secret@h:port/d", "store.bad_url")],
)
def test_an_address_of_no_known_kind(where: str, key: str):
    with pytest.raises(WrongUsage) as error:
        Store.open(where)
    assert said(error) == key


def test_postgresql_without_its_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Surroundings) as error:
        Store.open("postgresql://u:secret@127.0.0.1:1/d")
    assert said(error) == "store.psycopg_missing"


def test_postgresql_that_does_not_answer():
    needs.need(needs.no_psycopg())
    with pytest.raises(Surroundings) as error:
        Store.open("postgresql://u:secret@127.0.0.1:1/d?sslpassword=secret")
    assert said(error) == "store.server_away"
    assert "postgresql://u:***@127.0.0.1:1/d" in str(error.value)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("database_name", "password", "key"),
    [("postgres", "secret", "store.login_refused"), ("nowhere", postgres.PASSWORD, "store.no_database")],
)
def test_postgresql_with_a_wrong_password_or_name(
    postgresql: postgres.Server, database_name: str, password: str, key: str
):
    with pytest.raises(Surroundings) as error:
        Store.open(postgresql.url(database_name, password))
    assert said(error) == key


@pytest.mark.postgres
def test_postgresql_in_another_encoding(postgresql: postgres.Server):
    postgresql.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    with pytest.raises(Surroundings) as error:
        Store.open(postgresql.url("latin"), create=True)
    assert said(error) == "store.not_utf8"


@pytest.mark.postgres
def test_postgresql_that_goes_away_and_comes_back(postgresql: postgres.Server):
    postgresql.execute("CREATE DATABASE moody TEMPLATE template0")
    store = Store.open(postgresql.url("moody"), create=True)
    assert store.where == f"postgresql://{postgres.USER}:***@127.0.0.1:{postgresql.port}/moody"
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'moody'"

    def read_and_lose() -> None:
        with store.read() as conn:
            settings.get(conn, "a")
            postgresql.execute(kill)
            settings.get(conn, "a")

    with pytest.raises(Surroundings) as error:
        read_and_lose()
    assert said(error) == "store.server_away"
    postgresql.execute(kill)
    with store.write() as conn:
        settings.put(conn, "a", "1")
    store.close()


def test_what_the_server_says_becomes_one_sentence():
    needs.need(needs.no_psycopg())
    from psycopg import errors

    for kind, key in (
        (errors.DiskFull, "store.disk_full"),
        (errors.InsufficientPrivilege, "store.no_privilege"),
        (errors.ReadOnlySqlTransaction, "store.read_only"),
        (errors.LockNotAvailable, "store.locked"),
        (errors.TooManyConnections, "store.server_away"),
    ):
        found = failures.sentence(kind("a reason\nLINE 1: SELECT"), "postgresql://u:***@h/d")
        assert found is not None
        assert found.key == key
        assert "LINE" not in found.word("zh")
    assert failures.sentence(errors.UniqueViolation("twice"), "") is None


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_folder_that_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Path, **_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)  # root may enter any folder
    with pytest.raises(Surroundings) as error:
        Store.open(tmp_path / "store.db")
    assert said(error) == "store.cannot_open"
