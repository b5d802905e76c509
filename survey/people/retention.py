"""How long contacts and original files stay: deleted some days after their year was closed, or at once by command."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from survey.core import limits
from survey.core.errors import XingfuError
from survey.store import Store, audit, settings
from survey.store.engine.base import now
from survey.store.intake import contacts, originals, phone_secrets
from survey.store.year import years

_log = logging.getLogger(__name__)
DAY = timedelta(days=1)
#: names of the store's settings
KEEP_ORIGINALS, CONTACT_DAYS = "keep_originals", "contact_days"


@dataclass(frozen=True)
class Purged:
    """What was deleted: contacts by year, and how many original files."""

    contacts: dict[int, int] = field(default_factory=dict)
    originals: int = 0

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
        return _purge(conn, set(wanted), set(), who)


def purge_due(store: Store, who: str = "", at: datetime | None = None) -> Purged:
    """``purge`` for the years whose term is over; files that brought rows of no year go when they are as old."""
    moment = at or now()
    with store.read() as conn:
        due, stray = _due(conn, moment)
    if not due and not stray:
        return Purged()
    with store.erasing() as conn:
        return _purge(conn, *_due(conn, moment), who)


def held(store: Store, year: int) -> dict[str, int]:
    """How many ``contacts`` and ``originals`` the store holds of a year."""
    with store.read() as conn:
        files = sum(year in found for found in originals.of_years(conn).values())
        return {"contacts": contacts.counts(conn).get(year, 0), "originals": files}


@contextmanager
def daily(store: Store) -> Iterator[None]:
    """While the block runs, delete what is due at once and then every day."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                purge_due(store)
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
