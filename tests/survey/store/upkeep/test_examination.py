"""A store looked over: each kind of damage is found by its check and by no other."""

import sqlite3
from contextlib import closing

import pytest

from survey.store import keyring
from survey.store.upkeep.examination import OK, UNCHECKED, WRONG, examine
from tests.tools.dashboard_tools import small_store


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def states(store):
    return {one.check: one.state for one in examine(store)}


def damage(store, statement):
    with store.write(aside=True) as conn:
        conn.exec_driver_sql(statement)


def test_a_sound_store_passes_every_check(town):
    assert set(states(town)) == {"file", "record", "answers", "bits", "payloads", "originals", "contacts"}
    assert set(states(town).values()) == {OK}


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("record", "UPDATE audit SET who = 'somebody else' WHERE id = 1"),
        ("answers", "UPDATE batches SET counts = '{\"stored\": 99}' WHERE kind = 'answers'"),
    ],
)
def test_what_a_hand_in_the_tables_changed_is_found(town, check, statement):
    with town.write() as conn:
        conn.exec_driver_sql(
            "INSERT INTO batches (id, kind, target, file, file_hash, sheet, sample_type, who, created_at, state, counts, options)"
            " VALUES (900, 'answers', 'q', 'f', 'h', 's', 'probability', '', '2014-01-01', 'active', '{\"stored\": 0}', '{}')"
        )
    before = states(town)
    damage(town, statement)
    after = states(town)
    assert {name for name in after if before[name] != after[name]} == {check}
    assert after[check] == WRONG


def test_a_reference_to_nothing_is_a_damaged_file(town):
    with closing(sqlite3.connect(town.where)) as raw, raw:
        raw.execute("INSERT INTO findings VALUES (777, 0, 'c', 'l', 's', '', '', 0, '', '{}')")
    assert states(town)["file"] == WRONG


def test_what_is_sealed_is_not_checked_without_its_key_and_found_damaged_with_it(town, monkeypatch):
    damage(town, "INSERT INTO originals (file_hash, key_id, size, kept_at) VALUES ('aa', 'k', 1, '2014-01-01')")
    monkeypatch.delenv("XINGFU_KEY", raising=False)
    monkeypatch.setattr(keyring, "load", lambda: None)
    assert states(town)["originals"] == UNCHECKED
    ring = keyring.Keyring((keyring.new_key(),), "here")
    monkeypatch.setattr(keyring, "load", lambda: ring)
    assert states(town)["originals"] == WRONG
