"""A backup of a store that may be in use, and a store made of one in a place where there is none.

Both look over what they wrote before anybody relies on it, and put it in place at once or not at all.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from survey.core.errors import Refused, Surroundings
from survey.store.engine import copies, migrations
from survey.store.engine.copies import TOLD
from survey.store.engine.database import Store
from survey.store.engine.failures import translated
from survey.store.engine.sqlite_file import BESIDE
from survey.store.upkeep.serving import require_not_served

#: what opening a store says of a file that is none, in words that send the reader to ``--store`` or to a backup
OF_A_STORE = ("store.not_a_database", "store.damaged", "store.not_ours")


@dataclass(frozen=True)
class Copied:
    """A file that was written and looked over: its bytes, the schema of the store in it, rows by table."""

    file: str
    size: int
    schema: int
    rows: dict[str, int]

    def row(self) -> dict[str, Any]:
        """Its line in a table."""
        told = {name: self.rows.get(name, 0) for name in TOLD}
        return {"file": self.file, "bytes": self.size, "schema": self.schema, **told}


def backup(store: Store, out: Path) -> Copied:
    """Copy a SQLite store, as of one moment, into a new file or, dated, into a folder.

    Writers go on meanwhile.  Raises Refused for PostgreSQL and where a file is there already.
    """
    if store.file is None:
        raise Refused("upkeep.postgresql", where=store.where)
    path = store.file.path
    place = out / f"{path.stem}-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}" if out.is_dir() else out
    with store.read() as conn:
        schema = migrations.version(conn, store.where)
        rows = copies.copy(conn, place, store.where)
    return Copied(str(place), place.stat().st_size, schema, rows)


def drop_older(store: Store, folder: Path, keep: int, made: Path) -> list[Path]:
    """Delete the dated backups of a SQLite store in a folder but the newest ``keep`` (1 or more) up to the one just
    ``made``; returns which.

    Only what is named exactly as ``backup`` names it is one. What is dated later was named by a clock that went ahead: it
    is neither counted nor deleted. Raises Surroundings for what can't be deleted.
    """
    if store.file is None:
        raise Refused("upkeep.postgresql", where=store.where)
    path = store.file.path
    dated = re.compile(rf"{re.escape(path.stem)}-\d{{8}}-\d{{6}}{re.escape(path.suffix)}")
    before = sorted(
        one for one in folder.iterdir() if dated.fullmatch(one.name) and one.is_file() and one.name < made.name
    )
    older = before[: max(0, len(before) + 1 - keep)]
    for one in older:
        try:
            one.unlink()
        except OSError as error:
            raise Surroundings("upkeep.not_dropped", file=str(one), reason=error.strerror or str(error)) from error
    return older


@contextmanager
def _as_a_backup(file: Path) -> Iterator[None]:
    """What would be said of a store, said of the file that one is to be made of: another way out suits it."""
    if file.is_dir():
        raise Surroundings("upkeep.folder", file=str(file))
    try:
        yield
    except Surroundings as error:
        if error.key not in OF_A_STORE:
            raise
        raise Surroundings("upkeep.no_backup", file=str(file)) from error


def restore(file: Path, place: Path) -> Copied:
    """Make a store of a backup where there is none; it is brought to this program's schema when it is opened.

    Raises Refused where a store lies, where something of one is left, or a server still works on one that lay there;
    Surroundings for a file that is no sound store or is newer than this program.
    """
    require_not_served(place)
    with _as_a_backup(file):
        copies.counts(file)
    if place.exists():
        raise Refused("upkeep.place_taken", place=str(place))
    left = [path for end in BESIDE if (path := place.with_name(f"{place.name}{end}")).exists()]
    if left:
        raise Refused("upkeep.place_left", place=str(place), left="、".join(path.name for path in left))
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool)
    with _as_a_backup(file), translated(str(file)), engine.connect() as conn:  # without a pool nothing stays open
        schema = migrations.check(conn, str(file))
        if not schema:
            raise Refused("upkeep.nothing_in", file=str(file))
        rows = copies.copy(conn, place, str(file), seal=False)
    return Copied(str(place), place.stat().st_size, schema, rows)
