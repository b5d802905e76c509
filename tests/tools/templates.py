"""What is dear to make is made once a process: stores of a town, folders with what a few commands left in them."""

from __future__ import annotations

import functools
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Hashable
from contextlib import closing
from pathlib import Path

from analysis.publication import new_store
from survey.store import Store

#: goes with the process
_FOLDER = tempfile.TemporaryDirectory(prefix="xingfu-templates-")
_made: dict[Hashable, Path] = {}
_numbers = itertools.count()


def _place(key: Hashable) -> Path:
    """Where the template of this key is; a new place if there is none yet."""
    return _made.get(key, Path(_FOLDER.name) / str(next(_numbers)))


def empty_store(path: Path) -> Store:
    """A new store without anything in it."""
    place = _place("empty")
    if "empty" not in _made:
        Store.open(place, create=True).close()
        _made["empty"] = place
    shutil.copyfile(place, path)
    return Store.open(path)


def once(build: Callable[..., object]) -> Callable[..., Store]:
    """``build`` for new stores, which are given back.

    On SQLite it runs once a process for each set of arguments, on a store of its own, and every store gets a copy.
    """

    @functools.wraps(build)
    def built(store: Store, *arguments: Hashable, **named: Hashable) -> Store:
        if not store.on_sqlite:
            build(store, *arguments, **named)
            return store
        key = (build, arguments, tuple(sorted(named.items())))
        place = _place(key)
        if key not in _made:
            with closing(empty_store(place)) as own:
                build(own, *arguments, **named)
            _made[key] = place
        with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(store.where)) as target:
            assert target.execute("SELECT count(*) FROM audit").fetchone() == (0,), "only a new store can become a copy"
            target.execute("PRAGMA synchronous=OFF")
            source.backup(target)
        return store

    return built


#: a new store with the default scheme and questionnaire in it
initialised = once(new_store.initialise)


def folder(key: Hashable, here: Path, make: Callable[[], None]) -> None:
    """What ``make`` leaves in the empty folder ``here``: made there the first time, then copied."""
    place = _place(key)
    if key in _made:
        shutil.copytree(place, here, dirs_exist_ok=True)
        return
    make()
    shutil.copytree(here, place)
    _made[key] = place
