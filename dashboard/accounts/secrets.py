"""Random ids and tokens, and what is kept of them: never themselves."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string

#: letters of a token that people type: none that look alike, and no digits, which a log would take for a number of a person
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
#: letters of a token, in groups of so many: 90 bits
LENGTH, GROUP = 20, 5


def random_id() -> str:
    """256 random bits, as a cookie or a form holds them."""
    return secrets.token_urlsafe(32)


def long_token() -> str:
    """A token for programs, which nobody types: 40 letters, 228 bits; no digits, for the reason above."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(40))


def token() -> str:
    """A one-time token for people: ``ABCDE-FGHJK-MNPQR-STUVW``."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[n : n + GROUP] for n in range(0, LENGTH, GROUP))


def typed(text: str) -> str:
    """A token as it was made, however it was typed: without blanks and dashes, in capitals, in groups."""
    letters = "".join(c for c in text.upper() if c in LETTERS)[: 2 * LENGTH]
    return "-".join(letters[n : n + GROUP] for n in range(0, len(letters), GROUP))


def mark(kind: str, secret: str) -> str:
    """What is kept in place of a secret of 90 bits and more: SHA-256; ``kind`` keeps one from passing for another."""
    return hashlib.sha256(f"{kind}:{secret}".encode()).hexdigest()


def form_token(session_id: str) -> str:
    """What the forms and messages of a session carry: made of its id, so that nobody else's fits."""
    return mark("form", session_id)


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
