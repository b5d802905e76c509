"""Many papers into one archive outside of a request: how many of how many are made, gone on with after a reload, a kill or a restart.

Finished ones lie in a folder beside the store (in the system's own for what does not last, where nothing can be written there),
private, by who ordered them; they hold what the pages show that person, and go when something in the store is another.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

from analysis.exports.files import computed_at
from analysis.exports.packed.unfinished import Part, Through, mark_of, write_parts
from analysis.exports.workbook import program_version
from analysis.scoring.results import Results
from dashboard.data.files import ZIP, File
from dashboard.data.jobs import PATIENCE, Job, Jobs
from dashboard.web.access import person
from survey.core import limits
from survey.core.disk import refused_by_disk, write_file
from survey.core.errors import Refused, Surroundings
from survey.files.taking import taken_by
from survey.store import Store, audit, change_mark

#: the kind of job, and the file beside an archive that says how many papers it is of
_KIND, _TOLD = "papers", "order.json"


@dataclass(frozen=True)
class Order:
    """What one person wants in one archive: ``name`` of the file, ``parts`` makes the list of what is in it, ``through`` what goes
    with them; ``about`` is whatever the papers depend on beside the results and the store."""

    user: str
    name: str
    results: Results
    parts: Callable[[], list[Part]]
    about: tuple[object, ...]
    through: Through = iter


@dataclass(frozen=True)
class Packed:
    """``done`` of ``total`` papers are made (0 of 0: not begun); ``ready``: the archive is there; ``why`` the last run ended, by language."""

    done: int = 0
    total: int = 0
    running: bool = False
    ready: bool = False
    why: Mapping[str, str] = field(default_factory=dict)


def begin(jobs: Jobs, store: Store, order: Order) -> Job:
    """Have the archive made, or gone on with; once however often it is asked for.  What is done within a moment has ended."""
    folder = _folder(store, order)
    _forget_old(folder.parent)
    work = partial(copy_context().run, _make, folder, order)
    job = jobs.start(folder.name, _KIND, order.user, (time.monotonic_ns(),), [order.name], work)
    job.ended.wait(PATIENCE)
    return job


def state(jobs: Jobs, store: Store, order: Order) -> Packed:
    """How far it is."""
    folder = _folder(store, order)
    job = jobs.find(folder.name, _KIND, order.user)
    if job is not None and job.running:
        stage = job.lines[0].stage
        return Packed(stage.done if stage else 0, stage.total if stage else _told(folder), running=True)
    total = _told(folder)
    if total and (folder / order.name).is_file():
        return Packed(total, total, ready=True)
    return Packed(_finished(folder), total, why=dict(job.said) if job is not None else {})


def packed(store: Store, order: Order) -> File:
    """The archive; raises Refused where it is not made yet."""
    path = _folder(store, order) / order.name
    try:
        return order.name, path.read_bytes(), ZIP
    except FileNotFoundError:
        raise Refused("page_papers.not_made") from None
    except OSError as error:
        raise refused_by_disk(path, error) from error


def _make(folder: Path, order: Order, job: Job) -> None:
    with job.at(0), taken_by(person(order.user)):
        parts = order.parts()
        write_file(folder / _TOLD, json.dumps(len(parts)).encode(), private=True)
        mark = mark_of([order.results], program_version(), *order.about)
        write_parts(folder / order.name, parts, computed_at(order.results), mark, through=order.through)


def _folder(store: Store, order: Order) -> Path:
    """Where this order's archive lies: another folder as soon as anything is another that papers are made of."""
    with store.read() as conn:
        moved = change_mark.mark(conn)
    meta = order.results.meta
    told = (order.user, order.name, meta["data_version"], meta["computed_at"], moved, program_version(), *order.about)
    return _base(store) / sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:24]


def _base(store: Store) -> Path:
    if store.file is not None and not store.read_only:
        return store.file.path.with_name(f"{store.file.path.name}.papers")
    base = (
        Path(tempfile.gettempdir())
        / f"xingfu-papers-{audit.machine_user()}-{sha256(store.where.encode()).hexdigest()[:16]}"
    )
    with suppress(FileExistsError):
        base.mkdir(mode=0o700)
    if hasattr(os, "getuid") and (base.is_symlink() or base.stat().st_uid != os.getuid()):  # somebody else's
        raise Surroundings("disk.cannot_write", path=str(base), reason=os.strerror(errno.EACCES))
    return base


def _told(folder: Path) -> int:
    try:
        found = json.loads((folder / _TOLD).read_bytes())
    except (OSError, ValueError):
        return 0
    return found if isinstance(found, int) else 0


def _finished(folder: Path) -> int:
    return sum(1 for left in folder.glob(".*.unfinished") for one in left.iterdir() if one.name.isdecimal())


def _forget_old(base: Path) -> None:
    """Delete what nobody has gone on with for days."""
    for one in _folders(base):
        with suppress(OSError):
            newest = max((p.stat().st_mtime for p in (one, *one.iterdir())), default=0.0)
            if newest < time.time() - limits.PAPERS_DAYS * 86_400:
                shutil.rmtree(one, ignore_errors=True)


def _folders(base: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from [one for one in base.iterdir() if one.is_dir()]
