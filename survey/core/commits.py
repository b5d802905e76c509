"""What a piece of work (a command, a press of a button) has stored so far, as the store says that committed it.

Whatever goes wrong later, the sentence about it is true: nothing was stored, something was before, or nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from survey.core.errors import Surroundings, XingfuError
from survey.core.lang import say


@dataclass
class Work:
    """Transactions of one piece of work that held what somebody brought: ``kept``, ``lost``, ``unsure`` (the answer to
    the commit never came)."""

    kept: int = 0
    lost: int = 0
    unsure: int = 0

    @property
    def outcome(self) -> str:
        """The text key of what to say after a failure; empty where nothing was to be stored."""
        if self.unsure:
            return "outcome.unsure"
        if self.kept:
            return "outcome.kept"
        return "outcome.nothing" if self.lost else ""


_work: ContextVar[Work | None] = ContextVar("work", default=None)


@contextmanager
def counted() -> Iterator[Work]:
    """Count what the block commits, in this thread."""
    work = Work()
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


def kept() -> None:
    """A transaction was committed."""
    _count("kept")


def lost() -> None:
    """A transaction ended without anything of it being kept."""
    _count("lost")


def unsure() -> None:
    """A transaction was to be committed, and whether it was is not known."""
    _count("unsure")


def _count(name: str) -> None:
    work = _work.get()
    if work is not None:
        setattr(work, name, getattr(work, name) + 1)


def outcome_after(error: BaseException, work: Work) -> str:
    """The text key of what to say of the store after this error; empty where nothing needs to be said."""
    if isinstance(error, Surroundings) or not isinstance(error, XingfuError):
        fault = isinstance(error, Exception) and not isinstance(error, (XingfuError, MemoryError, OSError))
        return work.outcome or ("outcome.nothing" if fault else "")
    return "" if work.outcome == "outcome.nothing" else work.outcome  # a refusal says so itself


def worded(error: XingfuError, work: Work, lang: str, cause: BaseException | None = None) -> str:
    """An error, and what had been stored by then, for whoever reads one message; ``cause``: what it stands for."""
    outcome = outcome_after(cause or error, work)
    said = error.word(lang)
    return say(lang, "outcome.said", error=said, outcome=say(lang, outcome)) if outcome else said
