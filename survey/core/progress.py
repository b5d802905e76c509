"""How far a file has come on its way in, or papers on their way out, told to whoever listens: the page's jobs, the terminal's line.

Who listens is a context variable, so the functions between need not hand it on; where nobody does, telling costs
next to nothing.  A stage is told again as it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeVar

from survey.core.lang import say

#: in the order in which a file passes them; papers that leave have the one stage ``writing``
STAGES = ("received", "looking", "reading", "matching", "checking", "storing", "computing")
Name = Literal["received", "looking", "reading", "matching", "checking", "storing", "computing", "writing"]
Unit = Literal["rows", "columns", "years", "papers"]
#: rows between two tellings of a stage that counts them
EVERY = 5_000
Row = TypeVar("Row")


@dataclass(frozen=True)
class Stage:
    """What is being done now; ``done`` of ``total`` where known (``total`` 0: not)."""

    name: Name
    done: int = 0
    total: int = 0
    unit: Unit = "rows"

    def word(self, lang: str) -> str:
        """读取 45,000/100,000 行."""
        text = say(lang, f"stages.{self.name}")
        if not self.total and not self.done:
            return text
        amount = (
            f"{self.done:,}"
            if not self.total
            else f"{self.total:,}"
            if not self.done
            else f"{self.done:,}/{self.total:,}"
        )
        return f"{text} {say(lang, f'stages.{self.unit}', n=amount)}"


Listener = Callable[[Stage], None]
_listener: ContextVar[Listener | None] = ContextVar("stage_listener", default=None)


@contextmanager
def listening(tell: Listener) -> Iterator[None]:
    """Let ``tell`` hear every stage of what is done in the block (in this thread)."""
    token = _listener.set(tell)
    try:
        yield
    finally:
        _listener.reset(token)


def at(name: Name, done: int = 0, total: int = 0, unit: Unit = "rows") -> None:
    """Say that this stage has been reached, or how far it is."""
    tell = _listener.get()
    if tell is not None:
        tell(Stage(name, done, total, unit))


def counted(name: Name, rows: Iterable[Row], total: int = 0) -> Iterable[Row]:
    """The same rows, told of every few thousand as they pass."""
    tell = _listener.get()
    return rows if tell is None else _counted(tell, name, rows, total)


def _counted(tell: Listener, name: Name, rows: Iterable[Row], total: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            tell(Stage(name, number, total))
        yield row
