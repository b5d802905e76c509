"""Accounts in the store: names, roles, limits, and the one administrator who stays."""

import pytest

from dashboard.accounts import people
from survey.core.errors import Refused
from survey.store import audit
from tests.tools.dashboard_tools import small_store


@pytest.fixture
def town(store):
    return small_store(store)


def refused(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.key.removeprefix("account.")


def test_an_account_is_found_however_its_name_is_typed(town):
    with town.write() as conn:
        made = people.add(conn, " Ｗang  Fang ", "admin", [], "me")
        assert (made.name, people.of_name(conn, "wang fang"), people.state(made)) == ("Wang Fang", made, "waiting")
        assert refused(people.add, conn, "WANG FANG", "admin", [], "me") == "taken"
        assert refused(people.known, conn, "nobody") == "unknown"
        assert people.listing(conn) == [made] == [people.of_id(conn, made.id)]


@pytest.mark.parametrize("name", ["", "x", "x" * 41, "a/b", "a<b", "13800138000", "a\u202eb", "a\nb\u0000", "a@b"])
def test_a_name_that_people_could_not_read_is_refused(town, name):
    with town.write() as conn:
        assert refused(people.add, conn, name, "admin", [], "me") == "bad_name"


def test_nobody_is_called_as_whoever_sits_at_this_machine(town):
    with town.write() as conn:
        assert refused(people.add, conn, "Local", "admin", [], "me") == "taken"


def test_the_first_account_manages_accounts(town):
    with town.write() as conn:
        other = next(r for r in people.roles() if r != people.CHIEF)
        assert refused(people.add, conn, "reader", other, [], "me") == "first_admin"
        assert not people.any_there(conn)
        people.add(conn, "chief", people.CHIEF, [], "me")
        assert people.add(conn, "reader", other, [], "me").role == other


def test_limits_are_places_of_the_register(town):
    with town.write() as conn:
        people.add(conn, "chief", people.CHIEF, [], "me")
        wanted = {("community", "SL01"), ("street", "示例街道"), ("office", "办公室")}
        made = people.add(conn, "clerk", people.CHIEF, [*wanted], "me")
        assert people.of_name(conn, "clerk").scopes == wanted == made.scopes
        assert people.of_name(conn, "chief").scopes == frozenset()
        for scope in (("community", "XX"), ("street", "示例"), ("district", "无"), ("office", ""), ("planet", "x")):
            expected = "unknown_scope"
            assert refused(people.add, conn, "other", people.CHIEF, [scope], "me") == expected
        assert refused(people.add, conn, "other", "king", [], "me") == "unknown_role"
        assert refused(people.add, conn, "other", audit.LOCAL, [], "me") == "unknown_role"


def test_one_administrator_stays(town):
    with town.write() as conn:
        first = people.add(conn, "first", people.CHIEF, [], "me")
        other = next(r for r in people.roles() if r != people.CHIEF)
        assert refused(people.disable, conn, first, "me") == "last_admin"
        assert refused(people.change, conn, first, "me", other) == "last_admin"
        second = people.add(conn, "second", people.CHIEF, [], "me")
        people.disable(conn, first, "me")
        assert people.state(people.known(conn, "first")) == "disabled"
        assert refused(people.disable, conn, second, "me") == "last_admin"
        people.enable(conn, people.known(conn, "first"), "me")
        assert people.change(conn, second, "me", other)
        assert not people.change(conn, people.known(conn, "second"), "me", other)


def test_what_is_done_to_an_account_is_recorded(town):
    with town.write() as conn:
        people.add(conn, "first", people.CHIEF, [], "me")
        second = people.add(conn, "second", people.CHIEF, [("community", "SL01")], "me")
        people.change(conn, second, "first", None, [])
        people.disable(conn, second, "first")
        lines = [(e.who, e.action, e.subject) for e in audit.listing(conn, 3)]
        assert lines == [
            ("first", "account disable", "second"),
            ("first", "account change", "second"),
            ("me", "account add", "second"),
        ]
        assert audit.listing(conn, 2)[1].detail["scopes"] == [[["community", "SL01"]], []]
