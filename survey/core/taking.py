"""Who takes a file along: known where a command or a page begins, said in the file by whoever writes it, however deep below."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from survey.core.masking import masked

#: longer names are cut: a foot line has to stay one
_LONGEST = 40
_WHO: ContextVar[str] = ContextVar("xingfu_taker", default="")


@contextmanager
def taken_by(who: str) -> Iterator[None]:
    """What is written in the block is for this person."""
    before = _WHO.set(who)
    try:
        yield
    finally:
        _WHO.reset(before)


def taker() -> str:
    """The name of who takes what is written now, numbers masked; empty where nobody said."""
    who = masked(" ".join(_WHO.get().split()))
    return who if len(who) <= _LONGEST else f"{who[: _LONGEST - 1]}…"
