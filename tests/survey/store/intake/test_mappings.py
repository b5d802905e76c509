"""A confirmed mapping is found again by its header row, replaced, listed and forgotten, with who did it."""

from __future__ import annotations

import pytest

from survey.answers.mapping import ColumnMapping, fingerprint
from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.intake import mappings

HEADERS = ["编号", "办事方便吗", "备注"]
FIRST = ColumnMapping.of({"办事方便吗": "Q1", "备注": ""}, {"Q1": {"不满意": "5"}}, {"sat": {"基本满意": "3"}})
SECOND = ColumnMapping.of({"办事方便吗": "Q2"})


def test_it_is_found_by_the_header_in_any_order(store: Store):
    with store.write() as conn:
        saved = mappings.save(conn, "default", HEADERS, FIRST, file="春晖.xlsx", who="李")
    with store.read() as conn:
        found = mappings.find(conn, "default", ["备注", "编号 ", "办事方便吗"])
        assert found == saved
        assert (found.mapping, found.file, found.who) == (FIRST, "春晖.xlsx", "李")
        assert found.saved_at.tzinfo is not None
        assert mappings.find(conn, "default", HEADERS[:2]) is None
        assert mappings.find(conn, "other", HEADERS) is None


def test_a_later_one_takes_its_place_and_the_record_keeps_both(store: Store):
    with store.write() as conn:
        mappings.save(conn, "default", HEADERS, FIRST, file="a.xlsx", who="李")
        mappings.save(conn, "default", HEADERS, SECOND, file="b.xlsx", who="王")
        again = mappings.save(conn, "default", HEADERS, SECOND, file="c.xlsx", who="张")
        assert (again.file, again.who) == ("b.xlsx", "王")
        mappings.save(conn, "other", HEADERS, FIRST, file="a.xlsx", who="李")
    with store.read() as conn:
        assert [m.mapping for m in mappings.listing(conn, "default")] == [SECOND]
        assert {m.questionnaire for m in mappings.listing(conn)} == {"default", "other"}
        lines = [e for e in audit.listing(conn) if e.subject == "default"]
        assert [(e.who, e.action) for e in lines] == [("王", "mapping"), ("李", "mapping")]
        assert (lines[0].detail["before"], lines[1].detail["before"]) == (lines[1].detail["mapping"], None)


def test_a_forgotten_one_is_not_found(store: Store):
    with store.write() as conn:
        mappings.save(conn, "default", HEADERS, FIRST, file="a.xlsx", who="李")
        mappings.forget(conn, "default", fingerprint(HEADERS), who="王")
        assert mappings.listing(conn) == []
        assert audit.listing(conn)[0].action == "forget mapping"
        with pytest.raises(Refused) as error:
            mappings.forget(conn, "default", fingerprint(HEADERS), who="王")
        assert error.value.key == "mapping.not_kept"
