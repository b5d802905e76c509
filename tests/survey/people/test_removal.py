"""One respondent or one batch gone for good: nothing of it is left, and everything else is as it was."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert, select

from survey.core.errors import Refused, WrongUsage
from survey.core.findings import Finding
from survey.decisions.carried_out import Change
from survey.people import removal
from survey.people.removal import Wanted
from survey.store import Store, audit
from survey.store.engine import tables as t
from survey.store.engine.base import now
from survey.store.intake import batches, calls, contacts, decisions, originals, questionnaires, responses
from survey.store.upkeep import removals
from survey.store.year import years
from tests.tools.books import office_sheets
from tests.tools.stores.store_data import NUMBERS, RING, begin, block, fill


def load(conn):
    return responses.load(conn, questionnaires.get(conn, "q"))


def same(before, after, keep) -> None:
    """The block after is the kept rows of the one before, in every part."""
    left = before.design[keep].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, after.design.reset_index(drop=True))
    assert np.array_equal(before.codes[keep], after.codes)
    for name, values in before.numbers.items():
        assert np.array_equal(values[keep], after.numbers[name], equal_nan=True)
    for part in ("texts", "multiple"):
        for name, values in getattr(before, part).items():
            assert [v for v, k in zip(values, keep, strict=True) if k] == list(getattr(after, part)[name])


def test_a_respondent_goes_with_all_that_was_said_and_nothing_else_moves(store: Store):
    with store.write() as conn:
        batch = fill(conn)
        fill(conn, 2, year=2014)  # the same numbers in another year are other people
        call = {"year": 2013, "community": "A01", "attempt": 1, "numbered": True, "outcome": "complete"}
        calls.append(conn, batch, "q", pd.DataFrame([{**call, "respondent": who} for who in ("R0", "R2")]))
        originals.keep(conn, originals.SealedFile("hash1", RING.newest.id, 3, (b"abc",)))
        found = [
            Finding("checking.x", "note", "cell", "数据", f"B{row}", row=row, params={"found": "她"}) for row in (2, 3)
        ]
        batches.save_findings(conn, batch, found)
        batches.save_tally(conn, batch, [(1, 2013, "paper", 1, 0, 0, 1), (1, 2013, "phone", 1, 0, 0, 1)])
        decisions.save(conn, batch, [Change("change", "数据", "B2", 2, "q1", "她", "他", "看错", "checking.x")], "李")
    with store.read() as conn:
        before, versions = load(conn), (years.data_version(conn, 2013), years.data_version(conn, 2014))
    done = removal.remove(store, Wanted(respondent="R0", year=2013), "本人要求", "王")
    assert done.counts == {"responses": 1, "calls": 1, "contacts": 1, "originals": 1}
    with store.read() as conn:
        after = load(conn)
        keep = ~((before.design["respondent"] == "R0") & (before.design["year"] == 2013)).to_numpy()
        same(before, after, keep)
        assert responses.counts(conn)["n"].sum() == 7
        assert contacts.counts(conn) == {2013: 3, 2014: 4}
        assert {c.phone for c in contacts.listing(conn, RING, 2013)} == set(NUMBERS[1:])
        assert calls.attempts(conn)["respondent"].tolist() == ["R2"]
        assert not originals.kept(conn, "hash1")
        (kept,) = decisions.of(conn, batch)
        assert (kept.cell, kept.before, kept.after, kept.reason) == ("B2", "", "", "")
        assert [f.row for f in batches.findings(conn, batch)] == [3]
        assert (years.data_version(conn, 2013), years.data_version(conn, 2014)) == (versions[0] + 1, versions[1])
        assert batches.get(conn, batch).counts["removed"] == 1
        entry = audit.listing(conn, 1)[0]
        assert (entry.who, entry.action, entry.subject) == ("王", "remove", f"batch {batch}")
        assert entry.detail["reason"] == "本人要求"
        assert "R0" not in str(entry.detail)
        (line,) = removals.listing(conn, 2013)
        assert (line.responses, line.calls, line.contacts, line.closed) == (1, 1, 1, False)


@pytest.mark.parametrize("last", [False, True])
def test_runs_begin_and_end_with_what_is_left(store: Store, last: bool):
    with store.write() as conn:
        fill(conn)
    for number in (3, 0, 1, 2) if last else (0, 1, 3, 2):
        with store.read() as conn:
            before = load(conn)
        removal.remove(store, Wanted(respondent=f"R{number}"), "x")
        with store.read() as conn:
            same(before, load(conn), (before.design["respondent"] != f"R{number}").to_numpy())
    with store.read() as conn:
        assert responses.years(conn) == []


def test_every_table_that_hangs_on_an_answer_loses_its_lines_with_it(store: Store):
    """Codes of answers in words and replicate weights too; a table that comes later fails here until the removal knows it."""
    hang = [
        (table, column)
        for table in t.metadata.sorted_tables
        for column in table.c
        if any(key.column is t.responses.c.id for key in column.foreign_keys)
    ]
    with store.write() as conn:
        fill(conn)
        query = select(t.responses.c.respondent, t.responses.c.id)
        ids: dict[str, int] = {str(who): int(number) for who, number in conn.execute(query)}
        for number in ids.values():
            said = {"question": 1, "codes": [1], "in_turn": True, "who": "王", "at": now()}
            conn.execute(insert(t.coded_answers).values(response_id=number, **said))
            conn.execute(insert(t.response_replicates).values(response_id=number, weights=b"1234"))

    def there() -> dict[str, set[int]]:
        with store.read() as conn:
            return {
                f"{table.name}.{column.name}": set(conn.execute(select(column)).scalars()) for table, column in hang
            }

    before = there()
    assert {name.partition(".")[0] for name, found in before.items() if ids["R0"] in found} >= {
        *("response_numbers", "response_texts"),
        *("response_replicates", "coded_answers", "contact_links"),
    }
    removal.remove(store, Wanted(respondent="R0"), "x")
    after = there()
    assert [name for name, found in after.items() if ids["R0"] in found] == []
    assert all(
        found == before[name] - {ids["R0"]} for name, found in after.items() if not name.startswith("response_runs")
    )


def test_a_mark_is_of_one_person_place_and_store(tmp_path: Path):
    """Who has one store's marks can try numbers there, and compare them with no other store's."""
    same = ("q", 2013, 1, "r0")
    others = (
        ("p", *same[1:]),
        ("q", 2014, 1, "r0"),
        ("q", 2013, 2, "r0"),
        ("q", 2013, None, "r0"),
        ("q", 2013, 1, "r1"),
    )
    found = []
    for name in ("a.db", "b.db"):
        made = Store.open(tmp_path / name, create=True)
        with made.write() as conn:
            mark = removals.mark(conn, *same)
            assert removals.mark(conn, *same) == mark
            found += [mark, *(removals.mark(conn, *other) for other in others)]
        made.close()
    assert len(set(found)) == 2 * (1 + len(others))


def test_nothing_of_it_is_left_in_the_bytes_of_the_file(tmp_path: Path):
    store = Store.open(tmp_path / "x.db", create=True)
    with store.write() as conn:
        form, batch = begin(conn)
        rows = block(4)
        rows.texts["comment"][0] = "只有她会这样说"
        responses.append(conn, batch, form.id, rows)
    text = "只有她会这样说".encode()
    assert any(text in path.read_bytes() for path in tmp_path.iterdir())
    removal.remove(store, Wanted(respondent="R0"), "x")
    assert not any(text in path.read_bytes() for path in tmp_path.iterdir())
    store.close()
    with sqlite3.connect(tmp_path / "x.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_batch_goes_whole_and_stays_in_the_list(store: Store):
    with store.write() as conn:
        batch, other = fill(conn), fill(conn, 2, start=10)
    with store.read() as conn:
        before = load(conn)
    done = removal.remove(store, Wanted(batch=batch), "导错了", "王")
    assert done.counts == {"responses": 4, "calls": 0, "contacts": 4, "originals": 0}
    with store.read() as conn:
        same(before, load(conn), (before.design["batch_id"] == other).to_numpy())
        assert contacts.counts(conn) == {2013: 4}
        gone = batches.get(conn, batch)
        assert (gone.state, gone.counts["removed"]) == ("removed", 4)
    for again in (lambda conn: batches.undo(conn, batch), lambda conn: batches.switch(conn, gone, "active", "")):
        with pytest.raises(Refused) as caught, store.write() as conn:
            again(conn)
        assert caught.value.key == "store.batch_removed"
    with pytest.raises(Refused):
        removal.remove(store, Wanted(batch=batch), "again")


def test_a_number_of_several_people_removes_nobody(store: Store):
    with store.write() as conn:
        fill(conn)
        fill(conn, 2, year=2014)
    with pytest.raises(Refused) as caught:
        removal.look(store, Wanted(respondent="r0"))
    assert caught.value.key == "removal.several"
    assert "2014" in str(caught.value.params["places"])
    assert len(removal.look(store, Wanted(respondent="r0", year=2014)).responses) == 1  # as it is said
    assert len(removal.look(store, Wanted(respondent="R0", year=2014, community="桂花社区")).responses) == 1
    for wanted in (
        Wanted(respondent="R0", year=2014, community="A02"),
        Wanted(respondent="R77"),
        Wanted(batch=1, row=99),
    ):
        with pytest.raises(Refused) as caught:
            removal.look(store, wanted)
        assert caught.value.key == "removal.nothing"
    with pytest.raises(Refused):
        removal.look(store, Wanted(respondent="R0", community="没有的"))


def test_the_row_of_a_batch_and_a_telephone_number_say_who(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("survey.store.keyring.need", lambda: RING)
    with store.write() as conn:
        batch = fill(conn)
        batches.undo(conn, batch)  # what was taken back is still there
    assert [r.respondent for r in removal.look(store, Wanted(batch=batch, row=3)).responses] == ["R1"]
    assert [r.respondent for r in removal.look(store, Wanted(phone="138 0013 8003")).responses] == ["R2"]
    with pytest.raises(Refused):
        removal.look(store, Wanted(phone="13900139000"))
    for wanted in (Wanted(phone="x"), Wanted(row=3), Wanted(respondent=" "), Wanted()):
        with pytest.raises(WrongUsage):
            removal.look(store, wanted)


def test_without_a_reason_nothing_goes(store: Store):
    with store.write() as conn:
        batch = fill(conn)
    with pytest.raises(WrongUsage):
        removal.remove(store, Wanted(batch=batch), " ")
    with store.read() as conn:
        assert len(load(conn)) == 4


def test_a_closed_year_keeps_its_version_of_the_data(store: Store):
    with store.write() as conn:
        fill(conn)
        years.close(conn, 2013)
        version = years.data_version(conn, 2013)
    found = removal.remove(store, Wanted(respondent="R0"), "x")
    assert found.closed == (2013,)
    with store.read() as conn:
        assert years.data_version(conn, 2013) == version
        assert [line.closed for line in removals.listing(conn)] == [True]


def test_copies_beside_the_store_are_named(tmp_path: Path):
    store = Store.open(tmp_path / "x.db", create=True)
    for name in ("x-20261128-221200.db", "x.schema9-20261128-221200.db", "other-20261128-221200.db"):
        (tmp_path / name).write_bytes(b"")
    assert [Path(p).name for p in removal.copies_of(store)] == ["x-20261128-221200.db", "x.schema9-20261128-221200.db"]
    store.close()


def test_the_same_number_by_another_mode_stays_where_the_mode_says_who_somebody_is(sqlite_store):
    form = replace(office_sheets.FORM, settings={"respondent_key": "number,mode"})
    store = office_sheets.prepare(sqlite_store, form)
    other = office_sheets.with_cells(office_sheets.grid(), "A1", lambda v, _: "很不满意")
    office_sheets.store_all(store, office_sheets.grid(), mode="paper")
    office_sheets.store_all(store, other, file="b.xlsx", mode="phone")
    with store.write() as conn:
        called = {"year": 2026, "community": "2", "attempt": 1, "numbered": True, "outcome": "complete"}
        calls.append(conn, 2, "small", pd.DataFrame([{**called, "respondent": "R001"}]))
    with pytest.raises(Refused) as several:
        removal.remove(store, Wanted(respondent="R001"), "本人要求")
    assert (several.value.key, several.value.params["n"]) == ("removal.several", 2)
    gone = removal.remove(store, Wanted(respondent="R001", mode="paper"), "本人要求")
    assert (len(gone.responses), gone.calls) == (1, ())  # the telephone calls were somebody else's
    again = office_sheets.look(store, office_sheets.text_file(office_sheets.grid()), file="c.csv", mode="paper")
    assert [f.code for f in again.findings if f.code == "removal.left_out"] == ["removal.left_out"]
    phoned = office_sheets.look(store, office_sheets.text_file(other), file="d.csv", mode="phone")
    assert [f.code for f in phoned.findings if f.code == "removal.left_out"] == []
    gone = removal.remove(store, Wanted(respondent="R001"), "本人要求")
    assert (len(gone.responses), len(gone.calls)) == (1, 1)
