"""How long contacts and original files stay: deleted some days after their year was closed, or at once by command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from survey.core import limits
from survey.core.errors import XingfuError
from survey.core.lang import environment_language, say
from survey.store import Store, audit, drafts, settings
from survey.store.engine import tables as t
from survey.store.engine.base import now
from survey.store.intake import contacts, originals, phone_secrets
from survey.store.year import years

_log = logging.getLogger(__name__)
DAY = timedelta(days=1)
#: names of the store's settings
KEEP_ORIGINALS, CONTACT_DAYS = "keep_originals", "contact_days"
#: what the log says where a person was sure of the clock
BELIEVED = "clock confirmed"
#: what a server says in the log when nothing else did for weeks
CLOCK_SEEN = "clock seen"


@dataclass(frozen=True)
class Doubt:
    """Why nothing was deleted: the clock says ``now``, the log ends at ``newest``; and what would have gone."""

    now: datetime
    newest: datetime
    years: tuple[int, ...]
    contacts: int
    originals: int

    def word(self, lang: str) -> str:
        """One sentence: what was found, what was not done, what to do."""
        days = (self.now - self.newest).days
        years = "、".join(map(str, self.years)) or "–"
        said = {"now": f"{self.now:%Y-%m-%d}", "newest": f"{self.newest:%Y-%m-%d}", "days": days, "years": years}
        return say(lang, "retention.doubt", contacts=self.contacts, originals=self.originals, **said)


@dataclass(frozen=True)
class Purged:
    """What was deleted: contacts by year, and how many original files."""

    contacts: dict[int, int] = field(default_factory=dict)
    originals: int = 0
    #: what was due but is kept, because the clock of this machine can't be right: see ``doubt``
    doubt: Doubt | None = None
    #: whether a reader still holds open what was deleted
    held_open: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to delete."""
        return not self.contacts and not self.originals


def days(conn: Connection) -> int:
    """Days after closing that contacts and originals stay."""
    return int(settings.get(conn, CONTACT_DAYS, str(limits.CONTACT_DAYS)))


def keeps_originals(conn: Connection) -> bool:
    """Whether the files themselves are kept where there is a key, or only their hash."""
    return settings.get(conn, KEEP_ORIGINALS, "yes") == "yes"


def due_on(conn: Connection) -> dict[int, datetime]:
    """The closed years and the moment from which their contacts are due for deletion."""
    term = timedelta(days=days(conn))
    return {year: moment + term for year, moment in years.closed(conn).items()}


def purge(store: Store, wanted: Iterable[int], who: str = "") -> Purged:
    """Delete the contacts of these years and every file that brought rows of one of them, for good, in one
    transaction."""
    with store.erasing() as conn:
        done = _purge(conn, set(wanted), set(), who)
    return replace(done, held_open=store.held_open)


def purge_due(store: Store, who: str = "", at: datetime | None = None, *, sure: bool = False) -> Purged:
    """``purge`` for the years whose term is over; files that brought rows of no year go when they are as old.

    ``at`` is a moment that is known.  Without it the machine's clock is asked; where that is further from the log than
    anybody's pause, nothing is deleted and ``doubt`` says so, unless a person is ``sure``, which is logged: from then on
    the clock is believed.
    """
    moment = at or now()
    with store.read() as conn:
        due, stray = _due(conn, moment)
        if not due and not stray:
            return Purged()
        newest = moment if at else last_believed(conn, moment)
    jumped = moment - newest > timedelta(days=limits.CLOCK_JUMP_DAYS)
    if jumped and not sure:
        with store.read() as conn:
            files = sum(bool(found & due) for found in originals.of_years(conn).values()) + len(stray)
            numbers = sum(n for year, n in contacts.counts(conn).items() if year in due)
        return Purged(doubt=Doubt(moment, newest, tuple(sorted(due)), numbers, files))
    with store.erasing() as conn:
        if jumped:
            audit.record(conn, who, BELIEVED, f"{moment:%Y-%m-%d}", {"newest": f"{newest:%Y-%m-%d}"})
        done = _purge(conn, *_due(conn, moment), who)
    return replace(done, held_open=store.held_open)


