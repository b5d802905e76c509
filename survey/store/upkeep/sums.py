"""A sum over the packed answers of each run of responses, by which a bit that changed in the database is seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.intake import loading


@dataclass(frozen=True)
class Run:
    """Responses that were stored at once: the number of the first, their batch with its file, the ``told`` sum ('' for none)
    and the one that their answers have ``now``."""

    first_id: int
    batch: int
    file: str
    told: str
    now: str


def stored(conn: Connection, first: int, last: int, without: Collection[int] = ()) -> str:
    """The sum of the responses with these numbers and those between, as they are now, but those ``without``."""
    c = t.responses.c
    query = select(c.id, c.answers).where(c.id.between(first, last)).order_by(c.id)
    return loading.answers_sum(
        answers for rows in bulk.chunks(conn, query) for number, answers in rows if number not in without
    )


def runs(conn: Connection) -> Iterator[Run]:
    """Every run, in the order of storing, whatever became of its batch."""
    r, b = t.response_runs.c, t.batches.c
    query = select(r.first_id, r.last_id, r.batch_id, b.file, r.answers_sum).join_from(t.response_runs, t.batches)
    for first, last, batch, file, told in conn.execute(query.order_by(r.first_id)).all():
        yield Run(first, batch, file, told or "", stored(conn, first, last))


def note(conn: Connection, found: Sequence[Run]) -> None:
    """Keep for these runs the sums that they have now."""
    for run in found:
        conn.execute(
            update(t.response_runs).where(t.response_runs.c.first_id == run.first_id).values(answers_sum=run.now)
        )


def after_removal(
    conn: Connection, first: int, last: int, before: tuple[int, int], gone: Collection[int]
) -> str | None:
    """The sum of what is left of a run, ``first`` to ``last``, of the one that went from ``before[0]`` to ``before[1]``.

    Where the answers did not have the sum that was kept, it stays: what was damaged is not taken for sound by a removal.
    """
    told = conn.execute(select(t.response_runs.c.answers_sum).where(t.response_runs.c.first_id == before[0])).scalar()
    if told and stored(conn, *before) != told:
        return str(told)
    return stored(conn, first, last, gone)
