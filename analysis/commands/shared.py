"""What many commands do alike: find the year and the community that were asked for, and give a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.exports.flat_files import write_table
from analysis.publication import cycle_steps, fixed_versions, snapshots
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.fieldwork.register import Register
from survey.store import Store
from survey.store.year import cycle, register
from survey.store.year.cycle import Event


def newest_or(store: Store, year: int | None) -> int:
    """The year asked for, else the newest that has data; raises Refused where there is none."""
    if year is not None:
        return year
    with store.read() as conn:
        known = snapshots.data_years(conn)
    if not known:
        raise Refused("publishing.no_data")
    return known[-1]


def community_code(store: Store, word: str) -> str:
    """The code of a community by code, name or alias; raises Refused for an unknown one."""
    with store.read() as conn:
        known = Register(register.communities(conn))
    place = known.find(word)
    if place is None:
        raise Refused("intake.unknown_community", found=word, known=known.names())
    return str(known.communities[place].code)


def by_street(
    session: Session, store: Store, year: int, street: str, take: Callable[[str], list[Event]]
) -> list[Event]:
    """What ``take`` kept for the street that was named, else for each street of the year on its own.

    With several streets each is told in one sentence, a refusal too, which then makes the exit status; one street alone
    refuses as ever.
    """
    wanted = [street] if street else cycle_steps.streets(store, year)
    kept: list[Event] = []
    for one in wanted:
        try:
            done = take(one)
        except Refused as refused:
            if len(wanted) == 1:
                raise
            session.tell("cycle_cli.street_refused", street=one, why=refused.word(session.lang))
            session.late.append(refused.status)
            continue
        kept += done
        if len(wanted) > 1:
            session.tell("cycle_cli.street_done", street=one, n=len(done))
    return kept


def tell_newest(session: Session, store: Store, years: Iterable[int]) -> None:
    """Beside numbers that rest on the newest data: in which of these years the published results do not count all of them."""
    for year in years:
        with store.read() as conn:
            published = cycle.last_publication(conn, year) is not None
        if published:
            cycle_steps.compute_fixed(store, year)
            with store.read() as conn:
                told = fixed_versions.newest_data(conn, year)
            if told is not None:
                session.tell(told[0], **told[1])


def give(session: Session, frame: pd.DataFrame, out: Path | None, shown: list[str], meta: Mapping[str, Any]) -> None:
    """To the file the user named, else to standard output."""
    if out is None:
        session.emit(frame, shown=shown, **meta)
        return
    write_table(frame, out, {"lang": session.lang, **meta})
    session.tell("cli.written", path=str(out))
