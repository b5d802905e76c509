"""How the store and the server are: size, last backup, keys, imports that failed, slow pages, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from dashboard.data.slow_pages import SLOW_PAGES, Slow
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import XingfuError
from survey.people import contacts, retention
from survey.store import Store, audit, keyring, settings
from survey.store.audit import Entry
from survey.store.year import cycle

#: imports that failed shown at once
_FAILED = 10
_BACKUP, _FAILED_IMPORT = "backup", "import refused"


@dataclass(frozen=True)
class Setting:
    """A setting's value and what it is where nobody set it; empty for none."""

    name: str
    value: str
    default: str

    @property
    def is_default(self) -> bool:
        """Whether it is as it is where nobody set it."""
        return self.value == self.default


@dataclass(frozen=True)
class Upkeep:
    """``size`` of the store in bytes; ``backup``: when the last one was made (local time), empty for none; ``keys``: how
    many there are, None where they can't be read; ``failed``: imports that failed, newest first, with local times."""

    size: int
    backup: str
    keys: int | None
    failed: Sequence[tuple[str, Entry]]
    slow: Sequence[Slow]
    settings: Sequence[Setting]


def upkeep(viewer: Viewer, store: Store) -> Upkeep:
    """What the page shows; raises Refused for whoever may not manage accounts."""
    require(viewer, "manage_accounts")
    with store.read() as conn:
        if store.file is None:
            size = int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar() or 0)
        else:
            size = _bytes(store.file.path)
        backups = audit.listing(conn, 1, action=_BACKUP)
        failed = [(settings.local(conn, e.at), e) for e in audit.listing(conn, _FAILED, action=_FAILED_IMPORT)]
        zone = settings.get(conn, "timezone", settings.TIME_ZONE)
        found = (
            Setting("timezone", zone, settings.TIME_ZONE),
            Setting("contact_days", str(retention.days(conn)), str(limits.CONTACT_DAYS)),
            Setting("keep_originals", "yes" if retention.keeps_originals(conn) else "no", "yes"),
            Setting("area_code", settings.get(conn, contacts.AREA_CODE, ""), ""),
            Setting("one_person", "yes" if cycle.one_person(conn) else "no", "no"),
        )
        last = settings.local(conn, backups[0].at) if backups else ""
    return Upkeep(size, last, _keys(), failed, SLOW_PAGES.slowest(), found)


def _bytes(path: Path) -> int:
    """The file and what SQLite keeps beside it."""
    beside = (path, path.with_name(path.name + "-wal"))
    return sum(one.stat().st_size for one in beside if one.exists())


def _keys() -> int | None:
    try:
        ring = keyring.load()
    except XingfuError:  # the page says that it can't be read; why, whoever runs the machine reads in the terminal
        return None
    return 0 if ring is None else len(ring.ids)
