"""What a password may be, and that comparing one says nothing by its time."""

import pytest

from dashboard.accounts import passwords
from survey.core import limits
from survey.core.errors import Refused, Surroundings
from tests.tools.stores.accounts import cheap  # noqa: F401


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("123456789", "password_short"),
        ("x" * 201, "password_long"),
        ("王芳王芳王芳王芳王芳2024", "password_name"),
        ("WANGFANGwangfang1", "password_name"),
    ],
)
def test_a_password_that_may_not_be_is_told_why(password, key):
    with pytest.raises(Refused) as caught:
        passwords.check(password, "wangfang" if password.isascii() else "王芳")
    assert caught.value.key == f"account.{key}"


@pytest.mark.parametrize(
    "password", ["一句好记而且够长的话呀", "aaaaaaaaaaaa", "with blanks in it", "wangfang and something else"]
)
def test_length_is_all_that_is_asked_besides(password):
    passwords.check(password, "wangfang")


def test_a_password_fits_however_it_was_composed(cheap):  # noqa: F811
    kept = passwords.hashed("cafe\u0301 au lait")
    assert passwords.fits(kept, "caf\u00e9 au lait")
    assert not passwords.fits(kept, "cafe au lait")
    assert "cafe" not in kept


def test_where_there_is_no_password_the_same_work_is_done_and_none_fits(monkeypatch):
    worked = []

    class Counted:
        def verify(self, kept, text):
            worked.append((kept.rsplit("$", 2)[0], text))
            return True

    monkeypatch.setattr(passwords, "_HASHER", Counted())
    assert not passwords.fits(None, "anything")
    assert passwords.fits("$argon2id$v=19$m=47104,t=2,p=1$c2FsdA$aGFzaA", "anything")
    assert worked[0] == worked[1]


def test_what_is_kept_costs_whoever_steals_it_time_and_memory():
    kept = passwords.hashed("x" * limits.PASSWORD_LEAST)
    assert kept.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert kept != passwords.hashed("x" * limits.PASSWORD_LEAST)
    assert not passwords.stale(kept)
    assert passwords.stale(kept.replace("t=2", "t=1"))


def test_no_password_makes_what_stands_in_for_none():
    assert passwords._NOBODYS.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert not passwords.fits(passwords._NOBODYS, "")


def test_a_damaged_hash_is_said():
    with pytest.raises(Surroundings) as caught:
        passwords.fits("no hash at all", "x")
    assert caught.value.key == "account.bad_hash"