def seen(store: Store) -> None:
    """Leave a line in the log where a server has run on for weeks without any: its clock did not jump."""
    moment = now()
    with store.read() as conn:
        gap = moment - last_believed(conn, moment)
    if timedelta(days=limits.CLOCK_SEEN_DAYS) < gap <= timedelta(days=limits.CLOCK_JUMP_DAYS):
        with store.write(aside=True) as conn:
            audit.record(conn, "", CLOCK_SEEN, f"{moment:%Y-%m-%d}")


def sweep_drafts(store: Store) -> None:
    """Let go of half-filled forms that are too old, unless the clock is further from the log than anybody's pause."""
    moment = now()
    with store.read() as conn:
        if not drafts.old(conn, moment):
            return
        jumped = moment - last_believed(conn, moment) > timedelta(days=limits.CLOCK_JUMP_DAYS)
    if not jumped:
        with store.write(aside=True) as conn:
            drafts.sweep(conn, moment)


def last_believed(conn: Connection, moment: datetime) -> datetime:
    """The newest moment of the log before a pause that is longer than any work has; ``moment`` where it is empty.

    What was logged behind such a pause may have been logged with a wrong clock, the import that asks among it; a person who
    was sure of the clock ends it.
    """
    term = timedelta(days=limits.CLOCK_JUMP_DAYS)
    reached: datetime | None = None
    for at, action in conn.execute(select(t.audit.c.at, t.audit.c.action).order_by(t.audit.c.id)):
        if reached is None or at - reached <= term or action == BELIEVED:
            reached = at if reached is None or action == BELIEVED else max(at, reached)
    return reached or moment


def held(store: Store, year: int) -> dict[str, int]:
    """How many ``contacts`` and ``originals`` the store holds of a year."""
    with store.read() as conn:
        files = sum(year in found for found in originals.of_years(conn).values())
        return {"contacts": contacts.counts(conn).get(year, 0), "originals": files}


def words(done: Purged, lang: str) -> str:
    """What was deleted and what a reader still holds open, or why nothing was; empty where nothing was due."""
    if done.doubt is not None:
        return done.doubt.word(lang)
    if done.nothing:
        return ""
    gone = say(lang, "contacts.purged", contacts=sum(done.contacts.values()), originals=done.originals)
    return f"{gone}{say(lang, 'retention.held_open')}" if done.held_open else gone


def warn(done: Purged) -> None:
    """Say it in the server's log: nobody is there to be asked."""
    if said := words(done, environment_language()):
        _log.warning("%s", said)


@contextmanager
def daily(store: Store) -> Iterator[None]:
    """While the block runs, delete what is due at once and then every day."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                warn(purge_due(store))
                seen(store)
                sweep_drafts(store)
            except XingfuError as error:  # the store is away or busy: said in the log, tried again tomorrow
                _log.warning("%s", error)
            stop.wait(DAY.total_seconds())

    threading.Thread(target=work, name="purge", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _due(conn: Connection, moment: datetime) -> tuple[set[int], set[str]]:
    """Years whose term is over and that still hold something, and files of no year that are as old."""
    brought = originals.of_years(conn)
    held = set(contacts.counts(conn)).union(phone_secrets.years(conn), *brought.values())
    over = {year for year, day in due_on(conn).items() if day <= moment}
    old = originals.kept_before(conn, moment - timedelta(days=days(conn)))
    return over & held, {h for h in old if not brought[h]}


def _purge(conn: Connection, wanted: set[int], files: set[str], who: str) -> Purged:
    numbers, ids = contacts.delete(conn, wanted), phone_secrets.delete(conn, wanted)
    gone = originals.drop(conn, files | {h for h, found in originals.of_years(conn).items() if found & wanted})
    done = Purged(numbers, gone)
    if ids or not done.nothing:
        subject = ", ".join(str(y) for y in sorted(wanted)) or "–"
        audit.record(conn, who, "contacts purge", subject, {"contacts": sum(numbers.values()), "originals": gone})
    return done
