"""A store damaged anywhere is read right or said to be damaged: no command fails otherwise, none shows another score."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.tools import commands, soak
from tests.tools.commands import answers

run, town = commands.run, commands.town
READING = (
    *(("batches",), ("communities", "list"), ("questionnaire", "list"), ("score",), ("streets",)),
    *(("estimate", "--questionnaire", "q", "--by", "year"), ("quality", "reliability"), ("audit", "list")),
    *(("rates", "--year", "2014"), ("trace", "甲社区", "2014"), ("doctor",)),
)
#: what no program of ours writes into a column
STRANGE = ("'x'", "-1", "9e999", "X'00FF'", "''", "99999999999", "CAST(X'FF' AS TEXT)", "'[]'", "'{}'", "1.5")
SEEDS = 60 if soak.TIMES else 8


@pytest.fixture
def filled(town):
    answers("a.csv", rows=400)
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    with closing(sqlite3.connect("xingfu.db")) as conn:
        conn.execute("PRAGMA journal_mode=DELETE")
    return town


def torn(data: bytes, draw: random.Random) -> tuple[str, bytes]:
    """The file with a bit turned, an end cut off, a page of zeros or of anything."""
    kind, page = draw.choice(["bit", "cut", "zeros", "anything"]), 4096 * draw.randrange(1, len(data) // 4096)
    if kind == "bit":
        at = draw.randrange(100, len(data))
        return f"bit at {at}", data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
    if kind == "cut":
        at = draw.randrange(1, len(data))
        return f"cut at {at}", data[:at]
    junk = bytes(4096) if kind == "zeros" else draw.randbytes(4096)
    return f"{kind} at {page}", data[:page] + junk + data[page + 4096 :]


def strange(draw: random.Random) -> str:
    """Put a value into one column that does not belong there; returns the statement."""
    with closing(sqlite3.connect("xingfu.db")) as conn:
        names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = [n for n in names if conn.execute(f"SELECT count(*) FROM {n}").fetchone()[0]]
        table = draw.choice(filled)
        column = draw.choice([row[1] for row in conn.execute(f"PRAGMA table_info({table})")])
        statement = f'UPDATE {table} SET "{column}" = {draw.choice(STRANGE)}'
        with suppress(sqlite3.IntegrityError):  # the database itself takes no such value
            conn.execute(statement)
            conn.commit()
        return statement


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_damaged_is_said_to_be_and_nothing_else_fails(filled, seed):
    draw = random.Random(seed)
    whole, before = Path("xingfu.db").read_bytes(), filled("score")
    for number in range(2):
        for left in Path().glob("xingfu.db*"):
            left.unlink()
        if number:
            Path("xingfu.db").write_bytes(whole)
            damage = strange(draw)
        else:
            damage, data = torn(whole, draw)
            Path("xingfu.db").write_bytes(data)
        told = {}
        for words in READING:
            status, out, err = filled(*words)
            told[words[0]] = status
            assert status in (0, 3, 5), (seed, damage, words, err)
            assert "Exception ignored" not in err, (seed, damage, words, err)
            if status == 5:
                assert len(err.strip().splitlines()) <= 2, (seed, damage, words, err)
            if words == ("score",) and (status, out) != before[:2]:
                assert status == 5 or number, (seed, damage, out)
        print(seed, damage, told)
