"""Passwords: what one may be, how it is kept (Argon2id), and whether one fits, in the same time whether there is one or not."""

from __future__ import annotations

import os
import threading
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from survey.core import limits
from survey.core.errors import Refused, Surroundings

#: MB that are passed over, and how often: a sixth of a second on one thread, since several people sign in at once
_MEMORY, _TIMES = 46, 2
_HASHER = PasswordHasher(time_cost=_TIMES, memory_cost=_MEMORY * 1024, parallelism=1)
#: so many are worked on at once: each holds its memory
_ROOM = threading.BoundedSemaphore(2)
#: a hash to compare with where there is none, at the same costs; no password makes it
_NOBODYS = f"$argon2id$v=19$m={_MEMORY * 1024},t={_TIMES},p=1${b64encode(os.urandom(16)).decode().rstrip('=')}$" + (
    b64encode(os.urandom(32)).decode().rstrip("=")
)


def read(password: str) -> str:
    """A password as it is compared: the same characters however a keyboard composes them (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, name: str) -> None:
    """Raise Refused for a password that may not be chosen: too short, too long, or with the account's name for content."""
    text = read(password)
    if len(text) < limits.PASSWORD_LEAST:
        raise Refused("account.password_short")
    if len(text) > limits.PASSWORD_CHARACTERS:
        raise Refused("account.password_long")
    folded = read(name).casefold()
    if len(text.casefold().replace(folded, "")) < limits.PASSWORD_LEAST // 2:
        raise Refused("account.password_name")


def hashed(password: str) -> str:
    """What is kept of a password: its Argon2id hash with salt and costs."""
    with _ROOM:
        return _HASHER.hash(read(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; None (no account, or none chosen yet) takes as long and never fits.

    Raises Surroundings for a kept hash that is none.
    """
    text = read(password[: limits.PASSWORD_CHARACTERS + 1])
    try:
        with _ROOM:
            fitting = _HASHER.verify(_NOBODYS if kept is None else kept, text)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError):
        raise Surroundings("account.bad_hash") from None
    return fitting and kept is not None


def stale(kept: str) -> bool:
    """Whether a password was kept at other costs than today's."""
    return _HASHER.check_needs_rehash(kept)
