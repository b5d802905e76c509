"""Tokens of programs: kept hashed, shown once, with a role, limits and a last day; revoked at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dashboard.accounts import programs, secrets
from survey.core import limits
from survey.core.errors import Refused
from survey.core.masking import masked
from survey.store import audit
from survey.store.engine.base import now
from survey.store.engine.tables import program_tokens
from tests.tools.dashboard_tools import small_store


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def found(store, token):
    with store.read() as conn:
        return programs.find(conn, token)


def test_a_token_is_its_programs_with_role_and_limits(town):
    token = programs.add(town, " 报表 ", "leader", [("community", "SL01")], "王芳")
    one = found(town, token)
    assert (one.name, one.user, one.role, one.scopes) == ("报表", "program:报表", "leader", {("community", "SL01")})
    assert (one.state, one.created_by, one.seen_at) == ("open", "王芳", None)
    assert timedelta(0) <= one.until - now() - timedelta(days=limits.PROGRAM_DAYS - 1) <= timedelta(days=1)


def test_of_a_token_only_its_hash_is_kept_and_no_log_takes_it_for_a_number(town):
    token = programs.add(town, "报表", "leader", [], "王芳")
    with town.read() as conn:
        kept = conn.execute(select(program_tokens.c.mark)).scalars().all()
        said = [(e.action, e.subject, dict(e.detail)) for e in audit.listing(conn)]
    assert kept == [secrets.mark("program", token)]
    assert token not in str(said)
    assert said[0][:2] == ("program add", "报表")
    assert masked(token) == token
    assert not any(c.isdigit() for c in token)


def test_a_token_that_is_revoked_or_over_opens_nothing(town):
    token, other = (programs.add(town, name, "leader", [], "王芳") for name in ("r1", "r2"))
    assert programs.revoke(town, "R1", "王芳")
    assert not programs.revoke(town, "r1", "王芳")
    assert found(town, token) is None
    with town.write() as conn:
        conn.execute(update(program_tokens).where(program_tokens.c.name == "r2").values(until=now()))
    assert found(town, other) is None
    with town.read() as conn:
        assert [(p.name, p.state) for p in programs.listing(conn)] == [("r1", "revoked"), ("r2", "over")]


@pytest.mark.parametrize("forged", ["", "x", "xingfu_", "xingfu_" + "a" * 40, "' OR 1=1 --", "会"])
def test_a_forged_token_is_nobodys(town, forged):
    programs.add(town, "报表", "leader", [], "王芳")
    assert found(town, forged) is None


def test_when_it_was_used_is_noted_once_a_minute(town):
    token = programs.add(town, "报表", "leader", [], "王芳")
    assert programs.rested(found(town, token))
    programs.used(town, found(town, token))
    assert not programs.rested(found(town, token))
    with town.write() as conn:
        conn.execute(update(program_tokens).values(seen_at=now() - timedelta(seconds=limits.PROGRAM_SEEN_SECONDS + 1)))
    assert programs.rested(found(town, token))


@pytest.mark.parametrize(
    ("name", "role", "scopes", "days", "key"),
    [
        ("报表", "leader", [], None, "program.taken"),
        ("x", "leader", [], None, "program.bad_name"),
        ("13812345678", "leader", [], None, "program.bad_name"),
        ("r2", "king", [], None, "account.unknown_role"),
        ("r2", "local", [], None, "account.unknown_role"),
        ("r2", "leader", [("community", "SL99")], None, "account.unknown_scope"),
        ("r2", "leader", [], 0, "program.bad_days"),
        ("r2", "leader", [], limits.PROGRAM_DAYS_MOST + 1, "program.bad_days"),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_is_kept(town, name, role, scopes, days, key):
    programs.add(town, "报表", "leader", [], "王芳")
    with pytest.raises(Refused) as caught:
        programs.add(town, name, role, scopes, "王芳", days)
    assert caught.value.key == key
    with town.read() as conn:
        assert len(programs.listing(conn)) == 1


def test_a_program_that_there_is_not_is_not_revoked(town):
    with pytest.raises(Refused) as caught:
        programs.revoke(town, "报表", "王芳")
    assert caught.value.key == "program.unknown"
