"""The responses of open years as whoever only reads sees them: each community as of when enough of it had changed.

Two versions of results that differ by one respondent say what that one answered.  So who does not see what comes in sees a
community of a year renewed only when the responses that came, went or were brought back since make ``NOTHING_BELOW`` or more.
Whatever counts persons of an open year asks here: answers, how many are stored by mode, how contacts ended, calls.
What is shown follows from what the store knows of its batches and their undoing, and from nothing that is kept for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, false, not_, or_, select

from survey.core import limits
from survey.store.engine import tables as t

#: batch, year and community (None: unknown) whose responses are or are not shown together
Cell = tuple[int, int, int | None]
#: batch → cell → how many it holds, or who they are
Sizes = Mapping[int, Mapping[Cell, int | frozenset[object]]]
_reading: ContextVar[bool] = ContextVar("reading", default=False)
#: whether whoever asks goes on with what stood while what came in is counted
_going_on: ContextVar[bool] = ContextVar("going on", default=False)
_NUMBER = "batch "


@dataclass(frozen=True)
class Held:
    """What a reader sees otherwise than it is: ``without`` is in and not shown yet, ``still`` was taken back and is shown."""

    without: frozenset[Cell]
    still: frozenset[Cell]

    @property
    def batches(self) -> frozenset[int]:
        """Batches that were taken back and of which something is shown still."""
        return frozenset(batch for batch, _, _ in self.still)

    def of(self, year: int) -> bool:
        """Whether anything of a year is shown otherwise than it is."""
        return any(cell[1] == year for cell in self.without | self.still)

    def shown(self, table: Table = t.responses) -> ColumnElement[bool]:
        """The condition on rows of active batches and of ``batches``, of a ``table`` that says batch, year, community."""
        back = or_(table.c.batch_id.not_in(self.batches), _in(table, self.still)) if self.still else not_(false())
        return and_(back, not_(_in(table, self.without)))


@contextmanager
def reading(wanted: bool = True) -> Iterator[None]:
    """In the block, if ``wanted``, responses are read as ``held`` says."""
    before = _reading.set(wanted)
    try:
        yield
    finally:
        _reading.reset(before)


def is_reading() -> bool:
    """Whether whoever asks only reads."""
    return _reading.get()


@contextmanager
def going_on(wanted: bool = True) -> Iterator[None]:
    """In the block, if ``wanted``, results may be those of a moment ago where nothing came since but answers."""
    before = _going_on.set(wanted)
    try:
        yield
    finally:
        _going_on.reset(before)


def goes_on() -> bool:
    """Whether whoever asks may be shown results of a moment ago."""
    return _going_on.get()


def held(conn: Connection) -> Held | None:
    """What is shown otherwise than it is; None for who sees everything as it is, and where nothing is."""
    return _held(_followed(_sizes(conn), _moves(conn))) if _reading.get() else None


def standing(conn: Connection) -> tuple[ColumnElement[bool], ...]:
    """The condition on ``responses`` whose place no other one took, for whoever asks; empty where none was taken in the store."""
    taken = places_taken(conn)
    return () if taken is None else (t.responses.c.id.not_in(taken),)


def places_taken(conn: Connection) -> Select[tuple[int]] | None:
    """The ids of the responses that do not count, whatever their batch, since others took their places; None where no place was
    taken in the store.  For who only reads, those whose place was taken by a response that is shown."""
    c = t.replaced.c
    if conn.execute(select(c.response_id).limit(1)).first() is None:
        return None
    return select(c.response_id).where(counted(conn, t.replaced))


def counted(conn: Connection, table: Table) -> ColumnElement[bool]:
    """The condition on rows of ``responses``, ``response_counts`` or ``calls`` that count for whoever asks: those of active
    batches, and for who only reads as ``held`` says.  Of calls, too, five persons who were called or more move together.

    Responses whose place was taken are left out by ``standing``.
    """
    active = table.c.batch_id.in_(select(t.batches.c.id).where(t.batches.c.state == "active"))
    if not _reading.get():
        return active
    found = _held(_followed(_called(conn), _moves(conn))) if table is t.calls else held(conn)
    return active if found is None else and_(or_(active, table.c.batch_id.in_(found.batches)), found.shown(table))


def _held(followed: tuple[set[Cell], set[Cell]]) -> Held | None:
    now, shown = followed
    found = Held(frozenset(now - shown), frozenset(shown - now))
    return found if found.without or found.still else None


def _sizes(conn: Connection) -> Sizes:
    """Batch → cell → responses, of the years that are open."""
    c = t.response_counts.c
    found: dict[int, dict[Cell, int]] = {}
    for batch, year, place, n in conn.execute(
        select(c.batch_id, c.year, c.community_id, c.n).where(c.year.not_in(_closed()), c.n > 0)
    ):
        cells = found.setdefault(batch, {})
        cells[batch, year, place] = cells.get((batch, year, place), 0) + n
    return found


def _called(conn: Connection) -> Sizes:
    """Batch → cell → who was called, of the years that are open; a call without a respondent is a person."""
    c = t.calls.c
    found: dict[int, dict[Cell, frozenset[object]]] = {}
    for number, batch, year, place, name, who in conn.execute(
        select(c.id, c.batch_id, c.year, c.community_id, c.questionnaire, c.respondent).where(c.year.not_in(_closed()))
    ):
        cells = found.setdefault(batch, {})
        cells[batch, year, place] = cells.get((batch, year, place), frozenset()) | {(name, who) if who else number}
    return found


def _closed() -> Select[tuple[int]]:
    return select(t.years.c.year).where(t.years.c.state == "closed")


def _people(sizes: Iterable[int | frozenset[object]]) -> int:
    """How many several cells hold together: numbers of persons who are all different, or who they are."""
    found = [*sizes]
    return sum(n for n in found if isinstance(n, int)) + len(
        frozenset().union(*(n for n in found if not isinstance(n, int)))
    )


def _moves(conn: Connection) -> list[tuple[int, bool]]:
    """(batch, whether it came) in the order in which batches came, were taken back and were brought back."""
    b, a = t.batches.c, t.audit.c
    batches = conn.execute(select(b.id, b.created_at, b.state)).all()
    moves = [(made, 0, batch, True) for batch, made, _ in batches]
    lines = select(a.at, a.id, a.subject, a.action).where(a.action.in_(("undo", "redo"))).order_by(a.id)
    for at, number, subject, action in conn.execute(lines):
        if subject.startswith(_NUMBER) and subject[len(_NUMBER) :].isdigit():
            moves.append((at, number, int(subject[len(_NUMBER) :]), action == "redo"))
    told = [(batch, came) for _, _, batch, came in sorted(moves, key=lambda move: move[:3])]
    return [*told, *((batch, state == "active") for batch, _, state in batches)]


def _followed(sizes: Sizes, moves: Iterable[tuple[int, bool]]) -> tuple[set[Cell], set[Cell]]:
    """The cells that are in, and those that are shown, after all moves."""
    now: dict[tuple[int, int | None], dict[Cell, int | frozenset[object]]] = {}
    shown: dict[tuple[int, int | None], dict[Cell, int | frozenset[object]]] = {}
    for batch, came in moves:
        for cell, n in sizes.get(batch, {}).items():
            here = now.setdefault(cell[1:], {})
            if came:
                here[cell] = n
            else:
                here.pop(cell, None)
            if _people(size for _, size in here.items() ^ shown.get(cell[1:], {}).items()) >= limits.NOTHING_BELOW:
                shown[cell[1:]] = dict(here)
    return {one for cells in now.values() for one in cells}, {one for cells in shown.values() for one in cells}


def _in(table: Table, cells: Iterable[Cell]) -> ColumnElement[bool]:
    c = table.c
    return or_(
        false(),
        *(
            and_(
                c.batch_id == batch,
                c.year == year,
                c.community_id.is_(None) if place is None else c.community_id == place,
            )
            for batch, year, place in sorted(cells, key=str)
        ),
    )
